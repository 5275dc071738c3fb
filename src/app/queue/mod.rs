//! `ehlo queue`: messages that wait, and what became of them.

pub mod place;
pub mod settings;
