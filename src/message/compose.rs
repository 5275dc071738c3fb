//! A message composed from flags (RFC 5322; MIME: RFC 2045 to 2049).
//!
//! ```text
//! Draft --compose--> skeleton (mail-builder) + files --write_to--> skeleton with the files in it, encoded
//! ```
//! The structure is mail-builder's; it never sees a file. Where a file goes stands a mark in the skeleton,
//! and the file is encoded piece by piece while it is sent: memory does not grow with it, and the size is
//! known by arithmetic. Boundaries come from Message-ID and Date, so the same draft with the same two gives the
//! same octets, but for Content-IDs that are made. `fields` settles the header, `parts` the tree, `text` the
//! text, `attachment` the files.
//!
//! Bcc is no part of a draft: blind copies are the envelope's.

use std::fmt;
use std::io;

use encodify::base64::MIME;

use super::address::{Address, AddressError};
use super::attachment::{Attachment, Inline, Insert};
use super::date::DateError;
use super::enclosed::Unfit;
use super::fields::Fields;
use super::header::{FieldFault, Header, Sender};
use super::id::IdError;
use super::parts::{MARK, Parts, tree};
use super::scan::{LONGEST_LINE, Scan};
use super::source::PIECE;
use super::text::Text;
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::path::ReversePath;

/// What is to be composed.
#[derive(Debug, Default)]
pub struct Draft {
    /// Who writes. It is needed, here or in `headers`.
    pub from: Option<Address>,
    /// To whom, as the message shows it.
    pub to: Vec<Address>,
    /// Who gets a copy, as the message shows it.
    pub cc: Vec<Address>,
    /// Where answers go.
    pub reply_to: Vec<Address>,
    /// The subject, in one line.
    pub subject: Option<String>,
    /// The plain text.
    pub text: Option<Text>,
    /// The HTML text.
    pub html: Option<Text>,
    /// The charset of texts that are octets: a label of the WHATWG's; UTF-8 if none is given.
    pub charset: Option<String>,
    /// Files that go along, in this order.
    pub attachments: Vec<Attachment>,
    /// Files that the HTML text shows.
    pub inline: Vec<Inline>,
    /// Further fields, name and value; one takes the place of the draft's own of the same name.
    pub headers: Vec<(String, String)>,
    /// The identifiers of the messages that this one answers, with angle brackets if there are several.
    pub in_reply_to: Option<String>,
    /// The date, in a form that [`date::parse`](super::date::parse) takes; now if not given.
    pub date: Option<String>,
    /// The identifier, with or without brackets; random, at the sender's domain, if not given.
    pub message_id: Option<String>,
}

/// Why a draft cannot become a message.
#[derive(Debug)]
#[non_exhaustive]
pub enum DraftError {
    /// Nobody is named in From.
    NoFrom,
    /// A name, a value or a display name that cannot be written.
    Header {
        /// The field.
        name: String,
        /// What is wrong.
        fault: FieldFault,
    },
    /// Bcc or Resent-Bcc as a field: it would tell everybody.
    Blind {
        /// The field as given.
        name: String,
    },
    /// A field that follows from the parts.
    Reserved {
        /// The field as given.
        name: String,
    },
    /// A field that a message has once, given twice.
    Twice {
        /// The field as given.
        name: String,
    },
    /// A field of addresses that is none.
    Address {
        /// The field.
        name: String,
        /// What is wrong.
        error: AddressError,
    },
    /// A field of identifiers that is none.
    Id {
        /// The field.
        name: String,
        /// The part of its value that is wrong, printable; empty if it is all of it.
        place: String,
        /// What is wrong.
        error: IdError,
    },
    /// The date is none.
    Date {
        /// What is wrong.
        error: DateError,
    },
    /// The name of an inline part that the text would refer to.
    ContentId {
        /// What is wrong.
        error: IdError,
    },
    /// Two inline parts with one name.
    SameContentId {
        /// The name.
        id: String,
    },
    /// Inline parts, and no HTML that shows them.
    InlineWithoutHtml,
    /// A media type that is none, or one that cannot be attached.
    MediaType {
        /// As given.
        given: String,
    },
    /// A file name with a control character.
    FileName {
        /// As given.
        given: String,
    },
    /// A charset that is not known.
    UnknownCharset {
        /// As given.
        charset: String,
    },
    /// The text should be UTF-8 and is not.
    NotUtf8 {
        /// The first octet that does not fit, from 1.
        octet: u64,
        /// Its line, from 1.
        line: u64,
        /// How that line begins, printable.
        start: String,
    },
    /// The text does not fit the charset given.
    NotInCharset {
        /// As given.
        charset: String,
    },
    /// A line of the header that cannot be folded to 998 octets.
    LongLine {
        /// How it begins.
        start: String,
    },
    /// A word of a field with a structure that is too long for a line.
    LongWord {
        /// The field.
        name: String,
    },
    /// A text or a file cannot be read, or changed meanwhile.
    Read {
        /// The file's name, or what the octets are.
        what: String,
        /// What the system says, or what [`is_changed`](super::source::is_changed) knows.
        error: io::Error,
    },
    /// A type that was given says a charset that is not the file's.
    Charset {
        /// The file's name.
        name: String,
        /// The charset that the type says.
        charset: String,
    },
    /// A file that cannot be attached as the message that its type, which was given, says.
    Enclosed {
        /// The file's name.
        name: String,
        /// The type.
        media_type: String,
        /// Why not.
        unfit: Unfit,
    },
    /// The system has no random numbers for a Message-ID.
    NoRandom,
    /// The parts do not fit together: a fault of this program.
    Skeleton,
}

