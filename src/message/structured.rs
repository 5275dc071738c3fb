//! Values of fields, written so that no address, identifier or URI ends up within an encoded word (RFC 2047,
//! section 5; RFC 5322, sections 3.4 and 3.6).
//!
//! In a field with a structure only phrases and comments are encoded. A field that is not known here has a
//! structure if its value is a list of mailboxes. Otherwise it is text, and what looks like an address or a
//! URI stays as it is.

use mail_builder::headers::{HeaderType, raw::Raw, text::Text};

use super::address::parse_list;
use super::compose::DraftError;
use super::phrases::{LONGEST_WORD, written};
use super::tokens::{is_uri, tokens};
use super::{date, media_type, spans};
use ehlo_smtp::path::Mailbox;

/// The longest line with an encoded word in it (RFC 2047, section 2).
const LONGEST_ENCODED_LINE: usize = 76;

/// Fields with a structure whose names do not show it. For those that do, see [`is_structured`].
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

/// Fields whose values are long words in which blanks mean nothing: base64 and its like.
const FOLDED_WITHIN_WORDS: [&str; 4] = ["Autocrypt", "Autocrypt-Gossip", "Face", "X-Face"];
/// How long the pieces of such a word become.
const PIECE_OF_WORD: usize = 70;

/// Free text: ASCII as it is, folded at its blanks; anything else, or a word that is too long for a line, as
/// encoded words.
pub(super) fn text(value: &str) -> HeaderType<'static> {
    let value = value.trim_matches([' ', '\t']);
    if value.is_ascii() && fits(value) {
        Raw::new(value.to_owned()).into()
    } else {
        Text::new(value.to_owned()).into()
    }
}

/// Whether every word is short enough for a line. Addresses and URIs must not be encoded, however long they
/// are.
fn fits(value: &str) -> bool {
    value
        .split([' ', '\t'])
        .all(|word| word.len() <= LONGEST_WORD || word.contains('@') || is_uri(word.trim_start_matches('<')))
}

/// With blanks in the words that are too long for a line.
fn with_blanks(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + value.len() / PIECE_OF_WORD + 1);
    for word in value.split_inclusive([' ', '\t']) {
        if word.len() <= LONGEST_WORD {
            out.push_str(word);
            continue;
        }
        for (at, c) in word.char_indices() {
            if at > 0 && at % PIECE_OF_WORD == 0 {
                out.push(' ');
            }
            out.push(c);
        }
    }
    out
}

/// The value of a field that is a list of addresses, or of identifiers, which has been checked: a name that
/// needs quotation marks gets them, and an open group its `;`. `None` if something else in it does not end.
pub(super) fn list(name: &str, value: &str) -> Option<HeaderType<'static>> {
    let tokens = tokens(value.trim_matches([' ', '\t']))?;
    Some(folded(name, &written(&tokens, true)))
}

/// The value of any other field.
///
/// # Errors
/// [`DraftError::LongWord`]: a long word in a field with a structure, which must not be encoded.
pub(super) fn field(name: &str, value: &str) -> Result<HeaderType<'static>, DraftError> {
    let value = value.trim_matches([' ', '\t']);
    if !value.is_ascii() || fits(value) {
        return Ok(short(name, value));
    }
    if FOLDED_WITHIN_WORDS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return Ok(Raw::new(with_blanks(value)).into());
    }
    if is_structured(name) {
        return Err(DraftError::LongWord { name: name.to_owned() });
    }
    Ok(short(name, value))
}

/// The value of a field without long words, or of one where they can be encoded.
fn short(name: &str, value: &str) -> HeaderType<'static> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
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

/// Whether it is a list of mailboxes and nothing else. Typographic quotation marks belong to no mailbox.
fn is_list(value: &str) -> bool {
    parse_list(value, None).is_ok_and(|list| {
        !list.is_empty() && list.iter().all(|address| address.mailbox().is_none_or(is_mailbox))
    })
}

/// Whether it is an address, and not text that looks like one.
pub(super) fn is_mailbox(mailbox: &Mailbox) -> bool {
    mailbox.to_string().chars().all(|c| c.is_ascii() || c.is_alphanumeric())
}

/// Whether its name is like `Resent-From` or `Errors-To`, known or not.
pub(super) fn names_addresses(name: &str) -> bool {
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

#[cfg(test)]
mod tests;
