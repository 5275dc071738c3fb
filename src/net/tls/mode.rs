//! When TLS is spoken with a server: what a scheme or a port suggests, what `--tls` says, what a connection
//! does.

use super::Verify;

/// When TLS is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Never.
    Off,
    /// By STARTTLS if it is offered; the certificate is checked and reported, not demanded (RFC 7435).
    Opportunistic,
    /// By STARTTLS, or nothing is sent (RFC 3207).
    StartTls,
    /// From the first octet (RFC 8314, section 3.3).
    Implicit,
}

impl TlsMode {
    /// What is asked of the server's certificate; `insecure` is the user's word that it need not be in order.
    #[must_use]
    pub fn verify(self, insecure: bool) -> Verify {
        match self {
            _ if insecure => Verify::Skipped,
            TlsMode::Opportunistic => Verify::Reported,
            TlsMode::Off | TlsMode::StartTls | TlsMode::Implicit => Verify::Demanded,
        }
    }
}
