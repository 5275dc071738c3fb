//! `ehlo queue`: what waits is listed, shown and decided about. What a run does is in its own tests.

use crate::harness::{Ehlo, ehlo};
use crate::queued::{FAR, PLACE, ago, ahead, at, deferred, files, held, queue, submission, unknown};
use crate::server::Server;
use crate::{HELLO, MAIL, QUIT, RCPT, TAKEN};
use ehlo::inside::spool::{Event, Pause, Record, Spool, Submission};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;

const ONE: &str = "1NGT5M0000001";
const TWO: &str = "1NGT5M0000002";
const THREE: &str = "1NGT5M0000003";
const FOUR: &str = "1NGT5M0000004";

/// One of each: due, deferred, unknown, held.
fn four(line: &str) -> Ehlo {
    queue(line)
        .waiting(ONE, Vec::new())
        .waiting(TWO, deferred())
        .waiting(THREE, unknown())
        .waiting(FOUR, held())
}

/// The columns of a list behind the identifier, for messages of two hours.
const DUE: &str = "2h\t25\tqueued\tnow\tSmith@Alpha.ARPA\tJones@Beta.ARPA +1\t\n";
const DEFERRED: &str = "2h\t25\tdeferred\t4m\tSmith@Alpha.ARPA\tJones@Beta.ARPA +1\t450 4.2.1 mailbox busy\n";
const UNKNOWN: &str =
    "2h\t25\tunknown\t-\tSmith@Alpha.ARPA\tJones@Beta.ARPA\tno reply to the end of the message\n";
const HELD: &str = "2h\t25\theld\t-\tSmith@Alpha.ARPA\tJones@Beta.ARPA +1\tby hand\n";

#[test]
fn a_queue_that_does_not_exist_is_empty_and_is_not_made() {
    const EMPTY: &str = "ehlo: the queue is empty\n";
    let no_message = |id: &str| format!("ehlo: there is no message '{id}' in the queue\n");
    for (line, stdout, stderr, status) in [
        ("list", "", EMPTY, 0),
        ("list --json", "", "", 0),
        ("hold --all", "", EMPTY, 0),
        ("check", "OK - the queue is empty\n", "", 0),
        ("show 1N", "", no_message("1N").as_str(), 66),
        ("remove 1N", "", no_message("1N").as_str(), 66),
    ] {
        let done = ehlo(&format!("queue {line}")).stdout(stdout).stderr(stderr).exit(status);
        assert!(!done.path(PLACE).exists(), "{line}");
    }
    queue("list").stderr(EMPTY).exit(0);
}

#[test]
fn a_list_has_a_line_for_each_message() {
    let all = format!("{ONE}\t{DUE}{TWO}\t{DEFERRED}{THREE}\t{UNKNOWN}{FOUR}\t{HELD}");
    four("list").stdout(&all).exit(0);
}

#[test]
fn a_list_on_a_terminal_has_columns() {
    let all = format!(
        "{ONE}   2h     25  queued        now  Smith@Alpha.ARPA  Jones@Beta.ARPA…\n\
         {TWO}   2h     25  deferred       4m  Smith@Alpha.ARPA  Jones@Beta.ARPA…\n\
         {:15}450 4.2.1 mailbox busy\n",
        ""
    );
    queue("list").waiting(ONE, Vec::new()).waiting(TWO, deferred()).terminal(80).stdout(&all).exit(0);
}

#[test]
fn filters_choose_messages() {
    for (filter, rows) in [
        ("--state queued", format!("{ONE}\t{DUE}")),
        ("--state unknown", format!("{THREE}\t{UNKNOWN}")),
        ("--state held", format!("{FOUR}\t{HELD}")),
        ("--state deferred --older 1h", format!("{TWO}\t{DEFERRED}")),
        ("--to jones@* --from '*@alpha.arpa' --state queued", format!("{ONE}\t{DUE}")),
        ("1ngt5m0000003", format!("{THREE}\t{UNKNOWN}")),
    ] {
        four(&format!("list {filter}")).stdout(&rows).exit(0);
    }
    for filter in ["--older 3h", "--to jones", "--from ''", "--account work", "--state sending"] {
        four(&format!("list {filter}")).stderr("ehlo: no message fits\n").exit(0);
    }
    // Nobody waits for it there any more.
    queue("list --to green@*").waiting(THREE, unknown()).stderr("ehlo: no message fits\n").exit(0);
}

