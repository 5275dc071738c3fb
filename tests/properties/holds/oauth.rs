//! What a provider of tokens answers: the first octet chooses the status, the rest is the content. And what comes back from
//! a browser, or is kept: any text.

use super::assert_printable;
use ehlo::inside::https::{Answer, Url};
use ehlo::inside::oauth::{Came, CodeFlow, Tokens, answer};
use ehlo::inside::report::text::printable;

/// What a provider may repeat, and we may not.
const SECRET: &str = "s3cret-of-ours";

pub fn holds(octets: &[u8]) {
    let status = match octets.first() {
        Some(first) if first % 4 == 1 => 400,
        Some(first) if first % 4 == 2 => 503,
        _ => 200,
    };
    let body = octets.get(1..).unwrap_or_default();
    let said = || Answer { status, media_type: String::new(), body: body.to_vec().into() };
    match answer::token(&said(), &[SECRET]) {
        Ok(token) => {
            assert_eq!(status, 200);
            let tokens = [Some(token.access), token.refresh];
            for token in tokens.into_iter().flatten() {
                let text = token.reveal();
                assert!(!text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic()), "{text:?}");
            }
        }
        Err(error) => is_one_line(&error.to_string()),
    }
    match answer::device(&said(), &[SECRET]) {
        Ok(device) => {
            for text in [Some(device.user_code), Some(device.place), device.complete].into_iter().flatten() {
                assert!(!text.is_empty() && !text.chars().any(char::is_control), "{text:?}");
            }
            assert!((1..=60).contains(&device.interval.as_secs()) && device.life.as_secs() <= 3600);
        }
        Err(error) => is_one_line(&error.to_string()),
    }
    if let Err(error) = answer::revoked(&said(), &[SECRET]) {
        is_one_line(&error.to_string());
    }
    let issuer = Url::parse("https://id.example").unwrap();
    if let Ok(document) = answer::document(body, &issuer) {
        assert!(Url::parse(document.endpoints.token.as_str()).is_ok());
    }
    let text = String::from_utf8_lossy(body);
    if let Ok(url) = Url::parse(&text) {
        assert!(url.as_str().to_ascii_lowercase().starts_with("https://"));
        assert!(url.as_str().bytes().all(|octet| octet.is_ascii_graphic()));
    }
    if let Some(tokens) = Tokens::read(&text) {
        let kept = tokens.to_text();
        assert_eq!(Tokens::read(&kept).map(|again| again.to_text()), Some(kept));
    }
    // Nobody guesses what a sign-in begins with.
    let flow = CodeFlow::new("127.0.0.1", 1).unwrap();
    assert!(matches!(flow.judge(&text, Some("https://id.example")), Came::Foreign | Came::Nothing), "{text}");
}

fn is_one_line(said: &str) {
    assert!(!said.contains(SECRET), "{said}");
    assert!(!said.contains('\n') && said.chars().count() < 500, "{said:?}");
    assert_printable(&printable(said));
}
