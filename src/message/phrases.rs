//! A value with a structure, written token by token: phrases and comments that are not ASCII are encoded,
//! addresses, identifiers and URIs are not (RFC 2047, section 5).

use super::tokens::{Token, is_uri};
use super::{comment, word};
use ehlo_smtp::path::{Mailbox, is_atext};

/// The longest word that a header can hold without encoding it, in octets: it cannot be folded.
pub(super) const LONGEST_WORD: usize = 900;

/// A value while it is written.
#[derive(Default)]
pub(super) struct Out {
    text: String,
    after: After,
}

/// What was written last: an encoded word must have blanks around it, and a comment with one should, so that
/// the line can be folded there.
#[derive(Default, PartialEq, Eq)]
enum After {
    #[default]
    Plain,
    Encoded,
    Comment,
}

impl Out {
    /// Adds text as it is.
    pub fn plain(&mut self, text: &str) {
        let Some(first) = text.chars().next() else { return };
        match std::mem::take(&mut self.after) {
            After::Encoded if !matches!(first, ' ' | '\t') => self.text.push(' '),
            After::Comment if !matches!(first, ' ' | '\t' | ',' | ';' | ':') => self.text.push(' '),
            _ => {}
        }
        self.text.push_str(text);
    }

    /// Adds text as encoded words.
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

    /// Adds a blank, if there is none.
    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\t']) {
            self.text.push(' ');
        }
    }

    /// The whole value.
    pub fn end(self) -> String {
        self.text
    }
}

/// The tokens again, with phrases and comments encoded where they are not ASCII. In a list of addresses a
/// name that needs quotation marks gets them, and a group at the end its `;`.
pub(super) fn written(tokens: &[Token<'_>], is_list: bool) -> String {
    let mut out = Out::default();
    let (mut at, mut group, mut has_parameters) = (0, false, false);
    let is_ascii = tokens.iter().all(|token| token.text().is_ascii());
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Comment(text) if !text.is_ascii() => out.comment(text),
            Token::Angle(text) => out.plain(&angle(text)),
            Token::Comment(text) => out.plain(text),
            Token::Delimiter(text) => {
                group = (group || *text == ":") && *text != ";";
                has_parameters = !is_list && (has_parameters || *text == ";");
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
                let form = Form { is_list, has_parameters };
                write_run(&mut out, run, behind.first(), form);
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

/// What the field holds.
#[derive(Clone, Copy)]
struct Form {
    /// Addresses or identifiers.
    is_list: bool,
    /// Parameters, from here on: `; name=value` (RFC 2045, section 5.1).
    has_parameters: bool,
}

/// Words side by side: a phrase if a `<` or a colon follows, else addresses, URIs, tokens or text.
fn write_run(out: &mut Out, run: &[Token<'_>], next: Option<&Token<'_>>, form: Form) {
    let is_blank = |token: &Token<'_>| matches!(token, Token::Blank(_));
    let start = run.iter().take_while(|token| is_blank(token)).count();
    let end = run.iter().rposition(|token| !is_blank(token)).map_or(start, |last| last + 1);
    let (blanks, words) = (run.get(..start).unwrap_or_default(), run.get(start..end).unwrap_or_default());
    blanks.iter().for_each(|blank| out.plain(blank.text()));
    let is_phrase = matches!(next, Some(Token::Angle(_) | Token::Delimiter(":")));
    let is_ascii = words.iter().all(|token| token.text().is_ascii());
    match (is_phrase, is_ascii) {
        (true, false) => out.encoded(&text_of(words)),
        (true, true) if form.is_list && !words.iter().all(is_strict) => {
            out.plain(&quoted(&text_of(words)));
        }
        (_, true) => words.iter().for_each(|token| out.plain(token.text())),
        (false, false) => write_words(out, words, form.has_parameters),
    }
    run.get(end..).unwrap_or_default().iter().for_each(|blank| out.plain(blank.text()));
}

/// As a quoted string (RFC 5322, section 3.2.4).
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a phrase can hold it by today's grammar, without quotation marks.
fn is_strict(token: &Token<'_>) -> bool {
    !matches!(token, Token::Word(word) if !word.chars().all(is_atext))
}

/// Addresses and URIs as they are, what is between them encoded where it is not ASCII.
fn write_words(out: &mut Out, words: &[Token<'_>], has_parameters: bool) {
    let mut text: Vec<Token<'_>> = Vec::new();
    for unit in words.chunk_by(|one, two| !matches!(one, Token::Blank(_)) && !matches!(two, Token::Blank(_)))
    {
        let whole: String = unit.iter().map(|token| token.text()).collect();
        let parameter = if has_parameters { parameter(unit) } else { None };
        match parameter.or_else(|| protected(&whole)) {
            Some(kept) => {
                write_text(out, &mut text);
                out.plain(&kept);
            }
            None => text.extend_from_slice(unit),
        }
    }
    write_text(out, &mut text);
}

/// `name=value` with a value outside ASCII: an address stays one, anything else has the form of RFC 2231. An
/// encoded word may be neither in quotation marks nor in a parameter (RFC 2047, section 5).
fn parameter(unit: &[Token<'_>]) -> Option<String> {
    let (Token::Word(first), rest) = unit.split_first()? else { return None };
    let (name, value) = first.split_once('=')?;
    let is_name = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.".contains(&octet);
    let fits = !name.is_empty() && name.bytes().all(is_name);
    let value = match (value, rest) {
        (value, []) if !value.is_empty() => value.to_owned(),
        ("", [quoted @ Token::Quoted(_)]) => text_of(std::slice::from_ref(quoted)),
        _ => return None,
    };
    if !fits || value.is_ascii() {
        return None;
    }
    Some(match Mailbox::parse(&value) {
        // With quotation marks, if it had some.
        Ok(mailbox) if !rest.is_empty() && !value.contains(['"', '\\']) => format!("{name}=\"{mailbox:#}\""),
        Ok(mailbox) if rest.is_empty() => format!("{name}={mailbox:#}"),
        // RFC 2231, section 4.
        _ => format!("{name}*=UTF-8''{}", percent_encoded(&value, is_name)),
    })
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

/// An address or a URI, in the form that a header can hold; `None` if it is neither.
pub(super) fn protected(text: &str) -> Option<String> {
    if is_uri(text) {
        // An IRI as the URI that stands for it (RFC 3987, section 3.1).
        return Some(percent_encoded(text, |octet| octet.is_ascii()));
    }
    match text.contains('@') {
        true if text.is_ascii() => Some(text.to_owned()),
        true => Mailbox::parse(text).ok().map(|mailbox| format!("{mailbox:#}")),
        false => None,
    }
}

/// What is in `<` and `>`.
pub(super) fn angle(text: &str) -> String {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let kept = if text.is_ascii() { None } else { protected(inner.trim()) };
    kept.map_or_else(|| text.to_owned(), |kept| format!("<{kept}>"))
}

/// A text whose octets are percent-encoded, but for those that may stay (RFC 3986, section 2.1).
fn percent_encoded(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for octet in text.bytes() {
        if stays(octet) {
            out.push(octet.into());
        } else {
            out.push_str(&format!("%{octet:02X}"));
        }
    }
    out
}
