//! What a person writes: netrc files, configurations, lists of recipients, servers, proxies, commands, pins, dates, identifiers.

use super::assert_printable;
use ehlo::inside::config::words::{are_for_a_shell, words};
use ehlo::inside::config::{accounts, netrc};
use ehlo::inside::import::{Format, Source, import};
use ehlo::inside::message::{date, id, recipients};
use ehlo::inside::net::tls::Pin;
use ehlo::inside::net::{Endpoint, Proxy, Server};
use ehlo::inside::report::text::printable;
use ehlo::inside::words;
use ehlo_smtp::parameter::{Parameter, xtext};
use ehlo_smtp::path::Domain;
use ehlo_smtp::serve::Rules;
use ehlo_smtp::xclient::Xclient;

pub fn holds(octets: &[u8]) {
    list(octets);
    let Ok(text) = std::str::from_utf8(octets) else { return };
    passwords(text);
    server(text);
    command(text);
    parameters(text);
    identifiers(text);
    imported(text);
}

/// What becomes of another program's configuration can be read, names servers, and shows no password.
fn imported(text: &str) {
    const SECRET: &str = "hunter2";
    let line = text.replace(['\n', '\r'], " ");
    for (format, nearly) in [
        (
            Format::Msmtp,
            format!("account {line}\nhost a.example\nauth on\nuser me\npassword {SECRET}\n{text}"),
        ),
        (Format::Git, format!("[sendemail]\nsmtpServer={line}\nsmtpUser=me\nsmtpPass={SECRET}\n{text}")),
        (Format::Mutt, format!("set smtp_url=smtps://me:{SECRET}@a.example from={line}\n{text}")),
        (Format::Nullmailer, format!("a.example --user=me --pass={SECRET} --source={line}\n{text}")),
        (Format::Dma, format!("SMARTHOST a.example\nMASQUERADE {line}\n{text}")),
        (Format::Ssmtp, format!("mailhub=a.example\nAuthUser={line}\nAuthPass={SECRET}\n{text}")),
        (Format::Esmtp, format!("hostname a.example\nusername me\npassword {SECRET}\nhelo {line}\n{text}")),
    ] {
        for whole in [text, nearly.as_str()] {
            let source = Source { name: "FILE".to_owned(), text: whole.to_owned().into() };
            let Ok(imported) = import(format, &[source]) else { continue };
            let config = accounts::read(&imported.toml, "config.toml".as_ref());
            let config = config.unwrap_or_else(|error| panic!("{error}\n{}", imported.toml));
            for account in &config.accounts {
                let server: Result<Server, _> = account.list("server").concat().parse();
                assert!(server.is_ok(), "{}", imported.toml);
            }
            let lines = whole.lines().count();
            let remarks: Vec<String> = imported.remarks.iter().map(words::import::not_carried).collect();
            assert!(
                imported.remarks.iter().all(|remark| (1..=lines).contains(&remark.at.line)),
                "{remarks:?}"
            );
            if !text.contains(SECRET) {
                assert!(!format!("{}{remarks:?}", imported.toml).contains(SECRET), "{}", imported.toml);
            }
        }
    }
}

/// Whatever stands in a netrc file, the entry in front of it is found, and what is wrong is in a line that is there.
fn passwords(text: &str) {
    let lines = text.matches('\n').count() + 1;
    if let Err(error) = netrc::password(text, "mail.example.org", "me") {
        assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
    }
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let whole = format!("machine mail.example.org login me password \"{quoted}\"\ndefault password other");
    let found = netrc::password(&whole, "MAIL.example.org", "me").expect("a good file");
    assert_eq!(found.expect("there is an entry").reveal(), text, "quoting and reading are inverses");
}

fn list(octets: &[u8]) {
    match recipients::parse(octets, Domain::parse("alpha.arpa").ok().as_ref()) {
        Ok(list) => {
            let line = |recipient: &ehlo_smtp::envelope::Recipient| {
                let words = recipient.parameters.iter().map(|parameter| format!(" {}", parameter.as_str()));
                // As --failed-to writes it: what begins with '#' would be a comment, and a byte order mark nothing.
                let path = match recipient.path.to_string() {
                    path if path.starts_with(['#', '\u{feff}']) => format!("<{path}>"),
                    path => path,
                };
                path + &words.collect::<String>() + "\n"
            };
            let text: String = list.iter().map(line).collect();
            assert_eq!(recipients::parse(text.as_bytes(), None), Ok(list), "{text:?}");
        }
        Err(error) => assert_printable(&printable(&error.to_string())),
    }
}

