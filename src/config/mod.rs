//! What the user has set up: where a secret comes from, and what may become of it.

pub mod accounts;
pub mod folder;
pub mod netrc;
pub mod secret;
pub mod text;
pub mod words;
