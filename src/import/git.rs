//! git's configuration for `git send-email`: a .gitconfig, or what `git config --list` prints of it.
//!
//! ```text
//! [sendemail "work"]                      sendemail.work.smtpserver=smtp.example.org
//!     smtpServer = smtp.example.org
//! ```

use super::draft::{Draft, Item, yes};
use super::git_words::{self, Variable};
use super::reading::{Reading, Source};
use super::remark::{Place, Why};
use super::settings::{Setting, Settings};
use crate::net::TlsMode;
use std::collections::BTreeMap;

/// The name of the account that the settings without an identity make.
const PLAIN: &str = "git";

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    let is_file = source.lines().find(|(_, line)| !line.is_empty() && !line.starts_with(['#', ';']));
    let is_file = is_file.is_some_and(|(_, line)| line.starts_with('['));
    let variables = if is_file { git_words::of_file(source, reading) } else { git_words::of_list(source) };
    let mut plain = Settings::default();
    let mut identities: BTreeMap<String, (Place, Settings)> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let (mut begins, mut user) = (None, User::default());
    for variable in variables {
        let Variable { section, subsection, setting } = variable;
        let key = setting.name.to_ascii_lowercase();
        match (section.as_str(), subsection) {
            ("include" | "includeif", _) if key == "path" => {
                reading.leave(setting.at, "include.path", Why::OtherFile);
            }
            ("user", None) if key == "email" => user.email = Some(setting),
            ("user", None) if key == "name" => user.name = Some(setting),
            ("sendemail", None) if key == "identity" => {
                reading.default = Some(setting.value.to_string());
                reading.default_at = Some((setting.at, setting.name));
            }
            ("sendemail", None) => {
                begins.get_or_insert_with(|| setting.at.clone());
                plain.set(&key, setting);
            }
            ("sendemail", Some(identity)) => {
                if !identities.contains_key(&identity) {
                    order.push(identity.clone());
                }
                let own =
                    identities.entry(identity).or_insert_with(|| (setting.at.clone(), Settings::default()));
                own.1.set(&key, setting);
            }
            _ => {}
        }
    }
    let has_server = |settings: &Settings| settings.get("smtpserver").is_some();
    if let Some(at) = begins
        && (has_server(&plain) || order.is_empty())
    {
        account(PLAIN, at, &plain, &user, reading);
        reading.default.get_or_insert_with(|| PLAIN.to_owned());
    }
    for identity in order {
        let Some((at, own)) = identities.remove(&identity) else { continue };
        let mut settings = plain.clone();
        settings.set_all(&own);
        account(&identity, at, &settings, &user, reading);
    }
}

/// `[user]`: who writes.
#[derive(Default)]
struct User {
    name: Option<Setting>,
    email: Option<Setting>,
}

fn account(name: &str, at: Place, settings: &Settings, user: &User, reading: &mut Reading) {
    let mut draft = Draft::new(name, at);
    settings.put(&mut draft, reading, |draft, key, setting| put(draft, key, &setting.value));
    if settings.get("smtpencryption").is_none()
        && settings.get("smtpssl").is_some_and(|old| yes(&old.value) == Ok(true))
    {
        draft.server.tls = Some(TlsMode::Implicit);
    }
    // Who writes a patch sends it.
    if !draft.values.contains_key("address")
        && let Some(email) = &user.email
    {
        draft.goes_on("user.email", &email.at);
        if let Err(why) = draft.sender(&email.value) {
            reading.leave(email.at.clone(), "user.email", why);
        }
        if let Some(name) = &user.name {
            draft.goes_on("user.name", &name.at);
            if let Err(why) = draft.sender_name(&name.value) {
                reading.leave(name.at.clone(), "user.name", why);
            }
        }
    }
    if draft.values.contains_key("user") && draft.secret.is_none() {
        draft
            .notes
            .push("git asks its credential helpers for the password; ehlo looks into ~/.netrc, or asks you");
    }
    reading.drafts.push(draft);
}

fn put(draft: &mut Draft, key: &str, value: &str) -> Result<(), Why> {
    match key {
        "smtpserver" if value.starts_with(['/', '~']) => Err(Why::Program),
        "smtpserver" => draft.host(value),
        "smtpserverport" => match value {
            "smtp" => draft.port("25"),
            "submission" => draft.port("587"),
            "smtps" | "submissions" => draft.port("465"),
            number => draft.port(number),
        },
        "smtpencryption" => draft.tls(match value.to_ascii_lowercase().as_str() {
            "tls" => TlsMode::StartTls,
            "ssl" => TlsMode::Implicit,
            _ => TlsMode::Off,
        }),
        // Taken with smtpEncryption, which comes before it.
        "smtpssl" => yes(value).map(|_| ()),
        "smtpuser" => draft.user(value),
        "smtppass" if value.is_empty() => draft.is_idle(),
        "smtppass" => draft.password(value),
        "smtpauth" if value.eq_ignore_ascii_case("none") => {
            draft.has_no_login = true;
            Ok(())
        }
        "smtpauth" => value.split_whitespace().try_for_each(|name| draft.mechanism(name)),
        "smtpdomain" => draft.ehlo_name(value),
        "smtpsslcertpath" => match value {
            "" => Err(Why::Unchecked),
            folder if folder.ends_with('/') || folder.ends_with("/certs") => Err(Why::Folder),
            file => draft.file("ca-file", file),
        },
        "smtpsslclientcert" => draft.file("client-cert", value),
        "smtpsslclientkey" => draft.file("client-key", value),
        "smtpbatchsize" => match value.parse::<u64>() {
            Ok(0) => draft.is_idle(),
            Ok(number) => draft.put("limits.messages-per-connection", Item::Number(number)),
            Err(_) => Err(Why::Value),
        },
        // The reverse-path is the one thing that the settings have to say of the envelope.
        "envelopesender" if value == "auto" => draft.is_done(),
        "envelopesender" => {
            draft.put("envelope", Item::Text("account".to_owned()))?;
            draft.sender(value)
        }
        // envelopeSender comes before it, and is the account's own where there is one.
        "from" if draft.values.contains_key("envelope") => Err(Why::OneAddress),
        "from" => draft.sender(value),
        "smtprelogindelay" | "smtpserveroption" => Err(Why::NoCounterpart),
        "sendmailcmd" => Err(Why::Program),
        _ => Err(Why::NotSending),
    }
}
