//! A message as a program hands it over to sendmail(8), made fit for the queue: who gets it, who it is from, and a
//! header section that is whole.
//!
//! Nothing is lost for being odd. What cannot be read is left as it is, and told ([`Remark`]); only a message that
//! has nobody to go to, or an address on the command line that is none, is refused.

mod field;
mod head;
pub mod lines;
mod people;

use super::aliases::{Aliases, NotFollowed};
use crate::message::address::Address;
use crate::message::compose::missing;
use crate::message::header::Header;
use crate::message::phrases::quoted;
use crate::message::scan::Scan;
use crate::message::source::Source;
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::path::{Domain, Mailbox};
use head::{Head, RawField, is_blind};
use std::collections::HashSet;
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
    pub recipients: &'a [String],
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
    pub address: Option<&'a str>,
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

/// A message that is fit for the queue.
#[derive(Debug)]
pub struct Taken {
    /// The reverse-path, without brackets; empty for the null one.
    pub sender: String,
    /// To whom, each once: addresses, and names without a domain.
    pub recipients: Vec<String>,
    /// Which of the recipients that were named each of these stands for, by its place; none of those in the header.
    pub origins: Vec<Option<usize>>,
    /// The content.
    pub content: Whole,
    /// Its Message-ID, with its brackets.
    pub message_id: Option<String>,
    /// What was not as it should be.
    pub remarks: Vec<Remark>,
}

/// A header section of ours, and a text that stays where it was.
#[derive(Debug)]
pub struct Whole {
    head: Vec<u8>,
    source: Source,
    /// The parts of the source that make up the text.
    text: Vec<(u64, u64)>,
    facts: Facts,
}

impl Content for Whole {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self.head)?;
        for (from, to) in &self.text {
            self.source.read_pieces(*from, *to, &mut |piece| out.write_all(piece))?;
        }
        Ok(())
    }
}

/// Takes a message whose lines end in LF ([`lines::Lines`]).
///
/// # Errors
/// [`Refusal`]: nothing is to be queued.
pub fn take(source: Source, wishes: &Wishes<'_>) -> Result<Taken, Refusal> {
    let start = source.read_start(LONGEST_HEAD as u64 + 1).map_err(Refusal::Read)?;
    let is_all = start.len() as u64 == source.len();
    let mut head = head::read(&start, lines::front(&start), is_all);
    if head.is_cut {
        return Err(Refusal::HeadTooLong);
    }
    drop(start);
    let mut remarks = Vec::new();
    let (recipients, origins) = recipients(&head, wishes, &mut remarks)?;
    let sender = sender(wishes)?;
    let mut bare: Vec<&String> = [&sender].into_iter().chain(&recipients).collect();
    bare.retain(|name| !name.is_empty() && !name.contains('@') && !name.eq_ignore_ascii_case("postmaster"));
    let mut told = HashSet::new();
    bare.retain(|name| told.insert(*name));
    remarks.extend(bare.into_iter().map(|name| Remark::NoDomain(name.clone())));
    head.fields.retain(|field| !is_blind(&field.name));
    put_in_order(&mut head, wishes);
    let mut octets: Vec<u8> = Vec::new();
    head.fields.iter().for_each(|field| octets.extend_from_slice(&field.octets));
    let own = missing_fields(&octets, wishes);
    octets.splice(0..0, own);
    let message_id = Header::parse(&octets).ok().and_then(|header| header.message_id());
    let is_utf8_head = !octets.is_ascii() && std::str::from_utf8(&octets).is_ok();
    octets.push(b'\n');
    let text = parts(&head, source.len());
    let mut scan = Scan::default();
    scan.take(&octets);
    for (from, to) in &text {
        let look = &mut |piece: &[u8]| {
            scan.take(piece);
            Ok(())
        };
        source.read_pieces(*from, *to, look).map_err(Refusal::Read)?;
    }
    scan.finish();
    let facts = Facts {
        octets: scan.octets_with_crlf() + if scan.is_open() { 2 } else { 0 },
        eight_bit: scan.eight_bit(),
        utf8_headers: is_utf8_head,
    };
    Ok(Taken {
        sender,
        recipients,
        origins,
        content: Whole { head: octets, source, text, facts },
        message_id,
        remarks,
    })
}

