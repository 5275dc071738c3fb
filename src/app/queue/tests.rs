//! The runner, over sockets, to the built-in sink and to servers that follow a script.
#![allow(clippy::disallowed_types, clippy::unwrap_used, reason = "a free port is looked for, in tests")]

use super::super::configuration::Configuration;
use super::accounts::OfConfiguration;
use super::onlooker::Onlooker;
use super::run::run_all;
use super::settings::of_queue;
use crate::client::{Error, Observer};
use crate::config::accounts;
use crate::delivery::Outcome;
use crate::mailer::aliases::Aliases;
use crate::mailer::settle::{Addressee, Notices};
use crate::mailer::witness::Witness;
use crate::mailer::{Runner, Selection, Settings};
use crate::message::raw::{Options, Raw};
use crate::message::source::Source;
use crate::output::Output;
use crate::report::run::Tally;
use crate::sink::{self, Sink};
use crate::spool::files::{Files, Real};
use crate::spool::{
    Entry, Event, Id, Limits, MessageState, Pause, Recipient, Spool, SpoolError, State, Submission,
};
use ehlo_smtp::dialogue;
use ehlo_smtp::failure::Need;
use ehlo_smtp::path::Domain;
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

/// Counts sessions, and keeps who got a message.
#[derive(Debug, Clone, Default)]
struct Counter {
    sessions: Arc<AtomicUsize>,
    stored: Arc<Mutex<Vec<String>>>,
}

impl sink::Observer for Counter {
    fn notice(&self, _: u64, event: sink::Event<'_>) {
        match event {
            sink::Event::Began { .. } => _ = self.sessions.fetch_add(1, Ordering::SeqCst),
            sink::Event::Stored { envelope, .. } => {
                let names = envelope.recipients.iter().map(|one| one.path.to_string());
                self.stored.lock().unwrap().extend(names);
            }
            _ => {}
        }
    }
}

/// An onlooker, and whoever else wants to know which messages were tried.
struct Shown<'a> {
    onlooker: &'a Onlooker<'a>,
    show: &'a (dyn Fn(&Id) + Sync),
}

impl Witness for Shown<'_> {
    fn error_in_words(&self, error: &Error, host: Option<&crate::route::Routed>) -> String {
        self.onlooker.error_in_words(error, host)
    }

    fn need_in_words(&self, need: Need) -> String {
        self.onlooker.need_in_words(need)
    }

    fn observer(&self) -> Box<dyn Observer + '_> {
        self.onlooker.observer()
    }

    fn attempted(&self, entry: &Entry, may_be_twice: bool, outcome: Outcome) {
        self.onlooker.attempted(entry, may_be_twice, outcome);
        (self.show)(&entry.id);
    }

    fn unsigned(&self, _: &Entry, _: &crate::dkim::SignError) {}

    fn vanished(&self, entry: &Entry, recipients: usize) {
        self.onlooker.vanished(entry, recipients);
    }

    fn given_up(&self, entry: &Entry, recipients: usize) {
        self.onlooker.given_up(entry, recipients);
    }

    fn held(&self, entry: &Entry, why: &str) {
        self.onlooker.held(entry, why);
    }

    fn paused(&self, account: &str, pause: &Pause, is_news: bool) {
        self.onlooker.paused(account, pause, is_news);
    }

    fn resumed(&self, account: &str) {
        self.onlooker.resumed(account);
    }

    fn told(&self, entry: &Entry, notice: Option<&Id>) {
        self.onlooker.told(entry, notice);
    }

    fn trouble(&self, id: Option<&Id>, error: &SpoolError) {
        self.onlooker.trouble(id, error);
    }

    #[cfg(feature = "postgres")]
    fn mended(&self) {}

    #[cfg(feature = "postgres")]
    fn alarm(&self, _: &crate::spool::postgres::Alarm) {}

    fn kept_apart(&self, entry: &Entry) {
        self.onlooker.kept_apart(entry);
    }
}

/// A queue, and a server for it.
struct Stage {
    folder: tempfile::TempDir,
    settings: String,
    /// Of the account's server. With another one it is another account.
    port: u16,
}

