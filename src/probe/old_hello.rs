//! A ClientHello of TLS 1.1 or 1.0 alone (RFC 4346 and RFC 2246, section 7.4.1.2), and what a server answers.
//!
//! The TLS libraries of today no longer speak these versions (RFC 8996), and to know whether a server does
//! takes no more than the first message of each side. The handshake is never finished, so that nothing here
//! is a secret. Who sends it is [`trials`](super::trials).

use std::net::IpAddr;

/// The minor number of a version of TLS; the major one is 3.
pub(super) const TLS11: u8 = 2;
/// Likewise.
pub(super) const TLS10: u8 = 1;

/// The types of records (RFC 5246, section 6.2.1).
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
/// The types of messages (section 7.4).
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// The level of an alert that does not end the handshake.
const WARNING: u8 = 1;
const CLOSE_NOTIFY: u8 = 0;

/// Suites that servers of that time have, for every kind of key: ECDHE, DHE and RSA with AES, 3DES and RC4.
const SUITES: [u16; 14] = [
    0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x0035, 0x002f, 0xc008, 0xc012, 0x0016, 0x000a, 0xc011,
    0x0005,
];
/// P-256, P-384, P-521 and X25519 (RFC 8422, section 5.1.1).
const GROUPS: [u16; 4] = [23, 24, 25, 29];

/// The octets of a ClientHello for this version and no newer one, to the server of this name.
pub(super) fn client_hello(minor: u8, name: &str) -> Vec<u8> {
    let mut extensions = Vec::new();
    // An address is no name (RFC 6066, section 3).
    if name.is_ascii() && !name.is_empty() && name.parse::<IpAddr>().is_err() {
        let host = [&[0][..], &block16(name.as_bytes())].concat();
        extensions.extend(extension(0, &block16(&host)));
    }
    extensions.extend(extension(10, &block16(&numbers(&GROUPS))));
    // Points that are not compressed.
    extensions.extend(extension(11, &[1, 0]));
    // No renegotiation took place (RFC 5746).
    extensions.extend(extension(0xff01, &[0]));

    // The random octets need not be random: no key is ever made of them.
    let mut body = vec![3, minor];
    body.extend(*b"ehlo probe asks, and hangs up...");
    body.push(0); // no session to go on with
    body.extend(block16(&numbers(&SUITES)));
    body.extend([1, 0]); // no compression
    body.extend(block16(&extensions));

    let message = [&[CLIENT_HELLO, 0][..], &block16(&body)].concat();
    [&[HANDSHAKE, 3, TLS10][..], &block16(&message)].concat()
}

/// A length of two octets, and what it is the length of.
fn block16(octets: &[u8]) -> Vec<u8> {
    let length = u16::try_from(octets.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&length[..], octets].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &block16(content)].concat()
}

/// So many octets without an end to the warnings are no answer.
const MOST: usize = 1024;

/// What a server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Too little is there to know.
    More,
    /// A ServerHello of TLS with this minor number.
    Speaks(u8),
    /// An alert that ends the handshake.
    Refuses,
    /// This is not TLS.
    NotTls,
}

/// What these octets are, the first that came behind the ClientHello.
pub(super) fn answer(octets: &[u8]) -> Answer {
    match first(octets) {
        Answer::More if octets.len() >= MOST => Answer::NotTls,
        answer => answer,
    }
}

/// The same, of however many octets.
fn first(octets: &[u8]) -> Answer {
    match octets {
        [HANDSHAKE, 3, _, _, _, SERVER_HELLO, _, _, _, 3, minor, ..] => Answer::Speaks(*minor),
        [ALERT, 3, _, 0, 2, WARNING, description, rest @ ..] if *description != CLOSE_NOTIFY => first(rest),
        [ALERT, 3, _, 0, 2, _, _, ..] => Answer::Refuses,
        [] | [HANDSHAKE | ALERT] => Answer::More,
        [HANDSHAKE, 3, rest @ ..]
            if rest.len() < 4 || (rest.len() < 9 && rest.get(3) == Some(&SERVER_HELLO)) =>
        {
            Answer::More
        }
        [ALERT, 3, rest @ ..] if rest.len() < 5 => Answer::More,
        _ => Answer::NotTls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_fits_what_it_is_the_length_of() {
        let hello = client_hello(TLS11, "mail.example.org");
        let number = |at: usize| usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
        assert_eq!(&hello[..3], [22, 3, 1]);
        assert_eq!(number(3), hello.len() - 5);
        assert_eq!((hello[5], hello[6], number(7)), (1, 0, hello.len() - 9));
        assert_eq!(&hello[9..11], [3, 2]);
        let suites = 11 + 32 + 1;
        assert_eq!(number(suites), 2 * SUITES.len());
        let extensions = suites + 2 + 2 * SUITES.len() + 2;
        assert_eq!(number(extensions), hello.len() - extensions - 2);
        let mut at = extensions + 2;
        let mut kinds = Vec::new();
        while at < hello.len() {
            kinds.push(number(at));
            at += 4 + number(at + 2);
        }
        assert_eq!((at, kinds), (hello.len(), vec![0, 10, 11, 0xff01]));
        assert!(hello.windows(16).any(|some| some == b"mail.example.org"));
    }

    #[test]
    fn an_address_is_not_named() {
        for name in ["192.0.2.1", "2001:db8::1", "", "ü.example"] {
            let hello = client_hello(TLS10, name);
            assert_eq!((&hello[9..11], hello.len()), (&[3, 1][..], client_hello(TLS10, "").len()), "{name}");
        }
    }

    #[test]
    fn an_answer_is_the_same_however_it_is_split() {
        let hello = |minor: u8| vec![22, 3, minor, 0, 81, 2, 0, 0, 77, 3, minor, 9, 9];
        let alert = |level: u8, what: u8| vec![21, 3, 1, 0, 2, level, what];
        for (octets, expected) in [
            (hello(2), Answer::Speaks(2)),
            (hello(1), Answer::Speaks(1)),
            (alert(2, 70), Answer::Refuses),
            (alert(1, 0), Answer::Refuses),
            // A name that is not known to it is no reason not to go on.
            ([alert(1, 112), hello(1)].concat(), Answer::Speaks(1)),
            ([alert(1, 112), alert(2, 40)].concat(), Answer::Refuses),
            (b"500 what?\r\n".to_vec(), Answer::NotTls),
            (vec![22, 3, 1, 0, 9, 14, 0, 0, 0, 0, 0], Answer::NotTls),
            (vec![22, 2, 1], Answer::NotTls),
            (alert(1, 112).repeat(MOST), Answer::NotTls),
        ] {
            let first = (0..=octets.len()).map(|end| answer(&octets[..end])).find(|one| *one != Answer::More);
            assert_eq!(first, Some(expected), "{octets:?}");
            assert_eq!(answer(&octets), expected, "{octets:?}");
        }
    }
}
