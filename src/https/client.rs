//! One request, and its answer.

use super::error::{HttpsError, LARGEST};
use super::transport::{Nowhere, To, Way};
use super::url::Url;
use crate::config::secret::Secret;
use crate::net::tls;
use crate::net::{Deadline, Proxy};
use form_urlencoded::Serializer;
use std::net::SocketAddr;
use std::time::Duration;
use zeroize::Zeroizing;

/// The most that its header may hold, in octets.
const LARGEST_HEADER: usize = 16 * 1024;
/// How long one request may take, with everything that belongs to it.
const WHOLE: Duration = Duration::from_secs(30);
/// What we call ourselves.
const AGENT: &str = concat!("ehlo/", env!("CARGO_PKG_VERSION"));

/// What a server answers.
#[derive(Debug)]
pub struct Answer {
    /// The status code, from 200 to 599; never a redirect.
    pub status: u16,
    /// The media type, in lower case and without parameters; empty where there is none.
    pub media_type: String,
    /// The content. It may hold a secret, and is overwritten when it is dropped.
    pub body: Zeroizing<Vec<u8>>,
}

/// Asks servers, one request over each connection.
#[derive(Debug)]
pub struct Client {
    tls: tls::Client,
    to: To,
    /// The media type that is asked for.
    accept: &'static str,
    until: Deadline,
    /// A question that is out is neither given up for a signal nor because `until` is over.
    unbroken: bool,
}

/// A user name and a password for HTTP's own log-in (RFC 7617).
#[derive(Debug)]
pub struct Basic<'a> {
    /// The user name.
    pub user: &'a str,
    /// The password.
    pub password: &'a Secret,
}

impl Client {
    /// One that trusts, and connects, like this. `until` is when everything must be over.
    ///
    /// The settings that make TLS weaker do not count: the certificate is demanded, and nothing is shown to the server.
    #[must_use]
    pub fn new(settings: &tls::Settings, proxy: Option<Proxy>, until: Deadline) -> Client {
        let tls = tls::Client::new(tls::Settings {
            backend: settings.backend,
            trust: settings.trust.clone(),
            min_version: settings.min_version,
            verify: tls::Verify::Demanded,
            tls12_only: false,
            pins: Vec::new(),
            dane: None,
            identity: None,
        });
        let to = proxy.map_or(To::Host, To::Proxy);
        Client { tls, to, accept: "application/json", until, unbroken: false }
    }

    /// The same, but it asks for this media type, and not for JSON.
    #[must_use]
    pub fn accept(self, media_type: &'static str) -> Client {
        Client { accept: media_type, ..self }
    }

    /// The same, but it connects to one of these addresses and to nothing else, without a proxy: for a host that the
    /// caller has looked up, and may not be led elsewhere by. The certificate is still for the host.
    #[must_use]
    pub fn only(self, addresses: &[SocketAddr]) -> Client {
        Client { to: To::Addresses(addresses.to_vec()), ..self }
    }

    /// The same, but it connects to this host and port, without a proxy: for tests. The certificate is still for the host
    /// of the address that is asked.
    #[must_use]
    pub fn instead(self, host: &str, port: u16) -> Client {
        Client { to: To::Other(host.to_owned(), port), ..self }
    }

    /// The same, but once a connection is there, the answer is waited for: no signal ends it, and `until` does not. It
    /// still takes no longer than a request may.
    #[must_use]
    pub fn unbroken(self) -> Client {
        Client { unbroken: true, ..self }
    }

    /// GET.
    ///
    /// # Errors
    /// [`HttpsError`].
    pub fn get(&self, url: &Url) -> Result<Answer, HttpsError> {
        answer(self.agent(self.deadline()).get(url.as_str()).call())
    }

    /// POST of a form: names and values, of which the values may be secrets.
    ///
    /// # Errors
    /// [`HttpsError`].
    pub fn post(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        basic: Option<&Basic<'_>>,
    ) -> Result<Answer, HttpsError> {
        let body = Zeroizing::new(Serializer::new(String::new()).extend_pairs(form).finish());
        let mut request =
            self.agent(self.deadline()).post(url.as_str()).content_type("application/x-www-form-urlencoded");
        if let Some(basic) = basic {
            request = request.header("authorization", basic.header().as_str());
        }
        answer(request.send(body.as_str()))
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(WHOLE).min(self.until)
    }

    fn agent(&self, until: Deadline) -> ureq::Agent {
        let config = ureq::config::Config::builder()
            .https_only(true)
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(LARGEST_HEADER)
            .max_idle_connections(0)
            .user_agent(AGENT)
            .accept(self.accept)
            .accept_encoding("identity")
            .build();
        let way = Way {
            tls: self.tls.clone(),
            to: self.to.clone(),
            until,
            unbroken: self.unbroken.then(|| Deadline::after(WHOLE)),
        };
        ureq::Agent::with_parts(config, way, Nowhere)
    }
}

impl Basic<'_> {
    /// The value of Authorization. RFC 6749, section 2.3.1, has both encoded like a form first.
    fn header(&self) -> Zeroizing<String> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let both = Zeroizing::new([encoded(self.user), encoded(self.password.reveal())].join(":"));
        Zeroizing::new(["Basic ", &encodify::base64::STANDARD.encode(both.as_bytes())].concat())
    }
}

fn answer(said: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, HttpsError> {
    let mut said = said.map_err(HttpsError::of)?;
    let status = said.status().as_u16();
    if matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Err(HttpsError::Redirected(status));
    }
    let is_plain = |value: &ureq::http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if !said.headers().get_all("content-encoding").iter().all(is_plain) {
        return Err(HttpsError::Encoded);
    }
    let media_type = said.body().mime_type().unwrap_or_default().to_ascii_lowercase();
    let body = said.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(HttpsError::of)?;
    Ok(Answer { status, media_type, body: Zeroizing::new(body) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_secret_are_encoded_before_they_are_joined() {
        let password = Secret::new("p:w %".to_owned());
        let said = Basic { user: "a:b", password: &password }.header();
        let decoded = encodify::base64::STANDARD.decode(said.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), "a%3Ab:p%3Aw+%25");
    }
}
