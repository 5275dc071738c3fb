//! At every step of a session, everything that a reply can be but a reply: one table of steps, one of misbehaviours.

use super::{AGAIN, DATA, DELIVERY, HELLO, MAIL, RCPT, STARTTLS};
use crate::certificates::good;
use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

/// A reply that is awaited.
struct Step {
    name: &'static str,
    /// All up to it.
    before: Script,
    /// The reply as it should be: a code, and what must stand behind it.
    code: u16,
    /// The rest, once it is there.
    after: Script,
    /// What it answers, as people are told.
    awaited: &'static str,
    /// What becomes of the recipient without it.
    fate: &'static str,
    /// Is QUIT said when it does not come in time?
    quits: bool,
    setting: fn(Case) -> Case,
}

/// What happens when the reply is this.
struct Misbehaviour {
    name: &'static str,
    play: fn(Script, &Step) -> Script,
    comes_to: Comes,
}

/// What comes of a reply that is none.
#[derive(Clone, Copy)]
enum Comes {
    /// Nothing: it is as good as any.
    Good,
    TimedOut,
    HungUp,
    /// A violation, in these words.
    Violates(&'static str),
    /// 421, in these words.
    GoneAway,
}

const NOT_A_REPLY: &str = "the server sent something that is not an SMTP reply";

fn steps() -> Vec<Step> {
    let plain = |case: Case| case;
    let step = |name, before: Script, code, after: Script, awaited, fate| {
        let quits = name != "data";
        Step { name, before, code, after, awaited, fate, quits, setting: plain }
    };
    let in_clear = |text: &str| play(&format!("{HELLO}{text}"));
    let encrypted = || play(STARTTLS).tls(&good());
    let log_in = play("").tls(&good());
    let log_in = log_in.play(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n\
                C: AUTH PLAIN ***\n",
    );
    let to_starttls = play("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\nC: STARTTLS\n");
    let inside = play("").tls(&good()).play(&format!("{AGAIN}{DELIVERY}"));
    let to_helo = play("S: 220 beta\nC: EHLO alpha.arpa\nS: 502 what\nC: HELO alpha.arpa\n");
    let rest = |from: &str| play(&DELIVERY[DELIVERY.find(from).unwrap()..]);
    let mut steps = vec![
        step(
            "greeting",
            play(""),
            220,
            play(&format!("C: EHLO alpha.arpa\nS: 250 beta\n{DELIVERY}")),
            "",
            "untried",
        ),
        step("ehlo", play("S: 220 beta\nC: EHLO alpha.arpa\n"), 250, play(DELIVERY), "EHLO", "untried"),
        step("helo", to_helo, 250, play(DELIVERY), "HELO", "untried"),
        step("starttls", to_starttls, 220, inside, "STARTTLS", "untried"),
        step("ehlo_in_tls", encrypted().play("C: EHLO alpha.arpa\n"), 250, play(DELIVERY), "EHLO", "untried"),
        step("auth", log_in, 235, play(DELIVERY), "AUTH", "untried"),
        step("mail", in_clear("C: MAIL FROM:<Smith@Alpha.ARPA>\n"), 250, rest("C: RCPT"), "MAIL", "untried"),
        step(
            "rcpt",
            in_clear(&format!("{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n")),
            250,
            rest("C: DATA"),
            "RCPT TO:<Jones@Beta.ARPA>",
            "deferred",
        ),
        step("data", in_clear(&format!("{MAIL}{RCPT}C: DATA\n")), 354, rest("C: ..."), "DATA", "deferred"),
        step(
            "message",
            in_clear(&format!("{MAIL}{RCPT}{DATA}")),
            250,
            rest("C: QUIT"),
            "the end of the message",
            "unknown",
        ),
        step(
            "quit",
            in_clear(&format!("{MAIL}{RCPT}{DATA}S: 250 OK\nC: QUIT\n")),
            221,
            play(""),
            "QUIT",
            "accepted 250",
        ),
    ];
    for step in &mut steps {
        match step.name {
            "starttls" | "ehlo_in_tls" => step.setting = Case::starttls,
            "auth" => step.setting = |case| case.smtps().log_in(),
            _ => {}
        }
    }
    steps
}

/// What is said in place of a code and a text.
fn says(script: Script, line: String) -> Script {
    script.say(format!("{line}\r\n"))
}

const MISBEHAVIOURS: [Misbehaviour; 22] = [
    Misbehaviour { name: "never_comes", play: |script, _| script, comes_to: Comes::TimedOut },
    Misbehaviour {
        name: "drips_and_has_no_end",
        play: |script, step| script.drip(format!("{}-slowly", step.code)),
        comes_to: Comes::TimedOut,
    },
    Misbehaviour {
        name: "has_no_last_line",
        play: |script, step| says(script, format!("{}-there is more", step.code)),
        comes_to: Comes::TimedOut,
    },
    Misbehaviour {
        name: "has_no_line_end",
        play: |script, step| script.say(format!("{} OK", step.code)),
        comes_to: Comes::TimedOut,
    },
    Misbehaviour { name: "is_a_close", play: |script, _| script.close(), comes_to: Comes::HungUp },
    // Not at once: what is reset before the client has looked was never connected.
    Misbehaviour { name: "is_a_reset", play: |script, _| script.pause(500).reset(), comes_to: Comes::HungUp },
    Misbehaviour {
        name: "is_cut_in_the_middle",
        play: |script, step| script.say(format!("{}-OK\r\n{} O", step.code, step.code)).close(),
        comes_to: Comes::HungUp,
    },
    Misbehaviour {
        name: "is_one_line_without_end",
        play: |script, step| script.say(format!("{} ", step.code)).flood("x"),
        comes_to: Comes::Violates("the server sent an endless reply line"),
    },
    Misbehaviour {
        name: "is_lines_without_end",
        play: |script, step| script.flood(format!("{}-{}\r\n", step.code, "x".repeat(1000))),
        comes_to: Comes::Violates("the server sent an endless reply"),
    },
    Misbehaviour {
        name: "is_empty_lines_without_end",
        play: |script, step| script.flood(format!("{}-\r\n", step.code)),
        comes_to: Comes::Violates("the server sent an endless reply"),
    },
    Misbehaviour {
        name: "has_two_digits",
        play: |script, step| says(script, format!("{} OK", step.code / 10)),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "has_four_digits",
        play: |script, step| says(script, format!("{}0 OK", step.code)),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "is_an_empty_line",
        play: |script, _| says(script, String::new()),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "begins_with_a_blank",
        play: |script, step| says(script, format!(" {} OK", step.code)),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "is_of_no_class",
        play: |script, step| says(script, format!("{} OK", step.code % 100 + 600)),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "is_nul_and_high_octets",
        play: |script, _| script.say(b"\0\0\0\xff\xfe\x9b\r\n"),
        comes_to: Comes::Violates(NOT_A_REPLY),
    },
    Misbehaviour {
        name: "has_two_codes",
        play: |script, step| says(script, format!("{}-one\r\n{} two", step.code, step.code + 1)),
        comes_to: Comes::Violates("the server sent a reply with two different codes"),
    },
    Misbehaviour {
        name: "goes_away",
        play: |script, _| says(script, "421 beta closes".to_owned()),
        comes_to: Comes::GoneAway,
    },
    Misbehaviour {
        name: "has_no_text",
        play: |script, step| says(script, step.code.to_string()),
        comes_to: Comes::Good,
    },
    Misbehaviour {
        name: "has_nul_and_escapes",
        play: |script, step| says(script, format!("{} \0\x1b[2J\x1b]0;title\x07\x08\x7f\t", step.code)),
        comes_to: Comes::Good,
    },
    Misbehaviour {
        name: "has_8_bit_text",
        play: |script, step| {
            script
                .say([format!("{} ", step.code).as_bytes(), b"\x9b2J\xc2\x9b2J\xff\xe2\x80\xae\r\n"].concat())
        },
        comes_to: Comes::Good,
    },
    Misbehaviour {
        name: "ends_in_a_bare_lf",
        play: |script, step| script.say(format!("{}-one\n{} two\n", step.code, step.code)),
        comes_to: Comes::Good,
    },
];

/// What the server said, as it is shown of a reply that is none.
fn first_words(step: &Step, misbehaviour: &Misbehaviour) -> Option<String> {
    let code = step.code;
    let words = match misbehaviour.name {
        "has_two_digits" => format!("{} OK", code / 10),
        "has_four_digits" => format!("{code}0 OK"),
        "begins_with_a_blank" => format!("{code} OK"),
        "is_of_no_class" => format!("{} OK", code % 100 + 600),
        "is_nul_and_high_octets" => "\\x00\\x00\\x00ÿþ\\u{9b}".to_owned(),
        "has_two_codes" => format!("{} two", code + 1),
        "is_cut_in_the_middle" if step.name == "greeting" => format!("{code} O"),
        "is_one_line_without_end" if step.name == "greeting" => format!("{code} {}...", "x".repeat(196)),
        "is_lines_without_end" if step.name == "greeting" => format!("{code}-{}...", "x".repeat(196)),
        "is_empty_lines_without_end" if step.name == "greeting" => format!("{code}-"),
        _ => return None,
    };
    Some(words)
}

/// The line of error.
fn said(step: &Step, misbehaviour: &Misbehaviour) -> String {
    let awaited = match step.name {
        "greeting" => "the greeting".to_owned(),
        _ => format!("the reply to {}", step.awaited),
    };
    let text = match (misbehaviour.comes_to, step.name) {
        (Comes::Good, _) => return String::new(),
        (Comes::TimedOut, "greeting") => {
            "timed out waiting for the greeting; is this a mail server? one that expects TLS from the first \
             octet is silent too: try smtps:// or --tls implicit"
                .to_owned()
        }
        (Comes::TimedOut, _) => format!("timed out waiting for {awaited}"),
        (Comes::HungUp, "greeting") => "the server closed the connection without a greeting".to_owned(),
        (Comes::HungUp, _) => {
            format!("the server closed the connection before its reply to {}", step.awaited)
        }
        (Comes::Violates(NOT_A_REPLY), "greeting") => {
            "this is not a mail server: what it sent is not an SMTP greeting".to_owned()
        }
        (Comes::Violates(what), _) => format!("{what} (awaiting {awaited})"),
        (Comes::GoneAway, "greeting") => "the server rejects the connection: 421 beta closes".to_owned(),
        (Comes::GoneAway, _) => "the server closed the session: 421 beta closes".to_owned(),
    };
    let text = match first_words(step, misbehaviour) {
        Some(words) => format!("{text}; it says '{words}'"),
        None => text,
    };
    match step.fate {
        "unknown" => format!("{text}\n{NOBODY_KNOWS}"),
        _ => text,
    }
}

fn one(step: &Step, misbehaviour: &Misbehaviour) -> Case {
    let script = (misbehaviour.play)(step.before.clone(), step);
    let script = match (misbehaviour.comes_to, step.name) {
        (Comes::Good, _) => script.and(step.after.clone()),
        (Comes::TimedOut, _) if step.quits && step.name != "quit" => script.play("C: QUIT\n"),
        // A hang-up behind EHLO: an old server may do that, and is asked once more with HELO.
        (Comes::HungUp, "ehlo") => script.play("S: 220 beta\nC: HELO alpha.arpa\nS: 554 go away\nC: QUIT\n"),
        _ => script,
    };
    let case = (step.setting)(case(format!("{}_reply_{}", step.name, misbehaviour.name), script));
    let (status, kind) = match misbehaviour.comes_to {
        _ if step.name == "quit" => return case.is_taken(),
        Comes::Good => return case.is_taken(),
        Comes::HungUp if step.name == "ehlo" => {
            return case.ends(
                69,
                "none, untried, protocol",
                "the server refused HELO: 554 go away; it may not like the name \
                    that we gave: give another with --ehlo-name",
            );
        }
        // 421 is an answer, and nobody will get it now.
        Comes::GoneAway if ["mail", "rcpt", "data", "message"].contains(&step.name) => {
            return case.ends(
                75,
                "none, deferred 421, disconnected",
                "the server closed the session: 421 beta closes",
            );
        }
        Comes::TimedOut => (75, "timeout"),
        Comes::HungUp | Comes::GoneAway => (75, "disconnected"),
        Comes::Violates(_) => (76, "protocol"),
    };
    let status = if step.fate == "unknown" { 11 } else { status };
    let outcome = if step.fate == "unknown" { "unknown" } else { "none" };
    case.ends(status, &format!("{outcome}, {}, {kind}", step.fate), &said(step, misbehaviour))
}

pub fn cases() -> Vec<Case> {
    let steps = steps();
    let product =
        steps.iter().flat_map(|step| MISBEHAVIOURS.iter().map(move |misbehaviour| one(step, misbehaviour)));
    product.collect()
}
