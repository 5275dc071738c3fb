//! `ehlo explain`, and `ehlo send --explain`: what codes mean.

use crate::harness::ehlo;
use crate::json::{ended, failed, ok, recipient, reply, report, transaction, with};
use crate::*;
use serde_json::json;

const NO_SUCH_MAILBOX: &str = "550 5.1.1  no such mailbox there
  means   the server knows no mailbox of that name (the part before the @)
  who     the recipient's server, to RCPT: the address is mistyped, was deleted, or never existed
  do      check the address, letter by letter, or ask the person; remove it from mailing lists
  again?  no: the result will be the same
  550     mailbox not available
";

const NOT_NOW: &str = "450  mailbox not available now
  means   the mailbox is busy, or the server does not accept this mail yet
  who     the recipient's server, usually to RCPT: greylisting, a mailbox in use, a DNS lookup that failed
  do      try again in 5 to 15 minutes from the same address; real mail servers do so by themselves
  again?  yes, later
";

#[test]
fn a_reply_in_words_or_whole() {
    ehlo("explain 550 5.1.1 'User unknown'").stdout(NO_SUCH_MAILBOX).exit(0);
    ehlo("explain '550-5.1.1 User unknown'").stdout(NO_SUCH_MAILBOX).exit(0);
    ehlo("explain 550 5.1.1 User unknown").stdout(NO_SUCH_MAILBOX).exit(0);
}

#[test]
fn several_codes_are_explained_in_turn() {
    ehlo("explain 550 5.1.1 450").stdout(&format!("{NO_SUCH_MAILBOX}\n{NOT_NOW}")).exit(0);
}

#[test]
fn alerts_and_mechanisms_by_name_or_number() {
    let alert = "TLS alert 48  unknown_ca
  means   the issuer of a certificate is not trusted, or an intermediate certificate is missing
  who     the side that checks the certificate: a client about a self-signed one, or the reverse
  do      send the whole chain, or have the other side trust the issuer (for ehlo: --ca-file)
  again?  after a change; otherwise the result will be the same
";
    for words in ["unknown_ca", "alert 48", "tls 48", "'unknown CA'", "UnknownCa"] {
        ehlo(&format!("explain {words}")).stdout(alert).exit(0);
    }
    ehlo("explain PLAIN")
        .stdout(
            "SASL mechanism  PLAIN
  means   user name and password at once (RFC 4616): shows the password to the server
  who     nearly every submission server, over TLS
  do      use it over verified TLS only
",
        )
        .exit(0);
}

#[test]
fn what_ehlo_itself_ends_with() {
    ehlo("explain 75")
        .stdout(
            "exit status 75  not now, try again later
  means   the server deferred it, or there was no connection, a timeout or a signal before the end of the message
  who     any command of ehlo
  do      run the same command again later
  again?  yes, later
",
        )
        .exit(0);
    ehlo("explain 11 550 5.1.1")
        .stdout(&format!(
            "exit status 11  it is unknown whether the message was accepted
  means   the whole message was sent, but no valid reply came for at least one recipient
  who     ehlo send
  do      before you send again, ask the recipient or look at the server's log
  again?  it may send twice

{NO_SUCH_MAILBOX}"
        ))
        .exit(0);
    ehlo("explain --json 10")
        .json(json!({
            "version": 1,
            "kind": "exit status",
            "code": 10,
            "enhanced": null,
            "registered": true,
            "name": "only some recipients have it",
            "meaning": "only some recipients have the message",
            "who": "ehlo send and ehlo verify",
            "advice": "send only to those who do not have it: --failed-to writes the list",
            "again": "for those named",
            "recognized": false,
            "note": null,
            "line": null
        }))
        .exit(0);
    for word in ["2", "40", "07", "99"] {
        ehlo(&format!("explain {word}"))
            .stderr(&format!(
                "ehlo: '{word}' is not an exit status of ehlo: they are 0, 1, 10, 11, 64, 65, 66, 68, 69, 74, 75, 76, 77, \
                 78\n"
            ))
            .exit(64);
    }
    for word in ["070", "007", "600", "999"] {
        ehlo(&format!("explain {word}"))
            .stderr(&format!("ehlo: '{word}' is not a reply code: they begin with 2, 3, 4 or 5\n"))
            .exit(64);
    }
    for words in ["''", "' '", "'' ''"] {
        ehlo(&format!("explain {words}"))
            .stderr("ehlo: nothing to explain: name a code, as in 'ehlo explain 550 5.1.1', or pipe a log into it\n")
            .exit(64);
    }
}

