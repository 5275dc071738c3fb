//! Of keys for DKIM.

use super::said::Said;
use crate::check::DkimFault;
use crate::dkim::RecordFault;

pub(super) fn told(fault: &DkimFault<'_>) -> Said {
    match fault {
        DkimFault::Missing(selector) => (
            "dkim_missing",
            format!("there is no DKIM key of the selector {selector}"),
            "signatures with it do not pass: publish it ('ehlo dkim record KEY' prints the record)",
        ),
        DkimFault::Record(selector, RecordFault::Revoked) => (
            "dkim_revoked",
            format!("the DKIM key of the selector {selector} was revoked"),
            "nothing that is signed with it passes: that is right if it is no longer in use",
        ),
        DkimFault::Record(selector, fault) => (
            "dkim_record",
            format!("the DKIM key of the selector {selector} is of no use: {fault}"),
            "signatures with it do not pass: publish the record anew ('ehlo dkim record KEY' prints it)",
        ),
        DkimFault::Short(selector, bits) => (
            "dkim_short",
            format!("the DKIM key of the selector {selector} has {bits} bits"),
            "it can be broken with some effort: make one of 2048 bits, under another selector (RFC 8301)",
        ),
        DkimFault::Testing(selector) => (
            "dkim_testing",
            format!("the DKIM key of the selector {selector} is marked as a test (t=y)"),
            "receivers treat its mail as if it were not signed: take t=y out of the record",
        ),
        DkimFault::Several(selector, count) => (
            "dkim_several",
            format!("there are {count} records for the selector {selector}, not one"),
            "which one a receiver takes, nobody knows: leave one of them (RFC 6376, section 3.6.2.2)",
        ),
        DkimFault::NotForMail(selector) => (
            "dkim_not_for_mail",
            format!("the DKIM key of the selector {selector} is not for mail, or not for SHA-256 (s=, h=)"),
            "signatures with it do not pass: take these tags out of the record",
        ),
        DkimFault::NotKnown => (
            "dkim_not_known",
            "no DKIM key was found under the usual selectors".to_owned(),
            "that says nothing: name yours with --dkim-selector; it is what s= says in the DKIM-Signature of your mail",
        ),
    }
}
