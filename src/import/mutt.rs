//! mutt's and neomutt's configuration: the variables about SMTP, in the order in which they are set.

use super::draft::{Draft, Item};
use super::mutt_words::{Line, logical_lines};
use super::reading::{Reading, Source};
use super::remark::{Given, Why};
use super::server::{self};
use super::settings::{Setting, Settings};
use crate::net::TlsMode;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The name of the account.
const NAME: &str = "mutt";

/// Commands whose arguments hold only for some messages or folders.
const HOOKS: [&str; 6] =
    ["account-hook", "folder-hook", "send-hook", "send2-hook", "reply-hook", "startup-hook"];

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    let mut settings = Settings::default();
    let mut own: BTreeMap<String, Zeroizing<String>> = BTreeMap::new();
    for (number, text) in logical_lines(&source.text) {
        let at = source.at(number);
        let mut line = Line::new(&text);
        while let Some(command) = line.command() {
            match command.as_str() {
                "set" => {
                    while let Some((name, value)) = line.variable(&own) {
                        let (name, value) = match (value, name.strip_prefix("no")) {
                            (Some(value), _) => (name, value),
                            (None, Some(name)) => (name.to_owned(), Ok(unset(name))),
                            (None, None) => (name, Ok(Zeroizing::new("yes".to_owned()))),
                        };
                        match value {
                            Ok(value) if name.starts_with("my_") => _ = own.insert(name, value),
                            Ok(value) => {
                                let setting = Setting { name: name.clone(), value, at: at.clone() };
                                settings.set(&name, setting);
                            }
                            Err(why) if is_ours(&name) => reading.leave(at.clone(), &name, why),
                            Err(_) => {}
                        }
                    }
                }
                "unset" => {
                    while let Some((name, _)) = line.variable(&own) {
                        let setting = Setting { name: name.clone(), value: unset(&name), at: at.clone() };
                        settings.set(&name, setting);
                    }
                }
                "reset" => {
                    while let Some((name, _)) = line.variable(&own) {
                        settings.remove(&name);
                    }
                }
                "source" => reading.leave(at.clone(), "source", Why::OtherFile),
                hook if HOOKS.contains(&hook) && (text.contains("smtp_") || text.contains("from")) => {
                    reading.leave(at.clone(), hook, Why::Hook);
                }
                _ => {}
            }
            line.skip();
        }
    }
    let Some(url) = settings.get("smtp_url").filter(|setting| !setting.value.is_empty()) else { return };
    let mut draft = Draft::new(NAME, url.at.clone());
    settings.put(&mut draft, reading, |draft, name, setting| put(draft, name, &setting.value));
    tls(&mut draft, &settings);
    reading.drafts.push(draft);
}

/// What a variable is once it is unset: no, or nothing where it is a text.
fn unset(name: &str) -> Zeroizing<String> {
    let is_switch = name == "use_envelope_from"
        || ["ssl_force_", "ssl_starttls", "ssl_verify_", "ssl_use_"]
            .iter()
            .any(|start| name.starts_with(start));
    Zeroizing::new(if is_switch { "no".to_owned() } else { String::new() })
}

/// By default mutt speaks TLS by STARTTLS, and nothing without it.
fn tls(draft: &mut Draft, settings: &Settings) {
    let is_on = |name| !matches!(settings.value(name), Some("no" | "ask-no"));
    if draft.server.tls != Some(TlsMode::Implicit) {
        draft.server.tls = Some(match (is_on("ssl_force_tls"), is_on("ssl_starttls")) {
            (true, _) => TlsMode::StartTls,
            (false, true) => TlsMode::Opportunistic,
            (false, false) => TlsMode::Off,
        });
    }
}

fn is_ours(name: &str) -> bool {
    ["smtp_", "ssl_"].iter().any(|prefix| name.starts_with(prefix))
        || ["from", "hostname", "envelope_from_address", "certificate_file", "connect_timeout"]
            .contains(&name)
}

