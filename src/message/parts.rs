//! The tree of parts (RFC 2046, section 5.1; RFC 2387).
//!
//! ```text
//! multipart/mixed              if there are attachments
//!   multipart/alternative      if there is text and HTML
//!     text/plain
//!     multipart/related        if the HTML shows inline parts
//!       text/html
//!       inline parts
//!   attachments
//! ```
//! mail-builder writes it; where the octets of a file go it writes a [`MARK`] instead.

use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::{BodyPart, MimePart};

use super::attachment::{Attachment, Inline, Insert, Ready, ready, shown_name};
use super::compose::{DraftError, Remark};
use super::content_id::{self, ContentId};
use super::source::Source;
use super::{enclosed, text};
use ehlo_smtp::path::Mailbox;

/// The mark for a file. A NUL cannot come from anywhere else: headers are checked, and text is encoded.
pub(super) const MARK: u8 = 0;

/// The tree, and the files in the order of their marks.
pub(super) struct Tree {
    pub top: MimePart<'static>,
    pub inserts: Vec<Insert>,
    pub remarks: Vec<Remark>,
    /// The names of the files that go out with 8-bit octets.
    pub eight_bit: Vec<String>,
}

/// What a message is made of.
pub(super) struct Parts<'a> {
    pub plain: Option<String>,
    pub html: Option<String>,
    pub inline: Vec<Inline>,
    pub attachments: Vec<Attachment>,
    /// The same for the same Message-ID and date, and for no other message: boundaries and identifiers come
    /// from it.
    pub seed: &'a str,
    /// The sender, at whose domain identifiers are made.
    pub sender: Option<&'a Mailbox>,
}

/// Puts the parts together.
pub(super) fn tree(parts: Parts<'_>) -> Result<Tree, DraftError> {
    let Parts { plain, html, inline, attachments, seed, sender } = parts;
    if html.is_none() && !inline.is_empty() {
        return Err(DraftError::InlineWithoutHtml);
    }
    let ids = identifiers(&inline, sender)?;
    let (html, left) = html.map(|html| content_id::rewrite(html, &ids)).unzip();
    let shown = inline.into_iter().map(|part| (part.source, part.media_type, part.name));
    let shown = shown.map(file).collect::<Result<Vec<_>, _>>()?;
    let attached = attachments.into_iter().map(|part| (part.source, part.media_type, part.name));
    let attached = attached.map(file).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<&Ready> = shown.iter().chain(&attached).collect();
    let mut places =
        Places { stem: stem(seed, &[plain.as_deref(), html.as_deref()], &files)?, ..Places::default() };

    places.remarks.extend(left.into_iter().flatten().map(|name| Remark::Reference { name }));
    let html = html.map(|html| related(html, shown, ids, &mut places));
    let plain = plain.map(|plain| (text::part("plain", plain), false));
    let body = match (plain, html) {
        (Some(plain), Some(html)) => {
            Some(places.multipart(ContentType::new("multipart/alternative"), "a", vec![plain, html]))
        }
        (plain, html) => plain.or(html),
    };
    let top = if attached.is_empty() {
        body.unwrap_or_else(|| (text::part("plain", String::new()), false))
    } else {
        let mut parts: Vec<_> = body.into_iter().collect();
        parts.extend(attached.into_iter().map(|file| places.put(file, "attachment")));
        places.multipart(ContentType::new("multipart/mixed"), "m", parts)
    };
    let Places { inserts, remarks, eight_bit, .. } = places;
    Ok(Tree { top: top.0, inserts, remarks, eight_bit })
}

fn file((source, media_type, name): (Source, Option<String>, Option<String>)) -> Result<Ready, DraftError> {
    ready(source, media_type.as_deref(), name.as_deref())
}

/// The identifiers of the inline parts. A name that the text uses must belong to one part only.
fn identifiers(inline: &[Inline], sender: Option<&Mailbox>) -> Result<Vec<ContentId>, DraftError> {
    let mut ids: Vec<ContentId> = Vec::new();
    let mut called: Vec<String> = Vec::new();
    for part in inline {
        let id = match &part.content_id {
            Some(given) => content_id::given(given)?,
            None => {
                let own = part.source.name().map(shown_name);
                let name = part.name.as_deref().map(shown_name).or(own.clone());
                let mut names = vec![name.unwrap_or_else(|| shown_name(""))];
                names.extend(own.filter(|own| *own != names[0]));
                content_id::made(names, sender)?
            }
        };
        let name = id.names.first().unwrap_or(&id.id).clone();
        if called.contains(&name) {
            return Err(DraftError::SameContentId { id: name });
        }
        called.push(name);
        ids.push(id);
    }
    // Where another name was given, the file's own is only a second one.
    for id in &mut ids {
        let first = id.names.first().cloned();
        id.names.retain(|name| Some(name) == first.as_ref() || !called.contains(name));
    }
    Ok(ids)
}

