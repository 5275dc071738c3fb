//! The text of a message: charsets and line ends (RFC 2046, section 4.1), and its transfer encoding (RFC
//! 2045, section 6).
//!
//! Whatever comes in leaves as UTF-8 with CRLF line ends, also at the end. What can go without an encoding
//! does: one that is not needed makes text hard to read and to search, and filters count it against the
//! sender.

use encodify::base64::MIME;
use encodify::qp;
use encoding_rs::Encoding;
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::{BodyPart, MimePart};

use super::compose::DraftError;
use super::excerpt;
use super::scan::Scan;
use super::source::Source;

/// A text as it is given.
#[derive(Debug)]
pub enum Text {
    /// Characters: the draft's charset does not matter.
    Given(String),
    /// Octets in the draft's charset.
    Octets(Source),
}

impl Text {
    /// Reads all of it, decodes it, and makes all line ends CRLF. A CR alone is no line end.
    pub(super) fn read(&self, charset: Option<&str>) -> Result<String, DraftError> {
        match self {
            // An unknown charset is a mistake even where it makes no difference.
            Text::Given(text) => encoding(charset.unwrap_or("utf-8")).map(|_| canonical(text)),
            Text::Octets(source) => {
                let what = || source.name().unwrap_or("the text").to_owned();
                let octets = source.read_all().map_err(|error| DraftError::Read { what: what(), error })?;
                Ok(canonical(&decode(octets, charset)?))
            }
        }
    }
}

fn encoding(label: &str) -> Result<&'static Encoding, DraftError> {
    // `trim` would take line ends for blanks.
    let is_fit = !label.chars().any(char::is_control);
    is_fit
        .then(|| Encoding::for_label(label.as_bytes()))
        .flatten()
        .ok_or_else(|| DraftError::UnknownCharset { charset: label.to_owned() })
}

fn decode(octets: Vec<u8>, charset: Option<&str>) -> Result<String, DraftError> {
    let label = charset.unwrap_or("utf-8");
    let encoding = encoding(label)?;
    if encoding == encoding_rs::UTF_8 {
        let text = String::from_utf8(octets).map_err(|error| {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', good).count() as u64;
            let start = memchr::memrchr(b'\n', good).map_or(0, |end| end + 1);
            let start = error.as_bytes().get(start..).unwrap_or_default();
            let start = excerpt::beginning(start.split(|octet| *octet == b'\n').next().unwrap_or_default());
            DraftError::NotUtf8 { octet: good.len() as u64 + 1, line, start }
        })?;
        // A byte order mark means nothing in UTF-8, and would be shown.
        return Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
    }
    match encoding.decode_with_bom_removal(&octets) {
        (text, false) => Ok(text.into_owned()),
        (_, true) => Err(DraftError::NotInCharset { charset: label.to_owned() }),
    }
}

/// LF and CRLF become CRLF; the last line gets one too. Empty stays empty. A CR alone ends no line: it is a
/// control character, and arrives as one.
fn canonical(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32 + 2);
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\n', rest.as_bytes()) {
        let (line, end) = rest.split_at(at);
        out.push_str(line.strip_suffix('\r').unwrap_or(line));
        out.push_str("\r\n");
        rest = end.get(1..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.push_str(rest);
        out.push_str("\r\n");
    }
    out
}

/// A text part, `subtype` being `plain` or `html`.
pub(super) fn part(subtype: &str, text: String) -> MimePart<'static> {
    let kind = ContentType::new(format!("text/{subtype}")).attribute("charset", "utf-8");
    let encoding = encoding_of(&text);
    let octets = match encoding {
        "7bit" => text.into_bytes(),
        "quoted-printable" => qp::BODY.encode(&text).into_bytes(),
        _ => {
            let mut encoded = Vec::new();
            MIME.encode_append(&text, &mut encoded);
            encoded
        }
    };
    MimePart::new(kind, BodyPart::Binary(octets.into())).transfer_encoding(encoding)
}

