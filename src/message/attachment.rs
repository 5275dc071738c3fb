//! Attachments and inline parts: their type, their name, and what of them goes out how (RFC 2045, RFC 2046, RFC
//! 2183; Content-ID: RFC 2392).
//!
//! Everything goes out as base64, text too, so that the octets arrive as they are; but for messages, which may
//! not be base64 (RFC 2046, section 5.2.1). Where a part stands is `parts`'s.

use std::io;

use mail_builder::headers::content_type::ContentType;
use memchr::memmem;

use super::compose::DraftError;
use super::id;
use super::scan::Scan;
use super::source::Source;

/// A file that goes along.
#[derive(Debug)]
pub struct Attachment {
    /// Its octets.
    pub source: Source,
    /// `type/subtype`, perhaps with parameters; made out of the name if not given.
    pub media_type: Option<String>,
    /// The name that the recipient sees; the source's if not given.
    pub name: Option<String>,
}

/// A picture or the like that the HTML text shows.
#[derive(Debug)]
pub struct Inline {
    /// Its octets.
    pub source: Source,
    /// `type/subtype`, perhaps with parameters; made out of the name if not given.
    pub media_type: Option<String>,
    /// The file name; the source's if not given.
    pub name: Option<String>,
    /// The text refers to it as `cid:` and this. If not given it is the file name, where that fits one.
    pub content_id: Option<String>,
}

/// Octets that take the place of a mark in the skeleton.
#[derive(Debug)]
pub(super) enum Insert {
    /// Encoded as base64, in lines of 76.
    Base64(Source),
    /// As they are; and how many they become with CRLF line ends.
    Identity(Source, u64),
}

/// One part, ready to be placed.
pub(super) struct Ready {
    pub kind: ContentType<'static>,
    pub name: String,
    pub insert: Insert,
}

/// Settles type and transfer encoding. `stem` is how the boundaries of the whole message begin.
pub(super) fn ready(
    source: Source,
    media_type: Option<&str>,
    name: Option<&str>,
    stem: &str,
) -> Result<Ready, DraftError> {
    let name = file_name(name, source.name())?;
    let unread = |error| DraftError::Read { what: name.clone(), error };
    let mut kind = match media_type {
        Some(given) => parse_type(given).ok_or_else(|| DraftError::MediaType { given: given.to_owned() })?,
        None => ContentType::new(media_type_of(&name)),
    };
    if kind.c_type.starts_with("multipart/") {
        // Its boundaries would have to be looked for, and it may not be base64.
        return Err(DraftError::MediaType { given: kind.c_type.into_owned() });
    }
    if kind.c_type.starts_with("message/") {
        match as_it_is(&source, stem).map_err(unread)? {
            Some(octets) => return Ok(Ready { kind, name, insert: Insert::Identity(source, octets) }),
            None => kind = ContentType::new("application/octet-stream"),
        }
    }
    let has_charset = kind.attributes.iter().any(|(key, _)| key.eq_ignore_ascii_case("charset"));
    if kind.is_text()
        && !has_charset
        && let Some(charset) = charset_of(&source).map_err(unread)?
    {
        kind = kind.attribute("charset", charset);
    }
    Ok(Ready { kind, name, insert: Insert::Base64(source) })
}

/// Can it stand in the message without being encoded? Then how many octets it becomes with CRLF line ends.
fn as_it_is(source: &Source, stem: &str) -> io::Result<Option<u64>> {
    let mut scan = Scan::default();
    let mut has_stem = false;
    let mut carry = Vec::new();
    source.read_pieces(0, u64::MAX, &mut |piece| {
        scan.take(piece);
        // The stem may lie across two pieces: the end of the one before goes in front.
        carry.extend_from_slice(piece);
        has_stem |= memmem::find(&carry, stem.as_bytes()).is_some();
        carry.drain(..carry.len().saturating_sub(stem.len()));
        Ok(())
    })?;
    scan.finish();
    let fits = !source.is_empty()
        && !scan.eight_bit()
        && scan.nul().is_none()
        && scan.bare_cr().is_none()
        && scan.long_line().is_none()
        && !has_stem;
    Ok(fits.then(|| scan.octets_with_crlf()))
}

/// `us-ascii` or `utf-8`; none if it is neither: then it is not known.
fn charset_of(source: &Source) -> io::Result<Option<&'static str>> {
    let (mut is_ascii, mut is_utf8) = (true, true);
    let mut carry = Vec::new();
    source.read_pieces(0, u64::MAX, &mut |piece| {
        is_ascii &= piece.is_ascii();
        if is_ascii || !is_utf8 {
            return Ok(());
        }
        carry.extend_from_slice(piece);
        match std::str::from_utf8(&carry) {
            Ok(_) => carry.clear(),
            // A character that goes on in the next piece.
            Err(error) if error.error_len().is_none() => _ = carry.drain(..error.valid_up_to()),
            Err(_) => is_utf8 = false,
        }
        Ok(())
    })?;
    Ok(match (is_ascii, is_utf8 && carry.is_empty()) {
        (true, _) => Some("us-ascii"),
        (false, true) => Some("utf-8"),
        (false, false) => None,
    })
}

