//! The program's own exit statuses, explained as codes are (docs/exit-status.md).

use super::exit::ExitStatus;
use crate::meaning::{Again, Explanation, Subject};
use std::borrow::Cow;

const MAIL: &str = "ehlo send and ehlo verify";
const ANY: &str = "any command of ehlo";
const READ: &str = "read the line on standard error";

/// What a status means that this program ends with; none if it ends with no such.
#[must_use]
pub fn explain(number: u8) -> Option<Explanation> {
    let (means, who, advice, again) = match number {
        0 => (
            "everybody has it; or the command did what was asked for",
            ANY,
            "nothing: to run it again would send twice",
            Again::Accepted,
        ),
        1 => (
            "a serious finding, or a client that did not keep to a script",
            "ehlo probe and ehlo sink",
            "mend what was found",
            Again::AfterChange,
        ),
        10 => (
            "some recipients have it, and some do not",
            MAIL,
            "send to those who do not have it alone: --failed-to writes their list",
            Again::ThoseNamed,
        ),
        11 => (
            "the message was sent to its end, and no proper reply came for at least one recipient",
            MAIL,
            "ask the recipient, or see the server's log",
            Again::Twice,
        ),
        64 => ("the command line cannot be understood", ANY, READ, Again::AfterChange),
        65 => (
            "the message or an address is not fit to send, or larger than the server takes",
            ANY,
            READ,
            Again::AfterChange,
        ),
        66 => (
            "an input file, a certificate or a key cannot be read, or changed while it was sent",
            ANY,
            READ,
            Again::AfterChange,
        ),
        68 => ("there is no host of that name", ANY, "check the server's name", Again::AfterChange),
        69 => (
            "a server, or a proxy, refused for good, or lacks an extension that is needed",
            ANY,
            "see the replies; --explain says what they mean",
            Again::No,
        ),
        74 => ("a file, a program or standard output failed on this host", ANY, READ, Again::AfterChange),
        75 => (
            "not now: put off by the server, no connection, a timeout or a signal, before the end of the \
             message",
            ANY,
            "run the same command again later",
            Again::Later,
        ),
        76 => (
            "the server, or a proxy, said what it must not say",
            ANY,
            "see the dialogue (-v): is it a mail server, and the right port",
            Again::AfterChange,
        ),
        77 => (
            "trust or the log-in was refused: a certificate, TLS that is not there, user and password",
            ANY,
            READ,
            Again::AfterChange,
        ),
        78 => ("the configuration is not right", ANY, READ, Again::AfterChange),
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
