//! What is said of a configuration that cannot be used: what is wrong, where, and what to do.

use crate::config::accounts::{ConfigError, ConfigFault, FileFault, Key, OF_ACCOUNT, OF_FILE, Problem};
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
        ConfigFault::UnknownKey { key, table, known } => unknown_key(key, table, known),
        ConfigFault::UnknownTable(name) if name == "limits" => {
            ": limits are an account's, as in [account.work.limits]".to_owned()
        }
        ConfigFault::UnknownTable(name) => match nearest(name, &["account"]) {
            Some(_) => ": an account is [account.NAME]".to_owned(),
            None => format!(": an account is [account.{}]", name.escape_debug()),
        },
        ConfigFault::NotATable(key) if key.starts_with("account.") && key.matches('.').count() == 1 => {
            ": an account has a name, as in [account.work]".to_owned()
        }
        ConfigFault::Secret(key) if key.starts_with("oauth") => ": use oauth-client-secret-file".to_owned(),
        ConfigFault::Secret(_) => ": use password-file, password-command or password-credential".to_owned(),
        ConfigFault::NoServer(_) => ": add server = \"submission://mail.example.org\"".to_owned(),
        _ => String::new(),
    };
    format!("{error}{advice}")
}

/// What other programs call it, and what to write here.
const ELSEWHERE: [(&[&str], &str); 7] = [
    (&["host", "hostname", "smtp", "smtp-server", "mailhub"], "use server"),
    (&["port"], "it is a part of server, as in \"mail.example.org:587\""),
    (&["username", "login"], "use user"),
    (&["passwordeval", "password-cmd"], "use password-command"),
    (&["sender", "email", "mail"], "use address"),
    (&["starttls", "encryption", "ssl"], "use tls"),
    (&["insecure", "tls-certcheck", "fingerprint", "tls-fingerprint"], "use pin or ca-file"),
];

/// What to do about a key that is not known in this table.
fn unknown_key(key: &str, table: &str, known: &[&str]) -> String {
    if let Some(meant) = nearest(key, known) {
        return format!(": did you mean '{meant}'?");
    }
    let name = key.replace('_', "-");
    let elsewhere = ELSEWHERE.iter().find(|(theirs, _)| theirs.contains(&name.as_str()));
    let has_key = |keys: &[Key]| keys.iter().any(|one| one.name == key);
    match elsewhere {
        Some((_, ours)) if !table.is_empty() => format!(": {ours}"),
        _ if !table.is_empty() && has_key(OF_FILE) => {
            format!(": it belongs above [{table}], at the top of the file")
        }
        _ if table.is_empty() && has_key(OF_ACCOUNT) => {
            ": it belongs in an account, below [account.NAME]".to_owned()
        }
        _ if table.matches('.').count() == 1 => "; ehlo-config(5) has all keys".to_owned(),
        _ => format!("; known are {}", known.join(", ")),
    }
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
