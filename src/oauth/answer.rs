//! What a provider answers, out of JSON: a token, a refusal, a code for a device, a discovery document. Nothing in it is
//! believed before it is looked at: a provider, or whoever poses as one, can send anything.

use super::error::{OauthError, Refusal, Request};
use super::provider::{ClientAuth, Endpoints};
use crate::config::secret::Secret;
use crate::https::{Answer, Url};
use serde_json::{Map, Value};
use std::time::Duration;

/// The most octets of a token.
const LONGEST_TOKEN: usize = 16 * 1024;
/// The most characters of what a provider says in words.
const LONGEST_WORDS: usize = 300;
/// A secret that is shorter is found by chance in words of all kinds.
const SHORTEST: usize = 6;
/// The longest that a token is thought to live; a clock can count so far.
const LONGEST_LIFE: u64 = 10 * 365 * 24 * 3600;

/// A token, as it comes (RFC 6749, section 5.1).
#[derive(Debug)]
pub struct Token {
    /// What a server is shown.
    pub access: Secret,
    /// For how many seconds it is good; nothing if the provider does not say.
    pub life: Option<u64>,
    /// What gets the next one; nothing if there is none, or the one before stays good.
    pub refresh: Option<Secret>,
    /// What it is for, where that is not what was asked for.
    pub scope: Option<String>,
}

/// A code for a device (RFC 8628, section 3.2).
#[derive(Debug)]
pub struct Device {
    /// What the provider knows the device by: a secret.
    pub code: Secret,
    /// What the user types.
    pub user_code: String,
    /// Where.
    pub place: String,
    /// An address with the code in it, where there is one.
    pub complete: Option<String>,
    /// For how long the code is good.
    pub life: Duration,
    /// How long to wait between two questions.
    pub interval: Duration,
}

/// A discovery document.
#[derive(Debug)]
pub struct Document {
    /// The addresses.
    pub endpoints: Endpoints,
    /// How a client's secret is shown.
    pub client_auth: ClientAuth,
}