#[test]
fn a_list_tells_of_what_is_kept_apart_and_of_accounts_that_wait() {
    let run = queue("list")
        .waiting(ONE, Vec::new())
        .paused("-", "no\x07 account", at(FAR), false)
        .file(&format!("{PLACE}/failed/{TWO}.msg"), "x")
        .file(&format!("{PLACE}/corrupt/{THREE}.msg"), "x");
    run.stdout(&format!(
        "{ONE}\t2h\t25\taccount-down\tnow\tSmith@Alpha.ARPA\tJones@Beta.ARPA +1\tno\\x07 account\n"
    ))
    .stderr(&format!(
        "ehlo: 1 message failed with nobody to tell: see DIR/{PLACE}/failed\n\
         ehlo: 1 damaged file set aside: see DIR/{PLACE}/corrupt\n\
         ehlo: account '-' is not used until 2100-01-01T00:00:00+00:00: no\\x07 account\n"
    ))
    .exit(0);
}

#[test]
fn a_damaged_message_harms_no_other() {
    let path = format!("{PLACE}/q/{TWO}.msg");
    for (line, stdout, status) in
        [("list", format!("{ONE}\t{DUE}"), 0), ("show 1NGT5M0000002", String::new(), 65)]
    {
        let run = queue(line).waiting(ONE, Vec::new()).file(&path, "ehlo-queue 1\nid x\n");
        let says = "message 1NGT5M0000002 is damaged: its envelope cannot be read; the next run moves it to corrupt/";
        run.stdout(&stdout).stderr(&format!("ehlo: {says}\n")).exit(status);
    }
}

#[test]
fn a_queue_of_a_newer_version_is_not_touched() {
    let says = format!(
        "ehlo: DIR/{PLACE} is of version 9, which this program is too old for: use the newer one that made it\n"
    );
    for line in ["list", "check", "metrics", "retry --all", "show 1N"] {
        queue(line).file(&format!("{PLACE}/VERSION"), "ehlo-queue 9\n").stderr(&says).exit(78);
    }
}

#[test]
fn others_must_not_be_able_to_write_into_a_queue() {
    let run = queue("list");
    let folder = run.folder().join(PLACE);
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    run.stderr(&format!(
        "ehlo: DIR/{PLACE} cannot be a queue: other users can write there: run 'chmod go-w DIR/{PLACE}'\n"
    ))
    .exit(78);
}

