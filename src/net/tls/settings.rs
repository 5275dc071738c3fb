//! What is asked of TLS, by a client: whom to trust, what to demand, what to show.

use std::path::PathBuf;

use super::{Backend, Dane, Identity, MinVersion, Pin};

/// Which certificates are trusted to vouch for others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// The system's.
    #[default]
    System,
    /// Only those in a file, PEM or one in DER. A server's own certificate counts, too.
    File(PathBuf),
}

/// What is done about the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verify {
    /// It must be in order.
    #[default]
    Demanded,
    /// It is checked and the finding noted, but accepted whatever it is (opportunistic TLS, RFC 7435).
    Reported,
    /// As `Reported`, and a pin that does not match is only a finding, too: for those who just look, and send
    /// nothing that matters.
    Observed,
    /// It is accepted whatever it is, because the user said so; a finding may be noted.
    Skipped,
}

/// What is asked of TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Who does the work.
    pub backend: Backend,
    /// Which certificates are trusted.
    pub trust: Trust,
    /// What is done about the server's.
    pub verify: Verify,
    /// The oldest version.
    pub min_version: MinVersion,
    /// Nothing newer than TLS 1.2, to find out whether a server still speaks it: by rustls only.
    pub tls12_only: bool,
    /// If there are any, one of them must match, and nothing else counts: not `trust`, not the name, not the
    /// dates, not `verify`, unless that is `Observed`.
    pub pins: Vec<Pin>,
    /// What the DNS says of the server's certificate. If any record is usable and there are no pins, the
    /// records alone decide, as pins do; if none is, they count for nothing, and it is for the caller to know
    /// what to demand then (RFC 7672, section 2.2).
    pub dane: Option<Dane>,
    /// What we show to a server that asks who we are.
    pub identity: Option<Identity>,
}

impl Settings {
    /// Whether a certificate that is not in order ends the connection.
    #[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), allow(dead_code))]
    pub(super) fn is_strict(&self) -> bool {
        match self.verify {
            Verify::Demanded => true,
            Verify::Reported | Verify::Skipped => self.knows_certificate(),
            Verify::Observed => false,
        }
    }

    /// What DANE demands, where that is what decides.
    pub(super) fn dane(&self) -> Option<&Dane> {
        self.dane.as_ref().filter(|dane| self.pins.is_empty() && dane.is_usable())
    }

    /// Whether the certificate is known beforehand, by pins or by TLSA records: authorities that are trusted
    /// for anything else, and the name that the server is reached by, have no say then.
    pub(super) fn knows_certificate(&self) -> bool {
        !self.pins.is_empty() || self.dane().is_some()
    }
}
