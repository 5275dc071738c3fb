//! Content-IDs of inline parts, and the references to them in HTML (RFC 2045, section 7; RFC 2392).
//!
//! An identifier that was made is `name.random@domain`, as unique as a Message-ID: a reader that finds the
//! same one in two messages shows the older one's picture. The text still says `cid:` and the name; that is
//! rewritten here.

use super::compose::DraftError;
use super::id;
use crate::smtp::path::Mailbox;

/// How much of a name goes into an identifier, in characters.
const LONGEST_NAME: usize = 64;

/// The identifier of an inline part.
pub(super) struct ContentId {
    /// Without brackets.
    pub id: String,
    /// What the HTML may call the part, if not by the identifier.
    pub names: Vec<String>,
}

/// The identifier that the user gave.
pub(super) fn given(text: &str) -> Result<ContentId, DraftError> {
    let error = |error| DraftError::ContentId { error };
    match id::parse_list(text).map_err(error)?.as_slice() {
        [one] => Ok(ContentId { id: one.clone(), names: Vec::new() }),
        _ => Err(error(id::IdError::Form)),
    }
}

/// A new identifier, with the first of the part's names in it.
pub(super) fn made(names: Vec<String>, sender: Option<&Mailbox>) -> Result<ContentId, DraftError> {
    let name = names.first().map_or("", String::as_str);
    let fit = |c: char| if c.is_ascii_alphanumeric() || "._-+".contains(c) { c } else { '-' };
    let name: String = name.chars().map(fit).take(LONGEST_NAME).collect();
    let atoms: Vec<&str> = name.split('.').filter(|atom| !atom.is_empty()).collect();
    let id = id::random_with_name(&atoms.join("."), sender).map_err(|_| DraftError::NoRandom)?;
    Ok(ContentId { id, names })
}

/// Puts the identifiers in place of the names behind `cid:`.
pub(super) fn rewrite(html: String, ids: &[ContentId]) -> String {
    let mut known: Vec<(&str, &str)> =
        ids.iter().flat_map(|id| id.names.iter().map(|name| (name.as_str(), id.id.as_str()))).collect();
    // `a b.png` before `a`; of equal ones the first.
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    if known.is_empty() {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 64 * known.len());
    let mut done = 0;
    for colon in memchr::memchr_iter(b':', html.as_bytes()) {
        let Some((before, rest)) = html.split_at_checked(colon + 1) else { continue };
        if colon < done || !is_scheme(before) {
            continue;
        }
        let found = known.iter().find_map(|(name, id)| Some((spelled(rest, name)?, id)));
        if let Some((length, id)) = found {
            out.push_str(html.get(done..=colon).unwrap_or_default());
            out.push_str(id);
            done = colon + 1 + length;
        }
    }
    out.push_str(html.get(done..).unwrap_or_default());
    out
}

/// Does it end in `cid:`, and not in the end of a longer word?
fn is_scheme(text: &str) -> bool {
    let Some(start) = text.len().checked_sub(4) else { return false };
    let (Some(before), Some(scheme)) = (text.get(..start), text.get(start..)) else { return false };
    scheme.eq_ignore_ascii_case("cid:")
        && !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
}

/// The length of what `text` begins with, if that is the name: as it is, percent-encoded, or with character
/// references of HTML. What follows must not go on with the name.
fn spelled(text: &str, name: &str) -> Option<usize> {
    let mut rest = text;
    for c in name.chars() {
        rest = behind(rest, c)?;
    }
    let goes_on = |c: char| c.is_alphanumeric() || "-._~%+@=$!*:/".contains(c);
    (!rest.starts_with(goes_on)).then(|| text.len() - rest.len())
}

/// What follows this character, however it is written.
fn behind(text: &str, c: char) -> Option<&str> {
    let literal = || text.strip_prefix(c);
    literal()
        .filter(|_| c != '&')
        .or_else(|| percent(text, c))
        .or_else(|| reference(text, c))
        .or_else(literal)
}

/// `%C3%BC`
fn percent(text: &str, c: char) -> Option<&str> {
    let mut octets = [0; 4];
    let mut rest = text;
    for octet in c.encode_utf8(&mut octets).bytes() {
        let digits = rest.strip_prefix('%')?.get(..2).filter(|digits| !digits.starts_with('+'))?;
        if u8::from_str_radix(digits, 16).ok()? != octet {
            return None;
        }
        rest = rest.get(3..)?;
    }
    Some(rest)
}