#[test]
fn a_message_is_shown_with_each_recipient() {
    let records: Vec<Record> = [deferred(), held()]
        .concat()
        .into_iter()
        .map(|event| match event {
            Event::Deferred { number, places, said, .. } => {
                Event::Deferred { number, places, next: at(FAR + 300), said }
            }
            other => other,
        })
        .map(|event| Record { at: at(FAR + 60), event })
        .collect();
    let message = |line: &str| {
        let to = submission(&["Jones@Beta.ARPA", "Green@Beta.ARPA"]);
        queue(line).queued(ONE, at(FAR), to, &records)
    };
    message("show 1ngt5m")
        .stdout(&format!(
            "id          {ONE}\n\
         state       held\n\
         held        by user 1000: by hand\n\
         queued      2100-01-01T00:00:00+00:00, 1m ago\n\
         by          sendmail, user 1000, process 4711\n\
         sender      <Smith@Alpha.ARPA>\n\
         message-id  <1@alpha.arpa>\n\
         size        25 octets\n\
         attempts    1, the last 2100-01-01T00:01:00+00:00\n\
         deferred    <Jones@Beta.ARPA>\n\
         \u{20}           450 4.2.1 mailbox busy\n\
         \u{20}           by mx.beta.arpa[192.0.2.1]:25; due now\n\
         deferred    <Green@Beta.ARPA>\n\
         \u{20}           450 4.2.1 mailbox busy\n\
         \u{20}           by mx.beta.arpa[192.0.2.1]:25; due now\n"
        ))
        .exit(0);
    message("show --log 1NGT").stdout(
        "2100-01-01T00:00:00+00:00\tqueued by sendmail, user 1000\n\
         2100-01-01T00:01:00+00:00\tattempt 1: connected to mx.beta.arpa[192.0.2.1]:25 by TLSv1.3\n\
         2100-01-01T00:01:00+00:00\tdeferred for Jones@Beta.ARPA and 1 more: 450 4.2.1 mailbox busy; next try 2100-01-01T00:05:00+00:00\n\
         2100-01-01T00:01:00+00:00\theld by user 1000: by hand\n",
    )
    .exit(0);
    message("show 1N --headers").stdout("Subject: hi\n").exit(0);
    message("show 1N --message").stdout("Subject: hi\n\nBlah\x1b[2J\n").exit(0);
    message("show 1N --message").terminal(80).stdout("Subject: hi\n\nBlah\\x1b[2J\n").exit(0);
    let recipient = |address: &str| {
        json!({"address": address, "state": "deferred", "said": "450 4.2.1 mailbox busy",
               "server": "mx.beta.arpa[192.0.2.1]:25", "attempts": 1, "at": "2100-01-01T00:01:00+00:00",
               "next": "2100-01-01T00:05:00+00:00", "was_unknown": false, "told": false})
    };
    message("show 1N --json").json(json!({
        "version": 1, "kind": "message", "id": ONE, "state": "held", "created": "2100-01-01T00:00:00+00:00",
        "age_s": 60, "octets": 25, "uid": 1000, "account": null, "sender": "Smith@Alpha.ARPA",
        "first_recipient": "Jones@Beta.ARPA", "recipient_count": 2, "waiting": 2, "attempts": 1, "next": null,
        "reason": "by hand", "message_id": "<1@alpha.arpa>", "tool": "sendmail",
        "on_unknown": null, "held": {"by": "1000", "why": "by hand"}, "notice_of": null, "notices": [],
        "recipients": [recipient("Jones@Beta.ARPA"), recipient("Green@Beta.ARPA")]
    }))
    .exit(0);
}

#[test]
fn a_name_that_begins_several_messages_is_an_error_before_anything_is_done() {
    let run = four(&format!("hold {ONE} 1NGT"));
    let spool = files(&run);
    let done = run.stderr("ehlo: '1NGT' begins more than one message: write more of it\n").exit(64);
    assert!(spool.look(&ONE.parse().unwrap()).unwrap().state.held.is_none());
    drop(done);
}

/// What happened to a message last.
fn last(spool: &dyn Spool, id: &str) -> Event {
    spool.records(&id.parse().unwrap()).unwrap().pop().unwrap().event
}

#[test]
fn messages_are_held_and_released_and_made_due() {
    let by = || rustix::process::getuid().as_raw().to_string();
    let run = four(&format!("hold {ONE} {FOUR}"));
    let spool = files(&run);
    let stdout = format!("{ONE}\theld\n{FOUR}\theld already, by user 1000: by hand\n");
    let _done = run.stdout(&stdout).exit(0);
    assert_eq!(last(&spool, ONE), Event::Held { by: by(), why: "by hand".to_owned() });

    let run = four("release --all");
    let spool = files(&run);
    let _done = run.stdout(&format!("{FOUR}\treleased: the next run sends it\n")).exit(0);
    assert_eq!(last(&spool, FOUR), Event::Released { by: by() });

    let run = four("retry --all");
    let spool = files(&run);
    let stdout = format!("{ONE}\tdue already\n{TWO}\tdue now\n{THREE}\tdue now\n");
    let _done = run.stdout(&stdout).exit(0);
    assert_eq!(last(&spool, TWO), Event::Retry { places: vec![0, 1], by: by() });
    assert_eq!(last(&spool, THREE), Event::Retry { places: vec![0], by: by() });

    let run = four(&format!("retry --to green@* {TWO}"));
    let spool = files(&run);
    let _done = run.stdout(&format!("{TWO}\tdue now for Green@Beta.ARPA\n")).exit(0);
    assert_eq!(last(&spool, TWO), Event::Retry { places: vec![1], by: by() });
}

