//! stub
use crate::spool::SpoolError;
/// stub
pub fn error(error: &SpoolError) -> String {
    error.to_string()
}