/// A part, and whether there are 8-bit octets in it: then the multipart around it says so too (RFC 2045,
/// section 6.4).
type Part = (MimePart<'static>, bool);

/// The HTML with what it shows.
fn related(html: String, shown: Vec<Ready>, ids: Vec<ContentId>, places: &mut Places) -> Part {
    let html = (text::part("html", html), false);
    if shown.is_empty() {
        return html;
    }
    let mut parts = vec![html];
    for (file, id) in shown.into_iter().zip(ids) {
        let (part, eight_bit) = places.put(file, "inline");
        parts.push((part.cid(id.id), eight_bit));
    }
    let kind = ContentType::new("multipart/related").attribute("type", "text/html");
    places.multipart(kind, "r", parts)
}

/// What becomes of the files while the tree grows.
#[derive(Default)]
struct Places {
    stem: String,
    inserts: Vec<Insert>,
    remarks: Vec<Remark>,
    eight_bit: Vec<String>,
}

impl Places {
    /// A part that is a mark now; its octets come later.
    fn put(&mut self, file: Ready, disposition: &'static str) -> Part {
        let Ready { kind, name, insert, unfit } = file;
        let (encoding, eight_bit) = match insert {
            Insert::Base64(_) => ("base64", false),
            Insert::Identity { eight_bit: true, .. } => ("8bit", true),
            Insert::Identity { eight_bit: false, .. } => ("7bit", false),
        };
        self.inserts.push(insert);
        self.remarks.extend(unfit.map(|unfit| Remark::NoMessage { name: name.clone(), unfit }));
        if eight_bit {
            self.eight_bit.push(name.clone());
        }
        let part = MimePart::new(kind, BodyPart::Binary(vec![MARK].into()))
            .header("Content-Disposition", ContentType::new(disposition).attribute("filename", name))
            .transfer_encoding(encoding);
        (part, eight_bit)
    }

    fn multipart(&self, kind: ContentType<'static>, suffix: &str, parts: Vec<Part>) -> Part {
        let eight_bit = parts.iter().any(|(_, eight_bit)| *eight_bit);
        let parts: Vec<_> = parts.into_iter().map(|(part, _)| part).collect();
        let part = MimePart::new(kind.attribute("boundary", format!("{}_{suffix}", self.stem)), parts);
        (if eight_bit { part.transfer_encoding("8bit") } else { part }, eight_bit)
    }
}

/// How the boundaries begin: always as long, the same for the same seed, and nowhere in the texts and in
/// messages that go along. `=_` is never in quoted-printable, nor `_` in base64.
fn stem(seed: &str, texts: &[Option<&str>], files: &[&Ready]) -> Result<String, DraftError> {
    let mut salt = 0_u32;
    loop {
        let stem = format!("=_{:032x}", digest(&format!("{salt}:{seed}")));
        let mut is_there = texts.iter().flatten().any(|text| text.contains(&stem));
        for file in files {
            if let Insert::Identity { source, .. } = &file.insert {
                let unread = |error| DraftError::Read { what: file.name.clone(), error };
                is_there = is_there || enclosed::holds(source, &stem).map_err(unread)?;
            }
        }
        if !is_there {
            return Ok(stem);
        }
        salt = salt.wrapping_add(1);
    }
}

/// FNV-1a of 128 bits: it need only spread, and stay the same from build to build.
fn digest(text: &str) -> u128 {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, octet| {
        (hash ^ u128::from(octet)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_avoid_the_texts_and_stay_as_long() {
        let stem = |seed, texts: &[Option<&str>], files: &[&Ready]| super::stem(seed, texts, files).unwrap();
        let first = stem("seed", &[], &[]);
        assert_eq!(first, stem("seed", &[Some("text"), None], &[]));
        assert_ne!(first, stem("other", &[], &[]));
        let text = format!("quotes {first} of an older message");
        let second = stem("seed", &[Some(&text)], &[]);
        assert!(!text.contains(&second));
        assert_eq!(first.len(), second.len());
        let message = file((Source::bytes(text.into_bytes()), None, Some("a.eml".to_owned()))).unwrap();
        assert_eq!(stem("seed", &[], &[&message]), second);
    }
}
