//! What a client's line asks for (RFC 5321, section 4.1): the reading of commands, where
//! [`super::super::command`] is the writing.
//!
//! Verbs and keywords are taken in any case, blanks at the end are ignored (section 4.1.1), and so is a
//! source route (appendix C). A program of this machine may leave out more, see [`Lenience`]. Whether the command
//! fits at this point is decided by [`super`].

use crate::parameter::Parameter;
use crate::path::{Domain, ForwardPath, Mailbox, PathError, ReversePath};
use crate::verb::Verb;

/// A command, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request<'a> {
    Ehlo,
    Helo,
    Lhlo,
    StartTls,
    Auth { mechanism: &'a str, initial: Option<&'a str> },
    Mail(Given<ReversePath>, Vec<Parameter>),
    Rcpt(Given<ForwardPath>, Vec<Parameter>),
    Data,
    Bdat { octets: u64, last: bool },
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
}

/// A path, and whether its domain was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given<T> {
    pub(super) path: T,
    pub(super) is_bare: bool,
}

/// What may be left out: nothing, or with a name, domains (which is then this name), angle brackets, and what
/// stands behind EHLO.
pub(super) type Lenience<'a> = Option<&'a Domain>;

/// Why a line is no command: 500, 501 or 502.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is no such command.
    Unknown,
    /// It is known and not implemented: EXPN, and what is obsolete (RFC 5321, appendix F).
    NotImplemented,
    /// There is an argument, and the command has none.
    Argument,
    /// No name, or one that is neither a domain nor an address literal.
    Name,
    /// What follows MAIL is not `FROM:<reverse-path>` and parameters.
    From,
    /// What follows RCPT is not `TO:<forward-path>` and parameters.
    To,
    /// No mechanism, or more than one initial response.
    Mechanism,
    /// VRFY without a name.
    Whom,
    /// Not `BDAT octets [LAST]`: where the chunk ends cannot be known.
    Chunk,
}

impl<'a> Request<'a> {
    /// Reads a line without its line end.
    pub(super) fn parse(line: &'a [u8], lenience: Lenience<'_>) -> Result<Request<'a>, Fault> {
        let line = std::str::from_utf8(line).map_err(|_| Fault::Unknown)?.trim_end_matches([' ', '\t']);
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let bare = |request| if argument.is_empty() { Ok(request) } else { Err(Fault::Argument) };
        let named = |request| match lenience {
            Some(_) => Ok(request),
            None => Domain::parse(argument.trim_start()).map(|_| request).map_err(|_| Fault::Name),
        };
        let path_in = |verb| path_and_parameters(argument, verb, lenience.is_some());
        match Verb::named(verb).ok_or(Fault::Unknown)? {
            Verb::Ehlo => named(Request::Ehlo),
            Verb::Helo => named(Request::Helo),
            Verb::Lhlo => named(Request::Lhlo),
            Verb::StartTls => bare(Request::StartTls),
            Verb::Auth => {
                let mut words = argument.split_ascii_whitespace();
                match (words.next(), words.next(), words.next()) {
                    (Some(mechanism), initial, None) => Ok(Request::Auth { mechanism, initial }),
                    _ => Err(Fault::Mechanism),
                }
            }
            Verb::Mail => {
                let (path, parameters) = path_in(Verb::Mail).ok_or(Fault::From)?;
                let given = if path.is_empty() {
                    Given { path: ReversePath::Null, is_bare: false }
                } else {
                    let Given { path, is_bare } = mailbox(path, lenience).map_err(|_| Fault::From)?;
                    Given { path: ReversePath::Mailbox(path), is_bare }
                };
                Ok(Request::Mail(given, parameters))
            }
            Verb::Rcpt => {
                let (path, parameters) = path_in(Verb::Rcpt).ok_or(Fault::To)?;
                Ok(Request::Rcpt(recipient(path, lenience).map_err(|_| Fault::To)?, parameters))
            }
            Verb::Data => bare(Request::Data),
            Verb::Bdat => chunk(argument).ok_or(Fault::Chunk),
            Verb::Rset => bare(Request::Rset),
            Verb::Noop => Ok(Request::Noop),
            Verb::Vrfy if argument.is_empty() => Err(Fault::Whom),
            Verb::Vrfy => Ok(Request::Vrfy),
            Verb::Help => Ok(Request::Help),
            Verb::Quit => bare(Request::Quit),
            Verb::Expn | Verb::Send | Verb::Soml | Verb::Saml | Verb::Turn => Err(Fault::NotImplemented),
            Verb::Xclient => Err(Fault::Unknown),
        }
    }
}

