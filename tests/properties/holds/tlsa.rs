//! TLSA records and what a server shows: the octets are a record, and certificates in DER.

use super::{assert_printable, pieces};
use ehlo::inside::net::tls::Tlsa;

pub fn holds(octets: &[u8]) {
    let Some((&[usage, selector, matching], data)) = octets.split_first_chunk::<3>() else { return };
    let record =
        Tlsa { usage: usage % 5, selector: selector % 3, matching: matching % 4, data: data.to_vec() };
    assert_printable(&record.to_string());
    if record.is_usable() {
        assert!(matches!(record.usage, 2 | 3) && record.selector <= 1 && record.matching <= 2);
        match record.matching {
            1 => assert_eq!(data.len(), 32),
            2 => assert_eq!(data.len(), 64),
            _ => assert!(!data.is_empty()),
        }
    }
    let chain: Vec<Vec<u8>> = pieces(data).take(20).map(<[u8]>::to_vec).collect();
    assert!(!record.fits(&chain) || record.is_usable());
    assert!(!record.fits(&[]));
    // The server's own certificate, in full, fits itself, and nobody else's place.
    let shown = [data.to_vec()];
    let own = Tlsa { usage: 3, selector: 0, matching: 0, data: data.to_vec() };
    assert_eq!(own.fits(&shown), own.is_usable());
    assert!(!Tlsa { usage: 2, ..own }.fits(&shown));
}
