//! Fetching a policy (RFC 8461, section 3.3): one GET over HTTPS from a host whose name the domain's owner cannot choose,
//! but whose addresses they can, so that these go past the [guard](super::super::guard) first. No redirect is followed, no
//! proxy used, and the certificate is for that host.

use crate::dns::DnsError;
use crate::https::{Client, HttpsError, Url};
use crate::net::tls::Settings;
use crate::net::{ConnectError, Deadline, Error as NetError};
use crate::route::guard::{Allow, Kind};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How long it may take in all.
const WHOLE: Duration = Duration::from_secs(20);
/// The port of https.
const PORT: u16 = 443;
/// The one media type of a policy.
const TYPE: &str = "text/plain";

/// Fetches policies.
pub trait Fetch {
    /// The text of a domain's policy; the domain is in A-labels.
    ///
    /// # Errors
    /// [`FetchError`].
    fn fetch(&self, domain: &str) -> Result<Vec<u8>, FetchError>;
}

/// Finds the addresses of a host.
pub type LookUp<'a> = &'a dyn Fn(&str, Deadline) -> Result<Vec<IpAddr>, DnsError>;

/// Fetches them from where they are.
pub struct Fetcher<'a> {
    /// Whom to trust. Settings that make TLS weaker do not count.
    pub tls: &'a Settings,
    /// Which addresses may be connected to beside public ones.
    pub allow: &'a Allow,
    /// Who looks the host up.
    pub look_up: LookUp<'a>,
    /// For tests: what is connected to instead of the host, whose name the certificate is still for.
    pub instead: Option<(&'a str, u16)>,
    /// When it must be over, though 20 seconds have not passed.
    pub until: Deadline,
}

/// Why there is no text of a policy.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// No host can be called so: the domain is too long.
    Name,
    /// The host has no address, or it is not known.
    LookUp(DnsError),
    /// None of its addresses may be connected to: the first, and what it is for.
    Guarded(IpAddr, Kind),
    /// There is no answer.
    Https(HttpsError),
    /// The answer has this status, which is not 200.
    Status(u16),
    /// The answer is of this media type, which is not `text/plain`; empty if it has none.
    MediaType(String),
}

impl Fetch for Fetcher<'_> {
    fn fetch(&self, domain: &str) -> Result<Vec<u8>, FetchError> {
        let until = Deadline::after(WHOLE).min(self.until);
        let host = format!("mta-sts.{domain}");
        let url =
            Url::parse(&format!("https://{host}/.well-known/mta-sts.txt")).map_err(|_| FetchError::Name)?;
        let client = Client::new(self.tls, None, until).accept(TYPE);
        let client = match self.instead {
            Some((host, port)) => client.instead(host, port),
            None => client.only(&self.admitted(&host, until)?),
        };
        let answer = client.get(&url).map_err(FetchError::Https)?;
        match answer.status {
            200 if answer.media_type == TYPE => Ok(answer.body.to_vec()),
            200 => Err(FetchError::MediaType(answer.media_type)),
            status => Err(FetchError::Status(status)),
        }
    }
}

impl Fetcher<'_> {
    /// The addresses of the host that may be connected to; never none.
    fn admitted(&self, host: &str, until: Deadline) -> Result<Vec<SocketAddr>, FetchError> {
        let found = (self.look_up)(host, until).map_err(FetchError::LookUp)?;
        let mut admitted = Vec::new();
        let mut refused = None;
        for ip in found {
            match self.allow.admits(ip) {
                Ok(()) => admitted.push(SocketAddr::new(ip, PORT)),
                Err(kind) => _ = refused.get_or_insert(FetchError::Guarded(ip, kind)),
            }
        }
        match (admitted.is_empty(), refused) {
            (false, _) => Ok(admitted),
            (true, Some(refused)) => Err(refused),
            (true, None) => Err(FetchError::LookUp(DnsError::NoRecord)),
        }
    }
}

impl FetchError {
    /// Whether it says something of the domain. Otherwise a signal came.
    #[must_use]
    pub fn is_of_the_domain(&self) -> bool {
        !matches!(
            self,
            FetchError::LookUp(DnsError::Network(_, NetError::Interrupted))
                | FetchError::Https(HttpsError::Connect(ConnectError::Interrupted))
                | FetchError::Https(HttpsError::Handshake(NetError::Interrupted))
                | FetchError::Https(HttpsError::Network(NetError::Interrupted))
        )
    }
}

impl std::error::Error for FetchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FetchError::LookUp(error) => Some(error),
            FetchError::Https(error) => Some(error),
            FetchError::Name | FetchError::Guarded(..) | FetchError::Status(_) | FetchError::MediaType(_) => {
                None
            }
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::Name => f.write_str("the name of the host would be too long"),
            FetchError::LookUp(error) => write!(f, "the host has no address: {error}"),
            FetchError::Guarded(ip, kind) => write!(f, "the host's address is {ip}, which is {kind}"),
            FetchError::Https(error) => error.fmt(f),
            FetchError::Status(status) => write!(f, "the answer has the status {status}"),
            FetchError::MediaType(media_type) if media_type.is_empty() => {
                f.write_str("the answer has no media type")
            }
            FetchError::MediaType(media_type) => {
                write!(f, "the answer is of the type {media_type}, not {TYPE}")
            }
        }
    }
}