#[test]
fn what_cannot_be_done_is_said_and_the_others_go_on() {
    let run = four(&format!("release {ONE} {FOUR} 9"));
    run.stdout(&format!("{FOUR}\treleased: the next run sends it\n"))
        .stderr(&format!(
            "ehlo: there is no message '9' in the queue\n\
             ehlo: message {ONE} is not held: 'ehlo queue retry' makes it due\n"
        ))
        .exit(66);
    let says = format!("ehlo: message {FOUR} is held: 'ehlo queue release' makes it due\n");
    four(&format!("retry {FOUR}")).stderr(&says).exit(69);
    let says = format!("ehlo: message {TWO} is not unknown: the server said what became of it\n");
    four(&format!("delivered {TWO}")).stderr(&says).exit(69);
    four(&format!("delivered {TWO} --json"))
        .json(json!({"version": 1, "kind": "done", "id": TWO, "action": "delivered", "done": false,
                     "text": format!("message {TWO} is not unknown: the server said what became of it")}))
        .exit(69);
}

#[test]
fn a_message_that_is_being_sent_is_left_alone() {
    let run = four(&format!("hold {ONE} {TWO}"));
    let spool = files(&run);
    let claim = spool.claim(&ONE.parse().unwrap()).unwrap();
    let _done = run
        .stdout(&format!("{TWO}\theld\n"))
        .stderr(&format!("ehlo: message {ONE} is being sent: try again when that is over\n"))
        .exit(75);
    drop(claim);
}

#[test]
fn what_is_removed_for_all_is_gone() {
    let run = four(&format!("remove {ONE}"));
    let done = run.stdout(&format!("{ONE}\tremoved\n")).exit(0);
    assert!(!done.path(&format!("{PLACE}/q/{ONE}.msg")).exists());
    assert!(!done.path(&format!("{PLACE}/q/{ONE}.log")).exists());
    assert!(done.path(&format!("{PLACE}/q/{TWO}.msg")).exists());

    let run = four(&format!("remove {TWO} --to green@*"));
    let spool = files(&run);
    let _done = run.stdout(&format!("{TWO}\tremoved for Green@Beta.ARPA\n")).exit(0);
    assert_eq!(spool.look(&TWO.parse().unwrap()).unwrap().state.waiting(), [0]);

    // The next run tells the sender, and removes it then.
    let run = four(&format!("remove {TWO} --notify"));
    let spool = files(&run);
    let _done = run.stdout(&format!("{TWO}\tremoved; the next run tells Smith@Alpha.ARPA\n")).exit(0);
    assert_eq!(spool.look(&TWO.parse().unwrap()).unwrap().state.untold(), [0, 1]);
}

#[test]
fn several_are_removed_by_a_filter_only_if_somebody_means_it() {
    let run = four("remove --older 1h");
    let done =
        run.stderr("ehlo: this would remove 4 messages: add --yes if that is what you want\n").exit(64);
    assert!(done.path(&format!("{PLACE}/q/{ONE}.msg")).exists());
    let gone = format!("{ONE}\tremoved\n{TWO}\tremoved\n{THREE}\tremoved\n{FOUR}\tremoved\n");
    let done = four("remove --older 1h --yes").stdout(&gone).exit(0);
    assert_eq!(std::fs::read_dir(done.path(&format!("{PLACE}/q"))).unwrap().count(), 0);
    four("remove --state held").stdout(&format!("{FOUR}\tremoved\n")).exit(0);
    four("remove")
        .stderr("ehlo: which messages? name their IDs, --all, or a filter such as --older 1d\n")
        .exit(64);
}

