//! Words that are not UTF-8, but in the charset that the locale names (POSIX, XBD 8.2): the shell of somebody
//! who uses that charset passes what they type as it is.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use encoding_rs::{Encoding, UTF_8};

/// The charset of the locale, if it is another than UTF-8 and known.
fn charset() -> Option<&'static Encoding> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    named(&["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set)?)
}

/// `ISO-8859-1` of `de_DE.ISO-8859-1@euro`.
fn named(locale: &str) -> Option<&'static Encoding> {
    let (_, charset) = locale.split_once('.')?;
    let charset = charset.split('@').next()?.to_ascii_lowercase();
    // The names of the C library, where they are not those of the web.
    let charset = match charset.as_str() {
        "eucjp" => "euc-jp",
        "euckr" => "euc-kr",
        "sjis" => "shift_jis",
        other => other,
    };
    let encoding = Encoding::for_label(charset.as_bytes())?;
    (encoding != UTF_8).then_some(encoding)
}

/// A word that is not UTF-8 as text; none if it is not in the charset of the locale either.
#[must_use]
pub fn in_locale(word: &OsStr) -> Option<String> {
    let text = charset()?.decode_without_bom_handling_and_without_replacement(word.as_bytes())?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_charset_is_behind_the_dot() {
        for (locale, name) in [
            ("de_DE.ISO-8859-1", Some("windows-1252")),
            ("de_DE.iso88591", Some("windows-1252")),
            ("de_DE.ISO-8859-15@euro", Some("ISO-8859-15")),
            ("ru_RU.KOI8-R", Some("KOI8-R")),
            ("ja_JP.eucJP", Some("EUC-JP")),
            ("de_DE.UTF-8", None),
            ("de_DE", None),
            ("C", None),
            ("C.", None),
            ("", None),
        ] {
            assert_eq!(named(locale).map(|encoding| encoding.name()), name, "{locale}");
        }
    }
}
