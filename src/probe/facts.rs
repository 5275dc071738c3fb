//! What was found out about a server: data, without an opinion.

use super::relay::Relay;
use crate::client::Error;
use crate::net::Tried;
use crate::net::tls::TlsInfo;
use ehlo_smtp::extension::{Extension, Extensions};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use std::net::SocketAddr;
use std::time::Duration;

/// What was found out, as far as it came.
#[derive(Debug, Default)]
pub struct Facts {
    /// The addresses that were connected to, in their order; none for a Unix socket.
    pub addresses: Vec<Address>,
    /// Those of them that did not answer. If none did, they are in the error that ended the probe.
    pub in_vain: Vec<Tried>,
    /// How many more addresses there are, which were not tried.
    pub left_out: usize,
    /// The one that was asked, with its port; or the path of the socket.
    pub peer: String,
    /// It is on this host: reached over loopback, or by an address that is this end's own. Servers treat such
    /// clients as safe, and offer them what they offer nobody else.
    pub own_host: bool,
    /// The greeting.
    pub greeting: Option<Reply>,
    /// What EHLO said before TLS, or inside implicit TLS.
    pub hello: Option<Hello>,
    /// What EHLO said inside TLS that STARTTLS began.
    pub hello_inside: Option<Hello>,
    /// What came of STARTTLS.
    pub start_tls: StartTlsOutcome,
    /// Octets that came in clear after the 220 to STARTTLS, and before TLS.
    pub behind_220: usize,
    /// What TLS agreed on.
    pub tls: Option<TlsInfo>,
    /// Why TLS did not begin; nothing where STARTTLS was refused, or the trouble is this end's own.
    pub no_tls: Option<NoTls>,
    /// The code by which STARTTLS was agreed to.
    pub go_ahead: Option<u16>,
    /// TLS 1.2 by itself; TLS 1.3 shows in `tls`, because a server takes the newest that it knows.
    pub tls12: Trial,
    /// TLS 1.1, asked for by a ClientHello of that version.
    pub tls11: Trial,
    /// TLS 1.0, likewise.
    pub tls10: Trial,
    /// What became of a NOOP that was sent ahead of TLS.
    pub injection: Injection,
    /// What VRFY was answered, where it is offered.
    pub vrfy: Option<Reply>,
    /// What EXPN was answered, where it is offered.
    pub expn: Option<Reply>,
    /// What came of the question whether it relays, where that was asked.
    pub relay: Option<Relay>,
    /// Whether PIPELINING is kept.
    pub pipelining: Pipelining,
    /// A reply line ended in a bare LF.
    pub bare_lf: bool,
    /// How long the phases took.
    pub timing: Timing,
}

impl Facts {
    /// Why nobody looked inside TLS, where something may be offered; nothing where somebody did, or there is
    /// no TLS.
    #[must_use]
    pub fn not_inside(&self) -> Option<NotInside> {
        let offered =
            || self.hello.as_ref().is_some_and(|hello| hello.extensions.offers(Extension::StartTls));
        match self.start_tls {
            StartTlsOutcome::Refused(_) => Some(NotInside::Refused),
            StartTlsOutcome::Failed => Some(NotInside::Failed),
            StartTlsOutcome::Done if self.hello_inside.is_none() => Some(NotInside::NoEhlo),
            StartTlsOutcome::NotTried if self.tls.is_none() && offered() => Some(NotInside::NotTried),
            StartTlsOutcome::Done | StartTlsOutcome::NotTried | StartTlsOutcome::NotOffered => None,
        }
    }

    /// What was offered before TLS; nothing where TLS began with the first octet.
    #[must_use]
    pub fn in_clear(&self) -> Option<&Hello> {
        self.hello.as_ref().filter(|_| self.tls.is_none() || self.start_tls == StartTlsOutcome::Done)
    }

