//! A message as a program hands it over to sendmail(8), made fit for the queue: who gets it, who it is from, and a
//! header section that is whole.
//!
//! Nothing is lost for being odd. What cannot be read is left as it is, and told ([`Remark`]); only a message that
//! has nobody to go to, or a recipient on the command line who is no address, is refused.

mod field;
mod fields;
mod head;
pub mod lines;
pub mod people;
mod sender;
mod wishes;

pub use people::with_domain;
pub use sender::read as read_sender;
pub use wishes::{FromRule, LONGEST_HEAD, Refusal, Remark, Wishes};

use crate::message::blind::is_blind;
use crate::message::scan::Scan;
use crate::message::source::Source;
use ehlo_smtp::content::{Content, Facts};
use head::{Head, RawField};
use std::collections::HashSet;
use std::io;

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

/// A message of which the header section was read.
#[derive(Debug)]
pub struct Opened {
    source: Source,
    head: Head,
}

/// Opens a message whose lines end in LF ([`lines::Lines`]).
///
/// # Errors
/// [`Refusal`]: nothing is to be queued.
pub fn open(source: Source) -> Result<Opened, Refusal> {
    let head = head_of(&source)?;
    Ok(Opened { source, head })
}

/// Whom the header of a message names as the author.
///
/// # Errors
/// As for [`open`].
pub fn author(source: &Source) -> Result<Option<String>, Refusal> {
    Ok(author_in(&head_of(source)?))
}

fn author_in(head: &Head) -> Option<String> {
    people::list(&head.first("From")?.value()).addresses.into_iter().next()
}

fn head_of(source: &Source) -> Result<Head, Refusal> {
    let start = source.read_start(LONGEST_HEAD as u64 + 1).map_err(Refusal::Read)?;
    let is_all = start.len() as u64 == source.len();
    let head = head::read(&start, lines::front(&start), is_all);
    if head.is_cut { Err(Refusal::HeadTooLong) } else { Ok(head) }
}

impl Opened {
    /// Whom the header names as the author, as far as it can be read: it may decide about the account.
    #[must_use]
    pub fn author(&self) -> Option<String> {
        author_in(&self.head)
    }

    /// Puts it in order.
    ///
    /// # Errors
    /// [`Refusal`]: nothing is to be queued.
    pub fn take(self, wishes: &Wishes<'_>) -> Result<Taken, Refusal> {
        let Opened { source, mut head } = self;
        let mut remarks = Vec::new();
        let (recipients, origins) = recipients(&head, wishes, &mut remarks)?;
        let sender = sender::of(wishes, &mut remarks);
        let mut bare: Vec<&String> = [&sender.path].into_iter().chain(&recipients).collect();
        bare.retain(|name| {
            !name.is_empty() && !name.contains('@') && !name.eq_ignore_ascii_case("postmaster")
        });
        let mut told = HashSet::new();
        bare.retain(|name| told.insert(*name));
        remarks.extend(bare.into_iter().map(|name| Remark::NoDomain(name.clone())));
        head.fields.retain(|field| !is_blind(field.name.as_bytes()));
        fields::put_in_order(&mut head, wishes);
        let (mut octets, message_id) = fields::missing_fields(&head, &sender.author, wishes);
        head.fields.iter().for_each(|field| octets.extend_from_slice(&field.octets));
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
        let facts = Facts { octets: scan.size(), eight_bit: scan.eight_bit(), utf8_headers: is_utf8_head };
        Ok(Taken {
            sender: sender.path,
            recipients,
            origins,
            content: Whole { head: octets, source, text, facts },
            message_id,
            remarks,
        })
    }
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
            if !people::is_readable(&address) {
                remarks.push(Remark::Unread { field: "the recipients".to_owned(), member: address });
            } else if known.insert(people::key(&address)) {
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
    let mut addresses = Vec::new();
    for target in wishes.aliases.expand(name, &mut not_followed) {
        if target == name {
            addresses.push(target);
            continue;
        }
        let found = people::list(&target);
        addresses.extend(found.addresses);
        let unread = found.unread.into_iter();
        remarks.extend(unread.map(|target| Remark::AliasTarget { name: name.to_owned(), target }));
    }
    remarks.extend(not_followed.into_iter().map(Remark::Alias));
    if addresses.is_empty() {
        addresses.push(name.to_owned());
    }
    addresses.into_iter().map(|name| with_domain(&name, wishes.domain)).collect()
}

#[cfg(test)]
mod tests;
