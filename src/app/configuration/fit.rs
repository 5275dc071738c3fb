//! Whether the values of an account are what its keys take, where that would be found out only later, by a flag
//! that nobody typed.

use crate::net::Proxy;
use crate::net::tls::{self, Pin};
use crate::sasl;
use crate::words;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::path::Domain;

/// What is wrong with a value of this key. One that may hold a secret is not repeated.
pub(super) fn unfit(key: &str, text: &str) -> Option<String> {
    match key {
        "ehlo-name" => EhloName::parse(text).err().map(|why| why.to_string()),
        "domain" => Domain::parse(text).err().map(|why| why.to_string()),
        "pin" => text.parse::<Pin>().err().map(|why| why.to_string()),
        "proxy" => text.parse::<Proxy>().err().map(|why| words::net::proxy(&why)),
        "tls-name" => (!tls::is_name(text)).then(|| "a certificate cannot be for such a name".to_owned()),
        "auth" => (!sasl::is_known(&text.trim().to_ascii_uppercase()))
            .then(|| format!("no such mechanism; there are {}", sasl::KNOWN.join(", "))),
        "user" | "auth-identity" => {
            text.contains(char::is_control).then(|| "a control character in the name".to_owned())
        }
        _ => None,
    }
}
