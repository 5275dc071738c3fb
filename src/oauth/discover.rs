//! A provider's own document says where it is asked (RFC 8414; OpenID Connect Discovery 1.0).

use super::answer::{self, Document};
use super::error::{OauthError, Request};
use super::provider::{Endpoints, Settings, Source};
use crate::https::{Client, Url};

impl Settings {
    /// The endpoints; the document is fetched if they stand in one.
    ///
    /// # Errors
    /// [`OauthError`]: there is no document, or it is another issuer's.
    pub fn endpoints(&self, https: &Client) -> Result<Endpoints, OauthError> {
        match &self.source {
            Source::Known(endpoints) => Ok(endpoints.clone()),
            Source::Issuer(issuer, client_auth) => {
                let document = discover(issuer, https)?;
                let auth = client_auth.unwrap_or(document.client_auth);
                Ok(Endpoints { client_auth: auth, ..document.endpoints })
            }
        }
    }
}

/// Where the document may be: OpenID's place behind the path of the issuer, RFC 8414's in front of it.
fn places(issuer: &Url) -> Vec<String> {
    let whole = issuer.as_str().trim_end_matches('/');
    // A Url begins with `https://`.
    let host_end = whole.get(8..).and_then(|rest| rest.find('/')).map_or(whole.len(), |at| at + 8);
    let (host, path) = whole.split_at(host_end);
    vec![
        format!("{whole}/.well-known/openid-configuration"),
        format!("{host}/.well-known/oauth-authorization-server{path}"),
    ]
}

fn discover(issuer: &Url, https: &Client) -> Result<Document, OauthError> {
    let mut status = 0;
    for place in places(issuer) {
        let url = Url::parse(&place).map_err(|_| OauthError::NoEndpoint(Request::Discovery))?;
        let said = https.get(&url).map_err(|error| OauthError::Https(Request::Discovery, error))?;
        if said.status == 200 {
            return answer::document(&said.body, issuer);
        }
        status = said.status;
    }
    Err(OauthError::Status(Request::Discovery, status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_looked_for_in_two_places() {
        let places = |text: &str| places(&Url::parse(text).unwrap());
        assert_eq!(
            places("https://id.example"),
            [
                "https://id.example/.well-known/openid-configuration",
                "https://id.example/.well-known/oauth-authorization-server",
            ]
        );
        assert_eq!(
            places("https://id.example:8443/realms/mail/"),
            [
                "https://id.example:8443/realms/mail/.well-known/openid-configuration",
                "https://id.example:8443/.well-known/oauth-authorization-server/realms/mail",
            ]
        );
    }
}
