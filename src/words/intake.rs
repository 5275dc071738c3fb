//! What is said of a message that a program hands over: what was not as it should be, and why it is not taken.

use crate::mailer::aliases::NotFollowed;
use crate::mailer::intake::{Refusal, Remark};
use crate::net::error::plain;

/// Something that was not as it should be, in one line.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Alias(NotFollowed::Target { name, target }) => {
            format!("the alias {name} names {target}, which is left out: only addresses and names count here")
        }
        Remark::Alias(NotFollowed::TooMany(name)) => {
            format!("the alias {name} comes to more than 1000 addresses: the rest is left out")
        }
        Remark::AliasTarget { name, target } => {
            format!("the alias {name} names '{target}', which is not an address, and is left out")
        }
        Remark::Sender { named, taken } => {
            format!("the sender '{named}' is not an address: it is '{taken}' instead")
        }
        Remark::Unread { field, member } => {
            format!("'{member}' in {field} is not an address, and is left out")
        }
        Remark::NoDomain(name) => format!(
            "'{name}' has no domain, so its message waits: set 'domain' in the table sendmail of config.toml, or an alias"
        ),
    }
}

/// Why it is not taken, in one line.
#[must_use]
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoRecipient => format!("{refusal}: name one on the command line, or in the header with -t"),
        Refusal::Read(error) => format!("{refusal}: {}", plain(error)),
        refusal => refusal.to_string(),
    }
}
