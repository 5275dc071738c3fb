//! `ehlo explain`: what codes mean. Nobody is connected to.

use super::early_exit::{EarlyExit, Result};
use super::standard_input::{self, Awaited};
use crate::cli::ExplainArgs;
use crate::config::text::unmarked;
use crate::meaning::after::After;
use crate::meaning::gather::{Found, Gather};
use crate::meaning::{self, Explanation, find};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::report::{explanation, own_status};
use ehlo_smtp::reply::characters;
use ehlo_smtp::status::EnhancedStatus;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

/// The most octets of a line that are looked at; what follows them is passed over.
const LONGEST_LINE: u64 = 64 * 1024;
/// The most words in the name of an alert.
const LONGEST_TERM: usize = 5;

/// Runs the command. The exit status is 0 if something was explained.
pub fn run(args: &ExplainArgs) -> ExitStatus {
    let output = Output::new(false, args.json, args.color);
    match explain(args, &output) {
        Ok(()) => ExitStatus::OK,
        Err(exit) => {
            let report = exit.report();
            output.say(&report.text);
            report.status
        }
    }
}

fn explain(args: &ExplainArgs, output: &Output) -> Result<()> {
    let words: Vec<_> =
        args.words.iter().map(|word| characters(word.as_encoded_bytes()).into_owned()).collect();
    let is_stdin = |word: &String| word == "-";
    let is_blank = !words.is_empty() && words.iter().all(|word| word.trim().is_empty());
    if is_blank || (words.is_empty() && io::stdin().is_terminal()) {
        return Err(EarlyExit::usage(
            "nothing to explain: name a code, as in 'ehlo explain 550 5.1.1', or pipe a log into it",
        ));
    }
    if words.len() > 1 && words.iter().any(is_stdin) {
        return Err(EarlyExit::usage("'-' is standard input, and cannot be combined with another word"));
    }
    let after = after(args)?;
    if after.is_some() && words.iter().all(is_stdin) {
        return Err(EarlyExit::usage(
            "--after goes with a code; a log says itself which command was answered",
        ));
    }
    let show =
        |text: String| output.data(&text).map_err(|error| EarlyExit::io(error, "cannot write".to_owned()));
    let look = output.look();
    let page = |found: &[(Explanation, Option<&str>)]| {
        let blocks = found.iter().map(|(explained, line)| match output.json {
            true => explanation::json(explained, *line),
            false => explanation::render(explained, *line, look),
        });
        // A blank line between blocks, none between objects.
        blocks.collect::<Vec<_>>().join(if output.json { "" } else { "\n" })
    };
    if !words.iter().all(is_stdin) {
        let explained = of_words(&words, after)?;
        return show(page(&explained.into_iter().map(|one| (one, None)).collect::<Vec<_>>()));
    }
    standard_input::say_what_is_awaited(Awaited::Replies, output);
    let (found, left_off) = of_text(io::stdin().lock())
        .map_err(|error| EarlyExit::no_input(error, "cannot read standard input".to_owned()))?;
    if found.is_empty() {
        return Err(EarlyExit::data("there is no reply code on standard input"));
    }
    show(page(
        &found.iter().map(|one| (one.explanation.clone(), Some(one.line.as_str()))).collect::<Vec<_>>(),
    ))?;
    if left_off > 0 {
        output.warn(&format!("only the first {} codes are explained", found.len()));
    }
    Ok(())
}

/// What was answered, by the user's word.
fn after(args: &ExplainArgs) -> Result<Option<After>> {
    let Some(text) = &args.after else { return Ok(None) };
    After::typed(text).map(Some).ok_or_else(|| {
        EarlyExit::usage(format!(
            "--after '{}': no such command; it must be one of greeting, EHLO, HELO, LHLO, STARTTLS, AUTH, \
             MAIL, RCPT, DATA, message, VRFY, EXPN, RSET, NOOP, HELP, QUIT",
            printable(text)
        ))
    })
}

/// Line by line, so that a text may be of any size.
fn of_text(mut text: impl BufRead) -> io::Result<(Vec<Found>, usize)> {
    let mut gather = Gather::default();
    let mut line = Vec::new();
    let mut is_first = true;
    loop {
        line.clear();
        if text.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(gather.end());
        }
        if line.last() != Some(&b'\n') {
            text.skip_until(b'\n')?;
        }
        let whole = if std::mem::take(&mut is_first) { unmarked(&line) } else { &line };
        gather.line(whole.trim_ascii_end());
    }
}

