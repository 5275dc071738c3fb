//! `oauth` of an account: the provider, the flow, the client, and where the tokens are.

use super::super::early_exit::{EarlyExit, Result};
use super::super::oauth::keyring;
use super::super::state;
use super::choose::Chosen;
use super::files::wrong;
use super::secret::path;
use crate::config::accounts::{self, Account, Config};
use crate::https::Url;
use crate::oauth::{ClientAuth, Configured, Endpoints, FileKeep, Flow, Keep, Provider, Settings, Source};
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the tokens of the machine's accounts are.
const MACHINES: &str = "/var/lib/ehlo/tokens";

const FLOWS: [(&str, Flow); 3] =
    [("code", Flow::Code), ("device", Flow::Device), ("client-credentials", Flow::ClientCredentials)];
const AUTHS: [(&str, ClientAuth); 2] = [("basic", ClientAuth::Basic), ("post", ClientAuth::Post)];

/// Whether an account signs in by OAuth.
fn has_oauth(account: &Account) -> bool {
    account.values.keys().any(|key| key.starts_with("oauth."))
}

/// What an account says of OAuth, if it says anything.
///
/// # Errors
/// A value that cannot be used, or one that is missing: with its line.
pub(super) fn configured(chosen: &Chosen) -> Result<Option<Configured>> {
    let account = &chosen.account;
    if !has_oauth(account) {
        let lost = ["oauth-client-id", "oauth-client-secret-file", "oauth-keyring"];
        return match lost.into_iter().find(|key| account.has(key)) {
            Some(key) => Err(chosen.wrong(key, " needs 'oauth', which names the provider")),
            None => Ok(None),
        };
    }
    let lacks = |what: &str| wrong(&chosen.file, account.line, &format!("'oauth' needs {what}"));
    if account.text("user").is_none() && !account.list("server").iter().any(|server| server.contains('@')) {
        return Err(lacks("'user': whose mailbox it is"));
    }
    let client_id = account.text("oauth-client-id");
    let client_id = client_id.ok_or_else(|| lacks("'oauth-client-id', which the provider gives"))?;
    let settings = settings(chosen)?;
    let secret_file = account.text("oauth-client-secret-file").map(|text| path(&chosen.file, text));
    if settings.flow == Flow::ClientCredentials && secret_file.is_none() {
        return Err(lacks("'oauth-client-secret-file' for the flow 'client-credentials'"));
    }
    Ok(Some(Configured {
        account: account.name.clone(),
        settings,
        client_id: client_id.to_owned(),
        secret_file,
        ca_file: account.text("oauth.ca-file").map(|text| path(&chosen.file, text)),
        keep: keep(chosen)?,
    }))
}

/// The file with the tokens of an account.
fn file(config: &Path, account: &str) -> Option<FileKeep> {
    let folder = match accounts::is_machines(config) {
        true => PathBuf::from(MACHINES),
        false => state::folder()?.join("tokens"),
    };
    Some(FileKeep::new(folder, account))
}

/// The files that say when somebody signed in to a configuration's accounts.
pub(super) fn marks(config: &Config) -> impl Iterator<Item = PathBuf> {
    let accounts = config.accounts.iter().filter(|account| has_oauth(account));
    accounts.filter_map(|account| Some(file(&config.file, &account.name)?.marked()))
}

fn keep(chosen: &Chosen) -> Result<Arc<dyn Keep>> {
    let name = &chosen.account.name;
    let file = file(&chosen.file, name).ok_or_else(|| {
        let text = "there is no place for tokens: neither XDG_STATE_HOME nor a home folder is known";
        EarlyExit::of(ExitStatus::CONFIG, text)
    })?;
    match is_set(&chosen.account, "oauth-keyring") {
        true => keyring(file, name)
            .ok_or_else(|| chosen.wrong("oauth-keyring", ": this build has no keyring (--features keyring)")),
        false => Ok(Arc::new(file)),
    }
}

fn is_set(account: &Account, key: &str) -> bool {
    account.values.get(key).is_some_and(|given| given.value.texts() == ["true"])
}

fn settings(chosen: &Chosen) -> Result<Settings> {
    let account = &chosen.account;
    let auth = word(chosen, "oauth.client-auth", &AUTHS)?;
    let mut settings = without_addresses(chosen, auth)?;
    if settings.scope.chars().any(char::is_control) {
        return Err(chosen.wrong("oauth.scope", " cannot contain a control character"));
    }
    if account.text("oauth.provider") != Some("microsoft") && account.has("oauth.tenant") {
        return Err(chosen.wrong("oauth.tenant", " is for the provider 'microsoft' alone"));
    }
    match &mut settings.source {
        Source::Known(known) => {
            addresses(chosen, known)?;
            known.client_auth = auth.unwrap_or(known.client_auth);
            has_its_address(chosen, settings.flow, known)?;
        }
        Source::Issuer(..) => {
            let endpoints = ["authorization", "device", "token", "revocation"];
            let keys = endpoints.map(|name| format!("oauth.{name}-endpoint"));
            if let Some(key) = keys.iter().find(|key| account.has(key)) {
                return Err(chosen.wrong(key, " stands in the issuer's own document: leave one of them out"));
            }
        }
    }
    Ok(settings)
}

