//! The name in front of `<>` (RFC 5322, section 3.2.5; encoded words in it: RFC 2047, section 5): a phrase,
//! and whatever people write in place of one.

use super::tokens::{Kind, Parser, Piece};
use super::{AddressError, word};

impl Parser<'_> {
    /// The same, and whatever else may stand in front of a `<`.
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
                // There is no group in a group: a colon says nothing there.
                Some(c) if is_separator(c) && !(in_group && c == ':') => return Ok(pieces),
                // Line ends of Unicode's are none of RFC 5322, and no part of a name either.
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

    /// An encoded word that stands here, though there be separators in it (RFC 2047, section 5 (3), has none
    /// in a phrase).
    fn encoded_word(&self) -> Option<String> {
        let rest = self.text.get(self.at..).filter(|rest| rest.starts_with(&['=', '?']))?;
        let word: String =
            rest.iter().take_while(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).collect();
        let text = word.match_indices('?').nth(2)?.0 + 1;
        let end = text + word.get(text..)?.find("?=")? + 2;
        word.get(..end).filter(|word| word::decode(word).is_some()).map(str::to_owned)
    }
}

/// What ends a name in front of `<`.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '<' | '>')
}

/// A display name out of its pieces: blanks become one, encoded words are decoded and, side by side, joined
/// (RFC 2047, section 6.2). In quotes there are none (section 5).
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
