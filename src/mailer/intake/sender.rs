//! Who sends a message: its reverse-path, and whom a From names that is made.

use super::people;
use super::wishes::{Remark, Wishes};

/// Who sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The reverse-path, without brackets; empty for the null one.
    pub path: String,
    /// Whom the header names, even where the reverse-path is null.
    pub author: String,
}

/// The address or name in what a caller gives for the sender, empty for the null reverse-path; nothing where it is not
/// one address.
#[must_use]
pub fn read(named: &str) -> Option<String> {
    if named.is_empty() {
        return Some(String::new());
    }
    let found = people::list(named);
    let is_one = found.unread.is_empty() && found.addresses.len() == 1;
    found.addresses.into_iter().next().filter(|_| is_one)
}

/// The sender of a message. It is no reason to lose one: what is not an address is told, and the user counts.
pub fn of(wishes: &Wishes<'_>, remarks: &mut Vec<Remark>) -> Sender {
    let named = wishes.sender.and_then(read);
    let is_null = named.as_deref() == Some("");
    let author = qualified(named.as_deref().filter(|named| !named.is_empty()).unwrap_or(wishes.user), wishes);
    let path = match wishes.address.filter(|_| wishes.sender_is_accounts) {
        _ if is_null => String::new(),
        Some(address) => address.to_string(),
        None => author.clone(),
    };
    if let Some(text) = wishes.sender.filter(|_| named.is_none()) {
        remarks.push(Remark::Sender { named: text.to_owned(), taken: path.clone() });
    }
    Sender { path, author }
}

/// A sender with a domain. Where none is known for a name, the account's address is better than to wait for one.
fn qualified(name: &str, wishes: &Wishes<'_>) -> String {
    let own = wishes.address.filter(|_| wishes.domain.is_none() && !name.contains('@'));
    let found = own.map_or_else(|| people::with_domain(name, wishes.domain), ToString::to_string);
    // Somebody is there for every domain (RFC 5321, section 4.5.1).
    if people::is_readable(&found) { found } else { people::with_domain("postmaster", wishes.domain) }
}