#[test]
fn an_unknown_message_that_did_arrive_is_settled() {
    let done = four(&format!("delivered {THREE}")).stdout(&format!("{THREE}\ttaken as delivered\n")).exit(0);
    assert!(!done.path(&format!("{PLACE}/q/{THREE}.msg")).exists());
}

#[test]
fn whoever_vanished_behind_the_end_leaves_it_unknown() {
    let dot = || vec![Event::Dot { number: 1, places: vec![0, 1] }];
    let why = "whoever sent it vanished before the reply";
    queue("list")
        .waiting(ONE, dot())
        .stdout(&format!("{ONE}\t2h\t25\tunknown\t-\tSmith@Alpha.ARPA\tJones@Beta.ARPA +1\t{why}\n"))
        .exit(0);
    let done = queue(&format!("show {ONE} --json")).waiting(ONE, dot()).any_stdout().exit(0);
    let shown: serde_json::Value = serde_json::from_str(done.stdout()).unwrap();
    assert_eq!([&shown["state"], &shown["recipients"][0]["state"]], ["unknown", "unknown"]);
    let run = queue(&format!("hold {ONE}")).waiting(ONE, dot());
    let spool = files(&run);
    let _done = run.stdout(&format!("{ONE}\theld\n")).exit(0);
    let state = spool.look(&ONE.parse().unwrap()).unwrap().state;
    assert!(state.recipients.iter().all(|recipient| recipient.was_unknown) && state.in_doubt().is_empty());
    assert!(state.held.is_some());
}

#[test]
fn a_check_says_what_is_over_a_limit() {
    four("check --max-unknown 1").stdout("OK - 4 messages wait, the oldest for 2h\n").exit(0);
    four("check --max-age 1h --max-waiting 3")
        .stdout(&format!(
            "WARNING - message {ONE} has waited for 2h, longer than 1h\n\
             WARNING - there is 1 message of which nobody knows whether they arrived, more than 0\n\
             WARNING - 4 messages wait, more than 3\n"
        ))
        .exit(1);
    let run = queue("check")
        .waiting(ONE, Vec::new())
        .paused("work", "535 5.7.8 no", ahead(600), true)
        .file(&format!("{PLACE}/failed/{TWO}.msg"), "x")
        .file(&format!("{PLACE}/q/{THREE}.msg"), "");
    run.stdout(
        "WARNING - there is 1 message in failed/, more than 0\n\
         WARNING - there is 1 file damaged\n\
         WARNING - account 'work' cannot be used: 535 5.7.8 no\n",
    )
    .exit(1);
    queue("check --json --max-age 1h")
        .json(json!({"version": 1, "exit_status": 0, "findings": [], "waiting": 0, "oldest_s": null,
                     "unknown": 0, "failed": 0, "damaged": 0}))
        .exit(0);
}

