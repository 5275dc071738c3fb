//! TLSRPT (RFC 8460): what became of TLS with the mail servers of other domains, noted line by line, and made into reports
//! for the owners of those domains.
//!
//! ```text
//!   Plan, Outcome  --sessions-->  Line, one for each session or fault  --a file-->  Line
//!                                                                                    v
//!   Report, one for each domain and day  <----------------------------------------  Tally
//!    v          v
//!   name       mail, to those whom the domain's record names
//! ```
//!
//! No file is opened here and nothing is looked up: that is for `app`.

mod day;
mod line;
mod mail;
mod name;
mod record;
mod result;
mod sessions;
mod tally;
mod whole;

pub use day::Day;
pub use line::{LONGEST, Line, Moment};
pub use mail::{Letter, compose};
pub use name::Submitter;
pub use record::{Rua, rua};
pub use sessions::{of_outcome, of_plan};
pub use tally::Tally;
pub use whole::{Author, Report};
