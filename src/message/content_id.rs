//! Content-IDs of inline parts, and the references to them in HTML (RFC 2045, section 7; RFC 2392).
//!
//! An identifier that was made is `name.random@domain`, as unique as a Message-ID: a reader that finds the
//! same one in two messages shows the older one's picture. The text still says `cid:` and the name; that is
//! rewritten here.

use super::compose::DraftError;
use super::html::places;
use super::id;
use ehlo_smtp::path::Mailbox;

/// How much of a name goes into an identifier, in characters.
const LONGEST_NAME: usize = 64;

/// The identifier of an inline part.
pub(super) struct ContentId {
    /// Without brackets.
    pub id: String,
    /// What else the HTML can call the part.
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

/// Puts the identifiers in place of the names behind `cid:` where a reader looks for a part: see `html`. Also
/// returns the names that are elsewhere, and stay.
pub(super) fn rewrite(html: String, ids: &[ContentId]) -> (String, Vec<String>) {
    let mut known: Vec<(&str, &str)> =
        ids.iter().flat_map(|id| id.names.iter().map(|name| (name.as_str(), id.id.as_str()))).collect();
    // The longest first (`a b.png` before `a`), equal ones in their order.
    known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut left: Vec<String> = Vec::new();
    if known.is_empty() {
        return (html, left);
    }
    let mut out = String::with_capacity(html.len() + 64 * known.len());
    let mut done = 0;
    let places = places(&html);
    let mut places = places.iter().peekable();
    for at in memchr::memchr2_iter(b'c', b'C', html.as_bytes()) {
        let Some((before, rest)) = html.split_at_checked(at) else { continue };
        let Some(behind) = scheme(rest).filter(|_| at >= done && !goes_on_in(before)) else { continue };
        let found = known.iter().find_map(|(name, id)| Some((spelled(behind, name)?, *name, *id)));
        let Some((length, name, id)) = found else { continue };
        while places.next_if(|place| place.range.end <= at).is_some() {}
        if places.peek().is_some_and(|place| place.has_reference_at(&html, at)) {
            let start = html.len() - behind.len();
            out.push_str(html.get(done..start).unwrap_or_default());
            out.push_str(id);
            done = start + length;
        } else if !left.iter().any(|known| known == name) {
            left.push(name.to_owned());
        }
    }
    out.push_str(html.get(done..).unwrap_or_default());
    (out, left)
}

/// What follows `cid:`, if it begins with that.
fn scheme(text: &str) -> Option<&str> {
    let rest = text.get(3..).filter(|_| text.get(..3).is_some_and(|cid| cid.eq_ignore_ascii_case("cid")))?;
    rest.strip_prefix(':').or_else(|| reference(rest, ':'))
}

/// Whether a longer word ends with what follows.
fn goes_on_in(before: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
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

/// The names of the characters from U+00A0 on, in order (HTML, section 13.5).
const LATIN_1: &str = "\
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
    acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde \
    Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute \
    Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde \
    auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// `&amp;`, `&#252;`, `&#xfc;`, `&uuml;`
fn reference(text: &str, c: char) -> Option<&str> {
    /// No reference that is understood is longer.
    const LONGEST: usize = 16;
    let text = text.strip_prefix('&')?;
    let end = text.bytes().take(LONGEST).position(|octet| octet == b';')?;
    let (name, rest) = (text.get(..end)?, text.get(end + 1..)?);
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
        "colon" => Some(':'),
        _ => match LATIN_1.split(' ').position(|known| known == name) {
            Some(at) => u32::try_from(at).ok().and_then(|at| char::from_u32(0xa0 + at)),
            None => number.and_then(char::from_u32),
        },
    };
    (meant? == c).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(html: &str, names: &[&str]) -> String {
        let id = |name: &&str| ContentId { id: format!("{}@x", name.len()), names: vec![(*name).to_owned()] };
        let ids: Vec<ContentId> = names.iter().map(id).collect();
        if html.starts_with("<img") {
            return rewrite(html.to_owned(), &ids).0;
        }
        let (html, _) = rewrite(format!("<style>{html}</style>"), &ids);
        html["<style>".len()..html.len() - "</style>".len()].to_owned()
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
            ("cid:gr&ouml;&szlig;er.png", "cid:12@x"),
            ("<img src='cid&colon;a.png'>", "<img src='cid&colon;5@x'>"),
            ("cid&#58;a.png cid%3Aa.png", "cid&#58;5@x cid%3Aa.png"),
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
    fn what_is_no_reference_stays_and_is_told() {
        assert_eq!(LATIN_1.split(' ').count(), 96);
        let id = ContentId { id: "1@x".to_owned(), names: vec!["a.png".to_owned()] };
        let ids = [id];
        for html in [
            "say cid:a.png",
            "<!-- <img src=cid:a.png> -->",
            "<script>x = '<img src=\"cid:a.png\">'</script>",
            "<TEXTAREA><img src=cid:a.png></TextArea>",
            "<a href='https://x/?q=cid:a.png'>",
            "<img alt='cid:a.png'>",
            "<p style='background: url(https://x/?q=cid:a.png)'>",
        ] {
            let (out, left) = rewrite(html.to_owned(), &ids);
            assert_eq!((out.as_str(), left), (html, vec!["a.png".to_owned()]), "{html}");
        }
        for html in [
            "<!-- - --><p><img\n src = \" cid:a.png\">",
            "<script>1 < 2</script x><td BACKGROUND=cid:a.png>",
            "<video poster=\"cid:a.png\"/>",
            "<object data='cid:a.png'></object>",
            "<a title='>' href='cid:a.png'>",
            "<p style=\"background: url(&quot;cid:a.png&quot;)\">",
            "<Style>a { background: url('cid:a.png') }</style>",
            "<svg><image xlink:href='cid:a.png'/></svg>",
            "<img srcset='x 1x,cid:a.png 2x'>",
        ] {
            let (out, left) = rewrite(html.to_owned(), &ids);
            assert_eq!((out, left), (html.replace("a.png", "1@x"), Vec::new()), "{html}");
        }
        for piece in ["<!--", "<a b='", "<script>", "cid:&", "<a cid:a.png", "<style>"] {
            let html = piece.repeat(20_000);
            assert_eq!(rewrite(html.clone(), &ids).0, html);
        }
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
