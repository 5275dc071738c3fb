//! What a server says, on a terminal: text, and nothing but text. Each is run with and without `--json`.

use super::{DATA, HELLO, MAIL};
use crate::server::play;
use crate::{Case, case};

/// A recipient is refused with these octets, and this is what is printed of them.
fn refused(name: &str, octets: impl AsRef<[u8]>, shown: &str) -> Case {
    let script = play(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n"));
    let script = script.say([b"550 ", octets.as_ref(), b"\r\n"].concat()).play("C: QUIT\nS: 221 bye\n");
    case(name, script)
        .ends(69, "none, refused 550, -", "")
        .stdout(&format!("550\tJones@Beta.ARPA\t{shown}\n---\tmessage\tuntried: no recipient was accepted\n"))
}

pub fn cases() -> Vec<Case> {
    vec![
        refused("a_nul_is_shown", "no\0no", "no\\x00no"),
        refused("an_escape_is_shown", "\x1b[2J\x1b[31mno", "\\x1b[2J\\x1b[31mno"),
        refused("a_title_is_shown", "\x1b]0;title\x07no", "\\x1b]0;title\\x07no"),
        refused("backspaces_are_shown", "yes\x08\x08\x08no", "yes\\x08\\x08\\x08no"),
        refused("a_bare_cr_is_shown", "no\r250 OK", "no\\x0d250 OK"),
        refused("a_tab_makes_no_column", "no\tyes\t250", "no\\x09yes\\x09250"),
        refused("delete_is_shown", "no\x7f", "no\\x7f"),
        refused("an_escape_of_8_bits_is_shown", b"\x9b2J no", "\\u{9b}2J no"),
        refused("an_escape_of_8_bits_in_utf_8_is_shown", "\u{9b}2J no", "\\u{9b}2J no"),
        refused("text_turned_around_is_shown", "\u{202e}on", "\\u{202e}on"),
        refused("text_of_no_width_is_shown", "n\u{200b}o\u{feff}", "n\\u{200b}o\\u{feff}"),
        refused("tags_are_shown", "no\u{e0041}", "no\\u{e0041}"),
        refused("line_separators_are_shown", "no\u{2028}250 yes\u{85}", "no\\u{2028}250 yes\\u{85}"),
        refused("latin_1_is_read_as_that", b"Empf\xe4nger unbekannt", "Empfänger unbekannt"),
        refused("overlong_utf_8_is_no_escape", b"\xc0\x9b[2J", "À\\u{9b}[2J"),
        refused("utf_8_is_left_as_it_is", "Empfänger unbekannt 宛先不明", "Empfänger unbekannt 宛先不明"),
        refused("a_backslash_is_left_as_it_is", "C:\\no", "C:\\no"),
        case(
            "a_line_of_our_own_cannot_be_made",
            play(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n"))
                .say("550-no\r\n550-250\tmessage\tOK\r\n550 ehlo: all is well\r\n")
                .play("C: QUIT\nS: 221 bye\n"),
        )
        .ends(69, "none, refused 550, -", "")
        .stdout(
            "550\tJones@Beta.ARPA\tno / 250\\x09message\\x09OK / ehlo: all is well\n\
                    ---\tmessage\tuntried: no recipient was accepted\n",
        ),
        case(
            "what_is_offered_is_shown_in_the_transcript",
            play(
                "S: 220 \x1bc beta\nC: EHLO alpha.arpa\nS: 250-beta\x1bc\nS: 250-\x1b[2J\n\
                S: 250 X\u{9b}Y \u{202e}\nC: MAIL FROM:<Smith@Alpha.ARPA>\nS: 550 \x1bcno\n\
                C: QUIT\nS: 221 \x1bcbye\n",
            ),
        )
        .ends(69, "none, refused 550, -", "")
        .stdout("550\tJones@Beta.ARPA\t\\x1bcno\n---\tmessage\tuntried: the sender was not accepted\n"),
        case(
            "what_is_quiet_is_shown_on_stderr",
            play(&format!(
                "{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 550 \x1b[2J\u{9b}no\n\
                C: QUIT\nS: 221 bye\n"
            )),
        )
        .args("-q")
        .ends(69, "none, refused 550, -", "Jones@Beta.ARPA: refused: 550 \\x1b[2J\\u{9b}no")
        .stdout(""),
        case(
            "what_is_explained_is_shown",
            play(&format!(
                "{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 550 5.1.1 \x1b[2J\u{9b}no\n\
                C: QUIT\nS: 221 bye\n"
            )),
        )
        .args("--explain")
        .ends(69, "none, refused 550, -", ""),
        case(
            "the_reply_to_the_message_is_shown",
            play(&format!(
                "{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 \x1bcOK\n\
                {DATA}S: 250 \x1bctaken\u{202e}\nC: QUIT\nS: 221 bye\n"
            )),
        )
        .is_taken()
        .stdout("250\tJones@Beta.ARPA\t\\x1bcOK\n250\tmessage\t\\x1bctaken\\u{202e}\n"),
    ]
}
