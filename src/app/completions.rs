//! `ehlo completions`: the script for a shell, as it is in completions/. Nobody is connected to.

use super::early_exit::EarlyExit;
use crate::cli::{CompletionsArgs, Shell, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Prints the script.
pub fn run(args: &CompletionsArgs) -> ExitStatus {
    let output = Output::new(false, false, When::Never);
    match output.data(script(args.shell)) {
        Ok(()) => ExitStatus::OK,
        Err(error) => output.complain(&EarlyExit::io(error, "cannot write".to_owned()).report()),
    }
}

fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../completions/ehlo.bash"),
        Shell::Zsh => include_str!("../../completions/_ehlo"),
        Shell::Fish => include_str!("../../completions/ehlo.fish"),
        Shell::PowerShell => include_str!("../../completions/_ehlo.ps1"),
        Shell::Elvish => include_str!("../../completions/ehlo.elv"),
        Shell::Nushell => include_str!("../../completions/ehlo.nu"),
    }
}
