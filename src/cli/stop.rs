//! How far a session goes, and where the connection is dropped: for looking at servers and testing them.

use clap::{Args, ValueEnum};

/// A part of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SessionStage {
    /// the greeting is there
    Connect,
    /// EHLO is answered
    Ehlo,
    /// TLS has begun, and EHLO inside it is answered
    Tls,
    /// logged in
    Auth,
    /// MAIL is answered
    Mail,
    /// every RCPT is answered
    Rcpt,
    /// DATA is answered by 354
    Data,
}

/// `--drop-after`: where the connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropPoint {
    /// After the reply.
    After(SessionStage),
    /// After the command, before its reply.
    Sent(SessionStage),
    /// Within the message, after so many octets.
    Octets(u64),
    /// After the end of the message, before its reply.
    MessageSent,
    /// After the reply to the message.
    Message,
}

/// `ehlo send`: less than the whole.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "testing")]
pub struct StopArgs {
    /// go so far and no further; nothing is sent: connect, ehlo, tls, auth, mail, rcpt, data
    ///
    /// RSET, where a transaction is open, and QUIT follow. After the 354 to DATA the connection is closed instead, for
    /// they would be text of the message.
    #[arg(long, value_name = "STAGE", hide_possible_values = true, conflicts_with = "drop_after")]
    pub stop_after: Option<SessionStage>,
    /// drop the connection there, to test a server: a stage, STAGE-sent, data:OCTETS, message
    ///
    /// A stage is one of --stop-after, or message: dropped after its reply. With -sent, as in rcpt-sent or
    /// message-sent: after the command, or the end of the message, and before the reply. data:1000: after 1000 octets
    /// of the message. For testing servers only.
    #[arg(long, value_name = "STAGE", value_parser = drop_point)]
    pub drop_after: Option<DropPoint>,
    /// drop it by a reset (RST) instead of an orderly end
    #[arg(long, requires = "drop_after")]
    pub drop_reset: bool,
}

/// Reads `rcpt`, `rcpt-sent`, `data:1000`, `message`, `message-sent`.
fn drop_point(text: &str) -> Result<DropPoint, String> {
    let unfit = || {
        format!(
            "wants connect, ehlo, tls, auth, mail, rcpt, data or message, all but connect perhaps with -sent, or \
             data:OCTETS, not '{text}'"
        )
    };
    let stage = |name| SessionStage::from_str(name, false).map_err(|_| unfit());
    match text {
        "message" => Ok(DropPoint::Message),
        "message-sent" => Ok(DropPoint::MessageSent),
        // Nothing is sent before the greeting.
        "connect-sent" => Err(unfit()),
        text => match (text.strip_prefix("data:"), text.strip_suffix("-sent")) {
            (Some(octets), _) => octets.parse().map(DropPoint::Octets).map_err(|_| unfit()),
            (None, Some(name)) => stage(name).map(DropPoint::Sent),
            (None, None) => stage(text).map(DropPoint::After),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_stage_perhaps_before_its_reply_or_a_place_in_the_message() {
        for (text, point) in [
            ("connect", DropPoint::After(SessionStage::Connect)),
            ("rcpt", DropPoint::After(SessionStage::Rcpt)),
            ("rcpt-sent", DropPoint::Sent(SessionStage::Rcpt)),
            ("data", DropPoint::After(SessionStage::Data)),
            ("data:0", DropPoint::Octets(0)),
            ("data:1000", DropPoint::Octets(1000)),
            ("message", DropPoint::Message),
            ("message-sent", DropPoint::MessageSent),
        ] {
            assert_eq!(drop_point(text), Ok(point), "{text}");
        }
        for text in ["", "quit", "data:", "data:-1", "data:x", "mail:3", "connect-sent", "-sent", "RCPT"] {
            assert!(drop_point(text).is_err(), "{text}");
        }
    }
}
