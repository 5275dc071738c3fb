//! Where secrets come from, what they are used for, and that nobody else gets them.

use crate::harness::{Done, Ehlo};
use crate::*;
use ehlo::inside::client::observer::Nobody;
use ehlo::inside::client::open::{Known, open};
use ehlo::inside::client::{Conversation, LoginPolicy, Patience, Target};
use ehlo::inside::config::secret::Secret;
use ehlo::inside::net::{Deadline, Endpoint};
use ehlo::inside::sasl::{Credentials, Means, Nonce};
use ehlo_smtp::command::EhloName;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

/// NUL smith NUL open sesame.
const PLAIN: &str = "AHNtaXRoAG9wZW4gc2VzYW1l";
const CLEAR: &str = "--tls off --allow-cleartext-auth";

fn hello(mechanisms: &str) -> String {
    format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH {mechanisms}\n")
}

fn let_in(auth: &str) -> String {
    format!("{auth}S: 235 welcome\n{MAIL}{RCPT}{TAKEN}{QUIT}")
}

fn plain() -> String {
    hello("PLAIN") + &let_in(&format!("C: AUTH PLAIN {PLAIN}\n"))
}

fn bearer(user: &str, token: &str) -> String {
    encodify::base64::STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"))
}

fn with_mode(run: Ehlo, name: &str, contents: &str, mode: u32) -> Ehlo {
    let run = run.file(name, contents);
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(run.folder().join(name), permissions).unwrap();
    run
}

fn untried(why: &str) -> String {
    format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n")
}

