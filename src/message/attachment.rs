//! Attachments and inline parts: their type, their name, and how they are encoded (RFC 2045, RFC 2046, RFC
//! 2183).
//!
//! Everything goes out as base64, text too, so that the octets arrive as they are; except messages, which
//! must not be base64 (RFC 2046, section 5.2.1): see enclosed.rs. The place of a part is decided in parts.rs.

use mail_builder::headers::content_type::ContentType;

use super::compose::DraftError;
use super::enclosed::{self, Fit, Unfit};
use super::media_type::{self, media_type_of};
use super::source::Source;
use super::{calendar, look};

/// A file that goes along.
#[derive(Debug)]
pub struct Attachment {
    /// Its octets.
    pub source: Source,
    /// `type/subtype`, perhaps with parameters; made out of the name and the octets if not given.
    pub media_type: Option<String>,
    /// The name that the recipient sees; the source's if not given.
    pub name: Option<String>,
}

/// A picture or the like that the HTML text shows.
#[derive(Debug)]
pub struct Inline {
    /// Its octets.
    pub source: Source,
    /// `type/subtype`, perhaps with parameters; made out of the name and the octets if not given.
    pub media_type: Option<String>,
    /// The file name; the source's if not given.
    pub name: Option<String>,
    /// Its Content-ID. If not given it is made, and the text refers to the part as `cid:` and its name.
    pub content_id: Option<String>,
}

/// Octets that take the place of a mark in the skeleton.
#[derive(Debug)]
pub(super) enum Insert {
    /// Encoded as base64, in lines of 76.
    Base64(Source),
    /// A message, as it is.
    Identity {
        source: Source,
        /// How many octets it becomes with CRLF line ends.
        octets: u64,
        eight_bit: bool,
    },
}

/// One part, ready to be placed.
pub(super) struct Ready {
    pub kind: ContentType<'static>,
    pub name: String,
    pub insert: Insert,
    /// Why it is not of the type that its name stands for.
    pub unfit: Option<Unfit>,
}

const OCTETS: &str = "application/octet-stream";

/// Settles type and transfer encoding.
pub(super) fn ready(
    source: Source,
    media_type: Option<&str>,
    name: Option<&str>,
) -> Result<Ready, DraftError> {
    let name = file_name(name, source.name())?;
    let unread = |error| DraftError::Read { what: name.clone(), error };
    let mut kind = match media_type {
        Some(given) => checked(given, &source, &name)?,
        None => guess(&source, &name).map_err(unread)?,
    };
    if kind.c_type.starts_with("message/") {
        return match enclosed::fit(&source, &kind.c_type).map_err(unread)? {
            Fit::Encoded => Ok(Ready { kind, name, insert: Insert::Base64(source), unfit: None }),
            Fit::AsItIs { octets, eight_bit } => {
                let insert = Insert::Identity { source, octets, eight_bit };
                Ok(Ready { kind, name, insert, unfit: None })
            }
            Fit::Not(unfit) if media_type.is_some() => {
                Err(DraftError::Enclosed { name, media_type: kind.c_type.into_owned(), unfit })
            }
            Fit::Not(unfit) => {
                let kind = ContentType::new(OCTETS);
                Ok(Ready { kind, name, insert: Insert::Base64(source), unfit: Some(unfit) })
            }
        };
    }
    let has = |kind: &ContentType<'_>, name: &str| kind.attributes.iter().any(|(key, _)| key == name);
    if kind.is_text()
        && !has(&kind, "charset")
        && let Some(charset) = look::text_charset(&source).map_err(unread)?
    {
        kind = kind.attribute("charset", charset);
    }
    if kind.c_type == "text/calendar"
        && !has(&kind, "method")
        && let Some(method) = calendar::method(&source).map_err(unread)?
    {
        kind = kind.attribute("method", method);
    }
    Ok(Ready { kind, name, insert: Insert::Base64(source), unfit: None })
}