/// The object in an answer.
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// A text that is there, and not empty. It is moved: no copy of a secret stays behind.
fn text(map: &mut Map<String, Value>, name: &str) -> Option<String> {
    match map.remove(name)? {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A secret: printable, in one piece, and of some length at most (RFC 6750, section 2.1).
fn secret(map: &mut Map<String, Value>, name: &str) -> Option<Secret> {
    let secret = Secret::new(text(map, name)?);
    let is_fit = secret.reveal().len() <= LONGEST_TOKEN
        && secret.reveal().bytes().all(|octet| octet.is_ascii_graphic());
    is_fit.then_some(secret)
}

/// Seconds: a number, or digits in a text, which some providers send.
fn seconds(map: &Map<String, Value>, name: &str) -> Option<u64> {
    let seconds = match map.get(name)? {
        Value::Number(number) => {
            number.as_u64().or_else(|| number.as_f64().filter(|number| *number >= 0.0).map(whole))
        }
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    seconds.map(|seconds| seconds.min(LONGEST_LIFE))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is not negative, and saturates"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// One line of what a provider says, without what follows for its own people.
fn words(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" Trace ID:").next().unwrap_or_default().trim();
    line.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect()
}

/// The code of an error (RFC 6749, section 5.2): one word.
fn is_code(text: &str) -> bool {
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-' | b'.');
    !text.is_empty() && text.len() <= 64 && text.bytes().all(fits)
}

/// A refusal out of names and values; nothing if there is none. What repeats one of these `secrets` is left
/// out.
#[must_use]
pub fn refusal(code: &str, description: &str, secrets: &[&str]) -> Option<Refusal> {
    let encoded = |secret: &str| form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    let repeats = |text: &str| {
        let is_in = |secret: &&str| {
            secret.len() >= SHORTEST && (text.contains(*secret) || text.contains(&encoded(secret)))
        };
        secrets.iter().any(is_in)
    };
    let description = if repeats(description) { String::new() } else { words(description) };
    (is_code(code) && !repeats(code)).then(|| Refusal { code: code.to_owned(), description })
}

/// What an answer that is not 200 says.
fn refused(request: Request, said: &Answer, secrets: &[&str]) -> OauthError {
    let mut map = object(&said.body).unwrap_or_default();
    let code = text(&mut map, "error").unwrap_or_default();
    let description = text(&mut map, "error_description").unwrap_or_default();
    match refusal(&code, &description, secrets) {
        Some(refusal) => OauthError::Refused(request, refusal),
        None => OauthError::Status(request, said.status),
    }
}

/// The object of an answer that is 200; otherwise what it says. These `secrets` are not repeated.
fn good(request: Request, said: &Answer, secrets: &[&str]) -> Result<Map<String, Value>, OauthError> {
    if said.status != 200 {
        return Err(refused(request, said, secrets));
    }
    object(&said.body).ok_or(OauthError::Garbled(request))
}

/// A token.
///
/// # Errors
/// [`OauthError::Refused`], [`OauthError::Status`], [`OauthError::Garbled`], [`OauthError::NotBearer`].
pub fn token(said: &Answer, secrets: &[&str]) -> Result<Token, OauthError> {
    let mut map = good(Request::Token, said, secrets)?;
    // Some say 200 and mean no.
    if let Some(code) = map.get("error").and_then(Value::as_str).filter(|code| is_code(code)) {
        let code = code.to_owned();
        let description = text(&mut map, "error_description").unwrap_or_default();
        let refusal = refusal(&code, &description, secrets).ok_or(OauthError::Garbled(Request::Token))?;
        return Err(OauthError::Refused(Request::Token, refusal));
    }
    let access = secret(&mut map, "access_token").ok_or(OauthError::Garbled(Request::Token))?;
    let kind = text(&mut map, "token_type").unwrap_or_default();
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(OauthError::NotBearer);
    }
    let life = seconds(&map, "expires_in");
    let scope = text(&mut map, "scope").map(|scope| words(&scope)).filter(|scope| !scope.is_empty());
    // One that is empty is none. One that is no token cannot be used, and must not be lost in silence.
    let has_refresh = map.get("refresh_token").is_some_and(|value| !matches!(value, Value::Null));
    let is_empty = map.get("refresh_token").and_then(Value::as_str) == Some("");
    let refresh = secret(&mut map, "refresh_token");
    if refresh.is_none() && has_refresh && !is_empty {
        return Err(OauthError::Garbled(Request::Token));
    }
    Ok(Token { access, life, refresh, scope })
}

/// A code for a device.
///
/// # Errors
/// As [`token`], but for the type.
pub fn device(said: &Answer, secrets: &[&str]) -> Result<Device, OauthError> {
    const LIFE: u64 = 15 * 60;
    const LONGEST: u64 = 3600;
    let mut map = good(Request::Device, said, secrets)?;
    let garbled = OauthError::Garbled(Request::Device);
    let Some(code) = secret(&mut map, "device_code") else { return Err(garbled) };
    let (life, interval) = (seconds(&map, "expires_in"), seconds(&map, "interval"));
    let mut shown = |name: &str| text(&mut map, name).filter(|text| is_shown(text));
    let user_code = shown("user_code");
    // Google and older servers call it a URL.
    let place = shown("verification_uri").or_else(|| shown("verification_url"));
    let (Some(user_code), Some(place)) = (user_code, place) else { return Err(garbled) };
    Ok(Device {
        code,
        user_code,
        place,
        complete: shown("verification_uri_complete"),
        life: Duration::from_secs(life.unwrap_or(LIFE).min(LONGEST)),
        // Section 3.2: five seconds where nothing is said. No provider is asked without a pause, or left for an hour.
        interval: Duration::from_secs(interval.unwrap_or(5).clamp(1, 60)),
    })
}

/// Whether a text can be shown to a user on a line of its own.
fn is_shown(text: &str) -> bool {
    text.len() <= 1_000 && !text.chars().any(char::is_control)
}

/// A discovery document of this issuer.
///
/// # Errors
/// [`OauthError::OtherIssuer`], [`OauthError::Garbled`].
pub fn document(body: &[u8], issuer: &Url) -> Result<Document, OauthError> {
    let garbled = || OauthError::Garbled(Request::Discovery);
    let mut map = object(body).ok_or_else(garbled)?;
    let own = text(&mut map, "issuer").unwrap_or_default();
    if own.trim_end_matches('/') != issuer.as_str().trim_end_matches('/') {
        return Err(OauthError::OtherIssuer);
    }
    let mut url = |name: &str| match text(&mut map, name) {
        Some(text) => Url::parse(&text).map(Some).map_err(|_| garbled()),
        None => Ok(None),
    };
    let authorization = url("authorization_endpoint")?;
    let device = url("device_authorization_endpoint")?;
    let token = url("token_endpoint")?.ok_or_else(garbled)?;
    let revocation = url("revocation_endpoint")?;
    let methods = map.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let has = |method: &str| methods.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(method)));
    // RFC 8414, section 2: `client_secret_basic` where nothing is said.
    let is_post = has("client_secret_post") && !has("client_secret_basic");
    let client_auth = if is_post { ClientAuth::Post } else { ClientAuth::Basic };
    let endpoints = Endpoints { authorization, device, token, revocation, client_auth };
    Ok(Document { endpoints, client_auth })
}

/// Whether a token was ended, or was not known, which is the same (RFC 7009, section 2.2).
///
/// # Errors
/// [`OauthError::Refused`], [`OauthError::Status`].
pub fn revoked(said: &Answer, secrets: &[&str]) -> Result<(), OauthError> {
    match said.status {
        200 | 204 => Ok(()),
        _ => Err(refused(Request::Revocation, said, secrets)),
    }
}

#[cfg(test)]
mod tests;
