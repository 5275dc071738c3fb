//! Dropping the connection on purpose, at one place of the session, to see what a server makes of it.
//!
//! The session knows nothing of it. [`super::drive`] asks at three places: behind a command, behind a reply,
//! and in the middle of the content. Nothing after the place is written, not even of a command's own group
//! (RFC 2920).

use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::session::Session;

/// Where in the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Behind the reply that ends this stage; behind the handshake, for TLS.
    After(Stage),
    /// Behind the command of this stage, before its reply; for the message behind its end.
    Sent(Stage),
    /// Within the content, after so many octets of it, counted as they are written.
    Within(u64),
}

/// Where, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DropPoint {
    /// Where.
    pub point: Point,
    /// By a reset (RST) in place of an orderly end.
    pub reset: bool,
}

impl DropPoint {
    /// Whether the place is behind the command that was queued and awaits this reply.
    pub(super) fn is_behind_command(self, expect: Option<Expect>, session: &Session) -> bool {
        let Point::Sent(stage) = self.point else { return false };
        match expect {
            Some(Expect::Ehlo | Expect::Helo) => stage == Stage::Ehlo,
            Some(Expect::StartTls) => stage == Stage::Tls,
            Some(Expect::Auth) => stage == Stage::Auth,
            Some(Expect::Mail) => stage == Stage::Mail,
            Some(Expect::Rcpt(place)) => stage == Stage::Rcpt && is_last(place, session),
            Some(Expect::Data) => stage == Stage::Data,
            _ => false,
        }
    }

    /// Whether the place is behind the reply to what was sent last, so that nothing more may be sent. Only
    /// MAIL and RCPT have something of their group behind them.
    pub(super) fn waits(self, expect: Option<Expect>, session: &Session) -> bool {
        matches!(expect, Some(Expect::Mail | Expect::Rcpt(_)))
            && expect.is_some_and(|expect| self.is_behind_reply(expect, session))
    }

    /// Whether the place is behind this reply, which was understood.
    pub(super) fn is_behind_reply(self, expect: Expect, session: &Session) -> bool {
        let Point::After(stage) = self.point else { return false };
        match expect {
            Expect::Greeting => stage == Stage::Connect,
            Expect::Ehlo | Expect::Helo => stage == Stage::Ehlo,
            Expect::Auth => stage == Stage::Auth && session.logged_in().is_some(),
            Expect::Mail => stage == Stage::Mail,
            Expect::Rcpt(place) => stage == Stage::Rcpt && is_last(place, session),
            Expect::Data => stage == Stage::Data,
            Expect::Message | Expect::MessageFor(_) => {
                let more = session.awaiting().map(Expect::stage) == Some(Stage::Message);
                stage == Stage::Message && !more
            }
            Expect::StartTls
            | Expect::Xclient
            | Expect::Vrfy(_)
            | Expect::Said
            | Expect::SaidMessage
            | Expect::Expn(_)
            | Expect::LoneDot
            | Expect::Rset
            | Expect::Quit => false,
        }
    }

    /// How many octets of the content are written, if it is to be cut.
    pub(super) fn within(self) -> Option<u64> {
        match self.point {
            Point::Within(octets) => Some(octets),
            Point::After(_) | Point::Sent(_) => None,
        }
    }

    /// Whether the message must go by DATA, since the place is behind that.
    #[must_use]
    pub fn needs_data(self) -> bool {
        matches!(self.point, Point::After(Stage::Data) | Point::Sent(Stage::Data))
    }
}

fn is_last(place: usize, session: &Session) -> bool {
    place + 1 == session.transaction().recipients.len()
}