const SILENT: Output = Output { quiet: true, json: false, columns: false, color: false };

impl Stage {
    fn new() -> Stage {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Stage { folder: tempfile::tempdir().unwrap(), settings: String::new(), port }
    }

    /// With this in the account, or behind it.
    fn with(mut self, settings: &str) -> Stage {
        self.settings = settings.to_owned();
        self
    }

    fn spool(&self) -> Files<Real> {
        Files::open(&self.folder.path().join("queue"), Limits::default()).unwrap()
    }

    fn submit(&self, recipients: &[&str]) -> Id {
        self.submit_by(None, recipients)
    }

    /// By an account of this name.
    fn submit_by(&self, account: Option<&str>, recipients: &[&str]) -> Id {
        let recipients = recipients
            .iter()
            .map(|address| Recipient { address: (*address).to_owned(), parameters: Vec::new() });
        let submission = Submission {
            tool: "test".to_owned(),
            account: account.map(ToOwned::to_owned),
            sender: "smith@alpha.arpa".to_owned(),
            recipients: recipients.collect(),
            ..Submission::default()
        };
        let text = b"Subject: x\n\n.\nBlah blah blah...\n".to_vec();
        let message = Raw::new(Source::bytes(text), Options { any_header: true }).unwrap();
        self.spool().submit(submission, &message).unwrap()
    }

    fn state(&self, id: &Id) -> Option<MessageState> {
        self.spool().look(id).ok().map(|listed| listed.state)
    }

    /// Runs the queue once.
    fn run(&self, selection: Selection) -> Tally {
        self.run_seen(selection, &|_| {})
    }

    /// The same, and shows every message that was tried.
    fn run_seen(&self, selection: Selection, show: &(dyn Fn(&Id) + Sync)) -> Tally {
        let port = self.port;
        let text = format!("default = 'a'\n[account.a]\nserver = '127.0.0.1:{port}'\n{}", self.settings);
        let config = accounts::read(&text, Path::new("/etc/ehlo/config.toml")).unwrap();
        let configuration = Configuration { files: vec![config], passed_over: None };
        let of_queue = of_queue(&configuration).unwrap();
        let accounts = OfConfiguration::new(Ok(&configuration), &of_queue, None, &SILENT);
        let onlooker = Onlooker::new(&SILENT, 0, None);
        let (host, aliases) = ("alpha.arpa".to_owned(), Aliases::default());
        let notices = Notices { to: Addressee::Sender, host, aliases, domain: None };
        let settings = Settings {
            has_several_users: false,
            schedule: of_queue.schedule.clone(),
            on_unknown: of_queue.on_unknown,
            keep_failed: of_queue.keep_failed,
            selection,
            notices,
        };
        let spool = self.spool();
        let shown = Shown { onlooker: &onlooker, show };
        let runner = Runner::new(&spool, &accounts, &shown, &settings);
        run_all(&runner, &spool, spool.run_alone(false).unwrap().unwrap()).unwrap();
        drop(runner);
        onlooker.tally()
    }

    /// The same with a sink, or a server that plays `script`, while it lasts.
    fn run_with(
        &self,
        rules: &[(&str, u16)],
        script: Option<&str>,
        selection: Selection,
    ) -> (Tally, Counter) {
        self.run_with_and_show(rules, script, selection, &|_| {})
    }

    fn run_with_and_show(
        &self,
        rules: &[(&str, u16)],
        script: Option<&str>,
        selection: Selection,
        show: &(dyn Fn(&Id) + Sync),
    ) -> (Tally, Counter) {
        let counter = Counter::default();
        let mut settings = sink::Settings::new(Domain::parse("beta.arpa").unwrap());
        settings.tls = sink::Tls::Off;
        settings.listen.set_port(self.port);
        settings.observer = Box::new(counter.clone());
        settings.script = script.map(|text| dialogue::parse(text).unwrap());
        for (address, code) in rules {
            settings.rules.add(address, *code, None).unwrap();
        }
        let sink = Sink::bind(settings).unwrap();
        let stop = AtomicBool::new(false);
        let tally = std::thread::scope(|scope| {
            scope.spawn(|| sink.run(&stop));
            let tally = self.run_seen(selection, show);
            stop.store(true, Ordering::SeqCst);
            tally
        });
        (tally, counter)
    }

