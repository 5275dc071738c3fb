//! What is said of a configuration that cannot be used: what is wrong, where, and what to do.

use crate::config::accounts::{ConfigError, ConfigFault, FileFault, Problem};
use crate::net::error::plain;

/// How far a word is from the one that was meant, at most: a slip of the fingers.
const SLIP: usize = 2;

/// The sentence, with the file and the line.
#[must_use]
pub fn error(error: &ConfigError) -> String {
    let file = error.file.display();
    let advice = match &error.fault {
        ConfigFault::File(FileFault::Io(why)) => return format!("cannot read {file}: {}", plain(why)),
        ConfigFault::File(FileFault::Problem(Problem::WritableByOthers)) => {
            format!(": run chmod go-w {file}")
        }
        ConfigFault::File(FileFault::Problem(Problem::ReadableByOthers)) => format!(": run chmod 600 {file}"),
        ConfigFault::File(FileFault::Problem(Problem::ForeignOwner)) => ": chown it to yourself".to_owned(),
        ConfigFault::UnknownKey { key, known, .. } => match nearest(key, known) {
            Some(meant) => format!(": did you mean '{meant}'?"),
            None => format!("; known are {}", known.join(", ")),
        },
        ConfigFault::Secret(_) => ": use password-file, password-command or password-credential".to_owned(),
        ConfigFault::NoServer(_) => ": add server = \"submission://mail.example.org\"".to_owned(),
        _ => String::new(),
    };
    format!("{error}{advice}")
}

/// What follows 'there is no account': the one that was meant, or those that there are.
#[must_use]
pub fn known_accounts(typed: &str, known: &[&str]) -> String {
    match (nearest(typed, known), known) {
        (Some(meant), _) => format!(": did you mean '{meant}'?"),
        (None, []) => ": there are no accounts; see ehlo-config(5)".to_owned(),
        (None, known) => format!("; there are {}", known.join(", ")),
    }
}

/// The word that was meant, if it is near enough to be a slip.
#[must_use]
pub fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |word: &&str| strsim::damerau_levenshtein(typed, word);
    let most = SLIP.min(typed.chars().count() / 3);
    known.iter().copied().filter(|word| distance(word) <= most).min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_is_taken_for_another_word() {
        let known = ["server", "user", "tls", "tls-min", "password-file"];
        assert_eq!(nearest("sever", &known), Some("server"));
        assert_eq!(nearest("usre", &known), Some("user"));
        assert_eq!(nearest("passwordfile", &known), Some("password-file"));
        assert_eq!(nearest("tsl", &known), Some("tls"));
        assert_eq!(nearest("port", &known), None);
        assert_eq!(nearest("x", &known), None);
    }
}
