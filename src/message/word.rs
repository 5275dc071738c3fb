//! Encoded words, read (RFC 2047, sections 2 and 4). They are written by mail-builder.

use encodify::rfc2047::EncodedWord;
use encoding_rs::Encoding;

/// The text of an atom that is one encoded word. None if it is none, its charset is unknown, its octets do not
/// fit the charset, or a control character is hidden in it: then it is left as it is.
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

#[cfg(test)]
mod tests {
    use super::decode;

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