    /// With a sink that takes everything.
    fn run_to_sink(&self) -> (Tally, Counter) {
        self.run_with(&[], None, Selection::Now)
    }
}

#[test]
fn what_is_sent_leaves_the_queue() {
    let stage = Stage::new();
    let id = stage.submit(&["jones@beta.arpa", "brown@beta.arpa"]);
    let (tally, counter) = stage.run_to_sink();
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(*counter.stored.lock().unwrap(), ["jones@beta.arpa", "brown@beta.arpa"]);
    assert_eq!(stage.state(&id), None);
    assert_eq!(stage.spool().ids().unwrap(), []);
}

#[test]
fn a_log_in_serves_as_many_messages_as_the_account_says() {
    let stage = Stage::new().with("limits = { messages-per-connection = 3 }\n");
    (0..7).for_each(|_| _ = stage.submit(&["jones@beta.arpa"]));
    let (tally, counter) = stage.run_to_sink();
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(counter.stored.lock().unwrap().len(), 7);
    assert_eq!(counter.sessions.load(Ordering::SeqCst), 3);
}

#[test]
fn several_connections_serve_an_account_that_allows_them() {
    let stage = Stage::new().with("limits = { connections = 3, messages-per-connection = 100 }\n");
    (0..40).for_each(|_| _ = stage.submit(&["jones@beta.arpa"]));
    let (tally, counter) = stage.run_to_sink();
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(counter.stored.lock().unwrap().len(), 40);
    assert!(counter.sessions.load(Ordering::SeqCst) <= 3);
}

#[test]
fn of_three_recipients_one_waits_one_has_it_and_of_one_the_sender_is_told() {
    let stage = Stage::new();
    let id = stage.submit(&["jones@beta.arpa", "green@beta.arpa", "brown@beta.arpa"]);
    let rules = [("green@beta.arpa", 550), ("brown@beta.arpa", 450)];
    let (tally, counter) = stage.run_with(&rules, None, Selection::Now);
    assert_eq!(tally.exit_status().0, 10);
    let state = stage.state(&id).unwrap();
    let states: Vec<State> = state.recipients.iter().map(|one| one.state).collect();
    assert!(matches!(states[..], [State::Accepted, State::Refused, State::Deferred { .. }]), "{states:?}");
    let told: Vec<bool> = state.recipients.iter().map(|one| one.told).collect();
    assert_eq!(told, [true, true, false]);
    // The notice came while the queue was run, and went out with it.
    assert_eq!(state.notices.len(), 1);
    assert_eq!(*counter.stored.lock().unwrap(), ["jones@beta.arpa", "smith@alpha.arpa"]);
    assert_eq!(stage.spool().ids().unwrap(), [id]);
    // It is not due, unless somebody says so.
    let (tally, counter) = stage.run_to_sink();
    assert_eq!((tally.exit_status().0, counter.sessions.load(Ordering::SeqCst)), (0, 0));
    let (tally, counter) = stage.run_with(&[], None, Selection::All);
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(*counter.stored.lock().unwrap(), ["brown@beta.arpa"]);
    assert_eq!(stage.spool().ids().unwrap(), []);
}

#[test]
fn what_is_made_due_while_the_queue_is_run_goes_out_with_that_run_and_once() {
    let stage = Stage::new().with("limits = { connections = 1 }\n");
    // A message that is due and cannot be sent does not keep the run from its end.
    stage.submit(&["root"]);
    let ids = ["jones@beta.arpa", "brown@beta.arpa"].map(|name| stage.submit(&[name]));
    let tried: Mutex<Vec<Id>> = Mutex::default();
    let retry_the_first = |id: &Id| {
        let mut tried = tried.lock().unwrap();
        tried.push(*id);
        if let [first, _] = tried[..] {
            let event = Event::Retry { places: vec![0], by: "0".to_owned() };
            stage.spool().claim(&first).unwrap().record(&[event], true).unwrap();
        }
    };
    let rules = [("jones@beta.arpa", 450), ("brown@beta.arpa", 450)];
    stage.run_with_and_show(&rules, None, Selection::Now, &retry_the_first);
    let order = tried.lock().unwrap().clone();
    assert!(order.len() == 3 && order[2] == order[0] && ids.iter().all(|id| order.contains(id)), "{order:?}");
    // Who is in a hurry tries each once.
    tried.lock().unwrap().clear();
    let note = |id: &Id| tried.lock().unwrap().push(*id);
    stage.run_with_and_show(&rules, None, Selection::All, &note);
    assert_eq!(tried.lock().unwrap().len(), 2);
}

