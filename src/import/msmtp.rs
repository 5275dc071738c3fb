//! msmtp's configuration: a command and its argument on each line, in sections that inherit from each other.
//!
//! ```text
//! defaults
//! tls on
//! account work : home
//! host "smtp.example.org"
//! account default : work
//! ```

use super::draft::{Draft, Item, is_whole, yes};
use super::reading::{Reading, Source, is_name};
use super::remark::{Given, Place, Why};
use super::server::{self};
use super::settings::{Setting, Settings};
use crate::net::TlsMode;
use zeroize::Zeroizing;

/// An account as it is written: its settings with all that it inherits.
struct Section {
    name: String,
    at: Place,
    settings: Settings,
}

/// Where a command goes.
enum Current {
    Defaults,
    Account(Section),
}

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    let mut defaults = Settings::default();
    let mut sections: Vec<Section> = Vec::new();
    let mut current: Option<Current> = None;
    for (number, line) in source.lines().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let at = source.at(number);
        let (command, argument) = split(line);
        match command {
            "defaults" | "account" => {
                sections.extend(current.take().and_then(Current::section));
                current = Some(match command {
                    "defaults" => Current::Defaults,
                    _ => Current::Account(begin(argument, at, &defaults, &sections, reading)),
                });
            }
            _ if !is_name(command) || (!is_known(command) && argument.is_empty()) => reading.leave_line(at),
            // Its output would be a line of this file.
            "eval" => reading.leave(at, command, Why::NotRun),
            _ => {
                let value = Zeroizing::new(argument.to_owned());
                let setting = Setting { name: command.to_owned(), value, at: at.clone() };
                // Without sections there is one account, and it is the default.
                let nameless = || Section { name: "default".to_owned(), at, settings: Settings::default() };
                match current.get_or_insert_with(|| Current::Account(nameless())) {
                    Current::Defaults => defaults.set(command, setting),
                    Current::Account(section) => {
                        // An account of its own after all.
                        if section.name.is_empty() {
                            "default".clone_into(&mut section.name);
                            reading.default = Some(section.name.clone());
                        }
                        section.settings.set(command, setting);
                    }
                }
            }
        }
    }
    sections.extend(current.and_then(Current::section));
    for section in sections {
        if section.name == "default" {
            reading.default.get_or_insert_with(|| "default".to_owned());
        }
        let mut draft = Draft::new(&section.name, section.at);
        section
            .settings
            .put(&mut draft, reading, |draft, command, setting| put(draft, command, setting.value.as_str()));
        log(&section.settings, reading);
        tls(&mut draft, &section.settings);
        reading.drafts.push(draft);
    }
}

impl Current {
    fn section(self) -> Option<Section> {
        match self {
            // `account default : work` is a name for work, and no account of its own.
            Current::Account(section) => (!section.name.is_empty()).then_some(section),
            Current::Defaults => None,
        }
    }
}

/// The command of a line, and its argument without the quotation marks around it. Nothing is escaped.
fn split(line: &str) -> (&str, &str) {
    let (command, rest) = line.split_at(line.find(char::is_whitespace).unwrap_or(line.len()));
    let rest = rest.trim();
    let inside = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    (command, inside.unwrap_or(rest))
}

/// `account NAME [: BASE[,BASE]]`. Where the default account has a base and no more, that is the default; the
/// section that is begun then has no name.
fn begin(
    argument: &str,
    at: Place,
    defaults: &Settings,
    sections: &[Section],
    reading: &mut Reading,
) -> Section {
    let (name, bases) = argument.split_once(':').map_or((argument, ""), |(name, bases)| (name, bases));
    let mut name = name.trim().to_owned();
    if name.is_empty() {
        reading.leave(at.clone(), "account", Why::Value);
        "account".clone_into(&mut name);
    }
    let mut settings = defaults.clone();
    let bases: Vec<&str> = bases.split(',').map(str::trim).filter(|base| !base.is_empty()).collect();
    let named = |name: &str| sections.iter().find(|section| section.name == name);
    for base in &bases {
        // The default may be another name of an account.
        let other = reading.default.as_deref().filter(|_| *base == "default");
        match named(base).or_else(|| named(other?)) {
            Some(section) => settings.set_all(&section.settings),
            None => reading.leave(at.clone(), "account", Why::NoBase),
        }
    }
    if name == "default"
        && let [base] = bases.as_slice()
        && reading.default.is_none()
    {
        reading.default = Some((*base).to_owned());
        name = String::new();
    }
    Section { name, at, settings }
}

