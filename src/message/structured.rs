//! Values of fields, written so that no address, identifier or URI ends up within an encoded word (RFC 2047,
//! section 5; RFC 5322, sections 3.4 and 3.6).
//!
//! In a field with a structure only phrases and comments are encoded. A field that nobody here knows has a
//! structure if its value is a list of mailboxes; else it is text, and what stands in it like an address or a
//! URI stays as it is.

use mail_builder::headers::{HeaderType, raw::Raw, text::Text};

use super::address::parse_list;
use super::tokens::{Token, is_uri, tokens};
use super::{comment, date, media_type, spans, word};
use crate::smtp::path::Mailbox;

/// The longest word that may stand unencoded in a header, in octets: it cannot be folded.
const LONGEST_WORD: usize = 900;
/// The longest line with an encoded word in it (RFC 2047, section 2).
const LONGEST_ENCODED_LINE: usize = 76;

/// Fields with a structure whose names do not tell. Those that do: see [`is_structured`].
const STRUCTURED: [&str; 25] = [
    "Accept-Language",
    "Archived-At",
    "Authentication-Results",
    "Auto-Submitted",
    "Autocrypt",
    "Deferred-Delivery",
    "Delivery-Date",
    "Expires",
    "Expiry-Date",
    "Importance",
    "Keywords",
    "Language",
    "Latest-Delivery-Time",
    "Newsgroups",
    "Obsoletes",
    "Original-Message-ID",
    "Original-Recipient",
    "Precedence",
    "Priority",
    "Received",
    "Reply-By",
    "Return-Path",
    "Sensitivity",
    "Supersedes",
    "X-Priority",
];

/// Free text: ASCII as it is, folded at its blanks; anything else, or a word that is too long for a line, as
/// encoded words.
pub(super) fn text(value: &str) -> HeaderType<'static> {
    let value = value.trim_matches([' ', '\t']);
    let fits =
        |word: &str| word.len() <= LONGEST_WORD || word.contains('@') || is_uri(word.trim_start_matches('<'));
    let is_plain = value.is_ascii() && value.split([' ', '\t']).all(fits);
    if is_plain { Raw::new(value.to_owned()).into() } else { Text::new(value.to_owned()).into() }
}

/// The value of a field that is a list of addresses, or of identifiers, which has been checked: a name that
/// needs quotation marks gets them, and a group that does not end its `;`. None if something else in it does
/// not end.
pub(super) fn list(name: &str, value: &str) -> Option<HeaderType<'static>> {
    let tokens = tokens(value.trim_matches([' ', '\t']))?;
    Some(folded(name, &written(&tokens, true)))
}

/// The value of any other field.
pub(super) fn field(name: &str, value: &str) -> HeaderType<'static> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let value = value.trim_matches([' ', '\t']);
    if is("Resent-Date")
        && let Ok(date) = date::parse(value)
    {
        return Raw::new(date).into();
    }
    if names_addresses(name)
        && is_list(value)
        && let Some(list) = list(name, value)
    {
        return list;
    }
    if value.is_ascii() || is("Subject") || is("Comments") || is("Content-Description") {
        return text(value);
    }
    if is("Content-Disposition")
        && let Some(disposition) = media_type::parse_disposition(value)
    {
        return disposition.into();
    }
    if (is_structured(name) || is_list(value))
        && let Some(tokens) = tokens(value)
    {
        return folded(name, &written(&tokens, false));
    }
    spans::written(value).map_or_else(|| text(value), |value| folded(name, &value))
}

/// Mailboxes, and nothing else? Quotation marks of a language are no part of one.
fn is_list(value: &str) -> bool {
    let is_mailbox = |text: String| text.chars().all(|c| c.is_ascii() || c.is_alphanumeric());
    parse_list(value, None)
        .is_ok_and(|list| !list.is_empty() && list.iter().all(|address| is_mailbox(address.path.to_string())))
}

/// `Resent-From`, `Errors-To` and their like, also those that somebody invented.
fn names_addresses(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["-to", "-cc", "-from", "-sender"].iter().any(|end| name.ends_with(end))
}