/// A server that takes the message and goes, without a word.
const SILENT_AFTER_THE_DOT: &str = "\
S: 220 beta.arpa
C: EHLO alpha.arpa
S: 250-beta.arpa
S: 250 PIPELINING
C: MAIL FROM:<smith@alpha.arpa>
C: RCPT TO:<jones@beta.arpa>
C: DATA
S: 250 OK
S: 250 OK
S: 354 go on
C: … 36 octets
C: .
C: QUIT
! close
";

#[test]
fn without_a_reply_to_the_end_nobody_knows_and_it_is_sent_again_later() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\n");
    let id = stage.submit(&["jones@beta.arpa"]);
    let (tally, _) = stage.run_with(&[], Some(SILENT_AFTER_THE_DOT), Selection::Now);
    assert_eq!(tally.exit_status().0, 11);
    let state = stage.state(&id).unwrap();
    assert!(matches!(state.recipients[0].state, State::Unknown { next: Some(_) }), "{state:?}");
    assert!(state.recipients[0].was_unknown);
    // Not before its time, whoever hurries.
    let (_, counter) = stage.run_with(&[], None, Selection::All);
    assert_eq!(*counter.stored.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn an_account_may_have_it_held_instead() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\non-unknown = 'hold'\n");
    let id = stage.submit(&["jones@beta.arpa"]);
    stage.run_with(&[], Some(SILENT_AFTER_THE_DOT), Selection::Now);
    let state = stage.state(&id).unwrap();
    assert_eq!(state.recipients[0].state, State::Unknown { next: None });
}

#[test]
fn a_server_that_is_not_there_touches_no_message() {
    let stage = Stage::new();
    let ids = [stage.submit(&["jones@beta.arpa"]), stage.submit(&["brown@beta.arpa"])];
    let tally = stage.run(Selection::Now);
    assert_eq!(tally.exit_status().0, 75);
    for id in ids {
        let state = stage.state(&id).unwrap();
        assert_eq!((state.records, state.recipients[0].state), (0, State::Queued));
    }
    let pause = stage.spool().pause("a").unwrap().unwrap();
    assert_eq!((pause.failures, pause.is_refused), (1, false));
    // In the background it is left alone for a while; a run that somebody asks for tries it.
    let (_, counter) = stage.run_with(&[], None, Selection::Due);
    assert_eq!(counter.stored.lock().unwrap().len(), 0);
    let (_, counter) = stage.run_to_sink();
    assert_eq!(counter.stored.lock().unwrap().len(), 2);
    assert_eq!(stage.spool().pause("a").unwrap(), None);
}

/// A server that wants a log-in.
const WANTS_A_LOG_IN: &str = "\
S: 220 beta.arpa
C: EHLO alpha.arpa
S: 250 beta.arpa
C: MAIL FROM:<smith@alpha.arpa>
S: 530 5.7.0 Authentication required
C: QUIT
S: 221 bye
";

#[test]
fn a_log_in_that_is_missing_is_the_accounts_fault() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\n");
    let id = stage.submit(&["jones@beta.arpa"]);
    let (tally, _) = stage.run_with(&[], Some(WANTS_A_LOG_IN), Selection::Now);
    assert_eq!(tally.exit_status().0, 75);
    assert_eq!(stage.state(&id).unwrap().recipients[0].state, State::Queued);
    let pause = stage.spool().pause("a").unwrap().unwrap();
    assert_eq!((pause.is_refused, pause.why.as_str()), (true, "530 5.7.0 Authentication required"));
    // A server locks out those who go on trying. Whoever asks for a run is told so.
    let (tally, counter) = stage.run_to_sink();
    assert_eq!((tally.exit_status().0, counter.sessions.load(Ordering::SeqCst)), (75, 0));
}

