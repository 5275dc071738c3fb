//! OAuth as `app` needs it: the token of a log-in, and what `ehlo account login` and `logout` do.

mod browser;
mod keyring;
mod sign_in;
mod sign_out;
mod token;

use super::early_exit::{EarlyExit, Result};
use super::secrets;
use crate::https::Client;
use crate::net::tls::{Settings, Trust};
use crate::net::{Deadline, Proxy};
use crate::oauth::{Account, ClientId, Configured, OauthError};
use crate::output::Output;
use crate::report::exit;
use crate::words;
use std::path::Path;

pub use keyring::keyring;
pub use sign_in::sign_in;
pub use sign_out::sign_out;
pub use token::login;

/// The way to a provider: how its certificates are judged, and through which proxy it is asked.
#[derive(Debug, Clone)]
pub struct Way {
    tls: Settings,
    proxy: Option<Proxy>,
}

impl Way {
    /// Beside the way to the mail server of the account.
    pub fn new(configured: &Configured, tls: &Settings, proxy: Option<&Proxy>) -> Way {
        let mut tls = tls.clone();
        if let Some(file) = &configured.ca_file {
            tls.trust = Trust::File(file.clone());
        }
        Way { tls, proxy: proxy.cloned() }
    }

    /// The same, trusting the certificates in this file and no others.
    pub fn trusting(mut self, file: &Path) -> Way {
        self.tls.trust = Trust::File(file.to_owned());
        self
    }

    /// A client that asks until then.
    pub fn https(&self, until: Deadline) -> Client {
        Client::new(&self.tls, self.proxy.clone(), until)
    }
}

/// The account, with the secret of its client.
pub fn account(configured: &Configured, until: Deadline, output: &Output) -> Result<Account> {
    let read = |file| secrets::from_file_of(file, "the file with the client's secret", until, output);
    let secret = configured.secret_file.as_deref().map(read).transpose()?;
    if secret.as_ref().is_some_and(|secret| secret.reveal().is_empty()) {
        return Err(EarlyExit::of(exit::ExitStatus::CONFIG, "the file of oauth-client-secret-file is empty"));
    }
    Ok(Account {
        settings: configured.settings.clone(),
        client: ClientId { id: configured.client_id.clone(), secret },
        keep: configured.keep.clone(),
    })
}

/// What went wrong with an account, as it is told.
pub fn failed(configured: &Configured, error: &OauthError) -> EarlyExit {
    EarlyExit::of(exit::of_oauth(error), words::oauth::error(&configured.account, error))
}
