//! `ehlo send --queue`: the message goes to the disk, and what is said of it; a runner sends it alone.

use crate::harness::{Done, Ehlo, ehlo};
use serde_json::json;
use std::time::{Duration, Instant};

const QUEUE: &str = ".local/state/ehlo/queue/q";
const ACCOUNT: &str = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:PORT'\ntls = 'off'\n\
                       ehlo-name = 'alpha.arpa'\naddress = 'Smith@Alpha.ARPA'\n";
const NO_ACCOUNT: &str = "ehlo: warning: there is no account that it can be sent by: it waits for one in the \
                          configuration\n";

fn queued(line: &str) -> Ehlo {
    ehlo(&format!(
        "send --queue --date 'Mon, 02 Nov 1981 14:37:00 +0000' --message-id 1@alpha.arpa -f Smith@Alpha.ARPA -t \
         Jones@Beta.ARPA --body Blah {line}"
    ))
}

/// The messages that wait: envelope and content, `ID` and the like for what changes from run to run.
fn waiting(done: &Done) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(done.path(QUEUE)) else { return Vec::new() };
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let messages = names.filter(|name| name.ends_with(".msg"));
    messages.map(|name| without_numbers(&done.file(&format!("{QUEUE}/{name}")))).collect()
}

fn without_numbers(message: &str) -> String {
    let line = |line: &str| match line.split_once(' ') {
        Some((name @ ("id" | "created" | "uid" | "pid" | "sum"), _)) => format!("{name}\n"),
        Some(("content", rest)) => format!("content {}\n", rest.split(' ').next().unwrap_or_default()),
        _ => format!("{line}\n"),
    };
    message.lines().map(line).collect()
}

/// Whether anything is left in the queue; a runner may be at work in it.
fn is_waiting(done: &Done) -> bool {
    std::fs::read_dir(done.path(QUEUE)).is_ok_and(|mut folder| folder.next().is_some())
}

/// What is said of it, with `ID` for its identifier.
fn said(done: &Done) -> String {
    let line = |line: &str| match line.split_once("queued as ") {
        Some((before, id)) => {
            assert!(id.len() == 13 && id.bytes().all(|octet| octet.is_ascii_alphanumeric()), "{line}");
            format!("{before}queued as ID\n")
        }
        None => format!("{line}\n"),
    };
    done.stdout().lines().map(line).collect()
}

#[test]
fn a_message_waits_with_all_that_was_asked_for() {
    let done =
        queued("Brown@Beta.ARPA --notify failure --return headers --priority 3 --mail-parameter X-A=1")
            .any_stdout()
            .stderr(NO_ACCOUNT)
            .exit(0);
    assert_eq!(said(&done), "---\tJones@Beta.ARPA\tqueued as ID\n---\tBrown@Beta.ARPA\tqueued as ID\n");
    assert_eq!(
        waiting(&done),
        ["ehlo-queue 1\nid\ncreated\nuid\npid\ntool send\nmessage-id <1@alpha.arpa>\nbody 7bit\nutf8 no\n\
          octets 237\ndemand DSN\ndemand MT-PRIORITY\nmail RET=HDRS\nmail MT-PRIORITY=3\nmail X-A=1\n\
          sender <Smith@Alpha.ARPA>\n\
          rcpt <Jones@Beta.ARPA> NOTIFY=FAILURE ORCPT=rfc822;Jones@Beta.ARPA\n\
          rcpt <Brown@Beta.ARPA> NOTIFY=FAILURE ORCPT=rfc822;Brown@Beta.ARPA\n\
          content 00000000000000000237\nsum\n\n\
          Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: <Smith@Alpha.ARPA>\n\
          To: <Jones@Beta.ARPA>, <Brown@Beta.ARPA>\nMessage-ID: <1@alpha.arpa>\nMIME-Version: 1.0\n\
          Content-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: 7bit\n\nBlah\n"]
    );
}

#[test]
fn json_says_the_identifier_and_quiet_says_nothing() {
    let done = queued("--json").any_json().stderr(NO_ACCOUNT).exit(0);
    let mut value = done.json();
    assert_eq!(value["queue_id"].as_str().unwrap().len(), 13);
    value["queue_id"] = json!("ID");
    let recipient = json!({
        "address": "Jones@Beta.ARPA", "status": "queued", "stage": "connect", "transaction": null, "reply": null,
        "explanation": null,
    });
    let wanted = json!({
        "version": 1, "outcome": "queued", "exit_status": 0, "skipped": null, "queue_id": "ID",
        "recipients": [recipient], "transactions": [],
        "timing_ms": {"connect": null, "tls": null, "auth": null, "total": 0}, "error": null,
    });
    assert_eq!(value, wanted);
    assert_eq!(waiting(&queued("-q").exit(0)).len(), 1);
}

