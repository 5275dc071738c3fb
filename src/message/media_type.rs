//! Media types: what a file name stands for, and types as users write them (RFC 2045, section 5.1; RFC 2183).

use mail_builder::headers::content_type::ContentType;

/// A line has the end of a name, a TAB and a type; the file says where they come from. A text holds no
/// pointers, which would cost time at every start.
const KNOWN: &str = include_str!("media-types.txt");

/// The media type that a file name stands for; none if it says nothing. The longest end that is known counts,
/// and a dot that begins the name is a part of it.
#[must_use]
pub fn media_type_of(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let ends =
        name.char_indices().skip(1).filter(|(_, c)| *c == '.').filter_map(|(at, _)| name.get(at + 1..));
    ends.filter(|end| !end.is_empty() && !end.contains(['\n', '\t'])).find_map(|end| {
        let line = format!("\n{end}\t");
        let behind = KNOWN.get(KNOWN.find(&line)? + line.len()..)?;
        behind.split('\n').next()
    })
}

/// Reads `type/subtype` and parameters.
///
/// ```abnf
/// media-type = token "/" token *( ";" token "=" ( token / quoted-string ) )
/// ```
pub(super) fn parse(text: &str) -> Option<ContentType<'static>> {
    let (essence, _) = text.split_at(text.find(';').unwrap_or(text.len()));
    let (main, sub) = essence.trim().split_once('/')?;
    if is_token(main) && is_token(sub) { parse_parameters(text) } else { None }
}

/// Reads a disposition and its parameters, which are written like those of a type.
pub(super) fn parse_disposition(text: &str) -> Option<ContentType<'static>> {
    let (essence, _) = text.split_at(text.find(';').unwrap_or(text.len()));
    if is_token(essence.trim()) { parse_parameters(text) } else { None }
}

/// What is in front of the first semicolon, in lower case, and the parameters behind it.
fn parse_parameters(text: &str) -> Option<ContentType<'static>> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let (essence, mut rest) = text.split_at(text.find(';').unwrap_or(text.len()));
    let mut kind = ContentType::new(essence.trim().to_ascii_lowercase());
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

/// Whether it is RFC 2045's token. It is bounded, so that no header line grows over 998 octets.
pub(super) fn is_token(text: &str) -> bool {
    let good = |octet: u8| octet.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&octet);
    (1..=127).contains(&text.len()) && text.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_names() {
        for (name, kind) in [
            ("a.PDF", Some("application/pdf")),
            ("a.png", Some("image/png")),
            ("0001-fix.patch", Some("text/x-diff")),
            ("README.md", Some("text/markdown")),
            ("mail.eml", Some("message/rfc822")),
            ("x.tar.gz", Some("application/gzip")),
            ("x.html", Some("text/html")),
            ("x.rpm", Some("application/x-redhat-package-manager")),
            ("x.otf", Some("font/otf")),
            ("x.rar", Some("application/vnd.rar")),
            ("x.js", Some("text/javascript")),
            ("x.xml", Some("application/xml")),
            ("x.vcf", Some("text/vcard")),
            ("x.woff", Some("font/woff")),
            ("x.bz2", Some("application/x-bzip2")),
            ("x.3gp", Some("video/3gpp")),
            ("contacts.vcf.bz2", Some("application/prs.vcfbzip2")),
            ("contacts.x.vcf", Some("text/vcard")),
            ("x.log", None),
            ("README", None),
            ("syslog.1", None),
            (".bashrc", None),
            (".png", None),
            ("..png", Some("image/png")),
            ("x.unheard-of", None),
            ("x.pdf\ta", None),
            ("x.\npng", None),
            ("x.", None),
            (".", None),
            ("", None),
            ("ü.ü", None),
        ] {
            assert_eq!(media_type_of(name), kind, "{name}");
        }
    }

    #[test]
    fn the_table_holds_what_can_be_written_and_each_end_once() {
        let lines: Vec<&str> = KNOWN.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 1500);
        assert!(lines.is_sorted(), "in order");
        let mut before = "";
        for line in lines {
            let (end, kind) = line.split_once('\t').unwrap();
            assert_ne!(end, before);
            assert_eq!(end, end.to_ascii_lowercase());
            assert!(parse(kind).is_some_and(|read| read.attributes.is_empty()), "{kind}");
            assert!(media_type_of(&format!("x.{end}")) == Some(kind), "{line}");
            before = end;
        }
    }

    #[test]
    fn given_types_are_checked() {
        let read = |text| {
            parse(text).map(|kind| {
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
        assert!(parse_disposition("inline; filename=\"ü\"").is_some());
        assert!(parse_disposition("in line").is_none());
    }
}
