//! A resolver of the DNS, as it is typed, or as the environment has it: `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`.

use std::net::{IpAddr, SocketAddr};

/// The port of the DNS.
const PORT: u16 = 53;

/// Reads an address, with or without a port.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the flag's name.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = text.parse().ok().filter(|address: &SocketAddr| address.port() != 0);
    let alone = || bare.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, PORT));
    with_port.or_else(alone).ok_or_else(|| {
        format!("needs an address such as 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53, not '{text}'")
    })
}

/// The addresses in EHLO_RESOLVER, with commas between them. A variable without a value is none, as everywhere.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the variable's name.
pub fn by_variable() -> Result<Vec<SocketAddr>, String> {
    let value = std::env::var_os("EHLO_RESOLVER").unwrap_or_default();
    let value = value.to_str().ok_or("is not UTF-8")?;
    value.split(',').map(str::trim).filter(|text| !text.is_empty()).map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolver_is_an_address_with_or_without_a_port() {
        for (text, read) in [
            ("192.0.2.1", "192.0.2.1:53"),
            ("192.0.2.1:5353", "192.0.2.1:5353"),
            ("2001:db8::1", "[2001:db8::1]:53"),
            ("[2001:db8::1]", "[2001:db8::1]:53"),
            ("[2001:db8::1]:5353", "[2001:db8::1]:5353"),
        ] {
            assert_eq!(address(text).map(|address| address.to_string()).as_deref(), Ok(read), "{text}");
        }
        for text in ["", "ns.example.org", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:99999", "192.0.2", ":53"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