#[test]
fn a_name_without_a_domain_waits_for_one() {
    let stage = Stage::new();
    let id = stage.submit(&["root"]);
    stage.run_to_sink();
    assert_eq!(stage.state(&id).unwrap().recipients[0].state, State::Queued);
    let stage = stage.with("domain = 'beta.arpa'\n");
    let (_, counter) = stage.run_to_sink();
    assert_eq!(*counter.stored.lock().unwrap(), ["root@beta.arpa"]);
}

#[test]
fn a_message_from_nobody_that_is_refused_is_kept_apart() {
    let stage = Stage::new();
    let message =
        Raw::new(Source::bytes(b"Subject: x\n\nx\n".to_vec()), Options { any_header: true }).unwrap();
    let recipients = vec![Recipient { address: "green@beta.arpa".to_owned(), parameters: Vec::new() }];
    let submission = Submission { tool: "test".to_owned(), recipients, ..Submission::default() };
    let id = stage.spool().submit(submission, &message).unwrap();
    stage.run_with(&[("green@beta.arpa", 550)], None, Selection::Now);
    assert_eq!(stage.spool().ids().unwrap(), []);
    let apart: Vec<String> = stage.spool().apart().unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(apart, [format!("failed/{id}.msg")]);
}

#[test]
fn a_message_that_somebody_else_has_is_looked_at_again() {
    let stage = Stage::new();
    let id = stage.submit(&["jones@beta.arpa"]);
    let other = stage.spool();
    let barrier = Barrier::new(2);
    let (tally, counter) = std::thread::scope(|scope| {
        scope.spawn(|| {
            // As whoever hands it over has it, until its disk has answered.
            let claim = other.claim(&id).unwrap();
            barrier.wait();
            std::thread::sleep(Duration::from_millis(300));
            drop(claim);
        });
        barrier.wait();
        stage.run_with(&[], None, Selection::Due)
    });
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(*counter.stored.lock().unwrap(), ["jones@beta.arpa"]);
    assert_eq!(stage.spool().ids().unwrap(), []);
}

/// A server that hangs up on MAIL, without a word.
const HANGS_UP_ON_MAIL: &str = "\
S: 220 beta.arpa
C: EHLO alpha.arpa
S: 250 beta.arpa
C: MAIL FROM:<smith@alpha.arpa>
! close
";

#[test]
fn a_server_that_hangs_up_on_mail_delays_that_message_and_not_its_account() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\n");
    let id = stage.submit(&["jones@beta.arpa"]);
    let (tally, _) = stage.run_with(&[], Some(HANGS_UP_ON_MAIL), Selection::Now);
    assert_eq!(tally.exit_status().0, 75);
    let state = stage.state(&id).unwrap();
    assert!(matches!(state.recipients[0].state, State::Deferred { .. }), "{state:?}");
    assert_eq!(stage.spool().pause("a").unwrap(), None);
}

#[test]
fn three_messages_in_a_row_that_break_off_are_the_accounts_fault() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\n");
    let ids: Vec<Id> = (0..5).map(|_| stage.submit(&["jones@beta.arpa"])).collect();
    stage.run_with(&[], Some(HANGS_UP_ON_MAIL), Selection::Now);
    let touched = ids.iter().filter(|id| stage.state(id).unwrap().attempts > 0).count();
    // Then the account is left alone.
    assert_eq!(touched, 3);
    assert!(stage.spool().pause("a").unwrap().is_some());
}

/// A server that puts the message off at its end, and then wants a log-in for the rest.
const PUTS_OFF_AND_WANTS_A_LOG_IN: &str = "\
S: 220 beta.arpa
C: EHLO alpha.arpa
S: 250-beta.arpa
S: 250 LIMITS RCPTMAX=1
C: MAIL FROM:<smith@alpha.arpa>
S: 250 OK
C: RCPT TO:<jones@beta.arpa>
S: 250 OK
C: DATA
S: 354 go on
C: … 36 octets
C: .
S: 451 4.3.0 later
C: MAIL FROM:<smith@alpha.arpa>
S: 530 5.7.0 Authentication required
C: QUIT
S: 221 bye
";