/// A forward-path without its brackets: `Postmaster` alone is one (RFC 5321, section 4.1.1.3).
pub(super) fn forward_path(text: &str) -> Result<ForwardPath, PathError> {
    if text.eq_ignore_ascii_case("Postmaster") {
        return Ok(ForwardPath::Postmaster);
    }
    Mailbox::parse(text).map(ForwardPath::Mailbox)
}

/// A mailbox; a local part alone gets the domain.
fn mailbox(text: &str, lenience: Lenience<'_>) -> Result<Given<Mailbox>, PathError> {
    match (Mailbox::parse(text), lenience) {
        (Ok(path), _) => Ok(Given { path, is_bare: false }),
        (Err(error), None) => Err(error),
        // The whole is read, so that a local part is quoted, or not, as anywhere else.
        (Err(error), Some(domain)) => Mailbox::parse(&format!("{text}@{domain}"))
            .map_or(Err(error), |path| Ok(Given { path, is_bare: true })),
    }
}

fn recipient(text: &str, lenience: Lenience<'_>) -> Result<Given<ForwardPath>, PathError> {
    match forward_path(text) {
        Ok(path) => Ok(Given { is_bare: lenience.is_some() && path == ForwardPath::Postmaster, path }),
        Err(_) => mailbox(text, lenience)
            .map(|Given { path, is_bare }| Given { path: ForwardPath::Mailbox(path), is_bare }),
    }
}

