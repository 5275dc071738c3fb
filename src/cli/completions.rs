//! `ehlo completions`: what can be typed.

use clap::{ArgAction, Args, Command};

use super::values::{Words, one_of};

const EXAMPLES: &str = "\
examples:
  ehlo completions bash > ~/.local/share/bash-completion/completions/ehlo
  ehlo completions fish > ~/.config/fish/completions/ehlo.fish";

/// What it is for, in a line.
pub(super) const ABOUT: &str = "print the completion script for a shell";

/// The shells that there is a script for.
const SHELLS: Words<Shell> = &[
    ("bash", "", Shell::Bash),
    ("zsh", "", Shell::Zsh),
    ("fish", "", Shell::Fish),
    ("powershell", "", Shell::PowerShell),
    ("elvish", "", Shell::Elvish),
    ("nushell", "", Shell::Nushell),
];

/// A shell that there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "PowerShell is a name")]
pub enum Shell {
    /// bash, 3.2 and later.
    Bash,
    /// zsh.
    Zsh,
    /// fish, 3.0 and later.
    Fish,
    /// PowerShell.
    PowerShell,
    /// Elvish.
    Elvish,
    /// Nushell.
    Nushell,
}

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    CompletionsArgs::augment_args(command)
        .long_about(
            "print the completion script for a shell\n\n\
             With it, TAB completes commands, flags, their values, and the names of files. The script goes \
             to standard output. The manual, ehlo-completions(1), says where each shell looks for it.",
        )
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo completions`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct CompletionsArgs {
    /// the shell
    #[arg(value_name = "SHELL", help_heading = "what", value_parser = one_of(SHELLS))]
    pub shell: Shell,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}