/// Whom the header names as the author, as far as it can be read: it may decide about the account.
#[must_use]
pub fn author(source: &Source) -> Option<String> {
    let start = source.read_start(64 * 1024).ok()?;
    let head = head::read(&start, lines::front(&start), false);
    people::list(&head.first("From")?.value()).addresses.into_iter().next()
}

/// The text without what is left out of it.
fn parts(head: &Head, length: u64) -> Vec<(u64, u64)> {
    let mut parts = Vec::new();
    let mut at = head.text as u64;
    for (from, to) in &head.left_out {
        parts.push((at, *from as u64));
        at = *to as u64;
    }
    parts.push((at, length));
    parts.retain(|(from, to)| from < to);
    parts
}

/// Who gets it.
fn recipients(
    head: &Head,
    wishes: &Wishes<'_>,
    remarks: &mut Vec<Remark>,
) -> Result<(Vec<String>, Vec<Option<usize>>), Refusal> {
    let mut named = Vec::new();
    for (place, operand) in wishes.recipients.iter().enumerate() {
        let found = people::list(operand);
        if let Some(unread) = found.unread.into_iter().next() {
            return Err(Refusal::Address(unread));
        }
        named.extend(found.addresses.into_iter().map(|name| (name, Some(place))));
    }
    if wishes.from_header {
        let resent = head.resent();
        let (fields, prefix): (Vec<&RawField>, _) = match resent.is_empty() {
            true => (head.fields.iter().collect(), ""),
            false => (resent, "Resent-"),
        };
        let names = ["To", "Cc", "Bcc"].map(|name| format!("{prefix}{name}"));
        for field in fields.into_iter().filter(|field| names.iter().any(|name| field.is(name))) {
            let found = people::list(&field.value());
            named.extend(found.addresses.into_iter().map(|name| (name, None)));
            let unread = found.unread.into_iter();
            remarks.extend(unread.map(|member| Remark::Unread { field: field.name.clone(), member }));
        }
    }
    let (mut recipients, mut origins) = (Vec::new(), Vec::new());
    let mut known = HashSet::new();
    for (name, origin) in named {
        for address in resolved(&name, wishes, remarks) {
            if known.insert(mailbox_key(&address)) {
                recipients.push(address);
                origins.push(origin);
            }
        }
    }
    if recipients.is_empty() { Err(Refusal::NoRecipient) } else { Ok((recipients, origins)) }
}

/// Whom an address or a name stands for. Nobody is lost: a name whose aliases lead nowhere stands for itself.
fn resolved(name: &str, wishes: &Wishes<'_>, remarks: &mut Vec<Remark>) -> Vec<String> {
    if name.contains('@') {
        return vec![name.to_owned()];
    }
    let mut not_followed = Vec::new();
    let mut found = wishes.aliases.expand(name, &mut not_followed);
    remarks.extend(not_followed.into_iter().map(Remark::Alias));
    let found_all: Vec<String> = found.drain(..).flat_map(|target| people::list(&target).addresses).collect();
    let found_all = if found_all.is_empty() { vec![name.to_owned()] } else { found_all };
    found_all.into_iter().map(|name| with_domain(&name, wishes.domain)).collect()
}

/// A name with its domain, where there is one.
#[must_use]
pub fn with_domain(name: &str, domain: Option<&Domain>) -> String {
    match domain.filter(|_| !name.is_empty() && !name.contains('@')) {
        Some(domain) => {
            Mailbox::new(name, domain.clone()).map_or_else(|_| name.to_owned(), |one| one.to_string())
        }
        None => name.to_owned(),
    }
}

