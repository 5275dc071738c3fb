//! `ehlo sendmail` and what is odd: a message is taken all the same, whole, and a warning says what was passed over.

use crate::handed::{CONFIG, sendmail, user};

const TO_JONES: &str = "From: Smith@Alpha.ARPA\n\nBlah\n";
const NAMED: &str = "address = '\"Me, of Work\" <me@example.org>'\n[sendmail]";

#[test]
fn a_sender_that_is_no_address_is_the_user() {
    for (line, named) in [
        ("-f a@@b", "a@@b"),
        ("-ra@@b", "a@@b"),
        ("--from=a,b", "a,b"),
        ("-f a\x1bb", "a\\x1bb"),
        ("-f ,", ","),
    ] {
        let own = format!("{}@alpha.arpa", user());
        let stderr =
            format!("ehlo: warning: the sender '{named}' is not an address: it is '{own}' instead\n");
        let run = sendmail(&format!("{line} Jones@Beta.ARPA")).stdin("\nBlah\n").stderr(&stderr);
        let queued = run.queues(0).queued();
        assert_eq!(queued.sender, own, "{line}");
        let head = format!("Date: NEW\nFrom: <{own}>\nMessage-ID: <NEW@alpha.arpa>\n");
        assert_eq!(queued.content, format!("{head}\nBlah\n"));
    }
}

#[test]
fn wishes_about_notices_that_cannot_be_understood_are_passed_over() {
    for (line, option) in [
        ("-N sometimes", "-N 'sometimes'"),
        ("-N never,success", "-N 'never,success'"),
        ("-N ''", "-N ''"),
        ("-R half", "-R 'half'"),
        ("-V ''", "-V ''"),
    ] {
        let stderr = format!("ehlo: warning: {option} cannot be used, and is passed over\n");
        let run = sendmail(&format!("{line} Jones@Beta.ARPA")).stdin(TO_JONES).stderr(&stderr);
        assert_eq!(run.queues(0).queued().recipients, ["Jones@Beta.ARPA"], "{line}");
    }
}

#[test]
fn an_option_at_the_end_that_lacks_its_value_is_passed_over() {
    for option in ["-f", "-F", "-N", "-V", "-a", "--account", "--from", "-b", "-o", "-e"] {
        let stderr = format!("ehlo: warning: {option}: the value is missing: passed over\n");
        let run = sendmail(&format!("Jones@Beta.ARPA {option}")).stdin(TO_JONES).stderr(&stderr);
        let queued = run.queues(0).queued();
        assert_eq!(
            (queued.sender.as_str(), queued.recipients.len()),
            (&*format!("{}@alpha.arpa", user()), 1)
        );
    }
    // Not at the end, it takes what follows, as sendmail(8) does.
    let queued = sendmail("-f -t Jones@Beta.ARPA").stdin(TO_JONES).queues(0).queued();
    assert_eq!((queued.sender.as_str(), queued.recipients.len()), ("-t@alpha.arpa", 1));
}

#[test]
fn an_address_of_the_account_may_have_a_name() {
    let with = |more: &str| CONFIG.replace("[sendmail]", &format!("{more}\n{NAMED}"));
    let run =
        |more: &str| sendmail("Jones@Beta.ARPA").config(&with(more)).stdin("\nBlah\n").queues(0).queued();
    assert_eq!(run("envelope = 'account'").sender, "me@example.org");
    let head = "Date: NEW\nFrom: <me@example.org>\nMessage-ID: <NEW@example.org>\n";
    assert_eq!(run("from = 'replace'").content, format!("{head}\nBlah\n"));
    // Without the quotes it is two addresses: that is told.
    let stderr = "ehlo: warning: 'Me, of Work <me@example.org>', the address of the account 'work', cannot be read: it is \
                  passed over\n";
    let config = with("envelope = 'account'").replace('"', "");
    let run = sendmail("-f s@x.org Jones@Beta.ARPA").config(&config).stdin("\nBlah\n").stderr(stderr);
    assert_eq!(run.queues(0).queued().sender, "s@x.org");
}

#[test]
fn what_is_queued_is_whole_however_long_its_header_is() {
    let given = format!("{}\nBlah\n", "X-Long: 0123456789\n".repeat(100_000));
    let queued =
        sendmail("-F Cron\x07Daemon -f s@x.org Jones@Beta.ARPA").stdin(given.clone()).queues(0).queued();
    let head = "Date: NEW\nFrom: \"Cron Daemon\" <s@x.org>\nMessage-ID: <NEW@x.org>\n";
    assert!(queued.content == format!("{head}{given}"), "{}", &queued.content[..300]);
}

#[test]
fn an_alias_that_is_no_address_is_told() {
    let stderr =
        "ehlo: warning: the alias root names 'a@@\\x1bb', which is not an address, and is left out\n";
    let run =
        sendmail("root").file(".config/ehlo/aliases", "root: a@@\x1bb, \"Green, A\" <Green@Beta.ARPA>\n");
    assert_eq!(run.stdin("\nBlah\n").stderr(stderr).queues(0).queued().recipients, ["Green@Beta.ARPA"]);
}

#[test]
fn the_account_is_that_of_a_sender_with_a_name() {
    let config = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:9'\n\
                  [account.home]\nserver = 'smtp://127.0.0.1:9'\nsenders = ['smith@*']\n[sendmail]\naliases = 'none'\n";
    let run = sendmail("--from=<smith@alpha.arpa>(Smith) Jones@Beta.ARPA").config(config).stdin("\nBlah\n");
    let queued = run.queues(0).queued();
    assert_eq!((queued.sender.as_str(), &queued.json["account"]), ("smith@alpha.arpa", &"home".into()));
}

#[test]
fn a_line_that_is_too_long_for_servers_stays_as_it_is() {
    let given = format!("Date: d\nFrom: a@b.org\nMessage-ID: <1@a>\n\n{}\n", "x".repeat(3_000));
    let queued = sendmail("Jones@Beta.ARPA").stdin(given.clone()).queues(0).queued();
    assert_eq!(queued.content.replace("Date: NEW", "Date: d"), given);
}
