//! The tokens of an account as they are kept: JSON, in one text. They say whose they are, so that those of one provider,
//! or of one client, never go to another.

use super::answer::Token;
use super::asker::ClientId;
use super::error::Refusal;
use super::provider::{ClientAuth, Endpoints, Flow, Settings};
use crate::config::secret::Secret;
use crate::https::Url;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// The number of the form; texts of a later one are not read.
const FORM: u64 = 1;
/// A token is renewed so many seconds before its end: what is on its way must still be good when it arrives. One that
/// lives shorter is used for half of its life.
const EARLY: u64 = 60;

/// What an account has.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Which provider they are from ([`Settings::key`]).
    pub provider: String,
    /// Which client they are for.
    pub client: String,
    /// Whether they are the client's own, and nobody has signed in.
    pub are_clients: bool,
    /// What was asked for.
    pub asked: String,
    /// Where they are renewed and ended.
    pub endpoints: Endpoints,
    /// What a server is shown.
    pub access: Secret,
    /// When another one is needed, in seconds since 1970: shortly before it is over. Nothing, if nobody knows.
    pub good_until: Option<u64>,
    /// What gets the next one.
    pub refresh: Option<Secret>,
    /// What it is for.
    pub scope: String,
    /// The provider has refused to renew them: they are over, and it is not asked again.
    pub ended: Option<Refusal>,
}

impl Tokens {
    /// What came at this time, in seconds since 1970. What renews stays, if no other came.
    #[must_use]
    pub fn new(
        settings: &Settings,
        endpoints: &Endpoints,
        client: &ClientId,
        token: Token,
        before: Option<&Tokens>,
        now: u64,
    ) -> Tokens {
        let scope_before = before.map_or(&settings.scope, |before| &before.scope);
        Tokens {
            provider: settings.key().to_owned(),
            client: client.id.clone(),
            are_clients: settings.flow == Flow::ClientCredentials,
            asked: settings.scope.clone(),
            endpoints: endpoints.clone(),
            access: token.access,
            good_until: token.life.map(|life| now.saturating_add(life - EARLY.min(life / 2))),
            refresh: token.refresh.or_else(|| before.and_then(|before| before.refresh.clone())),
            scope: token.scope.unwrap_or_else(|| scope_before.clone()),
            ended: None,
        }
    }

    /// Whether they are this provider's, for this client, and for what is wanted.
    #[must_use]
    pub fn are_for(&self, settings: &Settings, client: &ClientId) -> bool {
        self.provider == settings.key()
            && self.client == client.id
            && self.asked == settings.scope
            && self.are_clients == (settings.flow == Flow::ClientCredentials)
    }

    /// Whether the access token is good at this time, and for a while.
    #[must_use]
    pub fn is_good(&self, now: u64) -> bool {
        self.good_until.is_none_or(|until| now < until)
    }

    /// The text to keep.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let Endpoints { authorization: _, device: _, token, revocation, client_auth } = &self.endpoints;
        let auth = match client_auth {
            ClientAuth::Basic => "basic",
            ClientAuth::Post => "post",
        };
        let good_until = self.good_until.map(|until| until.to_string());
        let fields = [
            ("provider", Some(self.provider.as_str())),
            ("client_id", Some(&self.client)),
            ("token_endpoint", Some(token.as_str())),
            ("revocation_endpoint", revocation.as_ref().map(Url::as_str)),
            ("client_auth", Some(auth)),
            ("for", Some(if self.are_clients { "client" } else { "user" })),
            ("asked", Some(&self.asked)),
            ("scope", Some(&self.scope)),
            ("access_token", Some(self.access.reveal())),
            ("refresh_token", self.refresh.as_ref().map(Secret::reveal)),
            ("ended", self.ended.as_ref().map(|refusal| refusal.code.as_str())),
            ("ended_why", self.ended.as_ref().map(|refusal| refusal.description.as_str())),
        ];
        // Written by hand, so that it is written once: a growing text would leave copies of a secret behind.
        let room =
            fields.iter().filter_map(|(name, value)| Some(name.len() + value.as_ref()?.len() * 6 + 16));
        let mut text = Zeroizing::new(String::with_capacity(room.sum::<usize>() + 128));
        text.push_str(&format!("{{\n  \"version\": {FORM}"));
        for (name, value) in fields {
            let Some(value) = value else { continue };
            let quoted = Zeroizing::new(Value::String(value.to_owned()).to_string());
            for part in [",\n  \"", name, "\": ", &quoted] {
                text.push_str(part);
            }
        }
        if let Some(until) = good_until {
            text.push_str(&format!(",\n  \"good_until\": {until}"));
        }
        text.push_str("\n}\n");
        text
    }

    /// Reads such a text; nothing, if it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Tokens> {
        let Value::Object(mut map) = serde_json::from_str(text).ok()? else { return None };
        if map.get("version")?.as_u64()? != FORM {
            return None;
        }
        let client_auth = match take(&mut map, "client_auth")?.as_str() {
            "basic" => ClientAuth::Basic,
            "post" => ClientAuth::Post,
            _ => return None,
        };
        let revocation = match take(&mut map, "revocation_endpoint") {
            Some(text) => Some(Url::parse(&text).ok()?),
            None => None,
        };
        let token = Url::parse(&take(&mut map, "token_endpoint")?).ok()?;
        Some(Tokens {
            provider: take(&mut map, "provider")?,
            client: take(&mut map, "client_id")?,
            are_clients: match take(&mut map, "for")?.as_str() {
                "client" => true,
                "user" => false,
                _ => return None,
            },
            asked: take(&mut map, "asked")?,
            endpoints: Endpoints { authorization: None, device: None, token, revocation, client_auth },
            access: Secret::new(take(&mut map, "access_token")?),
            good_until: map.get("good_until").and_then(Value::as_u64),
            refresh: take(&mut map, "refresh_token").map(Secret::new),
            scope: take(&mut map, "scope").unwrap_or_default(),
            ended: take(&mut map, "ended")
                .map(|code| Refusal { code, description: take(&mut map, "ended_why").unwrap_or_default() }),
        })
    }
}

