//! What a session is to be like.

use crate::auth::{Channel, ChannelBinding, Login};
use crate::command::EhloName;
use crate::expect::Stage;
use crate::xclient::Xclient;

/// The protocol that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// SMTP (RFC 5321).
    Smtp,
    /// LMTP (RFC 2033): LHLO, no HELO, and one reply for each accepted recipient after the message.
    Lmtp,
}

/// What to do about STARTTLS (RFC 3207).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// Never; also where the connection is a TLS one from its first octet.
    Never,
    /// If it is offered.
    IfOffered,
    /// It was offered on an earlier connection to the same server: without it nothing is sent.
    AsBefore,
    /// Without it nothing is sent.
    Demanded,
}

/// What a session is to be like.
#[derive(Debug)]
pub struct Settings {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What the client calls itself.
    pub ehlo_name: EhloName,
    /// What to do about STARTTLS.
    pub start_tls: StartTls,
    /// What protects the connection as it is.
    pub channel: Channel,
    /// What a log-in can be bound to, where the connection is a TLS one from its first octet.
    pub binding: Option<ChannelBinding>,
    /// What the server is told of its client by XCLIENT, after TLS has begun and before a log-in.
    pub xclient: Option<Xclient>,
    /// The credentials, if there is to be a log-in.
    pub login: Option<Box<dyn Login>>,
    /// Send commands in groups where the server offers PIPELINING (RFC 2920).
    pub pipelining: bool,
    /// Send the message by BDAT where the server offers CHUNKING (RFC 3030).
    pub chunking: bool,
    /// Begin with HELO, because the server hung up on EHLO.
    pub helo: bool,
    /// Send 8-bit content to a server that does not offer 8BITMIME (a departure from RFC 6152 that the user
    /// asks for).
    pub force_8bit: bool,
    /// How far to go: after this stage nothing more is said, and the session is ready for QUIT. Each stage up
    /// to it is done in full: with [`Stage::Tls`] the last command is EHLO inside TLS; with [`Stage::Rcpt`]
    /// MAIL and every RCPT are followed by RSET. After [`Stage::Data`] nothing but the message could be said,
    /// so the session is closed.
    pub until: Stage,
}

impl Settings {
    /// SMTP over a connection in clear that goes all the way: STARTTLS where it is offered, no log-in, and
    /// the fewest round trips that the server allows.
    #[must_use]
    pub fn new(ehlo_name: EhloName) -> Settings {
        Settings {
            protocol: Protocol::Smtp,
            ehlo_name,
            start_tls: StartTls::IfOffered,
            channel: Channel::Clear,
            binding: None,
            xclient: None,
            login: None,
            pipelining: true,
            chunking: true,
            helo: false,
            force_8bit: false,
            until: Stage::Message,
        }
    }
}
