//! Names of domains and hosts, so that two can be compared: in A-labels and small letters, without a dot at the end.

use crate::net::tls;
use ehlo_smtp::path::Domain;
use std::net::IpAddr;

/// The name in that form; nothing if it is an address, or no name that a certificate can be for.
pub(super) fn normal(text: &str) -> Option<String> {
    let bare = text.strip_suffix('.').unwrap_or(text);
    let ascii = match bare.is_ascii() {
        true => bare.to_ascii_lowercase(),
        false => Domain::parse(bare).ok()?.ascii().to_ascii_lowercase(),
    };
    let is_name = !ascii.ends_with('.') && ascii.parse::<IpAddr>().is_err() && tls::is_name(&ascii);
    is_name.then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_form() {
        for (text, name) in [
            ("mx.example", Some("mx.example")),
            ("MX.Example.", Some("mx.example")),
            ("BÜCHER.example", Some("xn--bcher-kva.example")),
            ("xn--BCHER-kva.example.", Some("xn--bcher-kva.example")),
            ("_x.example", Some("_x.example")),
            ("localhost", Some("localhost")),
            ("mx.example..", None),
            (".", None),
            ("", None),
            ("a..b", None),
            ("*.example", None),
            ("192.0.2.1", None),
            ("192.0.2.1.", None),
            ("2001:db8::1", None),
            ("[192.0.2.1]", None),
            ("1.2.3", None),
            ("../../etc/passwd", None),
            ("a/b", None),
            ("a\0b", None),
            ("a b", None),
            ("\u{1b}[2J", None),
            ("-x.example", None),
        ] {
            assert_eq!(normal(text).as_deref(), name, "{text:?}");
        }
        assert_eq!(normal(&"a.".repeat(128)), None);
        assert!(normal(&format!("{}ab", "a.".repeat(125))).is_some());
    }
}
