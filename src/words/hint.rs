//! What to do about an error, where its own sentence does not say it: one table. Of TLS: words/hint_tls.rs.

use super::hint_tls;
use crate::client::Error;
use crate::config::secret::Secret;
use crate::meaning::Explanation;
use crate::meaning::after::After;
use crate::net::connect::is_loopback;
use crate::net::{ConnectError, Error as NetError};
use crate::sasl::{self, Means};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::{Class, Reply};
use ehlo_smtp::verb::Verb;
use std::net::{IpAddr, SocketAddr};

/// The port that many networks keep their customers from (RFC 5321 is spoken there from server to server).
const BLOCKED: u16 = 25;

const PORT_25: &str = "many networks block port 25; to send with a log-in, use port 587 or 465: \
                       submission://HOST or smtps://HOST";
const NOBODY_HERE: &str = "is a mail server running on this host? start it, or name another server";
const NOBODY_NEAR: &str = "is the mail server of that host running, and does a firewall let port 25 through?";
/// What a server that says nothing may be.
pub const SILENT: &str = "is this a mail server? one that expects TLS from the first octet is silent too: \
                          try smtps:// or --tls implicit";
const ALERT: &str = "it sent a TLS alert, so it may expect TLS from the first octet: try smtps:// or --tls \
                     implicit";
const SPEAKS_SMTP: &str = "it seems to speak SMTP, not LMTP: use smtp:// instead of lmtp://";
const SPEAKS_LMTP: &str = "it seems to speak LMTP, not SMTP: use lmtp:// instead of smtp://";
/// How servers begin that are known and are no mail servers, and what they are.
const OTHERS: [(&str, &str); 10] = [
    ("SSH-", "this is an SSH server"),
    ("HTTP/", "this is a web server"),
    ("<!DOCTYPE", "this is a web server"),
    ("<html", "this is a web server"),
    ("* OK", IMAP),
    ("* PREAUTH", IMAP),
    ("* BYE", IMAP),
    ("+OK", POP3),
    ("-ERR", POP3),
    ("RFB ", "this is a VNC server"),
];
const IMAP: &str =
    "this is an IMAP server, for reading mail; to send mail, use submission:// or submissions://";
const POP3: &str =
    "this is a POP3 server, for reading mail; to send mail, use submission:// or submissions://";
const NAME: &str = "it may not like the name that we gave: give another with --ehlo-name";

/// What can be done about an error that its own sentence does not say; nothing where it says all there is.
#[must_use]
pub fn hint(error: &Error) -> Option<String> {
    match error {
        Error::Connect(ConnectError::Failed(tried))
            if tried.iter().all(|tried| tried.address.port() == BLOCKED) =>
        {
            // No network is between us and ourselves, and no provider's in a network of one's own.
            let are_all = |is: fn(&SocketAddr) -> bool| tried.iter().all(|tried| is(&tried.address));
            let hint = if are_all(is_loopback) {
                NOBODY_HERE
            } else if are_all(is_near) {
                NOBODY_NEAR
            } else {
                PORT_25
            };
            Some(hint.to_owned())
        }
        Error::Network { error: NetError::Timeout, awaiting: Some(awaiting) } if awaiting.is_greeting() => {
            Some(SILENT.to_owned())
        }
        Error::Network { error: NetError::Tls(error), .. } => hint_tls::hint(error),
        Error::Session { failure: Failure::Refused { awaiting: Some(expect), reply }, awaiting, .. } => {
            let is_lhlo = *awaiting == Some(Awaiting::Lhlo);
            other_protocol(*expect, is_lhlo, reply).map(str::to_owned).or_else(|| refused(*expect, reply))
        }
        Error::Session { failure: Failure::EhloRefused { reply, .. }, .. } => {
            other_protocol(Expect::Ehlo, false, reply).map(str::to_owned)
        }
        Error::Session { failure: Failure::LogIn { reply, others, .. }, .. } => {
            of_a_provider(Expect::Auth, reply).or_else(|| to_name_another(reply, others))
        }
        // An alert of TLS (RFC 8446, section 6) in clear, if not in full.
        Error::Session { said: Some(words), .. } if words.starts_with("\u{15}\u{3}") => {
            Some(ALERT.to_owned())
        }
        // Who speaks there, if that is no mail server, is told by its first words.
        Error::Session { said: Some(words), awaiting, .. } => {
            let is_first = awaiting.as_ref().is_some_and(Awaiting::is_greeting);
            let other = OTHERS.iter().find(|(begin, _)| is_first && words.starts_with(begin));
            let who = other.map_or(String::new(), |(_, who)| format!(": {who}"));
            Some(format!("it says '{words}'{who}"))
        }
        _ => None,
    }
}