fn put(draft: &mut Draft, name: &str, value: &str) -> Result<(), Why> {
    // The first two are taken together.
    if ["ssl_force_tls", "ssl_starttls"].contains(&name) || value.is_empty() {
        return Ok(());
    }
    match name {
        "smtp_url" => url(draft, value),
        // After smtp_url, whose user counts.
        "smtp_user" if draft.values.contains_key("user") => Ok(()),
        "smtp_user" => draft.user(value),
        "smtp_pass" => draft.password(value),
        "smtp_authenticators" => {
            value.split(':').filter(|name| !name.is_empty()).try_for_each(|name| draft.mechanism(name))
        }
        "smtp_oauth_refresh_command" => draft.command("oauth-token-command", value),
        // Where envelope_from_address, which comes before it, is the account's own.
        "from" if draft.values.contains_key("address") => Err(Why::OneAddress),
        "from" | "envelope_from_address" => draft.sender(value),
        "use_envelope_from" if value == "yes" => draft.put("envelope", Item::Text("account".to_owned())),
        "realname" => draft.sender_name(value),
        "hostname" => draft.ehlo_name(value),
        // Less than none is no limit.
        "connect_timeout" if value.starts_with('-') => draft.is_idle(),
        "connect_timeout" => draft.seconds("connect-timeout", value),
        "ssl_ca_certificates_file" => draft.file("ca-file", value),
        "ssl_client_cert" => draft.file("client-cert", value),
        "ssl_verify_host" | "ssl_verify_dates" if value == "no" => Err(Why::Unchecked),
        "ssl_ciphers" | "ssl_min_dh_prime_bits" => Err(Why::Ciphers),
        "certificate_file" | "tunnel" => Err(Why::NoCounterpart),
        "ssl_use_sslv2" | "ssl_use_sslv3" | "ssl_use_tlsv1" | "ssl_use_tlsv1_1" if value == "no" => {
            draft.is_done()
        }
        "dsn_notify" => Err(Why::PerMessage(Given::Notify)),
        "dsn_return" => Err(Why::PerMessage(Given::Return)),
        // A muttrc is about reading mail, for the most part.
        _ => Ok(()),
    }
}

/// `smtp[s]://[user[:password]@]host[:port][/]`, with percent-encoding in the user and the password.
fn url(draft: &mut Draft, value: &str) -> Result<(), Why> {
    let (scheme, rest) = value.split_once("://").ok_or(Why::Value)?;
    match scheme.to_ascii_lowercase().as_str() {
        "smtp" => {}
        "smtps" => draft.tls(TlsMode::Implicit)?,
        _ => return Err(Why::Value),
    }
    // The last '@' of all: a password that was not encoded can hold one, and a slash.
    let (login, place) = rest.rsplit_once('@').map_or((None, rest), |(login, place)| (Some(login), place));
    let (host, port) = server::host_and_port(place.strip_suffix('/').unwrap_or(place))?;
    (draft.server.host, draft.server.port) = (Some(host), port);
    let Some(login) = login else { return Ok(()) };
    let (user, password) =
        login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
    draft.user(&decoded(user)?)?;
    password.map_or(Ok(()), |password| draft.password(&decoded(password)?))
}

/// Percent-decoding (RFC 3986, section 2.1).
fn decoded(text: &str) -> Result<Zeroizing<String>, Why> {
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'%' {
            octets.push(octet);
            continue;
        }
        let mut digit = || rest.next().and_then(|octet| char::from(octet).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(Why::Value) };
        octets.push(u8::try_from(high * 16 + low).map_err(|_| Why::Value)?);
    }
    let text = std::str::from_utf8(&octets).map_err(|_| Why::Value)?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::remark::Place;
    use super::*;

    #[test]
    fn a_url_gives_the_server_the_user_and_the_password() {
        for (text, host, port, user, password) in [
            ("smtp://a.example", "a.example", None, None, None),
            ("smtps://me@a.example:465/", "a.example", Some(465), Some("me"), None),
            ("smtp://me%40b.example:p%2Fw@a.example", "a.example", None, Some("me@b.example"), Some("p/w")),
            ("smtp://me:p@/w@[::1]:587/", "::1", Some(587), Some("me"), Some("p@/w")),
        ] {
            let mut draft = Draft::new("a", Place { file: String::new(), line: 1 });
            assert_eq!(url(&mut draft, text), Ok(()), "{text}");
            assert_eq!((draft.server.host.as_deref(), draft.server.port), (Some(host), port));
            let found = draft.values.get("user").map(|entry| entry.item.clone());
            assert_eq!(found, user.map(|user| Item::Text(user.to_owned())));
            assert_eq!(draft.secret.as_ref().map(|found| found.secret.reveal()), password);
        }
        for wrong in ["a.example", "imap://a.example", "smtp://me:1/2@a.example/x", "smtp://", "smtp://%zz@a"]
        {
            let mut draft = Draft::new("a", Place { file: String::new(), line: 1 });
            assert_eq!(url(&mut draft, wrong), Err(Why::Value), "{wrong}");
        }
    }
}
