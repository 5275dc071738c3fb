//! What there is to complete, taken from the definitions of the flags: for each flag its names, and what kind
//! of value it takes. The scripts for the shells are made of this.
//!
//! A value's kind follows from its parser (a path, one of a few words), from its hint, or from its name, in
//! this order. What nobody can guess is [`Value::Free`]: nothing is offered for it.

use clap::{Arg, ArgAction, Command, ValueHint};
use ehlo::inside::sasl::KNOWN;

/// The commands of the program.
pub struct Shape {
    pub commands: Vec<Subcommand>,
    /// The flags of `ehlo` itself.
    pub flags: Vec<Flag>,
}

/// One command.
pub struct Subcommand {
    pub name: String,
    pub about: String,
    pub flags: Vec<Flag>,
    /// What its arguments are, first to last; the last may be repeated.
    pub places: Vec<Place>,
}

/// One flag.
pub struct Flag {
    /// `S`, and its aliases.
    pub short: Vec<char>,
    /// `server`.
    pub long: Option<String>,
    pub help: String,
    /// None, if it takes no value.
    pub value: Option<Value>,
    /// What the help calls the value.
    pub value_name: String,
    pub repeats: bool,
}

/// An argument that is no flag.
pub struct Place {
    pub name: String,
    pub value: Value,
    pub repeats: bool,
}

/// What a value can be.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Anything: a text, an address.
    Free,
    File,
    Folder,
    /// A program, with its arguments.
    Command,
    Host,
    /// A variable of the environment.
    Variable,
    /// An account of the configuration.
    Account,
    /// One of these, each with its meaning, which may be empty.
    Words(Vec<(String, String)>),
    /// Some of these, a comma between.
    List(Vec<(String, String)>),
}

impl Flag {
    /// `-a` and `--attach`.
    pub fn spellings(&self) -> Vec<String> {
        let short = self.short.iter().map(|letter| format!("-{letter}"));
        short.chain(self.long.iter().map(|name| format!("--{name}"))).collect()
    }
}

/// The whole program, without what is hidden.
pub fn shape() -> Shape {
    let mut ehlo = ehlo::inside::cli::command();
    ehlo.build();
    Shape { commands: ehlo.get_subcommands().map(subcommand).collect(), flags: flags(&ehlo) }
}

fn subcommand(command: &Command) -> Subcommand {
    let place = |arg: &Arg| Place {
        name: value_name(arg),
        value: value(command, arg),
        repeats: matches!(arg.get_action(), ArgAction::Append),
    };
    let mut places: Vec<_> = command.get_positionals().collect();
    places.sort_by_key(|arg| arg.get_index());
    Subcommand {
        name: command.get_name().to_owned(),
        about: command.get_about().map(ToString::to_string).unwrap_or_default(),
        flags: flags(command),
        places: places.into_iter().map(place).collect(),
    }
}

fn flags(command: &Command) -> Vec<Flag> {
    let shown = command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set());
    let flag = |arg: &Arg| Flag {
        short: arg.get_short().into_iter().chain(arg.get_all_short_aliases().into_iter().flatten()).collect(),
        long: arg.get_long().map(str::to_owned),
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        value: arg.get_action().takes_values().then(|| value(command, arg)),
        value_name: value_name(arg),
        repeats: matches!(arg.get_action(), ArgAction::Append | ArgAction::Count),
    };
    shown.map(flag).collect()
}

fn value_name(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    name.unwrap_or_else(|| arg.get_id().to_string())
}

fn value(command: &Command, arg: &Arg) -> Value {
    let possible = arg.get_possible_values();
    let words: Vec<_> = possible
        .iter()
        .map(|word| {
            (word.get_name().to_owned(), word.get_help().map(ToString::to_string).unwrap_or_default())
        })
        .collect();
    if !words.is_empty() {
        return if arg.get_value_delimiter().is_some() { Value::List(words) } else { Value::Words(words) };
    }
    match arg.get_value_hint() {
        ValueHint::AnyPath | ValueHint::FilePath => return Value::File,
        ValueHint::DirPath => return Value::Folder,
        ValueHint::CommandString => return Value::Command,
        ValueHint::Hostname => return Value::Host,
        _ => {}
    }
    let plain = |words: &[&str]| words.iter().map(|word| ((*word).to_owned(), String::new())).collect();
    match (command.get_name(), value_name(arg).as_str()) {
        (_, "VARIABLE") => Value::Variable,
        (_, "ACCOUNT") => Value::Account,
        ("console", "SERVER") => Value::Host,
        (_, "MECHANISM") => Value::List(plain(&KNOWN)),
        ("explain", "COMMAND") => Value::Words(plain(&AFTER)),
        (_, "STAGE") => Value::Words(plain(&POINTS)),
        _ => Value::Free,
    }
}

/// What `ehlo explain --after` takes.
const AFTER: [&str; 16] = [
    "greeting", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "message", "VRFY",
    "EXPN", "RSET", "NOOP", "HELP", "QUIT",
];

/// What `--drop-after` takes, but for `data:OCTETS`.
const POINTS: [&str; 15] = [
    "connect",
    "ehlo",
    "tls",
    "auth",
    "mail",
    "rcpt",
    "data",
    "message",
    "ehlo-sent",
    "tls-sent",
    "auth-sent",
    "mail-sent",
    "rcpt-sent",
    "data-sent",
    "message-sent",
];

/// Words that a flag takes are read by it: a table here that is wrong does not stay.
#[test]
fn the_words_offered_are_words_that_are_read() {
    let read = |words: &[&str]| {
        let words = ["ehlo"].iter().chain(words).map(std::ffi::OsString::from);
        ehlo::inside::cli::parse(words).is_ok()
    };
    for point in POINTS {
        assert!(read(&["send", "--drop-after", point]), "{point}");
    }
    for after in AFTER {
        assert!(ehlo::inside::meaning::after::After::typed(after).is_some(), "{after}");
    }
}
