//! What a probe found, said: what each finding is called, what is wrong, and what to do about it.

mod certificate;

use super::client_error;
use super::probe::{answer, broken, hello};
use crate::net::tls::certificate::{few, short};
use crate::probe::finding::What;
use ehlo_smtp::reply::in_brief;
use ehlo_smtp::session::Protocol;

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// A name for programs, which does not change: `certificate_expires`.
    pub name: &'static str,
    /// What is wrong, in a line.
    pub title: String,
    /// What to do about it.
    pub advice: &'static str,
}

const STRICT: &str = "strict clients may take it for a refusal: correct the program that writes the replies";
const RFC_8314: &str = "anybody on the way can read the password: offer AUTH inside TLS only (RFC 8314); in Postfix, set \
     smtpd_tls_auth_only = yes";

/// The finding's name, what is wrong, and what to do.
#[must_use]
pub fn told(what: &What<'_>) -> Told {
    let (name, title, advice) = match what {
        What::Certificate { fault, own_host } => certificate::told(fault, *own_host),
        What::CertificateExpired(on) => {
            ("certificate_expired", format!("the certificate expired on {on}"), certificate::RENEW)
        }
        What::CertificateExpires { days, on } => {
            let left = match days {
                0 => "within a day".to_owned(),
                1 => "in 1 day".to_owned(),
                days => format!("in {days} days"),
            };
            (
                "certificate_expires",
                format!("the certificate expires {left}, on {on}"),
                "clients that check it will refuse to connect from then on: renew it, and make the server \
                 load the new one",
            )
        }
        What::NoTls13 => (
            "tls13_missing",
            "TLS 1.3 is not supported, only 1.2".to_owned(),
            "TLS 1.2 is still safe; a newer TLS library in the server adds 1.3",
        ),
        What::NoTls12 => (
            "tls12_missing",
            "TLS 1.2 is not supported, only 1.3".to_owned(),
            "older clients cannot connect: that is fine if all clients are your own; to take mail from \
             anywhere, allow 1.2 as well",
        ),
        What::OldTls { tls11, tls10 } => (
            "tls_old",
            match (tls11, tls10) {
                (true, true) => "TLS 1.1 and TLS 1.0 are still accepted".to_owned(),
                (true, false) => "TLS 1.1 is still accepted".to_owned(),
                (false, _) => "TLS 1.0 is still accepted".to_owned(),
            },
            "these versions are obsolete, with weak hashes and ciphers (RFC 8996): allow TLS 1.2 and newer \
             only; in Postfix, set smtpd_tls_protocols = >=TLSv1.2",
        ),
        What::StartTlsMissing { own_host: true } => (
            "starttls_missing",
            "STARTTLS is not offered, to this host".to_owned(),
            "nobody is in between on this host, but if others reach the server too, their mail arrives in \
             clear: probe it from another host to know",
        ),
        What::StartTlsMissing { own_host: false } => (
            "starttls_missing",
            "STARTTLS is not offered: all mail arrives in clear".to_owned(),
            "anybody on the way can read it: give the server a certificate and a key, and turn TLS on",
        ),
        What::StartTlsRefused(reply) => (
            "starttls_refused",
            format!("STARTTLS is offered but refused: {}", answer(reply)),
            "mail arrives in clear, or not at all: see the server's log; it may be unable to read its \
             certificate or key, or something in between refuses",
        ),
        What::StartTlsFails(why) => {
            let why = why.map_or_else(String::new, |error| format!(": {}", client_error(error)));
            (
                "tls_handshake",
                format!("STARTTLS is offered, but TLS fails{why}"),
                "mail arrives in clear, or not at all: see the server's log; TLS 1.2 or 1.3 with ECDHE is \
                 needed, and a certificate that fits the key",
            )
        }
        What::StartTlsCode(code) => (
            "starttls_code",
            format!("STARTTLS is answered with {code} instead of 220 (RFC 3207, section 4)"),
            STRICT,
        ),
        What::CommandsAheadOfTls => (
            "commands_ahead_of_tls",
            "vulnerable to STARTTLS injection: a NOOP sent ahead of TLS was executed inside it".to_owned(),
            "an attacker on the way can insert commands into a client's session: update the server \
             (CVE-2011-0411 and similar)",
        ),
        What::OctetsBehind220(octets) => (
            "octets_behind_220",
            format!("{} came in clear after the 220 to STARTTLS", counted(*octets, "octet")),
            "either the server sends too much or somebody on the way inserts it, and careful clients hang \
             up: update the server, and check any proxy in front of it",
        ),
        What::SubmissionWithoutAuth => (
            "submission_without_auth",
            "a submission port that offers no log-in".to_owned(),
            "users cannot log in to send mail: turn AUTH on, inside TLS (RFC 6409, RFC 8314)",
        ),
        What::AuthInClear { mechanisms, own_host: true } => (
            "auth_in_clear",
            format!("log-in is offered before TLS, to this host: {}", few(mechanisms)),
            "these mechanisms do not show the password, and the server may offer them in clear to its own \
             host only: probe it from another host to know",
        ),
        What::AuthInClear { mechanisms, own_host: false } => (
            "auth_in_clear",
            format!("log-in is offered before TLS: {}", few(mechanisms)),
            "these mechanisms do not show the password, but what follows the log-in can be read and \
             changed: offer AUTH inside TLS only (RFC 8314)",
        ),
        What::PasswordInClear { mechanisms, own_host: true } => (
            "auth_in_clear",
            format!("passwords can be sent in clear, from this host: {} before TLS", few(mechanisms)),
            "many servers trust their own host and offer this to nobody else: probe it from another host to \
             know",
        ),
        What::PasswordInClear { mechanisms, own_host: false } => (
            "auth_in_clear",
            format!("passwords can be sent in clear: {} before TLS", few(mechanisms)),
            RFC_8314,
        ),
        What::Relays { question, own_host } => {
            let from = question.from.to_string();
            let from = if from.is_empty() { "<>".to_owned() } else { short(&from) };
            let to = short(&question.to.to_string());
            let here = if *own_host { ", from this host" } else { "" };
            (
                "open_relay",
                format!(
                    "accepts mail from {from} to {to} without log-in{here}: an open relay if {to} is in none \
                     of its own domains"
                ),
                if *own_host {
                    "most servers relay for their own host: probe it from another host to know whether it \
                     does so for anybody"
                } else {
                    "spammers find open relays within hours, and the server ends up on block lists: relay \
                     only for your own networks and after a log-in"
                },
            )
        }
        What::GreetingCode(code) => (
            "greeting_code",
            format!("the greeting is {code} instead of 220 (RFC 5321, section 4.3.2)"),
            STRICT,
        ),
        What::GreetingName(name) => (
            "greeting_name",
            match name.as_str() {
                "" => "the greeting names no server".to_owned(),
                name => {
                    format!("the greeting does not begin with a full domain name, but with '{}'", short(name))
                }
            },
            "clients and logs know the server by that name (RFC 5321, section 4.2): set its host name",
        ),
        What::HelloName { protocol, name } => (
            "ehlo_name",
            match name.as_str() {
                "" => format!("the reply to {} names no server", hello(*protocol)),
                name => format!(
                    "the reply to {} does not begin with a full domain name, but with '{}'",
                    hello(*protocol),
                    short(name)
                ),
            },
            "strict clients expect the server's name there (RFC 5321, section 4.1.1.1): set its host name",
        ),
        What::NamesDiffer { protocol, greeting, hello: said } => (
            "names_differ",
            format!(
                "the greeting names {}, and the reply to {} names {}",
                short(greeting),
                hello(*protocol),
                short(said)
            ),
            "logs and loop checks go by that name: use one name for both, unless several servers share the \
             address",
        ),
        What::NameNotInCertificate(name) => (
            "certificate_other_name",
            format!("the certificate is not for {}, the name in the greeting", short(name)),
            "this matters only if clients connect by that name (as the MX of a domain, for instance): if so, \
             get a certificate that includes it",
        ),
        What::EhloRefused { protocol, code } => {
            let hello = hello(*protocol);
            (
                "ehlo_refused",
                format!("{hello} is refused ({code}): no TLS, no log-in, no extensions"),
                match protocol {
                    Protocol::Smtp => {
                        "mail servers have answered it since the 1990s: perhaps this one speaks LMTP (use \
                         lmtp://), or a firewall in front of it rewrites SMTP"
                    }
                    Protocol::Lmtp => {
                        "LMTP servers must answer it (RFC 2033): perhaps this one speaks SMTP (use smtp://)"
                    }
                },
            )
        }
        What::GreetingSlow(time) => (
            "greeting_slow",
            format!(
                "the greeting took {}",
                counted(usize::try_from(time.as_secs()).unwrap_or(usize::MAX), "second")
            ),
            "every message waits that long, and some clients give up: unless the delay is meant against \
             spam, check the server's DNS and the block lists that it asks first",
        ),
        What::BareLf => (
            "bare_lf",
            "reply lines end in a bare LF".to_owned(),
            "lines must end in CRLF (RFC 5321, section 2.3.8), and strict clients hang up: correct the \
             program that writes the replies",
        ),
        What::PipeliningBroken(how) => (
            "pipelining_broken",
            format!("PIPELINING is offered but does not work: {}", in_brief(&broken(how))),
            "clients that use it lose their connection: two commands in one packet must have two replies \
             (RFC 2920); fix that, or stop offering it",
        ),
        What::AddressDead(address) => (
            "address_dead",
            format!("one address does not answer: {address}"),
            "senders that try it first lose time: make the server listen there, or remove it from DNS",
        ),
        What::EightBitMimeMissing => (
            "8bitmime_missing",
            "8BITMIME is not offered".to_owned(),
            "senders must encode what is not ASCII, or return it: turn it on",
        ),
        What::SizeMissing => (
            "size_missing",
            "SIZE is not offered".to_owned(),
            "a message that is too large is refused only after all of it was sent: turn it on",
        ),
        What::ExpnAnswered { own_host: true } => (
            "expn_answered",
            "EXPN tells who is on a list, to this host".to_owned(),
            "the server may tell nobody else: probe it from another host to know",
        ),
        What::ExpnAnswered { own_host: false } => (
            "expn_answered",
            "EXPN tells anybody who is on a list".to_owned(),
            "spammers collect addresses with it (RFC 5321, section 7.3): turn it off, or allow it to your \
             users only",
        ),
        What::VrfyAnswered { own_host: true } => (
            "vrfy_answered",
            "VRFY tells whether an address exists, to this host".to_owned(),
            "the server may tell nobody else: probe it from another host to know",
        ),
        What::VrfyAnswered { own_host: false } => (
            "vrfy_answered",
            "VRFY tells anybody whether an address exists".to_owned(),
            "spammers test addresses with it (RFC 5321, section 7.3): make it answer 252",
        ),
    };
    Told { name, title, advice }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests;
