//! What goes together in an account, once all of it has been read: names that are fit and differ, one source
//! for a secret, nothing about TLS where there is none.

use super::draft::{Draft, Entry, Item, NAME};
use super::reading::Reading;
use super::remark::Why;
use crate::net::TlsMode;

/// Keys that have a meaning only for who logs in.
const OF_LOGIN: [&str; 5] =
    ["user", "auth", "password-command", "oauth-token-command", "allow-cleartext-auth"];

/// Keys that have a meaning only where TLS is spoken.
const OF_TLS: [&str; 6] = ["tls-min", "tls-name", "ca-file", "client-cert", "client-key", "pin"];

/// Makes all accounts fit to be written.
pub fn settle(reading: &mut Reading) {
    let mut settled: Vec<Draft> = Vec::new();
    for mut draft in std::mem::take(&mut reading.drafts) {
        if draft.server.written().is_none() {
            reading.leave(draft.at.clone(), &draft.original, Why::NoServer);
            continue;
        }
        draft.name = fit_name(&draft.original);
        let is_taken = |name: &str| settled.iter().any(|other| other.name == name);
        if is_taken(&draft.name) {
            let names = (2_u32..).map(|number| format!("{}-{number}", draft.name));
            draft.name = names.into_iter().find(|name| !is_taken(name)).unwrap_or_default();
            reading.leave(draft.at.clone(), &draft.original, Why::Renamed(draft.name.clone()));
        }
        proxy(&mut draft);
        way(&mut draft);
        login(&mut draft, reading);
        tls(&mut draft, reading);
        sender(&mut draft, reading);
        settled.push(draft);
    }
    let is_there = |name: &String| settled.iter().any(|draft| draft.original == *name);
    if !reading.default.as_ref().is_none_or(is_there)
        && let Some((at, named)) = reading.default_at.take()
    {
        reading.leave(at, &named, Why::NoDefault);
    }
    reading.default = match (&reading.default, settled.as_slice()) {
        (Some(name), drafts) => drafts.iter().find(|draft| draft.original == *name),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
    .map(|draft| draft.name.clone());
    reading.drafts = settled;
}

/// The name with a hyphen for every character that a name cannot have, and none of those in front that it cannot begin
/// with.
fn fit_name(original: &str) -> String {
    let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let name: String = original.chars().map(|c| if is_fit(c) { c } else { '-' }).collect();
    match name.trim_start_matches(['-', '.']) {
        "" => "account".to_owned(),
        name => name.to_owned(),
    }
}

fn proxy(draft: &mut Draft) {
    if let (Some(host), port) = &draft.proxy {
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let item = Item::Text(format!("socks5://{host}{port}"));
        draft.values.insert("proxy", Entry { item, named: "proxy_host".to_owned(), at: draft.at.clone() });
    }
}

fn login(draft: &mut Draft, reading: &mut Reading) {
    let by_certificate = draft.mechanisms().iter().any(|name| name == "EXTERNAL") && !draft.has_no_login;
    if draft.has_no_login || !draft.values.contains_key("user") {
        let unused = OF_LOGIN.iter().filter(|key| !(by_certificate && **key == "auth"));
        for key in unused {
            if let Some(entry) = draft.values.remove(key) {
                reading.leave(entry.at, &entry.named, Why::NoLogin);
            }
        }
        if let Some(found) = draft.secret.take() {
            reading.leave(found.at, &found.named, Why::NoLogin);
        }
    }
    secret(draft, reading);
    let clear = draft.server.tls == Some(TlsMode::Off) && draft.server.socket.is_none();
    let shows_it = draft.mechanisms().iter().any(|name| ["PLAIN", "LOGIN"].contains(&name.as_str()));
    if clear && shows_it {
        let at = draft.at.clone();
        let entry = Entry { item: Item::Flag(true), named: "auth".to_owned(), at };
        draft.values.insert("allow-cleartext-auth", entry);
    } else if !clear && let Some(entry) = draft.values.remove("allow-cleartext-auth") {
        draft.idle.push(entry.named);
    }
}

/// One source of the secret, a password or a token, and the mechanisms that take it.
fn secret(draft: &mut Draft, reading: &mut Reading) {
    let takes_token = |name: &String| ["OAUTHBEARER", "XOAUTH2"].contains(&name.as_str());
    let (tokens, others): (Vec<_>, Vec<_>) = draft.mechanisms().iter().cloned().partition(takes_token);
    let wants_token = others.is_empty() && !tokens.is_empty();
    if wants_token && let Some(entry) = draft.values.remove("password-command") {
        draft.values.insert("oauth-token-command", entry);
    }
    let has_command = draft.values.contains_key("oauth-token-command");
    let by_token = has_command && (others.is_empty() || !tokens.is_empty());
    if (by_token || wants_token)
        && let Some(found) = draft.secret.take()
    {
        let why = if by_token { Why::SecondSecret } else { Why::Token };
        reading.leave(found.at, &found.named, why);
    }
    let unused = match by_token {
        true => ["password-command"].as_slice(),
        false if draft.secret.is_some() => &["password-command", "oauth-token-command"],
        false => &["oauth-token-command"],
    };
    for key in unused {
        if let Some(entry) = draft.values.remove(key) {
            reading.leave(entry.at, &entry.named, Why::SecondSecret);
        }
    }
    let Some(auth) = draft.values.get_mut("auth") else { return };
    if by_token {
        auth.item = Item::List(tokens);
    } else if wants_token {
        draft.notes.push("add oauth-token-command, a command that prints a token");
    } else if !tokens.is_empty() {
        auth.item = Item::List(others);
        reading.leave(auth.at.clone(), &auth.named, Why::NoToken);
    }
}

/// The sender's name goes before the address. What is put in place of a sender is the account's address,
/// which must be there then.
fn sender(draft: &mut Draft, reading: &mut Reading) {
    let name = draft.values.remove(NAME);
    if let Some(address) = draft.values.get_mut("address") {
        if let (Some(Item::Text(name)), Item::Text(text)) = (name.map(|name| name.item), &mut address.item) {
            *text = named(&name, text);
        }
        return;
    }
    if let Some(name) = name {
        reading.leave(name.at, &name.named, Why::NoAddress);
    }
    for (key, value) in [("envelope", "account"), ("from", "replace")] {
        let needs_it = |entry: &mut Entry| entry.item == Item::Text(value.to_owned());
        if draft.values.get_mut(key).is_some_and(needs_it)
            && let Some(entry) = draft.values.remove(key)
        {
            reading.leave(entry.at, &entry.named, Why::NoAddress);
        }
    }
}

/// An address behind its name, which is quoted where it is more than words (RFC 5322, section 3.4).
fn named(name: &str, address: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == ' ' || c == '-' || c == '\'';
    match name.chars().all(is_plain) {
        true => format!("{name} <{address}>"),
        false => format!("\"{name}\" <{address}>"),
    }
}

fn way(draft: &mut Draft) {
    if draft.server.socket.is_some() {
        let unused = ["bind", "proxy"].iter().filter_map(|key| draft.values.remove(key));
        draft.idle.extend(unused.map(|entry| entry.named));
    }
}

fn tls(draft: &mut Draft, reading: &mut Reading) {
    if draft.server.tls == Some(TlsMode::Off) || draft.server.socket.is_some() {
        let unused = OF_TLS.iter().filter_map(|key| draft.values.remove(key));
        draft.idle.extend(unused.map(|entry| entry.named));
    }
    // A pin is in vain where nobody has to show a certificate.
    if draft.server.tls == Some(TlsMode::Opportunistic) && draft.values.contains_key("pin") {
        draft.server.tls = Some(TlsMode::StartTls);
        draft.notes.push("TLS is demanded, because the certificate is pinned");
    }
    if !draft.values.contains_key("client-cert")
        && let Some(entry) = draft.values.remove("client-key")
    {
        reading.leave(entry.at, &entry.named, Why::NoCertificate);
    }
}
