//! A token for a log-in: the one that is kept while it is good, and otherwise a new one, which one process gets and all
//! others read.
//!
//! The order is what counts. Under the lock: read again, for another may have renewed already; make sure that the answer
//! can be kept; ask; *keep the answer*; only then use it. A provider that rotates (RFC 9700, section 2.2.2) takes the old
//! refresh token no more, so that an answer which is used and not kept would end the sign-in. For the same reason neither a
//! signal nor the caller's time ends a question that is out.

use super::asker::{Asker, ClientId};
use super::error::{OauthError, Request};
use super::keep::{Keep, KeepError, Lock};
use super::provider::{Endpoints, Flow, Settings, Source};
use super::refused;
use super::tokens::Tokens;
use crate::config::secret::Secret;
use crate::https::Client;
use crate::net::Deadline;
use std::sync::Arc;

/// What a provider says of a refresh token that is over for good (RFC 6749, section 5.2).
const OVER: &str = "invalid_grant";

/// What an account has to do with a provider.
#[derive(Debug)]
pub struct Account {
    /// The provider.
    pub settings: Settings,
    /// Who asks.
    pub client: ClientId,
    /// Where its tokens are.
    pub keep: Arc<dyn Keep>,
}

impl Account {
    /// The tokens that are kept.
    ///
    /// # Errors
    /// [`OauthError::NotSignedIn`], [`OauthError::OtherClient`], [`OauthError::Keep`].
    pub fn kept(&self) -> Result<Tokens, OauthError> {
        let text = self.keep.read()?.ok_or(OauthError::NotSignedIn)?;
        let tokens = Tokens::read(&text).ok_or_else(|| KeepError::Unreadable(self.keep.place()))?;
        if tokens.are_for(&self.settings, &self.client) { Ok(tokens) } else { Err(OauthError::OtherClient) }
    }

    /// The tokens, if they can be used at this time without asking anybody.
    ///
    /// # Errors
    /// As [`Account::kept`]; but a client that needs nobody to sign in has just none.
    fn good(&self, now: u64, refused: Option<&Secret>) -> Result<Option<Tokens>, OauthError> {
        let is_good = |tokens: &Tokens| {
            tokens.ended.is_none()
                && tokens.is_good(now)
                && refused.is_none_or(|refused| refused.reveal() != tokens.access.reveal())
        };
        match self.kept() {
            Ok(tokens) => Ok(Some(tokens).filter(is_good)),
            Err(
                OauthError::NotSignedIn
                | OauthError::OtherClient
                | OauthError::Keep(KeepError::Unreadable(_)),
            ) if self.settings.flow == Flow::ClientCredentials => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A token that is good now, and is not the one that a server has `refused`. The provider is asked through `https`,
/// which is made only then.
///
/// # Errors
/// [`OauthError`].
pub fn renew(
    account: &Account,
    refused: Option<&Secret>,
    https: &dyn Fn() -> Client,
    now: &dyn Fn() -> u64,
    until: Deadline,
) -> Result<Tokens, OauthError> {
    if let Some(tokens) = account.good(now(), refused)? {
        return Ok(tokens);
    }
    let mut lock = account.keep.lock(until)?;
    // Whoever had the lock may have renewed it.
    if let Some(tokens) = account.good(now(), refused)? {
        return Ok(tokens);
    }
    if let Some(refusal) = refused::noted(&lock.note(), now()) {
        return Err(OauthError::Refused(Request::Token, refusal));
    }
    let asked = ask(account, &mut *lock, &https().unbroken(), now);
    if let Err(error @ OauthError::Refused(_, refusal)) = &asked
        && !error.is_temporary()
    {
        lock.set_note(&refused::note(refusal, now()));
    }
    let tokens = asked?;
    lock.write(&tokens.to_text())?;
    Ok(tokens)
}

/// New tokens, which are not kept yet.
fn ask(
    account: &Account,
    lock: &mut dyn Lock,
    https: &Client,
    now: &dyn Fn() -> u64,
) -> Result<Tokens, OauthError> {
    let Account { settings, client, .. } = account;
    if settings.flow == Flow::ClientCredentials {
        let endpoints = &settings.endpoints(https)?;
        lock.prepare()?;
        let token = Asker { https, endpoints, client }.by_client(&settings.scope)?;
        return Ok(Tokens::new(settings, endpoints, client, token, None, now()));
    }
    let mut before = account.kept()?;
    if let Some(refusal) = before.ended {
        return Err(OauthError::Refused(Request::Token, refusal));
    }
    let refresh = before.refresh.clone().ok_or(OauthError::NoRefreshToken)?;
    let endpoints = &endpoints(settings, &before.endpoints);
    lock.prepare()?;
    let asked = Asker { https, endpoints, client }.by_refresh(&refresh);
    if let Err(OauthError::Refused(_, refusal)) = &asked
        && refusal.code == OVER
    {
        before.ended = Some(refusal.clone());
        lock.write(&before.to_text())?;
    }
    Ok(Tokens::new(settings, endpoints, client, asked?, Some(&before), now()))
}

/// Where to renew: where the configuration says, or where the issuer's document said when somebody signed in.
fn endpoints(settings: &Settings, kept: &Endpoints) -> Endpoints {
    match &settings.source {
        Source::Known(known) => known.clone(),
        Source::Issuer(_, auth) => {
            Endpoints { client_auth: auth.unwrap_or(kept.client_auth), ..kept.clone() }
        }
    }
}
