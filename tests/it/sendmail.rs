//! `ehlo sendmail`: whoever hears 0 has a message on the disk, and whoever hears anything else has none there. What
//! the known programs hand over is in `callers`.

use crate::handed::{CONFIG, sendmail, user};
use crate::harness::ehlo;
use crate::queued::PLACE;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

const TO_JONES: &str = "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\nBlah\n";
const NO_ACCOUNT: &str = "ehlo: warning: there is no account that messages can be sent by: they wait for one in \
                          config.toml (see ehlo-config(5))\n";

#[test]
fn without_a_configuration_the_message_waits_and_a_warning_says_what_to_set() {
    let done =
        ehlo("sendmail -f Smith@Alpha.ARPA Jones@Beta.ARPA").stdin(TO_JONES).stderr(NO_ACCOUNT).exit(0);
    let queued = done.queued();
    assert_eq!(
        (queued.json["account"].as_str(), queued.recipients.join(" ").as_str()),
        (None, "Jones@Beta.ARPA")
    );
}

#[test]
fn with_a_broken_configuration_the_message_waits_and_a_warning_says_where() {
    let done = ehlo("sendmail -f Smith@Alpha.ARPA Jones@Beta.ARPA")
        .config("default = 'work'\n[account.work]\nserver = 7\n")
        .stdin(TO_JONES)
        .stderr(
            "ehlo: warning: DIR/.config/ehlo/config.toml, line 3: 'server' needs a text, or a list of texts: messages \
             wait until that is mended\n",
        )
        .exit(0);
    assert_eq!(done.queued().json["account"].as_str(), None);
}

#[test]
fn a_named_account_that_is_not_there_is_waited_for() {
    let says = "ehlo: warning: there is no account 'home': the message waits for it\n";
    for line in ["-a home", "-Ahome", "--account home", "--account=home"] {
        let done = sendmail(&format!("{line} Jones@Beta.ARPA")).stdin(TO_JONES).stderr(says).queues(0);
        assert_eq!(done.queued().json["account"], "home", "{line}");
    }
    let run = sendmail("Jones@Beta.ARPA").env("EHLO_ACCOUNT", "home").stdin(TO_JONES);
    assert_eq!(run.stderr(says).queues(0).queued().json["account"], "home");
}

#[test]
fn what_is_queued_is_sent_at_once_but_for_odq() {
    let sink = ehlo("sink --mbox caught").listen();
    let start = |line: &str, more: &str| {
        let config = CONFIG.replace("127.0.0.1:9", "127.0.0.1:PORT") + more;
        let run = ehlo(&format!("sendmail {line} Jones@Beta.ARPA")).beside(&sink).config(&config);
        run.stdin(TO_JONES).exit(0)
    };
    let later = [start("-odq", ""), start("-bq", ""), start("-O DeliveryMode=q", "")];
    // The caller waits for it where the configuration says so.
    start("-odi", "odi = 'wait'\n").queued_nothing();
    let at_once = [start("", ""), start("-odb", ""), start("-odi", "")];
    let begun = Instant::now();
    while at_once.iter().any(|done| !done.ids().is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(15), "nobody sends it");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(later.iter().all(|done| done.ids().len() == 1));
    assert_eq!(sink.file("caught").matches("\nTo: Jones@Beta.ARPA\n").count(), 4);
    sink.stop("");
}

#[test]
fn a_queue_that_cannot_be_written_is_75_before_anything_is_read() {
    let run = sendmail("Jones@Beta.ARPA").file("file", "").env("XDG_STATE_HOME", "DIR/file");
    run.stdin(TO_JONES)
        .stderr("ehlo: DIR/file/ehlo/queue cannot be a queue: it is not a folder: move it away, and a queue is made there\n")
        .exit(75)
        .queued_nothing();
    // The status of a queue that is newer is no other: callers read 75 as 'later'.
    let run = sendmail("Jones@Beta.ARPA").stdin(TO_JONES);
    std::fs::create_dir_all(run.folder().join(PLACE)).unwrap();
    run.file(&format!("{PLACE}/VERSION"), "ehlo-queue 9\n")
        .stderr(&format!(
            "ehlo: DIR/{PLACE} is of version 9, which this program is too old for: use the newer one that made it\n"
        ))
        .exit(75)
        .queued_nothing();
}

