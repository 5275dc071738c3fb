//! What TAB completes: commands, their parameters by what EHLO offered, mechanisms, codes.

use super::line::{DONE, OURS, VERBS};
use crate::meaning;
use ehlo_smtp::extension::{Extension, Extensions, Form};
use ehlo_smtp::verb::Verb;

/// What the last word of `line` may become: where that word begins, and the candidates.
pub fn candidates(line: &str, offered: &Extensions) -> (usize, Vec<String>) {
    let start = line.rfind(' ').map_or(0, |at| at + 1);
    let (before, word) = line.split_at(start);
    let mut words = before.split_ascii_whitespace().map(str::to_ascii_uppercase);
    let mut first = words.next();
    let is_raw = first.as_deref() == Some("RAW");
    if is_raw {
        first = words.next();
    }
    let verb = first.as_deref().and_then(Verb::named);
    let is_first = words.next().is_none();
    let parameters = |forms: fn(Extension) -> &'static [Form]| -> Vec<String> {
        let offered = Extension::ALL.iter().filter(|extension| offered.offers(**extension));
        offered.flat_map(|extension| forms(*extension)).flat_map(written).collect()
    };
    let all = match (first.as_deref(), verb) {
        (None, _) if is_raw => VERBS.iter().chain(&DONE).map(ToString::to_string).collect(),
        (None, _) => return (start, commands(word)),
        (_, Some(verb @ (Verb::Mail | Verb::Rcpt))) if is_first => vec![format!("{}<", verb.before_path())],
        (_, Some(Verb::Mail)) => parameters(Extension::mail_parameters),
        (_, Some(Verb::Rcpt)) => parameters(Extension::rcpt_parameters),
        (_, Some(Verb::Auth)) if is_first => {
            offered.mechanisms().into_iter().filter(|name| is_mechanism(name)).collect()
        }
        (Some("EXPLAIN"), _) => meaning::codes().map(|code| code.to_string()).collect(),
        (Some(_), _) => Vec::new(),
    };
    (start, all.into_iter().filter(|candidate| begins(candidate, word)).collect())
}

/// A parameter with each beginning of its value, or alone if it has none.
fn written((keyword, values): &Form) -> Vec<String> {
    match values {
        [] => vec![(*keyword).to_owned()],
        values => values.iter().map(|value| format!("{keyword}={value}")).collect(),
    }
}

/// The server's commands as the user began to spell them, and ours.
fn commands(word: &str) -> Vec<String> {
    let is_small = word.starts_with(|c: char| c.is_ascii_lowercase());
    let spelt = |verb: Verb| if is_small { verb.name().to_ascii_lowercase() } else { verb.name().to_owned() };
    let verbs = VERBS.into_iter().map(spelt);
    let all = verbs.chain(OURS.iter().map(ToString::to_string));
    all.filter(|name| begins(name, word)).collect()
}

/// Whether this can be the name of a mechanism (RFC 4422, section 3.1). What else the server says is not for
/// the terminal.
fn is_mechanism(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn begins(candidate: &str, word: &str) -> bool {
    candidate.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ehlo_smtp::reply::Reply;

    fn candidates_of(line: &str) -> (usize, String) {
        let offered = Extensions::from_reply(&Reply::new(250, "beta\nSIZE 9\nDSN\nAUTH PLAIN LOGIN"));
        let (start, all) = candidates(line, &offered);
        (start, all.join(" "))
    }

    #[test]
    fn what_is_offered_is_completed_and_nothing_else() {
        for (line, start, all) in [
            ("no", 0, "noop"),
            ("NO", 0, "NOOP"),
            ("R", 0, "RCPT RSET raw"),
            ("he", 0, "helo help"),
            ("MAIL f", 5, "FROM:<"),
            ("rcpt ", 5, "TO:<"),
            ("MAIL FROM:<> ", 13, "SIZE= RET=FULL RET=HDRS ENVID= AUTH=<>"),
            ("MAIL FROM:<> SIZE=5 r", 20, "RET=FULL RET=HDRS"),
            ("raw MAIL FROM:<> s", 17, "SIZE="),
            ("RCPT TO:<a@b> NOTIFY=N", 14, "NOTIFY=NEVER"),
            ("auth p", 5, "PLAIN"),
            ("explain 45", 8, "450 451 452 454 455 458 459"),
            ("raw D", 4, "DATA"),
            ("NOOP x", 5, ""),
            ("é", 0, ""),
        ] {
            assert_eq!(candidates_of(line), (start, all.to_owned()), "{line}");
        }
    }

    #[test]
    fn every_parameter_of_an_extension_is_completed_where_that_is_offered() {
        for extension in Extension::ALL {
            let offered = Extensions::from_reply(&Reply::new(250, &format!("beta\n{}", extension.keyword())));
            let all = |forms: &[Form]| forms.iter().flat_map(written).collect::<Vec<_>>();
            assert_eq!(candidates("MAIL FROM:<> ", &offered).1, all(extension.mail_parameters()));
            assert_eq!(candidates("RCPT TO:<a@b> ", &offered).1, all(extension.rcpt_parameters()));
        }
    }

    #[test]
    fn what_is_no_name_of_a_mechanism_is_not_shown() {
        let reply = "b\nAUTH \u{1b}[31mRED \u{9b}2J SCRAM-SHA-256 X_Y L\u{202e}OGIN a\u{7}";
        let offered = Extensions::from_reply(&Reply::new(250, reply));
        assert_eq!(candidates("auth ", &offered), (5, vec!["SCRAM-SHA-256".to_owned(), "X_Y".to_owned()]));
    }
}
