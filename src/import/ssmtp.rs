//! ssmtp's configuration: `Name=value` on each line, names in any case. A `#` begins a comment anywhere.

use super::draft::{Draft, yes};
use super::reading::{Reading, Source, is_name};
use super::remark::Why;
use crate::net::TlsMode;

/// The name of the account.
const NAME: &str = "ssmtp";

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    let mut draft = Draft::new(NAME, source.at(1));
    let (mut is_tls, mut is_starttls) = (false, false);
    for (number, line) in source.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let at = source.at(number);
        let Some((name, value)) = line.split_once('=').map(|(name, value)| (name.trim(), value.trim()))
        else {
            reading.leave_line(at);
            continue;
        };
        if !is_name(name) {
            reading.leave_line(at);
            continue;
        }
        draft.goes_on(name, &at);
        let done = match name.to_ascii_lowercase().as_str() {
            "mailhub" => {
                draft.at = at.clone();
                draft.host(value)
            }
            "usetls" => yes(value).map(|is_on| is_tls = is_on),
            "usestarttls" => yes(value).map(|is_on| is_starttls = is_on),
            name => put(&mut draft, name, value),
        };
        if let Err(why) = done {
            reading.leave(at, name, why);
        }
    }
    draft.server.tls = match (is_tls, is_starttls) {
        (_, true) => Some(TlsMode::StartTls),
        (true, false) => Some(TlsMode::Implicit),
        (false, false) => None,
    };
    reading.drafts.push(draft);
}

/// By the name in small letters.
fn put(draft: &mut Draft, name: &str, value: &str) -> Result<(), Why> {
    match name {
        "authuser" => draft.user(value),
        "authpass" => draft.password(value),
        "authmethod" => draft.mechanism(value),
        "hostname" => draft.ehlo_name(value),
        "rewritedomain" => draft.domain(value),
        "tls_ca_file" => draft.file("ca-file", value),
        "tls_ca_dir" => Err(Why::Folder),
        "tlscert" => draft.file("client-cert", value),
        "tlskey" => draft.file("client-key", value),
        "usetlscert" => draft.is_idle(),
        "fromlineoverride" => match yes(value) {
            Ok(true) => draft.is_done(),
            Ok(false) => Err(Why::MadeUp),
            Err(why) => Err(why),
        },
        "root" => Err(Why::Aliases),
        "debug" | "useoldauth" => match yes(value) {
            Ok(false) => draft.is_idle(),
            _ => Err(Why::NoCounterpart),
        },
        _ => Err(Why::Unknown),
    }
}
