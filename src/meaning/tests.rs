//! What is in the tables, and how they are put together.

mod tables;

use super::after::After;
use super::combine::{DISAGREE, UNREGISTERED, UNREGISTERED_STATUS};
use super::*;
use ehlo_smtp::reply::Reply;

fn explained(line: &str) -> Explanation {
    of_line(line, None).or_else(|| of_status(line, None)).unwrap()
}

/// The details of each subject in the IANA registry: 0 to the last, without gaps.
const LAST: [u16; 8] = [0, 10, 4, 6, 7, 6, 10, 30];

#[test]
fn every_reply_code_of_the_standards_is_there() {
    let all = [
        211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 432, 454, 450, 451, 452, 455, 500, 501, 502,
        503, 504, 521, 556, 523, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 431, 353, 525, 253, 458,
        459,
    ];
    for code in all {
        let explanation = explained(&code.to_string());
        assert!(explanation.registered && explanation.note.is_none(), "{code}");
        assert_eq!(explanation.subject.to_string(), code.to_string());
    }
    assert_eq!(codes().count(), all.len());
}

#[test]
fn every_enhanced_status_of_the_registry_is_there_in_each_class() {
    let mut count = 0;
    for (subject, last) in (0..).zip(LAST) {
        for detail in 0..=last {
            count += 1;
            for class in [2, 4, 5] {
                let status = EnhancedStatus { class, subject, detail };
                let explanation = explained(&status.to_string());
                assert!(explanation.registered && explanation.note.is_none(), "{status}");
                let again = explanation.again;
                assert!(
                    match class {
                        2 => again == Again::Accepted,
                        4 => again == Again::Later,
                        _ => matches!(again, Again::No | Again::AfterChange),
                    },
                    "{status}: {again:?}"
                );
            }
        }
    }
    assert_eq!(tables::statuses(), count);
}

#[test]
fn every_alert_and_mechanism_is_found_by_name_and_the_alerts_by_number() {
    for (number, alert) in terms::alerts() {
        for text in [alert.name.to_owned(), alert.name.replace('_', " "), format!("alert {number}")] {
            assert_eq!(Explanation::of_term(&text).unwrap().subject, Subject::Alert(number), "{text}");
        }
        assert_eq!(Explanation::of_term(&number.to_string()), None, "a bare number is no alert");
        assert_eq!(Explanation::of_term(&format!("alert 0{number}")), None, "a number has no zero in front");
    }
    // RFC 8446, appendix B.2.
    let numbers = [
        0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100,
        109, 110, 111, 112, 113, 114, 115, 116, 120,
    ];
    assert!(numbers.iter().all(|number| terms::alerts().any(|(known, _)| known == *number)));
    for (subject, term) in terms::all() {
        for text in [term.name.to_owned(), term.name.to_lowercase()] {
            let found = Explanation::of_term(&text).unwrap();
            assert_eq!((found.subject, found.name), (subject, term.name));
        }
    }
}

#[test]
fn the_enhanced_code_says_more_and_the_first_digit_has_the_last_word() {
    let name = |line: &str| explained(line).name;
    assert_eq!(name("550 5.1.1 no"), "no such mailbox there");
    assert_eq!(name("550 5.0.0 no"), "mailbox not available");
    assert_eq!(name("235 2.7.0 welcome"), "logged in");
    assert_eq!(name("530 5.7.0 log in"), "log in first, or use TLS");
    assert_eq!(name("454 4.7.0 later"), "temporary failure of TLS or log-in");
    assert_eq!(name("550 5.7.0 no"), "something about security or policy");
    assert_eq!(name("535 5.7.8 no"), "user name or password not accepted");
    assert_eq!(name("571 5.7.1 no"), "not allowed");
    assert_eq!(name("220 2.0.0 go"), "ready");
    let full = |line: &str| (explained(line).name, explained(line).again);
    assert_eq!(full("452 4.2.2 full"), ("mailbox full", Again::Later));
    assert_eq!(full("552 5.2.2 full"), ("mailbox full", Again::AfterChange));
    // RFC 2034, section 4: the classes must be the same.
    let odd = explained("550 4.2.2 full");
    assert_eq!((odd.name, odd.again, odd.note), ("mailbox not available", Again::No, Some(DISAGREE)));
    assert_eq!(odd.subject.to_string(), "550 4.2.2");
}

