//! How a sink behaves: what the flags of `ehlo sink` mean.

use super::event::{Nobody, Observer};
use super::store::Store;
use crate::config::secret::Secret;
use ehlo_smtp::dialogue::Entry;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::path::Domain;
use ehlo_smtp::serve::{Accounts, Rules, ServeSettings};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// TLS, from the server's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// None.
    Off,
    /// STARTTLS is offered.
    #[default]
    StartTls,
    /// From the first octet on.
    Implicit,
}

/// The one who may log in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl Accounts for Account {
    fn admits(&mut self, user: &str, password: &str) -> bool {
        self.user == user && self.password.reveal() == password
    }
}

/// How long the sink waits for a client.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a whole command, or the next piece of content. RFC 5321, section 4.5.3.2.7, asks for 5 minutes.
    pub command: Duration,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// For the client to take what is said to it.
    pub write: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            command: Duration::from_secs(300),
            handshake: Duration::from_secs(30),
            write: Duration::from_secs(30),
        }
    }
}

/// A sink that is the mail server of every domain. It offers STARTTLS then, with a certificate for every name.
#[derive(Debug, Clone)]
pub struct Domains {
    /// Where its name server listens; port 0 is any that is free.
    pub dns: SocketAddr,
    /// The port of the web server with the policies of MTA-STS, at the address of the sink; 0 is any that is free.
    pub policy_port: u16,
    /// Domains that are not signed by DNSSEC, in small letters; all others are.
    pub unsigned: Vec<String>,
}

/// How a sink behaves.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen; port 0 is any that is free.
    pub listen: SocketAddr,
    /// What the server calls itself.
    pub name: Domain,
    /// TLS. The certificate is made at start, for the name and the address.
    pub tls: Tls,
    /// Every domain's mail goes here, if somebody asks its name server.
    pub domains: Option<Domains>,
    /// LMTP instead of SMTP.
    pub lmtp: bool,
    /// The largest message, in octets as SIZE counts them.
    pub max_size: Option<u64>,
    /// The most recipients of one message.
    pub max_recipients: usize,
    /// Extensions that are not offered.
    pub withheld: Vec<Extension>,
    /// Who is refused.
    pub rules: Rules,
    /// Who may log in. AUTH is offered inside TLS; in clear, only where [`Tls::Off`] leaves no other way.
    pub account: Option<Account>,
    /// Nobody may send without a log-in.
    pub require_auth: bool,
    /// Where the messages go.
    pub store: Store,
    /// Instead of all that: a dialogue to be played on each connection.
    pub script: Option<Vec<Entry>>,
    /// End after one session.
    pub once: bool,
    /// How many sessions there may be at once; further connections wait.
    pub most_sessions: usize,
    /// How long to wait for a client.
    pub patience: Patience,
    /// Who is told what happens.
    pub observer: Box<dyn Observer>,
}

impl Settings {
    /// A sink on a free port of 127.0.0.1 that takes everything, offers STARTTLS, and keeps messages in
    /// memory.
    #[must_use]
    pub fn new(name: Domain) -> Settings {
        Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            name,
            tls: Tls::default(),
            domains: None,
            lmtp: false,
            max_size: None,
            max_recipients: 1000,
            withheld: Vec::new(),
            rules: Rules::default(),
            account: None,
            require_auth: false,
            store: Store::Memory,
            script: None,
            once: false,
            most_sessions: 64,
            patience: Patience::default(),
            observer: Box::new(Nobody),
        }
    }

    /// What one session needs of it.
    pub(super) fn session(&self) -> ServeSettings {
        ServeSettings {
            lmtp: self.lmtp,
            tls_available: self.tls == Tls::StartTls,
            tls_active: self.tls == Tls::Implicit,
            accounts: self.account.clone().map(|account| Box::new(account) as Box<dyn Accounts>),
            require_auth: self.require_auth,
            max_size: self.max_size,
            max_recipients: self.max_recipients,
            longest_recipient: self.store.longest_recipient(),
            withheld: self.withheld.clone(),
            rules: self.rules.clone(),
            ..ServeSettings::new(self.name.clone())
        }
    }
}