/// The name that was given, or the file's; without folders.
fn file_name(given: Option<&str>, own: Option<&str>) -> Result<String, DraftError> {
    if let Some(given) = given
        && given.chars().any(char::is_control)
    {
        return Err(DraftError::FileName { given: given.to_owned() });
    }
    let name = given.or(own).unwrap_or_default();
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Marks of direction make `exe.pdf` out of `fdp.exe`.
    let hides = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|c| !hides(*c)).collect();
    let clean = clean.trim();
    Ok(if matches!(clean, "" | "." | "..") { "attachment" } else { clean }.to_owned())
}

/// What mime_guess does not know, or knows otherwise than mail programs do.
const TYPES: [(&str, &str); 14] = [
    ("asc", "text/plain"),
    ("cfg", "text/plain"),
    ("conf", "text/plain"),
    ("diff", "text/x-patch"),
    ("eml", "message/rfc822"),
    ("gz", "application/gzip"),
    ("ini", "text/plain"),
    ("log", "text/plain"),
    ("md", "text/markdown"),
    ("patch", "text/x-patch"),
    ("tgz", "application/gzip"),
    ("toml", "text/plain"),
    ("ts", "text/plain"),
    ("zst", "application/zstd"),
];

/// What mime_guess knows, in lines `extension TAB type`; made by build.rs.
const KNOWN: &str = include_str!(concat!(env!("OUT_DIR"), "/media-types"));

/// The media type that a file name stands for: `application/octet-stream` if it says nothing.
#[must_use]
pub fn media_type_of(name: &str) -> &'static str {
    let Some((_, extension)) = name.rsplit_once('.') else { return "application/octet-stream" };
    let own = TYPES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known));
    let known = || {
        let line = format!("\n{}\t", extension.to_ascii_lowercase());
        let behind = &KNOWN[KNOWN.find(&line)? + line.len()..];
        behind.split('\n').next()
    };
    own.map(|(_, kind)| *kind).or_else(known).unwrap_or("application/octet-stream")
}

/// Reads `type/subtype` and parameters (RFC 2045, section 5.1).
///
/// ```abnf
/// media-type = token "/" token *( ";" token "=" ( token / quoted-string ) )
/// ```
fn parse_type(text: &str) -> Option<ContentType<'static>> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let (essence, mut rest) = text.split_at(text.find(';').unwrap_or(text.len()));
    let essence = essence.trim().to_ascii_lowercase();
    let (main, sub) = essence.split_once('/')?;
    if !is_token(main) || !is_token(sub) {
        return None;
    }
    let mut kind = ContentType::new(essence);
    while let Some(parameter) = rest.strip_prefix(';') {
        if parameter.trim().is_empty() {
            return Some(kind);
        }
        let (name, value) = parameter.split_once('=')?;
        let name = name.trim();
        if !is_token(name) {
            return None;
        }
        let value = value.trim_start();
        let (value, behind) = match value.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (value, behind) = value.split_at(value.find(';').unwrap_or(value.len()));
                (Some(value.trim_end()).filter(|value| is_token(value))?.to_owned(), behind)
            }
        };
        kind = kind.attribute(name.to_ascii_lowercase(), value);
        rest = behind.trim_start();
    }
    rest.is_empty().then_some(kind)
}

/// The inside of a quoted string and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            c => value.push(c),
        }
    }
    None
}

/// RFC 2045's token. It is bounded: no header line may grow over 998 octets.
fn is_token(text: &str) -> bool {
    let good = |octet: u8| octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet);
    (1..=127).contains(&text.len()) && text.bytes().all(good)
}