#[test]
fn an_unknown_code_is_explained_by_its_first_digit_and_says_so() {
    for (line, name, again) in [
        ("199", "preliminary", Again::GoOn),
        ("299", "accepted", Again::Accepted),
        ("399", "go on", Again::GoOn),
        ("499", "not now", Again::Later),
        ("599", "refused for good", Again::No),
    ] {
        let found = explained(line);
        assert_eq!((found.name, found.again, found.registered), (name, again, false), "{line}");
        assert_eq!(found.note, Some(UNREGISTERED));
    }
    let found = explained("5.7.999");
    assert_eq!((found.name, found.registered), ("about security or policy", false));
    assert_eq!(found.note, Some(UNREGISTERED_STATUS));
    assert_eq!(explained("5.99.1").name, "no details");
    // The registered one of the two counts.
    assert!(!explained("550 5.7.999").registered);
    for text in ["", "55", "5500", "050", "600", "55x", "550x", "5.1", "3.1.1", "é50"] {
        assert_eq!((of_line(text, None), of_status(text, None)), (None, None), "{text}");
    }
}

#[test]
fn words_of_providers_are_known() {
    for (line, name) in [
        ("535 5.7.8 Username and Password not accepted. gsmtp", "user name or password not accepted"),
        ("534-5.7.9 Application-specific password required.", "an app password is needed"),
        (
            "550-5.7.26 unauthenticated sender - gsmtp",
            "sender not authenticated: neither SPF nor DKIM passes, or DMARC forbids it",
        ),
        ("550-5.7.27 SPF did not pass. gsmtp", "SPF does not pass"),
        ("421-4.7.28 unusual rate of unsolicited mail gsmtp", "too much unwanted mail comes from you"),
        ("535 5.7.139 Authentication unsuccessful", "password log-in is switched off"),
        ("550 5.4.1 [a@b]: Recipient address rejected: Access denied.", "no such recipient there"),
        (
            "451 4.7.500 Server busy.",
            "throttled: the sending address is new or unknown, or sends too much at once",
        ),
        ("450 4.2.0 <a@b>: Recipient address rejected: Greylisted", "greylisted"),
        ("451 4.7.1 Please try again later", "not now; usually greylisting"),
        ("554 5.7.1 <a@b>: Relay access denied", "the server does not relay mail for you"),
        ("554 5.7.1 blocked using zen.spamhaus.org", "the sending address or domain is on Spamhaus's list"),
    ] {
        let found = explained(line);
        assert_eq!((found.name, found.known), (name, true), "{line}");
    }
    // Without such words the registry counts; and what went well is not looked at.
    assert_eq!(explained("550 5.7.27 no").name, "sender's domain accepts no mail");
    assert!(!explained("250 2.0.0 you were greylisted").known);
    // A passing refusal stays one.
    assert_eq!(explained("450 4.7.25 no PTR record, gsmtp").again, Again::Later);
}

/// What a line means after this, in one line.
fn after(after: After, line: &str) -> String {
    let (code, text) = line.split_at(3);
    Explanation::of(&Reply::new(code.parse().unwrap(), text.trim_start()), Some(after)).line()
}

#[test]
fn what_a_reply_is_called_after_each_command() {
    let letters = ['G', 'H', 'K', 'L', 'T', 'A', 'M', 'R', 'D', 'C', 'V', 'X', 'O'];
    let mut table = String::new();
    for code in codes() {
        let mut names: Vec<(&str, String)> = Vec::new();
        for (after, letter) in After::ALL.into_iter().zip(letters) {
            let name = Explanation::of(&Reply::new(code, "x"), Some(after)).name;
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, stages)) => stages.push(letter),
                None => names.push((name, letter.to_string())),
            }
        }
        let names: Vec<_> = names.iter().map(|(name, stages)| format!("{stages} {name}")).collect();
        table += &format!("{code}: {}\n", names.join("; "));
    }
    assert_eq!(table, NAMES);
}

