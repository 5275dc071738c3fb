//! An entry as the lines in front of its content, and back.

use super::{Entry, Layout, OnUnknown, Recipient, Submission};
use crate::spool::error::Damage;
use crate::spool::id::Id;
use crate::spool::line::{Seal, escape, hexadecimal, put, seal, unescape, unseal};
use crate::spool::moment::Moment;
use ehlo_smtp::content::Facts;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::Need;
use ehlo_smtp::parameter::Parameter;
use std::fmt::Write as _;
use std::str::FromStr;

/// What the first line begins with; the version follows.
const MAGIC: &str = "ehlo-queue ";
/// The version that is written.
const VERSION: u32 = 1;

/// Writes an entry, up to where the content begins. With a length and a sum of 0 it has as many octets as with
/// any others: it can be put in place before the content is known.
///
/// What is demanded is kept as the extension that it comes with ([`Need::extension`]).
#[must_use]
pub fn encode(entry: &Entry, length: u64, sum: u32) -> Vec<u8> {
    let submission = &entry.submission;
    let mut out = format!("{MAGIC}{VERSION}\n");
    put(&mut out, "id", entry.id.as_str());
    put(&mut out, "created", &entry.created.to_string());
    put(&mut out, "uid", &entry.uid.to_string());
    put(&mut out, "pid", &entry.pid.to_string());
    put(&mut out, "tool", &submission.tool);
    let notice_of = submission.notice_of.map(|id| id.to_string());
    for (name, value) in [
        ("account", submission.account.as_deref()),
        ("on-unknown", submission.on_unknown.map(OnUnknown::name)),
        ("message-id", submission.message_id.as_deref()),
        ("held", submission.held.as_deref()),
        ("notice-of", notice_of.as_deref()),
    ] {
        if let Some(value) = value {
            put(&mut out, name, value);
        }
    }
    if submission.remembered {
        put(&mut out, "remembered", "yes");
    }
    if submission.permitted {
        put(&mut out, "permitted", "yes");
    }
    if submission.signed {
        put(&mut out, "signed", "yes");
    }
    put(&mut out, "body", if entry.facts.eight_bit { "8bit" } else { "7bit" });
    put(&mut out, "utf8", if entry.facts.utf8_headers { "yes" } else { "no" });
    put(&mut out, "octets", &entry.facts.octets.to_string());
    for need in &submission.demands {
        let name = if matches!(need, Need::Listed(_)) { "listed" } else { "demand" };
        put(&mut out, name, need.extension().keyword());
    }
    for parameter in &submission.mail {
        put(&mut out, "mail", parameter.as_str());
    }
    path(&mut out, "sender", &submission.sender, &[]);
    for recipient in &submission.recipients {
        path(&mut out, "rcpt", &recipient.address, &recipient.parameters);
    }
    // Writing to a String does not fail.
    _ = writeln!(out, "content {length:020} crc32c {sum:08x}");
    seal(&mut out);
    out.push('\n');
    out.into_bytes()
}

/// An address in angle brackets, and parameters. The first `>` ends the address, since one inside is escaped.
fn path(out: &mut String, name: &str, address: &str, parameters: &[Parameter]) {
    _ = write!(out, "{name} <");
    escape(out, address, &['>']);
    out.push('>');
    for parameter in parameters {
        _ = write!(out, " {}", parameter.as_str());
    }
    out.push('\n');
}

/// Reads what [`encode`] wrote. `start` holds the beginning of the file, at least up to the content.
///
/// # Errors
/// What is wrong with it: [`Damage::Foreign`], [`Damage::Newer`], [`Damage::Envelope`], [`Damage::EnvelopeSum`].
/// `Ok(None)` where more octets are needed; where there are no more, the file is cut short.
pub fn decode(start: &[u8]) -> Result<Option<(Entry, Layout)>, Damage> {
    match start.split_at_checked(MAGIC.len()) {
        Some((magic, _)) if magic == MAGIC.as_bytes() => {}
        None if MAGIC.as_bytes().starts_with(start) => return Ok(None),
        _ => return Err(Damage::Foreign),
    }
    let Some(length) = memchr::memchr(b'\n', start) else { return Ok(None) };
    let version = start.get(MAGIC.len()..length).and_then(|digits| std::str::from_utf8(digits).ok());
    match version.and_then(|digits| digits.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(Damage::Newer),
        _ => return Err(Damage::Foreign),
    }
    let Some(blank) = memchr::memmem::find(start, b"\n\n") else { return Ok(None) };
    let (sealed, _) = start.split_at(blank + 1);
    let lines = match unseal(sealed) {
        Seal::Whole(lines) => lines.get(length + 1..).unwrap_or_default(),
        Seal::Broken => return Err(Damage::EnvelopeSum),
        Seal::None => return Err(Damage::Envelope),
    };
    let text = std::str::from_utf8(lines).map_err(|_| Damage::Envelope)?;
    let mut read = Read::default();
    for line in text.lines() {
        let (name, value) = line.split_once(' ').ok_or(Damage::Envelope)?;
        read.line(name, value).ok_or(Damage::Envelope)?;
    }
    let begins = (blank + 2) as u64;
    read.finish(begins).map(Some).ok_or(Damage::Envelope)
}

