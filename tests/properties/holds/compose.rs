//! A message that is composed of what somebody gave: no text of theirs becomes a field, a line end or a part.

use super::message;
use ehlo::inside::message::address::parse_list;
use ehlo::inside::message::compose::Draft;
use ehlo::inside::message::header::Header;
use ehlo::inside::message::id;
use ehlo::inside::message::source::Source;
use ehlo::inside::message::{Attachment, Inline, Text};
use ehlo_smtp::content::Content;

/// Lines: From, To, the subject, a field, In-Reply-To, an attachment's name, its type, a charset; then the text.
pub fn holds(octets: &[u8]) {
    let mut lines = octets.splitn(9, |octet| *octet == b'\n');
    let mut line = || lines.next().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let (from, to, subject, field) = (line(), line(), line(), line());
    let (in_reply_to, name, media_type, charset) = (line(), line(), line(), line());
    let text = lines.next().unwrap_or_default();
    let list = |text: &str| parse_list(text, None).unwrap_or_default();
    let header = field.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let own = header.clone();
    with_a_picture(text, &name);
    let attachment = given(name).map(|name| Attachment {
        source: Source::bytes(text.to_vec()),
        media_type: given(media_type),
        name: Some(name),
    });
    let draft = Draft {
        from: list(&from).into_iter().next(),
        to: list(&to),
        subject: given(subject),
        text: Some(Text::Octets(Source::bytes(text.to_vec()))),
        charset: given(charset),
        attachments: attachment.into_iter().collect(),
        headers: header.into_iter().collect(),
        in_reply_to: given(in_reply_to),
        date: Some("Sat, 21 Nov 2026 10:00:00 +0100".to_owned()),
        ..Draft::default()
    };
    let Ok(composed) = draft.compose() else { return };
    let mut out = Vec::new();
    composed.write_to(&mut out).expect("memory can be read");
    is_fit(&out, own.as_ref().map(|(name, _)| name.as_str()));
    if let Some((name, value)) = own {
        keeps(&out, &name, &value);
    }
    assert_eq!(composed.facts().octets, super::content::canonical(&out).len() as u64, "SIZE");
    assert_eq!(composed.facts().eight_bit, !out.is_ascii());
    message::holds(&out);
}

/// The same text as HTML that shows a file: nothing but the name behind `cid:` becomes something else.
fn with_a_picture(text: &[u8], name: &str) {
    let picture = Source::bytes(b"picture".to_vec());
    let draft = Draft {
        from: parse_list("smith@alpha.arpa", None).unwrap_or_default().into_iter().next(),
        html: Some(Text::Octets(Source::bytes(text.to_vec()))),
        inline: vec![Inline {
            source: picture,
            media_type: None,
            name: Some(name.to_owned()),
            content_id: None,
        }],
        ..Draft::default()
    };
    let Ok(composed) = draft.compose() else { return };
    let mut out = Vec::new();
    composed.write_to(&mut out).expect("memory can be read");
    is_fit(&out, None);
    message::holds(&out);
}

/// No address and no identifier of a field is lost, whatever is encoded around it.
fn keeps(out: &[u8], name: &str, value: &str) {
    let header = Header::parse(out).expect("a header section");
    let Some(field) = header.first(name) else { return };
    let written = std::str::from_utf8(field.value).expect("UTF-8").replace("\r\n", "");
    let is = |known: &[&str]| known.iter().any(|known| field.is(known));
    if let (true, Ok(given)) = (is(&["In-Reply-To", "References"]), id::parse_list(value)) {
        assert_eq!(id::parse_list(&written), Ok(given), "{value:?} became {written:?}");
    }
    let is_text = is(&["Subject", "Comments", "Content-Description", "Date", "Message-ID"]);
    let paths = |text: &str| {
        let list = parse_list(text, None).ok()?;
        Some(list.iter().map(|address| address.path.to_string()).collect::<Vec<_>>())
    };
    // Of what is written in other letters nobody but a human knows whether it is an address.
    if let Some(given) = paths(value).filter(|given| !is_text && given.iter().all(|path| path.is_ascii())) {
        assert_eq!(paths(&written), Some(given), "{value:?} became {written:?}");
    }
}

/// Fields that a draft has, and the one that was given.
const KNOWN: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "References",
];

fn is_fit(out: &[u8], own: Option<&str>) {
    let header = Header::parse(out).expect("a header section");
    let mut seen: Vec<String> = Vec::new();
    for field in header.fields() {
        let name = field.name.to_ascii_lowercase();
        let is_known = KNOWN.iter().any(|known| field.is(known)) || own.is_some_and(|own| field.is(own));
        assert!(is_known, "nobody gave the field {name}");
        assert!(!seen.contains(&name), "{name} is there twice");
        seen.push(name);
    }
    assert!(!header.has("Bcc"));
    assert!(!out.contains(&0), "a NUL");
    let feeds = out.iter().filter(|octet| **octet == b'\n').count();
    let ends = out.windows(2).filter(|pair| pair == b"\r\n").count();
    let returns = out.iter().filter(|octet| **octet == b'\r').count();
    assert_eq!((ends, ends), (feeds, returns), "a bare CR or LF");
    let longest = out.split(|octet| *octet == b'\n').map(<[u8]>::len).max();
    assert!(longest.is_some_and(|longest| longest <= 999), "a line of {longest:?} octets");
}