#[test]
fn metrics_say_what_the_files_hold() {
    let run = four("metrics").paused("a\"b", "down", ahead(600), false);
    let done = run.any_stdout().exit(0);
    let text = done.stdout();
    for line in [
        "ehlo_queue_messages{state=\"queued\"} 1\n",
        "ehlo_queue_messages{state=\"unknown\"} 1\n",
        "ehlo_queue_messages{state=\"held\"} 1\n",
        "ehlo_queue_recipients{state=\"queued\"} 4\n",
        "ehlo_queue_recipients{state=\"deferred\"} 2\n",
        "ehlo_queue_recipients{state=\"unknown\"} 1\n",
        "ehlo_queue_size_bytes 100\n",
        "ehlo_queue_unknown 1\n",
        "ehlo_queue_once_unknown 1\n",
        "ehlo_queue_account_paused{account=\"a\\\"b\",why=\"trouble\"} 1\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
    assert!(text.ends_with("\n# EOF\n"));
}

#[test]
fn a_flag_of_another_action_is_an_error() {
    for (line, says) in [
        ("list --yes", "--yes is not for 'list', only for 'remove'"),
        (
            "check 1N",
            "an ID is not for 'check', only for 'list', 'show', 'run', 'hold', 'release', 'retry', 'remove', 'delivered'",
        ),
        (
            "metrics --json",
            "--json is not for 'metrics', only for 'list', 'show', 'run', 'hold', 'release', 'retry', 'remove', 'delivered', 'check'",
        ),
        (
            "run --state held",
            "--state is not for 'run', only for 'list', 'show', 'hold', 'release', 'retry', 'remove', 'delivered'",
        ),
        ("run --account work 1N", "--account cannot be used with an ID for 'run'"),
        ("run --all 1N", "--all cannot be used with an ID"),
        ("remove 1N --all", "--all cannot be used with an ID"),
        ("list --older 0", "--older needs a time such as 30m, 1h or 2d, not '0'"),
        (
            "list --state new",
            "--state must be one of queued, sending, deferred, unknown, held, no-domain, account-down, decided, not 'new'",
        ),
        ("init", "'init' needs the URL of a database, as in postgres://postgres@db.example.org/mail"),
        ("list --jobs 3", "--jobs is not for 'list', only for 'daemon'"),
        ("daemon --database postgres://a@b/c --jobs 0", "--jobs needs a number from 1 to 1000, not '0'"),
        ("", "ACTION is missing: see 'ehlo queue --help'"),
    ] {
        ehlo(&format!("queue {line}")).stderr(&format!("ehlo: {says}\n")).exit(64);
    }
}

#[test]
fn a_message_whose_account_was_never_there_is_held_when_its_time_is_over_and_one_is_told() {
    let day = 24 * 60 * 60;
    let by_work = || Submission { account: Some("work".to_owned()), ..submission(&["Jones@Beta.ARPA"]) };
    let run = queue("run").queued(ONE, ago(6 * day), by_work(), &[]).queued(TWO, ago(day), by_work(), &[]);
    let spool = files(&run);
    let (since, until, why) = (ago(day), ago(60), "there is no account 'work'".to_owned());
    let pause = Pause { since, until, why, failures: 0, is_refused: false, configuration: 0 };
    spool.set_pause("work", Some(&pause)).unwrap();
    let why = "its account could not be used until its time was over";
    let _done = run
        .stderr(&format!(
            "ehlo: account 'work' cannot be used, its messages wait: there is no account 'work': there are no accounts; see ehlo-config(5)\n\
             ehlo: {ONE}: held: {why}: 'ehlo queue release {ONE}' makes it due\n"
        ))
        .exit(75);
    let held = |id: &str| spool.look(&id.parse().unwrap()).unwrap().state.held.map(|hold| hold.why);
    assert_eq!([held(ONE), held(TWO)], [Some(why.to_owned()), None]);
}

#[test]
fn a_run_shows_its_dialogue_where_it_is_asked_for() {
    let config = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:PORT'\ntls = 'off'\n\
                  ehlo-name = 'alpha.arpa'\n";
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let shown = "# connected to 127.0.0.1:PORT\nS: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n\
                 C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n\
                 C: DATA\nS: 354 go on\n# > Subject: hi\n# > \n# > Blah\\x1b[2J\nC: … 25 octets\nC: .\n\
                 S: 250 OK\nC: QUIT\nS: 221 bye\n";
    for (line, stderr) in [("run", ""), ("run -v", shown)] {
        let run = queue(line).queued(ONE, ago(60), submission(&["Jones@Beta.ARPA"]), &[]);
        let run = run.served_by(Server::tcp(&dialogue)).config(config).stderr(stderr);
        run.stdout(&format!("{ONE}\t250\tJones@Beta.ARPA\tOK\n{ONE}\t250\tmessage\tOK\n")).exit(0);
    }
}
