//! What was handed over: envelope and content, as they are kept in a file. It never changes.
//!
//! ```text
//! ehlo-queue 1
//! id 1NGT5M0QX4K7C
//! created 1796000000+4711@3f2a9c01
//! ...
//! rcpt <smith@example.org> NOTIFY=FAILURE
//! content 00000000000000004096 crc32c 1a2b3c4d
//! sum 5e6f7a8b
//!
//! From: ...
//! ```
//!
//! A line is a name, a blank, and a value without control characters. One whose name is not known is passed over:
//! a later version may have put it there. `sum` is the CRC-32C of all octets before its line.

mod text;

pub use text::{decode, encode};

use super::id::Id;
use super::moment::Moment;
use ehlo_smtp::content::Facts;
use ehlo_smtp::envelope::{self, Envelope};
use ehlo_smtp::failure::Need;
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, ReversePath};
use std::time::Duration;

/// What becomes of a message of which nobody knows whether it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnUnknown {
    /// It is sent again, with the same Message-ID: it may arrive twice (RFC 5321, section 3.8).
    #[default]
    Retry,
    /// It waits until somebody decides: it may not have arrived.
    Hold,
}

impl OnUnknown {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OnUnknown::Retry => "retry",
            OnUnknown::Hold => "hold",
        }
    }
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address, without angle brackets. A name without a domain gets one when it is sent.
    pub address: String,
    /// What is added to their RCPT.
    pub parameters: Vec<Parameter>,
}

/// A message that is handed over, but for its content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submission {
    /// The program that hands it over: `sendmail`, `send`, `notice`.
    pub tool: String,
    /// The account that was named or chosen; none where that is left to the runner.
    pub account: Option<String>,
    /// What is to be done when nobody knows whether it arrived; none where the account, or the configuration,
    /// decides.
    pub on_unknown: Option<OnUnknown>,
    /// The reverse-path, without angle brackets; empty for the null one. A name without a domain gets one when it
    /// is sent.
    pub sender: String,
    /// What is added to MAIL.
    pub mail: Vec<Parameter>,
    /// What the server must offer.
    pub demands: Vec<Need>,
    /// To whom, at least one.
    pub recipients: Vec<Recipient>,
    /// The Message-ID, with its brackets.
    pub message_id: Option<String>,
    /// Why nobody is to send it before it is released, if so.
    pub held: Option<String>,
    /// The message that this one is a notice about.
    pub notice_of: Option<Id>,
    /// The identifier that it is to have; one is made where there is none. A message that is there already is
    /// taken for the same one.
    pub id: Option<Id>,
    /// Whoever hands it over made its identifier, and may hand it over once more: it is known for a while after it
    /// has left the queue ([`REMEMBERED`]).
    pub remembered: bool,
    /// It was looked at when it was taken whether its user may send by its account.
    pub permitted: bool,
    /// It is signed as its sender asked for: nobody signs it again when it is sent.
    pub signed: bool,
    /// The user and the process that hand it over, where those are not this process and its user. They are kept in
    /// [`Entry::uid`] and [`Entry::pid`].
    pub by: Option<(u32, u32)>,
}

/// How long a message is known that has left the queue, if it is to be: longer than anybody tries to hand it over.
pub const REMEMBERED: Duration = Duration::from_secs(120);

/// A message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its identifier.
    pub id: Id,
    /// When it was handed over.
    pub created: Moment,
    /// By which user.
    pub uid: u32,
    /// By which process.
    pub pid: u32,
    /// What is known of the content.
    pub facts: Facts,
    /// All that was handed over with it.
    pub submission: Submission,
}

/// An address that has no domain, and none is known that it could get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoDomain(pub String);

impl Submission {
    /// The envelope for these recipients, by their places. A name without a domain gets this one.
    ///
    /// # Errors
    /// The first name that gets none. An address that cannot be read, which was checked before, is one too.
    pub fn envelope(&self, places: &[usize], domain: Option<&Domain>) -> Result<Envelope, NoDomain> {
        let reverse_path = match self.sender.as_str() {
            "" => ReversePath::Null,
            sender => ReversePath::Mailbox(mailbox(sender, domain)?),
        };
        let recipient = |place: &usize| {
            let Some(given) = self.recipients.get(*place) else { return Err(NoDomain(String::new())) };
            let path = match given.address.eq_ignore_ascii_case("postmaster") && domain.is_none() {
                true => ForwardPath::Postmaster,
                false => ForwardPath::Mailbox(mailbox(&given.address, domain)?),
            };
            Ok(envelope::Recipient { path, parameters: given.parameters.clone() })
        };
        Ok(Envelope {
            reverse_path,
            mail_parameters: self.mail.clone(),
            demands: self.demands.clone(),
            only_offered: true,
            recipients: places.iter().map(recipient).collect::<Result<_, _>>()?,
        })
    }
}

/// The mailbox of an address, or of a name with this domain.
fn mailbox(address: &str, domain: Option<&Domain>) -> Result<Mailbox, NoDomain> {
    let none = || NoDomain(address.to_owned());
    let read = Mailbox::parse(address);
    match (read, domain) {
        (Ok(mailbox), _) => Ok(mailbox),
        (Err(_), Some(domain)) => Mailbox::new(address, domain.clone()).map_err(|_| none()),
        (Err(_), None) => Err(none()),
    }
}

/// Where the content of a file begins, how long it is, and its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The first octet of the content.
    pub begins: u64,
    /// Its octets, as they are in the file.
    pub length: u64,
    /// Their CRC-32C.
    pub sum: u32,
}
