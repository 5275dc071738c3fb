//! `ehlo account list` and `ehlo account show`: what is configured, and what is in force. A secret is never
//! shown, and neither are the words of a command that prints one.

use super::super::configuration::{Chosen, Configuration, InForce, in_force, servers};
use super::super::early_exit::{EarlyExit, Result};
use super::super::target::{self, Deviations};
use crate::cli::SessionArgs;
use crate::config::accounts::{Account, Config, Value};
use crate::config::words::words;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::report::width;
use std::fmt::Write as _;

const NO_ACCOUNTS: &str = "no accounts: see ehlo-config(5), or 'ehlo account import'";

/// One line for each account: its name, its servers, its address, and whether it is the default.
pub(super) fn list(output: &Output) -> Result<ExitStatus> {
    let configuration = Configuration::read()?;
    if let Some(file) = &configuration.passed_over {
        output.say(&format!("{} is not for this user to read: left out", file.display()));
    }
    let default = configuration.default_account().map(|(_, account)| account.name.clone());
    let row = |(config, account): (&Config, &Account)| {
        // A URL may hold a password, which is not to be shown.
        servers(&config.file, account)?;
        let mark = if default.as_ref() == Some(&account.name) { "default" } else { "" };
        let address = account.text("address").unwrap_or_default();
        Ok([&account.name, &account.list("server").join(" "), address, mark].map(printable))
    };
    let rows = configuration.accounts().map(row).collect::<Result<Vec<_>>>()?;
    if rows.is_empty() {
        output.say(NO_ACCOUNTS);
    }
    print(&rows, output)
}

/// What is in force for an account, and where each value comes from.
pub(super) fn show(name: Option<&str>, output: &Output) -> Result<ExitStatus> {
    let args = SessionArgs::of_account(name);
    let (used, chosen) = of_account(&args, output)?;
    let line = |line: usize| format!("{}, line {line}", chosen.file.display());
    let mut rows = vec![["account".to_owned(), chosen.account.name.clone(), line(chosen.account.line)]];
    for (key, given) in &chosen.account.values {
        let value = match &given.value {
            Value::Text(command) if key.ends_with("-command") => {
                let program = words(command).and_then(|words| words.into_iter().next());
                format!("the program {}", program.unwrap_or_default())
            }
            value => value.texts().join(", "),
        };
        rows.push([(*key).to_owned(), value, line(given.line)]);
    }
    // What nobody gave, as the flags and the server's name have it.
    let deviations = Deviations { dry_run: true, ..Deviations::default() };
    target::resolve(used, &deviations, output)?.describe(&mut |key, value| {
        let is_given = ["account", "server", "else", ""].contains(&key);
        if !is_given {
            rows.push([key.to_owned(), value.to_owned(), "in force".to_owned()]);
        }
    });
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(|text| printable(&text))).collect();
    print(&rows, output)
}

/// What is in force by the account that is named, or by the default one.
pub(super) fn of_account<'a>(args: &'a SessionArgs, output: &Output) -> Result<(InForce<'a>, Chosen)> {
    let used = in_force(args, &[], output)?;
    let Some(chosen) = used.chosen.clone() else {
        let is_empty = used.configuration.as_ref().is_none_or(|all| all.accounts().next().is_none());
        let why = match is_empty {
            true => NO_ACCOUNTS,
            false => "no default account: name one, as in 'ehlo account show NAME'",
        };
        return Err(EarlyExit::of(ExitStatus::CONFIG, why));
    };
    Ok((used, chosen))
}

/// Columns on a terminal, TABs elsewhere.
pub(super) fn print<const COLUMNS: usize>(rows: &[[String; COLUMNS]], output: &Output) -> Result<ExitStatus> {
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|text| width::of(text)).max();
    let widths: Vec<usize> = (0..COLUMNS).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let line = match output.columns {
            true => {
                let cells = row.iter().zip(&widths).map(|(text, width)| width::padded(text, *width));
                cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
            }
            false => row.join("\t"),
        };
        // Writing to a String does not fail.
        let _ = writeln!(out, "{line}");
    }
    output.data(&out).map_err(|error| EarlyExit::io(error, "cannot write the list".to_owned()))?;
    Ok(ExitStatus::OK)
}
