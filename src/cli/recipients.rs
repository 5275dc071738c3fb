//! The flags that name recipients, and the order in which they were given: the report keeps it.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint, value_parser};

use super::in_order::Found;

/// One flag that names recipients, with what was typed. A value may still be a comma list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientArg {
    /// `--to`.
    To(String),
    /// Without a flag, and as with `--to`.
    Word(String),
    /// `--cc`.
    Cc(String),
    /// `--bcc`: not in the message.
    Bcc(String),
    /// `--recipient`: in the envelope only.
    Envelope(String),
    /// `--recipients-from`: a file of addresses, in the envelope only.
    File(PathBuf),
}

/// All recipients of the command line, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients(Vec<RecipientArg>);

impl Recipients {
    /// Every flag that names recipients, first to last.
    #[must_use]
    pub fn in_order(&self) -> &[RecipientArg] {
        &self.0
    }
}

impl Args for Recipients {
    fn augment_args(command: Command) -> Command {
        let flag = |name: &'static str, value, help| {
            Arg::new(name).long(name).value_name(value).action(ArgAction::Append).help(help)
        };
        command
            .arg(
                flag("to", "MAILBOX", "a recipient, or several separated by commas; may be repeated")
                    .short('t'),
            )
            .arg(
                Arg::new("TO")
                    .action(ArgAction::Append)
                    .value_hint(ValueHint::EmailAddress)
                    .help("recipients, as with --to"),
            )
            .arg(flag("cc", "MAILBOX", "a recipient of a copy").short('c'))
            .arg(flag("bcc", "MAILBOX", "a recipient of a blind copy, not named in the message").short('b'))
            .arg(flag("recipient", "ADDRESS", "a recipient in the envelope only, not named in the message"))
            .arg(
                flag(
                    "recipients-from",
                    "FILE",
                    "a file of envelope recipients, one per line; NOTIFY=… and ORCPT=… may follow an \
                     address; a line that begins with # is a comment",
                )
                .value_parser(value_parser!(PathBuf)),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Recipients {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Found::new(matches);
        found.take("to", RecipientArg::To);
        found.take("TO", RecipientArg::Word);
        found.take("cc", RecipientArg::Cc);
        found.take("bcc", RecipientArg::Bcc);
        found.take("recipient", RecipientArg::Envelope);
        found.take("recipients-from", RecipientArg::File);
        Ok(Self(found.in_order().collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