/// The type that was given. It is kept, or refused if it is not true of the file.
fn checked(given: &str, source: &Source, name: &str) -> Result<ContentType<'static>, DraftError> {
    let unfit = || DraftError::MediaType { given: given.to_owned() };
    let kind = media_type::parse(given).ok_or_else(unfit)?;
    if kind.c_type.starts_with("multipart/") {
        // Its boundaries would have to be looked for, and it must not be base64.
        return Err(unfit());
    }
    let charset =
        kind.attributes.iter().find(|(key, _)| key == "charset").map(|(_, charset)| charset.clone());
    if let Some(charset) = charset {
        let can_be = look::can_be_in(source, &charset);
        if !can_be.map_err(|error| DraftError::Read { what: name.to_owned(), error })? {
            return Err(DraftError::Charset { name: name.to_owned(), charset: charset.into_owned() });
        }
    }
    Ok(kind)
}

/// What the name stands for, if the octets bear it out; where the name says nothing, what the octets are.
///
/// Text in another charset than ASCII or UTF-8 keeps the type that its name stands for and says no charset,
/// unless a NUL shows that it is no text; HTML and XML may be in a charset that has NULs, and say so
/// themselves.
fn guess(source: &Source, name: &str) -> std::io::Result<ContentType<'static>> {
    let known = media_type_of(name).or_else(|| says_text(name).then_some("text/plain"));
    if let Some(kind) =
        known.filter(|kind| !kind.starts_with("text/") || matches!(*kind, "text/html" | "text/xml"))
    {
        return Ok(ContentType::new(kind));
    }
    if let Some(charset) = look::text_charset(source)? {
        return Ok(ContentType::new(known.unwrap_or("text/plain")).attribute("charset", charset));
    }
    Ok(ContentType::new(match known {
        Some(kind) if !look::has_nul(source)? => kind,
        _ => OCTETS,
    }))
}

/// Names of text that are in no registry.
fn says_text(name: &str) -> bool {
    const ENDS: [&str; 7] = ["cfg", "conf", "err", "ini", "log", "out", "properties"];
    name.rsplit_once('.').is_some_and(|(before, end)| {
        !before.is_empty() && ENDS.iter().any(|known| end.eq_ignore_ascii_case(known))
    })
}

/// The name that was given, or the file's; without folders.
fn file_name(given: Option<&str>, own: Option<&str>) -> Result<String, DraftError> {
    if let Some(given) = given
        && given.chars().any(char::is_control)
    {
        return Err(DraftError::FileName { given: given.to_owned() });
    }
    Ok(shown_name(given.or(own).unwrap_or_default()))
}