#[test]
fn what_the_queue_does_not_take_is_refused() {
    for (limit, stderr, status) in [
        ("min-free = '1000000G'", "the disk has", 75),
        ("max-size = '20'", "the message has 152 octets, but the queue takes at most 20:", 65),
        ("max-recipients = 1", "the message has 2 recipients, but the queue takes at most 1:", 65),
    ] {
        let run = sendmail("Jones@Beta.ARPA Green@Beta.ARPA").config(&format!("{CONFIG}[queue]\n{limit}\n"));
        // With a Date of its own, which may have one digit for the day or two, its size is known.
        let dated = format!("Date: Thu, 21 May 1998 05:33:29 -0700\n{TO_JONES}");
        let done = run.stdin(&dated).redirected("2>said").exit(status);
        done.queued_nothing();
        let said = done.file("said");
        let (begins, ends) = (format!("ehlo: {stderr}"), "nothing was queued\n");
        assert!(said.starts_with(&begins) && said.ends_with(ends) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn what_is_wrong_with_the_call_is_said_and_nothing_is_queued() {
    let nobody = "ehlo: there is no recipient: name one on the command line, or in the header with -t; nothing was queued\n";
    for (line, message, stderr, status) in [
        ("", TO_JONES, nobody, 65),
        ("-i ''", TO_JONES, nobody, 65),
        ("-t", "Subject: hi\n\nBlah\n", nobody, 65),
        ("Jones@Beta.ARPA b@@y", TO_JONES, "ehlo: 'b@@y' is not an address; nothing was queued\n", 65),
        (
            "Jones@Beta.ARPA b@\x1b[2J",
            TO_JONES,
            "ehlo: 'b@\\x1b[2J' is not an address; nothing was queued\n",
            65,
        ),
        ("-bz", "", "ehlo: -bz: no such mode; see 'ehlo sendmail --help'\n", 64),
        ("-bd", "", "ehlo: -bd: there is no daemon to start; the queue is run by 'ehlo queue run'\n", 64),
        ("-bv", "", "ehlo: -bv needs an address\n", 64),
    ] {
        sendmail(line).stdin(message).stderr(stderr).exit(status).queued_nothing();
    }
}

#[test]
fn an_option_that_is_not_known_loses_no_message() {
    let stderr = "ehlo: warning: not known, and passed over: -Z --odd\n";
    sendmail("-v -Z --odd Jones@Beta.ARPA").stdin(TO_JONES).stderr(stderr).queues(0).queued();
    sendmail("-Z --odd Jones@Beta.ARPA").stdin(TO_JONES).queues(0).queued();
}

#[test]
fn what_the_sender_wants_to_be_told_is_kept_with_the_message() {
    let line = "-N success,failure -R hdrs -V E1 Jones@Beta.ARPA";
    let done = sendmail(line).stdin(TO_JONES).queues(0);
    let id = done.ids().remove(0);
    let file = done.file(&format!("{PLACE}/q/{id}.msg"));
    let envelope: Vec<&str> = file.split("\n\n").next().unwrap().lines().collect();
    let dsn = [
        "mail RET=HDRS",
        "mail ENVID=E1",
        "rcpt <Jones@Beta.ARPA> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Jones@Beta.ARPA",
    ];
    assert!(dsn.iter().all(|line| envelope.contains(line)), "{file}");
}

#[test]
fn standard_output_that_is_full_and_standard_error_that_is_closed_change_nothing() {
    for how in [">/dev/full", "2>&-", ">&- 2>&-", "2>/dev/full"] {
        let run = sendmail("Jones@Beta.ARPA").redirected(how).stdin(TO_JONES);
        run.queues(0).queued();
        // There is something to say, and nobody to say it to.
        let run = ehlo("sendmail -f Smith@Alpha.ARPA Jones@Beta.ARPA").redirected(how).stdin(TO_JONES);
        run.stderr(if how.contains("2>") { "" } else { NO_ACCOUNT }).exit(0).queued();
    }
}

#[test]
fn a_signal_before_the_end_of_the_message_means_that_it_is_not_sent() {
    for (signal, bit) in [("INT", 1), ("TERM", 14), ("HUP", 0)] {
        let run = sendmail("Jones@Beta.ARPA");
        let mut child = run.command(None).spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(TO_JONES.as_bytes()).unwrap();
        let begun = Instant::now();
        let is_ready = || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:\t")).unwrap();
            u64::from_str_radix(caught, 16).unwrap() >> bit & 1 == 1
        };
        while !is_ready() {
            assert!(begun.elapsed() < Duration::from_secs(15), "{signal} is not caught");
            std::thread::sleep(Duration::from_millis(2));
        }
        let kill = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        let _open = child.stdin.take();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let wanted = "ehlo: a signal came before the end of the message: nothing was queued\n";
        assert_eq!(
            (output.status.code(), output.stdout.len(), said.as_str()),
            (Some(75), 0, wanted),
            "{signal}"
        );
        for folder in ["q", "tmp"] {
            let left = std::fs::read_dir(run.folder().join(PLACE).join(folder)).unwrap().count();
            assert_eq!(left, 0, "{signal}: {folder}");
        }
    }
}

#[test]
fn the_end_of_standard_input_ends_the_message() {
    for (given, text) in [("\nBlah", "Blah\n"), ("\n.", ""), ("", ""), ("\n\n\n", "\n\n")] {
        let queued = sendmail("Jones@Beta.ARPA").stdin(given).queues(0).queued();
        let head = format!("Date: NEW\nFrom: <{}@alpha.arpa>\nMessage-ID: <NEW@alpha.arpa>\n\n", user());
        assert_eq!(queued.content, format!("{head}{text}"), "{given:?}");
    }
}

#[test]
fn other_names_of_the_program_are_other_modes() {
    let run = ehlo("-i Jones@Beta.ARPA").called("sendmail").config(CONFIG).stdin(TO_JONES);
    let done = run.queues(0);
    done.queued();
    let state = done.path(".local/state");
    let called = |name, line| ehlo(line).called(name).env("XDG_STATE_HOME", state.to_str().unwrap());
    let list = called("mailq", "").any_stdout().exit(0).stdout().to_owned();
    assert!(list.contains(&done.ids()[0]) && list.contains("Jones@Beta.ARPA"), "{list}");
    assert!(list.ends_with("-- 0 Kbytes in 1 Request.\n"), "{list}");
    assert_eq!(called("sendmail", "-bp").any_stdout().exit(0).stdout(), list);
    for (name, line) in [("newaliases", ""), ("sendmail", "-bi"), ("sendmail", "-I")] {
        called(name, line).exit(0);
    }
    ehlo("").called("mailq").stdout("Mail queue is empty\n").exit(0);
}

#[test]
fn its_help_and_its_version_are_printed_by_every_name() {
    let help = ehlo("sendmail --help").any_stdout().exit(0).stdout().to_owned();
    assert!(
        help.starts_with("take a message from a program, put it into the queue, and send it\n\nusage: "),
        "{help}"
    );
    assert_eq!(ehlo("help sendmail").any_stdout().exit(0).stdout(), help);
    assert_eq!(ehlo("--help").called("sendmail").any_stdout().exit(0).stdout(), help);
    let version = concat!("ehlo ", env!("CARGO_PKG_VERSION"), "\n");
    ehlo("--version").called("mailq").stdout(version).exit(0);
    let all = ehlo("--help").any_stdout().exit(0).stdout().to_owned();
    let row = all.lines().find(|line| line.trim_start().starts_with("sendmail ")).unwrap();
    assert!(row.ends_with("take a message from a program, put it into the queue, and send it"), "{row}");
    ehlo("snedmail").stderr("ehlo: no command 'snedmail': did you mean sendmail?\n").exit(64);
}

#[test]
fn octets_that_are_no_text_stay_as_they_are() {
    let message = b"From: Smith@Alpha.ARPA\nTo: J\xf6rg <root>\nDate: 1981 \nMessage-ID: <1@a>\n\nGr\xfc\xdfe \xff\x01\x7f\n";
    let queued = sendmail("Jones@Beta.ARPA").stdin(message).queues(0).queued();
    let wanted = "From: Smith@Alpha.ARPA\nTo: J\\xf6rg <root>\nDate: 1981 \nMessage-ID: <1@a>\n\nGr\\xfc\\xdfe \\xff\x01\x7f\n";
    assert_eq!(queued.content, wanted);
}

#[test]
fn a_message_that_memory_does_not_hold_is_queued_whole() {
    let line = "0123456789 Gr\u{fc}\u{df}e ".repeat(3) + "\r\n";
    let text = line.repeat(60_000);
    let head = "From: Smith@Alpha.ARPA\nDate: Mon, 02 Nov 1981 14:37:00 +0000\nMessage-ID: <1@a>\n\n";
    let done = sendmail("-oi Jones@Beta.ARPA").stdin(format!("{head}{text}.\n{text}")).queues(0);
    let text = text.replace("\r\n", "\n");
    assert!(done.queued().content == format!("{head}{text}.\n{text}"), "it is another message");
}

#[test]
fn a_header_without_an_end_is_refused() {
    let stderr = "ehlo: the header section has more than 4194304 octets; nothing was queued\n";
    let message = format!("Subject: {}\n\n", "x ".repeat(3 << 20));
    sendmail("Jones@Beta.ARPA").stdin(message).stderr(stderr).exit(65).queued_nothing();
}

#[test]
fn dots_that_a_program_doubles_are_undone_where_the_configuration_says_so() {
    let head = "From: Smith@Alpha.ARPA\nDate: Mon, 02 Nov 1981 14:37:00 +0000\nMessage-ID: <1@a>\n\n";
    for (more, text) in [("", "..\n..b\n"), ("dot-unstuff = true\n", ".\n.b\n")] {
        let run = sendmail("Jones@Beta.ARPA").config(&format!("{CONFIG}{more}"));
        let queued = run.stdin(format!("{head}..\n..b\n.\nEnde\n")).queues(0).queued();
        assert_eq!(queued.content, format!("{head}{text}"));
    }
}