/// `&amp;`, `&#252;`, `&#xfc;`
fn reference(text: &str, c: char) -> Option<&str> {
    let (name, rest) = text.strip_prefix('&')?.split_once(';')?;
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    let meant = match name {
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "lt" => Some('<'),
        "gt" => Some('>'),
        _ => number.and_then(char::from_u32),
    };
    (meant? == c).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(html: &str, names: &[&str]) -> String {
        let id = |name: &&str| ContentId { id: format!("{}@x", name.len()), names: vec![(*name).to_owned()] };
        rewrite(html.to_owned(), &names.iter().map(id).collect::<Vec<_>>())
    }

    #[test]
    fn references_are_rewritten_however_they_are_written() {
        for (html, expected) in [
            ("<img src=\"cid:a.png\">", "<img src=\"cid:5@x\">"),
            ("<img src='CID:a.png'>", "<img src='CID:5@x'>"),
            ("<img src=cid:a.png>", "<img src=cid:5@x>"),
            ("<img src=Cid:a.png alt=x>", "<img src=Cid:5@x alt=x>"),
            ("url(cid:a.png)", "url(cid:5@x)"),
            ("url('cid:a%2epng')", "url('cid:5@x')"),
            ("url(&quot;cid:a.png&quot;)", "url(&quot;cid:5@x&quot;)"),
            ("srcset=\"cid:a.png 1x, cid:a.png 2x\"", "srcset=\"cid:5@x 1x, cid:5@x 2x\""),
            ("cid:a.png#top cid:a.png?", "cid:5@x#top cid:5@x?"),
            ("cid:my logo.png\"", "cid:11@x\""),
            ("cid:my%20logo.png", "cid:11@x"),
            ("cid:my&#32;logo.png", "cid:11@x"),
            ("cid:m%79%20l%6Fgo.png", "cid:11@x"),
            ("cid:gr%C3%B6%c3%9fer.png", "cid:12@x"),
            ("cid:größer.png", "cid:12@x"),
            ("cid:gr&#xF6;&#223;er.png", "cid:12@x"),
            ("cid:a&b", "cid:3@x"),
            ("cid:a&amp;b", "cid:3@x"),
            ("cid:a%26b", "cid:3@x"),
            ("cid:a.png", "cid:5@x"),
            ("cid:a.pngx cid:a.png.bak cid:xa.png", "cid:a.pngx cid:a.png.bak cid:xa.png"),
            ("acid:a.png x-cid:a.png cid :a.png cid:A.png", "acid:a.png x-cid:a.png cid :a.png cid:A.png"),
            ("cid:a.pn", "cid:a.pn"),
            ("cid:", "cid:"),
            (":a.png ücid:a.png", ":a.png ücid:a.png"),
            ("cid:%zz%ü%", "cid:%zz%ü%"),
        ] {
            let names = ["a.png", "my logo.png", "größer.png", "a&b"];
            assert_eq!(rewritten(html, &names), expected, "{html}");
        }
        assert_eq!(rewritten("cid:a b.png cid:a", &["a", "a b.png"]), "cid:7@x cid:1@x");
        assert_eq!(rewritten("cid:a", &[]), "cid:a");
    }

    #[test]
    fn identifiers_are_made_of_names_and_are_identifiers() {
        for (name, begin) in [
            ("a.png", "a.png."),
            ("my logo.png", "my-logo.png."),
            ("größe.png", "gr--e.png."),
            (".hidden..x.", "hidden.x."),
            ("<\"@>", "----."),
            ("...", ""),
            ("", ""),
        ] {
            let sender = Mailbox::parse("me@x.example").unwrap();
            let made = || made(vec![name.to_owned()], Some(&sender)).unwrap().id;
            let id = made();
            let random = id.strip_prefix(begin).and_then(|id| id.strip_suffix("@x.example")).unwrap();
            assert!(random.len() == 32 && random.bytes().all(|octet| octet.is_ascii_hexdigit()), "{id}");
            assert_eq!(id::parse(&id).as_deref(), Ok(id.as_str()));
            assert_ne!(id, made());
        }
        let long = made(vec!["n".repeat(5000)], None).unwrap().id;
        assert!(long.len() < 200 && id::parse(&long).is_ok());
        assert_eq!(given("<logo@x>").unwrap().id, "logo@x");
        for text in ["a\r\nBcc: x@y", "a b", "<a><b>", "", "<a"] {
            assert!(matches!(given(text), Err(DraftError::ContentId { .. })), "{text:?}");
        }
    }
}
