//! `ehlo probe`: what can be typed.

use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::group::{Defined, Group};
use super::session::{PROTOCOL_FLAGS, ROUTE_FLAGS, SERVER_FLAGS, SessionArgs, TLS_FLAGS, leave_out};
use super::values::When;
use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};

const EXAMPLES: &str = "\
examples:
  ehlo probe mail.example.org
  ehlo probe submission://mail.example.org
  ehlo probe -q --min-days 14 submission://mail.example.org
  ehlo probe --try-relay a@example.net,b@example.com mail.example.org
  ehlo probe --json smtps://mail.example.org | jq '.tls.chain[0].days_left'";

const EXIT_STATUS: &str = "   0  nothing serious was found
   1  a serious finding: see the report
  64  usage
  66  a file with certificates, a key or a password cannot be read
  68  no such host
  69  the server rejects the connection
  75  not now: no connection, no answer in time
  76  it is not a mail server, or it breaks the protocol
  77  trust was refused";

/// With fewer days left a certificate is a serious finding, unless the user says another number.
const DAYS_SERIOUS: u16 = 7;

/// What it is for, in a line.
pub(super) const ABOUT: &str = "see what a server offers, and how well it is set up; sends no mail";

static REPORT: Group = Group { name: "report", flags: None, define: ReportArgs::augment_args };

/// All flags, in the order of the help. Those to log in are not among them.
static GROUPS: &[&Group] = &[&SERVER_FLAGS, &PROTOCOL_FLAGS, &TLS_FLAGS, &ROUTE_FLAGS, &REPORT];

/// What of the flags that are shared with `ehlo send` means nothing here: a program is not probed, whatever
/// comes of TLS is told, no message is sent, and nobody is spoken for.
const WITHOUT: [&str; 18] = [
    "pipe",
    "final_timeout",
    "insecure",
    "tls_min",
    "tls_backend",
    "no_pipelining",
    "no_chunking",
    "force_8bit",
    "proxy_protocol",
    "proxy_source",
    "proxy_destination",
    "xclient",
    "mail_parameter",
    "rcpt_parameter",
    "require_policy",
    "cleartext_if_tls_fails",
    "jobs",
    "tlsrpt",
];

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    let command = Defined::all(GROUPS)
        .define(command)
        .about(ABOUT)
        .override_usage("ehlo probe [OPTIONS] SERVER")
        .long_about(
            "see what a server offers, and how well it is set up; sends no mail\n\n\
             Each of the server's addresses is connected to, and the first that answers is asked: greeting, \
             EHLO, STARTTLS, EHLO inside TLS, and RSET with NOOP in one write. Where there is TLS, more \
             connections follow: one with TLS 1.2 alone, one with a NOOP in the same write as STARTTLS, and \
             one or two with TLS 1.1 and 1.0. They are made one after the other. No message is sent, and \
             nobody logs in. Then come the findings, the serious ones first, each with what to do.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
        .mut_arg("server", |server| server.short(None).long(None::<&str>).env(None::<&str>))
        .mut_arg("connect_timeout", |time| {
            time.default_value("10s").help("how long to try each address, or a proxy: 10, 10s, 1m, 500ms")
        })
        .mut_arg("timeout", |time| {
            time.default_value("15s").help("how long to wait for each reply, and for each handshake")
        })
        .mut_arg("deadline", |time| time.default_value("2m").help("how long the whole run may take"))
        .mut_arg("ehlo_name", |name| name.help_heading("where"))
        .mut_arg("tls", |tls| {
            let help = "when to encrypt: off, starttls, implicit [default: implicit on port 465, \
                        else starttls if it is offered]";
            tls.hide_possible_values(true).help(help).long_help(format!(
                "{help}\n\nA Unix socket is probed in clear unless this says otherwise. TLS is reported, and \
                 never demanded."
            ))
        })
        .mut_arg("tls_name", |name| {
            name.help("the name that the certificate must be for [default: the server's]")
        })
        .mut_arg("pin", |pin| {
            let help = "the certificate or public key that the server should have; may be repeated";
            pin.help(help).long_help(format!(
                "{help}\n\nThe SHA-256 of the server's certificate or of its public key \
                 (SubjectPublicKeyInfo), both in DER: 64 hex digits, with or without colons, or base64. It \
                 is checked instead of issuer, name and dates, so that --min-days does not apply. A \
                 mismatch is a serious finding."
            ))
        });
    leave_out(command, &WITHOUT)
}

