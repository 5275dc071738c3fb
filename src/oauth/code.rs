//! The authorization code flow of a program on the user's own machine: PKCE (RFC 7636), and a redirect to this machine
//! (RFC 8252, section 7.3). What comes back is believed only with the `state` that went out.

use super::answer;
use super::error::{OauthError, Refusal, Request};
use super::provider::{Endpoints, Settings};
use crate::config::secret::Secret;
use form_urlencoded::Serializer;
use sha2::{Digest, Sha256};

/// How many octets of chance make a verifier or a state: 43 characters (RFC 7636, section 4.1).
const CHANCE: usize = 32;

/// One sign-in with a browser.
#[derive(Debug)]
pub struct CodeFlow {
    /// What shows the provider that we are those who asked.
    verifier: Secret,
    /// What shows us that an answer belongs to this sign-in.
    state: Secret,
    /// Where the browser is sent back to.
    redirect: String,
}

/// What came back.
#[derive(Debug)]
pub enum Came {
    /// A code, for the token endpoint.
    Code(Secret),
    /// The user or the provider says no.
    Refused(Refusal),
    /// It does not belong to this sign-in: no state, another one, or another issuer.
    Foreign,
    /// It is no answer at all: neither a code nor an error.
    Nothing,
}

/// 43 characters of chance.
fn chance() -> Result<Secret, OauthError> {
    let mut octets = [0; CHANCE];
    getrandom::fill(&mut octets).map_err(|_| OauthError::NoRandom)?;
    Ok(Secret::new(encodify::base64::URL_SAFE_NO_PAD.encode(octets)))
}

/// What the provider gets of the verifier beforehand (RFC 7636, section 4.2).
fn challenge(verifier: &Secret) -> String {
    encodify::base64::URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.reveal().as_bytes()))
}

impl CodeFlow {
    /// One whose browser comes back to this port of this machine, which the provider knows by this name.
    ///
    /// # Errors
    /// [`OauthError::NoRandom`].
    pub fn new(host: &str, port: u16) -> Result<CodeFlow, OauthError> {
        let redirect = format!("http://{host}:{port}/");
        Ok(CodeFlow { verifier: chance()?, state: chance()?, redirect })
    }

    /// The address that the user's browser opens.
    ///
    /// # Errors
    /// [`OauthError::NoEndpoint`].
    pub fn address(
        &self,
        endpoints: &Endpoints,
        settings: &Settings,
        client: &str,
        user: Option<&str>,
    ) -> Result<String, OauthError> {
        let place = endpoints.authorization.as_ref();
        let place = place.ok_or(OauthError::NoEndpoint(Request::Authorization))?.as_str();
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", client)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("scope", &settings.scope)
            .append_pair("state", self.state.reveal())
            .append_pair("code_challenge", &challenge(&self.verifier))
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(settings.besides);
        if let Some(user) = user {
            query.append_pair("login_hint", user);
        }
        let join = if place.contains('?') { '&' } else { '?' };
        // RFC 3986 knows no plus sign for a blank, and some servers do not either.
        Ok(format!("{place}{join}{}", query.finish().replace('+', "%20")))
    }

    /// Where the browser comes back to.
    #[must_use]
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    /// The verifier, for the token endpoint.
    #[must_use]
    pub fn verifier(&self) -> &Secret {
        &self.verifier
    }

    /// Judges an address that the browser ended at, or the part of it behind the host.
    #[must_use]
    pub fn judge(&self, address: &str, issuer: Option<&str>) -> Came {
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let mut found: [Option<String>; 5] = Default::default();
        const NAMES: [&str; 5] = ["state", "code", "error", "error_description", "iss"];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let Some(at) = NAMES.iter().position(|known| *known == name) else { continue };
            // RFC 6749, section 3.1: none stands there twice.
            match found.get_mut(at) {
                Some(slot @ None) => *slot = Some(value.into_owned()),
                _ => return Came::Foreign,
            }
        }
        let [state, code, error, description, iss] = found;
        if code.is_none() && error.is_none() {
            return Came::Nothing;
        }
        let is_own = state.is_some_and(|state| is_same(&state, self.state.reveal()));
        let is_issuers = match (iss, issuer) {
            (Some(said), Some(known)) => said.trim_end_matches('/') == known.trim_end_matches('/'),
            _ => true,
        };
        if !is_own || !is_issuers {
            return Came::Foreign;
        }
        match (code, error) {
            (Some(code), None) if !code.is_empty() && code.len() <= 4096 => Came::Code(Secret::new(code)),
            (None, Some(error)) => {
                let secrets = [self.state.reveal()];
                let refusal = answer::refusal(&error, &description.unwrap_or_default(), &secrets);
                refusal.map_or(Came::Foreign, Came::Refused)
            }
            _ => Came::Foreign,
        }
    }
}