fn is_structured(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["resent-", "list-", "content-"].iter().any(|start| name.starts_with(start))
        || names_addresses(&name)
        || STRUCTURED.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// In lines that are short enough for encoded words; without any, mail-builder folds.
fn folded(name: &str, value: &str) -> HeaderType<'static> {
    if !value.contains("=?") {
        return Raw::new(value.to_owned()).into();
    }
    let mut out = String::with_capacity(value.len() + 16);
    let mut column = name.len() + 2;
    let mut rest = value;
    while !rest.is_empty() {
        let atom = rest.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(rest.len());
        let end =
            rest.get(atom..).and_then(|rest| rest.find([' ', '\t'])).map_or(rest.len(), |end| atom + end);
        if atom > 0 && column + end > LONGEST_ENCODED_LINE {
            out.push_str("\r\n");
            column = 0;
        }
        let (piece, behind) = rest.split_at(end);
        out.push_str(piece);
        column += end;
        rest = behind;
    }
    Raw::new(out).into()
}

/// A value while it is written.
#[derive(Default)]
pub(super) struct Out {
    text: String,
    after: After,
}

/// What was written last: an encoded word must have blanks around it, and a comment with one should, so that the line
/// can be folded there.
#[derive(Default, PartialEq, Eq)]
enum After {
    #[default]
    Plain,
    Encoded,
    Comment,
}

impl Out {
    /// As it is.
    pub fn plain(&mut self, text: &str) {
        let Some(first) = text.chars().next() else { return };
        match std::mem::take(&mut self.after) {
            After::Encoded if !matches!(first, ' ' | '\t') => self.text.push(' '),
            After::Comment if !matches!(first, ' ' | '\t' | ',' | ';' | ':') => self.text.push(' '),
            _ => {}
        }
        self.text.push_str(text);
    }

    /// As encoded words.
    pub fn encoded(&mut self, text: &str) {
        self.blank();
        self.text.push_str(&word::encode(text));
        self.after = After::Encoded;
    }

    fn comment(&mut self, text: &str) {
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        self.blank();
        self.text.push_str(&format!("({})", word::encode(&comment::unquoted(inner))));
        self.after = After::Comment;
    }

    /// A blank, if there is none.
    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\t']) {
            self.text.push(' ');
        }
    }

    /// All of it.
    pub fn end(self) -> String {
        self.text
    }
}

/// The tokens again, with phrases and comments encoded where they are not ASCII.
fn written(tokens: &[Token<'_>], is_list: bool) -> String {
    let mut out = Out::default();
    let (mut at, mut group) = (0, false);
    let is_ascii = tokens.iter().all(|token| token.text().is_ascii());
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Comment(text) if !text.is_ascii() => out.comment(text),
            Token::Angle(text) => out.plain(&angle(text)),
            Token::Comment(text) => out.plain(text),
            Token::Delimiter(text) => {
                group = (group || *text == ":") && *text != ";";
                out.plain(text);
                let next = tokens.get(at + 1);
                if !is_ascii && *text == "," && next.is_some_and(|next| !matches!(next, Token::Blank(_))) {
                    // Here a line with encoded words can be folded.
                    out.plain(" ");
                }
            }
            Token::Blank(_) | Token::Quoted(_) | Token::Word(_) => {
                let rest = tokens.get(at..).unwrap_or_default();
                let is_run =
                    |token: &Token<'_>| matches!(token, Token::Blank(_) | Token::Quoted(_) | Token::Word(_));
                let length = rest.iter().take_while(|token| is_run(token)).count();
                let (run, behind) = rest.split_at(length);
                write_run(&mut out, run, behind.first(), is_list);
                at += length;
                continue;
            }
        }
        at += 1;
    }
    if group && is_list {
        out.plain(";");
    }
    out.end()
}

