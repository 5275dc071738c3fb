//! Where a connection goes, and what it is to be like: all that `client::open` needs.
//!
//! A [`Target`] is made of flags in one place, `app::target`. It says nothing of what is sent: that is
//! `delivery`'s.

use super::drop_point::DropPoint;
use super::patience::Patience;
use super::token::TokenSource;
use crate::net::proxy_protocol::Header;
use crate::net::tls::{self, Client};
use crate::net::{Endpoint, LocalEnd, Proxy, TlsMode};
use crate::route::Routed;
use crate::sasl::Credentials;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::xclient::Xclient;
use std::net::SocketAddr;

/// A server, how to get there, and how to get along with it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it is, with its port.
    pub endpoint: Endpoint,
    /// What its host is called; a program may have such a name, too.
    pub host: Option<String>,
    /// Of which domain it is a mail server, where the DNS says so.
    pub routed: Option<Routed>,
    /// It takes the place of another one only where that failed at TLS: it is the same host, in clear.
    pub only_without_tls: bool,
    /// How to get there.
    pub way: Way,
    /// How the connection is encrypted.
    pub tls: TlsPolicy,
    /// What is said there.
    pub session: Conversation,
    /// Who logs in, if anybody does.
    pub login: Option<LoginPolicy>,
    /// Where to drop the connection, for tests of servers.
    pub drop: Option<DropPoint>,
    /// How long things may take.
    pub patience: Patience,
    /// The most recipients of one transaction, where we ask for no more than the server may take.
    pub most_recipients: Option<usize>,
}

/// The way to a server.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// Its addresses, where they are known already; then its host is not looked up.
    pub addresses: Vec<SocketAddr>,
    /// From where, and by which family of addresses.
    pub local: LocalEnd,
    /// Through which proxy.
    pub proxy: Option<Proxy>,
    /// What the server is told, by the PROXY protocol, of who connects to it.
    pub proxy_protocol: Option<Header>,
    /// The variables of the environment that hold secrets: a program does not get them.
    pub hidden: Vec<String>,
}

/// How a connection is encrypted.
#[derive(Debug, Clone)]
pub struct TlsPolicy {
    /// When TLS is spoken.
    pub when: TlsMode,
    /// How: who is trusted, what is pinned, and who we are.
    pub client: Client,
    /// The name that the server's certificate must bear.
    pub name: String,
}

/// What is said to the server, and how far.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What we call ourselves; the literal of our end's address if nothing is given.
    pub ehlo_name: Option<EhloName>,
    /// What the server is told about its client, by XCLIENT.
    pub xclient: Option<Xclient>,
    /// Send groups of commands where it is offered (RFC 2920).
    pub pipelining: bool,
    /// Send the message by BDAT where it is offered (RFC 3030).
    pub chunking: bool,
    /// Send 8-bit content even where 8BITMIME is not offered.
    pub force_8bit: bool,
    /// How far to go.
    pub until: Stage,
}

/// A log-in.
#[derive(Debug, Clone)]
pub struct LoginPolicy {
    /// Who, and by what.
    pub credentials: Credentials,
    /// Where another token comes from, should the server find it expired.
    pub tokens: Option<TokenSource>,
}

impl Target {
    /// This place: in clear, with nobody who logs in, all the way, and with the RFC's patience.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Target {
        let host = match &endpoint {
            Endpoint::Tcp { host, .. } => Some(host.clone()),
            Endpoint::Unix(_) | Endpoint::Program(_) => None,
        };
        let name = host.clone().unwrap_or_else(|| "localhost".to_owned());
        Target {
            endpoint,
            host,
            routed: None,
            only_without_tls: false,
            way: Way::default(),
            tls: TlsPolicy { when: TlsMode::Off, client: Client::new(tls::Settings::default()), name },
            session: Conversation::default(),
            login: None,
            drop: None,
            patience: Patience::default(),
            most_recipients: None,
        }
    }

    /// The port; 0 where there is none.
    #[must_use]
    pub fn port(&self) -> u16 {
        match self.endpoint {
            Endpoint::Tcp { port, .. } => port.unwrap_or_default(),
            Endpoint::Unix(_) | Endpoint::Program(_) => 0,
        }
    }
}

impl Default for Conversation {
    /// SMTP to its end, with the fewest round trips that the server allows.
    fn default() -> Conversation {
        Conversation {
            protocol: Protocol::Smtp,
            ehlo_name: None,
            xclient: None,
            pipelining: true,
            chunking: true,
            force_8bit: false,
            until: Stage::Message,
        }
    }
}