#[test]
fn words_of_a_filter_say_more_than_the_code() {
    let name = |words: &str| {
        let done = ehlo(&format!("explain --json {words}")).any_json().exit(0);
        done.json()["name"].as_str().unwrap().to_owned()
    };
    for (words, wanted) in [
        ("--after RCPT 550 5.7.1 'Email rejected per SPF policy'", "the SPF check failed"),
        (
            "--after MAIL 550 'SPF: 192.0.2.1 is not permitted to send for example.org'",
            "the SPF check failed",
        ),
        ("--after message 554 5.7.1 'Spam message rejected'", "taken for spam"),
        ("--after message 550 'This message was classified as spam'", "taken for spam"),
        ("--after RCPT 554 'blocked by spamcop'", "the sending address is on a blocklist"),
        ("421 4.7.0 'mx Error: too many errors after RCPT'", "too many errors in one session"),
        (
            "--after AUTH 535 5.7.139 'the user credentials were incorrect'",
            "user name or password not accepted",
        ),
        ("--after AUTH 535 5.7.139 'user is locked'", "password log-in is switched off"),
        ("--after message 451 4.3.0 'Temporary server error'", "problem on the server's side"),
        ("--after message 551 5.3.0 'Server error'", "something about the server"),
    ] {
        assert_eq!(name(words), wanted, "{words}");
    }
}

#[test]
fn the_command_that_was_answered_counts() {
    let ambiguous = "553  more than one matches
  means   the name is ambiguous: several mailboxes match (RFC 5321, section 3.5.1); the text may list them
  who     a server that looks names up
  do      ask with the whole address of one of them: jsmith@foo.com, dweep@foo.com
  again?  after a change; otherwise the result will be the same
";
    for after in ["VRFY", "vrfy", "EXPN"] {
        ehlo(&format!("explain --after {after} 553 'Joe <jsmith@foo.com>, Melvin <dweep@foo.com>'"))
            .stdout(ambiguous)
            .exit(0);
    }
    let name = |words: &str| {
        let done = ehlo(&format!("explain --json {words}")).any_json().exit(0);
        done.json()["name"].as_str().unwrap().to_owned()
    };
    for (words, wanted) in [
        ("--after RCPT 450", "mailbox not available now"),
        ("--after VRFY 450", "cannot be looked up now"),
        ("--after 'MAIL FROM' 553", "sender not allowed"),
        ("--after 'rcpt to' 553", "recipient not allowed"),
        ("--after greeting 554", "no mail from you"),
        ("--after message 554", "transaction failed"),
        ("--after NOOP 450", "not now"),
        ("--after VRFY 5.7.1", "not disclosed"),
        ("553", "address not allowed"),
        ("450 4.2.1 'Mailbox busy, try again later'", "mailbox in use"),
        ("421 4.7.0 'too many errors'", "too many errors in one session"),
        ("'550 no (in reply to MAIL FROM command)'", "sender not accepted"),
    ] {
        assert_eq!(name(words), wanted, "{words}");
    }
    // A log tells it in each of its lines.
    let log = "x postfix/smtp[9]: A: status=bounced (host b[192.0.2.1] said: 553 no (in reply to MAIL FROM command))\n\
               x exim: SMTP error from remote mail server after RCPT TO:<a@b>: 553 no\n";
    let names: Vec<String> = ["MAIL FROM", "RCPT TO"]
        .iter()
        .map(|which| log.lines().find(|line| line.contains(which)).unwrap())
        .map(|line| ehlo("explain --json").stdin(line).any_json().exit(0).json()["name"].to_string())
        .collect();
    assert_eq!(names, ["\"sender not allowed\"", "\"recipient not allowed\""]);
    ehlo("explain --after FOO 450")
        .stderr(
            "ehlo: --after 'FOO': no such command; it must be one of greeting, EHLO, HELO, LHLO, STARTTLS, AUTH, \
             MAIL, RCPT, \
             DATA, message, VRFY, EXPN, RSET, NOOP, HELP, QUIT\n",
        )
        .exit(64);
    ehlo("explain --after RCPT")
        .stdin("550 no\n")
        .stderr("ehlo: --after goes with a code; a log says itself which command was answered\n")
        .exit(64);
}

