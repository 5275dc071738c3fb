//! `ehlo sendmail`: by whom and to whom a message goes that is handed over, which account sends it, and what names
//! without a domain stand for.

use crate::handed::{CONFIG, sendmail};
use crate::harness::ehlo;

const TO_JONES: &str = "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\nBlah\n";

#[test]
fn the_account_is_that_of_the_reverse_path_or_of_from() {
    const TWO: &str = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:9'\n\
                       [account.home]\nserver = 'smtp://127.0.0.1:9'\naddress = 'Brown <brown@beta.arpa>'\nsenders = ['Smith@*']\n\
                       [sendmail]\ndomain = 'alpha.arpa'\naliases = 'none'\n";
    for (line, from, account) in [
        ("-f Smith@Alpha.ARPA", "Green@Beta.ARPA", "home"),
        ("-f smith", "Green@Beta.ARPA", "home"),
        ("-f Green@Beta.ARPA", "Smith@Alpha.ARPA", "home"),
        ("", "smith", "home"),
        ("-f Brown@Beta.ARPA", "Green@Beta.ARPA", "home"),
        ("-f Green@Beta.ARPA", "Green@Beta.ARPA", "work"),
        ("-a work -f Smith@Alpha.ARPA", "Smith@Alpha.ARPA", "work"),
    ] {
        let message = format!("From: {from}\n\nBlah\n");
        let run = sendmail(&format!("{line} Jones@Beta.ARPA")).config(TWO).stdin(message);
        assert_eq!(run.queues(0).queued().json["account"], account, "{line} {from}");
    }
    // It is no reason for a warning that there is no default.
    let without = TWO.replace("default = 'work'\n", "");
    sendmail("Jones@Beta.ARPA").config(&without).stdin("From: Smith@Alpha.ARPA\n\n").queues(0).queued();
}

#[test]
fn a_name_without_a_domain_waits_for_one() {
    let config = CONFIG.replace("domain = 'alpha.arpa'", "domain = '-'");
    let stderr = "ehlo: warning: 'root' has no domain, so its message waits: set 'domain' in the table sendmail of \
                  config.toml, or an alias\n";
    let run = |line: &str| sendmail(line).config(&config).stdin("\nBlah\n");
    let queued = run("-f Smith@Alpha.ARPA root").stderr(stderr).queues(0).queued();
    assert_eq!(
        (queued.recipients.join(" ").as_str(), queued.json["state"].as_str()),
        ("root", Some("no-domain"))
    );
    // So does a sender, if the account has no address.
    let queued = run("-f root Jones@Beta.ARPA").stderr(stderr).queues(0).queued();
    assert_eq!((queued.sender.as_str(), queued.json["state"].as_str()), ("root", Some("no-domain")));
    let with_address = config.replace("[sendmail]", "address = 'me@example.org'\n[sendmail]");
    let queued = run("-f root Jones@Beta.ARPA").config(&with_address).queues(0).queued();
    assert_eq!((queued.sender.as_str(), queued.json["state"].as_str()), ("me@example.org", Some("queued")));
}

