//! What the user has set up: for now, where a secret comes from, and what may become of it.

pub mod secret;