/// `FROM:<path> parameters` or `TO:<path> parameters`: what is in the brackets, and what is behind them.
///
/// A blank after the colon is against the grammar; people who type get away with it.
fn path_and_parameters(argument: &str, verb: Verb, without_brackets: bool) -> Option<(&str, Vec<Parameter>)> {
    let before = verb.before_path();
    let (start, rest) = argument.split_at_checked(before.len())?;
    if !start.eq_ignore_ascii_case(before) {
        return None;
    }
    let rest = rest.trim_start_matches(' ');
    let (path, rest) = match rest.strip_prefix('<') {
        Some(rest) => {
            let (path, rest) = rest.split_at_checked(closing_bracket(rest)?)?;
            (path, rest.strip_prefix('>')?)
        }
        None if without_brackets && !rest.is_empty() => {
            rest.split_at_checked(rest.find(' ').unwrap_or(rest.len()))?
        }
        None => return None,
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let words = rest.split(' ').filter(|word| !word.is_empty());
    let parameters = words.map(Parameter::parse).collect::<Result<_, _>>().ok()?;
    // A source route is accepted and ignored: <@one,@two:user@host>.
    let path = if path.starts_with('@') { path.split_once(':')?.1 } else { path };
    Some((path, parameters))
}

/// Where the path ends; a `>` in a quoted local part does not end it.
fn closing_bracket(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// `octets [LAST]` (RFC 3030, section 2).
fn chunk(argument: &str) -> Option<Request<'_>> {
    let mut words = argument.split_ascii_whitespace();
    let octets = words.next().filter(|word| word.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    let last = match words.next() {
        None => false,
        Some(word) => word.eq_ignore_ascii_case("LAST").then_some(true)?,
    };
    words.next().is_none().then_some(Request::Bdat { octets, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(line: &str) -> Result<String, Fault> {
        to_by(line, None)
    }

    fn to_by(line: &str, lenience: Lenience<'_>) -> Result<String, Fault> {
        match Request::parse(line.as_bytes(), lenience)? {
            Request::Rcpt(Given { path, is_bare }, parameters) => {
                let bare = if is_bare { " (bare)" } else { "" };
                let words = parameters.iter().map(|parameter| format!(" {}", parameter.as_str()));
                Ok(format!("{path}{bare}{}", words.collect::<String>()))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paths_are_read_with_whatever_stands_behind_them() {
        for (line, wanted) in [
            ("RCPT TO:<Jones@Beta.ARPA>", "Jones@Beta.ARPA"),
            ("rcpt to: <Jones@Beta.ARPA>  ", "Jones@Beta.ARPA"),
            ("RCPT TO:<postmaster>", "Postmaster"),
            ("RCPT TO:<@a.example,@b.example:Jones@Beta.ARPA>", "Jones@Beta.ARPA"),
            ("RCPT TO:<\"a>b\\\">\"@Beta.ARPA> NOTIFY=NEVER  X", "\"a>b\\\">\"@Beta.ARPA NOTIFY=NEVER X"),
        ] {
            assert_eq!(to(line).as_deref(), Ok(wanted), "{line}");
        }
        for line in [
            "RCPT",
            "RCPT TO:",
            "RCPT TO:Jones@Beta.ARPA",
            "RCPT TO:<Jones@Beta.ARPA",
            "RCPT TO:<Jones>",
            "RCPT TO:<>",
            "RCPT TO:<Jones@Beta.ARPA>SIZE=1",
            "RCPT TO:<Jones@Beta.ARPA> A=B=C",
            "RCPT TO:<Jones\r@Beta.ARPA>",
            "RCPT TO:<@a.example>",
            "RCPT é:<Jones@Beta.ARPA>",
        ] {
            assert_eq!(to(line), Err(Fault::To), "{line}");
        }
    }

    #[test]
    fn commands_are_known_in_any_case_and_by_their_arguments() {
        for (line, wanted) in [
            ("mail from:<>", Ok(Request::Mail(Given { path: ReversePath::Null, is_bare: false }, vec![]))),
            ("MAIL TO:<>", Err(Fault::From)),
            ("ehlo [127.0.0.1]", Ok(Request::Ehlo)),
            ("EHLO", Err(Fault::Name)),
            ("EHLO a b", Err(Fault::Name)),
            ("DATA ", Ok(Request::Data)),
            ("DATA now", Err(Fault::Argument)),
            ("NOOP whatever", Ok(Request::Noop)),
            ("AUTH PLAIN =", Ok(Request::Auth { mechanism: "PLAIN", initial: Some("=") })),
            ("AUTH", Err(Fault::Mechanism)),
            ("AUTH PLAIN a b", Err(Fault::Mechanism)),
            ("BDAT 5", Ok(Request::Bdat { octets: 5, last: false })),
            ("bdat 0 last", Ok(Request::Bdat { octets: 0, last: true })),
            ("BDAT", Err(Fault::Chunk)),
            ("BDAT +5", Err(Fault::Chunk)),
            ("BDAT 5 FIRST", Err(Fault::Chunk)),
            ("BDAT 5 LAST LAST", Err(Fault::Chunk)),
            ("BDAT 99999999999999999999", Err(Fault::Chunk)),
            ("VRFY", Err(Fault::Whom)),
            ("TURN", Err(Fault::NotImplemented)),
            ("", Err(Fault::Unknown)),
            (" QUIT", Err(Fault::Unknown)),
            ("QUIT\r", Err(Fault::Unknown)),
            ("GET / HTTP/1.1", Err(Fault::Unknown)),
        ] {
            assert_eq!(Request::parse(line.as_bytes(), None), wanted, "{line}");
        }
        assert_eq!(Request::parse(b"NOOP \xff", None), Err(Fault::Unknown));
    }

    #[test]
    fn a_program_of_this_machine_may_leave_out_domains_brackets_and_its_name() {
        let domain = Domain::parse("host.example").unwrap();
        for (line, wanted) in [
            ("RCPT TO:<root>", Ok("root@host.example (bare)")),
            ("RCPT TO:<\"a b\">", Ok("\"a b\"@host.example (bare)")),
            ("RCPT TO:<\"a@b\">", Ok("\"a@b\"@host.example (bare)")),
            ("RCPT TO:<root@host.example>", Ok("root@host.example")),
            ("RCPT TO:root NOTIFY=NEVER", Ok("root@host.example (bare) NOTIFY=NEVER")),
            ("RCPT TO: Jones@Beta.ARPA", Ok("Jones@Beta.ARPA")),
            ("RCPT TO:<POSTMASTER>", Ok("Postmaster (bare)")),
            ("RCPT TO:<>", Err(Fault::To)),
            ("RCPT TO:", Err(Fault::To)),
            ("RCPT TO:<root@>", Err(Fault::To)),
            ("RCPT TO:<@x>", Err(Fault::To)),
            ("RCPT TO:<a b>", Err(Fault::To)),
        ] {
            assert_eq!(to_by(line, Some(&domain)).as_deref(), wanted.as_deref(), "{line}");
        }
        for line in ["EHLO", "EHLO a/b", "HELO a b"] {
            assert!(Request::parse(line.as_bytes(), Some(&domain)).is_ok(), "{line}");
            assert_eq!(Request::parse(line.as_bytes(), None), Err(Fault::Name), "{line}");
        }
    }
}
