//! nullmailer's remotes: a server on each line, which are tried in turn.
//!
//! ```text
//! smtp.example.org smtp --port=587 --user=me --pass=sesame --starttls
//! ```

use super::draft::Draft;
use super::reading::{Reading, Source, is_name};
use super::remark::{Place, Why};
use super::server::{self};
use crate::config::words::words;
use crate::net::TlsMode;
use zeroize::Zeroizing;

/// Options that are followed by a value.
const WITH_VALUE: [&str; 8] =
    ["port", "user", "pass", "source", "x509certfile", "x509keyfile", "x509cafile", "x509crlfile"];

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    for (number, line) in source.lines().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let at = source.at(number);
        let words = words(line).map(|words| words.into_iter().map(Zeroizing::new).collect::<Vec<_>>());
        let Some(draft) = words.and_then(|words| remote(&words, &at, reading)) else {
            reading.leave_line(at);
            continue;
        };
        match reading.default {
            None => reading.default = Some(draft.original.clone()),
            Some(_) => reading.leave(at, &draft.original, Why::InTurn),
        }
        reading.drafts.push(draft);
    }
}

/// A server and its options; nothing where the words are something else.
fn remote(words: &[Zeroizing<String>], at: &Place, reading: &mut Reading) -> Option<Draft> {
    let (host, options) = words.split_first()?;
    let options = match options.split_first() {
        Some((protocol, options)) if protocol.as_str() == "smtp" => options,
        _ => options,
    };
    let mut draft = Draft::new(host, at.clone());
    draft.server.host = Some(server::host(host).ok()?);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let option = option.strip_prefix("--")?;
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, value),
            None if WITH_VALUE.contains(&option) => (option, options.next()?.as_str()),
            None => (option, ""),
        };
        if !is_option(name) {
            return None;
        }
        let named = ["--", name].concat();
        draft.goes_on(&named, at);
        if let Err(why) = put(&mut draft, name, value) {
            reading.leave(at.clone(), &named, why);
        }
    }
    Some(draft)
}

fn is_option(name: &str) -> bool {
    is_name(&name.replace("509", ""))
}

fn put(draft: &mut Draft, name: &str, value: &str) -> Result<(), Why> {
    match name {
        "port" => draft.port(value),
        "user" => draft.user(value),
        "pass" => draft.password(value),
        "auth-login" => draft.mechanism("LOGIN"),
        "ssl" => draft.tls(TlsMode::Implicit),
        "starttls" => draft.tls(TlsMode::StartTls),
        "insecure" => Err(Why::Unchecked),
        "source" => draft.bind(value),
        "x509cafile" => draft.file("ca-file", value),
        "x509certfile" => draft.file("client-cert", value),
        "x509keyfile" => draft.file("client-key", value),
        "x509crlfile" => Err(Why::Revocation),
        "x509fmtder" | "tls-anon-auth" => Err(Why::NoCounterpart),
        _ => Err(Why::Unknown),
    }
}
