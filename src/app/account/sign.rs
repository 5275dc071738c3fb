//! `ehlo account login` and `ehlo account logout`: which account, and the way to its provider.

use super::super::early_exit::{EarlyExit, Result};
use super::super::oauth::{self, Way};
use super::super::target::{self, Deviations};
use super::show::of_account;
use crate::cli::{AccountAction, AccountArgs, SessionArgs};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::words;

/// Signs in or out.
pub(super) fn sign(args: &AccountArgs, name: Option<&str>, output: &Output) -> Result<ExitStatus> {
    let mut session = SessionArgs::of_account(name);
    session.tls.ca_file.clone_from(&args.ca_file);
    let (used, chosen) = of_account(&session, output)?;
    let Some(configured) = used.session.login.oauth.clone() else {
        let text = words::oauth::without(&chosen.account.name);
        return Err(EarlyExit::of(ExitStatus::CONFIG, text));
    };
    let user = used.session.login.user.clone();
    let resolved = target::resolve(used, &Deviations::default(), output)?;
    let target = &resolved.target;
    let mut way = Way::new(&configured, target.tls.client.settings(), target.way.proxy.as_ref());
    if let Some(file) = &args.ca_file {
        way = way.trusting(file);
    }
    match args.action {
        AccountAction::Logout => oauth::sign_out(&configured, &way, output)?,
        _ => oauth::sign_in(&configured, user.as_deref(), &way, !args.no_browser, output)?,
    }
    Ok(ExitStatus::OK)
}
