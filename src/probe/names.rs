//! What a server calls itself, in its greeting, in its reply to EHLO and in its certificate (RFC 5321, sections
//! 4.2 and 4.1.1.1). Nothing depends on it but logs and clients that are strict: all of this is a note.

use super::facts::Facts;
use super::finding::{Weight, What};
use crate::net::Fault;
use ehlo_smtp::path::Domain;
use ehlo_smtp::reply::Reply;

/// Names that are no full ones, and names that differ.
pub(super) fn names<'a>(facts: &Facts, pinned: bool, add: &mut impl FnMut(Weight, What<'a>)) {
    let Some(greeting) = facts.greeting.as_ref().filter(|one| one.is_positive()) else { return };
    if greeting.code() != 220 {
        add(Weight::Note, What::GreetingCode(greeting.code()));
    }
    let name = first_word(greeting);
    if !is_full_name(&name) {
        add(Weight::Note, What::GreetingName(name.clone()));
    }
    let hello = facts.hello_inside.as_ref().or(facts.hello.as_ref()).filter(|one| one.reply.is_positive());
    if let Some(hello) = hello {
        let (protocol, said) = (hello.protocol, first_word(&hello.reply));
        match (is_full_name(&name), is_full_name(&said)) {
            _ if said.eq_ignore_ascii_case(&name) => {}
            (_, false) => add(Weight::Note, What::HelloName { protocol, name: said }),
            (true, true) => {
                add(Weight::Note, What::NamesDiffer { protocol, greeting: name.clone(), hello: said })
            }
            (false, true) => {}
        }
    }
    let Some(tls) = facts.tls.as_ref().filter(|_| !pinned) else { return };
    let is_named_already = matches!(tls.fault, Some(Fault::WrongName { .. }));
    let held = tls.certificate().and_then(|certificate| certificate.contents).map(|contents| contents.names);
    let is_held = held.is_none_or(|names| names.is_empty() || names.iter().any(|held| covers(held, &name)));
    if is_full_name(&name) && !name.starts_with('[') && !is_held && !is_named_already {
        add(Weight::Note, What::NameNotInCertificate(name));
    }
}

fn first_word(reply: &Reply) -> String {
    reply.text().next().and_then(|line| line.split_whitespace().next().map(str::to_owned)).unwrap_or_default()
}

/// Whether a name of a certificate is for this host; `*` is for one label (RFC 9525, section 6.3).
fn covers(held: &str, name: &str) -> bool {
    match (held.strip_prefix("*."), name.split_once('.')) {
        (Some(parent), Some((_, rest))) => rest.eq_ignore_ascii_case(parent),
        _ => held.eq_ignore_ascii_case(name),
    }
}

/// A domain of at least two labels, or an address literal.
fn is_full_name(name: &str) -> bool {
    Domain::parse(name).is_ok_and(|domain| domain.is_literal() || domain.ascii().contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_for_one_label() {
        for (held, name, expected) in [
            ("mx.example", "MX.example", true),
            ("*.example", "mx.example", true),
            ("*.example", "a.mx.example", false),
            ("*.example", "example", false),
            ("*.example", "*.example", true),
            ("example", "mx.example", false),
        ] {
            assert_eq!(covers(held, name), expected, "{held} {name}");
        }
    }
}
