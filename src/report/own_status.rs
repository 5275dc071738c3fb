//! The program's own exit statuses, explained as codes are (docs/exit-status.md).

use super::exit::ExitStatus;
use crate::meaning::{Again, Explanation, Subject};
use std::borrow::Cow;

const MAIL: &str = "ehlo send and ehlo verify";
const ANY: &str = "any command of ehlo";
const READ: &str = "read the message on standard error";

/// What a status means that this program ends with; none if it ends with no such.
#[must_use]
pub fn explain(number: u8) -> Option<Explanation> {
    let (means, who, advice, again) = match number {
        0 => (
            "every recipient has the message, or the command did what it was asked to do",
            ANY,
            "nothing: running it again would send the message twice",
            Again::Accepted,
        ),
        1 => (
            "ehlo probe found something serious, a client of ehlo sink did not follow the script, or ehlo dkim \
             verify found a signature that is not valid, or none",
            "ehlo probe, ehlo sink and ehlo dkim",
            "fix what was found",
            Again::AfterChange,
        ),
        10 => (
            "only some recipients have the message",
            MAIL,
            "send only to those who do not have it: --failed-to writes the list",
            Again::ThoseNamed,
        ),
        11 => (
            "the whole message was sent, but no valid reply came for at least one recipient",
            "ehlo send",
            "before you send again, ask the recipient or look at the server's log",
            Again::Twice,
        ),
        64 => ("the command line cannot be understood", ANY, READ, Again::AfterChange),
        65 => (
            "the message or an address cannot be sent as it is, or the message is larger than the server accepts",
            ANY,
            READ,
            Again::AfterChange,
        ),
        66 => (
            "an input file, a certificate or a key cannot be read, or a file changed while it was sent",
            ANY,
            READ,
            Again::AfterChange,
        ),
        68 => ("there is no host with that name", ANY, "check the server's name", Again::AfterChange),
        69 => (
            "a server or proxy refused for good, or does not offer an extension that is needed",
            ANY,
            "read the replies; --explain says what they mean",
            Again::No,
        ),
        74 => ("a file, a program or standard output failed on this host", ANY, READ, Again::AfterChange),
        75 => (
            "the server deferred it, or there was no connection, a timeout or a signal before the end of the \
             message",
            ANY,
            "run the same command again later",
            Again::Later,
        ),
        76 => (
            "the server or a proxy broke the protocol",
            ANY,
            "see the transcript (-v): is it a mail server, and is the port right?",
            Again::AfterChange,
        ),
        77 => (
            "the certificate or the log-in was refused, or TLS is required and not offered",
            ANY,
            READ,
            Again::AfterChange,
        ),
        78 => (
            "the configuration cannot be used: config.toml, an account, or a certificate or key of ours",
            ANY,
            READ,
            Again::AfterChange,
        ),
        _ => return None,
    };
    Some(Explanation {
        subject: Subject::ExitStatus(number),
        name: ExitStatus(number).meaning(),
        means: Cow::Borrowed(means),
        who,
        advice: Cow::Borrowed(advice),
        again,
        says_again: false,
        general: None,
        known: false,
        common: false,
        registered: true,
        note: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_has_a_name_is_explained_and_no_other() {
        for number in 0..=u8::MAX {
            let is_named = !ExitStatus(number).meaning().is_empty();
            assert_eq!(explain(number).is_some(), is_named, "{number}");
        }
    }
}
