//! Why a text names no server. What to write instead is said in `words`.

use std::fmt;

/// Why a text names no server. None of these holds the text, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerError {
    /// Nothing was given.
    Empty,
    /// A blank or a control character.
    Blank,
    /// A URL with a password in it.
    Password,
    /// A user in front of a host that is not in a URL, or one that cannot be decoded.
    User,
    /// What looks like the address of a mailbox.
    Mailbox,
    /// A port, and no host in front of it.
    NoHost,
    /// A URL of another scheme.
    Scheme(String),
    /// A way to name servers that is not supported yet.
    NotYet(String),
    /// No host, or one with a character that no host name or address has, or one that is too long.
    Host,
    /// A bracket that is not closed, or holds no IPv6 address.
    Brackets,
    /// A port that is not a number from 1 to 65535.
    Port,
    /// A scheme without the two slashes behind it.
    Slashes,
    /// Something behind the host of a URL: a path, a query, a fragment.
    Rest,
    /// A path without a scheme, an empty one, or a socket with TLS from the first octet.
    Path,
}

impl std::error::Error for ServerError {}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerError::Empty => f.write_str("no server named"),
            ServerError::Blank => f.write_str("a server name cannot contain blanks or control characters"),
            ServerError::Password => {
                f.write_str("a password does not belong in a URL, where others can see it")
            }
            ServerError::User => f.write_str("write the user as in smtp://user@host, with '@' as %40"),
            ServerError::Mailbox => f.write_str("a mail address instead of a server"),
            ServerError::NoHost => f.write_str("a port without a host"),
            ServerError::Scheme(scheme) => write!(f, "'{scheme}' is not the scheme of a mail server"),
            ServerError::NotYet(scheme) => write!(f, "'{scheme}:' is not supported yet"),
            ServerError::Host => f.write_str("not a host name or address"),
            ServerError::Brackets => f.write_str(
                "brackets are only for IPv6 addresses, as in [::1] or \
                                                  [::1]:2525",
            ),
            ServerError::Port => f.write_str("a port is a number from 1 to 65535"),
            ServerError::Slashes => f.write_str("a URL has two slashes, as in smtp://host"),
            ServerError::Rest => f.write_str("a server URL ends after its host and port"),
            ServerError::Path => f.write_str("write a Unix socket as smtp:///path or lmtp:///path"),
        }
    }
}