#[test]
fn a_name_without_a_domain_keeps_nobody_else_waiting() {
    let sink = ehlo("sink --mbox caught").listen();
    let config = CONFIG.replace("domain = 'alpha.arpa'", "domain = '-'\nodi = 'wait'");
    let stderr = "ehlo: warning: 'root' has no domain, so its message waits: set 'domain' in the table sendmail of \
                  config.toml, or an alias\n";
    let run = ehlo("sendmail -odi -f Smith@Alpha.ARPA root Jones@Beta.ARPA").beside(&sink);
    let run = run.config(&config.replace("127.0.0.1:9", "127.0.0.1:PORT")).stdin(TO_JONES);
    let queued = run.stderr(stderr).exit(0).queued();
    let states: Vec<&str> = queued.json["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!((states, queued.json["state"].as_str()), (vec!["queued", "accepted"], Some("no-domain")));
    sink.stop("");
}

#[test]
fn a_name_stands_for_its_aliases() {
    const ALIASES: &str = "# of this machine\nroot: admin, Brown@Beta.ARPA\nadmin: \\admin, Green@Beta.ARPA\n\
                           loop: pool\npool: loop\nlog: \"|/usr/bin/logger\", Green@Beta.ARPA\nonly: /var/mail/only\n";
    let log = "ehlo: warning: the alias log names |/usr/bin/logger, which is left out: only addresses and names \
               count here\n";
    let only = log.replace("log names |/usr/bin/logger", "only names /var/mail/only");
    for (names, stderr, recipients) in [
        ("root", "", "admin@alpha.arpa Green@Beta.ARPA Brown@Beta.ARPA"),
        ("ROOT", "", "admin@alpha.arpa Green@Beta.ARPA Brown@Beta.ARPA"),
        ("root Brown@beta.arpa", "", "admin@alpha.arpa Green@Beta.ARPA Brown@Beta.ARPA"),
        ("smith", "", "smith@alpha.arpa"),
        ("loop", "", "loop@alpha.arpa"),
        ("log", log, "Green@Beta.ARPA"),
        ("only", &only, "only@alpha.arpa"),
        // An address is no name, whatever its domain.
        ("root@alpha.arpa", "", "root@alpha.arpa"),
    ] {
        let run = sendmail(names).file(".config/ehlo/aliases", ALIASES).stdin("\nBlah\n").stderr(stderr);
        assert_eq!(run.queues(0).queued().recipients.join(" "), recipients, "{names}");
    }
}

#[test]
fn aliases_that_cannot_be_read_are_told() {
    let run = sendmail("root").stdin("\nBlah\n");
    std::fs::create_dir(run.folder().join(".config/ehlo/aliases")).unwrap();
    let stderr =
        "ehlo: warning: cannot read DIR/.config/ehlo/aliases: is a directory: names stand for themselves\n";
    assert_eq!(run.stderr(stderr).queues(0).queued().recipients, ["root@alpha.arpa"]);
}

#[test]
fn what_cannot_be_read_in_a_header_is_left_out_and_told() {
    let stderr = "ehlo: warning: 'b@@\\x1by' in To is not an address, and is left out\n";
    let run = sendmail("-t").stdin("To: Jones@Beta.ARPA, b@@\x1by\n\nBlah\n").stderr(stderr);
    assert_eq!(run.queues(0).queued().recipients, ["Jones@Beta.ARPA"]);
}

#[test]
fn from_and_the_reverse_path_are_what_the_account_says() {
    let account = |more: &str| {
        format!(
            "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:9'\naddress = 'Me <me@example.org>'\n{more}\
             [sendmail]\ndomain = 'alpha.arpa'\naliases = 'none'\n"
        )
    };
    let queued = |more: &str| {
        let run = sendmail("-f root Jones@Beta.ARPA").config(&account(more));
        let queued = run.stdin("From: root (Cron Daemon)\nMessage-ID: <1@a>\n\nBlah\n").queues(0).queued();
        (queued.sender, queued.content.replace("Date: NEW\nMessage-ID: <1@a>\n", ""))
    };
    let root = || "root@alpha.arpa".to_owned();
    for (more, sender, from) in [
        ("", root(), "From: root@alpha.arpa (Cron Daemon)\n"),
        ("from = 'qualify'\n", root(), "From: root@alpha.arpa (Cron Daemon)\n"),
        ("from = 'keep'\n", root(), "From: root (Cron Daemon)\n"),
        ("domain = 'example.org'\n", "root@example.org".to_owned(), "From: root@example.org (Cron Daemon)\n"),
        ("envelope = 'account'\n", "me@example.org".to_owned(), "From: root@alpha.arpa (Cron Daemon)\n"),
    ] {
        let content = format!("Date: NEW\n{from}Message-ID: <1@a>\n\nBlah\n");
        assert_eq!(queued(more), (sender, content), "{more}");
    }
    let (_, content) = queued("from = 'replace'\n");
    let lines: Vec<&str> = content.lines().collect();
    assert!(
        lines[1].starts_with("From: \"root on ") && lines[1].ends_with("(Cron Daemon)\" <me@example.org>")
    );
    assert_eq!(lines[2..], ["Reply-To: root@alpha.arpa (Cron Daemon)", "Message-ID: <1@a>", "", "Blah"]);
}

#[test]
fn what_was_resent_goes_to_those_of_the_newest_block() {
    let message = "Resent-To: Brown@Beta.ARPA\nResent-Bcc: green@beta.arpa\nResent-From: smith@alpha.arpa\n\
                   Received: by vm; Mon, 02 Nov 1981 14:37:00 +0000\nResent-To: nobody@beta.arpa\n\
                   From: a@beta.arpa\nTo: Jones@Beta.ARPA\nDate: Mon, 02 Nov 1981 14:37:00 +0000\n\
                   Message-ID: <1@a>\n\nBlah\n";
    let queued = sendmail("-t").stdin(message).queues(0).queued();
    assert_eq!(queued.recipients, ["Brown@Beta.ARPA", "green@beta.arpa"]);
    assert_eq!(queued.content, message.replace("Resent-Bcc: green@beta.arpa\n", ""));
}
