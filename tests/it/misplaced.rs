//! Words in the wrong place: what they were taken for, and which flag or form was meant.

use crate::harness::{Ehlo, ehlo, send};
use crate::*;

const SAVED: &str = "From: Smith@Alpha.ARPA\nTo: root\nSubject: x\n\nhi\n";

#[test]
fn a_word_that_is_no_recipient_is_told_by_what_it_was_taken_for() {
    let taken = |word: &str, rest: &str| format!("'{word}' was taken as a recipient{rest}");
    let quoted = |form: &str| {
        format!(
            ": quote a text with blanks, as in {form}; for a recipient without a domain, name one by --domain"
        )
    };
    for (line, said) in [
        ("-s Backup done ops@x.example", taken("done", &quoted("-s 'Backup done'"))),
        ("-H X-Foo: bar ops@x.example", taken("bar", &quoted("-H 'X-Foo: bar'"))),
        (
            "saved.eml",
            taken("saved.eml", ", and is a file: send it as a message with -m saved.eml, or attach it with \
                   -a saved.eml"),
        ),
        (
            "-a file.txt other.txt -- ops@x.example",
            taken(
                "other.txt",
                ", and is a file: attach it with -a other.txt, or send it as the text with --body-file \
                 other.txt",
            ),
        ),
        ("list", taken("list", ", and is a file: for the addresses in it use --recipients-from list")),
        ("@list", taken("@list", "; for the addresses in the file use --recipients-from list")),
        (
            "--to @list",
            "--to '@list': unexpected '@' (at character 1); for the addresses in the file use --recipients-from list"
                .to_owned(),
        ),
        (
            "-H Reply-To: boss@x.example ops@x.example",
            "--header 'Reply-To:': it has no value: quote name and value, as in -H 'Reply-To: VALUE'; an empty \
             field is written -H 'Reply-To: '"
                .to_owned(),
        ),
        (
            "--header=Reply-To: boss@x.example",
            "--header 'Reply-To:': it has no value: quote name and value, as in -H 'Reply-To: VALUE'; an empty \
             field is written -H 'Reply-To: '"
                .to_owned(),
        ),
        ("/", taken("/", ", and is a directory: attach an archive of it with -a")),
        ("-q RCPT ops@x.example", taken("RCPT", ", and -q as --quiet: swaks's -q is --stop-after")),
        (
            "mail.x.example",
            taken("mail.x.example", ": an address has an '@', and a server is named with -S (--server)"),
        ),
        ("25 ops@x.example", taken("25", ": name the port with -p (--port)")),
        (
            "--body x root",
            taken("root", &quoted("--body 'x root'")),
        ),
        (
            "root",
            "recipient 'root': 'root' has no '@' and no domain (at character 1); add one, or name the domain of \
             all such names with --domain"
                .to_owned(),
        ),
        ("''", "recipient '': it contains no address".to_owned()),
        ("-c '' ops@x.example", "--cc: no address in ''; name one, or leave --cc out".to_owned()),
        ("-b '' ops@x.example", "--bcc: no address in ''; name one, or leave --bcc out".to_owned()),
    ] {
        ehlo(&format!("send -S 127.0.0.1:1 -f Smith@Alpha.ARPA {line}"))
            .file("saved.eml", SAVED)
            .file("file.txt", "hi\n")
            .file("other.txt", "hi\n")
            .file("list", "# who\na@x.example\nb@x.example\n")
            .stderr(&format!("ehlo: {said}\n"))
            .exit(64);
    }
}