#[test]
fn what_was_put_off_at_its_end_is_not_unknown_whatever_came_later() {
    let stage = Stage::new().with("ehlo-name = 'alpha.arpa'\n");
    let id = stage.submit(&["jones@beta.arpa", "brown@beta.arpa"]);
    stage.run_with(&[], Some(PUTS_OFF_AND_WANTS_A_LOG_IN), Selection::Now);
    let state = stage.state(&id).unwrap();
    let states: Vec<State> = state.recipients.iter().map(|one| one.state).collect();
    assert!(matches!(states[..], [State::Deferred { .. }, State::Queued]), "{states:?}");
    assert_eq!(state.recipients[0].said.as_deref(), Some("451 4.3.0 later"));
}

#[test]
fn a_missing_log_in_for_one_recipient_is_not_the_accounts_fault_where_others_need_none() {
    let stage = Stage::new();
    let id = stage.submit(&["green@beta.arpa", "jones@beta.arpa"]);
    let other = stage.submit(&["brown@beta.arpa"]);
    let (tally, counter) = stage.run_with(&[("green@beta.arpa", 530)], None, Selection::Now);
    assert_eq!(tally.exit_status().0, 10);
    assert_eq!(counter.stored.lock().unwrap().len(), 2);
    let states: Vec<State> = stage.state(&id).unwrap().recipients.iter().map(|one| one.state).collect();
    assert!(matches!(states[..], [State::Deferred { .. }, State::Accepted]), "{states:?}");
    assert_eq!(stage.state(&other), None);
    assert_eq!(stage.spool().pause("a").unwrap(), None);
}

#[test]
fn an_old_message_is_not_held_because_its_account_is_out_of_use_for_a_moment() {
    let stage = Stage::new().with("[queue]\ngive-up = '1s'\n");
    let ids = [stage.submit(&["jones@beta.arpa"]), stage.submit(&["brown@beta.arpa"])];
    std::thread::sleep(Duration::from_millis(2100));
    // Nobody is there: a machine was off, and has no network yet.
    stage.run(Selection::Due);
    stage.run(Selection::Due);
    assert!(ids.iter().all(|id| stage.state(id).unwrap().held.is_none()));
    let (tally, _) = stage.run_to_sink();
    assert_eq!(tally.exit_status().0, 0);
    assert_eq!(stage.spool().ids().unwrap(), []);
}

#[test]
fn what_is_known_of_an_account_cannot_stop_the_others() {
    let stage = Stage::new();
    let long = "x".repeat(1000);
    let stuck = stage.submit_by(Some(&long), &["jones@beta.arpa"]);
    stage.submit(&["brown@beta.arpa"]);
    // A folder where a file should be.
    std::fs::create_dir_all(stage.folder.path().join("queue/accounts/a")).unwrap();
    std::fs::set_permissions(stage.folder.path().join("queue/accounts"), Permissions::from_mode(0o700))
        .unwrap();
    let (tally, counter) = stage.run_to_sink();
    assert_eq!(tally.exit_status().0, 10);
    assert_eq!(*counter.stored.lock().unwrap(), ["brown@beta.arpa"]);
    assert_eq!(stage.state(&stuck).unwrap().records, 0);
}

#[test]
fn a_run_of_an_account_sends_what_goes_by_it_named_or_not() {
    let stage = Stage::new().with("[account.b]\nserver = '127.0.0.1:9'\n");
    let other = stage.submit_by(Some("b"), &["green@beta.arpa"]);
    stage.submit_by(Some("a"), &["jones@beta.arpa"]);
    stage.submit(&["brown@beta.arpa"]);
    let (_, counter) = stage.run_with(&[], None, Selection::Account("b".to_owned()));
    assert_eq!(*counter.stored.lock().unwrap(), Vec::<String>::new());
    let (tally, counter) = stage.run_with(&[], None, Selection::Account("a".to_owned()));
    assert_eq!((tally.exit_status().0, counter.stored.lock().unwrap().len()), (0, 2));
    assert_eq!(stage.spool().ids().unwrap(), [other]);
}
