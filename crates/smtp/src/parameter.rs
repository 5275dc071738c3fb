//! Parameters of MAIL and RCPT (RFC 5321, section 4.1.2: `esmtp-param`), and xtext (RFC 3461, section 4).
//!
//! Which parameters there are is in the table of [`super::extension`]; here are their values.

mod names;

pub use names::{ENVID, HOLDFOR, HOLDUNTIL, NOTIFY, NOTIFY_VALUES, Notify, ORCPT, RET};

use super::extension::Extension;
use super::path::ForwardPath;
use names::NEVER;
use std::fmt::{self, Write as _};
use std::time::Duration;

/// The longest ENVID, in octets of xtext (RFC 3461, section 4.4).
const LONGEST_ENVID: usize = 100;
/// The longest original recipient, in octets of xtext (section 4.2).
const LONGEST_ORCPT: usize = 500;
/// The longest hold, in seconds (RFC 4865, section 4).
const LONGEST_HOLD: u64 = 999_999_999;

/// One parameter, `KEYWORD` or `KEYWORD=value`. It cannot hold a blank, a control character or a second `=`.
///
/// ```abnf
/// esmtp-param   = esmtp-keyword ["=" esmtp-value]
/// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
/// esmtp-value   = 1*(%d33-60 / %d62-126)
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter(String);

/// Why a text is not a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterError {
    /// The first character that does not fit, counted from 1.
    pub position: usize,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not of the form KEYWORD or KEYWORD=value (at character {})", self.position)
    }
}

impl std::error::Error for ParameterError {}

