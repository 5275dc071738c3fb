//! Values of an account that are more than a word, checked where their line is known. What reads them later
//! knows only the flag of the same name.

use crate::net::Proxy;
use crate::net::tls::{self, Pin};
use crate::report::text::printable;
use crate::sasl;
use crate::words;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::path::Domain;

/// Whether a key can have these values; if not, the end of a sentence that starts with the key.
pub fn check(key: &str, values: &[&str]) -> Result<(), String> {
    values.iter().try_for_each(|value| one(key, value))
}

fn one(key: &str, value: &str) -> Result<(), String> {
    let shown = printable(value);
    match key {
        "pin" => value.parse::<Pin>().map(drop).map_err(|error| format!("{error}, not '{shown}'")),
        // What is no mechanism may be a user and a password: it is not shown.
        "auth" if !sasl::is_known(&value.trim().to_ascii_uppercase()) => {
            Err(format!("needs one of {}", sasl::KNOWN.join(", ")))
        }
        // Its user may have a password behind it: nothing of it is shown.
        "proxy" => value
            .parse::<Proxy>()
            .map(drop)
            .map_err(|error| format!("cannot be used: {}", words::net::proxy(&error))),
        "ehlo-name" => EhloName::parse(value).map(drop).map_err(|error| format!("'{shown}': {error}")),
        "domain" => Domain::parse(value).map(drop).map_err(|error| format!("'{shown}': {error}")),
        "tls-name" if !tls::is_name(value) => {
            Err(format!("'{shown}': a certificate cannot be for such a name"))
        }
        "user" | "auth-identity" if value.contains(char::is_control) => {
            Err("cannot contain a control character".to_owned())
        }
        "senders" => sender(value),
        _ => Ok(()),
    }
}

/// A pattern that fits no address chooses nothing, silently.
fn sender(pattern: &str) -> Result<(), String> {
    let shown = printable(pattern);
    match pattern.rsplit_once('@') {
        _ if pattern.contains('*') => Ok(()),
        Some(("", domain)) if !domain.is_empty() => Err(format!("'{shown}' fits no address: use '*{shown}'")),
        None if pattern.contains('.') => Err(format!("'{shown}' fits no address: use '*@{shown}'")),
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Ok(()),
        _ => Err(format!("'{shown}' fits no address")),
    }
}
