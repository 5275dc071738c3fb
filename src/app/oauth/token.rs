//! The token of a log-in: the one that is kept, or a new one; and another, should the server refuse it.

use super::super::clock::now;
use super::super::early_exit::Result;
use super::super::login::say_no_token;
use super::{Way, account, failed};
use crate::client::{Fetched, NoToken, Target, TokenSource};
use crate::config::secret::Secret;
use crate::net::{Deadline, interrupt};
use crate::oauth::{Account, Configured, Tokens, renew};
use crate::output::Output;
use ehlo_smtp::auth::SecretOctets;
use std::sync::Arc;
use std::time::Duration;

/// How long a new token may take: the provider's time, and that of another process which renews it just now.
const PATIENCE: Duration = Duration::from_secs(60);

/// A token for the log-in at this server, and where the next one comes from.
pub fn login(
    configured: &Arc<Configured>,
    target: &Target,
    output: &Output,
) -> Result<(Secret, TokenSource)> {
    // A signal must not end a question whose answer is the only one. Without a handler it is still worth asking.
    let _ = interrupt::install();
    let way = Way::new(configured, target.tls.client.settings(), target.way.proxy.as_ref());
    let account = account(configured, target.patience.whole, output)?;
    let tokens = token(&account, &way, None, target.patience.whole);
    let tokens = tokens.map_err(|error| failed(configured, &error))?;
    let (configured, output) = (Arc::clone(configured), *output);
    let another = move |until: Deadline, refused: Option<&SecretOctets>| {
        let refused = refused.and_then(|octets| String::from_utf8(octets.to_vec()).ok()).map(Secret::new);
        match token(&account, &way, refused.as_ref(), until) {
            Ok(tokens) => Ok(fetched(&tokens)),
            Err(error) => {
                say_no_token(&output, until, &failed(&configured, &error));
                Err(if error.is_temporary() { NoToken::Now } else { NoToken::Ever })
            }
        }
    };
    Ok((tokens.access.clone(), TokenSource::new(Some(fetched(&tokens)), another)))
}

/// A token that is not the one that was `refused`. One that is only over is not refused: it is renewed anyway.
fn token(
    account: &Account,
    way: &Way,
    refused: Option<&Secret>,
    until: Deadline,
) -> std::result::Result<Tokens, crate::oauth::OauthError> {
    let until = until.min(Deadline::after(PATIENCE));
    renew(account, refused, &|| way.https(until), &now, until)
}

fn fetched(tokens: &Tokens) -> Fetched {
    // One that is over as it comes is used all the same, once: the next one would be no better.
    let left = tokens.good_until.map(|until| until.saturating_sub(now()).max(1));
    Fetched {
        token: SecretOctets::new(tokens.access.reveal().as_bytes().to_vec()),
        good: left.map_or_else(Deadline::never, |left| Deadline::after(Duration::from_secs(left))),
    }
}