impl Parameter {
    /// Reads `KEYWORD` or `KEYWORD=value`.
    ///
    /// # Errors
    /// [`ParameterError`], with the position of the first character that does not fit.
    pub fn parse(text: &str) -> Result<Parameter, ParameterError> {
        let (keyword, value) = match text.split_once('=') {
            Some((keyword, value)) => (keyword, Some(value)),
            None => (text, None),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if keyword.starts_with('-') || keyword.is_empty() {
            return Err(ParameterError { position: 1 });
        }
        if let Some(at) = keyword.chars().position(|c| !fits(c)) {
            return Err(ParameterError { position: at + 1 });
        }
        if let Some(value) = value {
            let start = keyword.len() + 2;
            if value.is_empty() {
                return Err(ParameterError { position: start });
            }
            if let Some(at) = value.chars().position(|c| !matches!(c, '!'..='<' | '>'..='~')) {
                return Err(ParameterError { position: start + at });
            }
        }
        Ok(Parameter(text.to_owned()))
    }

    /// What an extension adds to MAIL, without a value: `SMTPUTF8`. Of several parameters it is the first.
    #[must_use]
    pub fn of(extension: Extension) -> Parameter {
        Parameter(extension.parameter().to_owned())
    }

    /// What an extension adds to MAIL, with a value. Of several parameters it is the first.
    ///
    /// # Errors
    /// [`ParameterError`], with the position of the first character that does not fit.
    pub fn with(extension: Extension, value: &str) -> Result<Parameter, ParameterError> {
        Parameter::parse(&format!("{}={value}", extension.parameter()))
    }

    /// The same with a value that fits.
    fn fit(keyword: &str, value: impl fmt::Display) -> Parameter {
        Parameter(format!("{keyword}={value}"))
    }

    /// SIZE (RFC 1870, section 6): the size of the message, in octets.
    #[must_use]
    pub fn size(octets: u64) -> Parameter {
        Parameter::fit(Extension::Size.parameter(), octets)
    }

    /// BODY=8BITMIME: the content holds octets above 127 (RFC 6152, section 3).
    #[must_use]
    pub fn eight_bit_mime() -> Parameter {
        Parameter::fit(Extension::EightBitMime.parameter(), Extension::EightBitMime.keyword())
    }

    /// RET: whether a report of a failure holds the full message, or its header only (RFC 3461, section 4.3).
    #[must_use]
    pub fn ret(full: bool) -> Parameter {
        Parameter::fit(RET, if full { "FULL" } else { "HDRS" })
    }

    /// ENVID: what reports call the message (RFC 3461, section 4.4). `None` unless it is printable ASCII of
    /// at most 100 octets in xtext, where some characters take three.
    #[must_use]
    pub fn envid(id: &str) -> Option<Parameter> {
        let value = xtext(id);
        let fits =
            !id.is_empty() && id.bytes().all(|b| matches!(b, b' '..=b'~')) && value.len() <= LONGEST_ENVID;
        fits.then(|| Parameter::fit(ENVID, value))
    }

    /// NOTIFY: what is reported of a recipient; an empty list is `NEVER` (RFC 3461, section 4.1).
    #[must_use]
    pub fn notify(wanted: &[Notify]) -> Parameter {
        let names: Vec<&str> = wanted.iter().map(|event| event.name()).collect();
        Parameter::fit(NOTIFY, if names.is_empty() { NEVER.to_owned() } else { names.join(",") })
    }

    /// ORCPT: the recipient as the sender knew it (RFC 3461, section 4.2; outside ASCII: RFC 6533, section
    /// 3). `None` if it is longer than 500 octets in xtext.
    #[must_use]
    pub fn orcpt(recipient: &ForwardPath) -> Option<Parameter> {
        let address = format!("{recipient:#}");
        let value = if address.is_ascii() {
            format!("rfc822;{}", xtext(&address))
        } else {
            format!("utf-8;{}", utf8_xtext(&address))
        };
        (value.len() <= LONGEST_ORCPT).then(|| Parameter::fit(ORCPT, value))
    }

    /// BY: deliver within this time, or return the message, or tell the sender that it is late (RFC 2852,
    /// section 4). The time counts in whole seconds, and is one at least.
    #[must_use]
    pub fn deliver_by(within: Duration, late: Late) -> Parameter {
        let mode = match late {
            Late::Return => 'R',
            Late::Notify => 'N',
        };
        let seconds = within.as_secs().clamp(1, LONGEST_HOLD);
        Parameter::fit(Extension::DeliverBy.parameter(), format_args!("{seconds};{mode}"))
    }

    /// HOLDFOR: release the message after this time (RFC 4865, section 4). It counts in whole seconds, and is
    /// one at least.
    #[must_use]
    pub fn hold_for(time: Duration) -> Parameter {
        Parameter::fit(HOLDFOR, time.as_secs().clamp(1, LONGEST_HOLD))
    }

    /// HOLDUNTIL: release the message after this moment, as RFC 3339 writes it (RFC 4865, section 4).
    ///
    /// # Errors
    /// [`ParameterError`], with the position of the first character that does not fit.
    pub fn hold_until(moment: &str) -> Result<Parameter, ParameterError> {
        Parameter::parse(&format!("{HOLDUNTIL}={moment}"))
    }

    /// MT-PRIORITY: from -9 to 9, where 0 is the usual (RFC 6710, section 5).
    #[must_use]
    pub fn priority(priority: i8) -> Parameter {
        Parameter::fit(Extension::MtPriority.parameter(), priority.clamp(-9, 9))
    }

    /// The keyword, as it is written.
    #[must_use]
    pub fn keyword(&self) -> &str {
        self.0.split('=').next().unwrap_or_default()
    }

    /// Whether this is its keyword. Case does not count.
    #[must_use]
    pub fn is(&self, keyword: &str) -> bool {
        self.keyword().eq_ignore_ascii_case(keyword)
    }

    /// What stands behind the `=`, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.0.split_once('=').map(|(_, value)| value)
    }

    /// The parameter as the command has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What happens to a message that was not delivered in time (RFC 2852, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Late {
    /// It is returned.
    Return,
    /// The sender is told; delivery is tried further.
    Notify,
}

/// Any text as a value: whatever a value cannot hold, and `+` and `=`, become `+` and two hexadecimal digits
/// (RFC 3461, section 4).
#[must_use]
pub fn xtext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        match octet {
            b'!'..=b'~' if !matches!(octet, b'+' | b'=') => out.push(char::from(octet)),
            // Writing to a String does not fail.
            octet => _ = write!(out, "+{octet:02X}"),
        }
    }
    out
}

