//! `ehlo queue`: messages that wait, and what became of them.

mod accounts;
mod onlooker;
pub mod place;
pub mod settings;
