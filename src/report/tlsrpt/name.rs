//! Who submits a report, and what it is called by that (RFC 8460, section 5.1).

use super::day::Day;
use super::line::is_domain;
use ehlo_smtp::path::Domain;

/// The domain that submits reports, in A-labels and small letters: part of the names of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitter(String);

impl Submitter {
    /// A domain; nothing if it is not the name of one.
    #[must_use]
    pub fn parse(domain: &str) -> Option<Submitter> {
        let name = Domain::parse(domain).ok()?.ascii().to_ascii_lowercase();
        is_domain(&name).then_some(Submitter(name))
    }

    /// The domain of somebody who can be asked: of an address, `mailto:` or not, or of a web page.
    #[must_use]
    pub fn of_contact(contact: &str) -> Option<Submitter> {
        let host = match contact.split_once("://") {
            Some((_, rest)) => rest.split(['/', '?', '#', ':']).next()?,
            None => contact.split('?').next()?.rsplit_once('@')?.1,
        };
        Submitter::parse(host)
    }

    /// The domain.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.0
    }

    /// The file of a report, which `unique` letters and digits tell apart from others.
    pub(super) fn file(&self, domain: &str, day: Day, unique: &str) -> String {
        format!("{}!{domain}!{}!{}!{unique}.json", self.0, day.begin(), day.end())
    }
}

/// Sixteen digits that depend on a text: FNV-1a. Nobody gains by two texts that have the same.
pub(super) fn digits(text: &str) -> String {
    let step = |sum: u64, octet: u8| (sum ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submitter_is_a_domain_that_a_file_can_be_called_by() {
        for (contact, domain) in [
            ("mailto:Postmaster@Alpha.Example", Some("alpha.example")),
            ("tls@alpha.example", Some("alpha.example")),
            ("mailto:a@alpha.example?subject=x@y", Some("alpha.example")),
            ("https://alpha.example/tls", Some("alpha.example")),
            ("https://alpha.example:8443", Some("alpha.example")),
            ("mailto:a@bücher.example", Some("xn--bcher-kva.example")),
            ("mailto:a@[192.0.2.1]", None),
            ("mailto:a@../x", None),
            ("mailto:a@a!b", None),
            ("tel:+1-201-555-0123", None),
            ("", None),
        ] {
            assert_eq!(Submitter::of_contact(contact).as_ref().map(Submitter::domain), domain, "{contact}");
        }
        for text in ["a/b", "..", ".", "", "a..b", "a b", "a\0b"] {
            assert_eq!(Submitter::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_file_is_named_as_the_rfc_has_it() {
        let day = Day::parse("2026-11-30").unwrap();
        let name = Submitter("alpha.example".to_owned()).file("beta.example", day, "0a");
        assert_eq!(name, "alpha.example!beta.example!1795996800!1796083199!0a.json");
    }

    #[test]
    fn digits_are_those_of_the_function() {
        assert_eq!(digits(""), "cbf29ce484222325");
        assert_eq!(digits("a"), "af63dc4c8601ec8c");
        assert_eq!(digits("foobar"), "85944171f73967e8");
    }
}
