//! What `ehlo probe` says: facts and findings, as text and as JSON.

mod json;
mod names;
mod offers;
mod report;
mod text;

pub use super::screen::Look;
pub use json::render as json;
pub use offers::keyword;
pub use report::ProbeReport;
pub use text::{findings_alone as findings, render as text};
