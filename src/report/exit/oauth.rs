//! The status where there is no token.

use super::{ExitStatus, of_connecting};
use crate::https::HttpsError;
use crate::net::{Error as NetError, TlsError};
use crate::oauth::{KeepError, OauthError};

/// The status where there is no token for this reason.
#[must_use]
pub fn of_oauth(error: &OauthError) -> ExitStatus {
    match error {
        OauthError::Https(_, error) => of_https(error),
        error if error.is_temporary() => ExitStatus::TEMPORARY,
        OauthError::Refused(..)
        | OauthError::NotSignedIn
        | OauthError::OtherClient
        | OauthError::NoRefreshToken => ExitStatus::NO_PERMISSION,
        OauthError::Expired => ExitStatus::TEMPORARY,
        OauthError::Status(..) | OauthError::Garbled(_) | OauthError::NotBearer | OauthError::OtherIssuer => {
            ExitStatus::PROTOCOL
        }
        OauthError::NoEndpoint(_) | OauthError::Keep(KeepError::Problem(..) | KeepError::Kind(_)) => {
            ExitStatus::CONFIG
        }
        OauthError::Keep(KeepError::Unreadable(_)) => ExitStatus::NO_PERMISSION,
        OauthError::Keep(_) | OauthError::NoRandom => ExitStatus::IO,
    }
}

fn of_https(error: &HttpsError) -> ExitStatus {
    match error {
        HttpsError::Connect(error) => of_connecting(error),
        HttpsError::Handshake(NetError::Tls(error)) => match error {
            error if error.is_trust() => ExitStatus::NO_PERMISSION,
            TlsError::CaFile { .. } => ExitStatus::NO_INPUT,
            error if error.is_local() => ExitStatus::CONFIG,
            _ => ExitStatus::TEMPORARY,
        },
        HttpsError::Handshake(_) | HttpsError::Network(_) | HttpsError::BrokenOff => ExitStatus::TEMPORARY,
        HttpsError::Redirected(_) | HttpsError::TooLarge | HttpsError::Encoded | HttpsError::NotHttp => {
            ExitStatus::PROTOCOL
        }
    }
}