/// What readers see of the name of a file: without folders, and without characters that hide others.
#[must_use]
pub fn shown_name(name: &str) -> String {
    // A backslash is a character like any other where this program runs.
    let last = name.rsplit('/').next().unwrap_or_default();
    // Marks of direction make `exe.pdf` out of `fdp.exe`.
    let hides = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|c| !hides(*c)).collect();
    let clean = clean.trim();
    if matches!(clean, "" | "." | "..") { "attachment" } else { clean }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_and_controls() {
        for (given, own, name) in [
            (None, Some("a.txt"), "a.txt"),
            (None, Some("a\nb\x1b.txt"), "ab.txt"),
            (None, Some("fdp\u{202e}.exe"), "fdp.exe"),
            (None, None, "attachment"),
            (Some("/etc/passwd"), Some("x"), "passwd"),
            (Some("a\\b.txt"), None, "a\\b.txt"),
            (Some("x/..\\..\\evil.exe"), None, "..\\..\\evil.exe"),
            (Some("dir/"), None, "attachment"),
            (Some(".."), None, "attachment"),
            (Some("Prüfung, \"1\".pdf"), None, "Prüfung, \"1\".pdf"),
        ] {
            assert_eq!(file_name(given, own).unwrap(), name);
        }
        assert!(matches!(file_name(Some("a\r\nBcc: x@y"), None), Err(DraftError::FileName { .. })));
    }

    /// The type, with its parameters.
    fn kind(name: &str, given: Option<&str>, octets: &[u8]) -> Result<String, String> {
        let ready =
            ready(Source::bytes(octets.to_vec()), given, Some(name)).map_err(|error| error.to_string())?;
        let parameters = ready.kind.attributes.iter().map(|(key, value)| format!("; {key}={value}"));
        Ok(ready.kind.c_type.to_string() + &parameters.collect::<String>())
    }

    #[test]
    fn types_and_charsets_are_true_of_the_octets() {
        for (name, octets, expected) in [
            ("README", &b"plain\n"[..], "text/plain; charset=us-ascii"),
            (".bashrc", "ü".as_bytes(), "text/plain; charset=utf-8"),
            ("syslog.1", b"", "text/plain; charset=us-ascii"),
            ("x.unheard-of", b"a\0", OCTETS),
            ("Makefile", b"\xfc", OCTETS),
            ("a.log", b"\x1b[31mred\x1b[0m", "text/plain"),
            ("a.conf", b"gr\xfcn", "text/plain"),
            ("unheard-of", b"\x1b[31mred\x1b[0m", OCTETS),
            ("a.txt", b"a\x0cb", "text/plain; charset=us-ascii"),
            ("a.txt", b"a\0b", OCTETS),
            ("a.txt", b"\xfc", "text/plain"),
            ("a.csv", b"\xfc", "text/csv"),
            ("a.csv", b"\xfc\0", OCTETS),
            ("a.csv", b"\x1b$B", "text/csv"),
            ("a.csv", "ü".as_bytes(), "text/csv; charset=utf-8"),
            ("a.html", b"<meta charset=latin1>\xfc", "text/html"),
            ("a.html", b"\xff\xfe<\0", "text/html"),
            ("a.html", b"<p>", "text/html; charset=us-ascii"),
            ("a.json", b"\xfc", "application/json"),
            ("a.png", b"text", "image/png"),
            ("a.ts", b"\x47\0\xff", OCTETS),
        ] {
            assert_eq!(kind(name, None, octets).as_deref(), Ok(expected), "{name} {octets:?}");
        }
    }

    #[test]
    fn a_type_that_was_given_is_kept_or_refused() {
        for (given, octets, expected) in [
            ("text/plain", &b"\xfc"[..], Ok("text/plain")),
            ("text/plain", b"a", Ok("text/plain; charset=us-ascii")),
            ("text/plain; charset=koi8-r", b"\xfc", Ok("text/plain; charset=koi8-r")),
            ("text/x-y; charset=UTF-8", b"a", Ok("text/x-y; charset=UTF-8")),
            ("text/plain; charset=utf-8", b"\xfc", Err("the type given for 'a.txt' says utf-8, but")),
            (
                "application/json; charset=us-ascii",
                b"\xc3\xbc",
                Err("the type given for 'a.txt' says us-ascii, but"),
            ),
            (
                "multipart/mixed",
                b"a",
                Err("'multipart/mixed' is not a media type for a file; one is text/plain or application/pdf"),
            ),
            ("message/rfc822", b"", Err("'a.txt' cannot be attached as message/rfc822: it is empty")),
        ] {
            let found = kind("a.txt", Some(given), octets);
            let found = found.as_ref().map(String::as_str).map_err(String::as_str);
            match (found, expected) {
                (Err(found), Err(expected)) => assert!(found.starts_with(expected), "{given}: {found}"),
                (found, expected) => assert_eq!(found, expected, "{given}"),
            }
        }
    }

    #[test]
    fn a_calendar_says_its_method() {
        let text = b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n";
        let expected = "text/calendar; charset=us-ascii; method=REQUEST";
        assert_eq!(kind("invite.ics", None, text).as_deref(), Ok(expected));
        assert_eq!(kind("invite", Some("Text/Calendar"), text).as_deref(), Ok(expected));
        let given = "text/calendar; method=CANCEL; charset=utf-8";
        let kept = "text/calendar; method=CANCEL; charset=utf-8";
        assert_eq!(kind("invite.ics", Some(given), text).as_deref(), Ok(kept));
        assert_eq!(kind("a.txt", None, text).as_deref(), Ok("text/plain; charset=us-ascii"));
    }
}
