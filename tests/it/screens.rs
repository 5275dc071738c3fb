//! What is seen at a terminal of 40, 60, 80 columns: nothing overflows, nothing is lost, and nothing is said twice.

use crate::harness::ehlo;
use crate::terminal::On;
use crate::*;

#[test]
fn the_report_is_in_columns_where_standard_output_is_a_terminal() {
    to_jones("")
        .server(&all_well())
        .terminal(80)
        .stdout("250  Jones@Beta.ARPA  OK\n250  message          OK\n")
        .exit(0);
    to_jones("").server(&all_well()).on_terminal(80, On::Stderr).stdout(JONES_HAS_IT).exit(0);
}

/// A recipient whose address and whose refusal are long, and one whose characters are wide.
fn long_ones() -> (String, &'static str) {
    let recipients = "a-list-of-persons-with-a-long-name@department.example.org これは長い名前@例え.jp";
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SMTPUTF8\n";
    let refused = "S: 550-5.7.1 we take no mail from\nS: 550 5.7.1 strangers\n";
    let dialogue = format!(
        "{hello}C: MAIL FROM:<Smith@Alpha.ARPA> SMTPUTF8\nS: 250 OK\n{RCPT}\
         C: RCPT TO:<a-list-of-persons-with-a-long-name@department.example.org>\n{refused}\
         C: RCPT TO:<これは長い名前@例え.jp>\nS: 250 OK\n{TAKEN}{QUIT}"
    );
    (dialogue, recipients)
}

#[test]
fn what_is_long_or_wide_stays_in_its_column() {
    let (dialogue, recipients) = long_ones();
    to_jones(recipients)
        .server(&dialogue)
        .terminal(40)
        .stdout(
            "250  Jones@Beta.ARPA  OK
550  a-list-of-persons-with-a-long-name@
     department.example.org
                      5.7.1 we take no
                      mail from / 5.7.1
                      strangers
250  これは長い名前@例え.jp
                      OK
250  message          OK
",
        )
        .exit(10);
    to_jones(recipients)
        .server(&dialogue)
        .terminal(80)
        .stdout(
            "250  Jones@Beta.ARPA         OK
550  a-list-of-persons-with-a-long-name@department.example.org
                             5.7.1 we take no mail from / 5.7.1 strangers
250  これは長い名前@例え.jp  OK
250  message                 OK
",
        )
        .exit(10);
    to_jones(recipients)
        .server(&dialogue)
        .terminal(200)
        .stdout(
            "250  Jones@Beta.ARPA                                            OK
550  a-list-of-persons-with-a-long-name@department.example.org  5.7.1 we take no mail from / 5.7.1 strangers
250  これは長い名前@例え.jp                                     OK
250  message                                                    OK
",
        )
        .exit(10);
}

#[test]
fn a_fault_that_ends_it_is_told_once_on_a_terminal() {
    let gone = "the server closed the connection before its reply to RCPT TO:<Green@Beta.ARPA>";
    let dialogue = format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\n! close");
    to_two("")
        .server(&dialogue)
        .terminal(80)
        .stdout(
            "---  Jones@Beta.ARPA  deferred
---  Green@Beta.ARPA  deferred
---  message          untried
ehlo: the server closed the connection before its reply to RCPT
      TO:<Green@Beta.ARPA>
",
        )
        .exit(75);
    // Where standard error is elsewhere, the report says it.
    to_two("")
        .server(&dialogue)
        .on_terminal(80, On::Stdout)
        .stdout(
            "---  Jones@Beta.ARPA  deferred: the server closed the connection before its
                      reply to RCPT TO:<Green@Beta.ARPA>
---  Green@Beta.ARPA  deferred
---  message          untried
",
        )
        .stderr(&format!("ehlo: {gone}\n"))
        .exit(75);
    // What programs read is as it always was.
    to_two("")
        .server(&dialogue)
        .on_terminal(200, On::Stderr)
        .stdout(&format!(
            "---\tJones@Beta.ARPA\tdeferred: {gone}\n---\tGreen@Beta.ARPA\tdeferred: {gone}\n\
             ---\tmessage\tuntried: {gone}\n"
        ))
        .stderr(&format!("ehlo: {gone}\n"))
        .exit(75);
}

#[test]
fn reasons_that_differ_are_all_told() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 421 going down"))
        .terminal(80)
        .stdout(
            "---  Jones@Beta.ARPA  deferred
421  Green@Beta.ARPA  going down
---  message          untried
ehlo: the server closed the session: 421 going down
",
        )
        .exit(75);
    to_two("--all-or-none")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}C: RSET\nS: 250 OK\n{QUIT}"))
        .terminal(40)
        .stdout(
            "---  Jones@Beta.ARPA  untried: withdrawn
                      because not every
                      recipient was
                      accepted
550  Green@Beta.ARPA  No such user here
---  message          untried: not every
                      recipient was
                      accepted
",
        )
        .exit(69);
}

