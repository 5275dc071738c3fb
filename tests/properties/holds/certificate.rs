//! What a certificate says of itself: any octets at all may stand where one is awaited.

use super::assert_printable;
use ehlo::inside::net::tls::certificate::{Certificate, few};
use ehlo::inside::report::text::printable;

pub fn holds(octets: &[u8]) {
    let certificate = Certificate::read(octets);
    assert_printable(&printable(&certificate.in_a_line(true)));
    if let Some(contents) = &certificate.contents {
        let _ = few(&contents.names);
        let _ = (contents.not_before.to_string(), contents.not_after.to_string(), contents.key.to_string());
    }
}
