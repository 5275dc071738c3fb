//! Asks a provider's endpoints: which form goes where, and how the client shows who it is.

use super::answer::{self, Device, Token};
use super::code::CodeFlow;
use super::error::{OauthError, Request};
use super::provider::{ClientAuth, Endpoints};
use crate::config::secret::Secret;
use crate::https::{Answer, Basic, Client, Url};

/// Who asks, as the provider knows it.
#[derive(Debug, Clone)]
pub struct ClientId {
    /// The name that the provider gave.
    pub id: String,
    /// The secret, where the provider gave one.
    pub secret: Option<Secret>,
}

/// Asks one provider, for one client.
#[derive(Debug)]
pub struct Asker<'a> {
    /// The way there.
    pub https: &'a Client,
    /// The provider.
    pub endpoints: &'a Endpoints,
    /// The client.
    pub client: &'a ClientId,
}

/// The grant type of RFC 8628, section 3.4.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Asker<'_> {
    /// A token for the code that a browser came back with.
    ///
    /// # Errors
    /// [`OauthError`].
    pub fn by_code(&self, flow: &CodeFlow, code: &Secret) -> Result<Token, OauthError> {
        self.token(
            &[
                ("grant_type", "authorization_code"),
                ("code", code.reveal()),
                ("redirect_uri", flow.redirect()),
                ("code_verifier", flow.verifier().reveal()),
            ],
            &[code, flow.verifier()],
        )
    }

    /// A token by one that renews.
    ///
    /// # Errors
    /// [`OauthError`].
    pub fn by_refresh(&self, refresh: &Secret) -> Result<Token, OauthError> {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())], &[refresh])
    }

    /// A token for the client itself.
    ///
    /// # Errors
    /// [`OauthError`].
    pub fn by_client(&self, scope: &str) -> Result<Token, OauthError> {
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(Some(("scope", scope)).filter(|(_, scope)| !scope.is_empty()));
        self.token(&form, &[])
    }

    /// A token for a device, once somebody has typed its code.
    ///
    /// # Errors
    /// [`OauthError`]; most answers are that nobody has yet.
    pub fn by_device(&self, code: &Secret) -> Result<Token, OauthError> {
        self.token(&[("grant_type", DEVICE_GRANT), ("device_code", code.reveal())], &[code])
    }

    /// A code for a device.
    ///
    /// # Errors
    /// [`OauthError`].
    pub fn device(&self, scope: &str) -> Result<Device, OauthError> {
        let url = self.endpoints.device.as_ref().ok_or(OauthError::NoEndpoint(Request::Device))?;
        let said = self.post(Request::Device, url, &[("scope", scope)])?;
        answer::device(&said, &self.secrets(&[]))
    }

    /// Ends a token; whether the provider has a way to.
    ///
    /// # Errors
    /// [`OauthError`].
    pub fn revoke(&self, token: &Secret, kind: &str) -> Result<bool, OauthError> {
        let Some(url) = self.endpoints.revocation.as_ref() else { return Ok(false) };
        let form = [("token", token.reveal()), ("token_type_hint", kind)];
        let said = self.post(Request::Revocation, url, &form)?;
        answer::revoked(&said, &self.secrets(&[token])).map(|()| true)
    }

    fn token(&self, form: &[(&str, &str)], secrets: &[&Secret]) -> Result<Token, OauthError> {
        let said = self.post(Request::Token, &self.endpoints.token, form)?;
        answer::token(&said, &self.secrets(secrets))
    }

    /// What is not repeated, whatever a provider says.
    fn secrets<'s>(&'s self, more: &[&'s Secret]) -> Vec<&'s str> {
        self.client.secret.iter().chain(more.iter().copied()).map(Secret::reveal).collect()
    }

    fn post(&self, request: Request, url: &Url, form: &[(&str, &str)]) -> Result<Answer, OauthError> {
        let ClientId { id, secret } = self.client;
        let mut form = form.to_vec();
        let basic = match (secret, self.endpoints.client_auth) {
            (Some(password), ClientAuth::Basic) => Some(Basic { user: id, password }),
            (Some(secret), ClientAuth::Post) => {
                form.extend([("client_id", id.as_str()), ("client_secret", secret.reveal())]);
                None
            }
            (None, _) => {
                form.push(("client_id", id));
                None
            }
        };
        self.https.post(url, &form, basic.as_ref()).map_err(|error| OauthError::Https(request, error))
    }
}
