//! DragonFly Mail Agent: `NAME value` in dma.conf, and `user|host:password` in auth.conf.

use super::draft::{Draft, Item};
use super::reading::{Reading, Source, is_name};
use super::remark::Why;
use super::server::{self};
use crate::net::TlsMode;

/// The name of the account.
const NAME: &str = "dma";

/// Reads dma.conf, and auth.conf where there is one.
pub fn read(source: &Source, others: &[Source], reading: &mut Reading) {
    let mut draft = Draft::new(NAME, source.at(1));
    let (mut is_tls, mut is_starttls, mut is_opportunistic) = (false, false, false);
    let mut is_insecure = false;
    for (number, line) in source.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let at = source.at(number);
        let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if !is_name(name) {
            reading.leave_line(at);
            continue;
        }
        draft.goes_on(name, &at);
        let done = match name.to_ascii_lowercase().as_str() {
            "securetransfer" => {
                is_tls = true;
                Ok(())
            }
            "starttls" => {
                is_starttls = true;
                Ok(())
            }
            "opportunistic_tls" => {
                is_opportunistic = true;
                Ok(())
            }
            // A log-in is possible without TLS, too.
            "insecure" => {
                is_insecure = true;
                draft.put("allow-cleartext-auth", Item::Flag(true))
            }
            "smarthost" => {
                draft.at = at.clone();
                draft.host(value.trim())
            }
            "authpath" if others.iter().any(|other| other.name == value.trim()) => Ok(()),
            "authpath" => Err(Why::OtherFile),
            key => put(&mut draft, key, value.trim()),
        };
        match done {
            // A word alone may be anything.
            Err(Why::Unknown) if value.is_empty() => reading.leave_line(at),
            Err(why) => reading.leave(at, name, why),
            Ok(()) => {}
        }
    }
    draft.server.tls = match (is_tls, is_starttls) {
        (true, true) if is_opportunistic => Some(TlsMode::Opportunistic),
        (true, true) => Some(TlsMode::StartTls),
        (true, false) => Some(TlsMode::Implicit),
        (false, _) if is_insecure => Some(TlsMode::Off),
        (false, _) => None,
    };
    if !is_tls && let Some(entry) = draft.values.remove("pin") {
        draft.idle.push(entry.named);
    }
    for other in others {
        secrets(other, &mut draft, reading);
    }
    reading.drafts.push(draft);
}

/// By the name in small letters.
fn put(draft: &mut Draft, name: &str, value: &str) -> Result<(), Why> {
    match name {
        "port" => draft.port(value),
        "fingerprint" => draft.fingerprint(value),
        "certfile" => draft.file("client-cert", value),
        // A file that holds the name.
        "mailname" if value.starts_with('/') => Err(Why::OtherFile),
        "mailname" => {
            draft.ehlo_name(value)?;
            draft.domain(value)
        }
        "mailnamefile" => Err(Why::OtherFile),
        "masquerade" => match value.trim_start_matches('@') {
            domain if !domain.contains('@') => draft.domain(domain),
            _ => draft.sender(value),
        },
        "aliases" => Err(Why::Aliases),
        "verifycert" | "nullclient" => draft.is_idle(),
        "spooldir" | "defer" | "fullbounce" => Err(Why::NoCounterpart),
        _ => Err(Why::Unknown),
    }
}

fn secrets(source: &Source, draft: &mut Draft, reading: &mut Reading) {
    for (number, line) in source.lines().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let at = source.at(number);
        let parts = line.split_once('|').and_then(|(user, rest)| Some((user, rest.split_once(':')?)));
        let Some((user, (host, password))) = parts else {
            reading.leave_line(at);
            continue;
        };
        let is_ours = server::host(host).is_ok_and(|host| draft.server.host.as_ref() == Some(&host));
        draft.goes_on("password", &at);
        let done = match is_ours && draft.secret.is_none() {
            true => draft.user(user).and_then(|()| draft.password(password)),
            false => Err(Why::OtherHost),
        };
        if let Err(why) = done {
            reading.leave(at, "password", why);
        }
    }
}
