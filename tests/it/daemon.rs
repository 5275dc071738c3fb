//! `ehlo queue daemon`: programs hand over to it, and `ehlo queue` asks it. What users can do to each other is in
//! tests/privileges, and what is left when everything is killed in tests/crash/daemon.

use crate::harness::{Ehlo, ehlo};
use crate::queued::queue;
use ehlo::inside::spool::files::Files;
use ehlo::inside::spool::{Limits, Spool};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TO_JONES: &str = "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\nBlah\n";
/// An account whose server nobody reaches.
const NOWHERE: &str = "default = 'work'\n\
                       [account.work]\nserver = '127.0.0.1:9'\ntls = 'off'\n\
                       [sendmail]\ndomain = 'alpha.arpa'\naliases = 'aliases'\n";

/// A daemon, while it runs.
struct Daemon {
    child: Child,
    folder: TempDir,
}

impl Daemon {
    /// With this configuration.
    fn of(config: &str) -> Daemon {
        let folder = TempDir::new().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(place("config/ehlo")).unwrap();
        std::fs::create_dir(place("run")).unwrap();
        std::fs::write(place("config/ehlo/config.toml"), config).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args(["queue", "daemon", "--directory"])
            .arg(place("spool"))
            .arg("--sockets")
            .arg(place("run"))
            .env_clear()
            .envs([("HOME", folder.path()), ("TZ", Path::new("UTC"))])
            .env("XDG_CONFIG_HOME", place("config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let daemon = Daemon { child, folder };
        within("the sockets are there", || daemon.socket("admin").exists());
        daemon
    }

    fn socket(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(format!("run/{name}.sock"))
    }

    /// A program that finds it.
    fn finds(&self, run: Ehlo) -> Ehlo {
        run.env("EHLO_SOCKETS", self.folder.path().join("run").to_str().unwrap())
    }

    /// A connection to one of its sockets, up to what it says first.
    fn talk(&self) -> Talk {
        let stream = UnixStream::connect(self.socket("submit")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut talk = Talk(BufReader::new(stream));
        assert!(talk.reply().starts_with("220 "));
        talk
    }

    /// Its runs are over: nobody has a message. One may be owed, which begins a moment after the last.
    fn rests(&self) {
        let queue = Files::existing(&self.folder.path().join("spool"), Limits::default()).unwrap().unwrap();
        for _ in 0..2 {
            within("no run is at work", || queue.run_alone(false).unwrap().is_some());
            thread::sleep(Duration::from_millis(300));
        }
    }

    /// The identifiers of all messages in its queue.
    fn ids(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path().join("spool/q")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut ids: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(".msg")?.to_owned())).collect();
        ids.sort();
        ids
    }

    /// It is told to end. Its status, and what it said.
    fn ends(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = self.child.wait().unwrap().code();
        // Whoever hands over now waits for the next one.
        assert!(self.socket("submit").exists());
        assert!(!self.socket("queue").exists() && !self.socket("admin").exists());
        let said = said.replace(&self.folder.path().display().to_string(), "DIR");
        // Not every kernel has it.
        let lines = said.lines().filter(|line| !line.ends_with("this kernel has no Landlock"));
        (status, lines.map(|line| format!("{line}\n")).collect())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A session with it.
struct Talk(BufReader<UnixStream>);

impl Talk {
    /// The last line of a reply.
    fn reply(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            if line.get(3..4) != Some("-") {
                return line;
            }
        }
    }

    /// What this is answered.
    fn say(&mut self, line: &str) -> String {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        self.reply()
    }

    /// Hands a message over, and returns what that is answered.
    fn hand_over(&mut self, mail: &str, subject: &str) -> String {
        let taken = self.say(mail);
        if !taken.starts_with("250") {
            return taken;
        }
        self.say("RCPT TO:<Jones@Beta.ARPA>");
        self.say("DATA");
        self.say(&format!("Subject: {subject}\r\n\r\nBlah\r\n."))
    }
}

fn within(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A daemon whose messages wait.
fn waits() -> Daemon {
    Daemon::of(NOWHERE)
}

const READY: &str = "ehlo: the queue is DIR/spool; programs hand over at DIR/run/submit.sock\n";

#[test]
fn what_is_handed_over_is_sent_and_the_daemon_ends_in_good_order() {
    let sink = ehlo("sink --mbox caught").listen();
    let daemon = Daemon::of(&NOWHERE.replace(":9'", &format!(":{}'", sink.port())));
    daemon.finds(ehlo("sendmail -i -f Smith@Alpha.ARPA Jones@Beta.ARPA")).stdin(TO_JONES).exit(0);
    within("it arrives", || daemon.ids().is_empty());
    // -t, a name without a domain, a full name, and the null reverse-path.
    let run = ehlo("sendmail -t -f <> -F 'The Boss' brown");
    daemon.finds(run).stdin("To: Jones@Beta.ARPA\nBcc: Green@Beta.ARPA\n\n.x\n\u{fc}").exit(0);
    within("it arrives", || daemon.ids().is_empty());
    let caught = sink.file("caught");
    assert!(caught.contains("\nTo: Jones@Beta.ARPA\n\nBlah\n"), "{caught}");
    assert!(caught.contains("\nFrom: \"The Boss\" <"), "{caught}");
    assert!(caught.contains("\n\n.x\n\u{fc}\n"), "{caught}");
    assert!(!caught.contains("Bcc"), "{caught}");
    assert_eq!(daemon.ends(), (Some(0), READY.to_owned()));
}

#[test]
fn whoever_is_told_anything_but_0_has_nothing_queued() {
    let daemon = Daemon::of(&format!("{NOWHERE}[queue]\nmax-size = 2000\nmax-recipients = 2\n"));
    let refused = |line: &str, message: &str, says: &str, status: i32| {
        daemon.finds(ehlo(&format!("sendmail -i {line}"))).stdin(message).stderr(says).exit(status);
        assert!(daemon.ids().is_empty(), "{line}");
    };
    let no_recipient = "ehlo: there is no recipient: name one on the command line, or in the header with -t; nothing \
                        was queued\n";
    refused("", TO_JONES, no_recipient, 65);
    refused("-t", "Subject: x\n\n", no_recipient, 65);
    refused("a@b@c", TO_JONES, "ehlo: 'a@b@c': unexpected '@' (at character 4); nothing was queued\n", 65);
    let large = format!("{TO_JONES}{}", "too large\n".repeat(300));
    let says = "ehlo: the message has 3353 octets, but the server takes at most 2000; nothing was queued\n";
    refused("x@Beta.ARPA", &large, says, 65);
    // What the daemon refuses, as a client of another make hears it.
    let mut talk = daemon.talk();
    assert_eq!(
        talk.say("MAIL FROM:<a@b.c> SIZE=3000"),
        "552 5.3.4 Message too large: 2000 octets at most\r\n"
    );
    assert!(talk.hand_over("MAIL FROM:<a@b.c>", &"x".repeat(3000)).starts_with("552 5.3.4 "));
    talk.say("MAIL FROM:<a@b.c>");
    assert!(talk.say("RCPT TO:<a@b.c>").starts_with("250 "));
    assert!(talk.say("RCPT TO:<b@b.c>").starts_with("250 "));
    assert_eq!(talk.say("RCPT TO:<c@b.c>"), "452 4.5.3 Too many recipients\r\n");
    assert!(daemon.ids().is_empty());
}

#[test]
fn a_named_account_that_is_not_there_is_waited_for() {
    let daemon = waits();
    daemon.finds(ehlo("sendmail -A home Jones@Beta.ARPA")).stdin(TO_JONES).exit(0);
    let run = daemon.finds(ehlo(&format!("queue show {} --json", daemon.ids()[0])));
    let account = run.any_json().exit(0).json()["account"].clone();
    assert_eq!(account, "home");
}

#[test]
fn an_account_of_ones_own_has_ones_own_queue() {
    let daemon = waits();
    let own = |config: &str, line: &str| {
        let run = ehlo(&format!("sendmail -odq {line} Jones@Beta.ARPA")).config(config).stdin(TO_JONES);
        let done = daemon.finds(run).exit(0);
        let ids = done.ids().len();
        (ids, std::mem::take(&mut daemon.ids()).len())
    };
    let accounts = "default = 'work'\n[account.work]\nserver = 'a'\n\
                    [account.home]\nserver = 'b'\nsenders = 'Smith@*'\n[sendmail]\ndomain = 'x.org'\n";
    assert_eq!(own(accounts, "-A work -f a@b.c"), (1, 0));
    // By the reverse-path, and by From.
    assert_eq!(own(accounts, "-f Smith@Gamma.ARPA"), (1, 0));
    assert_eq!(own(accounts, "-f a@b.c"), (1, 0));
    let by_default = accounts.replace("Smith@*", "Brown@*");
    assert_eq!(own(&by_default, "-f a@b.c"), (0, 1));
}

#[test]
fn a_message_that_was_handed_over_twice_is_queued_once() {
    let daemon = waits();
    let mut talk = daemon.talk();
    assert_eq!(talk.say("EHLO x"), "250 XEHLO\r\n");
    let id = ehlo::inside::spool::Id::new(ehlo::inside::spool::Moment::now().wall, 7);
    let mail = format!("MAIL FROM:<Smith@Alpha.ARPA> XEHLO={id},-,,");
    let taken = format!("250 2.0.0 Ok: queued as {id}\r\n");
    assert_eq!(talk.hand_over(&mail, "one"), taken);
    assert_eq!(daemon.talk().hand_over(&mail, "one"), taken);
    assert_eq!(daemon.ids(), [id.to_string()]);
    // What was taken is taken, whatever has changed since.
    let again = mail.replace(",-,,", ",A,,");
    let config = daemon.folder.path().join("config/ehlo/config.toml");
    std::fs::write(&config, NOWHERE.replace("alpha.arpa", "gamma.arpa") + "[queue]\nper-user = 1\n").unwrap();
    assert_eq!(daemon.talk().hand_over(&again, "one"), taken);
    std::fs::write(&config, NOWHERE).unwrap();
    // Another message does not get its name.
    assert!(talk.hand_over(&mail, "another").starts_with("451 4.3.0 the message was not queued: "));
    // It is known for a while after it has left.
    daemon.rests();
    let run = daemon.finds(ehlo(&format!("queue remove {id}")));
    run.stdout(&format!("{id}\tremoved\n")).exit(0);
    assert_eq!(daemon.talk().hand_over(&again, "one"), taken);
    assert_eq!(daemon.ids(), [""; 0]);
    let says = "554 5.6.0 the identifier that XEHLO names is not of this time\r\n";
    assert_eq!(talk.hand_over("MAIL FROM:<a@b.c> XEHLO=1NGSJ80000000,-,,", "old"), says);
    let says = "554 5.6.0 what XEHLO says cannot be read\r\n";
    assert_eq!(talk.hand_over("MAIL FROM:<a@b.c> XEHLO=../../x,-,,", "bad"), says);
    assert_eq!(talk.say("MAIL FROM:<a@b.c> XEHLO"), "555 5.5.4 MAIL parameter not recognized: XEHLO\r\n");
    talk.say("MAIL FROM:<a@b.c>");
    assert_eq!(talk.say("RCPT TO:<a@b.c> XEHLO=X"), "501 5.5.4 Syntax error: XEHLO is NAME or HEADER\r\n");
}

/// A daemon that ends when it has the message, and another one in its place.
#[test]
fn where_the_daemon_ends_behind_the_last_octet_the_same_message_is_handed_over_again() {
    let folder = TempDir::new().unwrap();
    let listener = UnixListener::bind(folder.path().join("submit.sock")).unwrap();
    let server = thread::spawn(move || {
        let mut mails = Vec::new();
        for answers in [false, true] {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            stream.get_mut().write_all(b"220 x\r\n").unwrap();
            let mut line = String::new();
            loop {
                line.clear();
                stream.read_line(&mut line).unwrap();
                let reply = match line.get(..4) {
                    Some("EHLO") => "250-x\r\n250 XEHLO\r\n",
                    Some("MAIL") => {
                        mails.push(line.clone());
                        "250 ok\r\n"
                    }
                    Some("DATA") => "354 go\r\n",
                    Some("RCPT") => "250 ok\r\n",
                    _ if line == ".\r\n" => break,
                    _ => continue,
                };
                stream.get_mut().write_all(reply.as_bytes()).unwrap();
            }
            if answers {
                stream.get_mut().write_all(b"250 2.0.0 Ok\r\n").unwrap();
            }
        }
        mails
    });
    let run = ehlo("sendmail -f Smith@Alpha.ARPA Jones@Beta.ARPA").stdin(TO_JONES);
    run.env("EHLO_SOCKETS", folder.path().to_str().unwrap()).exit(0);
    let mails = server.join().unwrap();
    assert!(
        mails.len() == 2 && mails[0].contains(" XEHLO=") && mails[0].replace(",-,,", ",A,,") == mails[1],
        "{mails:?}"
    );
}

#[test]
fn a_daemon_that_is_not_there_is_waited_for_and_then_the_status_is_75() {
    let folder = TempDir::new().unwrap();
    drop(UnixListener::bind(folder.path().join("submit.sock")).unwrap());
    let path = folder.path().to_str().unwrap().to_owned();
    let says =
        format!("ehlo: the daemon at {path}/submit.sock does not take the message now; nothing was queued\n");
    let run = ehlo("sendmail Jones@Beta.ARPA").stdin(TO_JONES).env("EHLO_SOCKETS", &path);
    run.stderr(&says).exit(75).queued_nothing();
}

#[test]
fn messages_are_looked_at_and_decided_about_through_a_socket() {
    let daemon = waits();
    daemon.finds(ehlo("sendmail -f Smith@Alpha.ARPA Jones@Beta.ARPA")).stdin(TO_JONES).exit(0);
    let [id] = daemon.ids().try_into().unwrap();
    daemon.rests();
    let asks = |line: &str| daemon.finds(ehlo(&format!("queue {line}")));
    asks(&format!("hold {id}")).stdout(&format!("{id}\theld\n")).exit(0);
    asks(&format!("release {}", id.to_lowercase()))
        .stdout(&format!("{id}\treleased: the next run sends it\n"))
        .exit(0);
    asks("show 0").stderr("ehlo: there is no message '0' in the queue\n").exit(66);
    asks("show").stderr("ehlo: which messages? name their IDs, or a filter such as --older 1d\n").exit(64);
    asks("list --own").stderr("ehlo: the queue is empty\n").exit(0);
    // Two queues.
    let own = |line: &str| daemon.finds(queue(line).waiting("1NGT5M0QX4K7C", Vec::new()));
    own("hold --all")
        .stderr("ehlo: there are two queues, your own and that of this machine: add --own or --system\n")
        .exit(64);
    own("hold 1NGT5M0QX4K7C").stdout("1NGT5M0QX4K7C\theld\n").exit(0);
    own(&format!("hold {id}")).stdout(&format!("{id}\theld\n")).exit(0);
    own("remove --system --all").stdout(&format!("{id}\tremoved\n")).exit(0);
    assert_eq!(daemon.ids(), [""; 0]);
    let listed = ehlo("").called("mailq");
    daemon.finds(listed).stdout("Mail queue is empty\n").exit(0);
}

#[test]
fn the_queue_of_a_machine_needs_its_daemon() {
    let folder = TempDir::new().unwrap();
    drop(UnixListener::bind(folder.path().join("queue.sock")).unwrap());
    let run = ehlo("queue list").env("EHLO_SOCKETS", folder.path().to_str().unwrap());
    run.stderr("ehlo: the queue of this machine: connection refused\n").exit(75);
    let run = ehlo("queue list --system");
    run.stderr("ehlo: the queue of this machine: no such file or directory\n").exit(75);
}

#[test]
fn a_second_daemon_does_not_take_the_place_of_the_first() {
    let daemon = waits();
    let run = daemon.folder.path().join("run").display().to_string();
    ehlo(&format!("queue daemon --directory DIR/spool --sockets {run}"))
        .stderr(&format!("ehlo: cannot listen at {run}/submit.sock: another daemon listens there\n"))
        .exit(75);
    ehlo("queue daemon --sockets run")
        .stderr("ehlo: --sockets needs a path that begins with '/', not 'run'\n")
        .exit(64);
    assert_eq!(daemon.ends(), (Some(0), READY.to_owned()));
}

#[test]
fn each_message_of_bs_is_handed_on_and_answered_by_the_daemon() {
    let daemon = waits();
    let said = "EHLO x\r\nMAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nRCPT TO:<root>\r\nDATA\r\n\
                Subject: x\r\n\r\n..\r\n.\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\n.\r\nQUIT\r\n";
    let done = daemon.finds(ehlo("sendmail -bs")).stdin(said).any_stdout().exit(0);
    done.queued_nothing();
    let taken: Vec<&str> =
        done.stdout().lines().filter_map(|line| line.strip_prefix("250 2.0.0 Ok: queued as ")).collect();
    // Within a second they are in no order.
    let mut sorted = taken.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, daemon.ids());
    let run = daemon.finds(ehlo(&format!("queue show {} --message", taken[0])));
    let shown = run.any_stdout().exit(0);
    assert!(shown.stdout().ends_with("Subject: x\n\n.\n"), "{}", shown.stdout());
    let run = daemon.finds(ehlo(&format!("queue show {} --json", taken[0])));
    let json = run.any_json().exit(0).json();
    let to: Vec<_> =
        json["recipients"].as_array().unwrap().iter().map(|one| one["address"].clone()).collect();
    assert_eq!(
        (to, json["sender"].clone()),
        (vec!["Jones@Beta.ARPA".into(), "root@alpha.arpa".into()], "Smith@Alpha.ARPA".into())
    );
}

#[test]
fn send_queue_goes_to_the_machine_unless_the_account_is_ones_own() {
    let daemon = waits();
    let line = "send --queue -f Smith@Alpha.ARPA -s x --body y Jones@Beta.ARPA";
    let done = daemon.finds(ehlo(line)).any_stdout().exit(0);
    done.queued_nothing();
    let [id] = daemon.ids().try_into().unwrap();
    assert!(done.stdout().contains(&id), "{}", done.stdout());
    daemon
        .finds(ehlo(&format!("{line} --require-tls-onward")))
        .stderr(
            "ehlo: the queue of this machine cannot be asked for REQUIRETLS: name an account of your own\n",
        )
        .exit(64);
    let config = "default = 'own'\n[account.own]\nserver = '127.0.0.1:9'\n";
    let done = daemon.finds(ehlo(line).config(config)).any_stdout().exit(0);
    assert_eq!((done.ids().len(), daemon.ids().len()), (1, 1));
}

#[test]
fn a_run_of_the_queue_is_one_of_the_machines_too() {
    let sink = ehlo("sink --mbox caught").listen();
    let daemon = Daemon::of(&NOWHERE.replace(":9'", &format!(":{}'", sink.port())));
    daemon.finds(ehlo("sendmail -q")).exit(0);
    // The daemon's own run may not be over.
    let run = daemon.finds(ehlo("queue run"));
    run.at_times("ehlo: another run is at work: waiting for its end\n").exit(0);
    daemon.finds(ehlo("queue check")).stdout("OK - the queue is empty\n").exit(0);
}
