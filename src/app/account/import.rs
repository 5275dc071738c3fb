//! `ehlo account import`: another program's configuration is read, and printed as a config.toml, or written
//! as one where there is none yet.
#![allow(clippy::disallowed_types, reason = "a configuration is read, and one is written")]

mod write;

#[cfg(test)]
mod tests;

use super::super::early_exit::{EarlyExit, Result};
use super::super::standard_input;
use crate::config::text;
use crate::import::{Format, Imported, SecretFile, Source, Unlike, import};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use write::Variable;
use zeroize::Zeroizing;

/// What was typed.
#[derive(Debug, Clone)]
pub struct ImportArgs {
    /// Whose configuration it is.
    pub format: String,
    /// Its file, or `-`; none for the first of the places where its program looks.
    pub file: Option<PathBuf>,
    /// Whether it becomes the user's configuration, or is only shown.
    pub write: bool,
}

/// The most that a configuration may hold, in octets.
const LONGEST: usize = 1024 * 1024;

/// What is printed, and what is said.
#[derive(Debug, Default)]
struct Done {
    printed: String,
    said: Vec<String>,
}

/// Reads, and prints or writes.
#[must_use]
pub fn run(args: &ImportArgs) -> ExitStatus {
    let output = Output { quiet: false, json: false, columns: false, color: false };
    let done = imported(args, &|name| std::env::var_os(name)).and_then(|done| {
        output.data(&done.printed).map_err(|error| EarlyExit::io(error, "cannot write".to_owned()))?;
        done.said.iter().for_each(|line| output.say(line));
        Ok(ExitStatus::OK)
    });
    done.unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn imported(args: &ImportArgs, variable: Variable<'_>) -> Result<Done> {
    let format = Format::named(&args.format).ok_or_else(|| {
        let names = Format::ALL.map(Format::name);
        let advice = match (words::config::nearest(&args.format, &names), names.join(", ")) {
            (Some(meant), _) => format!(": did you mean '{meant}'?"),
            (None, known) if Path::new(&args.format).is_file() => {
                format!(", it is a file: name its format before it, one of {known}")
            }
            (None, known) => format!("; known are {known}"),
        };
        EarlyExit::usage(format!("the format '{}' is not known{advice}", printable(&args.format)))
    })?;
    let sources = match &args.file {
        Some(file) => sources(format, file)?,
        None => sources(format, &found(format, variable)?)?,
    };
    let imported = import(format, &sources).map_err(|why| {
        let name = sources.first().map_or("", |source| source.name.as_str());
        let question = match why {
            Unlike::NoServer(Some(_)) => String::new(),
            _ => format!("; is it a configuration of the format {}?", format.name()),
        };
        EarlyExit::data(format!("{name}: {why}{question}"))
    })?;
    let mut said: Vec<String> = imported.remarks.iter().map(words::import::not_carried).collect();
    if args.write {
        said.extend(
            write::write(&imported, variable)?.iter().map(|path| format!("wrote {}", path.display())),
        );
        return Ok(Done { printed: String::new(), said });
    }
    let folder = write::place(variable).ok().and_then(|file| file.parent().map(Path::to_owned));
    said.extend(secrets(&imported, &folder.unwrap_or_default()));
    Ok(Done { printed: imported.toml, said })
}

/// Which files the secrets are to be put into, where that is not done here.
fn secrets(imported: &Imported, folder: &Path) -> Vec<String> {
    let line = |secret: &SecretFile| {
        format!(
            "put the password of {}, line {}, into {} (mode 0600), or let --write do it",
            secret.at.file,
            secret.at.line,
            folder.join(&secret.name).display()
        )
    };
    imported.secrets.iter().map(line).collect()
}

/// The first of the program's own places where there is something.
fn found(format: Format, variable: Variable<'_>) -> Result<PathBuf> {
    let places = format.places(variable);
    let found = places.iter().find(|path| path.symlink_metadata().is_ok());
    found.cloned().ok_or_else(|| {
        let tried: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
        let tried = if tried.is_empty() { "HOME is not set".to_owned() } else { tried.join(", ") };
        EarlyExit::of(
            ExitStatus::NO_INPUT,
            format!(
                "there is no configuration of the format {} (tried: {tried}): name its file",
                format.name()
            ),
        )
    })
}

/// The file, and the one beside it that belongs to it where there is one.
fn sources(format: Format, file: &Path) -> Result<Vec<Source>> {
    if standard_input::is_named(file) {
        return Ok(vec![source("standard input".to_owned(), io::stdin().lock())?]);
    }
    let mut sources = vec![of_file(file)?];
    if let Some(beside) = format.beside().map(|name| file.with_file_name(name))
        && beside.symlink_metadata().is_ok()
    {
        sources.push(of_file(&beside)?);
    }
    Ok(sources)
}

fn of_file(path: &Path) -> Result<Source> {
    let name = path.display().to_string();
    let failed = |error: io::Error| {
        let shown = format!("cannot read {}", printable(&name));
        // The system's words for it speak of opening a directory; what matters is that it is one.
        match error.kind() {
            io::ErrorKind::IsADirectory => EarlyExit::no_input(anyhow::anyhow!("it is a directory"), shown),
            _ => EarlyExit::no_input(error, shown),
        }
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().is_ok_and(|data| data.is_dir()) {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    source(name, file)
}

/// The text that comes from there, which may hold secrets.
fn source(name: String, from: impl Read) -> Result<Source> {
    let mut octets = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let room = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    from.take(room)
        .read_to_end(&mut octets)
        .map_err(|error| EarlyExit::no_input(error, format!("cannot read {}", printable(&name))))?;
    if octets.len() > LONGEST {
        return Err(EarlyExit::data(format!("{name}: it is larger than 1 MiB, which no configuration is")));
    }
    let text = text::of(&octets).map_err(|why| EarlyExit::data(format!("{name}: {why}")))?;
    let text = Zeroizing::new(text.to_owned());
    Ok(Source { name, text })
}
