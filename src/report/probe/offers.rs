//! What a server offers, before TLS and inside it.

use crate::probe::{Facts, Hello};
use crate::sasl::shows_secret;

/// The keyword at the beginning of a line that EHLO was answered with.
#[must_use]
pub fn keyword(line: &str) -> &str {
    line.split([' ', '\t']).next().unwrap_or(line)
}

/// One line of the reply to EHLO, and where it was said.
pub(super) struct Offer {
    pub(super) line: String,
    pub(super) in_clear: bool,
    pub(super) in_tls: bool,
}

impl Offer {
    pub(super) fn keyword(&self) -> &str {
        keyword(&self.line)
    }
}

/// All lines, each once, in the order in which they came.
pub(super) fn offers(facts: &Facts) -> Vec<Offer> {
    let lines =
        |hello: Option<&Hello>| hello.map(|hello| hello.extensions.lines().to_vec()).unwrap_or_default();
    let mut offers: Vec<Offer> = Vec::new();
    for (line, in_tls) in (lines(facts.in_clear()).into_iter().map(|line| (line, false)))
        .chain(lines(facts.in_tls()).into_iter().map(|line| (line, true)))
    {
        match offers.iter_mut().find(|offer| offer.line.eq_ignore_ascii_case(&line)) {
            Some(offer) => offer.in_tls |= in_tls,
            None => offers.push(Offer { line, in_clear: !in_tls, in_tls }),
        }
    }
    offers
}

/// One log-in mechanism, and where it is offered.
pub(super) struct Mechanism {
    pub(super) name: String,
    pub(super) in_clear: bool,
    pub(super) in_tls: bool,
    pub(super) shows_password: bool,
}

pub(super) fn mechanisms(facts: &Facts) -> Vec<Mechanism> {
    let of = |hello: Option<&Hello>| hello.map(|hello| hello.extensions.mechanisms()).unwrap_or_default();
    let (in_clear, in_tls) = (of(facts.in_clear()), of(facts.in_tls()));
    let mut names = in_tls.clone();
    names.extend(in_clear.iter().filter(|name| !in_tls.contains(name)).cloned());
    let mechanism = |name: String| Mechanism {
        in_clear: in_clear.contains(&name),
        in_tls: in_tls.contains(&name),
        shows_password: shows_secret(&name),
        name,
    };
    names.into_iter().map(mechanism).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_ends_at_a_blank() {
        assert_eq!(
            ["SIZE 1000", "DSN", "AUTH=LOGIN\tPLAIN", ""].map(keyword),
            ["SIZE", "DSN", "AUTH=LOGIN", ""]
        );
    }
}