/// What the lines said so far.
#[derive(Default)]
struct Read {
    submission: Submission,
    id: Option<Id>,
    created: Option<Moment>,
    uid: Option<u32>,
    pid: Option<u32>,
    tool: Option<String>,
    sender: Option<String>,
    eight_bit: Option<bool>,
    utf8_headers: Option<bool>,
    octets: Option<u64>,
    content: Option<(u64, u32)>,
}

impl Read {
    /// One more line; nothing where it is not as [`encode`] writes it, or stands there twice.
    fn line(&mut self, name: &str, value: &str) -> Option<()> {
        let submission = &mut self.submission;
        match name {
            "id" => once(&mut self.id, number(value)),
            "created" => once(&mut self.created, number(value)),
            "uid" => once(&mut self.uid, number(value)),
            "pid" => once(&mut self.pid, number(value)),
            "tool" => once(&mut self.tool, unescape(value)),
            "account" => once(&mut submission.account, unescape(value)),
            "on-unknown" => once(
                &mut submission.on_unknown,
                [OnUnknown::Retry, OnUnknown::Hold].into_iter().find(|policy| policy.name() == value),
            ),
            "message-id" => once(&mut submission.message_id, unescape(value)),
            "held" => once(&mut submission.held, unescape(value)),
            "notice-of" => once(&mut submission.notice_of, number(value)),
            "permitted" => {
                submission.permitted = value == "yes";
                Some(())
            }
            "signed" => {
                submission.signed = value == "yes";
                Some(())
            }
            "remembered" => {
                submission.remembered = value == "yes";
                Some(())
            }
            "body" => once(&mut self.eight_bit, either(value, "8bit", "7bit")),
            "utf8" => once(&mut self.utf8_headers, either(value, "yes", "no")),
            "octets" => once(&mut self.octets, number(value)),
            "demand" => many(&mut submission.demands, Extension::named(value).map(Need::Extension)),
            "listed" => many(&mut submission.demands, Extension::named(value).map(Need::Listed)),
            "mail" => many(&mut submission.mail, Parameter::parse(value).ok()),
            "sender" => {
                let Recipient { address, parameters } = recipient(value)?;
                once(&mut self.sender, parameters.is_empty().then_some(address))
            }
            "rcpt" => many(&mut submission.recipients, recipient(value)),
            "content" => {
                let (length, sum) = value.split_once(" crc32c ")?;
                once(&mut self.content, number(length).zip(hexadecimal(sum.as_bytes())))
            }
            _ => Some(()),
        }
    }

    /// The entry, if all is there that must be.
    fn finish(self, begins: u64) -> Option<(Entry, Layout)> {
        let facts =
            Facts { octets: self.octets?, eight_bit: self.eight_bit?, utf8_headers: self.utf8_headers? };
        let id = self.id?;
        let submission =
            Submission { tool: self.tool?, sender: self.sender?, id: Some(id), ..self.submission };
        if submission.recipients.is_empty() {
            return None;
        }
        let (length, sum) = self.content?;
        let entry = Entry { id, created: self.created?, uid: self.uid?, pid: self.pid?, facts, submission };
        Some((entry, Layout { begins, length, sum }))
    }
}

fn once<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    let is_first = place.is_none();
    *place = Some(value?);
    is_first.then_some(())
}

fn many<T>(list: &mut Vec<T>, value: Option<T>) -> Option<()> {
    list.push(value?);
    Some(())
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn either(value: &str, yes: &str, no: &str) -> Option<bool> {
    (value == yes || value == no).then_some(value == yes)
}

fn recipient(value: &str) -> Option<Recipient> {
    let (address, rest) = value.strip_prefix('<')?.split_once('>')?;
    let parameters = match rest.strip_prefix(' ') {
        None if rest.is_empty() => Vec::new(),
        None => return None,
        Some(rest) => rest.split(' ').map(Parameter::parse).collect::<Result<_, _>>().ok()?,
    };
    Some(Recipient { address: unescape(address)?, parameters })
}

#[cfg(test)]
mod tests;
