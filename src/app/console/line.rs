//! What a typed line asks for.

use ehlo_smtp::verb::Verb;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask<'a> {
    /// Nothing.
    Nothing,
    /// This line goes to the server, if nothing speaks against it.
    Say(&'a str),
    /// This line goes to the server, whatever it is.
    Raw(&'a str),
    /// Log in, perhaps by this mechanism.
    Auth(Option<&'a str>),
    /// Begin TLS.
    Tls,
    /// Send this file, or what is typed next.
    Data(Option<&'a str>),
    /// Say what a code means.
    Explain(&'a str),
    /// Keep the dialogue in this file.
    Save(&'a str),
    /// Say what can be typed.
    Help,
    /// Take leave.
    Quit,
}

/// The words that are ours; in any case, as SMTP's are.
pub const OURS: [&str; 8] = ["auth", "tls", "data", "raw", "explain", "save", "help", "quit"];

/// The commands that go to the server.
pub const VERBS: [Verb; 8] =
    [Verb::Ehlo, Verb::Helo, Verb::Mail, Verb::Rcpt, Verb::Rset, Verb::Noop, Verb::Vrfy, Verb::Expn];

/// Those that are done for whoever sits there, and go to the server as they are behind `raw` only.
pub const DONE: [Verb; 4] = [Verb::Help, Verb::Data, Verb::Auth, Verb::Quit];

/// Reads one line. `help` is ours where somebody sits who can read it; elsewhere the server is asked.
pub fn read(line: &str, has_reader: bool) -> Ask<'_> {
    let whole = line.trim_start_matches(' ');
    let line = whole.trim_end_matches(' ');
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim_start();
    let argument = Some(rest).filter(|rest| !rest.is_empty());
    match (word.to_ascii_lowercase().as_str(), argument) {
        ("", _) => Ask::Nothing,
        (word, _) if word.starts_with('#') => Ask::Nothing,
        // To the last blank.
        ("raw", _) => Ask::Raw(whole.get(word.len()..).unwrap_or_default().trim_start_matches(' ')),
        // With a response it is no wish to log in, but one that is objected to.
        ("auth", argument) if argument.is_none_or(|argument| !argument.contains(' ')) => Ask::Auth(argument),
        ("tls" | "starttls", None) => Ask::Tls,
        ("data", argument) => Ask::Data(argument),
        ("explain", _) => Ask::Explain(rest),
        ("save", Some(file)) => Ask::Save(file),
        ("help" | "?", None) if has_reader => Ask::Help,
        ("quit", None) => Ask::Quit,
        ("exit", None) if has_reader => Ask::Quit,
        _ => Ask::Say(line),
    }
}

/// Whether it is a log-in, by our command or by hand.
pub fn is_log_in(line: &str) -> bool {
    let is = |word: Option<&str>, wanted: &str| word.is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    let mut words = line.split_whitespace();
    let first = words.next();
    is(first, "auth") || (is(first, "raw") && is(words.next(), "auth"))
}

/// Whether it announces octets. They would be taken for commands if they never came (RFC 3030, section 2).
pub fn is_chunk(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_bdat = words.next().and_then(Verb::named) == Some(Verb::Bdat);
    is_bdat && words.next().is_none_or(|octets| !octets.trim_start_matches('0').is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_are_known_in_any_case() {
        for (line, ask) in [
            ("", Ask::Nothing),
            ("  ", Ask::Nothing),
            ("# remark", Ask::Nothing),
            ("noop", Ask::Say("noop")),
            ("MAIL FROM:<>", Ask::Say("MAIL FROM:<>")),
            ("raw  HELP me ", Ask::Raw("HELP me ")),
            ("raw", Ask::Raw("")),
            ("AUTH", Ask::Auth(None)),
            ("auth plain", Ask::Auth(Some("plain"))),
            ("AUTH PLAIN AHUAcA==", Ask::Say("AUTH PLAIN AHUAcA==")),
            ("STARTTLS", Ask::Tls),
            ("DATA", Ask::Data(None)),
            ("data a letter.eml", Ask::Data(Some("a letter.eml"))),
            ("explain 550", Ask::Explain("550")),
            ("save", Ask::Say("save")),
            ("Help", Ask::Help),
            ("HELP MAIL", Ask::Say("HELP MAIL")),
            ("QUIT", Ask::Quit),
            ("quit now", Ask::Say("quit now")),
            ("exit", Ask::Quit),
        ] {
            assert_eq!(read(line, true), ask, "{line}");
        }
        assert_eq!(read("HELP", false), Ask::Say("HELP"));
        assert_eq!(read("exit", false), Ask::Say("exit"));
    }

    #[test]
    fn a_log_in_is_one_by_hand_too() {
        for line in ["auth", "AUTH LOGIN", "raw AUTH PLAIN AHUAcA==", " Raw  auth"] {
            assert!(is_log_in(line), "{line}");
        }
        for line in ["", "raw", "authentic", "raw NOOP auth", "NOOP auth"] {
            assert!(!is_log_in(line), "{line}");
        }
    }
}