fn take(map: &mut Map<String, Value>, name: &str) -> Option<String> {
    match map.remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::provider::{Provider, Source};

    fn tokens() -> (Settings, ClientId, Tokens) {
        let settings = Provider::Google.settings(Flow::Code, None).unwrap();
        let Source::Known(endpoints) = settings.source.clone() else { panic!("no endpoints") };
        let client = ClientId { id: "me".to_owned(), secret: None };
        let token = Token {
            access: Secret::new("a\"b\\c".to_owned()),
            life: Some(3600),
            refresh: Some(Secret::new("r1".to_owned())),
            scope: None,
        };
        let tokens = Tokens::new(&settings, &endpoints, &client, token, None, 1_000);
        (settings, client, tokens)
    }

    #[test]
    fn what_is_kept_is_what_there_was() {
        let (settings, client, mut tokens) = tokens();
        tokens.ended = Some(Refusal { code: "invalid_grant".to_owned(), description: "gone".to_owned() });
        let text = tokens.to_text();
        let read = Tokens::read(&text).unwrap();
        assert_eq!(read.to_text(), text);
        assert_eq!(read.access.reveal(), "a\"b\\c");
        assert!(read.are_for(&settings, &client));
        let other = ClientId { id: "you".to_owned(), secret: None };
        assert!(!read.are_for(&settings, &other));
        for end in 0..text.len() - 2 {
            assert!(Tokens::read(&text[..end]).is_none(), "{}", &text[..end]);
        }
        assert!(Tokens::read(&text.replace("\"version\": 1", "\"version\": 2")).is_none());
        assert!(Tokens::read(&text.replace("https://oauth2.googleapis.com/token", "http://x/")).is_none());
    }

    #[test]
    fn a_token_is_good_until_shortly_before_its_end() {
        let (_, _, mut tokens) = tokens();
        assert!(tokens.is_good(1_000) && tokens.is_good(4_539));
        assert!(!tokens.is_good(4_540) && !tokens.is_good(u64::MAX));
        tokens.good_until = None;
        assert!(tokens.is_good(u64::MAX));
    }

    #[test]
    fn a_token_with_a_short_life_is_used_for_half_of_it() {
        let (settings, client, before) = tokens();
        for (life, good) in [(0, 0), (1, 1), (10, 5), (119, 60), (120, 60), (3600, 3540)] {
            let token =
                Token { access: Secret::new("n".to_owned()), life: Some(life), refresh: None, scope: None };
            let tokens = Tokens::new(&settings, &before.endpoints, &client, token, None, 1_000);
            assert_eq!(tokens.good_until, Some(1_000 + good), "{life}");
        }
    }

    #[test]
    fn what_renews_stays_if_no_other_came() {
        let (settings, client, before) = tokens();
        let renewed = |refresh: Option<&str>| {
            let token = Token {
                access: Secret::new("n".to_owned()),
                life: None,
                refresh: refresh.map(|text| Secret::new(text.to_owned())),
                scope: None,
            };
            let after = Tokens::new(&settings, &before.endpoints, &client, token, Some(&before), 2_000);
            after.refresh.map(|refresh| refresh.reveal().to_owned())
        };
        assert_eq!(renewed(None).as_deref(), Some("r1"));
        assert_eq!(renewed(Some("r2")).as_deref(), Some("r2"));
    }
}