/// `7bit` for ASCII without control characters and without a line that is too long (RFC 2045, section 2.7):
/// blanks at line ends, dots and `From ` are the transport's business. Else `quoted-printable`, which stays
/// readable, unless most of its characters would be encoded: then `base64`.
fn encoding_of(text: &str) -> &'static str {
    let is_control = |c: char| c.is_ascii_control() && c != '\t';
    let mut scan = Scan::default();
    scan.take(text.as_bytes());
    scan.finish();
    let has_control = text.bytes().any(|octet| is_control(octet.into()) && !b"\r\n".contains(&octet));
    if !scan.eight_bit() && scan.long_line().is_none() && scan.bare_cr().is_none() && !has_control {
        return "7bit";
    }
    let (mut readable, mut others) = (0_usize, 0_usize);
    for c in text.split("\r\n").flat_map(str::chars) {
        if c.is_ascii() && !is_control(c) {
            readable += 1;
        } else {
            others += 1;
        }
    }
    if readable >= others { "quoted-printable" } else { "base64" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(octets: &[u8], charset: Option<&str>) -> Result<String, DraftError> {
        Text::Octets(Source::bytes(octets.to_vec())).read(charset)
    }

    #[test]
    fn line_ends_become_crlf_and_a_cr_alone_stays() {
        for (given, canonical) in [
            ("", ""),
            ("a", "a\r\n"),
            ("a\n", "a\r\n"),
            ("a\rb\nc\r\nd", "a\rb\r\nc\r\nd\r\n"),
            ("\n\r\r\n\n", "\r\n\r\r\n\r\n"),
            ("\n\r\n\r", "\r\n\r\n\r\r\n"),
        ] {
            assert_eq!(Text::Given(given.to_owned()).read(None).unwrap(), canonical, "{given:?}");
        }
    }

    #[test]
    fn charsets_are_decoded() {
        assert_eq!(octets(b"\xc3\xbc", None).unwrap(), "ü\r\n");
        assert_eq!(octets(b"\xef\xbb\xbfa", None).unwrap(), "a\r\n");
        assert_eq!(octets(b"\xfc", Some("ISO-8859-1")).unwrap(), "ü\r\n");
        assert_eq!(octets(b"\xa4", Some("iso-8859-15")).unwrap(), "€\r\n");
        assert_eq!(octets(b"\xff\xfea\0\n\0", Some("utf-16")).unwrap(), "a\r\n");
        assert_eq!(Text::Given("ü".to_owned()).read(Some("latin1")).unwrap(), "ü\r\n");
    }

    #[test]
    fn what_does_not_fit_its_charset_is_refused() {
        let say = |text: &[u8], charset| octets(text, charset).unwrap_err().to_string();
        assert!(say(b"a\nb\xfc", None).contains("octet 4 of the text (line 2, 'b\\xfc')"));
        assert!(say(b"a", Some("klingon")).contains("'klingon'"));
        assert!(say(b"\x81\xff", Some("shift_jis")).contains("shift_jis"));
    }

    #[test]
    fn nothing_is_encoded_that_need_not_be() {
        let long = "x".repeat(998);
        let longer = "x".repeat(999);
        for (text, encoding) in [
            ("", "7bit"),
            ("plain", "7bit"),
            ("-- \nsignature\t\n \n", "7bit"),
            (".\n..\nFrom here\n=20 a=b\n", "7bit"),
            (&long, "7bit"),
            (&longer, "quoted-printable"),
            ("nul \0 and more", "quoted-printable"),
            ("page\x0c", "quoted-printable"),
            ("del \x7f", "quoted-printable"),
            ("\x1b\x1b\x1ba\n\n\n\n", "base64"),
            ("Grüße aus Köln", "quoted-printable"),
            ("Grüße", "quoted-printable"),
            ("Größe: 5 €", "quoted-printable"),
            ("aéaéaé", "quoted-printable"),
            ("aéaéaéé", "base64"),
            ("10%\r50%\n", "quoted-printable"),
            ("语言 abc", "quoted-printable"),
            ("语言语言语 abc", "base64"),
            ("Привет, мир", "base64"),
        ] {
            assert_eq!(encoding_of(&canonical(text)), encoding, "{text:?}");
        }
    }
}
