//! A browser on this machine, where one runs.

use crate::config::words::words;
use crate::net::program::Left;
use std::path::Path;

/// Opens an address in the user's browser; whether one was started. `BROWSER` names it, else the desktop knows it. Over
/// ssh, and without a screen, there is none.
pub fn open(address: &str) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let named = std::env::var("BROWSER").ok().filter(|text| !text.is_empty());
    let has_screen = cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    if named.is_none() && (is_set("SSH_CONNECTION") || !has_screen) {
        return false;
    }
    let usual = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    // A list of them, the best first; each may have arguments, and a place for the address.
    let commands = named.as_deref().unwrap_or(usual).split(':');
    commands.filter_map(words).any(|words| start(&words, address))
}

fn start(words: &[String], address: &str) -> bool {
    let Some((program, rest)) = words.split_first() else { return false };
    let has_place = rest.iter().any(|word| word.contains("%s"));
    let mut arguments: Vec<String> = rest.iter().map(|word| word.replace("%s", address)).collect();
    if !has_place {
        arguments.push(address.to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Left::start(Path::new(program), program, &arguments).is_ok()
}
