//! The flags that attach files. `--attach-type`, `--attach-name` and `--attach-id` are for the file in front
//! of them.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::in_order::Found;

/// One file that goes with the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachSpec {
    /// The file.
    pub file: PathBuf,
    /// `--inline` instead of `--attach`: shown in the message, not beside it.
    pub inline: bool,
    /// `--attach-type`: its media type, if the name should not decide.
    pub media_type: Option<String>,
    /// `--attach-name`: its name for the reader, if it is another.
    pub name: Option<String>,
    /// `--attach-id`: its Content-ID, for `cid:` in the HTML.
    pub content_id: Option<String>,
}

/// All files that go with the message, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments(Vec<AttachSpec>);

impl Attachments {
    /// Every file, first to last.
    #[must_use]
    pub fn in_order(&self) -> &[AttachSpec] {
        &self.0
    }
}

/// One flag as it was met.
enum Flag {
    File(AttachSpec),
    Type(String),
    Name(String),
    Id(String),
}

/// The flags, all of which `--message` excludes.
pub(super) const FLAGS: [&str; 5] = ["attach", "inline", "attach-type", "attach-name", "attach-id"];

impl Args for Attachments {
    fn augment_args(command: Command) -> Command {
        let flag = |name: &'static str, value, help| {
            Arg::new(name).long(name).value_name(value).action(ArgAction::Append).help(help)
        };
        let file = value_parser!(PathBuf);
        command
            .arg(
                flag("attach", "FILE", "attach a file; may be repeated")
                    .short('a')
                    .value_parser(file.clone()),
            )
            .arg(
                flag("inline", "FILE", "include a file, such as a picture, that the HTML shows as cid:NAME")
                    .value_parser(file),
            )
            .arg(flag(
                "attach-type",
                "TYPE",
                "the media type of the file before it [default: by name and content]",
            ))
            .arg(
                flag("attach-name", "NAME", "the name to give to the file before it")
                    .allow_hyphen_values(true),
            )
            .arg(flag(
                "attach-id",
                "ID",
                "the Content-ID of the --inline file before it, for cid:ID [default: random]",
            ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Attachments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Found::new(matches);
        found.take("attach", |file| Flag::File(AttachSpec { file, ..AttachSpec::default() }));
        found.take("inline", |file| Flag::File(AttachSpec { file, inline: true, ..AttachSpec::default() }));
        found.take("attach-type", Flag::Type);
        found.take("attach-name", Flag::Name);
        found.take("attach-id", Flag::Id);
        let mut specs: Vec<AttachSpec> = Vec::new();
        for flag in found.in_order() {
            add(&mut specs, flag).map_err(|text| clap::Error::raw(ErrorKind::ArgumentConflict, text))?;
        }
        Ok(Self(specs))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds a file, or a detail to the last one.
fn add(specs: &mut Vec<AttachSpec>, flag: Flag) -> Result<(), String> {
    type Detail = fn(&mut AttachSpec) -> &mut Option<String>;
    let (name, value, detail): (_, _, Detail) = match flag {
        Flag::File(spec) => {
            specs.push(spec);
            return Ok(());
        }
        Flag::Type(value) => ("--attach-type", value, |spec| &mut spec.media_type),
        Flag::Name(value) => ("--attach-name", value, |spec| &mut spec.name),
        Flag::Id(value) => ("--attach-id", value, |spec| &mut spec.content_id),
    };
    let last = specs
        .last_mut()
        .ok_or_else(|| format!("{name} comes after the --attach or --inline that it is for"))?;
    if name == "--attach-id" && !last.inline {
        return Err(format!("--attach-id is for --inline, but '{}' is attached", last.file.display()));
    }
    match detail(last).replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{name} was given twice for '{}'", last.file.display())),
    }
}