impl fmt::Display for DraftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DraftError::NoFrom => f.write_str("no sender: From needs an address"),
            DraftError::Header { name, fault } => write!(f, "{}: {fault}", name.escape_debug()),
            DraftError::Blind { name } => write!(f, "{name} would be seen by everybody"),
            DraftError::Reserved { name } => write!(f, "{name} follows from the parts"),
            DraftError::Twice { name } => write!(f, "{name} is given twice; a message has one"),
            DraftError::Address { name, error } => write!(f, "{name}: {error}"),
            DraftError::Id { name, place, error } if place.is_empty() => write!(f, "{name}: {error}"),
            DraftError::Id { name, place, error } => write!(f, "{name}, '{place}': {error}"),
            DraftError::Date { error } => error.fmt(f),
            DraftError::ContentId { error } => write!(f, "the name of an inline part: {error}"),
            DraftError::SameContentId { id } => {
                write!(f, "two inline parts are named '{}'", id.escape_debug())
            }
            DraftError::InlineWithoutHtml => f.write_str("an inline part needs an HTML text that shows it"),
            DraftError::MediaType { given } => write!(
                f,
                "'{}' is no media type for a file, such as text/plain or application/pdf",
                given.escape_debug()
            ),
            DraftError::FileName { given } => {
                write!(f, "'{}' holds a control character", given.escape_debug())
            }
            DraftError::UnknownCharset { charset } => {
                write!(f, "the charset '{}' is not known", charset.escape_debug())
            }
            DraftError::NotUtf8 { octet, line, start } => {
                write!(f, "octet {octet} of the text (line {line}, '{start}') is not UTF-8")
            }
            DraftError::NotInCharset { charset } => write!(f, "the text is not in {charset}"),
            DraftError::LongLine { start } => {
                write!(f, "the header line '{start}...' cannot be folded to {LONGEST_LINE} octets")
            }
            DraftError::LongWord { name } => {
                write!(f, "{}: it has a word that is too long for a line", name.escape_debug())
            }
            DraftError::Read { what, error } => write!(f, "cannot read {}: {error}", what.escape_debug()),
            DraftError::Charset { name, charset } => {
                let name = name.escape_debug();
                write!(f, "the type given for '{name}' says {charset}, which the file is not")
            }
            DraftError::Enclosed { name, media_type, unfit } => {
                write!(f, "'{}' cannot be attached as {media_type}: {unfit}", name.escape_debug())
            }
            DraftError::NoRandom => f.write_str("the system has no random numbers for a Message-ID"),
            DraftError::Skeleton => f.write_str("the parts do not fit together"),
        }
    }
}

impl std::error::Error for DraftError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DraftError::Header { fault, .. } => Some(fault),
            DraftError::Address { error, .. } => Some(error),
            DraftError::Id { error, .. } | DraftError::ContentId { error } => Some(error),
            DraftError::Date { error } => Some(error),
            DraftError::Read { error, .. } => Some(error),
            DraftError::Enclosed { unfit, .. } => Some(unfit),
            _ => None,
        }
    }
}

/// What is worth telling of a message that was composed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// The name of the zone in a date is not known, so that it counts as UTC (RFC 5322, section 4.3).
    Zone {
        /// The date as it was given.
        date: String,
    },
    /// The HTML names an inline part where it does not show one.
    Reference {
        /// What stands behind `cid:`.
        name: String,
    },
    /// A file whose name is that of a message goes along as octets.
    NoMessage {
        /// The file's name.
        name: String,
        /// Why it cannot go as a message.
        unfit: Unfit,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::Zone { date } => {
                let date = date.escape_debug();
                write!(f, "the zone of the date '{date}' is not known, and counts as UTC (-0000)")
            }
            Remark::Reference { name } => write!(
                f,
                "the HTML says 'cid:{}' in its text, a comment, a script or within another URL: there it stays as \
                 it is",
                name.escape_debug()
            ),
            Remark::NoMessage { name, unfit } => write!(
                f,
                "'{}' goes along as application/octet-stream, not as a message: {unfit}",
                name.escape_debug()
            ),
        }
    }
}

/// A composed message.
#[derive(Debug)]
pub struct Composed {
    skeleton: Vec<u8>,
    /// Where in the skeleton the marks are, and what stands there.
    inserts: Vec<(usize, Insert)>,
    message_id: String,
    facts: Facts,
    remarks: Vec<Remark>,
    eight_bit_files: Vec<String>,
}