/// The Content-ID of an inline part, without brackets; `number` is its place, from 1.
pub(super) fn content_id(given: Option<&str>, name: &str, number: usize) -> Result<String, DraftError> {
    if let Some(given) = given {
        let ids = id::parse_list(given).map_err(|error| DraftError::ContentId { error })?;
        return match ids.as_slice() {
            [one] => Ok(one.clone()),
            _ => Err(DraftError::ContentId { error: id::IdError::Form }),
        };
    }
    let fits = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"._-+@".contains(&octet));
    Ok(if fits && name.len() < 200 { name.to_owned() } else { format!("inline-{number}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_names() {
        for (name, kind) in [
            ("a.PDF", "application/pdf"),
            ("a.png", "image/png"),
            ("0001-fix.patch", "text/x-patch"),
            ("x.diff", "text/x-patch"),
            ("x.log", "text/plain"),
            ("README.md", "text/markdown"),
            ("mail.eml", "message/rfc822"),
            ("x.tar.gz", "application/gzip"),
            ("x.html", "text/html"),
            ("README", "application/octet-stream"),
            ("x.unheard-of", "application/octet-stream"),
            ("x.", "application/octet-stream"),
        ] {
            assert_eq!(media_type_of(name), kind, "{name}");
        }
    }

    #[test]
    fn given_types_are_checked() {
        let read = |text| {
            parse_type(text).map(|kind| {
                let parameters = kind.attributes.iter().map(|(key, value)| format!("|{key}={value}"));
                kind.c_type.to_string() + &parameters.collect::<String>()
            })
        };
        for (text, expected) in [
            ("Text/Plain", Some("text/plain")),
            ("text/plain; Charset=koi8-r", Some("text/plain|charset=koi8-r")),
            ("a/b;c=\"d; \\\"e\" ; f=g;", Some("a/b|c=d; \"e|f=g")),
            ("a/b;c=d e", None),
            ("a/b;c=d e;f=\"g\"", None),
            ("text", None),
            ("text/", None),
            ("/x", None),
            ("a/b c", None),
            ("a/b/c", None),
            ("a/b;c", None),
            ("a/b; c d=e", None),
            ("a/b;c=\"d", None),
            ("a/b;c=\"d\"e", None),
            ("a/b\r\nBcc: x@y", None),
            ("a/b;c=\"\r\nBcc: x@y\"", None),
            ("a/ü", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn names_lose_folders_and_controls() {
        for (given, own, name) in [
            (None, Some("a.txt"), "a.txt"),
            (None, Some("a\nb\x1b.txt"), "ab.txt"),
            (None, Some("fdp\u{202e}.exe"), "fdp.exe"),
            (None, None, "attachment"),
            (Some("/etc/passwd"), Some("x"), "passwd"),
            (Some("..\\..\\evil.exe"), None, "evil.exe"),
            (Some(".."), None, "attachment"),
            (Some("Prüfung, \"1\".pdf"), None, "Prüfung, \"1\".pdf"),
        ] {
            assert_eq!(file_name(given, own).unwrap(), name);
        }
        assert!(matches!(file_name(Some("a\r\nBcc: x@y"), None), Err(DraftError::FileName { .. })));
    }

    #[test]
    fn charsets_are_found_across_pieces() {
        use super::super::source::PIECE;
        let charset = |octets: Vec<u8>| charset_of(&Source::bytes(octets)).unwrap();
        assert_eq!(charset(b"plain".to_vec()), Some("us-ascii"));
        assert_eq!(charset("ü".into()), Some("utf-8"));
        assert_eq!(charset(b"\xfc".to_vec()), None);
        assert_eq!(charset(b"a\xc3".to_vec()), None);
        for shift in 0..3 {
            assert_eq!(charset(format!("{}€x", "a".repeat(PIECE - shift)).into()), Some("utf-8"));
        }
        let wrong = [vec![b'a'; PIECE], b"\xc3".to_vec()].concat();
        assert_eq!(charset(wrong), None);
    }

    #[test]
    fn messages_go_as_they_are_only_if_they_can() {
        use super::super::source::PIECE;
        let octets = |message: &[u8]| as_it_is(&Source::bytes(message.to_vec()), "=_stem").unwrap();
        assert_eq!(octets(b"A: 1\n\ntext"), Some(12));
        assert_eq!(octets(b"A: 1\r\n\r\ntext\r\n"), Some(14));
        for message in [&b""[..], b"A: \xfc\n", b"a\0", b"a\rb", b"a\n--=_stem_m\n", &[b'x'; 999]] {
            assert_eq!(octets(message), None);
        }
        for shift in 0..8 {
            let text = "0123456\n".repeat(PIECE / 8) + &"y".repeat(shift);
            let at = text.len() - 6;
            let split = format!("{}=_stem\n", &text[..at]);
            assert_eq!(octets(split.as_bytes()), None, "{shift}");
        }
    }

    #[test]
    fn content_ids_are_given_or_made_from_names() {
        assert_eq!(content_id(Some("<logo@x>"), "a", 1).unwrap(), "logo@x");
        assert_eq!(content_id(None, "logo.png", 1).unwrap(), "logo.png");
        assert_eq!(content_id(None, "my logo.png", 2).unwrap(), "inline-2");
        for given in ["a\r\nBcc: x@y", "a b", "<a><b>", "", "<a"] {
            assert!(
                matches!(content_id(Some(given), "a", 1), Err(DraftError::ContentId { .. })),
                "{given:?}"
            );
        }
    }
}
