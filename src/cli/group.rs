//! Groups of flags, of which only those that a command line names are defined.
//!
//! To define a hundred flags would be the largest part of what a start costs (docs/performance.md), and most lines name
//! ten. What a line means does not depend on it: a group is passed over only where no word of the line could be a flag
//! of it, and a line that is in error, or asks for help, is read once more with all of them.

use std::ffi::{OsStr, OsString};

use clap::{ArgMatches, Command, FromArgMatches};

/// Flags that are defined together.
pub(super) struct Group {
    /// One bit, its own among the groups of a subcommand.
    pub bit: u32,
    /// How to tell that one of them may be meant; if this is not known, they are always defined.
    pub names: Option<Names>,
    /// Adds them.
    pub define: fn(Command) -> Command,
}

/// What names a flag of a group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Words behind two hyphens.
    pub long: &'static [&'static str],
    /// Letters behind one.
    pub short: &'static str,
    /// Environment variables that stand for a flag.
    pub variables: &'static [&'static str],
}

impl Names {
    fn are_in(&self, words: &[OsString]) -> bool {
        words.iter().any(|word| self.may_mean(word))
            || self.variables.iter().any(|name| std::env::var_os(name).is_some())
    }

    /// Could this word be one of the flags, or several? That it is the value of another one makes no difference here.
    fn may_mean(&self, word: &OsStr) -> bool {
        let word = word.as_encoded_bytes();
        match (word.strip_prefix(b"--"), word.strip_prefix(b"-")) {
            (Some(long), _) => {
                let name = long.split(|octet| *octet == b'=').next().unwrap_or_default();
                self.long.iter().any(|long| long.as_bytes() == name)
            }
            (None, Some(letters)) => letters.iter().any(|letter| self.short.as_bytes().contains(letter)),
            (None, None) => false,
        }
    }
}

/// The groups that are defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Defined(u32);

impl Defined {
    /// All of them.
    pub(super) const ALL: Self = Self(u32::MAX);

    /// Those of these groups that a command line may need.
    pub(super) fn by(words: &[OsString], groups: &[&Group]) -> Self {
        let needed =
            groups.iter().filter(|group| group.names.as_ref().is_none_or(|names| names.are_in(words)));
        Self(needed.fold(0, |bits, group| bits | group.bit))
    }

    /// Whether this one is among them.
    pub(super) const fn has(self, group: &Group) -> bool {
        self.0 & group.bit != 0
    }

    /// What was given of a group's flags; nothing, if it is not defined.
    pub(super) fn read<T>(self, group: &Group, matches: &mut ArgMatches) -> Result<T, clap::Error>
    where
        T: FromArgMatches + Default,
    {
        if self.has(group) { T::from_arg_matches_mut(matches) } else { Ok(T::default()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: Group = Group {
        bit: 1,
        names: Some(Names { long: &["tls", "pin"], short: "xy", variables: &["EHLO_NO_SUCH_VARIABLE"] }),
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
        const PATH: Group = Group {
            bit: 2,
            names: Some(Names { long: &[], short: "", variables: &["PATH"] }),
            define: |command| command,
        };
        let defined = Defined::by(&[], &[&GROUP, &PATH]);
        assert!(defined.has(&PATH) && !defined.has(&GROUP));
    }
}