/// Compares in a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::provider::{Flow, Provider, Source};

    fn flow() -> CodeFlow {
        CodeFlow {
            // RFC 7636, appendix B.
            verifier: Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned()),
            state: Secret::new("xyz123".to_owned()),
            redirect: "http://127.0.0.1:1234/".to_owned(),
        }
    }

    #[test]
    fn the_challenge_is_the_rfcs() {
        assert_eq!(challenge(&flow().verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let (one, other) = (chance().unwrap(), chance().unwrap());
        assert_eq!(one.reveal().len(), 43);
        assert_ne!(one.reveal(), other.reveal());
    }

    #[test]
    fn the_address_has_all_that_the_provider_needs_and_not_the_verifier() {
        let settings = Provider::Google.settings(Flow::Code, None).unwrap();
        let Source::Known(endpoints) = &settings.source else { panic!("no endpoints") };
        let address = flow().address(endpoints, &settings, "me&co", Some("me@x.example")).unwrap();
        assert_eq!(
            address,
            "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=me%26co\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A1234%2F&scope=https%3A%2F%2Fmail.google.com%2F&state=xyz123\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &access_type=offline&prompt=consent&login_hint=me%40x.example"
        );
    }

    #[test]
    fn only_what_belongs_to_this_sign_in_counts() {
        let flow = flow();
        let judged = |address: &str| match flow.judge(address, Some("https://id.example")) {
            Came::Code(code) => format!("code {}", code.reveal()),
            Came::Refused(refusal) => format!("refused {refusal}"),
            Came::Foreign => "foreign".to_owned(),
            Came::Nothing => "nothing".to_owned(),
        };
        for (address, found) in [
            ("/?code=a%2Fb&state=xyz123", "code a/b"),
            ("http://127.0.0.1:1234/?state=xyz123&code=c&scope=mail", "code c"),
            ("http://127.0.0.1:1234/?state=xyz123&code=c#_=_", "code c"),
            ("/?code=c&state=xyz123&iss=https%3A%2F%2Fid.example%2F", "code c"),
            ("/?code=c&state=xyz123&iss=https%3A%2F%2Fevil.example", "foreign"),
            ("/?code=c&state=xyz12Z", "foreign"),
            ("/?code=c&state=xyz123z", "foreign"),
            ("/?code=c&state=", "foreign"),
            ("/?code=c", "foreign"),
            ("/?code=c&state=xyz123&state=xyz123", "foreign"),
            ("/?code=c&code=d&state=xyz123", "foreign"),
            ("/?code=&state=xyz123", "foreign"),
            ("/?code=c&error=access_denied&state=xyz123", "foreign"),
            ("/?error=access_denied&state=xyz123", "refused access_denied"),
            (
                "/?error=access_denied&error_description=no+way%0Ax&state=xyz123",
                "refused no way (access_denied)",
            ),
            ("/?error=access_denied&error_description=not+xyz123&state=xyz123", "refused access_denied"),
            ("/?error=access_denied", "foreign"),
            ("/?error=a%1Bb&state=xyz123", "foreign"),
            ("/", "nothing"),
            ("/?", "nothing"),
            ("/favicon.ico", "nothing"),
            ("", "nothing"),
            ("/?%ff=%fe&&&=", "nothing"),
        ] {
            assert_eq!(judged(address), found, "{address}");
        }
    }
}
