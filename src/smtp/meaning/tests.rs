//! What is in the tables, and how they are put together.

use super::*;

fn explained(line: &str) -> Explanation {
    of_line(line).or_else(|| of_status(line)).unwrap()
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
    let codes: Vec<u16> = codes::CODES.rows().map(|row| row.0.0).collect();
    assert_eq!(codes.len(), all.len());
    assert!(codes.is_sorted_by(|one, next| one < next));
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
    let statuses: Vec<(u16, u16)> = enhanced::STATUSES.rows().map(|row| (row.0.0, row.0.1)).collect();
    assert_eq!(statuses.len(), count);
    assert!(statuses.is_sorted_by(|one, next| one < next));
    assert!(enhanced::SUBJECTS.rows().zip(0..).all(|(row, subject)| (row.0.0, row.0.1) == (subject, 0)));
}

#[test]
fn every_alert_and_mechanism_is_found_by_name_and_the_alerts_by_number() {
    for alert in alerts::all() {
        for text in [alert.name.to_owned(), alert.name.replace('_', " "), format!("alert {}", alert.number)] {
            assert_eq!(Explanation::of_term(&text).unwrap().subject, Subject::Alert(alert.number), "{text}");
        }
        assert_eq!(Explanation::of_term(&alert.number.to_string()), None, "a bare number is no alert");
    }
    // RFC 8446, appendix B.2.
    let numbers = [
        0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86, 90, 100,
        109, 110, 111, 112, 113, 114, 115, 116, 120,
    ];
    assert!(numbers.iter().all(|number| alerts::all().any(|alert| alert.number == *number)));
    for row in sasl::mechanisms().chain(sasl::errors()) {
        assert_eq!(Explanation::of_term(row.name).unwrap().name, row.name);
        assert_eq!(Explanation::of_term(&row.name.to_lowercase()).unwrap().name, row.name);
    }
    for known in
        ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "EXTERNAL"]
    {
        let means = Explanation::of_term(known).unwrap().means;
        assert!(
            means.contains("show") || means.contains("no password"),
            "{known}: does it show the password?"
        );
    }
}

#[test]
fn every_text_is_short_and_reads_like_the_others() {
    let of_habits = habits::all().map(|habit| [habit.name, habit.advice, habit.who, "x"]);
    let of_terms =
        sasl::mechanisms().chain(sasl::errors()).map(|row| [row.name, row.means, row.who, row.advice]);
    let rows = codes::CODES.rows().map(|row| row.1).chain(enhanced::STATUSES.rows().map(|row| row.1));
    let rows = rows.chain(alerts::ALERTS.rows().map(|row| row.1));
    for [name, means, who, advice] in rows.chain(of_terms).chain(of_habits) {
        assert!(name.len() <= 80, "{name}");
        for text in [name, means, who, advice] {
            assert!(!text.is_empty() && text.len() <= 130, "{text}");
            assert!(!text.ends_with('.') && text.trim() == text && !text.contains("  "), "{text}");
            assert!(!text.chars().any(crate::smtp::dialogue::is_unsafe), "{text}");
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
        assert_eq!((of_line(text), of_status(text)), (None, None), "{text}");
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
        ("535 5.7.139 Authentication unsuccessful", "log-in by password is switched off"),
        ("550 5.4.1 [a@b]: Recipient address rejected: Access denied.", "no such recipient there"),
        ("451 4.7.500 Server busy.", "slowed down: new or unknown sending address, or too much at once"),
        ("450 4.2.0 <a@b>: Recipient address rejected: Greylisted", "greylisted"),
        ("451 4.7.1 Please try again later", "not now; mostly greylisting"),
        ("554 5.7.1 <a@b>: Relay access denied", "the server does not pass mail on for you"),
        ("554 5.7.1 blocked using zen.spamhaus.org", "the sending address or domain is on Spamhaus's list"),
    ] {
        let found = explained(line);
        assert_eq!((found.name, found.known), (name, true), "{line}");
    }
    // Without such words the registry counts; and what went well is not looked at.
    assert_eq!(explained("550 5.7.27 no").name, "sender's domain takes no mail");
    assert!(!explained("250 2.0.0 you were greylisted").known);
    // A passing refusal stays one.
    assert_eq!(explained("450 4.7.25 no PTR record, gsmtp").again, Again::Later);
}

#[test]
fn a_501_to_auth_is_about_the_log_in() {
    let line = |code: u16, text: &str| Explanation::of_reply_to_auth(&Reply::new(code, text)).line();
    let advice = "log-in malformed or cancelled: use another mechanism by --auth; see the dialogue (ehlo send -v) for \
                  where it stopped; try again after that";
    assert_eq!(line(501, "what?"), format!("501: {advice}"));
    assert_eq!(line(501, "5.5.4 what?"), format!("501 5.5.4: {advice}"));
    for (code, text) in [(535, "5.7.8 no"), (504, "5.5.4 no"), (501, "5.7.0 you were greylisted")] {
        assert_eq!(line(code, text), Explanation::of(&Reply::new(code, text)).line());
    }
}

#[test]
fn one_line_says_it_all() {
    assert_eq!(
        explained("550 5.2.1 off").line(),
        "550 5.2.1: mailbox disabled: reach the person another way; do not try again"
    );
    assert_eq!(
        explained("553 no").line(),
        "553: address not allowed: send from the address of the account that logs in; check the address's form; try again \
         after that"
    );
    // Not twice.
    assert_eq!(explained("458 no").line(), "458: waiting mail cannot be sent: try again later");
}
