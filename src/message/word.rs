//! Encoded words (RFC 2047, sections 2 and 4). Those of whole texts and of display names are written by
//! mail-builder, those inside a value with a structure here.

use encodify::base64;
use encodify::rfc2047::{B, EncodedWord, Q_PHRASE};
use encoding_rs::Encoding;

/// The text of an atom that is one encoded word. `None` if it is not one, its charset is unknown, its octets
/// do not fit the charset, or a control character is hidden in it: then it is left as it is.
pub(super) fn decode(atom: &str) -> Option<String> {
    let (word, length) = EncodedWord::parse(atom.as_bytes())?;
    if length != atom.len() {
        return None;
    }
    let octets = word.decode().ok()?;
    let charset = Encoding::for_label(word.charset)?;
    let text = charset.decode_without_bom_handling_and_without_replacement(&octets)?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// How long an encoded word becomes, in octets. 75 are allowed, and lines of 76: this leaves room for the
/// name of any usual field in front.
const LONGEST: usize = 45;

/// A text as encoded words that a phrase or a comment can hold (section 5), with blanks between them, which
/// are left out in decoding. No character is split.
pub(super) fn encode(text: &str) -> String {
    let is_q = Q_PHRASE.payload_len(text) < base64::STANDARD.encoded_len(text.len());
    let (begin, encoder) = if is_q { ("=?utf-8?Q?", Q_PHRASE) } else { ("=?utf-8?B?", B) };
    let (mut out, mut rest) = (String::new(), text);
    while !rest.is_empty() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(begin);
        let taken = encoder.encode_payload(rest, LONGEST - begin.len() - "?=".len(), &mut out);
        out.push_str("?=");
        // A character has 12 octets at most: one always fits.
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, decode, encode};

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for text in
            ["Jörg", "a (b) \"c\", <d@e>; f: g_h=i?", "語".repeat(100).as_str(), "ü".repeat(99).as_str()]
        {
            let words = encode(text);
            assert!(words.split(' ').all(|word| word.len() <= LONGEST), "{words}");
            let read: Option<String> = words.split(' ').map(decode).collect();
            assert_eq!(read.as_deref(), Some(text));
        }
        assert_eq!(encode("Jörg Müller"), "=?utf-8?B?SsO2cmcgTcO8bGxlcg==?=");
        assert_eq!(encode("Jörg Mueller"), "=?utf-8?Q?J=C3=B6rg_Mueller?=");
    }

    #[test]
    fn what_can_be_decoded_is() {
        for (atom, text) in [
            ("=?utf-8?Q?a_b=C3=BC?=", Some("a bü")),
            ("=?UTF-8*de?b?w7w=?=", Some("ü")),
            ("=?iso-8859-1?q?=FC?=", Some("ü")),
            ("=?us-ascii?q?a?=", Some("a")),
            ("=?utf-8?Q?a?=b", None),
            ("=?utf-8?X?a?=", None),
            ("=?unheard-of?Q?a?=", None),
            ("=?utf-8?Q?=C3?=", None),
            ("=?utf-8?Q?=00?=", None),
            ("plain", None),
            ("=?", None),
        ] {
            assert_eq!(decode(atom).as_deref(), text, "{atom:?}");
        }
    }
}