/// Takes its arguments out of what clap found.
pub(super) fn read(matches: &mut ArgMatches) -> Result<ProbeArgs, clap::Error> {
    Ok(ProbeArgs {
        session: SessionArgs::read(matches, &Defined::all(GROUPS), "SERVER")?,
        report: ReportArgs::from_arg_matches_mut(matches)?,
    })
}

/// All arguments of `ehlo probe`.
#[derive(Debug, Clone)]
pub struct ProbeArgs {
    /// Where and how to connect; nobody logs in.
    pub session: SessionArgs,
    /// What is serious, and what is printed.
    pub report: ReportArgs,
}

/// `ehlo probe`: what is serious, and what is printed.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct ReportArgs {
    /// a certificate with fewer days left is a serious finding
    #[arg(long, value_name = "N", default_value_t = DAYS_SERIOUS, help_heading = "tls", value_parser = days)]
    pub min_days: u16,

    /// ask whether mail from FROM to TO is accepted without a log-in
    #[arg(
        long,
        value_name = "FROM,TO",
        value_parser = relay,
        help_heading = "protocol",
        long_help = "ask whether mail from FROM to TO is accepted without a log-in\n\n\
            Name two addresses in domains that the server does not serve: if it accepts, it is an open relay. \
            It is asked with MAIL and RCPT on a connection of its own, and the transaction is left with RSET: \
            no message is sent. With nothing before the comma, the reverse-path is null."
    )]
    pub try_relay: Option<RelayAddresses>,

    /// print only the findings, and nothing if there are only notes
    #[arg(short, long, conflicts_with = "json", help_heading = "output")]
    pub quiet: bool,
    /// the dialogue on standard error; -vv with times, -vvv with octets in hex
    #[arg(short, long, action = ArgAction::Count, help_heading = "output")]
    pub verbose: u8,
    /// the report as one JSON object
    #[arg(long, help_heading = "output")]
    pub json: bool,
    /// use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "output")]
    pub color: When,
    /// print help: -h is short, --help says more
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// `--try-relay`: from whom and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayAddresses {
    /// The argument of MAIL.
    pub from: ReversePath,
    /// The argument of RCPT.
    pub to: ForwardPath,
}

/// A number of days.
fn days(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("needs a number of days from 0 to {}, not '{text}'", u16::MAX))
}

/// Reads `FROM,TO`. A quoted local part may hold commas of its own.
fn relay(text: &str) -> Result<RelayAddresses, String> {
    let mut first = None;
    for (at, _) in text.match_indices(',') {
        let (from, to) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        match relay_addresses(from.trim(), to.trim()) {
            Ok(addresses) => return Ok(addresses),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| "needs two addresses with a comma between them: FROM,TO".to_owned()))
}

fn relay_addresses(from: &str, to: &str) -> Result<RelayAddresses, String> {
    let mailbox = |text: &str| match Mailbox::parse(text) {
        Ok(mailbox) if mailbox.is_ascii() => Ok(mailbox),
        Ok(_) => Err(format!("'{text}' is not ASCII: give an address that needs no SMTPUTF8")),
        Err(error) => Err(format!("'{text}' is not an address: {error}")),
    };
    let from =
        if matches!(from, "" | "<>") { ReversePath::Null } else { ReversePath::Mailbox(mailbox(from)?) };
    Ok(RelayAddresses { from, to: ForwardPath::Mailbox(mailbox(to)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_addresses_and_the_first_may_be_empty() {
        let read = |text: &str| relay(text).map(|both| (both.from.to_string(), both.to.to_string()));
        let both = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
        assert_eq!(read("a@x.example,b@y.example"), both("a@x.example", "b@y.example"));
        assert_eq!(read(",b@y.example"), both("", "b@y.example"));
        assert_eq!(read("<>, b@y.example"), both("", "b@y.example"));
        assert_eq!(
            read("\"a,b\"@x.example,\"c,d\"@y.example"),
            both("\"a,b\"@x.example", "\"c,d\"@y.example")
        );
        for bad in [
            "",
            "a@x.example",
            ",",
            "a@x.example,",
            "a,b@y.example",
            "a@x.example,b",
            "a@x.example,ü@y.example",
            "a@x.example,b@y.example,c@z.example",
            "a@x.example,b@y.example>",
            "a@x.example,b@y.example\r\nDATA",
        ] {
            assert!(relay(bad).is_err(), "{bad}");
        }
    }
}
