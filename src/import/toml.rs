//! Accounts as the text of a config.toml (TOML 1.0), with comments for whoever reads it.

use super::draft::{Draft, Item};
use super::format::Format;
use super::reading::Reading;
use crate::config::accounts::{OF_ACCOUNT, OF_LIMITS};
use std::fmt::Write;

/// The whole text. `file` is the one that was read.
pub fn text(file: &str, format: Format, reading: &Reading) -> String {
    let mut out = String::new();
    let file = printable(file);
    let _ = writeln!(out, "# Imported from {file} ({}). See ehlo-config(5).", format.name());
    if reading.default.is_some() || reading.log.is_some() {
        out.push('\n');
    }
    for (key, value) in [("default", &reading.default), ("log", &reading.log)] {
        if let Some(value) = value {
            line(&mut out, key, &Item::Text(value.clone()));
        }
    }
    for draft in &reading.drafts {
        account(&mut out, draft);
    }
    out
}

fn account(out: &mut String, draft: &Draft) {
    let _ = writeln!(out, "\n[account.{}]", key(&draft.name));
    if draft.name != draft.original {
        let _ = writeln!(out, "# called '{}' there", printable(&draft.original));
    }
    for note in &draft.notes {
        let _ = writeln!(out, "# {note}");
    }
    for name in &draft.done {
        let _ = writeln!(out, "# {name} is done without being asked");
    }
    for name in &draft.idle {
        let _ = writeln!(out, "# {name} needs nothing here");
    }
    let (server, tls) = draft.server.written().unwrap_or_default();
    for key in OF_ACCOUNT {
        match (key.name, draft.values.get(key.name)) {
            ("server", _) => line(out, "server", &Item::Text(server.clone())),
            ("tls", _) => {
                if let Some(tls) = tls {
                    line(out, "tls", &Item::Text(tls.to_owned()));
                }
            }
            ("password-file", _) if draft.secret.is_some() => {
                out.push_str(
                    "# beside this file, readable by you alone (mode 0600); its first line is the password\n",
                );
                line(out, "password-file", &Item::Text(draft.secret_file()));
            }
            ("allow-cleartext-auth", Some(entry)) => {
                out.push_str("# the connection is not encrypted: others can read the password on its way\n");
                line(out, key.name, &entry.item);
            }
            (_, Some(entry)) => line(out, key.name, &entry.item),
            (_, None) => {}
        }
    }
    let limits = OF_LIMITS.iter().filter_map(|key| Some((key.name, draft.values.get(key.name)?)));
    for (name, entry) in limits {
        line(out, name, &entry.item);
    }
}

fn line(out: &mut String, name: &str, item: &Item) {
    let _ = match item {
        Item::Text(text) => writeln!(out, "{name} = {}", string(text)),
        Item::List(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
            writeln!(out, "{name} = [{}]", texts.join(", "))
        }
        Item::Flag(flag) => writeln!(out, "{name} = {flag}"),
        Item::Number(number) => writeln!(out, "{name} = {number}"),
    };
}

/// A key, in quotation marks where it is not made of the letters of a bare one.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.chars().all(is_bare) { name.to_owned() } else { string(name) }
}

/// A basic string.
fn string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_unseen(c) => _ = write!(out, "\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text in a comment, on its line.
fn printable(text: &str) -> String {
    text.chars().map(|c| if is_unseen(c) { '?' } else { c }).collect()
}

/// Controls, and what turns the direction of a text around: it would be read as something else.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_read_back_as_it_was() {
        for text in ["", "plain", "a\"b\\c", "tab\tline\nend", "\u{7f}\u{202e}\u{85}", "Ünï 🦀", "#", "'''"]
        {
            let written = format!("{} = {}", key("k e.y\""), string(text));
            let read: toml::de::DeTable<'_> = toml::de::DeTable::parse(&written).unwrap().into_inner();
            assert_eq!(read["k e.y\""].get_ref().as_str(), Some(text), "{written}");
        }
        assert_eq!(key("work-2"), "work-2");
        assert_eq!(key("me@a.example"), "\"me@a.example\"");
    }
}
