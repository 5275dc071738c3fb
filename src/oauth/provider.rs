//! Who gives tokens: two providers whose addresses are known here, and any other by its addresses or by its issuer, whose
//! document discover.rs fetches.

use crate::https::Url;

/// How a token comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The user signs in with a browser on this machine (RFC 8252), or pastes what it ended at.
    Code,
    /// The user signs in anywhere, and types a code there (RFC 8628).
    Device,
    /// Nobody signs in: the client itself has the right (RFC 6749, section 4.4).
    ClientCredentials,
}

/// How a client shows its secret (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// By HTTP's own log-in.
    Basic,
    /// In the form.
    Post,
}

/// Where a provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Where a browser goes.
    pub authorization: Option<Url>,
    /// Where a device gets its code.
    pub device: Option<Url>,
    /// Where tokens come from.
    pub token: Url,
    /// Where tokens end; not every provider has one.
    pub revocation: Option<Url>,
    /// How the client's secret is shown.
    pub client_auth: ClientAuth,
}

/// Where the endpoints are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// These.
    Known(Endpoints),
    /// In the document of this issuer; the secret is shown in this way, where that is asked for.
    Issuer(Url, Option<ClientAuth>),
}

/// All that is known of a provider beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How a token comes about.
    pub flow: Flow,
    /// Where the provider is asked.
    pub source: Source,
    /// What the token is for, as the provider has it.
    pub scope: String,
    /// What stands in the address for the browser besides.
    pub besides: &'static [(&'static str, &'static str)],
    /// What this machine is called in the address that the browser comes back to: `127.0.0.1`, but for a provider that
    /// knows it by another name only.
    pub host: &'static str,
}

/// This machine (RFC 8252, section 7.3, wants the number and not the name).
const HOST: &str = "127.0.0.1";

/// What a provider is like, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Google: Gmail, and Workspace.
    Google,
    /// Microsoft: Exchange Online, and Outlook.com.
    Microsoft,
}

impl Provider {
    /// The name in a configuration, and who that is.
    pub const ALL: [(&'static str, Provider); 2] =
        [("google", Provider::Google), ("microsoft", Provider::Microsoft)];

    /// The flow where none is asked for. Google gives the scope of Gmail to no device.
    #[must_use]
    pub fn usual_flow(self) -> Flow {
        match self {
            Provider::Google => Flow::Code,
            Provider::Microsoft => Flow::Device,
        }
    }

    /// Its settings for this flow. A tenant is Microsoft's word for an organization: a domain, a number, or
    /// `common`, `organizations`, `consumers`; others have none. `None` if the tenant cannot stand in an address.
    #[must_use]
    pub fn settings(self, flow: Flow, tenant: Option<&str>) -> Option<Settings> {
        let (source, scope, besides, host): (_, _, &'static [_], _) = match self {
            Provider::Google => {
                let known = Endpoints {
                    authorization: Some(Url::parse("https://accounts.google.com/o/oauth2/v2/auth").ok()?),
                    device: None,
                    token: Url::parse("https://oauth2.googleapis.com/token").ok()?,
                    revocation: Some(Url::parse("https://oauth2.googleapis.com/revoke").ok()?),
                    client_auth: ClientAuth::Post,
                };
                // Without these there is no refresh token, or none at the second time.
                let besides = &[("access_type", "offline"), ("prompt", "consent")];
                (known, "https://mail.google.com/", besides, HOST)
            }
            Provider::Microsoft => {
                let tenant = tenant.unwrap_or("common");
                let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_');
                if tenant.is_empty() || !tenant.bytes().all(fits) || tenant.starts_with('.') {
                    return None;
                }
                let at = |what: &str| {
                    Url::parse(&format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{what}"))
                };
                let known = Endpoints {
                    authorization: Some(at("authorize").ok()?),
                    device: Some(at("devicecode").ok()?),
                    token: at("token").ok()?,
                    revocation: None,
                    client_auth: ClientAuth::Post,
                };
                let scope = match flow {
                    Flow::ClientCredentials => "https://outlook.office365.com/.default",
                    Flow::Code | Flow::Device => "https://outlook.office.com/SMTP.Send offline_access",
                };
                // Its forms take a name, and no number.
                (known, scope, &[], "localhost")
            }
        };
        Some(Settings { flow, source: Source::Known(source), scope: scope.to_owned(), besides, host })
    }
}

impl Settings {
    /// Those of a provider that has no name here.
    #[must_use]
    pub fn new(flow: Flow, source: Source, scope: String) -> Settings {
        // OpenID Connect Core, section 11: `offline_access` counts only where consent is asked for.
        let asks = scope.split(' ').any(|word| word == "offline_access");
        let besides: &'static [_] = if asks { &[("prompt", "consent")] } else { &[] };
        Settings { flow, source, scope, besides, host: HOST }
    }

    /// What tells this provider from others: tokens of one are not shown to another.
    #[must_use]
    pub fn key(&self) -> &str {
        match &self.source {
            Source::Known(endpoints) => endpoints.token.as_str(),
            Source::Issuer(issuer, _) => issuer.as_str(),
        }
    }

    /// The issuer, where it is known: whoever answers in a browser must be the same (RFC 9207).
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        match &self.source {
            Source::Known(_) => None,
            Source::Issuer(issuer, _) => Some(issuer.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_stands_in_the_address_and_nothing_else_does() {
        let token = |tenant| {
            let settings = Provider::Microsoft.settings(Flow::Device, tenant)?;
            Some(settings.key().to_owned())
        };
        let at = |tenant| Some(format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"));
        assert_eq!(token(None), at("common"));
        assert_eq!(token(Some("contoso.onmicrosoft.com")), at("contoso.onmicrosoft.com"));
        for tenant in ["", "..", ".x", "a/b", "a?b", "a b", "a@b", "ü"] {
            assert_eq!(token(Some(tenant)), None, "{tenant}");
        }
    }

    #[test]
    fn google_gives_no_code_to_a_device() {
        let settings = Provider::Google.settings(Flow::Code, None).unwrap();
        let Source::Known(known) = settings.source else { panic!("no endpoints") };
        assert!(known.device.is_none() && known.revocation.is_some());
    }
}
