//! HTTP's CONNECT (RFC 9110, section 9.3.6), with Basic authentication (RFC 7617) where a user is given.
//!
//! Any 2xx makes a tunnel, which begins right behind the header section whatever that announces. Interim
//! replies (1xx) are passed over.

use encodify::base64::STANDARD;
use zeroize::Zeroizing;

use super::error::{LogInFault, ProxyBreach, ProxyFault, Refusal, StatusLine};
use super::line::{Line, read};
use super::url::{Proxy, authority};

/// The longest header section, in octets.
const LONGEST: usize = 64 * 1024;
/// The most of a reason that is shown, in characters.
const REASON: usize = 100;

const NOT_HTTP: ProxyFault = ProxyFault::Protocol(ProxyBreach::NotHttp);

/// Asks for a connection to `port` of `host`.
pub(super) fn ask(proxy: &Proxy, line: &mut dyn Line, host: &str, port: u16) -> Result<(), ProxyFault> {
    let place = authority(host, port);
    let head = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    let mut authorization = Zeroizing::new(String::new());
    // What must not be shown, even where the proxy repeats it.
    let mut secrets: Vec<Zeroizing<String>> = Vec::new();
    if let (Some(user), Some(password)) = (&proxy.user, &proxy.password) {
        // Joined in one piece: a buffer that grows leaves a copy behind.
        let plain = Zeroizing::new([user, ":", password.reveal()].concat());
        let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        authorization = Zeroizing::new(["Proxy-Authorization: Basic ", &encoded, "\r\n"].concat());
        secrets.extend([encoded, Zeroizing::new(password.reveal().to_owned())]);
    }
    let request = Zeroizing::new([&head, authorization.as_str(), "\r\n"].concat());
    line.say(request.as_bytes())?;
    // How many octets are left for all replies together.
    let mut left = LONGEST;
    loop {
        let mut looked_at = 0;
        let (length, status) = read(line, left, |octets| {
            let (length, head) = match end_of_header(octets, &mut looked_at) {
                Some(length) => (length, octets.get(..length).unwrap_or_default()),
                None if begins_as_http(octets) => return Ok(None),
                None => return Err(NOT_HTTP),
            };
            let StatusLine { code, reason } = status(head).ok_or(NOT_HTTP)?;
            // Hidden first, cut afterwards: of a secret that is cut in two the first part would be shown.
            let reason = secrets.iter().fold(reason, |reason, secret| reason.replace(secret.as_str(), "***"));
            let reason = reason.chars().take(REASON).collect();
            Ok(Some((length, (length, StatusLine { code, reason }))))
        })?;
        left = left.saturating_sub(length);
        return match status.code {
            100..=199 => continue,
            200..=299 => Ok(()),
            407 if proxy.user.is_some() => Err(ProxyFault::LogIn(LogInFault::Refused(status))),
            407 => Err(ProxyFault::LogIn(LogInFault::Wanted(Some(status)))),
            408 | 429 | 500..=599 => Err(ProxyFault::Failed(Refusal::Http(status))),
            _ => Err(ProxyFault::Refused(Refusal::Http(status))),
        };
    }
}

/// Whether this can be the beginning of a status line: another service on this port is noticed at its first
/// octets.
fn begins_as_http(octets: &[u8]) -> bool {
    octets.iter().zip(b"HTTP/1.").all(|(one, other)| one == other)
}

/// Where the header section ends: behind an empty line, CRLF or LF alone (RFC 9112, section 2.2). `looked_at`
/// is how far earlier looks have come.
fn end_of_header(octets: &[u8], looked_at: &mut usize) -> Option<usize> {
    while let Some(rest) = octets.get(*looked_at..).filter(|rest| !rest.is_empty()) {
        match rest {
            [b'\n', b'\n', ..] => return Some(*looked_at + 2),
            [b'\n', b'\r', b'\n', ..] => return Some(*looked_at + 3),
            // More must come before this can be told.
            [b'\n'] | [b'\n', b'\r'] => return None,
            _ => *looked_at += 1,
        }
    }
    None
}

