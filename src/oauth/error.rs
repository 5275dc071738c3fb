//! What can go wrong between us and the provider.

use super::keep::KeepError;
use crate::https::HttpsError;
use std::fmt;

/// What is asked of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Its discovery document (RFC 8414).
    Discovery,
    /// What happens in a browser (RFC 6749, section 4.1.1).
    Authorization,
    /// A code for a device (RFC 8628, section 3.1).
    Device,
    /// A token (RFC 6749, section 3.2).
    Token,
    /// A token that is to end (RFC 7009).
    Revocation,
}

/// The provider says no (RFC 6749, section 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code: `invalid_grant`.
    pub code: String,
    /// What the provider says besides, on one line; empty if it says nothing, or repeats a secret.
    pub description: String,
}

/// Why there is no token.
#[derive(Debug)]
#[non_exhaustive]
pub enum OauthError {
    /// The provider cannot be asked, or its answer is no answer.
    Https(Request, HttpsError),
    /// The provider refuses.
    Refused(Request, Refusal),
    /// An answer with this status, and nothing that can be read.
    Status(Request, u16),
    /// An answer that lacks something, or is not JSON.
    Garbled(Request),
    /// The token is of another type than Bearer.
    NotBearer,
    /// The discovery document is that of another issuer (RFC 8414, section 3.3).
    OtherIssuer,
    /// The provider has no such endpoint.
    NoEndpoint(Request),
    /// Nobody has signed in within the time.
    Expired,
    /// Nobody has signed in on this machine.
    NotSignedIn,
    /// The tokens here are another provider's, or another client's.
    OtherClient,
    /// Only signing in again gives a new token: the provider gave none to renew it with.
    NoRefreshToken,
    /// The tokens cannot be read or written.
    Keep(KeepError),
    /// This system gives no random numbers.
    NoRandom,
}

impl OauthError {
    /// Whether a later try may go better, with nobody doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            OauthError::Https(_, error) => error.is_temporary(),
            OauthError::Status(_, status) => *status == 429 || (500..600).contains(status),
            OauthError::Refused(_, refusal) => {
                ["temporarily_unavailable", "server_error"].contains(&refusal.code.as_str())
            }
            OauthError::Keep(error) => error.is_temporary(),
            _ => false,
        }
    }
}

impl From<KeepError> for OauthError {
    fn from(error: KeepError) -> OauthError {
        OauthError::Keep(error)
    }
}

impl std::error::Error for OauthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OauthError::Https(_, error) => Some(error),
            OauthError::Keep(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Request::Discovery => "the discovery document",
            Request::Authorization => "the sign-in",
            Request::Device => "a code for this device",
            Request::Token => "a token",
            Request::Revocation => "the end of a token",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.description.is_empty() {
            true => f.write_str(&self.code),
            false => write!(f, "{} ({})", self.description, self.code),
        }
    }
}

impl fmt::Display for OauthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OauthError::Https(request, error) => write!(f, "cannot get {request}: {error}"),
            OauthError::Refused(request, refusal) => write!(f, "{request} is refused: {refusal}"),
            OauthError::Status(request, status) => write!(f, "cannot get {request}: status {status}"),
            OauthError::Garbled(request) => write!(f, "cannot get {request}: the answer cannot be read"),
            OauthError::NotBearer => f.write_str("the token is not a bearer token"),
            OauthError::OtherIssuer => f.write_str("the discovery document is another issuer's"),
            OauthError::NoEndpoint(request) => write!(f, "there is no address to get {request} from"),
            OauthError::Expired => f.write_str("nobody has signed in within the time"),
            OauthError::NotSignedIn => f.write_str("nobody has signed in"),
            OauthError::OtherClient => f.write_str("the tokens are another provider's or client's"),
            OauthError::NoRefreshToken => f.write_str("the token is over, and cannot be renewed"),
            OauthError::Keep(error) => error.fmt(f),
            OauthError::NoRandom => f.write_str("this system gives no random numbers"),
        }
    }
}