    /// What was offered inside TLS.
    #[must_use]
    pub fn in_tls(&self) -> Option<&Hello> {
        match self.start_tls {
            StartTlsOutcome::Done => self.hello_inside.as_ref(),
            _ => self.hello.as_ref().filter(|_| self.tls.is_some()),
        }
    }
}

/// One address of the server.
#[derive(Debug)]
pub struct Address {
    /// With its port.
    pub address: SocketAddr,
    /// How long it took to connect, or to fail.
    pub time: Duration,
}

/// Why nobody looked inside TLS, where something may be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotInside {
    /// STARTTLS is refused.
    Refused,
    /// TLS failed.
    Failed,
    /// EHLO was not answered there, or was refused.
    NoEhlo,
    /// STARTTLS was not sent.
    NotTried,
}

/// Why TLS did not begin.
#[derive(Debug)]
pub enum NoTls {
    /// For this reason. The probe went on as far as it could without TLS.
    Failed(Error),
    /// The error that ended the probe says why.
    Ended,
}

/// What came of EHLO (or LHLO).
#[derive(Debug, Clone)]
pub struct Hello {
    /// What was said: EHLO by SMTP, LHLO by LMTP.
    pub protocol: Protocol,
    /// The reply; HELO's is not kept.
    pub reply: Reply,
    /// What is offered; nothing where EHLO was refused.
    pub extensions: Extensions,
}

impl Hello {
    /// Of this reply, by the protocol that was spoken.
    #[must_use]
    pub fn of(protocol: Protocol, reply: Reply) -> Hello {
        let extensions =
            if reply.is_positive() { Extensions::from_reply(&reply) } else { Extensions::default() };
        Hello { protocol, reply, extensions }
    }
}

/// What came of STARTTLS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StartTlsOutcome {
    /// TLS was not to be spoken, or was spoken already.
    #[default]
    NotTried,
    /// It is not offered.
    NotOffered,
    /// It is offered, and refused.
    Refused(Reply),
    /// The handshake failed, or there was no reply to STARTTLS.
    Failed,
    /// TLS has begun.
    Done,
}

/// Whether the server speaks one version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trial {
    /// Nobody asked.
    #[default]
    NotTried,
    /// Somebody asked, and there was no answer.
    NotKnown,
    /// It does.
    Accepted,
    /// It does not.
    Refused,
}

/// What became of a NOOP in the same write as STARTTLS (RFC 3207, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Injection {
    /// Nobody tried.
    #[default]
    NotTried,
    /// It was thrown away: TLS began without an answer to it.
    Discarded,
    /// It was answered in clear, or the connection ended: it did not get into TLS.
    Stopped,
    /// It was executed inside TLS.
    Executed,
}

/// Whether two commands in one write are answered by two replies (RFC 2920).
#[derive(Debug, Default)]
pub enum Pipelining {
    /// It is not offered, or it did not come to that.
    #[default]
    NotTried,
    /// They are.
    Kept,
    /// They are not.
    Broken(Broken),
}

/// How it shows that PIPELINING is not kept.
#[derive(Debug)]
pub enum Broken {
    /// The second reply is 421.
    Closed,
    /// A reply is missing.
    NoReply,
    /// The server hung up, or what came was no reply.
    NotAReply,
    /// The connection failed.
    Lost(Error),
}

/// How long the phases took, where they took place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing {
    /// To find the addresses.
    pub resolve: Option<Duration>,
    /// To connect to the one that was asked.
    pub connect: Option<Duration>,
    /// Until the greeting was there.
    pub greeting: Option<Duration>,
    /// EHLO.
    pub ehlo: Option<Duration>,
    /// The reply to STARTTLS.
    pub start_tls: Option<Duration>,
    /// The handshake.
    pub tls: Option<Duration>,
    /// EHLO inside TLS that STARTTLS began.
    pub ehlo_inside: Option<Duration>,
    /// All of it, the further connections included.
    pub total: Duration,
}
