//! What goes together in an account, once all of it has been read: names that are fit and differ, one source
//! for a secret, nothing about TLS where there is none.

use super::draft::{Draft, Entry, Item};
use super::reading::Reading;
use super::remark::Why;
use super::server::Tls;

/// Keys that have a meaning only for who logs in.
const OF_LOGIN: [&str; 5] = ["user", "auth", "auth-identity", "password-command", "allow-cleartext-auth"];

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
        login(&mut draft, reading);
        tls(&mut draft, reading);
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

/// The name with a hyphen for every character that a name cannot have.
fn fit_name(original: &str) -> String {
    let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    let name: String = original.chars().map(|c| if is_fit(c) { c } else { '-' }).collect();
    match name.trim_start_matches('-') {
        "" => "account".to_owned(),
        name => name.to_owned(),
    }
}

fn proxy(draft: &mut Draft) {
    if let (Some(host), port) = &draft.proxy {
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let item = Item::Text(format!("socks5://{host}{port}"));
        draft.values.insert("proxy", Entry { item, named: "proxy".to_owned(), at: draft.at.clone() });
    }
}

fn login(draft: &mut Draft, reading: &mut Reading) {
    let by_certificate = draft.mechanisms().iter().any(|name| name == "EXTERNAL");
    if draft.has_no_login || (!draft.values.contains_key("user") && !by_certificate) {
        for key in OF_LOGIN {
            if let Some(entry) = draft.values.remove(key) {
                reading.leave(entry.at, &entry.named, Why::NoLogin);
            }
        }
        if let Some(found) = draft.secret.take() {
            reading.leave(found.at, &found.named, Why::NoLogin);
        }
    }
    if draft.mechanisms().iter().any(|name| ["OAUTHBEARER", "XOAUTH2"].contains(&name.as_str())) {
        if let Some(found) = draft.secret.take() {
            reading.leave(found.at, &found.named, Why::Token);
        }
        if let Some(entry) = draft.values.remove("password-command") {
            draft.values.insert("oauth-token-command", entry);
        }
    }
    if draft.secret.is_some()
        && let Some(entry) = draft.values.remove("password-command")
    {
        reading.leave(entry.at, &entry.named, Why::SecondSecret);
    }
    let shows_it = draft.mechanisms().iter().any(|name| ["PLAIN", "LOGIN"].contains(&name.as_str()));
    if shows_it && draft.server.tls == Some(Tls::Off) && draft.server.socket.is_none() {
        let at = draft.at.clone();
        let entry = Entry { item: Item::Flag(true), named: "auth".to_owned(), at };
        draft.values.insert("allow-cleartext-auth", entry);
    }
}

fn tls(draft: &mut Draft, reading: &mut Reading) {
    if draft.server.tls == Some(Tls::Off) || draft.server.socket.is_some() {
        let unused = OF_TLS.iter().filter_map(|key| draft.values.remove(key));
        draft.idle.extend(unused.map(|entry| entry.named));
    }
    if !draft.values.contains_key("client-cert")
        && let Some(entry) = draft.values.remove("client-key")
    {
        reading.leave(entry.at, &entry.named, Why::NoCertificate);
    }
}
