//! How far a session goes, and where the connection is dropped: for looking at servers and testing them.

use super::values::{Words, meaning, one_of};
use crate::client::drop_point::Point;
use clap::Args;
use ehlo_smtp::expect::Stage;

/// The parts of a session by which it can be cut short.
const STAGES: Words<Stage> = &[
    ("connect", "the greeting is there", Stage::Connect),
    ("ehlo", "EHLO is answered", Stage::Ehlo),
    ("tls", "TLS has begun, and EHLO inside it is answered", Stage::Tls),
    ("auth", "logged in", Stage::Auth),
    ("mail", "MAIL is answered", Stage::Mail),
    ("rcpt", "every RCPT is answered", Stage::Rcpt),
    ("data", "DATA is answered by 354", Stage::Data),
];

/// `ehlo send`: less than the whole.
#[derive(Debug, Clone, Copy, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "testing")]
pub struct StopArgs {
    /// stop after this stage, and send nothing: connect, ehlo, tls, auth, mail, rcpt, data
    ///
    /// RSET (if a transaction is open) and QUIT follow. After the 354 to DATA the connection is closed
    /// instead, because they would be taken for text of the message.
    #[arg(long, value_name = "STAGE", hide_possible_values = true, conflicts_with = "drop_after")]
    #[arg(value_parser = one_of(STAGES))]
    pub stop_after: Option<Stage>,
    /// drop the connection at this point: a stage, STAGE-sent, data:OCTETS, message
    ///
    /// For testing servers only. A stage is one of those of --stop-after, or message: the connection is
    /// dropped after its reply. With -sent, as in rcpt-sent or message-sent, it is dropped after the command,
    /// or the end of the message, and before the reply. data:1000 drops it after 1000 octets of the message.
    #[arg(long, value_name = "STAGE", value_parser = drop_point)]
    pub drop_after: Option<Point>,
    /// drop it with a reset (RST) instead of an orderly close
    #[arg(long, requires = "drop_after")]
    pub drop_reset: bool,
}

/// Reads `rcpt`, `rcpt-sent`, `data:1000`, `message`, `message-sent`.
fn drop_point(text: &str) -> Result<Point, String> {
    let unfit = || {
        format!(
            "needs connect, ehlo, tls, auth, mail, rcpt, data or message, all but connect perhaps with \
             -sent, or data:OCTETS, not '{text}'"
        )
    };
    let stage = |name| meaning(STAGES, name).ok_or_else(unfit);
    match text {
        "message" => Ok(Point::After(Stage::Message)),
        "message-sent" => Ok(Point::Sent(Stage::Message)),
        // Nothing is sent before the greeting.
        "connect-sent" => Err(unfit()),
        text => match (text.strip_prefix("data:"), text.strip_suffix("-sent")) {
            (Some(octets), _) => octets.parse().map(Point::Within).map_err(|_| unfit()),
            (None, Some(name)) => stage(name).map(Point::Sent),
            (None, None) => stage(text).map(Point::After),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_stage_perhaps_before_its_reply_or_a_place_in_the_message() {
        for (text, point) in [
            ("connect", Point::After(Stage::Connect)),
            ("rcpt", Point::After(Stage::Rcpt)),
            ("rcpt-sent", Point::Sent(Stage::Rcpt)),
            ("data", Point::After(Stage::Data)),
            ("data:0", Point::Within(0)),
            ("data:1000", Point::Within(1000)),
            ("message", Point::After(Stage::Message)),
            ("message-sent", Point::Sent(Stage::Message)),
        ] {
            assert_eq!(drop_point(text), Ok(point), "{text}");
        }
        for text in ["", "quit", "data:", "data:-1", "data:x", "mail:3", "connect-sent", "-sent", "RCPT"] {
            assert!(drop_point(text).is_err(), "{text}");
        }
    }
}
