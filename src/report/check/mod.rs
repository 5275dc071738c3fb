//! What `ehlo check` says: facts and findings, as text and as JSON.

mod json;
mod json_topics;
mod report;
mod text;

pub use json::render as json;
pub use report::CheckReport;
pub use text::{findings_alone as findings, render as text};
