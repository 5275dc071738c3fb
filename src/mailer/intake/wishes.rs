//! What a program asks for with a message, why it is refused, and what is remarked about it.

use crate::mailer::aliases::{Aliases, NotFollowed};
use ehlo_smtp::path::{Domain, Mailbox};
use std::io;

/// The longest header section that is taken, in octets.
pub const LONGEST_HEAD: usize = 4 << 20;

/// What becomes of From.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FromRule {
    /// It stays.
    Keep,
    /// Names without a domain get one.
    #[default]
    Qualify,
    /// It becomes the account's address, and Reply-To has the old one.
    Replace,
}

/// What a program asks for, and how this machine is set up.
#[derive(Debug)]
pub struct Wishes<'a> {
    /// To, Cc and Bcc name recipients (`-t`).
    pub from_header: bool,
    /// The recipients on the command line, each perhaps a list.
    pub recipients: &'a [&'a str],
    /// The reverse-path, empty for the null one (`-f`).
    pub sender: Option<&'a str>,
    /// The sender's name, for a From that is missing (`-F`).
    pub full_name: Option<&'a str>,
    /// Who calls, without a domain.
    pub user: &'a str,
    /// The domain of names that have none.
    pub domain: Option<&'a Domain>,
    /// What this host is called.
    pub host: &'a str,
    /// What becomes of From.
    pub from: FromRule,
    /// The account's address.
    pub address: Option<&'a Mailbox>,
    /// The reverse-path is the account's address.
    pub sender_is_accounts: bool,
    /// Whom names stand for.
    pub aliases: &'a Aliases,
}

/// Why a message is not taken.
#[derive(Debug)]
pub enum Refusal {
    /// Nobody is to get it.
    NoRecipient,
    /// This is not an address.
    Address(String),
    /// The header section is longer than [`LONGEST_HEAD`].
    HeadTooLong,
    /// It cannot be read.
    Read(io::Error),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NoRecipient => f.write_str("there is no recipient"),
            Refusal::Address(text) => write!(f, "'{text}' is not an address"),
            Refusal::HeadTooLong => write!(f, "the header section has more than {LONGEST_HEAD} octets"),
            Refusal::Read(_) => f.write_str("the message cannot be read"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refusal::Read(error) => Some(error),
            _ => None,
        }
    }
}

/// Something that was not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// An alias names something that is not followed.
    Alias(NotFollowed),
    /// An alias names something that is not an address.
    AliasTarget {
        /// The alias.
        name: String,
        /// What it names.
        target: String,
    },
    /// The sender that was named is not an address.
    Sender {
        /// What was named.
        named: String,
        /// The reverse-path that it gets instead.
        taken: String,
    },
    /// A member of this field cannot be read as an address.
    Unread {
        /// The field.
        field: String,
        /// The member.
        member: String,
    },
    /// This name has no domain, and none is known that it could get: it waits.
    NoDomain(String),
}
