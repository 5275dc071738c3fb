//! XCLIENT's attributes (Postfix's XCLIENT_README): whom the server is to take us for. Servers offer this to
//! few clients, since they believe what they are told.

use super::parameter::xtext;
use super::verb::{COMMAND_LINE, Verb};
use std::fmt;
use std::net::Ipv6Addr;

/// All attributes that Postfix or Dovecot knows.
const KNOWN: [&str; 13] = [
    "NAME",
    "ADDR",
    "PORT",
    "PROTO",
    "HELO",
    "LOGIN",
    "DESTADDR",
    "DESTPORT",
    "REVERSE_NAME",
    "SESSION",
    "TTL",
    "TIMEOUT",
    "FORWARD",
];

/// Attributes and their values, at least one; they fit one command line.
///
/// ```
/// use ehlo_smtp::xclient::Xclient;
///
/// let xclient = Xclient::parse("NAME=spike.example ADDR=2001:db8::1").unwrap();
/// assert_eq!(xclient.to_string(), "NAME=spike.example ADDR=IPV6:2001:db8::1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xclient(Vec<(&'static str, String)>);

/// Why a text holds no attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum XclientError {
    /// There is nothing in it.
    Empty,
    /// There is a line end between or within its attributes.
    LineEnd,
    /// This word is not `NAME=value`.
    NoValue(String),
    /// There is no attribute of this name.
    Unknown(String),
    /// This one is there twice.
    Twice(&'static str),
    /// Together they do not fit one command line.
    TooLong,
}

impl Xclient {
    /// Reads attributes, with blanks between them. Values are given in plain: what a command cannot hold is
    /// encoded here (xtext: RFC 3461, section 4), and an IPv6 address gets its prefix.
    ///
    /// # Errors
    /// [`XclientError`].
    pub fn parse(text: &str) -> Result<Xclient, XclientError> {
        if text.contains(['\r', '\n']) {
            return Err(XclientError::LineEnd);
        }
        let mut attributes: Vec<(&'static str, String)> = Vec::new();
        for word in text.split([' ', '\t']).filter(|word| !word.is_empty()) {
            let (name, value) = word
                .split_once('=')
                .filter(|(name, value)| !name.is_empty() && !value.is_empty())
                .ok_or_else(|| XclientError::NoValue(word.to_owned()))?;
            let name = KNOWN
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(name))
                .ok_or_else(|| XclientError::Unknown(name.to_owned()))?;
            if attributes.iter().any(|(other, _)| *other == name) {
                return Err(XclientError::Twice(name));
            }
            let is_ipv6 = matches!(name, "ADDR" | "DESTADDR") && value.parse::<Ipv6Addr>().is_ok();
            let prefix = if is_ipv6 { "IPV6:" } else { "" };
            attributes.push((name, format!("{prefix}{}", xtext(value))));
        }
        let xclient = Xclient(attributes);
        match xclient.0.is_empty() {
            true => Err(XclientError::Empty),
            false
                if Verb::Xclient.name().len() + xclient.to_string().len() + " \r\n".len() > COMMAND_LINE =>
            {
                Err(XclientError::TooLong)
            }
            false => Ok(xclient),
        }
    }

    /// The attributes' names, in capitals.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }
}

/// The attributes, as the command has them.
impl fmt::Display for Xclient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, (name, value))| {
            let blank = if at == 0 { "" } else { " " };
            write!(f, "{blank}{name}={value}")
        })
    }
}

impl std::error::Error for XclientError {}

impl fmt::Display for XclientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            XclientError::Empty => {
                f.write_str("names no attribute, as in 'NAME=spike.example ADDR=192.0.2.1'")
            }
            XclientError::LineEnd => f.write_str("a line end between or within its attributes"),
            XclientError::NoValue(word) => {
                write!(f, "'{word}' is not an attribute with a value, as in NAME=spike.example")
            }
            XclientError::Unknown(name) => {
                write!(f, "unknown attribute '{name}'; known are {}", KNOWN.join(", "))
            }
            XclientError::Twice(name) => write!(f, "{name} is given twice"),
            XclientError::TooLong => {
                write!(f, "the attributes do not fit into a command of {COMMAND_LINE} octets")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_and_names_are_in_capitals() {
        let xclient =
            Xclient::parse(" name=[UNAVAILABLE]  Login=joe+tag=a\u{e9} destaddr=::1 addr=192.0.2.1").unwrap();
        assert_eq!(
            xclient.to_string(),
            "NAME=[UNAVAILABLE] LOGIN=joe+2Btag+3Da+C3+A9 DESTADDR=IPV6:::1 ADDR=192.0.2.1"
        );
        assert_eq!(xclient.names().collect::<Vec<_>>(), ["NAME", "LOGIN", "DESTADDR", "ADDR"]);
        let given = Xclient::parse("ADDR=IPV6:::1 NAME=a\u{7}b").unwrap();
        assert_eq!(given.to_string(), "ADDR=IPV6:::1 NAME=a+07b");
    }

    #[test]
    fn what_holds_no_attributes_is_refused() {
        let long = format!("NAME={}", "a".repeat(600));
        for (text, error) in [
            ("", XclientError::Empty),
            ("  ", XclientError::Empty),
            ("NAME=a\nADDR=192.0.2.1", XclientError::LineEnd),
            ("NAME=a\r", XclientError::LineEnd),
            ("NAME", XclientError::NoValue("NAME".to_owned())),
            ("NAME=", XclientError::NoValue("NAME=".to_owned())),
            ("=x", XclientError::NoValue("=x".to_owned())),
            ("NAME=a b", XclientError::NoValue("b".to_owned())),
            ("COLOUR=red", XclientError::Unknown("COLOUR".to_owned())),
            ("NAME=a name=b", XclientError::Twice("NAME")),
            (&long, XclientError::TooLong),
        ] {
            assert_eq!(Xclient::parse(text), Err(error), "{text:?}");
        }
        let fits = format!("NAME={}", "a".repeat(512 - "XCLIENT NAME=\r\n".len()));
        assert!(Xclient::parse(&fits).is_ok());
        assert_eq!(Xclient::parse(&(fits + "a")), Err(XclientError::TooLong));
    }
}
