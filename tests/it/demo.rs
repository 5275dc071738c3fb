//! `ehlo demo`: STD 10's example, without a server of ours.

use crate::harness::ehlo;
use ehlo_smtp::dialogue;

const REPORT: &str = "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
     250\tmessage\tOK\n";

const TALK: &str = "The example of STD 10, the SMTP standard: Smith at Alpha.ARPA writes to Jones,\n\
     Green and Brown at Beta.ARPA, and Green does not exist. The client is the real\n\
     one; the server is 'ehlo sink'.\n\n\
     # connected to 127.0.0.1:PORT\n\
     S: 220 Beta.ARPA Service ready\n\
     C: EHLO Alpha.ARPA\n\
     S: 250 Beta.ARPA\n\
     C: MAIL FROM:<Smith@Alpha.ARPA>\n\
     S: 250 OK\n\
     C: RCPT TO:<Jones@Beta.ARPA>\n\
     S: 250 OK\n\
     C: RCPT TO:<Green@Beta.ARPA>\n\
     S: 550 No such user here\n\
     C: RCPT TO:<Brown@Beta.ARPA>\n\
     S: 250 OK\n\
     C: DATA\n\
     S: 354 Start mail input; end with <CRLF>.<CRLF>\n\
     # > Blah blah blah...\n\
     # > ...etc. etc. etc.\n\
     C: … 38 octets\n\
     C: .\n\
     S: 250 OK\n\
     C: QUIT\n\
     S: 221 Beta.ARPA Service closing transmission channel\n\n\
     This is the report: one line for each recipient and one for the message (on\n\
     standard output).\n\n\n\
     'ehlo send' would exit with status 10 now: only some recipients have it. Jones\n\
     and Brown have the message. Green does not, and the report says so.\n\n\
     Next, send a message of your own:\n  \
     echo done | ehlo send -S mail.example.org -f me@example.org ops@example.org\n";

#[test]
fn four_lines_on_standard_output_and_the_status_is_0() {
    ehlo("demo").stdout(REPORT).stderr(TALK).exit(0);
}

#[test]
fn the_dialogue_in_it_is_one() {
    let lines = TALK.lines().filter(|line| line.starts_with("C: ") || line.starts_with("S: "));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(dialogue::parse(&text).unwrap().len(), 18);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    ehlo("demo --color always").stdout("\x1b[32m250\x1b[0m\tJones@Beta.ARPA\tOK\n\x1b[31m550\x1b[0m\tGreen@Beta.ARPA\tNo such user here\n\
         \x1b[32m250\x1b[0m\tBrown@Beta.ARPA\tOK\n\x1b[32m250\x1b[0m\tmessage\tOK\n").stderr(TALK).exit(0);
}

#[test]
fn nobody_reads_standard_output() {
    ehlo("demo").stdout_closed().stderr(TALK).exit(0);
}

#[test]
fn it_takes_no_arguments_64() {
    ehlo("demo Jones@Beta.ARPA")
        .stderr("ehlo: unexpected argument 'Jones@Beta.ARPA': see 'ehlo demo --help'\n")
        .exit(64);
}