impl Draft {
    /// Checks and composes. Texts are read now, files when the message is written.
    ///
    /// # Errors
    /// [`DraftError`].
    pub fn compose(self) -> Result<Composed, DraftError> {
        let fields = Fields::of(&self)?;
        let charset = self.charset.as_deref();
        let text = self.text.as_ref().map(|text| text.read(charset)).transpose()?;
        let html = self.html.as_ref().map(|html| html.read(charset)).transpose()?;
        let seed = format!("{}\n{}", fields.message_id, fields.date);
        let tree = tree(Parts {
            plain: text,
            html,
            inline: self.inline,
            attachments: self.attachments,
            seed: &seed,
            sender: fields.sender(),
        })?;

        let mut skeleton = Vec::new();
        fields.write(&mut skeleton);
        tree.top.write_part(&mut skeleton);
        check(&skeleton)?;
        let marks: Vec<usize> = memchr::memchr_iter(MARK, &skeleton).collect();
        if marks.len() != tree.inserts.len() {
            return Err(DraftError::Skeleton);
        }
        let files: u64 = tree.inserts.iter().map(Insert::octets).sum();
        let octets = (skeleton.len() - marks.len()) as u64 + files;
        // Only addresses are UTF-8 in the skeleton.
        let utf8_headers = !skeleton.is_ascii();
        let eight_bit = utf8_headers || !tree.eight_bit.is_empty();
        let facts = Facts { octets, eight_bit, utf8_headers };
        let inserts = marks.into_iter().zip(tree.inserts).collect();
        Ok(Composed {
            skeleton,
            inserts,
            message_id: fields.message_id,
            facts,
            remarks: fields.remarks.into_iter().chain(tree.remarks).collect(),
            eight_bit_files: tree.eight_bit,
        })
    }
}

/// Whatever the header code did: every line ends in CRLF and is short enough.
fn check(skeleton: &[u8]) -> Result<(), DraftError> {
    let mut scan = Scan::default();
    scan.take(skeleton);
    scan.finish();
    if scan.bare_cr().is_some() || scan.is_open() || scan.octets_with_crlf() != skeleton.len() as u64 {
        return Err(DraftError::Skeleton);
    }
    let Some((_, line)) = scan.long_line() else { return Ok(()) };
    let index = usize::try_from(line - 1).unwrap_or_default();
    let text = skeleton.split(|octet| *octet == b'\n').nth(index).unwrap_or_default();
    Err(DraftError::LongLine { start: String::from_utf8_lossy(text).trim().chars().take(40).collect() })
}

impl Insert {
    /// How many octets it becomes.
    fn octets(&self) -> u64 {
        match self {
            Insert::Base64(source) => {
                let (lines, rest) = (source.len() / 57, source.len() % 57);
                lines * 78 + if rest > 0 { rest.div_ceil(3) * 4 + 2 } else { 0 }
            }
            Insert::Identity { octets, .. } => *octets,
        }
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Insert::Base64(source) => {
                // Pieces are whole lines: nothing is left over from one to the next.
                let mut encoded = Vec::with_capacity(PIECE / 57 * 78);
                source.read_pieces(0, u64::MAX, &mut |piece| {
                    encoded.clear();
                    MIME.encode_append(piece, &mut encoded);
                    out.write_all(&encoded)
                })
            }
            Insert::Identity { source, .. } => {
                source.read_pieces(0, u64::MAX, &mut |piece| out.write_all(piece))
            }
        }
    }
}

impl Composed {
    /// The Message-ID, without its brackets.
    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// What is worth telling of it.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The names of the attached messages that hold 8-bit octets.
    #[must_use]
    pub fn eight_bit_files(&self) -> &[String] {
        &self.eight_bit_files
    }
}

impl Content for Composed {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut at = 0;
        for (mark, insert) in &self.inserts {
            out.write_all(self.skeleton.get(at..*mark).unwrap_or_default())?;
            insert.write_to(out)?;
            at = mark + 1;
        }
        out.write_all(self.skeleton.get(at..).unwrap_or_default())
    }
}

/// The fields among Date, From and Message-ID that a message has not, as lines for
/// [`raw::Options`](super::raw::Options).
///
/// # Errors
/// [`DraftError`]: `date` and `message_id` are read as a draft's are; [`DraftError::NoFrom`] if From is missing
/// and `from` is too.
pub fn missing(
    header: &Header,
    from: Option<&Address>,
    date: Option<&str>,
    message_id: Option<&str>,
) -> Result<Vec<u8>, DraftError> {
    let mut fields = Fields::default();
    if !header.has("Date") {
        fields.put_date(date)?;
    }
    if header.has("From") {
        // A From that cannot be read is no reason to send nothing.
        match (header.sender(None), from) {
            (Ok(Sender::Path(ReversePath::Mailbox(own))), _) => fields.has_from(Some(&own)),
            (_, from) => fields.has_from(from.and_then(Address::mailbox)),
        }
    } else {
        fields.put_from(from.ok_or(DraftError::NoFrom)?)?;
    }
    if !header.has("Message-ID") {
        fields.put_message_id(message_id)?;
    }
    let mut lines = Vec::new();
    fields.write(&mut lines);
    if !lines.is_empty() {
        check(&lines)?;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