#[test]
fn a_message_as_it_is_waits_without_bcc() {
    let done = ehlo("send --queue -m - -f Smith@Alpha.ARPA --recipients-in-message")
        .stdin("To: Jones@Beta.ARPA\r\nBcc: Brown@Beta.ARPA\r\n\r\n.\r\n")
        .any_stdout()
        .stderr(NO_ACCOUNT)
        .exit(0);
    assert_eq!(said(&done), "---\tJones@Beta.ARPA\tqueued as ID\n---\tBrown@Beta.ARPA\tqueued as ID\n");
    let message = waiting(&done).concat();
    assert!(message.ends_with("sum\n\nTo: Jones@Beta.ARPA\n\n.\n"), "{message}");
}

#[test]
fn what_has_to_do_with_a_connection_is_refused() {
    for flag in [
        "--port 25",
        "-4",
        "-6",
        "--bind 127.0.0.1",
        "--proxy socks5://x",
        "--pipe x",
        "--connect-timeout 1",
        "--timeout 1",
        "--final-timeout 1",
        "--deadline 1",
        "--tls off",
        "--ca-file x",
        "--insecure",
        "--tls-name x",
        "--pin x",
        "--client-cert x",
        "--tls-min 1.2",
        "--tls-backend rustls",
        "--password-file x",
        "--password-command x",
        "--password-env x",
        "--oauth-token-command x",
        "--auth plain",
        "--auth-identity x",
        "--allow-cleartext-auth",
        "--ehlo-name x",
        "--no-pipelining",
        "--no-chunking",
        "--force-8bit",
        "--proxy-protocol v1",
        "--xclient NAME=x",
        "--stop-after rcpt",
        "--drop-after rcpt",
        "--all-or-none",
        "--transcript x",
        "--explain",
        "--failed-to x",
        "--deferred-to x",
    ] {
        let name = flag.split(' ').next().unwrap();
        let done = queued(flag).stderr(&format!("ehlo: --queue cannot be used with {name}\n")).exit(64);
        assert!(waiting(&done).is_empty(), "{flag}");
    }
    queued("-v").stderr("ehlo: --queue cannot be used with --verbose...\n").exit(64);
    for (flag, name) in [("-S beta.arpa", "--server"), ("-u smith", "--user")] {
        let done = queued(flag)
            .stderr(&format!(
                "ehlo: {name} cannot be used with --queue, which keeps no servers and no log-ins; name an account \
                 that has them: -A (--account)\n"
            ))
            .exit(64);
        assert!(waiting(&done).is_empty(), "{flag}");
    }
    queued("")
        .env("EHLO_SERVER", "beta.arpa")
        .stderr(
            "ehlo: EHLO_SERVER cannot be used with --queue, which keeps no servers and no log-ins; name an account \
             that has them: -A (--account)\n",
        )
        .exit(64);
}

#[test]
fn whatever_is_not_queued_has_one_of_the_statuses_of_sendmail() {
    let no_account = "ehlo: there is no account 'home'; there are work\n";
    queued("-A home").config(ACCOUNT).stderr(no_account).exit(75);
    let small = format!("{ACCOUNT}limits = {{ size = '100' }}\n");
    let too_large =
        "ehlo: the message has 218 octets, but account 'work' allows at most 100; nothing was sent\n";
    queued("").config(&small).stderr(too_large).exit(65);
    queued("")
        .file(".local", "")
        .stderr("ehlo: DIR/.local/state/ehlo/queue cannot be a queue: it is not a folder: move it away, and a queue is made there\n")
        .exit(75);
    let no_file = "ehlo: cannot read no: no such file or directory\n";
    assert!(waiting(&queued("-a no").stderr(no_file).exit(75)).is_empty());
}

#[test]
fn a_plan_names_the_queue_and_the_account() {
    queued("--dry-run")
        .config(ACCOUNT)
        .stdout(
            "queue       DIR/.local/state/ehlo/queue\n\
             account     work of DIR/.config/ehlo/config.toml, chosen by the sender Smith@Alpha.ARPA\n\
             sender      <Smith@Alpha.ARPA>\nrecipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
}

/// A runner sends it, though nobody waits for it.
#[test]
fn a_message_is_sent_by_its_account_at_once() {
    let sink = ehlo("sink --listen 127.0.0.1:0 --maildir mail").listen();
    let done = queued("").beside(&sink).config(ACCOUNT).any_stdout().exit(0);
    assert_eq!(said(&done), "---\tJones@Beta.ARPA\tqueued as ID\n");
    let until = Instant::now() + Duration::from_secs(15);
    while is_waiting(&done) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!is_waiting(&done));
    sink.stop("");
}
