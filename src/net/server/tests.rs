//! Ways to name a server, and texts that name none.

use super::*;

#[test]
fn every_way_to_name_a_server_is_understood() {
    use TlsMode::{Implicit, Off, Opportunistic, StartTls};
    for (text, host, port, hint) in [
        ("mail.example.org", "mail.example.org", 25, Opportunistic),
        ("mail.example.org:2525", "mail.example.org", 2525, Opportunistic),
        ("mail:465", "mail", 465, Implicit),
        ("mail:587", "mail", 587, StartTls),
        ("192.0.2.1:26", "192.0.2.1", 26, Opportunistic),
        ("::1", "::1", 25, Opportunistic),
        ("2001:db8::1:2525", "2001:db8::1:2525", 25, Opportunistic),
        ("[::1]", "::1", 25, Opportunistic),
        ("[::1]:2525", "::1", 2525, Opportunistic),
        ("[fe80::1%eth0]:2525", "fe80::1%eth0", 2525, Opportunistic),
        ("smtp://host", "host", 25, Opportunistic),
        ("SMTP://host/", "host", 25, Opportunistic),
        ("smtp://[::1]:26", "::1", 26, Opportunistic),
        ("smtp://host:465", "host", 465, Implicit),
        ("submission://host", "host", 587, StartTls),
        ("submission://host:2525", "host", 2525, StartTls),
        ("smtps://host", "host", 465, Implicit),
        ("submissions://host", "host", 465, Implicit),
        ("smtps://host:587", "host", 587, Implicit),
        ("lmtp://host", "host", 24, Off),
        ("lmtp://host:2424", "host", 2424, Off),
        ("bücher.example", "bücher.example", 25, Opportunistic),
        ("_mail.example.org.", "_mail.example.org.", 25, Opportunistic),
    ] {
        let server: Server = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(server.host(), Some(host), "{text}");
        assert_eq!(server.port(), Some(port), "{text}");
        assert_eq!(server.tls_hint(), hint, "{text}");
        assert_eq!(server.protocol == Protocol::Lmtp, text.starts_with("lmtp"), "{text}");
        assert_eq!(server.user, None, "{text}");
    }
}

#[test]
fn a_socket_is_named_by_its_path() {
    for (text, protocol) in
        [("lmtp:///run/a@b/lmtp", Protocol::Lmtp), ("smtp:///run/a@b/lmtp", Protocol::Smtp)]
    {
        let server: Server = text.parse().unwrap();
        assert_eq!(server.endpoint, Endpoint::Unix(PathBuf::from("/run/a@b/lmtp")));
        assert_eq!((server.protocol, server.port(), server.host()), (protocol, None, None));
        assert_eq!(server.tls_hint(), TlsMode::Off);
        assert_eq!(server.to_string(), "/run/a@b/lmtp");
    }
}

#[test]
fn a_user_in_a_url_is_decoded() {
    let server: Server = "submission://joe%40example.org@mail.example.org:2525".parse().unwrap();
    assert_eq!(server.user.as_deref(), Some("joe@example.org"));
    assert_eq!(server.to_string(), "mail.example.org:2525");
    let server: Server = "smtp://joe@example.org@[::1]:25".parse().unwrap();
    assert_eq!(server.user.as_deref(), Some("joe@example.org"));
    assert_eq!(server.to_string(), "[::1]:25");
}

#[test]
fn a_password_is_refused_and_not_shown() {
    for text in [
        "smtp://joe:sesame@host",
        "smtp://joe:@host",
        "smtps://joe:ses/ame@host:465",
        "smtp://joe:ses@me?x#@host",
        "smtp://:sesame@host",
        "joe:sesame@host",
        "joe:sesame@host:25",
        "smtp:///joe:sesame@host",
        "lmtp:///joe:sesame@host:24",
    ] {
        let error = text.parse::<Server>().unwrap_err();
        assert_eq!(error, ServerError::Password, "{text}");
        assert!(!format!("{error} {error:?}").contains("ses"));
    }
    for text in ["smtp://joe:sesame", "joe:sesame", "joe:sesame://host", "sesa-me://host"] {
        let error = text.parse::<Server>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sesa"), "{text}: {error}");
    }
}

#[test]
fn what_names_no_server_is_refused_with_the_reason() {
    let long = "a".repeat(256);
    for (text, error) in [
        ("", ServerError::Empty),
        (" host", ServerError::Blank),
        ("ho st", ServerError::Blank),
        ("host\r\nRSET", ServerError::Blank),
        ("host\0", ServerError::Blank),
        ("smtp://", ServerError::Host),
        ("smtp://:25", ServerError::Host),
        (":25", ServerError::NoHost),
        ("-host", ServerError::Host),
        ("a..b", ServerError::Host),
        ("ho\"st", ServerError::Host),
        ("192.0.2", ServerError::Host),
        ("192.0.2.256", ServerError::Host),
        (&long, ServerError::Host),
        ("host:", ServerError::Port),
        ("host:0", ServerError::Port),
        ("host:65536", ServerError::Port),
        ("host:+25", ServerError::Port),
        ("host:smtp", ServerError::Port),
        ("smtp:/host", ServerError::Slashes),
        ("SMTPS:host:465", ServerError::Slashes),
        ("lmtp:/path", ServerError::Slashes),
        ("::1]:25", ServerError::Host),
        ("[::1", ServerError::Brackets),
        ("[::1]25", ServerError::Brackets),
        ("[host]:25", ServerError::Brackets),
        ("[::1%]:25", ServerError::Brackets),
        ("smtp://host/path", ServerError::Rest),
        ("smtp://host?x", ServerError::Rest),
        ("/run/lmtp", ServerError::Path),
        ("lmtp:///", ServerError::Path),
        ("smtps:///run/smtp", ServerError::Path),
        ("joe@host", ServerError::Mailbox),
        ("2525", ServerError::NoHost),
        (":smtp", ServerError::Host),
        ("smtp://@host", ServerError::User),
        ("smtp://joe%4@host", ServerError::User),
        ("smtp://joe%0d@host", ServerError::User),
        ("http://host", ServerError::Scheme("http".to_owned())),
        ("mx:example.org", ServerError::NotYet("mx".to_owned())),
        ("MX:example.org", ServerError::NotYet("mx".to_owned())),
        ("mx://example.org", ServerError::NotYet("mx".to_owned())),
    ] {
        assert_eq!(text.parse::<Server>(), Err(error), "{text:?}");
    }
}
