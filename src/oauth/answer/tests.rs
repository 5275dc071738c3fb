//! Answers as they come, and as they should not.

use super::*;
use std::fmt::Write as _;
use zeroize::Zeroizing;

fn said(status: u16, body: &str) -> Answer {
    Answer {
        status,
        media_type: "application/json".to_owned(),
        body: Zeroizing::new(body.as_bytes().to_vec()),
    }
}

/// What a token is taken for.
fn told(status: u16, body: &str) -> String {
    match token(&said(status, body), &["s3cret"]) {
        Ok(token) => {
            let mut text = format!("{} {:?}", token.access.reveal(), token.life);
            for part in [token.refresh.map(|refresh| refresh.reveal().to_owned()), token.scope] {
                let _ = write!(text, " {}", part.unwrap_or_else(|| "-".to_owned()));
            }
            text
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_token_is_what_the_rfc_says_and_nothing_else_is_one() {
    let garbled = "cannot get a token: the answer cannot be read";
    let bearer = |more: &str| format!("{{\"access_token\":\"a\",\"token_type\":\"Bearer\"{more}}}");
    for (body, found) in [
        (bearer(""), "a None - -"),
        (bearer(",\"expires_in\":3600,\"refresh_token\":\"r\",\"scope\":\"x y\""), "a Some(3600) r x y"),
        (bearer(",\"expires_in\":\"3600\",\"refresh_token\":null"), "a Some(3600) - -"),
        (bearer(",\"expires_in\":3599.9"), "a Some(3599) - -"),
        (bearer(",\"expires_in\":-1"), "a None - -"),
        (bearer(",\"expires_in\":1e300"), "a Some(315360000) - -"),
        (bearer(",\"expires_in\":18446744073709551615"), "a Some(315360000) - -"),
        (bearer(",\"refresh_token\":\"\""), "a None - -"),
        (bearer(",\"refresh_token\":7"), garbled),
        (bearer(",\"refresh_token\":\"r\\n\""), garbled),
        ("{\"access_token\":\"a\",\"token_type\":\"bearer\"}".to_owned(), "a None - -"),
        ("{\"access_token\":\"a\",\"token_type\":\"mac\"}".to_owned(), "the token is not a bearer token"),
        ("{\"access_token\":\"a\",\"token_type\":\"N_A\"}".to_owned(), "the token is not a bearer token"),
        ("{\"access_token\":\"a\"}".to_owned(), "the token is not a bearer token"),
        ("{\"access_token\":\"\",\"token_type\":\"Bearer\"}".to_owned(), garbled),
        ("{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}".to_owned(), garbled),
        ("{\"access_token\":\"a\\u0001\",\"token_type\":\"Bearer\"}".to_owned(), garbled),
        ("{\"access_token\":\"ä\",\"token_type\":\"Bearer\"}".to_owned(), garbled),
        ("{\"access_token\":[\"a\"],\"token_type\":\"Bearer\"}".to_owned(), garbled),
        ("{\"token_type\":\"Bearer\"}".to_owned(), garbled),
        (format!("{{\"access_token\":\"{}\",\"token_type\":\"Bearer\"}}", "a".repeat(16_385)), garbled),
        ("[]".to_owned(), garbled),
        ("\"a\"".to_owned(), garbled),
        (String::new(), garbled),
        ("<html>".to_owned(), garbled),
        ("[".repeat(10_000), garbled),
        ("{\"error\":\"invalid_grant\"}".to_owned(), "a token is refused: invalid_grant"),
    ] {
        assert_eq!(told(200, &body), found, "{body}");
    }
}

#[test]
fn a_refusal_is_one_line_and_repeats_no_secret() {
    for (status, body, found) in [
        (400, "{\"error\":\"invalid_grant\"}", "a token is refused: invalid_grant"),
        (
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: it has expired. Trace ID: 1\\r\\nx\"}",
            "a token is refused: AADSTS700082: it has expired. (invalid_grant)",
        ),
        (
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"\\u001b[2Jno\\u0007\"}",
            "a token is refused: [2Jno (invalid_grant)",
        ),
        (
            400,
            "{\"error\":\"invalid_grant\",\"error_description\":\"no such token: s3cret\"}",
            "a token is refused: invalid_grant",
        ),
        (400, "{\"error\":\"s3cret\"}", "cannot get a token: status 400"),
        (400, "{\"error\":\"no-s3cret\"}", "cannot get a token: status 400"),
        (400, "{\"error\":\"bad code!\"}", "cannot get a token: status 400"),
        (400, "{\"error\":7}", "cannot get a token: status 400"),
        (404, "nothing here", "cannot get a token: status 404"),
        (503, "", "cannot get a token: status 503"),
        (201, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}", "cannot get a token: status 201"),
    ] {
        assert_eq!(told(status, body), found, "{body}");
    }
    let long = format!("{{\"error\":\"e\",\"error_description\":\"{}\"}}", "ä".repeat(5_000));
    assert_eq!(told(400, &long).chars().count(), "a token is refused:  (e)".len() + LONGEST_WORDS);
}

#[test]
fn a_device_has_a_code_and_a_place_and_some_patience() {
    let found = |body: &str| match device(&said(200, body), &[]) {
        Ok(device) => {
            let (life, pause) = (device.life.as_secs(), device.interval.as_secs());
            format!("{} {} {life} {pause} {}", device.user_code, device.place, device.complete.is_some())
        }
        Err(error) => error.to_string(),
    };
    let with = |more: &str| format!("{{\"device_code\":\"d\",\"user_code\":\"A-B\"{more}}}");
    let place = ",\"verification_uri\":\"https://x/\"";
    let garbled = "cannot get a code for this device: the answer cannot be read";
    for (body, said) in [
        (with(place), "A-B https://x/ 900 5 false"),
        (with(",\"verification_url\":\"https://x/\""), "A-B https://x/ 900 5 false"),
        (with(&format!("{place},\"expires_in\":60,\"interval\":1")), "A-B https://x/ 60 1 false"),
        (with(&format!("{place},\"expires_in\":1e9,\"interval\":0")), "A-B https://x/ 3600 1 false"),
        (with(&format!("{place},\"interval\":1e9")), "A-B https://x/ 900 60 false"),
        (
            with(&format!("{place},\"verification_uri_complete\":\"https://x/A\"")),
            "A-B https://x/ 900 5 true",
        ),
        (with(""), garbled),
        (with(",\"verification_uri\":\"https://x/\\u001b\""), garbled),
        ("{\"device_code\":\"d\",\"verification_uri\":\"https://x/\"}".to_owned(), garbled),
        ("{\"user_code\":\"d\",\"verification_uri\":\"https://x/\"}".to_owned(), garbled),
        ("{}".to_owned(), garbled),
    ] {
        assert_eq!(found(&body), said, "{body}");
    }
}

#[test]
fn a_document_is_its_issuers_and_its_addresses_are_https() {
    let issuer = Url::parse("https://id.example").unwrap();
    let found = |body: &str| match document(body.as_bytes(), &issuer) {
        Ok(document) => {
            let Endpoints { authorization, device, token, revocation, client_auth } = document.endpoints;
            let there = [authorization.is_some(), device.is_some(), revocation.is_some()];
            format!("{} {there:?} {client_auth:?}", token.as_str())
        }
        Err(error) => error.to_string(),
    };
    let with = |more: &str| {
        format!("{{\"issuer\":\"https://id.example\",\"token_endpoint\":\"https://id.example/t\"{more}}}")
    };
    let methods = |names: &str| with(&format!(",\"token_endpoint_auth_methods_supported\":[{names}]"));
    let garbled = "cannot get the discovery document: the answer cannot be read";
    let bare = "https://id.example/t [false, false, false]";
    for (body, said) in [
        (with(""), format!("{bare} Basic")),
        (methods("\"client_secret_post\""), format!("{bare} Post")),
        (methods("\"client_secret_post\",\"client_secret_basic\""), format!("{bare} Basic")),
        (
            with(
                ",\"authorization_endpoint\":\"https://id.example/a\",\"revocation_endpoint\":\"https://x.example/\"",
            ),
            "https://id.example/t [true, false, true] Basic".to_owned(),
        ),
        (with(",\"authorization_endpoint\":\"http://id.example/a\""), garbled.to_owned()),
        (with("").replace("https://id.example/t", "ftp://id.example/t"), garbled.to_owned()),
        ("{\"issuer\":\"https://id.example/\"}".to_owned(), garbled.to_owned()),
        (
            with("").replace("\"https://id.example\"", "\"https://evil.example\""),
            "the discovery document is another issuer's".to_owned(),
        ),
        ("{}".to_owned(), "the discovery document is another issuer's".to_owned()),
        ("x".to_owned(), garbled.to_owned()),
    ] {
        assert_eq!(found(&body), said, "{body}");
    }
}