/// Greeting, eHlo, helo (K), Lhlo, sTarttls, Auth, Mail, Rcpt, Data, message (C), Vrfy, eXpn, Others.
const NAMES: &str = "\
211: GHKLTAMRDCVX out of step; O status or help
214: GHKLTAMRDCVX out of step; O help
220: GTO ready; HKLAMRDCVX out of step
221: GHKLTAMRDCVX out of step; O goodbye
235: GHKLTMRDCVXO out of step; A logged in
250: GTA accepted; HKLMRCVXO done; D out of step
251: GHKLTAMCXO accepted; RV accepted, will be forwarded; D out of step
252: GHKLTAMCO accepted; RV cannot verify, but will try; D out of step; X not disclosed
253: GHKLTAMRDCVX out of step; O waiting mail will be sent
334: GHKLTMRDCVXO out of step; A log-in continues
353: GHKLTAMRDVXO out of step; C replies for each recipient follow
354: GHKLTAMRCVXO out of step; D send the message
421: GHKLTAMRDCVXO service not available, closing
431: GHKLTAVXO not now; MDC out of space; R too many recipients, or out of space
432: GHKLTVXO not now; A a new password is needed; MRDC mailbox busy
450: GHKLTAO not now; M sender deferred; RDC mailbox not available now; VX cannot be looked up now
451: GHKLTAMRDCVXO error on the server's side
452: GHKLTAVXO not now; MDC too little space; R too little space, or too many recipients
454: GHKLMRDCVXO not now; T TLS not available now; A log-in not possible now
455: GHKLTADCVXO not now; MR parameter not available now
458: GHKLTAMRDCVX not now; O waiting mail cannot be sent
459: GHKLTAMRDCVX not now; O host not allowed
500: G refused for good; H EHLO not understood; K HELO not understood; L LHLO not understood; \
     T STARTTLS not supported; A AUTH not supported; MRDO command not understood; \
     C message not understood; V VRFY not supported; X EXPN not supported
501: GC refused for good; HKL name in EHLO not accepted; TDO wrong arguments; A log-in malformed or cancelled; \
     M wrong sender or parameter; R wrong recipient or parameter; VX malformed name
502: GC refused for good; H EHLO not understood; K HELO not understood; L LHLO not understood; \
     T STARTTLS not supported; A AUTH not supported; MRDO command not implemented; \
     V VRFY not supported; X EXPN not supported
503: G refused for good; HKLMRO wrong order of commands; T TLS cannot begin at this point; \
     A log-in not possible at this point; DC no recipients; VX something else is required first
504: GTDCO refused for good; HKL name in EHLO not accepted; A mechanism not supported; MR parameter not implemented; \
     VX argument not implemented
521: GHKLVX this host accepts no mail; TAO refused for good; MR no mail accepted; DC refused
523: GHKLTO refused for good; A encryption needed; MRDCVX TLS required first
525: GHKLTRDCVXO refused for good; AM account disabled
530: GT refused for good; HKLMRDCVXO log in first, or use TLS; A TLS required first
534: GHKLTRDCVXO refused for good; AM log-in mechanism too weak, or not allowed
535: GHKLTO refused for good; A log-in refused; MRDCVX not logged in
538: GHKLTO refused for good; A encryption needed for this mechanism; MRDCVX TLS required first
550: G no mail from you; HKL not from this host; TO refused for good; A log-in refused; \
     M sender not accepted; R mailbox not available; DC message not accepted; \
     V no such mailbox, or not disclosed; X no such list, or not disclosed
551: GHKLTAMDCO refused for good; RVX not here, try another address
552: GHKLTAVXO refused for good; M too large; R mailbox full, or too many recipients; \
     DC too large, or mailbox full
553: GTAO refused for good; HKL not from this host; MDC sender not allowed; R recipient not allowed; \
     VX more than one matches
554: G no mail from you; HKL not from this host; TO refused for good; A log-in refused; \
     MRDC transaction failed; VX not disclosed
555: GHKLTADCVXO refused for good; MR unknown parameter
556: GHKLTADVXO refused for good; M sender's domain accepts no mail; RC this domain accepts no mail
";

