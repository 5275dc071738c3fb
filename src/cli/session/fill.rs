//! What an account gives, in place of flags that were not typed. The keys of an account have the names of
//! flags, and their values are read as those of the flags are.

use std::path::PathBuf;

use super::{LoginArgs, ProtocolArgs, ServerArgs, SessionArgs, TlsArgs};
use crate::cli::duration;
use crate::cli::values::{TLS, TLS_BACKEND, TLS_MIN, Words, bind, meaning};

impl SessionArgs {
    /// Takes this value for the flag of this name, unless that was typed, or set in the environment. What has
    /// to do with a log-in is taken only if `logs_in`. A value that is `true` or `false` comes as that word.
    ///
    /// # Errors
    /// What the flag takes, as the end of a sentence that starts with the key.
    pub fn fill(&mut self, key: &str, values: &[&str], logs_in: bool) -> Result<(), String> {
        let SessionArgs { server, tls, login, protocol, route } = self;
        let text = values.first().copied().unwrap_or_default();
        let _ = fill_server(server, key, text)?
            || fill_tls(tls, key, values)?
            || fill_protocol(protocol, key, text)
            || route.fill(key, values)?
            || fill_login(login, key, values, logs_in);
        Ok(())
    }
}

fn fill_server(args: &mut ServerArgs, key: &str, text: &str) -> Result<bool, String> {
    match key {
        "bind" => or_parsed(&mut args.bind, || bind(text))?,
        "proxy" => or(&mut args.proxy, text),
        "proxy-password-file" if args.proxy_password_env.is_none() => {
            or_path(&mut args.proxy_password_file, text);
        }
        "timeout" => or_parsed(&mut args.timeout, || duration::parse(text))?,
        "deadline" => or_parsed(&mut args.deadline, || duration::parse(text))?,
        "connect-timeout" => or_parsed(&mut args.connect_timeout, || duration::parse(text))?,
        "final-timeout" => or_parsed(&mut args.final_timeout, || duration::parse(text))?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn fill_tls(args: &mut TlsArgs, key: &str, values: &[&str]) -> Result<bool, String> {
    let text = values.first().copied().unwrap_or_default();
    match key {
        "tls" => or_parsed(&mut args.tls, || word(TLS, text))?,
        "tls-min" => or_parsed(&mut args.tls_min, || word(TLS_MIN, text))?,
        "tls-backend" => or_parsed(&mut args.tls_backend, || word(TLS_BACKEND, text))?,
        "tls-name" => or(&mut args.tls_name, text),
        "ca-file" => or_path(&mut args.ca_file, text),
        "client-cert" => or_path(&mut args.client_cert, text),
        "client-key" => or_path(&mut args.client_key, text),
        "pin" if args.pin.is_empty() => args.pin = owned(values),
        "pin" => {}
        _ => return Ok(false),
    }
    Ok(true)
}

fn fill_protocol(args: &mut ProtocolArgs, key: &str, text: &str) -> bool {
    match key {
        "ehlo-name" => or(&mut args.ehlo_name, text),
        "no-pipelining" => args.no_pipelining |= text == "true",
        "no-chunking" => args.no_chunking |= text == "true",
        _ => return false,
    }
    true
}

fn fill_login(args: &mut LoginArgs, key: &str, values: &[&str], logs_in: bool) -> bool {
    let text = values.first().copied().unwrap_or_default();
    // One source of the secret that was typed takes the place of the account's.
    let is_typed = args.names_a_secret();
    match key {
        _ if !logs_in => return false,
        "user" => or(&mut args.user, text),
        "auth" if args.auth.is_empty() => args.auth = owned(values),
        "auth-identity" => or(&mut args.auth_identity, text),
        "allow-cleartext-auth" => args.allow_cleartext_auth |= text == "true",
        "password-keyring" if !is_typed => args.password_keyring = text == "true",
        "password-file" if !is_typed => or_path(&mut args.password_file, text),
        "password-command" if !is_typed => or(&mut args.password_command, text),
        "oauth-token-command" if !is_typed => or(&mut args.oauth_token_command, text),
        _ => return false,
    }
    true
}

fn or(flag: &mut Option<String>, text: &str) {
    flag.get_or_insert_with(|| text.to_owned());
}

fn or_path(flag: &mut Option<PathBuf>, text: &str) {
    flag.get_or_insert_with(|| PathBuf::from(text));
}

/// A value that is wrong is told of even where it does not count.
fn or_parsed<T>(flag: &mut Option<T>, parse: impl FnOnce() -> Result<T, String>) -> Result<(), String> {
    let value = parse()?;
    flag.get_or_insert(value);
    Ok(())
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn word<T: Copy>(words: Words<T>, text: &str) -> Result<T, String> {
    meaning(words, text).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _, _)| *word).collect();
        format!("needs one of {}, not '{text}'", known.join(", "))
    })
}
