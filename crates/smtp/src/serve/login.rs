//! The server's side of AUTH PLAIN (RFC 4616) and AUTH LOGIN (never standardized, and everywhere).
//!
//! Whether the credentials are right is decided by [`Accounts`], whether AUTH fits at all by [`super`].

use std::fmt;
use zeroize::Zeroizing;

/// Those who can log in.
pub trait Accounts: fmt::Debug + Send {
    /// Whether this is the password of that user.
    fn admits(&mut self, user: &str, password: &str) -> bool;
}

/// `Username:` and `Password:` in base64, the questions of LOGIN.
const USER_PLEASE: &str = "VXNlcm5hbWU6";
const PASSWORD_PLEASE: &str = "UGFzc3dvcmQ6";

/// An exchange that waits for the client's next line.
#[derive(Debug)]
pub(super) enum Exchange {
    /// PLAIN, whose one message did not come with AUTH.
    Plain,
    /// LOGIN, asked for the user.
    User,
    /// LOGIN, asked for the password of this user.
    Password(String),
}

/// What comes of a line of the exchange.
#[derive(Debug)]
pub(super) enum Turn {
    /// The mechanism is not known: 504.
    Unknown,
    /// 334, and what follows it; the next line belongs to the exchange.
    Ask(Exchange, &'static str),
    /// The client left the exchange: 501.
    Cancelled,
    /// Not base64, or not what the mechanism says: 501.
    Malformed,
    /// User and password.
    Claim(Claim),
}

/// Who the client says it is.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) user: String,
    password: Zeroizing<String>,
}

impl Claim {
    /// Whether it is true.
    pub(super) fn holds(&self, accounts: &mut dyn Accounts) -> bool {
        accounts.admits(&self.user, &self.password)
    }
}

/// AUTH itself. An initial response of `=` is an empty one (RFC 4954, section 4).
pub(super) fn begin(mechanism: &str, initial: Option<&str>) -> Turn {
    let initial = initial.map(|text| if text == "=" { "" } else { text });
    let (exchange, question) = match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => (Exchange::Plain, ""),
        "LOGIN" => (Exchange::User, USER_PLEASE),
        _ => return Turn::Unknown,
    };
    match initial {
        Some(initial) => exchange.go_on(initial.as_bytes()),
        None => Turn::Ask(exchange, question),
    }
}

impl Exchange {
    /// The client's next line, without its line end.
    pub(super) fn go_on(self, line: &[u8]) -> Turn {
        if line == b"*" {
            return Turn::Cancelled;
        }
        let Some(text) = decoded(line) else { return Turn::Malformed };
        match self {
            Exchange::Plain => plain(&text).map_or(Turn::Malformed, Turn::Claim),
            Exchange::User => Turn::Ask(Exchange::Password(text.to_string()), PASSWORD_PLEASE),
            Exchange::Password(user) => Turn::Claim(Claim { user, password: text }),
        }
    }
}

fn decoded(line: &[u8]) -> Option<Zeroizing<String>> {
    let octets = encodify::base64::STANDARD.decode(line).ok()?;
    String::from_utf8(octets).ok().map(Zeroizing::new)
}

/// `[authzid] NUL authcid NUL passwd`. Nobody can act as somebody else here.
fn plain(text: &str) -> Option<Claim> {
    let mut parts = text.split('\0');
    let (identity, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !(identity.is_empty() || identity == user) {
        return None;
    }
    Some(Claim { user: user.to_owned(), password: Zeroizing::new(password.to_owned()) })
}
