//! What a probe found, said: what each finding is called, what is wrong, and what to do about it.

use super::client_error;
use super::probe::{answer, broken, hello};
use crate::net::Fault;
use crate::net::tls::certificate::{few, short};
use crate::probe::finding::What;
use ehlo_smtp::reply::in_brief;

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

const RENEW: &str = "renew it, and have the server load the new one";
const STRICT: &str = "strict clients may take it for a refusal: mend what writes the replies";

/// The finding's name, what is wrong, and what to do.
#[must_use]
pub fn told(what: &What<'_>) -> Told {
    let (name, title, advice) = match what {
        What::Certificate(fault) => return certificate(fault),
        What::CertificateExpired(on) => {
            ("certificate_expired", format!("the certificate expired on {on}"), RENEW)
        }
        What::CertificateExpires { days, on } => {
            let days = if *days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            ("certificate_expires", format!("the certificate expires in {days}, on {on}"), RENEW)
        }
        What::NoTls13 => (
            "tls13_missing",
            "TLS 1.3 is not spoken, only 1.2".to_owned(),
            "nothing is broken by it; a newer TLS library in the server would bring it",
        ),
        What::NoTls12 => (
            "tls12_missing",
            "TLS 1.2 is not spoken, only 1.3: older clients cannot come".to_owned(),
            "as it should be for your own clients; for mail from anywhere, allow 1.2 as well",
        ),
        What::StartTlsMissing => (
            "starttls_missing",
            "STARTTLS is not offered: all mail comes in clear".to_owned(),
            "give the server a certificate and a key, and turn TLS on",
        ),
        What::StartTlsRefused(reply) => (
            "starttls_refused",
            format!("STARTTLS is offered, and then refused: {}", answer(reply)),
            "look into the server's log: its certificate or key cannot be used, or something in between \
             refuses",
        ),
        What::StartTlsFails(why) => {
            let why = why.map_or_else(String::new, |error| format!(": {}", client_error(error)));
            (
                "tls_handshake",
                format!("STARTTLS is offered, and TLS fails{why}"),
                "look into the server's log; TLS 1.2 or 1.3 with ECDHE is needed, and a certificate that \
                 fits the key",
            )
        }
        What::StartTlsCode(code) => (
            "starttls_code",
            format!("STARTTLS is agreed to by {code}, where 220 is meant (RFC 3207, section 4)"),
            STRICT,
        ),
        What::CommandsAheadOfTls => (
            "commands_ahead_of_tls",
            "commands that are sent ahead of TLS are executed inside it: a NOOP was".to_owned(),
            "whoever is in between can put commands into clients' mouths: update the server (CVE-2011-0411 \
             and its like)",
        ),
        What::OctetsBehind220(octets) => (
            "octets_behind_220",
            format!("{octets} octets came in clear behind the 220 to STARTTLS"),
            "the server says too much, or somebody in between puts it there; clients break off: update the \
             server, and look at what stands before it",
        ),
        What::SubmissionWithoutAuth => (
            "submission_without_auth",
            "no log-in is offered on a port for submission".to_owned(),
            "people cannot send from elsewhere: turn AUTH on, inside TLS (RFC 6409, RFC 8314)",
        ),
        What::AuthInClear(mechanisms) => (
            "auth_in_clear",
            format!("log-in is offered before TLS: {}", few(mechanisms)),
            "offer AUTH inside TLS only (RFC 8314)",
        ),
        What::PasswordInClear { mechanisms, own_host: true } => (
            "auth_in_clear",
            format!("passwords are asked for in clear: {} offered before TLS, to this host", few(mechanisms)),
            "the server runs on this host, and may offer that to nobody else: probe it from another host to \
             know",
        ),
        What::PasswordInClear { mechanisms, own_host: false } => (
            "auth_in_clear",
            format!("passwords are asked for in clear: {} offered before TLS", few(mechanisms)),
            "offer AUTH inside TLS only (RFC 8314); in Postfix: smtpd_tls_auth_only = yes",
        ),
        What::GreetingCode(code) => (
            "greeting_code",
            format!("it greets with {code}, where 220 is meant (RFC 5321, section 4.3.2)"),
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
        What::EhloRefused { protocol, code } => (
            "ehlo_refused",
            format!("{} is refused ({code}): no TLS, no log-in, no extension at all", hello(*protocol)),
            "every server since 1995 answers EHLO: look at what stands before it, a filter that rewrites \
             SMTP perhaps",
        ),
        What::GreetingSlow(time) => (
            "greeting_slow",
            format!("the greeting took {} seconds", time.as_secs()),
            "if it is not meant against spammers: look at the server's DNS and at the block lists that it \
             asks first",
        ),
        What::BareLf => (
            "bare_lf",
            "reply lines end in a bare LF".to_owned(),
            "lines end in CRLF (RFC 5321, section 2.3.8), and strict clients hang up: mend what writes the \
             replies",
        ),
        What::PipeliningBroken(how) => (
            "pipelining_broken",
            format!("PIPELINING is offered and not kept: {}", in_brief(&broken(how))),
            "two commands in one packet must have two replies (RFC 2920): stop offering it, or mend it",
        ),
        What::AddressDead(address) => (
            "address_dead",
            format!("one address does not answer: {address}"),
            "senders that try it first lose time: let the server listen there, or take it out of DNS",
        ),
        What::EightBitMimeMissing => (
            "8bitmime_missing",
            "8BITMIME is not offered".to_owned(),
            "senders must encode what is not ASCII, or return it: turn it on",
        ),
        What::SizeMissing => (
            "size_missing",
            "SIZE is not offered".to_owned(),
            "too large a message is refused only after all of it was sent: turn it on",
        ),
        What::ExpnAnswered => (
            "expn_answered",
            "EXPN tells anybody who is on a list".to_owned(),
            "strangers learn addresses by it (RFC 5321, section 7.3): turn it off, or keep it for your users",
        ),
        What::VrfyAnswered => (
            "vrfy_answered",
            "VRFY tells anybody whether an address exists".to_owned(),
            "strangers can try out addresses by it (RFC 5321, section 7.3): have it answer 252",
        ),
    };
    Told { name, title, advice }
}

fn certificate(fault: &Fault) -> Told {
    let (name, title, advice) = match fault {
        Fault::WrongName { .. } => (
            "certificate_name",
            format!("the certificate has the wrong name: {fault}"),
            "get one that holds the name by which clients reach the server, or have them use a name that it \
             holds",
        ),
        Fault::Expired(_) => ("certificate_expired", format!("the certificate is over: {fault}"), RENEW),
        Fault::NotYetValid(_) => (
            "certificate_not_yet_valid",
            format!("the certificate does not count yet: {fault}"),
            "is a clock wrong, the server's or this host's? else use the one before it until then",
        ),
        Fault::UnknownIssuer | Fault::SelfSigned => (
            "certificate_issuer",
            format!("the certificate is not trusted: {fault}"),
            "have the server send the whole chain, up to an authority that clients know; if that is yours, \
             name it by --ca-file",
        ),
        Fault::NotChecked => (
            "certificate_not_checked",
            "the certificate was not checked: this program's TLS cannot do that without demanding it"
                .to_owned(),
            "use a build with rustls",
        ),
        Fault::NotPinned => (
            "certificate_pin",
            "the certificate is another than the one that is pinned".to_owned(),
            "pin the new one once the server's operator has confirmed it; until then, somebody may be in \
             between",
        ),
        fault => (
            "certificate_fault",
            format!("the certificate is not in order: {}", short(&fault.to_string())),
            "see which certificate of the chain is meant, and replace it",
        ),
    };
    Told { name, title, advice }
}

#[cfg(test)]
mod tests;
