//! The fields that are put in order: names get a domain, From is replaced where the account asks for it, and Date, From
//! and Message-ID are added where they are missing (RFC 5322, section 3.6; RFC 6409, section 8).

use super::head::{Head, RawField};
use super::people;
use super::wishes::{FromRule, Wishes};
use crate::message::address::{Address, read_list};
use crate::message::compose::missing;
use crate::message::header::Header;
use crate::message::phrases::quoted;
use ehlo_smtp::path::{Domain, Mailbox};

/// The longest field that is looked into, in octets. What is longer counts as there, and nothing is read in it.
const LONGEST_FIELD: usize = 64 * 1024;

/// Names in the header get their domain, and From is replaced where that is asked.
pub fn put_in_order(head: &mut Head, wishes: &Wishes<'_>) {
    const LISTS: [&str; 5] = ["From", "Sender", "Reply-To", "To", "Cc"];
    if let Some(domain) = wishes.domain.filter(|_| wishes.from != FromRule::Keep) {
        for field in head.fields.iter_mut().filter(|field| LISTS.iter().any(|name| field.is(name))) {
            // What is not UTF-8 is not touched.
            let Ok(text) = std::str::from_utf8(&field.octets) else { continue };
            let Some((name, value)) = text.split_once(':') else { continue };
            let qualified = people::qualified(value.trim_end_matches('\n'), domain);
            field.octets = format!("{name}:{qualified}\n").into_bytes();
        }
    }
    let Some(address) = wishes.address.filter(|_| wishes.from == FromRule::Replace) else { return };
    let Some(at) = head.fields.iter().position(|field| field.is("From")) else { return };
    let Some(old) = head.fields.get(at).map(RawField::value) else { return };
    let new = RawField::new("From", &format!("{} <{address:#}>", quoted(&shown(&old, wishes.host))));
    let own = people::key(&address.to_string());
    if people::list(&old).addresses.iter().any(|one| people::key(one) == own) {
        return;
    }
    let reply_to = (head.first("Reply-To").is_none()).then(|| RawField::new("Reply-To", old.trim()));
    let both = [Some(new), reply_to];
    head.fields.splice(at..=at, both.into_iter().flatten());
}

/// How a sender is shown whose address is replaced: `root on host (Cron Daemon)`.
fn shown(old: &str, host: &str) -> String {
    let domain = Domain::parse(people::NOWHERE).ok();
    let list = read_list(old, domain.as_ref());
    let Some(Address { name, path }) = list.ok().and_then(|list| list.addresses.into_iter().next()) else {
        return host.to_owned();
    };
    let address = path.to_string();
    let (local, at) = address.rsplit_once('@').unwrap_or((&address, host));
    let at = if at == people::NOWHERE { host } else { at };
    let comment =
        old.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map(|(text, _)| text.to_owned());
    match name.or(comment) {
        Some(name) => format!("{local} on {at} ({name})"),
        None => format!("{local} on {at}"),
    }
}

/// From, Date and Message-ID, where they are missing, and the Message-ID that there is then. A From that is made names
/// `author`.
pub fn missing_fields(head: &Head, author: &str, wishes: &Wishes<'_>) -> (Vec<u8>, Option<String>) {
    // Only these count. All others together may be longer than what is read of a header.
    let names = ["From", "Sender", "Date", "Message-ID"];
    let mut known: Vec<u8> = Vec::new();
    for field in names.iter().filter_map(|name| head.first(name)) {
        match field.octets.len() {
            0..=LONGEST_FIELD => known.extend_from_slice(&field.octets),
            _ => known.extend_from_slice(format!("{}:\n", field.name).as_bytes()),
        }
    }
    let own = made(&known, author_of(author, wishes).as_ref(), wishes);
    known.splice(0..0, own.iter().copied());
    let message_id = header(&known).and_then(|header| header.message_id());
    (own, message_id)
}

fn header(fields: &[u8]) -> Option<Header> {
    Header::parse(&[fields, b"\n"].concat()).ok()
}

/// Whom a From names that is made.
fn author_of(author: &str, wishes: &Wishes<'_>) -> Option<Mailbox> {
    match wishes.address.filter(|_| wishes.from == FromRule::Replace) {
        Some(address) => Some(address.clone()),
        None => Mailbox::parse(author).or_else(|_| Mailbox::new(author, Domain::parse(wishes.host)?)).ok(),
    }
}

/// The fields that are missing. A name that cannot be written is left out, and then From, for the sake of the others.
fn made(known: &[u8], author: Option<&Mailbox>, wishes: &Wishes<'_>) -> Vec<u8> {
    let name = wishes.full_name.map(without_controls).filter(|name| !name.is_empty());
    let from = |name: Option<String>| author.map(|mailbox| Address { name, ..Address::new(mailbox.clone()) });
    let with =
        |fields: &[u8], from: Option<Address>| missing(&header(fields)?, from.as_ref(), None, None).ok();
    let made = with(known, from(name))
        .or_else(|| with(known, from(None)))
        .or_else(|| with(&[b"From:\n", known].concat(), from(None)))
        .unwrap_or_default();
    // Lines end in LF here.
    made.into_iter().filter(|octet| *octet != b'\r').collect()
}

/// A name as it can stand in a field.
fn without_controls(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