/// Words of advice, and the commands after which they follow from what was answered.
const FITTING: [(&str, &[After]); 26] = [
    ("lmtp://", &[After::Helo, After::Lhlo]),
    ("--ehlo-name", &[After::Ehlo, After::Helo, After::Lhlo]),
    ("say HELO", &[After::Ehlo]),
    ("account that logs in", &[After::Mail, After::Data, After::Message]),
    ("SPF", &MAIL),
    ("DKIM", &MAIL),
    ("greylist", &MAIL),
    ("--from", &MAIL),
    ("--auth", &[After::Auth, After::Mail]),
    (
        "check user and password",
        &[After::Auth, After::Mail, After::Rcpt, After::Data, After::Message, After::Vrfy, After::Expn],
    ),
    ("letter by letter", &MAILBOX),
    ("mailing lists", &MAILBOX),
    ("ehlo verify", &[After::Vrfy]),
    ("by RCPT", &[After::Vrfy]),
    ("as its greeting", &[After::Connect]),
    ("as a greeting", &[]),
    ("relaying", &[After::Rcpt]),
    ("what is in the message", &[After::Message]),
    ("to RCPT", &[After::Rcpt, After::Vrfy]),
    ("to VRFY", &[After::Vrfy, After::Expn]),
    ("to STARTTLS", &[After::Connect, After::StartTls]),
    ("send the message", &[After::Data, After::Vrfy]),
    ("no recipient", &[After::Data, After::Message]),
    ("leave out the parameter", &[After::Mail, After::Rcpt]),
    ("log in or use TLS", &[After::Mail, After::Rcpt]),
    ("XCLIENT", &[After::Other]),
];
const MAIL: [After; 4] = [After::Mail, After::Rcpt, After::Data, After::Message];
const MAILBOX: [After; 5] = [After::Rcpt, After::Data, After::Message, After::Vrfy, After::Expn];

#[test]
fn no_advice_is_for_another_command() {
    let statuses =
        (0..).zip(LAST).flat_map(|(subject, last)| (0..=last).map(move |detail| (subject, detail)));
    let statuses: Vec<(u16, u16)> = statuses.collect();
    let mut misses = Vec::new();
    for (after, code) in After::ALL.into_iter().flat_map(|after| codes().map(move |code| (after, code))) {
        let class = code / 100;
        let all = statuses.iter().map(|(subject, detail)| format!("{class}.{subject}.{detail} x"));
        for text in all.filter(|_| class > 3).chain(["x".to_owned()]) {
            let found = Explanation::of(&Reply::new(code, &text), Some(after));
            let said = [found.name, &found.means, found.who, &found.advice].join("\n");
            let is_astray = |words, stages: &[After]| said.contains(words) && !stages.contains(&after);
            let astray = FITTING.iter().filter(|(words, stages)| is_astray(*words, stages));
            misses.extend(astray.map(|(words, _)| format!("{after:?}: {code} {text}: '{words}' in {said}")));
            if said.contains("nobody that keeps") {
                misses.push(format!("{after:?}: {code} {text}: {said}"));
            }
        }
    }
    assert_eq!(misses, Vec::<String>::new());
}

#[test]
fn a_registered_status_has_its_name_after_each_command() {
    for (subject, last) in (0..).zip(LAST) {
        for (after, detail) in
            After::ALL.into_iter().flat_map(|after| (0..=last).map(move |detail| (after, detail)))
        {
            for class in [2, 4, 5] {
                let status = EnhancedStatus { class, subject, detail }.to_string();
                let found = of_status(&status, Some(after)).unwrap();
                assert!(
                    found.registered && found.who != "no server that follows the standards",
                    "{after:?} {status}"
                );
                assert!(
                    !(0..6).any(|class| codes::of_class(class).name == found.name) || class == 2,
                    "{after:?} {status}"
                );
            }
        }
    }
}

#[test]
fn nothing_passes_by_itself_in_a_permanent_code() {
    for passing in phrases::all().filter(|phrase| phrase.is_passing) {
        assert!(passing.advice.starts_with("nothing is wrong"), "{}", passing.name);
        let words: Vec<_> = passing.groups().filter_map(|mut group| group.next()).collect();
        for code in codes().filter(|code| *code > 499) {
            for after in After::ALL.into_iter().map(Some).chain([None]) {
                for text in [words.join(" "), format!("5.2.1 {}", words.join(" "))] {
                    let found = Explanation::of(&Reply::new(code, &text), after);
                    assert!(!found.advice.contains("nothing is wrong"), "{after:?} {code} {text}");
                }
            }
        }
    }
    assert_eq!(
        after(After::Rcpt, "550 5.2.1 Mailbox busy"),
        "550 5.2.1: mailbox in use: ask the server's postmaster: the text speaks of a passing problem, but the code \
         is permanent; do not try again"
    );
}

