//! What a server is to be like.

use super::{Accounts, Rules};
use crate::extension::Extension;
use crate::path::Domain;

/// What a server is to be like.
#[derive(Debug)]
pub struct ServeSettings {
    /// What it calls itself.
    pub name: Domain,
    /// Whether it speaks LMTP: LHLO, and one reply for each accepted recipient after the message.
    pub lmtp: bool,
    /// Whether STARTTLS is offered.
    pub tls_available: bool,
    /// Whether the connection is a TLS one from its first octet.
    pub tls_active: bool,
    /// Those who can log in. Without them AUTH is not offered, nor is it in clear where TLS could be used.
    pub accounts: Option<Box<dyn Accounts>>,
    /// Whether MAIL before a log-in is answered 530.
    pub require_auth: bool,
    /// The largest message, in octets as SIZE counts them (RFC 1870).
    pub max_size: Option<u64>,
    /// The most recipients of one message; further ones are answered 452. RFC 5321, section 4.5.3.1.8: at
    /// least 100.
    pub max_recipients: usize,
    /// The longest address of a recipient, in octets; a longer one is answered 553.
    pub longest_recipient: Option<usize>,
    /// Extensions that are neither offered nor understood.
    pub withheld: Vec<Extension>,
    /// Who is refused.
    pub rules: Rules,
    /// Whether its clients are programs that hand over mail of this machine (sendmail's `-bs`). Names without a
    /// domain are taken, and get the server's name ([`BareNames`](super::BareNames)); nobody has to greet; DSN and
    /// enhanced codes are offered; errors are not counted; and who ends DATA with LF alone ends the content so.
    pub submission: bool,
    /// Whether these programs may say with XEHLO what SMTP has no word for. What its values mean is not ours.
    pub handover: bool,
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
            submission: false,
            handover: false,
        }
    }
}
