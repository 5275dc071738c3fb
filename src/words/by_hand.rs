//! What a reply means to a person who types SMTP (`ehlo console`): as `ehlo explain` has it, but shorter, and
//! with what can be typed there in place of flags.

use crate::meaning::Explanation;
use crate::meaning::after::After;
use ehlo_smtp::reply::Reply;
use std::borrow::Cow;

/// What a reply means after this; of a refusal, what to do about it.
#[must_use]
pub fn explain(reply: &Reply, after: After) -> String {
    let explanation = Explanation::of(reply, Some(after));
    match reply.code() {
        0..400 => explanation.name.to_owned(),
        _ => format!("{}: {}", explanation.name, by_hand(&explanation.advice)),
    }
}

/// What a code means; by its first digit, if it is not known (RFC 5321, section 4.3.2).
#[must_use]
pub fn meaning(code: u16) -> Option<Cow<'static, str>> {
    matches!(code, 200..600).then(|| Explanation::of_codes(Some(code), None, "", None).means)
}

/// Advice for the command line, and what it is in the console; the longer words first.
const BY_HAND: [(&str, &str); 28] = [
    ("use TLS: --tls starttls or --tls implicit", "use TLS: tls"),
    ("log in (-u), over TLS (--tls starttls)", "log in (auth), over TLS (tls)"),
    ("(--tls starttls)", "(tls)"),
    ("log in (-u)", "log in (auth)"),
    ("log in first (-u)", "log in first (auth)"),
    ("(--auth)", "(auth MECHANISM)"),
    ("one that is in the DNS, with --ehlo-name", "one that is in the DNS, in EHLO"),
    ("give another name with --ehlo-name", "give another name in EHLO"),
    ("give a full name with --ehlo-name", "give a full name"),
    ("the name in EHLO (--ehlo-name)", "the name in EHLO"),
    ("the name in --ehlo-name", "the name in EHLO"),
    (" (--from, --envelope-from)", " (MAIL FROM)"),
    (" (--add-missing-headers)", ""),
    (" (--priority)", " (MT-PRIORITY)"),
    ("without --require-tls-onward", "without REQUIRETLS"),
    (
        "use the port for TLS from the first octet: --tls implicit (465)",
        "use the port for TLS (465) in another console",
    ),
    ("see the transcript (-v) for what was sent", "look at the line again"),
    ("see the transcript (-v) for", "see above for"),
    ("see the transcript (-v)", "see above"),
    ("if it is an LMTP server, name it with lmtp://", "if it is an LMTP server, say LHLO"),
    ("name it with smtp:// instead of lmtp://", "say EHLO"),
    (": ehlo verify without --vrfy", ""),
    (" (ehlo verify without --vrfy)", ""),
    (": ehlo verify, with --vrfy or without", ": VRFY or RCPT"),
    (": ehlo verify --expn", ""),
    (" (ehlo send does so by itself)", ""),
    (" (ehlo send does)", ""),
    (" (-v)", ""),
];

/// What is said of an error to a command line, and what it is in the console.
const COMPLAINTS: [(&str, &str); 6] = [
    (
        "use --tls starttls or --tls implicit (or --allow-cleartext-auth)",
        "type tls first (or start the console with --allow-cleartext-auth)",
    ),
    ("choose one with --auth, as in --auth ", "name the mechanism, as in auth "),
    ("name another mechanism by --auth, as in --auth ", "name another mechanism, as in auth "),
    (": --auth EXTERNAL", ": auth EXTERNAL"),
    ("leave out -u, or try --tls starttls or another port", "type tls first, or try another port"),
    ("leave out -u, or try another port", "try another port"),
];

fn by_hand(advice: &str) -> String {
    replaced(advice, &BY_HAND)
}

/// An error, with what can be typed in place of flags.
#[must_use]
pub fn complaint(text: &str) -> String {
    replaced(text, &COMPLAINTS)
}

fn replaced(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_owned(), |text, (flags, typed)| text.replace(flags, typed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning::codes;

    #[test]
    fn no_other_command_of_ehlo_is_named() {
        let statuses = (0..8).flat_map(|subject| (0..31).map(move |detail| (subject, detail)));
        let of_status = |class: u16| {
            statuses.clone().map(move |(one, two)| (class * 100 + 50, format!("{class}.{one}.{two} x")))
        };
        let replies: Vec<_> =
            codes().map(|code| (code, "x".to_owned())).chain(of_status(4)).chain(of_status(5)).collect();
        for after in After::ALL {
            for (code, text) in &replies {
                let said = explain(&Reply::new(*code, text), after);
                let others = ["ehlo send", "ehlo verify", "(-", "--", "lmtp://"];
                assert!(!others.iter().any(|word| said.contains(word)), "{code} {text}: {said}");
            }
        }
    }

    #[test]
    fn an_error_names_what_can_be_typed() {
        use crate::words::login::no_mechanism;
        use ehlo_smtp::auth::{Lack, NoMechanism};
        let external = NoMechanism::Lacking { mechanism: "EXTERNAL", lack: Lack::Request };
        for reason in [
            NoMechanism::Clear,
            NoMechanism::NotOffered { encrypted: true },
            NoMechanism::NotOffered { encrypted: false },
            external,
        ] {
            let said = complaint(&no_mechanism(&reason)).replace("console with --", "");
            assert!(!said.contains("--"), "{said}");
        }
        assert_eq!(
            complaint("choose one with --auth, as in --auth LOGIN"),
            "name the mechanism, as in auth LOGIN"
        );
        assert_eq!(
            complaint("name another mechanism by --auth, as in --auth LOGIN"),
            "name another mechanism, as in auth LOGIN"
        );
    }

    #[test]
    fn what_can_be_typed_here_is_named() {
        for (after, code, text, said) in [
            (After::Mail, 530, "no", "log in first, or use TLS: log in (auth), over TLS (tls)"),
            (After::Auth, 538, "no", "encryption needed for this mechanism: use TLS: tls"),
            (After::Auth, 504, "no", "mechanism not supported: choose another mechanism (auth MECHANISM)"),
            (After::Vrfy, 502, "no", "VRFY not supported: ask with RCPT"),
            (After::Other, 503, "no", "wrong order of commands: see above for what came before"),
            (
                After::Ehlo,
                501,
                "no",
                "name in EHLO not accepted: give this host's full name, one that is in the DNS, in EHLO",
            ),
            (After::Other, 250, "OK", "done"),
        ] {
            assert_eq!(explain(&Reply::new(code, text), after), said);
        }
    }
}