#[test]
fn without_a_recipient_the_word_that_may_be_one_is_named() {
    send("-S 127.0.0.1:1 -f Smith@Alpha.ARPA -s a@x.example --body x")
        .stderr(
            "ehlo: no recipient: 'a@x.example' was taken as the subject; write one before it, as in -s 'Backup' \
             a@x.example\n",
        )
        .exit(64);
    ehlo("send -S 127.0.0.1:1 -m saved.eml")
        .file("saved.eml", SAVED)
        .stderr(
            "ehlo: no recipient: name one, or use --recipients-in-message for those that the message names\n",
        )
        .exit(64);
    ehlo("send -S 127.0.0.1:1 -m saved.eml --recipients-in-message")
        .file("saved.eml", SAVED)
        .stderr(
            "ehlo: the message's recipients cannot be read: To in line 2, 'root': 'root' has no '@' and no domain; \
             add one, name the domain of all such names with --domain, or put quotation marks around a name \
             with \
             a comma in it\n",
        )
        .exit(65);
}

#[test]
fn a_flag_behind_s_is_told_as_the_subject() {
    let hint = |flag: &str| format!("; {flag} was taken as the subject, whose text is missing after -s\n");
    ehlo("send -S h -s -f a@x.example b@x.example")
        .stderr(&format!("ehlo: no sender: name one with -f (--from) or EHLO_FROM{}", hint("-f")))
        .exit(64);
    ehlo("send -S h -f a@x.example -s --recipient")
        .stderr(&format!(
            "ehlo: no recipient: name one, as in 'ehlo send ... ops@example.org', or with --recipient{}",
            hint("--recipient")
        ))
        .exit(64);
    ehlo("send -f a@x.example -s -S beta b@x.example")
        .stderr(&format!(
            "ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in \
             EHLO_SERVER{}",
            hint("-S")
        ))
        .exit(64);
    to_jones("-s -q")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: -q is sent as the subject: is its text missing after -s?\n")
        .exit(0);
    to_jones("-s -x").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn dashes_and_quotation_marks_of_a_page_are_told() {
    for (line, said) in [
        (
            "-S h -f a@x.example \u{2013}s Backup ops@x.example",
            "'\u{2013}s' begins with a dash that is not a hyphen: type '-' instead",
        ),
        ("\u{2014}S h", "'\u{2014}S' begins with a dash that is not a hyphen: type '-' instead"),
        (
            "-S h -f a@x.example -s \u{201c}Backup done\u{201d} ops@x.example",
            "'\u{201c}Backup' begins with a quotation mark that the shell does not understand: type ' or \"",
        ),
    ] {
        ehlo(&format!("send {line}")).stderr(&format!("ehlo: {said}\n")).exit(64);
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_what_it_may_be() {
    let none = "no such file or directory";
    let send = |line: &str| ehlo(&format!("send -S 127.0.0.1:1 -f Smith@Alpha.ARPA Jones@Beta.ARPA {line}"));
    for (line, said) in [
        ("-a 'X-Foo: bar'", format!("X-Foo: bar: {none}; give a header field with -H (--header)")),
        (
            "-a default",
            format!("default: {none}; -a attaches a file, and an account is named by -A (--account)"),
        ),
        ("-a PLAIN", format!("PLAIN: {none}; name a log-in mechanism with --auth")),
        ("-a sub.pdf", format!("sub.pdf: {none}")),
        (
            "--recipients-from a@x.example",
            format!("a@x.example: {none}; give an address with -t (--to) or --recipient"),
        ),
        ("-a a.pdf,b.csv", format!("a.pdf,b.csv: {none}; each file has an -a (--attach) of its own")),
        ("-a a.pdf,missing", format!("a.pdf,missing: {none}")),
        (
            "--html '<b>hi</b>'",
            format!("<b>hi</b>: {none}; HTML is taken from a file, or from standard input by --html -"),
        ),
        ("--body-file 'see you'", format!("see you: {none}; give a text with --body")),
        ("-m 'see you'", format!("see you: {none}; -m takes a file: give a text with --body")),
        ("-m /", "/: it is a directory; name a file in it".to_owned()),
        ("--body-file /", "/: it is a directory; name a file in it".to_owned()),
        ("-a /", "/: it is a directory; attach an archive of it".to_owned()),
    ] {
        send(line)
            .file("a.pdf", "x")
            .file("b.csv", "x")
            .stderr(&format!("ehlo: cannot read {said}\n"))
            .exit(66);
    }
}

#[test]
fn a_text_that_may_be_meant_otherwise_is_sent_with_a_warning() {
    let smith = |line: &str| send(&format!("-f Smith@Alpha.ARPA Jones@Beta.ARPA {line}"));
    let sent = |run: Ehlo| run.server(&all_well()).stdout(JONES_HAS_IT);
    let message = "Subject: x\nX-Any: y\n\nhi\n";
    let as_text = |file: &str| {
        format!(
            "ehlo: warning: the text begins with the header fields of a message, and is sent as text: to send it \
             as a message use -m {file}\n"
        )
    };
    sent(smith("").stdin(message)).stderr(&as_text("-")).exit(0);
    sent(smith("").stdin(format!("From jones Mon Sep 17 00:00:00 2001\n{message}")))
        .stderr(&as_text("-"))
        .exit(0);
    sent(smith("").stdin_file(message)).stderr(&as_text("-")).exit(0);
    sent(smith("--body-file saved.eml").file("saved.eml", message)).stderr(&as_text("saved.eml")).exit(0);
    for text in ["Note: hi\n", "Dear Joe: hi\n\nSubject: x\n", "Total: 5\n\nhi\n", "Subject: x\nhi there\n"] {
        sent(smith("").stdin(text)).exit(0);
    }
    sent(smith("--body file.txt").file("file.txt", "hi\n"))
        .stderr(
            "ehlo: warning: --body 'file.txt' is sent as these words; for what is in the file use --body-file \
             file.txt\n",
        )
        .exit(0);
    sent(smith("--body 'see file.txt'").file("file.txt", "hi\n")).exit(0);
}

#[test]
fn a_server_that_is_none_is_told_by_what_it_looks_like() {
    let port = "a port without a host: write host:port, such as localhost:2525";
    let mailbox = "a mail address instead of a server: name its host, such as mail.example.org";
    let number = "--port needs a number from 1 to 65535; name the server";
    for (line, said) in [
        ("send -f a@x.example b@x.example -S 2525", format!("--server: {port}")),
        ("send -f a@x.example b@x.example -S :2525", format!("--server: {port}")),
        ("send -f a@x.example b@x.example -S a@x.example", format!("--server: {mailbox}")),
        ("send -p smtp.example.org", format!("{number} with -S")),
        (
            "send -p smtp",
            "--port needs a number from 1 to 65535: smtp is 25, submission is 587, smtps and submissions \
             are 465"
                .to_owned(),
        ),
        ("probe -p smtp.example.org", format!("{number} without a flag")),
        ("probe 2525", format!("SERVER: {port}")),
        ("probe you@example.org", format!("SERVER: {mailbox}")),
        ("send -S smtp:/127.0.0.1", "--server: a URL has two slashes, as in smtp://host".to_owned()),
        ("probe lmtp:/run/lmtp", "SERVER: a URL has two slashes, as in smtp://host".to_owned()),
        (
            "console h NOOP",
            "unexpected argument 'NOOP': a line is sent by --send, as in --send 'NOOP'".to_owned(),
        ),
        ("console h more", "unexpected argument 'more': see 'ehlo console --help'".to_owned()),
        ("probe h --min-days x", "--min-days needs a number of days from 0 to 65535, not 'x'".to_owned()),
        ("probe h 25", "unexpected argument '25': name the port with -p (--port)".to_owned()),
        (
            "send mail.example.org -f a@x.example b@x.example",
            "no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in \
             EHLO_SERVER; 'mail.example.org' was read as a recipient; the server goes in -S"
                .to_owned(),
        ),
        (
            "verify you@example.org mail.example.org",
            "the server comes first, as in 'ehlo verify mail.example.org you@example.org'".to_owned(),
        ),
        (
            "verify you@example.org",
            "no server: name one before the address, as in 'ehlo verify mail.example.org you@example.org'"
                .to_owned(),
        ),
    ] {
        ehlo(line).stderr(&format!("ehlo: {said}\n")).exit(64);
    }
}
