//! Addresses and URIs in text that has no structure: they stay as they are, the text around them is encoded
//! where it is not ASCII (RFC 2047, section 5).

use super::phrases::{Out, angle, protected};
use super::tokens::is_uri;
use crate::smtp::path::Mailbox;

/// The text, written so; none if there is nothing in it that has to stay.
pub(super) fn written(text: &str) -> Option<String> {
    let mut out = Out::default();
    let (mut done, mut at) = (0, 0);
    while at < text.len() {
        let rest = text.get(at..)?;
        match span(text, at) {
            Some((start, end, kept)) if start >= done => {
                put(&mut out, text.get(done..start)?);
                out.plain(&kept);
                (done, at) = (end, end);
            }
            _ => at += rest.chars().next()?.len_utf8(),
        }
    }
    put(&mut out, text.get(done..)?);
    (done > 0).then(|| out.end())
}

/// What begins at `at` (for an address: where its `@` is) and has to stay: from where to where, and what is
/// written.
fn span(text: &str, at: usize) -> Option<(usize, usize, String)> {
    let (before, rest) = text.split_at_checked(at)?;
    match rest.chars().next()? {
        '<' => {
            let end = rest.find(['>', ' ', '\t'])?;
            let whole = rest.get(..=end).filter(|whole| whole.ends_with('>'))?;
            protected(whole.get(1..end)?)?;
            Some((at, at + end + 1, angle(whole)))
        }
        '@' => address(before, rest),
        c if c.is_ascii_alphabetic() && !before.ends_with(|c: char| c.is_alphanumeric()) && is_uri(rest) => {
            let end = rest.find([' ', '\t', '<', '>', '"']).unwrap_or(rest.len());
            let uri = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
            Some((at, at + uri.len(), protected(uri)?))
        }
        _ => None,
    }
}

/// An address whose local part ends `before`, and whose `@` and domain begin `rest`.
fn address(before: &str, rest: &str) -> Option<(usize, usize, String)> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local = before.len() - before.chars().rev().take_while(|c| is_local(*c)).count();
    if before.get(..local)?.ends_with(char::is_alphanumeric) {
        // The local part goes on outside ASCII: in a text that nobody reads addresses from it is a word.
        return None;
    }
    let is_domain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let domain = rest.get(1..)?;
    let end = domain.find(|c| !is_domain(c)).unwrap_or(domain.len());
    let domain = domain.get(..end)?.trim_end_matches(['.', '-']);
    let whole = format!("{}@{domain}", before.get(local..)?);
    let mailbox = Mailbox::parse(&whole).ok()?;
    Some((local, before.len() + 1 + domain.len(), format!("{mailbox:#}")))
}

/// Text between them; the blanks around it stay outside.
fn put(out: &mut Out, text: &str) {
    if text.is_ascii() {
        return out.plain(text);
    }
    let blanks = [' ', '\t'];
    let start = text.len() - text.trim_start_matches(blanks).len();
    let end = text.trim_end_matches(blanks).len();
    out.plain(text.get(..start).unwrap_or_default());
    out.encoded(text.get(start..end).unwrap_or_default());
    out.plain(text.get(end..).unwrap_or_default());
}
