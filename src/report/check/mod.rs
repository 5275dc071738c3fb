//! What `ehlo check` says: facts and findings, as text and as JSON.

mod report;
mod text;

pub use report::CheckReport;
pub use text::{findings_alone as findings, render as text};