/// The text of a value that [`xtext`] made; nothing where it is none, or not UTF-8.
#[must_use]
pub fn text_of(value: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(value.len());
    let mut pieces = value.split('+');
    octets.extend_from_slice(pieces.next()?.as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        let is_digit = |octet: u8| matches!(octet, b'0'..=b'9' | b'A'..=b'F');
        if !digits.bytes().all(is_digit) {
            return None;
        }
        octets.push(u8::from_str_radix(digits, 16).ok()?);
        octets.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(octets).ok()
}

/// An address outside ASCII as a value in ASCII: such characters, and special ones, become `\x{…}` with the
/// character's number in hexadecimal (RFC 6533, section 3: `utf-8-addr-xtext`).
fn utf8_xtext(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '!'..='~' if !matches!(c, '+' | '=' | '\\') => out.push(c),
            c => _ = write!(out, "\\x{{{:X}}}", u32::from(c)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::path::Mailbox;
    use super::*;

    #[test]
    fn xtext_hides_what_a_value_cannot_hold() {
        assert_eq!(xtext("a+b=c d\u{e9}\r"), "a+2Bb+3Dc+20d+C3+A9+0D");
        assert_eq!(utf8_xtext("j\u{fc}rgen+x@m\\y"), "j\\x{FC}rgen\\x{2B}x@m\\x{5C}y");
    }

    #[test]
    fn what_is_made_here_can_be_read_here() {
        let recipient = |text| ForwardPath::Mailbox(Mailbox::parse(text).unwrap());
        for (parameter, text) in [
            (Parameter::ret(true), "RET=FULL"),
            (Parameter::ret(false), "RET=HDRS"),
            (Parameter::envid("QQ 314+159").unwrap(), "ENVID=QQ+20314+2B159"),
            (Parameter::notify(&[]), "NOTIFY=NEVER"),
            (Parameter::notify(&[Notify::Success, Notify::Delay]), "NOTIFY=SUCCESS,DELAY"),
            (Parameter::orcpt(&recipient("Bob+x@Example.COM")).unwrap(), "ORCPT=rfc822;Bob+2Bx@Example.COM"),
            (Parameter::orcpt(&recipient("\"a b\"@x.y")).unwrap(), "ORCPT=rfc822;\"a+20b\"@x.y"),
            (Parameter::orcpt(&recipient("j\u{fc}@x.y")).unwrap(), "ORCPT=utf-8;j\\x{FC}@x.y"),
            (Parameter::deliver_by(Duration::from_secs(120), Late::Return), "BY=120;R"),
            (Parameter::deliver_by(Duration::from_millis(1), Late::Notify), "BY=1;N"),
            (Parameter::hold_for(Duration::from_secs(3600)), "HOLDFOR=3600"),
            (Parameter::priority(-3), "MT-PRIORITY=-3"),
            (Parameter::of(Extension::RequireTls), "REQUIRETLS"),
            (Parameter::of(Extension::Prdr), "PRDR"),
            (Parameter::eight_bit_mime(), "BODY=8BITMIME"),
            (Parameter::hold_until("2026-12-24T17:00:00Z").unwrap(), "HOLDUNTIL=2026-12-24T17:00:00Z"),
            (Parameter::with(Extension::Auth, "<>").unwrap(), "AUTH=<>"),
        ] {
            assert_eq!(parameter.as_str(), text);
            assert_eq!(Parameter::parse(text), Ok(parameter));
        }
        assert_eq!(Parameter::envid(""), None);
        assert_eq!(Parameter::envid("a\u{e9}"), None);
        assert_eq!(Parameter::envid(&"a".repeat(101)), None);
        assert_eq!(Parameter::orcpt(&recipient(&format!("{}@x.y", "+".repeat(170)))), None);
    }

    #[test]
    fn parameters_hold_what_the_grammar_allows() {
        for good in ["SMTPUTF8", "BODY=8BITMIME", "x-y=<a+b>"] {
            assert_eq!(Parameter::parse(good).unwrap().as_str(), good);
        }
        for (bad, position) in [
            ("", 1),
            ("-A", 1),
            ("A B", 2),
            ("A=", 3),
            ("A=b c", 4),
            ("A=b=c", 4),
            ("A=b\r\nRSET", 4),
            ("A\n", 2),
            ("=b", 1),
        ] {
            assert_eq!(Parameter::parse(bad), Err(ParameterError { position }), "{bad:?}");
        }
        assert_eq!(Parameter::parse("SIZE=1").unwrap().keyword(), "SIZE");
    }
}