/// Words side by side: a phrase if a `<` or a colon follows, else addresses, URIs, tokens or text.
fn write_run(out: &mut Out, run: &[Token<'_>], next: Option<&Token<'_>>, is_list: bool) {
    let is_blank = |token: &Token<'_>| matches!(token, Token::Blank(_));
    let start = run.iter().take_while(|token| is_blank(token)).count();
    let end = run.iter().rposition(|token| !is_blank(token)).map_or(start, |last| last + 1);
    let (blanks, words) = (run.get(..start).unwrap_or_default(), run.get(start..end).unwrap_or_default());
    blanks.iter().for_each(|blank| out.plain(blank.text()));
    let is_phrase = matches!(next, Some(Token::Angle(_) | Token::Delimiter(":")));
    let is_ascii = words.iter().all(|token| token.text().is_ascii());
    match (is_phrase, is_ascii) {
        (true, false) => out.encoded(&text_of(words)),
        (true, true) if is_list && !words.iter().all(is_strict) => {
            out.plain(&format!("\"{}\"", text_of(words).replace('\\', "\\\\").replace('"', "\\\"")));
        }
        (_, true) => words.iter().for_each(|token| out.plain(token.text())),
        (false, false) => write_words(out, words),
    }
    run.get(end..).unwrap_or_default().iter().for_each(|blank| out.plain(blank.text()));
}

/// May it stand in a phrase that is written today?
fn is_strict(token: &Token<'_>) -> bool {
    let is_atext = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet);
    !matches!(token, Token::Word(word) if !word.bytes().all(is_atext))
}

/// Addresses and URIs as they are, what is between them encoded where it is not ASCII.
fn write_words(out: &mut Out, words: &[Token<'_>]) {
    let mut text: Vec<Token<'_>> = Vec::new();
    for unit in words.chunk_by(|one, two| !matches!(one, Token::Blank(_)) && !matches!(two, Token::Blank(_)))
    {
        let whole: String = unit.iter().map(|token| token.text()).collect();
        match protected(&whole) {
            Some(kept) => {
                write_text(out, &mut text);
                out.plain(&kept);
            }
            None => text.extend_from_slice(unit),
        }
    }
    write_text(out, &mut text);
}

/// Takes the text that has gathered; the blanks around it stay outside.
fn write_text(out: &mut Out, gathered: &mut Vec<Token<'_>>) {
    let text = std::mem::take(gathered);
    if text.iter().all(|token| token.text().is_ascii()) {
        return text.iter().for_each(|token| out.plain(token.text()));
    }
    let first = text.iter().position(|token| !matches!(token, Token::Blank(_))).unwrap_or_default();
    let last = text.iter().rposition(|token| !matches!(token, Token::Blank(_))).unwrap_or_default();
    for (at, token) in text.iter().enumerate() {
        if at == first {
            out.encoded(&text_of(text.get(first..=last).unwrap_or_default()));
        } else if at < first || at > last {
            out.plain(token.text());
        }
    }
}

/// What the words say: without quotation marks, and with encoded words decoded.
fn text_of(words: &[Token<'_>]) -> String {
    let text = |token: &Token<'_>| match token {
        Token::Quoted(text) => comment::unquoted(text.get(1..text.len() - 1).unwrap_or_default()),
        Token::Word(text) => word::decode(text).unwrap_or_else(|| (*text).to_owned()),
        other => other.text().to_owned(),
    };
    words.iter().map(text).collect()
}

/// An address or a URI, as it may stand in a header; none if it is neither.
pub(super) fn protected(text: &str) -> Option<String> {
    if is_uri(text) {
        return Some(percent_encoded(text));
    }
    match text.contains('@') {
        true if text.is_ascii() => Some(text.to_owned()),
        true => Mailbox::parse(text).ok().map(|mailbox| format!("{mailbox:#}")),
        false => None,
    }
}

/// What stands in `<` and `>`.
pub(super) fn angle(text: &str) -> String {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let kept = if text.is_ascii() { None } else { protected(inner.trim()) };
    kept.map_or_else(|| text.to_owned(), |kept| format!("<{kept}>"))
}

/// An IRI as the URI that stands for it (RFC 3987, section 3.1).
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut octets = [0; 4];
            out.extend(c.encode_utf8(&mut octets).bytes().map(|octet| format!("%{octet:02X}")));
        }
    }
    out
}

#[cfg(test)]
mod tests;
