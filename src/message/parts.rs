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

use super::attachment::{Attachment, Inline, Insert, Ready, content_id, ready};
use super::compose::DraftError;
use super::text;

/// Stands where a file goes. A NUL cannot come from anywhere else: headers are checked, text is encoded.
pub(super) const MARK: u8 = 0;

/// The tree, and the files in the order of their marks.
pub(super) struct Tree {
    pub top: MimePart<'static>,
    pub inserts: Vec<Insert>,
}

/// Puts the parts together.
pub(super) fn tree(
    plain: Option<String>,
    html: Option<String>,
    inline: Vec<Inline>,
    attachments: Vec<Attachment>,
    seed: &str,
) -> Result<Tree, DraftError> {
    let stem = stem(seed, &[plain.as_deref(), html.as_deref()]);
    let mut inserts = Vec::new();
    if html.is_none() && !inline.is_empty() {
        return Err(DraftError::InlineWithoutHtml);
    }
    let html = match html {
        Some(html) => Some(related(html, inline, &stem, &mut inserts)?),
        None => None,
    };
    let plain = plain.map(|plain| text::part("plain", plain));
    let body = match (plain, html) {
        (Some(plain), Some(html)) => {
            Some(multipart(ContentType::new("multipart/alternative"), &stem, "a", vec![plain, html]))
        }
        (plain, html) => plain.or(html),
    };
    if attachments.is_empty() {
        let top = body.unwrap_or_else(|| text::part("plain", String::new()));
        return Ok(Tree { top, inserts });
    }
    let mut parts: Vec<_> = body.into_iter().collect();
    for attachment in attachments {
        let Attachment { source, media_type, name } = attachment;
        let ready = ready(source, media_type.as_deref(), name.as_deref(), &stem)?;
        parts.push(place(ready, "attachment", &mut inserts));
    }
    Ok(Tree { top: multipart(ContentType::new("multipart/mixed"), &stem, "m", parts), inserts })
}

/// The HTML with what it shows.
fn related(
    html: String,
    inline: Vec<Inline>,
    stem: &str,
    inserts: &mut Vec<Insert>,
) -> Result<MimePart<'static>, DraftError> {
    let html = text::part("html", html);
    if inline.is_empty() {
        return Ok(html);
    }
    let mut parts = vec![html];
    let mut ids: Vec<String> = Vec::new();
    for (index, part) in inline.into_iter().enumerate() {
        let Inline { source, media_type, name, content_id: given } = part;
        let ready = ready(source, media_type.as_deref(), name.as_deref(), stem)?;
        let id = content_id(given.as_deref(), &ready.name, index + 1)?;
        if ids.contains(&id) {
            return Err(DraftError::SameContentId { id });
        }
        ids.push(id.clone());
        parts.push(place(ready, "inline", inserts).cid(id));
    }
    let kind = ContentType::new("multipart/related").attribute("type", "text/html");
    Ok(multipart(kind, stem, "r", parts))
}

/// A part whose octets come later.
fn place(ready: Ready, disposition: &'static str, inserts: &mut Vec<Insert>) -> MimePart<'static> {
    let encoding = match ready.insert {
        Insert::Base64(_) => "base64",
        Insert::Identity(..) => "7bit",
    };
    inserts.push(ready.insert);
    MimePart::new(ready.kind, BodyPart::Binary(vec![MARK].into()))
        .header("Content-Disposition", ContentType::new(disposition).attribute("filename", ready.name))
        .transfer_encoding(encoding)
}

fn multipart(
    kind: ContentType<'static>,
    stem: &str,
    suffix: &str,
    parts: Vec<MimePart<'static>>,
) -> MimePart<'static> {
    MimePart::new(kind.attribute("boundary", format!("{stem}_{suffix}")), parts)
}

/// How the boundaries begin: always as long, the same for the same seed, and nowhere in the texts. `=_` is never
/// in quoted-printable, nor `_` in base64.
fn stem(seed: &str, texts: &[Option<&str>]) -> String {
    let mut salt = 0_u32;
    loop {
        let stem = format!("=_{:032x}", digest(&format!("{salt}:{seed}")));
        if !texts.iter().flatten().any(|text| text.contains(&stem)) {
            return stem;
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
        let first = stem("seed", &[]);
        assert_eq!(first, stem("seed", &[Some("text"), None]));
        assert_ne!(first, stem("other", &[]));
        let text = format!("quotes {first} of an older message");
        let second = stem("seed", &[Some(&text)]);
        assert!(!text.contains(&second));
        assert_eq!(first.len(), second.len());
    }
}