#[test]
fn a_reply_that_another_command_has_is_out_of_step() {
    for (after, code, again) in [
        ("MAIL", 354, "after a change; otherwise the result will be the same"),
        ("VRFY", 354, "after a change; otherwise the result will be the same"),
        ("RCPT", 220, "after a change; otherwise the result will be the same"),
        ("MAIL", 334, "after a change; otherwise the result will be the same"),
        ("DATA", 250, "after a change; otherwise the result will be the same"),
        ("message", 354, "it may send twice"),
    ] {
        ehlo(&format!("explain --after {after} {code}"))
            .stdout(&format!(
                "{code}  out of step
  means   this reply does not belong to that command
  who     a server, or a box in between, that is out of step with its client
  do      see the transcript (-v) for what came before
  again?  {again}
"
            ))
            .exit(0);
    }
    ehlo("explain --after NOOP 252")
        .stdout(
            "252  accepted
  means   the first digit means success; the rest of the code means nothing here
  who     any server
  do      nothing
  again?  no need: it went well
",
        )
        .exit(0);
}

#[test]
fn the_words_count_and_a_status_is_known_after_any_command() {
    ehlo("explain --after DATA 554 5.5.1 'Error: no valid recipients'")
        .stdout(
            "554 5.5.1  no recipients
  means   no message is allowed at this point: usually because no recipient was accepted
  who     any server
  do      see why the recipients were refused
  again?  after a change; otherwise the result will be the same
  554     transaction failed
",
        )
        .exit(0);
    ehlo("explain --after VRFY 550 'That is a mailing list, not a user'")
        .stdout(
            "550  a mailing list, not a mailbox
  means   in general: no such mailbox, or not disclosed: the server knows no such mailbox, or does not tell everybody
  who     a server that looks names up
  do      ask with EXPN who is on it: ehlo verify --expn
  again?  no: the result will be the same
",
        )
        .exit(0);
    ehlo("explain --after RCPT 550 5.2.1 'Mailbox busy, try again later'")
        .stdout(
            "550 5.2.1  mailbox in use
  means   in general: mailbox disabled: the mailbox exists, but accepts no mail: it is switched off, unpaid, or flooded at the moment
  who     the recipient's server
  do      ask the server's postmaster: the text speaks of a passing problem, but the code is permanent
  again?  no: the result will be the same
  550     mailbox not available
",
        )
        .exit(0);
    ehlo("explain --after MAIL 5.2.1")
        .stdout(
            "5.2.1  mailbox disabled
  means   the mailbox exists, but accepts no mail: it is switched off, unpaid, or flooded at the moment
  who     any server
  do      read the text after the code
  again?  no: the result will be the same
",
        )
        .exit(0);
}

#[test]
fn an_unknown_code_is_explained_by_its_first_digit() {
    ehlo("explain 471")
        .stdout(
            "471  not now
  means   a first digit of 4: the same may go through later
  who     no server that follows the standards
  do      read the text after the code
  again?  yes, later
  note    not a registered code: explained by its first digit
",
        )
        .exit(0);
}

#[test]
fn what_a_provider_means_by_its_words() {
    ehlo("explain '535-5.7.8 Username and Password not accepted. - gsmtp'")
        .stdout(
            "535 5.7.8  user name or password not accepted
  means   in general: user name or password not accepted: the log-in failed (RFC 4954)
  who     Gmail
  do      use an app password (it needs two-step verification to be on), or XOAUTH2 (ehlo account login)
  again?  after a change; otherwise the result will be the same
  535     log-in refused
",
        )
        .exit(0);
}

#[test]
fn a_bounce_is_read_from_standard_input() {
    let bounce = "Subject: Undelivered mail (550 ways)\n\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 <a@b>: User \x1b[31munknown\r\n said: 450 later\nsaid: 450 later\n";
    let expected = format!(
        "{NO_SUCH_MAILBOX}  line    Diagnostic-Code: smtp; 550 5.1.1 <a@b>: User \\x1b[31munknown\n\n{NOT_NOW}  line    said: \
         450 later\n"
    );
    ehlo("explain").stdin(bounce).stdout(&expected).exit(0);
    ehlo("explain -").stdin(bounce).stdout(&expected).exit(0);
}

#[test]
fn a_text_without_a_code_65() {
    let no_code = "ehlo: there is no reply code on standard input\n";
    ehlo("explain").stdin("took 550 ms, section 5.1.1\n").stderr(no_code).exit(65);
    ehlo("explain -").stdin("").stderr(no_code).exit(65);
}

#[test]
fn only_so_many_codes_are_kept() {
    let log: String = (0..201).map(|detail| format!("dsn=5.99.{detail}\n")).collect();
    let block = |detail| {
        format!(
            "5.99.{detail}  no details
  means   the code tells only the class: accepted, not now, or refused
  who     any server that has no better code
  do      read the text after it
  again?  no: the result will be the same
  note    not a registered status: explained by its subject
  line    dsn=5.99.{detail}
"
        )
    };
    let blocks: Vec<_> = (0..200).map(block).collect();
    ehlo("explain")
        .stdin(log)
        .stdout(&blocks.join("\n"))
        .stderr("ehlo: warning: only the first 200 codes are explained\n")
        .exit(0);
}