/// What TLS is by three settings together: off unless it is on, and then by STARTTLS unless that is off.
fn tls(draft: &mut Draft, settings: &Settings) {
    let is_on = |name, usual| settings.value(name).map_or(usual, |value| yes(value).unwrap_or(usual));
    draft.server.tls = Some(match (is_on("tls", false), is_on("tls_starttls", true)) {
        (false, _) => TlsMode::Off,
        (true, true) => TlsMode::StartTls,
        (true, false) => TlsMode::Implicit,
    });
    draft.has_no_login = matches!(settings.value("auth"), None | Some("off"));
}

/// There is one log for all, so the first account that has one decides.
fn log(settings: &Settings, reading: &mut Reading) {
    for name in ["logfile", "syslog"] {
        let Some(setting) =
            settings.get(name).filter(|setting| !["", "-", "off"].contains(&setting.value.as_str()))
        else {
            continue;
        };
        if name == "logfile" && !is_whole(&setting.value) {
            reading.leave(setting.at.clone(), name, Why::Relative);
            continue;
        }
        if setting.value.contains(char::is_control) {
            reading.leave(setting.at.clone(), name, Why::Value);
            continue;
        }
        let log = if name == "syslog" { "syslog" } else { setting.value.as_str() };
        if reading.log.get_or_insert_with(|| log.to_owned()) != log {
            reading.leave(setting.at.clone(), name, Why::OneLog);
        }
    }
}

/// Whether a command may stand without an argument, and is told even then.
fn is_known(command: &str) -> bool {
    let mut nobody = Draft::new("", Place { file: String::new(), line: 0 });
    put(&mut nobody, command, "") != Err(Why::Unknown)
}

fn put(draft: &mut Draft, command: &str, value: &str) -> Result<(), Why> {
    // What cannot be in a URL.
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    match command {
        "host" => {
            draft.server.host = Some(server::host(value.trim_matches(['[', ']']))?);
            Ok(())
        }
        "port" => draft.port(value),
        "socket" => match value {
            "" => draft.is_idle(),
            path if path.starts_with('/') && path.len() > 1 && !path.contains(is_odd) => {
                draft.server.socket = Some(path.to_owned());
                Ok(())
            }
            _ => Err(Why::Value),
        },
        "protocol" => match value {
            "smtp" | "lmtp" => {
                draft.server.is_lmtp = value == "lmtp";
                Ok(())
            }
            _ => Err(Why::Value),
        },
        "source_ip" | "proxy_host" | "proxy_port" if value.is_empty() => draft.is_idle(),
        "source_ip" => draft.bind(value),
        "proxy_host" => {
            draft.proxy.0 = Some(server::host(value)?);
            Ok(())
        }
        "proxy_port" => {
            draft.proxy.1 = Some(server::port(value)?);
            Ok(())
        }
        "timeout" | "connect_timeout" if value == "off" => draft.is_idle(),
        "timeout" => draft.seconds("timeout", value),
        "connect_timeout" => draft.seconds("connect-timeout", value),
        "domain" => draft.ehlo_name(value),
        "auth" => match value {
            "" | "on" | "off" => Ok(()),
            method => draft.mechanism(method),
        },
        "user" => draft.user(value),
        "password" if value.is_empty() => draft.is_idle(),
        "password" => draft.password(value),
        "passwordeval" => draft.command("password-command", value),
        "ntlmdomain" => Err(Why::Ntlm),
        _ => of_tls(draft, command, value).unwrap_or_else(|| of_mail(draft, command, value)),
    }
}