#[test]
fn the_password_of_netrc() {
    let entry = "machine other password no\nmachine 127.0.0.1 login jones password no\n\
                 machine 127.0.0.1 login smith password \"open sesame\"\n";
    with_mode(to_jones(&format!("-u smith {CLEAR}")), ".netrc", entry, 0o600)
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
    // NETRC goes before ~/.netrc.
    let run = with_mode(to_jones(&format!("-u smith {CLEAR}")), "mine", entry, 0o600);
    with_mode(run, ".netrc", "default password no", 0o600)
        .env("NETRC", "mine")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_netrc_that_others_can_read_is_warned_of() {
    with_mode(to_jones(&format!("-u smith {CLEAR}")), "mine", "default password \"open sesame\"", 0o644)
        .env("NETRC", "mine")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: others can read mine: chmod 600 it\n")
        .exit(0);
}

#[test]
fn netrc_is_not_asked_where_it_has_nothing_to_say() {
    // A flag goes before it, and without a user nobody logs in.
    let entry = "default login smith password no";
    with_mode(to_jones(&format!("-u smith --password-env P {CLEAR}")), ".netrc", entry, 0o644)
        .env("P", "open sesame")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
    with_mode(to_jones(""), ".netrc", entry, 0o644).server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    let nobody =
        "ehlo: no password for smith: use --password-file, --password-command, --password-env or netrc\n";
    with_mode(to_jones("-u smith"), ".netrc", "default login jones password no", 0o644)
        .unasked()
        .stderr(nobody)
        .exit(64);
    with_mode(to_jones("-u smith"), ".netrc", "machine 127.0.0.1\npassword \"no", 0o600)
        .unasked()
        .stderr(&format!("ehlo: warning: DIR/.netrc cannot be understood: line 2\n{nobody}"))
        .exit(64);
    for entry in ["\nmachin 127.0.0.1 login smith password x", "machine 127.0.0.1 login smith\npasswd x"] {
        with_mode(to_jones("-u smith"), ".netrc", entry, 0o600)
            .unasked()
            .stderr(&format!("ehlo: warning: DIR/.netrc has a word that is not understood: line 2\n{nobody}"))
            .exit(64);
    }
    to_jones("-u smith")
        .env("NETRC", "missing")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
}

#[test]
fn a_token_is_what_its_command_prints() {
    let run =
        to_jones(&format!("-u smith {CLEAR} --oauth-token-command 'echo t0ken' -v --transcript transcript"));
    let done = run
        .server(&(hello("PLAIN XOAUTH2") + &let_in(&format!("C: AUTH XOAUTH2 {}\n", bearer("smith", "t0ken")))))
        .stdout(JONES_HAS_IT)
        .stderr(&format!(
            "# connected to 127.0.0.1:PORT\n{}C: AUTH XOAUTH2 ***\nS: 235 welcome\n{MAIL}{RCPT}C: DATA\nS: 354 go on\n\
             {HEAD}C: … 218 octets\nC: .\nS: 250 OK\n{QUIT}",
            hello("PLAIN XOAUTH2")
        ))
        .exit(0);
    not_in_the_transcript(&done, &["t0ken", &bearer("smith", "t0ken")]);
}

fn not_in_the_transcript(done: &Done, secrets: &[&str]) {
    let transcript = done.file("transcript");
    for secret in secrets {
        assert!(!transcript.contains(secret), "{transcript}");
    }
}

#[test]
fn a_token_command_that_fails_77_and_nobody_is_connected_to() {
    for (command, text) in [
        ("false", "the token command false failed (exit status: 1)"),
        ("true", "the token command printed nothing"),
        ("echo", "the token command printed nothing"),
        ("'echo a b'", "the token command printed something that is not a token"),
    ] {
        to_jones(&format!("-u smith --oauth-token-command {command}"))
            .unasked()
            .stderr(&format!("ehlo: {text}\n"))
            .exit(77);
    }
    to_jones("-u smith --oauth-token-command /no/such/program")
        .unasked()
        .stderr("ehlo: cannot run the token command /no/such/program: no such file or directory\n")
        .exit(74);
}

/// Prints another token each time.
const COUNTING: &str = "sh -c \"echo x >> times; echo token$(wc -l < times)\"";

#[test]
fn an_expired_token_is_fetched_once_more() {
    let reason = encodify::base64::STANDARD.encode("{\"status\":\"401\"}");
    let refused = |token: &str| {
        format!("C: AUTH XOAUTH2 {}\nS: 334 {reason}\nC: \nS: 535 5.7.8 no\n", bearer("smith", token))
    };
    to_jones(&format!("-u smith {CLEAR} --oauth-token-command"))
        .arg(COUNTING)
        .server(
            &(hello("XOAUTH2")
                + &refused("token1")
                + &let_in(&format!("C: AUTH XOAUTH2 {}\n", bearer("smith", "token2")))),
        )
        .stdout(JONES_HAS_IT)
        .exit(0);
    let why = "the server refused AUTH: 535 5.7.8 no (it says: {\"status\":\"401\"})";
    to_jones(&format!("-u smith {CLEAR} --oauth-token-command"))
        .arg(COUNTING)
        .server(&(hello("XOAUTH2") + &refused("token1") + &refused("token2") + QUIT))
        .stdout(&untried(why))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(77);
    // The same token would be refused again.
    to_jones(&format!("-u smith {CLEAR} --oauth-token-command 'echo token1'"))
        .server(&(hello("XOAUTH2") + &refused("token1") + QUIT))
        .stdout(&untried(why))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(77);
}

#[test]
fn a_token_that_was_refused_is_not_said_again_over_the_next_connection() {
    let hello = hello("XOAUTH2\nS: 250 LIMITS MAILMAX=1 RCPTMAX=1").replacen("250 AUTH", "250-AUTH", 1);
    let auth = |token: &str| format!("C: AUTH XOAUTH2 {}\n", bearer("smith", token));
    let refused = format!("{}S: 535 5.7.8 no\n", auth("token1"));
    let green = "C: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\n";
    let welcome = format!("{}S: 235 welcome\n{MAIL}", auth("token2"));
    to_two(&format!("-u smith {CLEAR} --oauth-token-command"))
        .arg(COUNTING)
        .server(&format!(
            "{hello}{refused}{welcome}{RCPT}{TAKEN}{QUIT}! close\n{hello}{welcome}{green}{TAKEN}{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tGreen@Beta.ARPA\tOK\n250\tmessage\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

/// Prints a token, and the second time does this and sleeps.
fn sleeps_behind(what: &str) -> String {
    format!("sh -c \"mkdir once 2>/dev/null && echo token1 || {{ echo $$ >pid; {what} exec sleep 60; }}\"")
}

#[test]
fn a_deadline_and_a_signal_end_the_renewal_of_a_token_and_nobody_logs_in_any_more() {
    let refused =
        hello("XOAUTH2") + &format!("C: AUTH XOAUTH2 {}\nS: 535 5.7.8 no\n", bearer("smith", "token1"));
    for (flag, what, text) in [
        ("--deadline 1s", "", "timed out waiting for the token command"),
        ("", "kill -TERM $PPID;", "interrupted by a signal (awaiting the token command)"),
    ] {
        let done = to_jones(&format!("-u smith {CLEAR} {flag} --oauth-token-command"))
            .arg(sleeps_behind(what))
            // After a deadline there is no time for a reply to QUIT.
            .server(&format!("{refused}{}", if what.is_empty() { "C: QUIT\n" } else { QUIT }))
            .stdout(&untried(text))
            .stderr(&format!("ehlo: {text}\n"))
            .exit(75);
        let pid = done.file("pid");
        assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "it still runs");
    }
}

#[test]
fn a_command_that_never_stops_printing_77() {
    to_jones("-u smith --password-command yes")
        .unasked()
        .stderr("ehlo: the password command yes printed more than 65536 octets\n")
        .exit(77);
    to_jones("-u smith --oauth-token-command 'cat /dev/zero'")
        .unasked()
        .stderr("ehlo: the token command cat printed more than 65536 octets\n")
        .exit(77);
}

#[test]
fn a_token_command_that_fails_later_leaves_the_refusal() {
    let why = "the server refused AUTH: 535 5.7.8 no";
    to_jones(&format!("-u smith {CLEAR} --oauth-token-command"))
        .arg("sh -c \"mkdir once && echo token1\"")
        .server(
            &(hello("XOAUTH2")
                + &format!("C: AUTH XOAUTH2 {}\nS: 535 5.7.8 no\n", bearer("smith", "token1"))
                + QUIT),
        )
        .stdout(&untried(why))
        .stderr(&format!(
            "mkdir: cannot create directory 'once': File exists\n\
             ehlo: warning: cannot get a new token: the token command sh failed (exit status: 1)\nehlo: \
             {why}\n"
        ))
        .exit(77);
}

#[test]
fn a_server_that_repeats_the_token_in_its_reason_does_not_show_it() {
    let reason = encodify::base64::STANDARD.encode("no such token: t0ken");
    let talk = |reason: &str, response: &str| {
        format!("C: AUTH XOAUTH2 {response}\nS: 334 {reason}\nC: \nS: 535 no\n")
    };
    let why = "the server refused AUTH: 535 no (it says: no such token: *****)";
    to_jones(&format!("-v -u smith {CLEAR} --oauth-token-command 'echo t0ken'"))
        .server(&(hello("XOAUTH2") + &talk(&reason, &bearer("smith", "t0ken")) + QUIT))
        .stdout(&untried(why))
        .stderr(&format!(
            "# connected to 127.0.0.1:PORT\n{}{}{QUIT}ehlo: {why}\n",
            hello("XOAUTH2"),
            talk(&"*".repeat(reason.len()), "***")
        ))
        .exit(77);
}

#[test]
fn external_needs_neither_user_nor_password() {
    to_jones(&format!("--auth external {CLEAR}"))
        .server(&(hello("PLAIN EXTERNAL") + &let_in("C: AUTH EXTERNAL =\n")))
        .stdout(JONES_HAS_IT)
        .exit(0);
    // A user who is named is who the server is to act for.
    to_jones(&format!("--auth external -u smith {CLEAR}"))
        .server(&(hello("PLAIN EXTERNAL") + &let_in("C: AUTH EXTERNAL c21pdGg=\n")))
        .stdout(JONES_HAS_IT)
        .exit(0);
    to_jones(&format!("--auth external --auth-identity smith {CLEAR}"))
        .server(&(hello("PLAIN EXTERNAL") + &let_in("C: AUTH EXTERNAL c21pdGg=\n")))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn an_identity_goes_with_plain() {
    let said = encodify::base64::STANDARD.encode("jones\0smith\0open sesame");
    to_jones(&format!("-u smith --auth-identity jones --password-env P {CLEAR}"))
        .env("P", "open sesame")
        .server(&(hello("LOGIN PLAIN") + &let_in(&format!("C: AUTH PLAIN {said}\n"))))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn what_is_offered_cannot_be_used_77() {
    let why = "the server offers the log-in mechanism PLAIN, which needs a password: use --password-file";
    to_jones(&format!("-u smith {CLEAR} --oauth-token-command 'echo t0ken'"))
        .server(&(hello("LOGIN PLAIN") + QUIT))
        .stdout(&untried(why))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(77);
}

#[test]
fn flags_that_do_not_make_a_log_in_64() {
    for (line, text) in [
        ("--password-env P", "--password-env needs -u (--user)"),
        ("--auth EXTERNAL --password-env P", "--password-env needs -u (--user)"),
        ("--auth PLAIN", "--auth needs -u (--user)"),
        ("--auth-identity x", "--auth-identity needs -u (--user)"),
        ("--oauth-token-command x", "--oauth-token-command needs -u (--user)"),
        ("-u smith --auth XOAUTH2", "--auth XOAUTH2 takes a token: use --oauth-token-command"),
        (
            "-u smith --auth plain,login --oauth-token-command x",
            "--auth PLAIN,LOGIN takes a password, not --oauth-token-command",
        ),
        (
            "-u smith --password-env P --oauth-token-command x",
            "--password-env cannot be used with --oauth-token-command",
        ),
    ] {
        to_jones(line).env("P", "x").unasked().stderr(&format!("ehlo: {text}\n")).exit(64);
    }
}

#[test]
fn what_was_given_for_a_variables_name_is_not_repeated() {
    // It may be the password itself.
    to_jones("-u smith --password-env hunter2")
        .unasked()
        .stderr("ehlo: --password-env: this variable is not set, or is not UTF-8 (its name is wanted, without '$')\n")
        .exit(64);
    to_jones("-u smith --pasword hunter2")
        .unasked()
        .stderr("ehlo: a password is not taken as an argument, where everybody on this host could read it: use --password-file, --password-command, --password-env, or wait to be asked\n")
        .exit(64);
}

/// The client with a nonce that the dialogue knows; what became of it.
fn scram(dialogue: &str, each: Duration) -> Result<Option<&'static str>, String> {
    let server = crate::server::Server::tcp(dialogue);
    let port = server.port().unwrap();
    let running = server.start(std::process::id());
    let credentials = Credentials {
        user: "user".to_owned(),
        identity: None,
        means: Means::Password(Secret::new("pencil".to_owned())),
        mechanisms: Vec::new(),
        allow_clear: true,
        allow_unverified: false,
        server: ("127.0.0.1".to_owned(), port),
        nonce: Nonce::Fixed("rOprNGfwEbeRWgbNEkqO".to_owned()),
    };
    let ehlo_name = Some(EhloName::parse("alpha.arpa").unwrap());
    let target = Target {
        session: Conversation { ehlo_name, ..Conversation::default() },
        login: Some(LoginPolicy { credentials, tokens: None }),
        patience: Patience { connect: each, each: Some(each), message: each, whole: Deadline::never() },
        ..Target::new(Endpoint::Tcp { host: "127.0.0.1".to_owned(), port: Some(port) })
    };
    let opened = match open(&target, Known::default(), &mut Nobody) {
        Ok(connection) => {
            let done = connection.session().logged_in();
            connection.finish(&mut Nobody);
            Ok(done)
        }
        Err(unready) => Err(ehlo::inside::words::client_error(&unready.error)),
    };
    let (heard, fault) = running.end();
    assert_eq!(fault, None, "{}", heard.transcript);
    opened
}

/// RFC 7677, section 3, up to the number of iterations.
fn of_7677(count: &str) -> String {
    let first =
        format!("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i={count}");
    format!(
        "{}C: AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=\nS: 334 {}\n",
        hello("SCRAM-SHA-256"),
        encodify::base64::STANDARD.encode(first)
    )
}

#[test]
fn scram_over_a_socket() {
    let rest =
        "C: ***\nS: 334 dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==\nC: \nS: 235 OK\n";
    let done = scram(&format!("{}{rest}{QUIT}", of_7677("4096")), Duration::from_secs(20));
    assert_eq!(done, Ok(Some("SCRAM-SHA-256")));
}

/// What the server asks for takes seconds to compute; the user's limit holds there as well.
#[test]
fn what_a_server_has_us_compute_takes_no_longer_than_is_allowed() {
    let done = scram(&of_7677("10000000"), Duration::from_millis(200));
    assert_eq!(done, Err("timed out waiting for the reply to AUTH".to_owned()));
}

#[test]
fn a_command_that_does_not_end_is_ended_by_the_deadline_75() {
    for (flag, what) in [("--password-command", "password"), ("--oauth-token-command", "token")] {
        to_jones(&format!("-u smith {flag} 'sleep 100' --deadline 1s"))
            .unasked()
            .stderr(&format!("ehlo: the {what} command sleep did not end: timed out\n"))
            .exit(75);
    }
}

#[test]
fn a_word_that_names_nothing_is_not_repeated_it_may_be_the_secret() {
    for flag in ["--password-file", "--password-file=", "--password-file some/"] {
        let run = match flag.strip_suffix('=') {
            Some(_) => to_jones(&format!("-u smith {flag}hunter2")),
            None => to_jones(&format!("-u smith {flag} hunter2").replace("/ ", "/")),
        };
        run.unasked()
            .stderr(
                "ehlo: cannot read the password file: no such file or directory; give the name of a file, not the \
                 password\n",
            )
            .exit(66);
    }
    for (flag, what) in [("--password-command", "password"), ("--oauth-token-command", "token")] {
        to_jones(&format!("-u smith {flag} hunter2"))
            .unasked()
            .stderr(&format!(
                "ehlo: cannot run the {what} command: no such program; give a command, not the {what}\n"
            ))
            .exit(74);
    }
    let plan = to_jones("-u smith --password-file hunter2 --dry-run").unasked().any_stdout().exit(0);
    let said = plan.stdout();
    assert!(said.contains("\nlog in      as smith, password from a file that is not there\n"), "{said}");
}

#[test]
fn a_word_too_many_that_may_hold_a_password_is_not_repeated() {
    for (line, command) in [
        ("probe mail.example.org smith:hunter2", "probe"),
        ("probe mail.example.org smtp://smith:hunter2@mail.example.org", "probe"),
        ("sink smith:hunter2@mail.example.org:25", "sink"),
    ] {
        harness::ehlo(line)
            .stderr(&format!("ehlo: one word too many: see 'ehlo {command} --help'\n"))
            .exit(64);
    }
    harness::ehlo("probe mail.example.org mail.example.net:25")
        .stderr("ehlo: unexpected argument 'mail.example.net:25': see 'ehlo probe --help'\n")
        .exit(64);
}