#[test]
fn what_is_explained_of_several_alike_is_said_once() {
    let no = "S: 550 5.1.1 no\n";
    let dialogue =
        format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n{no}C: RCPT TO:<Green@Beta.ARPA>\n{no}{QUIT}");
    let explained = "550 5.1.1: no such mailbox there: check the address, letter by letter, or ask the person; remove \
                     it from mailing lists; do not try again\n";
    to_two("--explain")
        .server(&dialogue)
        .terminal(200)
        .stdout(&format!(
            "550  Jones@Beta.ARPA  5.1.1 no
550  Green@Beta.ARPA  5.1.1 no
---  message          untried: no recipient was accepted
ehlo: Jones@Beta.ARPA, Green@Beta.ARPA: {explained}"
        ))
        .exit(69);
    to_two("--explain")
        .server(&dialogue)
        .stdout(
            "550\tJones@Beta.ARPA\t5.1.1 no\n550\tGreen@Beta.ARPA\t5.1.1 no\n---\tmessage\tuntried: no \
                 recipient was accepted\n",
        )
        .stderr(&format!("ehlo: Jones@Beta.ARPA: {explained}ehlo: Green@Beta.ARPA: {explained}"))
        .exit(69);
}

#[test]
fn errors_and_warnings_are_folded_at_blanks() {
    to_jones("-a missing --server beta")
        .terminal(40)
        .stdout("ehlo: cannot read missing: no such file\n      or directory\n")
        .exit(66);
    ehlo("sink --reject x")
        .terminal(50)
        .stdout(
            "ehlo: --reject needs ADDRESS=CODE with a code from\n      400 to 599 and perhaps a text, \
                 not 'x'\n",
        )
        .exit(64);
    ehlo("explain --after FOO 450")
        .terminal(60)
        .stdout(
            "ehlo: --after 'FOO': no such command; it must be one of
      greeting, EHLO, HELO, LHLO, STARTTLS, AUTH, MAIL,
      RCPT, DATA, message, VRFY, EXPN, RSET, NOOP, HELP,
      QUIT
",
        )
        .exit(64);
}

#[test]
fn a_plan_is_folded_under_its_labels() {
    to_jones("a-list-of-persons-with-a-long-name@department.example.org --dry-run")
        .unasked()
        .terminal(40)
        .stdout(
            "server      127.0.0.1:PORT (smtp)
tls         starttls if offered,
            certificate faults are only
            reported
log in      no
ehlo name   alpha.arpa
sender      <Smith@Alpha.ARPA>
recipients  <Jones@Beta.ARPA>
            <a-list-of-persons-with-a-lo
            ng-name@department.example.o
            rg>
message     281 octets, composed,
            <1@alpha.arpa>
",
        )
        .exit(0);
    ehlo("verify beta a-list-of-persons-with-a-long-name@department.example.org --no-random --dry-run --tls off")
        .terminal(40)
        .stdout(
            "server      beta:25 (smtp)
tls         off
log in      no
ehlo name   [local address]
sender      <>
asked       RCPT
            <a-list-of-persons-with-a-lo
            ng-name@department.example.o
            rg>
",
        )
        .exit(0);
}

#[test]
fn explanations_are_folded_under_their_labels() {
    ehlo("explain")
        .stdin("x postfix/smtp[9]: A: status=bounced (host b[192.0.2.1] said: 550 5.1.1 no)\n")
        .terminal(40)
        .stdout(
            "550 5.1.1  no such mailbox there
  means   the server knows no mailbox of
          that name (the part before the
          @)
  who     the recipient's server, to
          RCPT: the address is mistyped,
          was deleted, or never existed
  do      check the address, letter by
          letter, or ask the person;
          remove it from mailing lists
  again?  no: the result will be the
          same
  550     mailbox not available
  line    x postfix/smtp[9]: A:
          status=bounced (host
          b[192.0.2.1] said: 550 5.1.1
          no)
",
        )
        .exit(0);
    ehlo("explain SCRAM-SHA-256-PLUS")
        .terminal(200)
        .stdout(
            "SASL mechanism  SCRAM-SHA-256-PLUS
  means   as without -PLUS, and bound to the TLS connection: nobody in between can pass it on; does
          not show the password
  who     servers that store passwords themselves
  do      the best for passwords: use it (RFC 7677)
",
        )
        .exit(0);
}

#[test]
fn the_demo_fits_40_columns() {
    let done = ehlo("demo").terminal(40).any_stdout().exit(0);
    let talk = done.stdout().split("\n\n").filter(|part| !part.starts_with("# ") && !part.contains("echo"));
    assert!(talk.flat_map(str::lines).all(|line| line.chars().count() <= 40), "{}", done.stdout());
}