#[test]
fn what_is_no_code_64() {
    ehlo("explain foo")
        .stderr("ehlo: 'foo' is not a code, exit status, TLS alert or SASL mechanism: see 'ehlo explain --help'\n")
        .exit(64);
    // Not the word that says what it would be is unknown, but the number.
    ehlo("explain alert 999")
        .stderr("ehlo: 'alert 999' is not a code, exit status, TLS alert or SASL mechanism: see 'ehlo explain --help'\n")
        .exit(64);
    // Nothing is half done.
    ehlo("explain PLAIN 'f\x1boo'")
        .stderr("ehlo: 'f\\x1boo' is not a code, exit status, TLS alert or SASL mechanism: see 'ehlo explain --help'\n")
        .exit(64);
    ehlo("explain bounce.eml")
        .file("bounce.eml", "550 5.1.1 no\n")
        .stderr("ehlo: 'bounce.eml' is a file: for the codes in it use 'ehlo explain < bounce.eml'\n")
        .exit(64);
    ehlo("explain 550 -")
        .stderr(
            "ehlo: '-' is standard input, and cannot be combined with another \
          word\n",
        )
        .exit(64);
    ehlo("explain --frobnicate").stderr("ehlo: no option --frobnicate: see 'ehlo explain --help'\n").exit(64);
}

#[test]
fn words_need_not_be_utf_8() {
    ehlo("explain 550 5.1.1").arg_octets(b"inconnu: \xe9t\xe9").stdout(NO_SUCH_MAILBOX).exit(0);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let coloured = NOT_NOW.replacen("450", "\x1b[33m450\x1b[0m", 1);
    ehlo("explain 450 --color always").stdout(&coloured).exit(0);
}

#[test]
fn nobody_reads_standard_output() {
    ehlo("explain 450").stdout_closed().exit(0);
}

/// An explanation of 550 5.1.1.
fn no_such_mailbox() -> serde_json::Value {
    json!({
        "kind": "reply",
        "code": 550,
        "enhanced": "5.1.1",
        "registered": true,
        "name": "no such mailbox there",
        "meaning": "the server knows no mailbox of that name (the part before the @)",
        "who": "the recipient's server, to RCPT: the address is mistyped, was deleted, or never existed",
        "advice": "check the address, letter by letter, or ask the person; remove it from mailing lists",
        "again": "no",
        "recognized": false,
        "note": null
    })
}

#[test]
fn as_json() {
    let mut object = no_such_mailbox();
    object["version"] = json!(1);
    object["line"] = json!(null);
    ehlo("explain --json 550 5.1.1").json(object.clone()).exit(0);
    object["line"] = json!("said: 550 5.1.1 \u{1b}");
    ehlo("explain --json").stdin("said: 550 5.1.1 \x1b\n").json(object).exit(0);
}

const UNKNOWN: &str = "C: RCPT TO:<Green@Beta.ARPA>\nS: 550 5.1.1 No such user here\n";
const EXPLAINED: &str = "ehlo: Green@Beta.ARPA: 550 5.1.1: no such mailbox there: check the address, letter by letter, or ask \
    the person; remove it from mailing lists; do not try again\n";

