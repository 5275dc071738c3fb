//! A certificate with a fault: the finding's name, what is wrong, and what to do about it.

use crate::net::Fault;
use crate::net::tls::certificate::short;

/// For one that has expired.
pub(super) const RENEW: &str =
    "clients that check it refuse to connect: renew it, and make the server load the new one";

/// On the server's own host a fault can be usual.
pub(super) fn told(fault: &Fault, own_host: bool) -> (&'static str, String, &'static str) {
    match fault {
        Fault::WrongName { .. } => (
            "certificate_name",
            format!("the certificate has the wrong name: {fault}"),
            if own_host {
                "usual on the server's own host: to check the name by which others reach it, give that with \
                 --tls-name"
            } else {
                "clients that check it refuse to connect: get a certificate that includes the name by which \
                 they reach the server, or have them use a name that it includes"
            },
        ),
        Fault::Expired(_) => ("certificate_expired", of_it(fault), RENEW),
        Fault::NotYetValid(_) => (
            "certificate_not_yet_valid",
            of_it(fault),
            "clients that check it refuse to connect: check the clocks of the server and of this host; if \
             both are right, use the previous certificate until then",
        ),
        Fault::UnknownIssuer | Fault::SelfSigned => (
            "certificate_issuer",
            format!("the certificate is not trusted: {fault}"),
            if own_host {
                "nobody can intercept a connection within this host, but clients elsewhere that check it \
                 refuse to connect; if the issuer is your own, name it with --ca-file, or the certificate \
                 with --pin"
            } else {
                "clients that check it refuse to connect: make the server send the whole chain, up to an \
                 authority that they know; if the issuer is your own, name it with --ca-file"
            },
        ),
        Fault::NotChecked => (
            "certificate_not_checked",
            "the certificate was not checked: this program's TLS library can only check it by demanding it"
                .to_owned(),
            "use a build with rustls",
        ),
        Fault::NotPinned => (
            "certificate_pin",
            "the certificate is not the one that is pinned".to_owned(),
            "it was replaced, or somebody is in between: ask the server's operator, and pin the new one only \
             if that is confirmed",
        ),
        Fault::NoTlsaMatch => (
            "certificate_dane",
            "the certificate does not match the server's TLSA records".to_owned(),
            "servers that look at them do not deliver mail: publish records for this certificate, or make the \
             server load the one that they name; if neither changed, somebody is in between",
        ),
        fault => (
            "certificate_fault",
            format!("the certificate is faulty: {}", short(&fault.to_string())),
            "clients that check it may refuse to connect: see which certificate of the chain is meant, and \
             replace it",
        ),
    }
}

/// The fault with its subject: 'it expired 2 days ago' speaks of the certificate.
fn of_it(fault: &Fault) -> String {
    let text = fault.to_string();
    text.strip_prefix("it ").map_or(text.clone(), |rest| format!("the certificate {rest}"))
}
