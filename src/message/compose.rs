//! A message composed from flags (RFC 5322; MIME: RFC 2045 to 2049).
//!
//! ```text
//! Draft --compose--> skeleton (mail-builder) + files --write_to--> skeleton with the files in it, encoded
//! ```
//! mail-builder makes the structure, and never sees a file. The skeleton has a mark wherever a file goes, and
//! the file is encoded piece by piece while it is sent: memory does not grow with it, and the size is known
//! by arithmetic. Boundaries come from Message-ID and Date, so that a draft gives the same octets again for
//! the same two, but for Content-IDs that are made. fields.rs makes the header, parts.rs the tree, text.rs
//! the text, attachment.rs the files.
//!
//! Bcc is no part of a draft: blind copies are for the envelope.

mod draft;
mod error;
mod remark;

use std::io;

use encodify::base64::MIME;

use super::address::Address;
use super::attachment::Insert;
use super::fields::Fields;
use super::header::{Header, Sender};
use super::parts::{MARK, Parts, tree};
use super::scan::Scan;
use super::source::PIECE;
pub use draft::Draft;
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::path::ReversePath;
pub use error::DraftError;
pub use remark::Remark;

/// A composed message.
#[derive(Debug)]
pub struct Composed {
    skeleton: Vec<u8>,
    /// Where the marks are in the skeleton, and what goes there.
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

/// Checks that every line ends in CRLF and is short enough, whatever wrote the header.
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

    /// What the user should know about it.
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

/// The fields among Date, From and Message-ID that a message does not have, as lines for
/// [`raw::Options`](super::raw::Options).
///
/// # Errors
/// [`DraftError`]: `date` and `message_id` are read as a draft's are; [`DraftError::NoFrom`] if From is
/// missing and `from` is too.
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
