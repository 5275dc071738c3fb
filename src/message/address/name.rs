//! The name in front of `<>` (RFC 5322, section 3.2.5; encoded words in it: RFC 2047, section 5): a phrase,
//! and whatever people write in place of one.

use super::tokens::{Kind, Parser, Piece, start};
use super::{AddressError, AddressFault};
use crate::message::word;
use ehlo_smtp::path::{ForwardPath, Mailbox};

/// The longest encoded word that is looked for, in characters. RFC 2047, section 2, allows 75; some programs
/// write longer ones.
const LONGEST_ENCODED_WORD: usize = 1000;

impl Parser<'_> {
    /// What is in front of a `<`: words, encoded words, and whatever else does not separate addresses. It
    /// ends at what does.
    pub(super) fn name(&mut self, in_group: bool) -> Result<Vec<Piece>, AddressError> {
        let mut pieces = Vec::new();
        loop {
            let before = self.at;
            self.blanks()?;
            let (at, apart) = (self.at, self.at > before);
            if let Some(word) = self.encoded_word() {
                self.at += word.chars().count();
                pieces.push(Piece { text: word, kind: Kind::Atom, apart, at });
                continue;
            }
            // The blanks belong to the piece.
            self.at = before;
            if let Some(piece) = self.piece()? {
                pieces.push(piece);
                continue;
            }
            match self.peek() {
                None => return Ok(pieces),
                // There is no group in a group, so a colon means nothing here.
                Some(c) if is_separator(c) && !(in_group && c == ':') => return Ok(pieces),
                // Unicode has line ends that RFC 5322 does not know; they are no part of a name.
                Some(c) if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    return self.unexpected();
                }
                Some(c) => {
                    self.at += 1;
                    pieces.push(Piece { text: c.to_string(), kind: Kind::Other, apart, at });
                }
            }
        }
    }

    /// An encoded word that begins here, even if it holds separators (RFC 2047, section 5 (3), allows none in
    /// a phrase).
    fn encoded_word(&self) -> Option<String> {
        let rest = self.text.get(self.at..).filter(|rest| rest.starts_with(&['=', '?']))?;
        // Most of what begins like an encoded word is not one: that shows here, at little cost.
        let is_token = |c: &&char| c.is_ascii_alphanumeric() || "-_+*.:'".contains(**c);
        let charset = rest.iter().skip(2).take(LONGEST_ENCODED_WORD).take_while(is_token).count();
        if !matches!(rest.get(2 + charset..)?, ['?', 'b' | 'B' | 'q' | 'Q', '?', ..]) {
            return None;
        }
        let ends = |c: &char| c.is_whitespace() || matches!(c, '<' | '>');
        let word: String = rest.iter().take(LONGEST_ENCODED_WORD).take_while(|c| !ends(c)).collect();
        let text = "=?".len() + charset + "?q?".len();
        let end = text + word.get(text..)?.find("?=")? + 2;
        word.get(..end).filter(|word| word::decode(word).is_some()).map(str::to_owned)
    }
}

/// An address within the name of another one: a comma is missing, and no mail would go to it. A name that is
/// nothing but an address is a name.
pub(super) fn lost_address(name: &[Piece], path: &ForwardPath) -> Option<(usize, AddressFault)> {
    let words: Vec<&[Piece]> = name.chunk_by(|_, next| !next.apart).collect();
    if words.len() < 2 {
        return None;
    }
    let path = path.to_string();
    words.iter().find_map(|word| {
        let text: String = word.iter().map(Piece::typed).collect();
        let address = text.trim_end_matches('.');
        let is_lost = Mailbox::parse(address).is_ok() && !address.eq_ignore_ascii_case(&path);
        is_lost.then(|| (start(word), AddressFault::Lost(address.to_owned())))
    })
}

/// What ends a name in front of `<`.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '<' | '>')
}

/// A display name out of its pieces: blanks become one, encoded words are decoded and, side by side, joined
/// (RFC 2047, section 6.2). In quotation marks there are no encoded words (section 5).
pub(super) fn phrase(pieces: &[Piece]) -> Option<String> {
    let mut name = String::new();
    let mut after_encoded = false;
    for piece in pieces {
        let decoded = if piece.kind == Kind::Atom { word::decode(&piece.text) } else { None };
        let joined = after_encoded && decoded.is_some();
        if piece.apart && !name.is_empty() && !joined {
            name.push(' ');
        }
        after_encoded = decoded.is_some();
        name.push_str(&decoded.unwrap_or_else(|| piece.text.clone()));
    }
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