#[test]
fn a_553_to_vrfy_is_ambiguous_and_names_the_candidates() {
    let ambiguous =
        "553 Ambiguous; Possibilities are\nJoe Smith <jsmith@foo.com>\nMelvin Smith <dweep@foo.com>";
    for asked in [After::Vrfy, After::Expn] {
        assert_eq!(
            after(asked, ambiguous),
            "553: more than one matches: ask with the whole address of one of them: jsmith@foo.com, \
             dweep@foo.com; try again after that"
        );
        assert_eq!(
            after(asked, "553 5.1.4 User ambiguous"),
            "553 5.1.4: more than one mailbox matches: ask for the exact address; try again after that"
        );
        assert_eq!(
            after(asked, "553 User ambiguous"),
            "553: more than one matches: ask with the whole address of one of them; try again after that"
        );
    }
    // To others it is no list, and names nobody.
    assert!(!after(After::Mail, ambiguous).contains("jsmith"));
    assert!(!explained("553 <jsmith@foo.com> no").advice.contains("jsmith"));
}

#[test]
fn the_command_and_the_words_count() {
    for (command, line, name) in [
        (After::Rcpt, "450 4.2.1 Mailbox busy, try again later", "mailbox in use"),
        (After::Rcpt, "450 4.2.1 later", "mailbox accepts no mail at the moment"),
        (After::Rcpt, "550 5.2.1 off", "mailbox disabled"),
        (After::Vrfy, "450 4.2.1 later", "mailbox accepts no mail at the moment"),
        (After::Vrfy, "500 what?", "VRFY not supported"),
        (After::Vrfy, "502 5.5.1 VRFY command is disabled", "VRFY not supported"),
        (After::Expn, "502 5.5.1 no", "EXPN not supported"),
        (After::Vrfy, "550 5.7.1 no", "not disclosed"),
        (After::Ehlo, "500 5.5.1 what?", "EHLO not understood"),
        (After::Lhlo, "500 5.5.1 what?", "LHLO not understood"),
        (After::Helo, "502 5.5.2 what?", "HELO not understood"),
        (After::Lhlo, "501 5.5.4 no", "name in EHLO not accepted"),
        (After::Ehlo, "501 5.5.4 Invalid domain name", "name in EHLO not accepted"),
        (After::Mail, "501 5.5.4 what?", "wrong sender or parameter"),
        (After::Mail, "555 5.5.4 Unsupported option", "unknown parameter"),
        (After::Auth, "503 5.5.1 Error: authentication not enabled", "log-in not possible at this point"),
        (After::Auth, "504 5.5.4 Unrecognized", "mechanism not supported"),
        (After::Auth, "530 5.7.0 Must issue a STARTTLS command first", "TLS required first"),
        (After::Mail, "530 5.7.0 Must issue a STARTTLS command first", "TLS required first"),
        (After::Mail, "530 5.7.0 Authentication required", "log-in required first"),
        (After::Rcpt, "554 5.7.1 Authentication required", "log-in required first"),
        (After::Rcpt, "421 4.7.0 too many errors", "too many errors in one session"),
        (After::Vrfy, "421 4.7.0 mx.example.org Error: too many errors", "too many errors in one session"),
        (After::Mail, "421 4.7.0 later", "service not available, closing"),
        (
            After::Connect,
            "421 4.7.0 Error: too many connections from 192.0.2.1",
            "too many connections at once",
        ),
        (After::Connect, "521 it is listed at bl.example.org", "the sending address is on a blocklist"),
        (After::Rcpt, "554 5.7.1 <a@b>: Sender address rejected: Access denied", "sender not accepted"),
        (
            After::Rcpt,
            "554 5.7.1 <x[192.0.2.1]>: Client host rejected: Access denied",
            "this host is not allowed to send there",
        ),
        (After::Rcpt, "550 5.7.1 <a@b>: Recipient address rejected: User unknown", "no such mailbox there"),
        (After::Auth, "535 5.7.8 no such user", "user name or password not accepted"),
        (After::Rcpt, "450 4.1.1 <a@b>: unverified address", "mailbox not known at the moment"),
        (After::Rcpt, "450 4.1.2 <a@b>: Domain not found", "domain not found at the moment"),
        (After::Rcpt, "450 4.7.1 later", "not now; usually greylisting"),
        (After::Auth, "451 4.7.1 later", "not allowed at the moment"),
        (After::Message, "552 Message size exceeds the limit", "message too large for the server"),
        (After::Rcpt, "552 over quota", "mailbox full"),
        (After::Rcpt, "452 4.5.3 Too many recipients", "too many recipients"),
        (After::Connect, "554 no", "no mail from you"),
        (After::Data, "554 5.5.1 Error: no valid recipients", "no recipients"),
        (After::Data, "554 5.5.1 no", "no recipients"),
        (After::Data, "503 5.5.1 need RCPT", "no recipients"),
        (After::Data, "554 no valid recipients", "no recipients"),
        (After::Message, "554 5.5.1 Error: no valid recipients", "no recipients"),
        (After::Data, "503 Need MAIL command", "no transaction is open"),
        (After::Mail, "503 5.5.1 nested MAIL command", "a transaction is already open"),
        (After::Mail, "503 Sender already specified", "a transaction is already open"),
        (After::Mail, "550 5.5.1 no", "command out of order"),
        (After::Mail, "503 5.5.1 Error: send HELO/EHLO first", "EHLO required first"),
        (After::Mail, "503 5.5.1 Authentication required", "log-in required first"),
        (After::Auth, "503 5.5.1 already authenticated", "already logged in"),
        (After::StartTls, "503 TLS already active", "TLS has already begun"),
        (After::StartTls, "554 5.7.1 no", "not allowed"),
        (After::Auth, "550 5.7.1 no", "log-in not allowed"),
        (After::Vrfy, "550 That is a mailing list, not a user", "a mailing list, not a mailbox"),
        (After::Vrfy, "550 5.1.1 that is a Mailing List, not a user", "a mailing list, not a mailbox"),
        (After::Vrfy, "550 no such user", "no such mailbox there"),
        (After::Expn, "550 That is a user name, not a mailing list", "a mailbox, not a mailing list"),
        (After::Expn, "550 no such list", "no such list, or not disclosed"),
        (After::Mail, "334 x", "out of step"),
        (After::Rcpt, "220 x", "out of step"),
        (After::Data, "250 x", "out of step"),
        (After::Data, "299 x", "out of step"),
        (After::Rcpt, "399 x", "out of step"),
        (After::Auth, "399 x", "go on"),
        (After::Rcpt, "299 x", "accepted"),
        (After::Other, "252 x", "accepted"),
        (After::Expn, "252 x", "not disclosed"),
    ] {
        let (code, text) = line.split_at(3);
        let found = Explanation::of(&Reply::new(code.parse().unwrap(), text.trim_start()), Some(command));
        assert_eq!(found.name, name, "{command:?}: {line}");
    }
    assert!(!after(After::Rcpt, "421 4.7.0 too many errors").contains("SPF"));
    assert!(!of_status("4.7.0 too many errors", None).unwrap().advice.contains("SPF"));
    // Without a command none is claimed, but what a line says of it is heeded.
    assert!(!explained("500 no").advice.contains("HELO") && explained("553 no").advice.contains("to MAIL:"));
    assert_eq!(explained("553 no (in reply to VRFY command)").name, "more than one matches");
    // The candidates are told as they are, and all of it in one line.
    assert_eq!(
        after(After::Other, "550 no"),
        "550: refused for good: read the text after the code; do not try again"
    );
}

#[test]
fn one_line_says_it_all() {
    assert_eq!(
        explained("550 5.2.1 off").line(),
        "550 5.2.1: mailbox disabled: reach the person some other way; do not try again"
    );
    assert_eq!(
        explained("553 no").line(),
        "553: address not allowed: check how the address is written; to MAIL: send from the address of the account \
         that logs in; try again after that"
    );
    // Not twice.
    assert_eq!(explained("458 no").line(), "458: waiting mail cannot be sent: try again later");
}
