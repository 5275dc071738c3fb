//! `ehlo account`: what is configured, and whether it works. How a command comes by its account is
//! `configuration`'s.

mod import;
mod show;
mod sign;
mod test;

use self::import::ImportArgs;
use super::early_exit::{EarlyExit, Result};
use crate::cli::{AccountAction, AccountArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Does what was asked for.
pub fn run(args: &AccountArgs) -> ExitStatus {
    let output = Output::new(false, false, When::Auto);
    account(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn account(args: &AccountArgs, output: &Output) -> Result<ExitStatus> {
    let name = args.name.as_deref();
    if args.action != AccountAction::Import && (args.file.is_some() || args.write) {
        return Err(EarlyExit::usage("FILE and --write are for 'ehlo account import'"));
    }
    let signs = matches!(args.action, AccountAction::Login | AccountAction::Logout);
    if args.no_browser && args.action != AccountAction::Login {
        return Err(EarlyExit::usage("--no-browser is for 'ehlo account login'"));
    }
    if args.ca_file.is_some() && !signs {
        return Err(EarlyExit::usage("--ca-file is for 'ehlo account login' and 'ehlo account logout'"));
    }
    match (args.action, name) {
        (AccountAction::List, Some(_)) => {
            Err(EarlyExit::usage("'ehlo account list' takes no account: use 'ehlo account show ACCOUNT'"))
        }
        (AccountAction::List, None) => show::list(output),
        (AccountAction::Show, name) => show::show(name, output),
        (AccountAction::Test, name) => test::test(name, output),
        (AccountAction::Login | AccountAction::Logout, name) => sign::sign(args, name, output),
        (AccountAction::Import, Some(format)) => {
            let file = args.file.clone();
            Ok(import::run(&ImportArgs { format: format.to_owned(), file, write: args.write }))
        }
        (AccountAction::Import, None) => Err(EarlyExit::usage(
            "whose configuration is it? name one of msmtprc, git, mutt, nullmailer, dma, ssmtp, esmtp",
        )),
    }
}