/// Servers and proxies: printed they are the same again, and an error repeats no password.
fn server(text: &str) {
    if let Ok(server) = text.parse::<Server>() {
        let again: Result<Server, _> = server.to_string().parse();
        if let Endpoint::Tcp { host, .. } = &server.endpoint {
            assert_eq!(again.map(|again| again.endpoint).as_ref(), Ok(&server.endpoint));
            assert!(!host.is_empty() && !host.contains(['/', '@', ' ']));
        }
        assert_ne!(server.port(), Some(0));
        let _ = (server.tls_hint(), server.host());
    }
    if let Ok(proxy) = text.parse::<Proxy>() {
        let again: Proxy = proxy.to_string().parse().expect("what was printed");
        assert_eq!((again.kind, &again.host, again.port), (proxy.kind, &proxy.host, proxy.port));
        assert!(proxy.port != 0 && proxy.password.is_none());
    }
    const SECRET: &str = "hunter2";
    let host: String = text.chars().filter(|c| !matches!(c, '/' | ':')).collect();
    // What is not the password may be repeated; a scheme is, in small letters.
    if host.to_lowercase().contains(SECRET) {
        return;
    }
    for url in [format!("smtp://me:{SECRET}@{host}"), format!("{host}://me:{SECRET}@beta.arpa")] {
        let server: Result<Server, _> = url.parse();
        let error = server.expect_err("a password in a URL").to_string();
        assert!(!error.contains(SECRET), "{error}");
    }
    let proxy: Result<Proxy, _> = format!("socks5://me:{SECRET}@{host}").parse();
    assert!(!proxy.expect_err("a password in a URL").to_string().contains(SECRET));
}

fn command(text: &str) {
    let quoted: String = text.chars().flat_map(|c| ['\\', c]).collect();
    let one = if text.is_empty() { vec![] } else { vec![text.to_owned()] };
    assert_eq!(words(&quoted), Some(one), "quoting and splitting are inverses");
    assert!(!are_for_a_shell(&quoted), "what is quoted is for nobody");
    if let Some(words) = words(text) {
        assert!(words.iter().map(String::len).sum::<usize>() <= text.len());
    }
}

fn parameters(text: &str) {
    let value = xtext(text);
    assert_eq!(plain(&value).as_deref(), Some(text.as_bytes()), "xtext and back");
    if !value.is_empty() {
        assert!(Parameter::parse(&format!("X={value}")).is_ok());
    }
    if let Some(envid) = Parameter::envid(text) {
        assert_eq!(Parameter::parse(envid.as_str()).as_ref(), Ok(&envid));
        assert!(envid.as_str().len() <= "ENVID=".len() + 100);
    }
    match Xclient::parse(text) {
        Ok(xclient) => {
            let line = xclient.to_string();
            assert!(line.bytes().all(|octet| matches!(octet, b' '..=b'~')) && line.len() <= 510);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(pin) = text.parse::<Pin>() {
        assert_eq!(format!("sha256:{}", pin.0).parse::<Pin>().map(|again| again.0), Ok(pin.0));
    }
    let _ = Rules::default().add(text, 550, Some(text));
}

/// xtext, taken back (RFC 3461, section 4).
fn plain(xtext: &str) -> Option<Vec<u8>> {
    let mut octets = xtext.bytes();
    let mut out = Vec::new();
    while let Some(octet) = octets.next() {
        let mut digit = || octets.next().and_then(|octet| char::from(octet).to_digit(16));
        out.push(if octet == b'+' { (digit()? * 16 + digit()?) as u8 } else { octet });
    }
    Some(out)
}

/// What becomes part of a header is one line of it, and is read back as it is.
fn identifiers(text: &str) {
    if let Ok(id) = id::parse(text) {
        assert_eq!(id::parse(&format!("<{id}>")).as_ref(), Ok(&id));
    }
    for id in id::parse_list(text).unwrap_or_default() {
        assert!(!id.is_empty() && id.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'<'));
    }
    if let Ok(date) = date::parse(text) {
        assert!(date.is_ascii() && !date.contains(['\r', '\n']));
        assert_eq!(date::parse(&date).as_ref(), Ok(&date), "a date is its own");
    }
}