fn of_tls(draft: &mut Draft, command: &str, value: &str) -> Option<Result<(), Why>> {
    Some(match command {
        // Taken together.
        "tls" | "tls_starttls" => yes(value).map(|_| ()),
        "tls_certcheck" => match yes(value) {
            Ok(true) => draft.is_done(),
            Ok(false) => Err(Why::Unchecked),
            Err(why) => Err(why),
        },
        "tls_trust_file" if value == "system" => draft.is_done(),
        "tls_trust_file" => draft.file("ca-file", value),
        "tls_key_file" => draft.file("client-key", value),
        "tls_cert_file" => draft.file("client-cert", value),
        "tls_host_override" if value.is_empty() => draft.is_idle(),
        "tls_host_override" => server::host(value).and_then(|name| draft.put("tls-name", Item::Text(name))),
        "tls_crl_file" | "tls_fingerprint" | "tls_priorities" | "tls_min_dh_prime_bits"
            if value.is_empty() =>
        {
            draft.is_idle()
        }
        "tls_fingerprint" => draft.fingerprint(value),
        "tls_crl_file" => Err(Why::Revocation),
        "tls_priorities" | "tls_min_dh_prime_bits" => Err(Why::Ciphers),
        _ => return None,
    })
}

fn of_mail(draft: &mut Draft, command: &str, value: &str) -> Result<(), Why> {
    let is_off = yes(value) == Ok(false);
    match command {
        "from" | "from_full_name" | "maildomain" | "aliases" | "dsn_notify" | "dsn_return"
            if value.is_empty() =>
        {
            draft.is_idle()
        }
        // %U, %H: the user and the host.
        "from" if value.contains('%') => Err(Why::MadeUp),
        "from" => draft.sender(value),
        "from_full_name" => draft.sender_name(value),
        "allow_from_override" if is_off => draft.put("envelope", Item::Text("account".to_owned())),
        "auto_from" if !is_off => Err(Why::MadeUp),
        "maildomain" => Err(Why::MadeUp),
        "allow_from_override" | "auto_from" => draft.is_idle(),
        "dsn_notify" | "dsn_return" if value == "off" => draft.is_idle(),
        "dsn_notify" => Err(Why::PerMessage(Given::Notify)),
        "dsn_return" => Err(Why::PerMessage(Given::Return)),
        "set_from_header" if value == "auto" => draft.is_done(),
        "set_from_header" => {
            let from = if is_off { "keep" } else { "replace" };
            draft.put("from", Item::Text(from.to_owned()))
        }
        "set_date_header"
        | "set_msgid_header"
        | "add_missing_from_header"
        | "add_missing_date_header"
        | "add_missing_msgid_header"
        | "add_missing_to_header" => match is_off {
            true => Err(Why::NoCounterpart),
            false => draft.is_done(),
        },
        "set_to_header" => draft.is_idle(),
        "remove_bcc_headers" | "keepbcc" => match is_off == (command == "keepbcc") {
            true => draft.is_done(),
            false => Err(Why::Bcc),
        },
        "undisclosed_recipients" if is_off => draft.is_idle(),
        "undisclosed_recipients" => Err(Why::NoCounterpart),
        "aliases" => Err(Why::Aliases),
        "logfile" if value == "-" => Err(Why::NoCounterpart),
        "logfile" if value.is_empty() => draft.is_idle(),
        "syslog" if is_off => draft.is_idle(),
        "syslog" if !["on", "LOG_MAIL"].contains(&value) => Err(Why::Facility),
        // Taken for all accounts together.
        "logfile" | "syslog" => Ok(()),
        "logfile_time_format" => Err(Why::NoCounterpart),
        _ => Err(Why::Unknown),
    }
}
