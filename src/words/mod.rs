//! What the rooms below know as data, said in English: one sentence for each error, with what to do and the
//! flag that does it. The only room below `app` and `cli` that names flags.

mod awaiting;
mod client;
pub mod delivery;
mod failure;
mod hint;
mod hint_tls;

pub use awaiting::{anew, awaiting, drop_point, stage};
pub use client::client_error;
pub use failure::{eight_bit_files, failure};
pub use hint::{SILENT, hint};