/// The status line: `HTTP/1.1 403 Forbidden`.
fn status(head: &[u8]) -> Option<StatusLine> {
    let line = head.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line.trim_ascii_end());
    let (version, rest) = line.split_once(' ')?;
    let (code, reason) = rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), ""));
    let is_code = code.len() == 3 && code.bytes().all(|octet| octet.is_ascii_digit());
    let code = code.parse().ok().filter(|code| is_code && *code >= 100)?;
    let is_http = version.strip_prefix("HTTP/1.").is_some_and(|minor| !minor.is_empty());
    is_http.then(|| StatusLine { code, reason: reason.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::proxy::played::{Played, named};

    /// Asks a proxy that gives this reply, and then 220. Returns what was said to it, and the result.
    fn asked(url: &str, host: &str, reply: &str) -> (String, Result<(), String>) {
        let all = [reply, "220 beta\r\n"].concat();
        let mut first: Option<(String, Result<(), String>)> = None;
        for cut in 0..=all.len() {
            let mut line = Played::new(all.as_bytes(), cut);
            let result = ask(&named(url), &mut line, host, 25).map_err(|fault| fault.to_string());
            if result.is_ok() {
                assert_eq!(line.left(), b"220 beta\r\n", "cut at {cut}");
            }
            let now = (String::from_utf8(line.said).unwrap(), result);
            assert_eq!(first.get_or_insert_with(|| now.clone()), &now, "cut at {cut}");
        }
        first.unwrap()
    }

    #[test]
    fn the_tunnel_begins_right_behind_the_empty_line() {
        for reply in [
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200 OK\r\nProxy-Agent: x\r\nContent-Length: 9\r\n\r\n",
            "HTTP/1.1 299\n\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: a\r\n\r\n",
        ] {
            let (said, result) = asked("http://proxy", "mail.example", reply);
            assert_eq!(result, Ok(()), "{reply:?}");
            assert_eq!(said, "CONNECT mail.example:25 HTTP/1.1\r\nHost: mail.example:25\r\n\r\n");
        }
        let (said, _) = asked("http://proxy", "2001:db8::1", "HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(said, "CONNECT [2001:db8::1]:25 HTTP/1.1\r\nHost: [2001:db8::1]:25\r\n\r\n");
    }

    #[test]
    fn a_user_logs_in_at_once() {
        let (said, result) = asked("http://joe@proxy", "a", "HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(result, Ok(()));
        assert!(said.contains("\r\nProxy-Authorization: Basic am9lOm9wZW4gc2VzYW1l\r\n\r\n"), "{said}");
    }

    #[test]
    fn whatever_it_refuses_has_its_words() {
        for (url, reply, text) in [
            ("http://proxy", "HTTP/1.1 403 Forbidden\r\n\r\nno", "refused: 403 Forbidden"),
            ("http://proxy", "HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n", "refused: 302 Found"),
            ("http://proxy", "HTTP/1.1 503 Busy\r\n\r\n", "could not connect: 503 Busy"),
            ("http://proxy", "HTTP/1.1 407 Log in\r\n\r\n", "requires a log-in: 407 Log in"),
            ("http://joe@proxy", "HTTP/1.1 407 Log in\r\n\r\n", "refused the log-in: 407 Log in"),
            (
                "http://joe@proxy",
                "HTTP/1.1 407 not 'open sesame' (am9lOm9wZW4gc2VzYW1l)\r\n\r\n",
                "refused the log-in: 407 not '***' (***)",
            ),
            ("http://proxy", "", "broke the protocol: this is not HTTP"),
            ("http://proxy", "HTTP/2 200 OK\r\n\r\n", "broke the protocol: this is not HTTP"),
            ("http://proxy", "HTTP/1.1 2000 OK\r\n\r\n", "broke the protocol: this is not HTTP"),
            ("http://proxy", "HTTP/1.1\r\n\r\n", "broke the protocol: this is not HTTP"),
        ] {
            assert_eq!(asked(url, "a", reply).1, Err(text.to_owned()), "{reply:?}");
        }
    }

    #[test]
    fn a_secret_at_the_end_of_what_is_shown_of_a_reason_is_hidden_first() {
        for secret in ["am9lOm9wZW4gc2VzYW1l", "open sesame"] {
            for begin in REASON - secret.len()..=REASON {
                let reply = format!("HTTP/1.1 407 {}{secret}\r\n\r\n", "-".repeat(begin));
                let shown: String = format!("{}***", "-".repeat(begin)).chars().take(REASON).collect();
                let result = asked("http://joe@proxy", "a", &reply).1;
                assert_eq!(result, Err(format!("refused the log-in: 407 {shown}")));
            }
        }
    }

    #[test]
    fn a_header_section_without_an_end_is_too_long_or_closed() {
        let proxy = named("http://proxy");
        let short = "HTTP/1.1 200 OK\r\nVia: a\r\n";
        let fault = ask(&proxy, &mut Played::new(short.as_bytes(), 0), "a", 25).unwrap_err();
        assert!(matches!(fault, ProxyFault::Closed), "{fault}");
        for line in ["Via: a\r\n", "HTTP/1.1 100 Go on\r\n\r\n"] {
            let long = format!("HTTP/1.1 100 Go on\r\n{}", line.repeat(LONGEST));
            let fault = ask(&proxy, &mut Played::new(long.as_bytes(), 0), "a", 25).unwrap_err();
            assert_eq!(fault.to_string(), "broke the protocol: its reply is too long");
        }
    }
}
