//! completions/ and man/ are made from the definitions of the flags, and are committed; here is what makes them.
//!
//! `EHLO_REFRESH=1 cargo test --test generated` writes them anew. Without that a file that is stale fails the test.
//! A manual is man/parts/NAME.1, written by hand, with its options and exit statuses filled in where it says
//! `@OPTIONS@` and `@EXIT_STATUS@`. The completions for bash, zsh and fish are ours (`bash`, `zsh`, `fish`), made
//! of what `shape` finds; those for the other shells are clap's.
#![cfg(all(feature = "sink", feature = "console"))]
#![allow(clippy::unwrap_used, reason = "what cannot be read or written fails the test")]

mod bash;
mod fish;
mod shape;
mod zsh;

use std::path::Path;
use std::{env, fs};

use clap::builder::Resettable;
use clap::{Arg, Command, Id};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;
use clap_mangen::Man;

/// A manual for the program and one for each subcommand.
fn pages() -> Vec<String> {
    let command = ehlo::inside::cli::command();
    // ehlo-sendmail(8) is written by hand, as its options are not ours.
    let names = command.get_subcommands().map(Command::get_name).filter(|name| *name != "sendmail");
    let subcommands = names.map(|name| format!("ehlo-{name}"));
    std::iter::once("ehlo".to_owned()).chain(subcommands).collect()
}

#[test]
fn completions_and_manuals_are_those_of_the_flags() {
    let shape = shape::shape();
    let ours = [
        ("completions/ehlo.bash", bash::script(&shape)),
        ("completions/_ehlo", zsh::script(&shape)),
        ("completions/ehlo.fish", fish::script(&shape)),
    ];
    let ours = ours.into_iter().map(|(path, text)| (path.to_owned(), text));
    let claps = [completion(&Shell::PowerShell), completion(&Shell::Elvish), completion(&Nushell)];
    let completions = ours.chain(claps);
    let manuals = pages().into_iter().map(|page| manual(&page));
    let stale: Vec<String> =
        completions.chain(manuals).filter_map(|(path, text)| settle(&path, &text)).collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; EHLO_REFRESH=1 cargo test --test generated writes them anew"
    );
}

#[test]
fn every_part_is_used() {
    for part in fs::read_dir(root().join("man/parts")).unwrap() {
        let name = part.unwrap().file_name().into_string().unwrap();
        assert!(pages().iter().any(|page| name == format!("{page}.1")), "man/parts/{name} is of no page");
    }
}

/// The file's name if it does not hold this text; or, if they are to be refreshed, writes it.
fn settle(path: &str, text: &str) -> Option<String> {
    let file = root().join(path);
    if fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return None;
    }
    if env::var_os("EHLO_REFRESH").is_none() {
        return Some(path.to_owned());
    }
    fs::write(file, text).unwrap();
    None
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn completion(shell: &impl Generator) -> (String, String) {
    let mut text = Vec::new();
    let mut command = ehlo::inside::cli::command();
    command.build();
    let command = command.mut_subcommands(without_hidden);
    shell.generate(&command, &mut text);
    (format!("completions/{}", shell.file_name("ehlo")), String::from_utf8(text).unwrap())
}

/// What is hidden from a subcommand's help is refused there: it is not for completion either.
fn without_hidden(command: Command) -> Command {
    if !command.get_arguments().any(Arg::is_hide_set) {
        return command;
    }
    let visible = command.get_arguments().filter(|arg| !arg.is_hide_set()).map(|arg| {
        let others = command.get_arg_conflicts_with(arg).into_iter().filter(|other| !other.is_hide_set());
        let others: Vec<Id> = others.map(|other| other.get_id().clone()).collect();
        arg.clone().conflicts_with(Resettable::Reset).conflicts_with_all(others)
    });
    let name: &'static str = command.get_name().to_owned().leak();
    Command::new(name)
        .about(command.get_about().cloned().unwrap_or_default())
        .bin_name(command.get_bin_name().unwrap_or_default().to_owned())
        .disable_help_flag(true)
        .args(visible.collect::<Vec<_>>())
}

fn manual(page: &str) -> (String, String) {
    let part = fs::read_to_string(root().join(format!("man/parts/{page}.1"))).unwrap();
    let mut ehlo = ehlo::inside::cli::command();
    ehlo.build();
    let command = match page.strip_prefix("ehlo-") {
        Some(name) => ehlo.find_subcommand(name).unwrap().clone(),
        None => ehlo,
    };
    let head =
        format!(".\\\" Made of man/parts/{page}.1 and the flags' own help by tests/generated: edit those.\n");
    let text = part.replace("@OPTIONS@\n", &options(command)).replace("@EXIT_STATUS@\n", &exit_status());
    (format!("man/{page}.1"), head + &text)
}

/// clap_mangen's options. The groups that it makes sections of go one step down, under one section, and get the case
/// that they have in the help; blank lines, which groff frowns upon, become `.sp`.
fn options(command: Command) -> String {
    let mut roff = Vec::new();
    Man::new(command).render_options_section(&mut roff).unwrap();
    let roff = String::from_utf8(roff).unwrap().replace(".br\n\n.br\n", ".sp\n").replace("\n\n", "\n.sp\n");
    let line = |line: &str| match line.strip_prefix(".SH ") {
        Some("OPTIONS") => String::new(),
        Some(heading) => format!(".SS {}\n", heading.to_lowercase()),
        None => format!("{line}\n"),
    };
    format!(".SH OPTIONS\n{}", roff.lines().map(line).collect::<String>())
}

fn exit_status() -> String {
    ehlo::inside::cli::EXIT_STATUS
        .lines()
        .map(|line| {
            let (status, when) = line.trim_start().split_once("  ").unwrap();
            format!(".TP\n.B {status}\n{when}\n")
        })
        .collect()
}
