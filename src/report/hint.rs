//! What to do about an error, where its own line does not say it: one table.

use super::tls;
use crate::client::Error;
use crate::net::{ConnectError, Error as NetError};
use crate::smtp::expect::Expect;
use crate::smtp::failure::Failure;
use crate::smtp::meaning::Explanation;
use crate::smtp::reply::{Class, Reply};

/// The port that many networks keep their customers from (RFC 5321 is spoken there from server to server).
const BLOCKED: u16 = 25;

const PORT_25: &str = "many networks block port 25: the port for people is 587 or 465, with a log-in: \
                       -S submission://HOST or -S smtps://HOST";
pub(super) const SILENT: &str =
    "is this a mail server? one that wants TLS from the first octet is as silent: --tls implicit";
const ALERT: &str = "it sends an alert of TLS: it may want TLS from the first octet, --tls implicit";
const NAME: &str = "it may not like the name that we gave: say another by --ehlo-name";

/// What the error itself does not say; none where it says it all.
pub(super) fn hint(error: &Error) -> Option<String> {
    match error {
        Error::Connect(ConnectError::Failed(tried))
            if tried.iter().all(|tried| tried.address.port() == BLOCKED) =>
        {
            Some(PORT_25.to_owned())
        }
        Error::Network { error: NetError::Timeout, awaiting: Some(awaiting) }
            if awaiting == Expect::Greeting.doing() =>
        {
            Some(SILENT.to_owned())
        }
        Error::Network { error: NetError::Tls(error), .. } => tls::hint(error),
        Error::Session { failure: Failure::Refused { awaiting: Some(expect), reply }, .. } => {
            refused(*expect, reply)
        }
        Error::Session { failure: Failure::LogIn { reply, others, .. }, .. } => {
            of_a_provider(reply).or_else(|| to_name_another(reply, others))
        }
        // An alert of TLS (RFC 8446, section 6) in clear, if not in full.
        Error::Session { said: Some(words), .. } if words.starts_with("\u{15}\u{3}") => {
            Some(ALERT.to_owned())
        }
        // Who speaks there, if that is no mail server, is told by its first words.
        Error::Session { said: Some(words), .. } => Some(format!("it says '{words}'")),
        _ => None,
    }
}

/// A refusal that ends the session.
fn refused(expect: Expect, reply: &Reply) -> Option<String> {
    match (expect, reply.code()) {
        (Expect::Ehlo | Expect::Helo, 501 | 504 | 550 | 553 | 554) => Some(NAME.to_owned()),
        _ => of_a_provider(reply),
    }
}

/// Refused credentials end a log-in. A mechanism that the server does not take from this user, though it offers it, does
/// the same: the user can name another.
fn to_name_another(reply: &Reply, others: &[&'static str]) -> Option<String> {
    let example = others.last().filter(|_| reply.class() == Class::Permanent)?;
    let offered = others.join(", ");
    Some(format!(
        "the server offers {offered} too: name the mechanism to use by --auth, as in --auth {example}"
    ))
}

/// What is known of the words of the large providers: an application's own password, OAuth, a limit.
fn of_a_provider(reply: &Reply) -> Option<String> {
    let explanation = Explanation::of(reply);
    explanation.known.then(|| explanation.advice.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::connect::Tried;

    fn refused(awaiting: Expect, code: u16, text: &str) -> Error {
        let failure = Failure::Refused { awaiting: Some(awaiting), reply: Reply::new(code, text) };
        Error::Session { failure, awaiting: Some(awaiting.doing().to_owned()), said: None }
    }

    fn log_in(code: u16, text: &str, others: &[&'static str]) -> Error {
        let failure = Failure::LogIn { reply: Reply::new(code, text), reason: None, others: others.to_vec() };
        Error::Session { failure, awaiting: Some("AUTH".to_owned()), said: None }
    }

    fn tried(ports: &[u16]) -> Error {
        let tried = |port: &u16| Tried {
            address: std::net::SocketAddr::from(([192, 0, 2, 1], *port)),
            error: Some(NetError::Timeout),
        };
        Error::Connect(ConnectError::Failed(ports.iter().map(tried).collect()))
    }

    #[test]
    fn each_has_its_way_out_and_others_have_none() {
        let timeout =
            |awaiting: &str| Error::Network { error: NetError::Timeout, awaiting: Some(awaiting.to_owned()) };
        for (error, wanted) in [
            (tried(&[25, 25]), Some(PORT_25)),
            (tried(&[587]), None),
            (timeout("the greeting"), Some(SILENT)),
            (timeout("MAIL FROM"), None),
            (refused(Expect::Ehlo, 504, "5.5.2 <x>: need fully-qualified hostname"), Some(NAME)),
            (refused(Expect::Ehlo, 451, "later"), None),
            (log_in(535, "5.7.8 no", &[]), None),
            (log_in(454, "4.7.0 later", &["PLAIN"]), None),
            (
                log_in(535, "5.7.8 no", &["PLAIN", "LOGIN"]),
                Some(
                    "the server offers PLAIN, LOGIN too: name the mechanism to use by --auth, as in --auth LOGIN",
                ),
            ),
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
