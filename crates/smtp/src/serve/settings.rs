//! What a server is to be like.

use super::{Accounts, Rules};
use crate::path::Domain;

/// What a server is to be like.
#[derive(Debug)]
pub struct ServeSettings {
    /// What it calls itself.
    pub name: Domain,
    /// It speaks LMTP: LHLO, and one reply for each accepted recipient after the message.
    pub lmtp: bool,
    /// There is TLS to be had by STARTTLS.
    pub tls_available: bool,
    /// The connection is a TLS one from its first octet.
    pub tls_active: bool,
    /// Who may log in. AUTH is not offered without, nor in clear where TLS is to be had.
    pub accounts: Option<Box<dyn Accounts>>,
    /// MAIL is answered 530 before a log-in.
    pub require_auth: bool,
    /// The largest message, in octets as SIZE counts them (RFC 1870).
    pub max_size: Option<u64>,
    /// The most recipients of one message; further ones are answered 452. RFC 5321, section 4.5.3.1.8: at least 100.
    pub max_recipients: usize,
    /// The longest address of a recipient, in octets; a longer one is answered 553.
    pub longest_recipient: Option<usize>,
    /// Extensions that are not offered, by their keywords, and not spoken then.
    pub withheld: Vec<String>,
    /// Who is refused.
    pub rules: Rules,
}

impl ServeSettings {
    /// An SMTP server that takes everything from everybody, in clear.
    #[must_use]
    pub fn new(name: Domain) -> ServeSettings {
        ServeSettings {
            name,
            lmtp: false,
            tls_available: false,
            tls_active: false,
            accounts: None,
            require_auth: false,
            max_size: None,
            max_recipients: 1000,
            longest_recipient: None,
            withheld: Vec::new(),
            rules: Rules::default(),
        }
    }
}
