//! The protocol: no sockets, clocks, files or printing in here.

pub mod content;
pub mod path;