/// What addresses of the same mailbox have in common (RFC 5321, section 2.4).
fn mailbox_key(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => address.to_owned(),
    }
}

/// The reverse-path.
fn sender(wishes: &Wishes<'_>) -> Result<String, Refusal> {
    if wishes.sender_is_accounts
        && wishes.sender != Some("")
        && let Some(address) = wishes.address
    {
        return Ok(address.to_owned());
    }
    let named = match wishes.sender {
        Some("") => return Ok(String::new()),
        Some(named) => named,
        // A name of passwd(5) is a name, whatever it looks like.
        None => return Ok(of_a_sender(wishes.user, wishes)),
    };
    let found = people::list(named);
    match (found.addresses.as_slice(), found.unread.as_slice()) {
        ([one], []) => Ok(of_a_sender(one, wishes)),
        _ => Err(Refusal::Address(named.to_owned())),
    }
}

/// A sender's address. Where no domain is known for a name, the account's address is better than to wait for one.
fn of_a_sender(name: &str, wishes: &Wishes<'_>) -> String {
    match wishes.address.filter(|_| wishes.domain.is_none() && !name.contains('@')) {
        Some(address) => address.to_owned(),
        None => with_domain(name, wishes.domain),
    }
}

/// Names in the header get their domain, and From is replaced where that is asked.
fn put_in_order(head: &mut Head, wishes: &Wishes<'_>) {
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
    let new = RawField::new("From", &format!("{} <{address}>", quoted(&shown(&old, wishes.host))));
    if people::list(&old).addresses.iter().any(|one| mailbox_key(one) == mailbox_key(address)) {
        return;
    }
    let reply_to = (head.first("Reply-To").is_none()).then(|| RawField::new("Reply-To", old.trim()));
    let both = [Some(new), reply_to];
    head.fields.splice(at..=at, both.into_iter().flatten());
}

/// How a sender is shown whose address is replaced: `root on host (Cron Daemon)`.
fn shown(old: &str, host: &str) -> String {
    let domain = Domain::parse("no-domain.invalid").ok();
    let list = crate::message::address::read_list(old, domain.as_ref());
    let Some(Address { name, path }) = list.ok().and_then(|list| list.addresses.into_iter().next()) else {
        return host.to_owned();
    };
    let address = path.to_string();
    let (local, at) = address.rsplit_once('@').unwrap_or((&address, host));
    let at = if at == "no-domain.invalid" { host } else { at };
    let comment =
        old.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map(|(text, _)| text.to_owned());
    match name.or(comment) {
        Some(name) => format!("{local} on {at} ({name})"),
        None => format!("{local} on {at}"),
    }
}

/// From, Date and Message-ID, where they are missing.
fn missing_fields(head: &[u8], wishes: &Wishes<'_>) -> Vec<u8> {
    let address = match wishes.address.filter(|_| wishes.from == FromRule::Replace) {
        Some(address) => address.to_owned(),
        // The header has a sender even where the reverse-path is null.
        None => {
            let named = people::list(wishes.sender.unwrap_or_default()).addresses.into_iter().next();
            of_a_sender(named.as_deref().unwrap_or(wishes.user), wishes)
        }
    };
    let of_host = || Mailbox::new(&address, Domain::parse(wishes.host).ok()?).ok();
    let mailbox = if address.contains('@') { Mailbox::parse(&address).ok() } else { of_host() };
    let from = mailbox.map(|mailbox| Address {
        name: wishes.full_name.map(str::to_owned).filter(|name| !name.chars().any(char::is_control)),
        ..Address::new(mailbox)
    });
    let Ok(header) = Header::parse(&[head, b"\n"].concat()) else { return Vec::new() };
    let lines = missing(&header, from.as_ref(), None, None).unwrap_or_default();
    // Lines end in LF here.
    lines.into_iter().filter(|octet| *octet != b'\r').collect()
}

#[cfg(test)]
mod tests;
