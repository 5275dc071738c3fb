//! Whether a text looks like a server. It is asked for one hint only: mail(1)'s `-s` is the subject, other
//! programs' is the server.

use std::net::IpAddr;

/// Whether a text could be meant as a server: `mail.example.org`, `localhost:25`, `[::1]:25`, `192.0.2.1`,
/// `smtp://…`.
#[must_use]
pub fn looks_like_server(text: &str) -> bool {
    if let Some((scheme, rest)) = text.split_once("://") {
        return matches!(scheme, "smtp" | "smtps" | "submission" | "submissions" | "lmtp")
            && !rest.is_empty();
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, rest) = rest.split_once(']').unwrap_or(("", rest));
        return address.parse::<IpAddr>().is_ok() && rest.strip_prefix(':').map_or(rest.is_empty(), is_port);
    }
    if text.parse::<IpAddr>().is_ok() {
        return true;
    }
    match text.rsplit_once(':') {
        Some((host, port)) => is_port(port) && (is_host(host) || host.parse::<IpAddr>().is_ok()),
        // One word alone is a subject more often than a host.
        None => text.eq_ignore_ascii_case("localhost") || (text.contains('.') && is_host(text)),
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Labels of letters, digits and hyphens, the last not all digits: `1.2` is a version.
fn is_host(text: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty() && !l.starts_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.split('.').all(label)
        && !text.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::looks_like_server;

    #[test]
    fn hosts_addresses_and_urls_do() {
        for text in [
            "mail.example.org",
            "localhost",
            "localhost:25",
            "relay:2525",
            "[::1]:25",
            "[::1]",
            "::1",
            "192.0.2.1",
            "192.0.2.1:25",
            "smtp://mail",
            "smtps://mail.example.org:465",
            "lmtp:///run/lmtp",
        ] {
            assert!(looks_like_server(text), "{text}");
        }
    }

    #[test]
    fn subjects_do_not() {
        for text in [
            "",
            "Backup",
            "Backup done.",
            "done.",
            "v1.2",
            "1.2",
            "Re: mail.example.org",
            "12:30",
            "https://example.org",
            "[ticket] mail",
            "smtp://",
            "a..b",
            "report 2026-11-21",
        ] {
            assert!(!looks_like_server(text), "{text}");
        }
    }
}