/// Whether an address is loopback, private or of this link (RFC 1918, RFC 6598, RFC 4193, RFC 3927).
fn is_near(address: &SocketAddr) -> bool {
    match address.ip().to_canonical() {
        IpAddr::V4(v4) => {
            let shared = matches!(v4.octets(), [100, second, ..] if second & 0xc0 == 64);
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// Who does not know LHLO speaks SMTP; who knows neither EHLO nor HELO, or asks for LHLO, speaks LMTP (RFC
/// 2033, section 4.1).
fn other_protocol(expect: Expect, is_lhlo: bool, reply: &Reply) -> Option<&'static str> {
    let is_unknown = matches!(reply.code(), 500 | 502);
    let names = |words: &[&str]| {
        let text = reply.text().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
        reply.code() / 100 == 5 && words.iter().any(|word| text.contains(word))
    };
    match expect {
        Expect::Ehlo if is_lhlo => {
            (is_unknown || names(&[Verb::Ehlo.name(), Verb::Helo.name(), "SMTP"])).then_some(SPEAKS_SMTP)
        }
        Expect::Ehlo => names(&[Verb::Lhlo.name(), "LMTP"]).then_some(SPEAKS_LMTP),
        Expect::Helo => (is_unknown || names(&[Verb::Lhlo.name(), "LMTP"])).then_some(SPEAKS_LMTP),
        _ => None,
    }
}

/// A refusal that ends the session.
fn refused(expect: Expect, reply: &Reply) -> Option<String> {
    match (expect, reply.code()) {
        (Expect::Ehlo | Expect::Helo, 501 | 504 | 550 | 553 | 554) => {
            // Unless it says what it is that it does not like.
            let explanation = Explanation::of(reply, After::expect(expect));
            Some(if explanation.known { explanation.advice.into_owned() } else { NAME.to_owned() })
        }
        _ => of_a_provider(expect, reply),
    }
}

/// Refused credentials end a log-in. A mechanism that the server does not take from this user, though it
/// offers it, does the same: the user can name another.
fn to_name_another(reply: &Reply, others: &[&'static str]) -> Option<String> {
    let example = others.last().filter(|_| reply.class() == Class::Permanent)?;
    // A wrong password is likelier than a mechanism that is offered and not taken.
    if reply.code() == 535 && takes_tokens(example) {
        return Some(format!(
            "the token may be another user's, or not for mail: see who has signed in; or name another mechanism by \
             --auth, as in --auth {example}"
        ));
    }
    if reply.code() == 535 {
        return Some(format!(
            "check user and password; if they are right, name another mechanism by --auth, as in --auth {example}"
        ));
    }
    let offered = others.join(", ");
    Some(format!("the server offers {offered} too: choose one with --auth, as in --auth {example}"))
}

/// Whether a mechanism shows a token: then the one that was refused did, too.
fn takes_tokens(mechanism: &str) -> bool {
    !sasl::takes(mechanism, &Means::Password(Secret::new(String::new())))
}

/// What is known of the words of the large providers: an application's own password, OAuth, a limit. Others
/// speak plainly.
fn of_a_provider(expect: Expect, reply: &Reply) -> Option<String> {
    let explanation = Explanation::of(reply, After::expect(expect));
    (explanation.known && !explanation.common).then(|| explanation.advice.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::connect::Tried;

    fn refused(awaiting: Expect, code: u16, text: &str) -> Error {
        let failure = Failure::Refused { awaiting: Some(awaiting), reply: Reply::new(code, text) };
        Error::Session { failure, awaiting: Some(Awaiting::Reply(awaiting)), said: None }
    }

    fn log_in(code: u16, text: &str, others: &[&'static str]) -> Error {
        let failure = Failure::LogIn { reply: Reply::new(code, text), reason: None, others: others.into() };
        Error::Session { failure, awaiting: Some(Awaiting::Reply(Expect::Auth)), said: None }
    }

    fn lhlo(code: u16, text: &str) -> Error {
        let failure = Failure::Refused { awaiting: Some(Expect::Ehlo), reply: Reply::new(code, text) };
        Error::Session { failure, awaiting: Some(Awaiting::Lhlo), said: None }
    }

    fn tried(addresses: &[&str]) -> Error {
        let tried =
            |address: &&str| Tried { address: address.parse().unwrap(), error: Some(NetError::Timeout) };
        Error::Connect(ConnectError::Failed(addresses.iter().map(tried).collect()))
    }

    const FULL_NAME: &str = "give this host's full name, one that is in the DNS, with --ehlo-name";
    const LISTED: &str = "look it up on the list that the text names; or send through your provider's server";

    #[test]
    fn each_has_its_way_out_and_others_have_none() {
        let timeout = |awaiting: Expect| Error::Network {
            error: NetError::Timeout,
            awaiting: Some(Awaiting::Reply(awaiting)),
        };
        for (error, wanted) in [
            (tried(&["192.0.2.1:25", "[2001:db8::1]:25"]), Some(PORT_25)),
            (tried(&["192.0.2.1:587"]), None),
            (tried(&["127.0.0.1:25"]), Some(NOBODY_HERE)),
            (tried(&["[::1]:25", "127.9.9.9:25", "[::ffff:127.0.0.1]:25"]), Some(NOBODY_HERE)),
            (tried(&["127.0.0.1:25", "192.0.2.1:25"]), Some(PORT_25)),
            (tried(&["127.0.0.1:2525"]), None),
            (tried(&["10.1.2.3:25", "172.16.0.1:25"]), Some(NOBODY_NEAR)),
            (tried(&["192.168.0.1:25", "[fd00::1]:25", "127.0.0.1:25"]), Some(NOBODY_NEAR)),
            (tried(&["169.254.0.1:25", "[fe80::1]:25", "100.64.0.1:25"]), Some(NOBODY_NEAR)),
            (tried(&["10.1.2.3:25", "192.0.2.1:25"]), Some(PORT_25)),
            (tried(&["100.128.0.1:25"]), Some(PORT_25)),
            (tried(&["10.1.2.3:587"]), None),
            (timeout(Expect::Greeting), Some(SILENT)),
            (timeout(Expect::Mail), None),
            (refused(Expect::Ehlo, 504, "5.5.2 <x>: no"), Some(NAME)),
            (refused(Expect::Ehlo, 504, "5.5.2 <x>: need fully-qualified hostname"), Some(FULL_NAME)),
            (refused(Expect::Ehlo, 554, "5.7.1 192.0.2.1 is listed at bl.example.org"), Some(LISTED)),
            (refused(Expect::Ehlo, 421, "4.7.0 Error: too many connections"), None),
            (refused(Expect::Ehlo, 451, "later"), None),
            (log_in(535, "5.7.8 no", &[]), None),
            (log_in(454, "4.7.0 later", &["PLAIN"]), None),
            (
                log_in(535, "5.7.8 no", &["PLAIN", "LOGIN"]),
                Some(
                    "check user and password; if they are right, name another mechanism by --auth, as in --auth \
                     LOGIN",
                ),
            ),
            (
                log_in(534, "5.7.9 no", &["PLAIN", "LOGIN"]),
                Some(
                    "the server offers PLAIN, LOGIN too: choose one with --auth, as in --auth \
                     LOGIN",
                ),
            ),
            (refused(Expect::Ehlo, 502, "5.5.1 what?"), None),
            (refused(Expect::Ehlo, 503, "5.5.1 Expecting LHLO"), Some(SPEAKS_LMTP)),
            (refused(Expect::Helo, 500, "5.5.1 what?"), Some(SPEAKS_LMTP)),
            (refused(Expect::Helo, 502, "what?"), Some(SPEAKS_LMTP)),
            (refused(Expect::Helo, 550, "no"), Some(NAME)),
            (lhlo(500, "5.5.1 what?"), Some(SPEAKS_SMTP)),
            (lhlo(503, "5.5.1 Error: send HELO/EHLO first"), Some(SPEAKS_SMTP)),
            (lhlo(550, "no"), Some(NAME)),
            (lhlo(450, "no SMTP today"), None),
        ] {
            assert_eq!(hint(&error).as_deref(), wanted, "{error}");
        }
    }

    #[test]
    fn a_large_provider_s_refusal_of_a_password_says_what_it_wants_instead() {
        let gmail = "5.7.9 Application-specific password required.";
        let said = hint(&log_in(534, gmail, &["LOGIN"])).unwrap();
        assert!(said.contains("app password"), "{said}");
        let outlook = "5.7.139 Authentication unsuccessful, basic authentication is disabled.";
        let said = hint(&log_in(535, outlook, &[])).unwrap();
        assert!(said.contains("XOAUTH2"), "{said}");
    }
}