#[test]
fn send_explains_each_refusal() {
    to_two("--explain")
        .server(&format!("{HELLO}{MAIL}{RCPT}{UNKNOWN}{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\t5.1.1 No such user here\n250\tmessage\tOK\n")
        .stderr(EXPLAINED)
        .exit(10);
}

#[test]
fn send_explains_nothing_where_all_went_well() {
    to_jones("--explain").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    to_jones("--explain -q").server(&all_well()).exit(0);
}

#[test]
fn send_explains_the_refusal_of_the_message() {
    let why = "554 5.6.0: something about the content: correct the message: the text says what is wrong; try again after that";
    to_jones("--explain")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 554 5.6.0 no\n{QUIT}"))
        .stdout("554\tJones@Beta.ARPA\t5.6.0 no\n554\tmessage\t5.6.0 no\n")
        .stderr(&format!("ehlo: Jones@Beta.ARPA: {why}\nehlo: message: {why}\n"))
        .exit(69);
}

#[test]
fn the_message_s_reply_is_the_one_that_was_the_cause() {
    // MAIL, RCPT and DATA in one group: the others are refused because MAIL was.
    let hello = HELLO_PIPELINING.replace("S: 250 PIPELINING", "S: 250-PIPELINING\nS: 250 SIZE");
    let group = |mail: &str, rcpt: &str, data: &str| {
        format!(
            "{hello}C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=218\nC: RCPT TO:<Jones@Beta.ARPA>\nC: DATA\nS: {mail}\nS: {rcpt}\n\
             S: {data}\n{QUIT}"
        )
    };
    let weak = "534: log-in mechanism too weak, or not allowed: use a stronger mechanism (--auth), or an app \
                password from the provider; try again after that";
    to_jones("--explain")
        .server(&group("534 too weak", "503 MAIL first", "502 no"))
        .stdout("534\tJones@Beta.ARPA\ttoo weak\n534\tmessage\ttoo weak\n")
        .stderr(&format!("ehlo: Jones@Beta.ARPA: {weak}\nehlo: message: {weak}\n"))
        .exit(69);
    let done =
        to_jones("--json").server(&group("451 later", "503 MAIL first", "503 no")).any_json().exit(75).json();
    let sent = &done["transactions"][0];
    assert_eq!(
        (&sent["message"]["reply"], &sent["sender"]["reply"]),
        (&reply(451, "later"), &reply(451, "later"))
    );
    // Where MAIL was accepted, the message's own reply stands.
    let why = "503: no recipients: see why the recipients were refused; try again after that";
    to_jones("--explain")
        .server(&group("250 OK", "550 no", "503 nobody"))
        .stdout("550\tJones@Beta.ARPA\tno\n503\tmessage\tnobody\n")
        .stderr(&format!(
            "ehlo: Jones@Beta.ARPA: 550: mailbox not available: check the address; if it is right, the text says what the \
             server objects to; do not try again\nehlo: message: {why}\n"
        ))
        .exit(69);
}

#[test]
fn send_explains_a_greeting_that_refuses() {
    let text = "the server rejects the connection: 554 5.7.1 see zen.spamhaus.org";
    to_jones("--explain")
        .server("S: 554 5.7.1 see zen.spamhaus.org\nC: QUIT\nS: 221 bye\n")
        .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {text}\n---\tmessage\tuntried: {text}\n"))
        .stderr(&format!(
            "ehlo: {text}; look it up at check.spamhaus.org; from a home connection (PBL), send through your provider's server\n\
             ehlo: 554 5.7.1: the sending address or domain is on Spamhaus's list: look it up at \
             check.spamhaus.org; from a home connection (PBL), send through your provider's server; try again after that\n"
        ))
        .exit(69);
}

#[test]
fn send_explains_beside_the_names_when_quiet() {
    to_two("--explain -q")
        .server(&format!("{HELLO}{MAIL}{RCPT}{UNKNOWN}{TAKEN}{QUIT}"))
        .stderr(&format!("ehlo: Green@Beta.ARPA: refused: 550 5.1.1 No such user here\n{EXPLAINED}"))
        .exit(10);
}

#[test]
fn send_explains_in_json() {
    let mut refused = reply(550, "5.1.1 No such user here");
    refused["enhanced"] = json!("5.1.1");
    let jones = recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok());
    let green = recipient("Green@Beta.ARPA", "refused", "rcpt", Some(0), refused);
    let green = with(green, "/explanation", no_such_mailbox());
    to_two("--explain --json")
        .server(&format!("{HELLO}{MAIL}{RCPT}{UNKNOWN}{TAKEN}{QUIT}"))
        .json(report("some", 10, vec![jones, green], vec![transaction(ok(), 237, ok())]))
        .exit(10);
}

#[test]
fn send_explains_why_it_ended_in_json() {
    let jones = recipient("Jones@Beta.ARPA", "untried", "connect", None, json!(null));
    let met = transaction(json!(null), 218, json!(null));
    let met = with(met, "/server/greeting", reply(554, "no"));
    let report = report("none", 69, vec![jones], vec![met]);
    let report =
        failed(report, "protocol", Some("the greeting"), "the server rejects the connection: 554 no");
    let explanation = json!({
        "kind": "reply",
        "code": 554,
        "enhanced": null,
        "registered": true,
        "name": "no mail from you",
        "meaning": "the server refuses to talk to this host, or accepts no mail at all",
        "who": "a server that uses a blocklist, or that accepts no mail from outside",
        "advice": "read the text: it names the blocklist or the rule; use your own provider's server to send",
        "again": "no",
        "recognized": false,
        "note": null
    });
    to_jones("--explain --json")
        .server("S: 554 no\nC: QUIT\nS: 221 bye\n")
        .json(ended(report.clone(), with(report["error"].clone(), "/explanation", explanation)))
        .stderr("ehlo: the server rejects the connection: 554 no\n")
        .exit(69);
}
