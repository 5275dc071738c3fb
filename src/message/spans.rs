//! Addresses and URIs in text that has no structure: they stay as they are, the text around them is encoded
//! where it is not ASCII (RFC 2047, section 5).
//!
//! A word between blanks that is all ASCII stays whole: an encoded word must have blanks around it, so one
//! within a word would change what is read.

use super::phrases::{LONGEST_WORD, Out, angle, protected};
use super::tokens::is_uri;
use ehlo_smtp::path::Mailbox;

const BLANKS: [char; 2] = [' ', '\t'];

enum Piece<'a> {
    Blank(&'a str),
    /// It stays as it is.
    Kept(String),
    /// It is encoded.
    Text(&'a str),
}

/// What has to stay: from where to where, and what is written.
type Span = (usize, usize, String);

/// The text with these kept; `None` if there is nothing in it that has to stay.
pub(super) fn written(text: &str) -> Option<String> {
    let (mut pieces, mut has_span) = (Vec::new(), false);
    let mut rest = text;
    while !rest.is_empty() {
        let blanks = rest.find(|c| !BLANKS.contains(&c)).unwrap_or(rest.len());
        let (blank, behind) = rest.split_at(blanks);
        let (word, behind) = behind.split_at(behind.find(BLANKS).unwrap_or(behind.len()));
        if !blank.is_empty() {
            pieces.push(Piece::Blank(blank));
        }
        if !word.is_empty() {
            has_span |= cut(word, &mut pieces);
        }
        rest = behind;
    }
    has_span.then(|| joined(pieces))
}

/// The pieces of a word, and whether there is something in it that has to stay.
fn cut<'a>(word: &'a str, pieces: &mut Vec<Piece<'a>>) -> bool {
    let spans = spans(word);
    let has_span = !spans.is_empty();
    if word.is_ascii() {
        let is_kept = has_span || (word.len() <= LONGEST_WORD && !word.contains("=?"));
        pieces.push(if is_kept { Piece::Kept(word.to_owned()) } else { Piece::Text(word) });
        return has_span;
    }
    let mut done = 0;
    let put = |text: &'a str| {
        if text.is_ascii() { Piece::Kept(text.to_owned()) } else { Piece::Text(text) }
    };
    for (start, end, kept) in spans {
        pieces.push(put(word.get(done..start).unwrap_or_default()));
        pieces.push(Piece::Kept(kept));
        done = end;
    }
    pieces.push(put(word.get(done..).unwrap_or_default()));
    has_span
}

/// Words that are encoded side by side are one text, with the blanks between them: those between two encoded
/// words are not shown.
fn joined(pieces: Vec<Piece<'_>>) -> String {
    let mut out = Out::default();
    let (mut text, mut blank) = (String::new(), "");
    for piece in pieces {
        match piece {
            Piece::Blank(blanks) => blank = blanks,
            Piece::Text(piece) => {
                if text.is_empty() {
                    out.plain(blank);
                } else {
                    text.push_str(blank);
                }
                blank = "";
                text.push_str(piece);
            }
            Piece::Kept(kept) if kept.is_empty() => {}
            Piece::Kept(kept) => {
                if !text.is_empty() {
                    out.encoded(&std::mem::take(&mut text));
                }
                out.plain(std::mem::take(&mut blank));
                out.plain(&kept);
            }
        }
    }
    if !text.is_empty() {
        out.encoded(&text);
    }
    out.plain(blank);
    out.end()
}

/// Everything in a word that has to stay, in order.
fn spans(word: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(c) = word.get(at..).and_then(|rest| rest.chars().next()) {
        match span(word, at) {
            Some((start, end, kept)) if start >= done => {
                found.push((start, end, kept));
                (done, at) = (end, end);
            }
            _ => at += c.len_utf8(),
        }
    }
    found
}

/// What begins at `at`, or, for an address, has its `@` there. No search goes beyond the next such place, so
/// that the time grows with the length of the word alone.
fn span(text: &str, at: usize) -> Option<Span> {
    let (before, rest) = text.split_at_checked(at)?;
    match rest.chars().next()? {
        '<' => {
            let end = rest.get(1..)?.find(['<', '>'])? + 1;
            let whole = rest.get(..=end).filter(|whole| whole.ends_with('>'))?;
            protected(whole.get(1..end)?)?;
            Some((at, at + end + 1, angle(whole)))
        }
        '@' => address(before, rest),
        c if c.is_ascii_alphabetic() && !before.ends_with(|c: char| c.is_alphanumeric()) && is_uri(rest) => {
            let end = rest.find(['<', '>', '"']).unwrap_or(rest.len());
            let is_mark = |c: char| match c.is_ascii() {
                true => ".,;:!?)'".contains(c),
                // Quotation marks and full stops of many languages.
                false => !c.is_alphanumeric(),
            };
            let uri = rest.get(..end)?.trim_end_matches(is_mark);
            Some((at, at + uri.len(), protected(uri)?))
        }
        _ => None,
    }
}

/// An address whose local part ends `before`, and whose `@` and domain begin `rest`.
fn address(before: &str, rest: &str) -> Option<Span> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local = before.len() - before.chars().rev().take_while(|c| is_local(*c)).count();
    if before.get(..local)?.ends_with(char::is_alphanumeric) {
        // The local part goes on outside ASCII: in free text that is a word, and no address.
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
