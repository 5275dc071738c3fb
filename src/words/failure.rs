//! Why a session cannot go on, in a sentence: what the server did, and the flag that gets around it where one
//! does.

use super::awaiting::expect;
use crate::meaning;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::{EhloNeed, Failure, Need};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::verb::Verb;
use ehlo_smtp::violation::Violation;

/// The sentence, as far as the failure alone tells. What was awaited, and for whom, [`super::client_error`]
/// knows.
#[must_use]
pub fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Violation(violation) => violation.to_string(),
        Failure::Refused { awaiting: Some(Expect::Greeting), reply } => {
            format!("the server rejects the connection: {}", reply.on_one_line())
        }
        Failure::Refused { reply, .. } if reply.code() == 421 => {
            format!("the server closed the session: {}", reply.on_one_line())
        }
        Failure::Refused { awaiting, reply } => {
            refused(&awaiting.map_or("the command".to_owned(), expect), reply)
        }
        Failure::HungUp { awaiting: Some(awaiting) } => {
            format!("the server closed the connection before its reply to {}", expect(*awaiting))
        }
        Failure::HungUp { awaiting: None } => "the server closed the connection".to_owned(),
        Failure::EhloRefused { reply, lack } => {
            let lack = match lack {
                EhloNeed::StartTls => "TLS",
                EhloNeed::LogIn => "a log-in",
            };
            format!(
                "{}; {lack} is required, which HELO does not support; nothing was sent",
                refused(Verb::Ehlo.name(), reply)
            )
        }
        Failure::TlsNotOffered => TLS_NOT_OFFERED.to_owned(),
        Failure::TlsGone => TLS_GONE.to_owned(),
        Failure::NoMechanism(reason) => super::login::no_mechanism(reason),
        Failure::LogIn { reply, reason, .. } => {
            let reason = reason.as_ref().map_or(String::new(), |reason| format!(" (it says: {reason})"));
            refused(Verb::Auth.name(), reply) + &reason
        }
        Failure::BadChallenge => Violation::BadChallenge.to_string(),
        Failure::Denied { reason } => format!("the server refused AUTH (it says: {reason})"),
        Failure::Unproved(unproved) => unproved.to_string(),
        Failure::TooLarge { octets, limit } => {
            format!("the message has {octets} octets, but the server takes at most {limit}; nothing was sent")
        }
        Failure::NotOffered(unmet) => need(*unmet),
        Failure::Unfit => "a command would have contained a control character; it was not sent".to_owned(),
    }
}

const TLS_NOT_OFFERED: &str = "the server does not offer STARTTLS, but TLS is required; nothing was sent \
                               (try --tls implicit on port 465)";
const TLS_GONE: &str =
    "the server offered STARTTLS on the previous connection and no longer does; nothing was sent in clear";

/// A server without 8BITMIME: these attached messages are why, and what can be done about them.
#[must_use]
pub fn eight_bit_files(files: &[String]) -> String {
    let names: Vec<String> = files.iter().map(|name| format!("'{name}'")).collect();
    format!(
        "the attached message {} contains 8-bit octets, but the server does not offer 8BITMIME; attach it \
         as octets \
         (--attach-type application/octet-stream), or send it anyway with --force-8bit",
        names.join(", ")
    )
}

/// What is needed, by which flag, and not offered.
fn need(need: Need) -> String {
    let keyword = need.extension().keyword();
    let lacks = |what: &str, then: &str| format!("{what} and the server does not offer {keyword}; {then}");
    let asked = match need {
        Need::Address => return lacks("an address is not plain ASCII", "nothing was sent"),
        Need::Header => return lacks("a header is not plain ASCII", ENCODE),
        Need::Extension(Extension::EightBitMime) => {
            return lacks("the message contains 8-bit octets", ENCODE);
        }
        Need::XclientAttribute(name) => format!(" the attribute {name} of {keyword}"),
        Need::Listed(_) => {
            format!(" {keyword}, needed for NOTIFY or ORCPT in the list of recipients (--recipients-from)")
        }
        Need::Extension(Extension::Xclient) => format!(" {keyword} to us"),
        Need::Extension(extension) => {
            // Over TLS that is not verified some are worth nothing, offered or not.
            let over = if extension.needs_verified_tls() { " over verified TLS" } else { "" };
            let flags =
                meaning::flags(extension).map_or(String::new(), |flags| format!(", needed for {flags}"));
            format!(" {keyword}{over}{flags}")
        }
    };
    format!("the server does not offer{asked}; nothing was sent")
}

/// What can be done about content that the server does not take as it is.
const ENCODE: &str = "encode it, or send it anyway with --force-8bit";

/// A refusal of this.
pub(super) fn refused(what: &str, reply: &Reply) -> String {
    format!("the server refused {what}: {}", reply.on_one_line())
}