/// What was typed: codes, whole replies, names; each once.
fn of_words(words: &[String], after: Option<After>) -> Result<Vec<Explanation>> {
    let mut explained: Vec<Explanation> = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let (found, length) = first(rest, after)?;
        for one in found {
            if !explained.contains(&one) {
                explained.push(one);
            }
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(explained)
}

/// What the first words are, and how many they are.
fn first(words: &[String], after: Option<After>) -> Result<(Vec<Explanation>, usize)> {
    let word = words.first().map_or("", |word| word.trim());
    if meaning::leading_code(word).is_some() || meaning::of_status(word, None).is_some() {
        return Ok(reply(word, words, after));
    }
    for length in (1..=words.len().min(LONGEST_TERM)).rev() {
        let term = words.get(..length).unwrap_or_default().join(" ");
        if let Some(found) = Explanation::of_term(&term) {
            return Ok((vec![found], length));
        }
    }
    // What this program ends with.
    let number = word.parse().ok().filter(|number: &u8| number.to_string() == word);
    if let Some(explained) = number.and_then(own_status::explain) {
        return Ok((vec![explained], 1));
    }
    // A line out of a log.
    let found = find::find(word.as_bytes());
    if found.is_empty() {
        // In 'alert 999' it is the number that nobody knows.
        let behind = words.get(1).filter(|_| ["alert", "tls"].contains(&word.to_lowercase().as_str()));
        let what =
            printable(&behind.map_or_else(|| word.to_owned(), |next| format!("{word} {}", next.trim())));
        if Path::new(word).is_file() {
            return Err(EarlyExit::usage(format!(
                "'{what}' is a file: for the codes in it use 'ehlo explain < {what}'"
            )));
        }
        return Err(EarlyExit::usage(format!("'{what}' {}", unknown(word))));
    }
    Ok((found, 1))
}

/// What a word is not.
fn unknown(word: &str) -> String {
    let is_number = word.bytes().all(|b| b.is_ascii_digit());
    match word.len() {
        1 | 2 if is_number => {
            let statuses: Vec<String> = (0..=u8::MAX)
                .filter(|number| own_status::explain(*number).is_some())
                .map(|n| n.to_string())
                .collect();
            format!("is not an exit status of ehlo: they are {}", statuses.join(", "))
        }
        3 if is_number => "is not a reply code: they begin with 2, 3, 4 or 5".to_owned(),
        _ => "is not a code, exit status, TLS alert or SASL mechanism: see 'ehlo explain --help'".to_owned(),
    }
}

/// A reply that begins with this word: what follows its codes is its text, up to the end or another whole
/// reply.
fn reply(word: &str, words: &[String], after: Option<After>) -> (Vec<Explanation>, usize) {
    let is_bare = |word: &str| word.len() == 3 || is_status(word);
    let has_code = meaning::leading_code(word).is_some();
    let mut line = word.to_owned();
    let mut length = 1;
    let mut is_code_only = is_bare(word);
    let mut has_status = is_status(word);
    while let Some(next) = words.get(length) {
        let next = next.trim();
        let begins = meaning::leading_code(next).is_some() || meaning::of_status(next, None).is_some();
        // Two words that differ in their first digit are two codes.
        let agrees = word.bytes().next() == next.bytes().next();
        let joins =
            has_code && is_code_only && !has_status && agrees && meaning::of_status(next, None).is_some();
        let is_another = begins && !joins && (is_code_only || !is_bare(next));
        if is_another || (is_code_only && begins_term(words.get(length..).unwrap_or_default())) {
            break;
        }
        (is_code_only, has_status) = (is_code_only && is_bare(next), has_status || is_status(next));
        line = format!("{line} {next}");
        length += 1;
    }
    let found = meaning::of_line(&line, after).or_else(|| meaning::of_status(&line, after));
    (found.into_iter().collect(), length)
}

/// A name that is not likely to be the text of a reply: `550 access denied` is one, `550 access_denied` are
/// two things.
fn begins_term(words: &[String]) -> bool {
    let [word, rest @ ..] = words else { return false };
    let is_number = |word: &String| word.parse::<u8>().is_ok();
    let is_spelt_so = word.contains(['_', '-']) || *word == word.to_uppercase();
    (is_spelt_so && Explanation::of_term(word).is_some())
        || (matches!(word.to_lowercase().as_str(), "alert" | "tls") && rest.first().is_some_and(is_number))
}

/// Whether it is an enhanced code with nothing behind it.
fn is_status(word: &str) -> bool {
    EnhancedStatus::leading(word.as_bytes()).is_some_and(|status| status.to_string() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning::Subject;
    use crate::sasl;

    /// What the words are taken for.
    fn subjects(words: &[&str]) -> Vec<String> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        of_words(&words, None).unwrap().iter().map(|one| format!("{} ({})", one.subject, one.name)).collect()
    }

    #[test]
    fn words_are_replies_codes_and_names() {
        let unknown = "550 5.1.1 (no such mailbox there)";
        for words in [
            &["550", "5.1.1"][..],
            &["550 5.1.1"],
            &["550-5.1.1"],
            &["550-5.1.1 User", "unknown"],
            &["550", "5.1.1", "User unknown"],
            &["550", "5.1.1", "User", "421", "unknown", "PLAIN"],
            &["550", "5.1.1", "550", "5.1.1"],
            &["550-5.1.1 User unknown", "550 5.1.1 really"],
            &["host beta said: 550 5.1.1 User unknown (in reply to RCPT TO command)"],
        ] {
            assert_eq!(subjects(words), [unknown], "{words:?}");
        }
        let both = ["550 (mailbox not available)", "421 (service not available, closing)"];
        assert_eq!(subjects(&["550", "421"]), both);
        assert_eq!(subjects(&["550 no", "421 wait"]), both);
        assert_eq!(subjects(&["5.1.1", "5.2.2"]), ["5.1.1 (no such mailbox there)", "5.2.2 (mailbox full)"]);
        let mixed = [
            "421 (service not available, closing)",
            "5.2.2 (mailbox full)",
            "TLS alert 70 (protocol_version)",
        ];
        assert_eq!(subjects(&["421", "5.2.2", "TLS", "70"]), mixed);
        assert_eq!(subjects(&["5.1.1", "550"]), ["5.1.1 (no such mailbox there)", both[0]]);
        let failure = "TLS alert 40 (handshake_failure)";
        for words in [
            &["handshake_failure"][..],
            &["handshake", "failure"],
            &["HandshakeFailure"],
            &["alert", "40"],
            &["tls", "40"],
            &["TLS alert 40"],
            &["alert", "number", "40"],
        ] {
            assert_eq!(subjects(words), [failure], "{words:?}");
        }
        assert_eq!(subjects(&["550", "alert", "40"]), [both[0], failure]);
        assert_eq!(subjects(&["550", "handshake_failure"]), [both[0], failure]);
        assert_eq!(subjects(&["550", "access", "denied"]), [both[0]]);
        assert_eq!(
            subjects(&["scram-sha-256", "PLAIN", "auth", "login", "invalid-proof"]),
            [
                "SASL mechanism (SCRAM-SHA-256)",
                "SASL mechanism (PLAIN)",
                "SASL mechanism (LOGIN)",
                "SASL error (invalid-proof)"
            ]
        );
    }

    /// What the words say of a mechanism is what this program heeds.
    #[test]
    fn every_mechanism_is_explained_and_whether_it_shows_the_password() {
        for name in sasl::KNOWN {
            let found = Explanation::of_term(name).unwrap();
            assert_eq!((found.subject, found.name), (Subject::Mechanism, name));
            let is_told =
                ["shows the", "does not show", "no password"].map(|words| found.means.contains(words));
            assert_eq!(is_told.iter().filter(|is_told| **is_told).count(), 1, "{name}: {}", found.means);
            assert_eq!(sasl::shows_secret(name), is_told[0], "{name}");
        }
    }

    #[test]
    fn what_is_nothing_known_is_an_error_of_usage() {
        for word in
            ["", "foo", "40", "5.1", "3.1.1", "600", "099", "5500", "5.1.1.1", "alert", "alert 300", "x.1.1"]
        {
            assert!(of_words(&[word.to_owned()], None).is_err(), "{word}");
        }
    }

    #[test]
    fn a_text_is_read_alike_whatever_its_pieces_and_long_lines_are_cut() {
        let text = "a\nsaid: 550 5.1.1 no\r\ndsn=4.7.1\nsaid: 421";
        for size in 1..=text.len() {
            let (found, _) = of_text(io::BufReader::with_capacity(size, text.as_bytes())).unwrap();
            let found: Vec<_> = found.iter().map(|one| one.explanation.subject.to_string()).collect();
            assert_eq!(found, ["550 5.1.1", "4.7.1", "421"], "{size}");
        }
        let (found, _) = of_text("\u{feff}550 no\n\u{feff}421 wait\n".as_bytes()).unwrap();
        assert_eq!(found.iter().map(|one| one.line.as_str()).collect::<Vec<_>>(), ["550 no"]);
        let long = format!("{} said: 550 5.1.1\nsaid: 421 4.3.2\n", "x".repeat(70_000));
        let (found, _) = of_text(long.as_bytes()).unwrap();
        assert_eq!(
            found.iter().map(|one| one.explanation.subject.to_string()).collect::<Vec<_>>(),
            ["421 4.3.2"]
        );
    }
}
