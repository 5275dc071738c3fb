//! What is told of the work, and how: as text, as JSON, and by an exit status. The outcome itself is
//! [`crate::delivery`]'s, the sentences are [`crate::words`]'.

pub mod check;
mod complaint;
pub mod dkim;
pub mod exit;
pub mod explanation;
mod findings;
pub mod json;
pub mod own_status;
pub mod probe;
pub mod queue;
pub mod run;
mod screen;
pub mod text;
pub mod tlsrpt;
pub mod transcript;
mod whole;
pub mod width;
mod written;

pub use complaint::Complaint;
pub use whole::{Report, Skipped};
