//! How a server can break the protocol (RFC 5321, section 4.2 and others). The session ends there.

use std::fmt;

/// What the server did against the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// A line that does not begin with a reply code (RFC 5321, section 4.2).
    NotAReply,
    /// Two codes in one reply (section 4.2.1).
    TwoCodes,
    /// A line longer than [`super::reply::LONGEST_LINE`], or than a challenge may be.
    LineTooLong,
    /// A reply longer than [`super::reply::LONGEST_REPLY`] or of more than [`super::reply::MOST_LINES`]
    /// lines.
    ReplyTooLong,
    /// A reply to nothing that was said.
    Unasked,
    /// A code of a class that cannot answer this command (section 4.3.2): 354 to MAIL, 250 to DATA.
    WrongClass {
        /// The code.
        code: u16,
    },
    /// The message was called accepted before it was sent to the end.
    AcceptedTooEarly,
    /// Octets came between the reply to STARTTLS and the handshake (RFC 3207, section 6).
    InjectedBeforeTls,
    /// An AUTH challenge that is not base64, or one too many (RFC 4954, section 4).
    BadChallenge,
    /// AUTH succeeded before the exchange was over, or without the server's proof.
    UnprovedAuth,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::NotAReply => f.write_str("the server sent something that is not an SMTP reply"),
            Violation::TwoCodes => f.write_str("the server sent a reply with two different codes"),
            Violation::LineTooLong => f.write_str("the server sent an endless reply line"),
            Violation::ReplyTooLong => f.write_str("the server sent an endless reply"),
            Violation::Unasked => f.write_str("the server sent an unexpected reply"),
            Violation::WrongClass { code } => {
                write!(f, "the server answered {code}, which is not a valid reply here")
            }
            Violation::AcceptedTooEarly => {
                f.write_str("the server accepted the message before all of it was sent")
            }
            Violation::InjectedBeforeTls => f.write_str(
                "unencrypted data followed the reply to STARTTLS: someone may be tampering with \
                    the connection",
            ),
            Violation::BadChallenge => f.write_str("the server sent a challenge that cannot be answered"),
            Violation::UnprovedAuth => {
                f.write_str("the server reported a successful log-in before it was complete")
            }
        }
    }
}

impl std::error::Error for Violation {}
