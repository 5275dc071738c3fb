//! The commands that wait to be sent.

use std::fmt;
use zeroize::Zeroizing;

/// What is queued to be sent.
pub(super) enum Next {
    Ehlo,
    Helo,
    StartTls,
    Xclient,
    Auth(Option<Zeroizing<String>>),
    Response(Zeroizing<String>),
    CancelAuth,
    Mail,
    Rcpt(usize),
    Ask(usize),
    Data,
    Bdat,
    Content,
    LoneDot,
    /// The end of a transaction that goes no further.
    Stop,
    Rset,
    Quit,
    Say(Zeroizing<String>),
    SaidContent,
}

impl fmt::Debug for Next {
    /// Nothing of what an AUTH exchange says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Next::Auth(_) | Next::Response(_) => f.write_str("AUTH ***"),
            Next::Rcpt(place) => write!(f, "RCPT {place}"),
            Next::Ask(place) => write!(f, "VRFY {place}"),
            Next::Stop => f.write_str("stop"),
            Next::Ehlo | Next::Helo => f.write_str("EHLO"),
            Next::StartTls => f.write_str("STARTTLS"),
            Next::Xclient => f.write_str("XCLIENT"),
            Next::CancelAuth => f.write_str("*"),
            Next::Mail => f.write_str("MAIL"),
            Next::Data => f.write_str("DATA"),
            Next::Bdat => f.write_str("BDAT"),
            Next::Content => f.write_str("content"),
            Next::LoneDot => f.write_str("."),
            Next::Rset => f.write_str("RSET"),
            Next::Quit => f.write_str("QUIT"),
            // It may answer a challenge.
            Next::Say(_) => f.write_str("a line"),
            Next::SaidContent => f.write_str("content"),
        }
    }
}