/// The provider by its name, its issuer or the address for tokens.
fn without_addresses(chosen: &Chosen, auth: Option<ClientAuth>) -> Result<Settings> {
    let account = &chosen.account;
    let flow = word(chosen, "oauth.flow", &FLOWS)?;
    let scope = account.list("oauth.scope").join(" ");
    let source = match (account.text("oauth.provider"), url(chosen, "oauth.issuer")?) {
        (Some(_), Some(_)) => {
            return Err(chosen.wrong("oauth.issuer", " is for a provider that 'provider' does not name"));
        }
        (Some(name), None) => {
            let preset = preset(chosen, name, flow)?;
            return Ok(Settings { scope: if scope.is_empty() { preset.scope } else { scope }, ..preset });
        }
        (None, Some(issuer)) => Source::Issuer(issuer, auth),
        (None, None) => {
            let token = url(chosen, "oauth.token-endpoint")?.ok_or_else(|| {
                let what = "'oauth' needs 'provider', 'issuer', or 'token-endpoint'";
                wrong(&chosen.file, account.line, what)
            })?;
            let client_auth = ClientAuth::Basic;
            Source::Known(Endpoints {
                authorization: None,
                device: None,
                token,
                revocation: None,
                client_auth,
            })
        }
    };
    Ok(Settings::new(flow.unwrap_or(Flow::Code), source, scope))
}

/// The addresses that are given take the place of those that are known.
fn addresses(chosen: &Chosen, known: &mut Endpoints) -> Result<()> {
    for (key, slot) in [
        ("oauth.authorization-endpoint", &mut known.authorization),
        ("oauth.device-endpoint", &mut known.device),
        ("oauth.revocation-endpoint", &mut known.revocation),
    ] {
        if let Some(given) = url(chosen, key)? {
            *slot = Some(given);
        }
    }
    if let Some(token) = url(chosen, "oauth.token-endpoint")? {
        known.token = token;
    }
    Ok(())
}

/// Whether there is the address that a flow begins at.
fn has_its_address(chosen: &Chosen, flow: Flow, known: &Endpoints) -> Result<()> {
    let (needed, key) = match flow {
        Flow::Code => (&known.authorization, "authorization-endpoint"),
        Flow::Device => (&known.device, "device-endpoint"),
        Flow::ClientCredentials => return Ok(()),
    };
    match needed {
        Some(_) => Ok(()),
        None if chosen.account.text("oauth.provider") == Some("google") => {
            Err(chosen
                .wrong("oauth.flow", " cannot be 'device': Google lets no device send mail; leave it out"))
        }
        None => {
            let what = format!("'oauth' needs '{key}' for this flow");
            Err(wrong(&chosen.file, chosen.account.line, &what))
        }
    }
}

/// The settings of a provider that is known here.
fn preset(chosen: &Chosen, name: &str, flow: Option<Flow>) -> Result<Settings> {
    let found = Provider::ALL.into_iter().find(|(known, _)| *known == name);
    let Some((_, provider)) = found else {
        let known = Provider::ALL.map(|(name, _)| name).join(", ");
        let what = format!(" needs one of {known}, not '{}'; others have an 'issuer'", printable(name));
        return Err(chosen.wrong("oauth.provider", &what));
    };
    let flow = flow.unwrap_or(provider.usual_flow());
    let tenant = chosen.account.text("oauth.tenant");
    let is_of_all = tenant.is_none_or(|tenant| ["common", "organizations", "consumers"].contains(&tenant));
    if provider == Provider::Microsoft && flow == Flow::ClientCredentials && is_of_all {
        let what = "'oauth' needs 'tenant' for the flow 'client-credentials': your organization's domain";
        return Err(wrong(&chosen.file, chosen.account.line_of("oauth.provider"), what));
    }
    provider
        .settings(flow, tenant)
        .ok_or_else(|| chosen.wrong("oauth.tenant", " needs a domain, or the number that Microsoft gave"))
}

fn word<T: Copy>(chosen: &Chosen, key: &str, known: &[(&str, T)]) -> Result<Option<T>> {
    let Some(text) = chosen.account.text(key) else { return Ok(None) };
    match known.iter().find(|(word, _)| *word == text) {
        Some((_, meaning)) => Ok(Some(*meaning)),
        None => {
            let known: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let what = format!(" needs one of {}, not '{}'", known.join(", "), printable(text));
            Err(chosen.wrong(key, &what))
        }
    }
}

fn url(chosen: &Chosen, key: &str) -> Result<Option<Url>> {
    let Some(text) = chosen.account.text(key) else { return Ok(None) };
    match Url::parse(text) {
        Ok(url) => Ok(Some(url)),
        Err(fault) => Err(chosen.wrong(key, &format!(" cannot be '{}': {fault}", printable(text)))),
    }
}
