//! What is said of a finding.

/// A name, a title and an advice.
pub(super) type Said = (&'static str, String, &'static str);
