//! What `ehlo probe` says: facts and findings, as text and as JSON.

mod json;
mod names;
mod offers;
mod report;
mod screen;
mod text;

pub use json::render as json;
pub use offers::keyword;
pub use report::ProbeReport;
pub use screen::Look;
pub use text::{findings_alone as findings, render as text};
