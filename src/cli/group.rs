//! Groups of flags, of which only those that a command line names are defined.
//!
//! To define a hundred flags would be the largest part of what a start costs (docs/performance.md), and most
//! lines name ten. What a line means does not depend on it: a group is passed over only where no word of the
//! line could be a flag of it, and a line that is in error, or asks for help, is read once more with all of
//! them.

use std::ffi::OsString;

use clap::{ArgMatches, Command, FromArgMatches};

/// Flags that are defined together.
pub(super) struct Group {
    /// Its own name among the groups of a subcommand.
    pub name: &'static str,
    /// The names of all its flags, a blank between: `--tls`, `-s`, and `$EHLO_USER` for a variable that
    /// stands for a flag. Without them the group is always defined.
    pub flags: Option<&'static str>,
    /// Adds the flags to a command.
    pub define: fn(Command) -> Command,
}

impl Group {
    fn may_be_named_by(&self, words: &[OsString]) -> bool {
        self.flags.is_none_or(|names| {
            names.split(' ').any(|name| match name.strip_prefix('$') {
                Some(variable) => std::env::var_os(variable).is_some(),
                None => words.iter().any(|word| may_mean(word.as_encoded_bytes(), name.as_bytes())),
            })
        })
    }
}

/// Whether this word could be the flag of this name, perhaps with a value, or among others. It may be another
/// flag's value, too.
fn may_mean(word: &[u8], name: &[u8]) -> bool {
    match (word, name) {
        ([b'-', b'-', ..], _) => word.strip_prefix(name).is_some_and(|rest| matches!(rest, [] | [b'=', ..])),
        ([b'-', letters @ ..], [b'-', letter]) => letters.contains(letter),
        _ => false,
    }
}

/// The groups of a subcommand that are defined, in the order of its help.
pub(super) struct Defined(Vec<&'static Group>);

impl Defined {
    /// All of them.
    pub(super) fn all(groups: &[&'static Group]) -> Self {
        Self(groups.to_vec())
    }

    /// Those that a command line may need.
    pub(super) fn by(words: &[OsString], groups: &[&'static Group]) -> Self {
        Self(groups.iter().copied().filter(|group| group.may_be_named_by(words)).collect())
    }

    /// Whether this one is among them.
    pub(super) fn has(&self, group: &Group) -> bool {
        self.0.iter().any(|defined| defined.name == group.name)
    }

    /// Adds their flags to a command.
    pub(super) fn define(&self, command: Command) -> Command {
        self.0.iter().fold(command, |command, group| (group.define)(command))
    }

    /// What was given of a group's flags; nothing, if it is not defined.
    pub(super) fn read<T>(&self, group: &Group, matches: &mut ArgMatches) -> Result<T, clap::Error>
    where
        T: FromArgMatches + Default,
    {
        if self.has(group) { T::from_arg_matches_mut(matches) } else { Ok(T::default()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static GROUP: Group = Group {
        name: "group",
        flags: Some("--tls --pin -x -y $EHLO_NO_SUCH_VARIABLE"),
        define: |command| command,
    };

    fn is_defined(words: &[&str]) -> bool {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        Defined::by(&words, &[&GROUP]).has(&GROUP)
    }

    #[test]
    fn a_word_that_could_be_a_flag_defines_its_group() {
        for words in [
            &["--tls"][..],
            &["--tls=off"],
            &["--pin=a=b"],
            &["-x"],
            &["-qx"],
            &["-xvalue"],
            &["-svaluey"],
            &["you@a", "--", "--tls"],
            &["-s", "--pin"],
        ] {
            assert!(is_defined(words), "{words:?}");
        }
    }

    #[test]
    fn no_other_word_does() {
        for words in
            [&[][..], &["tls"], &["--tl"], &["--tlsx"], &["--", "-", "x"], &["-q"], &["--x"], &["—x"], &[""]]
        {
            assert!(!is_defined(words), "{words:?}");
        }
    }

    #[test]
    fn a_variable_does() {
        static PATH: Group = Group { name: "path", flags: Some("--path $PATH"), define: |command| command };
        let defined = Defined::by(&[], &[&GROUP, &PATH]);
        assert!(defined.has(&PATH) && !defined.has(&GROUP));
    }
}
