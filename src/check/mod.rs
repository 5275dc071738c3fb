//! A domain's whole mail set-up: what the DNS, its web server and its mail servers say, and what is wrong with it.
//!
//! ```text
//!   gather     each topic asks for its own (through an Asker)   -> Facts
//!   judge      each topic is judged                             -> Finding { weight, what }, the weightiest first
//! ```
//!
//! A topic is two files: what is asked, the facts, and what can be wrong; and, in judge/, how much that matters. What nobody
//! could find out is a finding of its own ([`What::LookUp`]), and never counts as if there were nothing. Words for it all
//! are in `words`.

mod asker;
mod client;
mod dkim;
mod dmarc;
mod facts;
mod finding;
mod gather;
mod hosts;
mod judge;
mod mail;
mod message;
mod mta_sts;
mod rules;
mod spf;
mod tls_reports;

pub use asker::{Asker, Failed};
pub use client::{Client, ClientFault, Listed};
pub use dkim::{DkimFault, KeyFound, State, described};
pub use dmarc::DmarcFault;
pub use facts::Facts;
pub use finding::{Demanded, Finding, What};
pub use gather::gather;
pub use hosts::{HostFault, Talk, matches};
pub use judge::findings;
pub use mail::MailFault;
pub use message::{MessageFacts, MessageFault, NotJudged, Wanted};
pub use mta_sts::{MtaStsFault, MtaStsState};
pub use rules::Rules;
pub use spf::{SpfFault, SpfState};
pub use tls_reports::ReportsFault;
