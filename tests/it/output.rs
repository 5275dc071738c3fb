//! What is printed and written besides the report: transcripts, the plan, colours, files.

use crate::harness::send;
use crate::*;
use ehlo_smtp::dialogue;
use std::os::unix::fs::PermissionsExt;

fn shown() -> String {
    format!(
        "# connected to 127.0.0.1:PORT\n{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n{HEAD}C: … 218 octets\nC: .\nS: 250 OK\n{QUIT}"
    )
}

#[test]
fn a_transcript_can_be_played_again() {
    to_jones("-v").server(&all_well()).stdout(JONES_HAS_IT).stderr(&shown()).exit(0);
    // What was printed is a dialogue, prints as it was, and a server plays it.
    let entries = dialogue::parse(&shown()).unwrap();
    let printed: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    assert_eq!(printed, shown());
    to_jones("").server(&shown()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn what_is_not_printable_is_escaped_in_a_transcript() {
    to_jones("-v")
        .server(&format!(
            "S: 220 b\\x1b[2J\\xff \\\\ é\nC: EHLO alpha.arpa\nS: 250 beta\n{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .stderr(&shown().replace("S: 220 beta", "S: 220 b\\x1b[2J\\xff \\\\ é"))
        .exit(0);
}

#[test]
fn vv_adds_times() {
    to_jones("-vv")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             # 0 ms (+0 ms)\n\
             S: 220 beta\n\
             # 0 ms (+0 ms)\n\
             C: EHLO alpha.arpa\n\
             # 0 ms (+0 ms), 17 octets written\n\
             S: 250 beta\n\
             # 0 ms (+0 ms)\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             # 0 ms (+0 ms), 30 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             # 0 ms (+0 ms), 27 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: DATA\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 354 go on\n\
             # 0 ms (+0 ms)\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             # 0 ms (+0 ms), 221 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: QUIT\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 221 bye\n\
             # 0 ms (+0 ms)\n",
        )
        .exit(0);
}

#[test]
fn vvv_adds_the_octets_in_hex() {
    to_jones("-vvv")
        .server(&format!(
            "S: 220 b\\xff\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 HELP\n{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             # 0 ms (+0 ms)\n\
             S: 220 b\\xff\n\
             # 0000  32 32 30 20 62 ff\n\
             # 0 ms (+0 ms)\n\
             C: EHLO alpha.arpa\n\
             # 0000  45 48 4c 4f 20 61 6c 70 68 61 2e 61 72 70 61\n\
             # 0 ms (+0 ms), 17 octets written\n\
             S: 250-beta\n\
             # 0000  32 35 30 2d 62 65 74 61\n\
             S: 250 HELP\n\
             # 0000  32 35 30 20 48 45 4c 50\n\
             # 0 ms (+0 ms)\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             # 0000  4d 41 49 4c 20 46 52 4f 4d 3a 3c 53 6d 69 74 68\n\
             # 0010  40 41 6c 70 68 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 30 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             # 0000  52 43 50 54 20 54 4f 3a 3c 4a 6f 6e 65 73 40 42\n\
             # 0010  65 74 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 27 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: DATA\n\
             # 0000  44 41 54 41\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 354 go on\n\
             # 0000  33 35 34 20 67 6f 20 6f 6e\n\
             # 0 ms (+0 ms)\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             # 0000  2e\n\
             # 0 ms (+0 ms), 221 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: QUIT\n\
             # 0000  51 55 49 54\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 221 bye\n\
             # 0000  32 32 31 20 62 79 65\n\
             # 0 ms (+0 ms)\n",
        )
        .exit(0);
}

#[test]
fn a_transcript_file_is_new_and_for_its_owner_alone() {
    let done = to_jones("--transcript talk").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    let port = done.file("talk").lines().next().unwrap().rsplit_once(':').unwrap().1.to_owned();
    assert_eq!(done.file("talk").replace(&format!(":{port}\n"), ":PORT\n"), shown());
    assert_eq!(std::fs::metadata(done.path("talk")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_transcript_file_that_is_there_is_left_alone_74() {
    let done = to_jones("--transcript talk")
        .file("talk", "mine")
        .unasked()
        .stderr("ehlo: cannot make the transcript talk: file exists\n")
        .exit(74);
    assert_eq!(done.file("talk"), "mine");
}

#[test]
fn a_dry_run_prints_the_plan_and_calls_nobody() {
    to_jones("Green@Beta.ARPA -b Brown@Beta.ARPA --dry-run -s Hello")
        .unasked()
        .stdout(
            "server      127.0.0.1:PORT (smtp)\n\
             tls         starttls if offered, certificate faults are only reported\n\
             log in      no\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             \x20           <Green@Beta.ARPA>\n\
             \x20           <Brown@Beta.ARPA>\n\
             message     253 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
}

#[test]
fn a_dry_run_with_a_log_in_does_not_read_the_password() {
    to_jones("--dry-run -u smith --password-command false")
        .unasked()
        .stdout(
            "server      127.0.0.1:PORT (smtp)\n\
             tls         starttls, verified as 127.0.0.1 by the system's certificates\n\
             log in      as smith, password from --password-command\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
}

#[test]
fn a_dry_run_checks_the_files() {
    to_jones("--dry-run -a missing")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
}

#[test]
fn message_out_is_the_message_as_it_is_sent() {
    let done = to_jones("--message-out copy").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(done.file("copy"), done.message());
    let done = send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body .dot --dry-run --message-out copy")
        .unasked()
        .stdout(
            "server      127.0.0.1:PORT (smtp)\n\
             tls         starttls if offered, certificate faults are only reported\n\
             log in      no\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
    assert!(done.file("copy").ends_with("\r\n\r\n.dot\r\n"), "{}", done.file("copy"));
}

#[test]
fn message_out_may_be_the_very_file_that_the_message_is_read_from() {
    let text = "From: Smith@Alpha.ARPA\nSubject: a\n\nBlah\n";
    let line = "send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA Jones@Beta.ARPA -m it --message-out ./it";
    let done = crate::harness::ehlo(line).file("it", text).server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(done.file("it"), text.replace('\n', "\r\n"));
    assert_eq!(done.file("it"), done.message());
}

#[test]
fn message_out_is_for_its_owner_and_keeps_the_mode_of_a_file_that_is_there() {
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let done = to_jones("--message-out copy").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(mode(done.path("copy")), 0o600);

    let again = to_jones("--message-out link").file("there", "old").server(&all_well()).stdout(JONES_HAS_IT);
    let there = again.folder().join("there");
    std::fs::set_permissions(&there, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("there", again.folder().join("link")).unwrap();
    let done = again.exit(0);
    assert_eq!((mode(done.path("there")), done.path("link").is_symlink()), (0o640, true));
    assert_eq!(done.file("there"), done.message());
}

#[test]
fn message_out_and_failed_to_want_files_of_their_own() {
    to_jones("--message-out it --failed-to it")
        .unasked()
        .stderr("ehlo: --message-out and --failed-to name the same file\n")
        .exit(64);
}

#[test]
fn message_out_that_cannot_be_written_74() {
    to_jones("--message-out no/such/folder")
        .unasked()
        .stderr("ehlo: cannot write no/such/folder: no such file or directory\n")
        .exit(74);
    to_jones("--failed-to no/such/folder")
        .unasked()
        .stderr("ehlo: cannot write no/such/folder: no such file or directory\n")
        .exit(74);
}

#[test]
fn colours_come_when_they_are_asked_for() {
    to_jones("--color always")
        .server(&all_well())
        .stdout("\x1b[32m250\x1b[0m\tJones@Beta.ARPA\tOK\n\x1b[32m250\x1b[0m\tmessage\tOK\n")
        .exit(0);
    to_jones("--color always")
        .env("NO_COLOR", "1")
        .server(&all_well())
        .stdout("\x1b[32m250\x1b[0m\tJones@Beta.ARPA\tOK\n\x1b[32m250\x1b[0m\tmessage\tOK\n")
        .exit(0);
    to_jones("--color auto").env("TERM", "xterm").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    to_jones("").env("NO_COLOR", "1").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn nobody_reads_standard_output_and_the_mail_is_sent_all_the_same() {
    to_jones("").stdout_closed().server(&all_well()).exit(0);
    to_jones("--json").stdout_closed().server(&all_well()).exit(0);
    to_jones("--dry-run").stdout_closed().unasked().exit(0);
}

#[test]
fn no_backtrace_is_printed() {
    to_jones("-a missing")
        .env("RUST_BACKTRACE", "1")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
    to_jones("-S 127.0.0.1 -p 0")
        .env("RUST_BACKTRACE", "full")
        .stderr("ehlo: --port needs a number from 1 to 65535\n")
        .exit(64);
}

#[test]
fn those_who_did_not_get_it_keep_what_their_list_said_of_them() {
    let done = send("-f Smith@Alpha.ARPA --body Blah --recipients-from list --failed-to failed --rcpt-parameter X=y")
        .file("list", "Jones@Beta.ARPA NOTIFY=NEVER\nGreen@Beta.ARPA NOTIFY=FAILURE\n")
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 DSN\n{MAIL}\
             C: RCPT TO:<Jones@Beta.ARPA> NOTIFY=NEVER ORCPT=rfc822;Jones@Beta.ARPA X=y\nS: 250 OK\n\
             C: RCPT TO:<Green@Beta.ARPA> NOTIFY=FAILURE ORCPT=rfc822;Green@Beta.ARPA X=y\nS: 450 later\n{TAKEN}{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n450\tGreen@Beta.ARPA\tlater\n250\tmessage\tOK\n")
        .exit(10);
    assert_eq!(done.file("failed"), "Green@Beta.ARPA NOTIFY=FAILURE\n");
}

#[test]
fn a_lone_hyphen_is_standard_output_for_the_message_where_nothing_else_is_printed() {
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA --body Blah -S localhost:1 --dry-run --message-out -")
        .stdout(
            "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\nFrom: <Smith@Alpha.ARPA>\r\nTo: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\r\nBlah\r\n",
        )
        .exit(0);
    to_jones("-S localhost:1 --message-out -")
        .stderr("ehlo: --message-out -: standard output carries the report, except with --dry-run\n")
        .exit(64);
    to_jones("-S localhost:1 --failed-to -")
        .stderr("ehlo: --failed-to: needs a file; standard output has the report\n")
        .exit(64);
}
