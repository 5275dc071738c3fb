//! Command lines, and what they are read as.

use std::path::PathBuf;
use std::time::Duration;

use super::attachments::AttachSpec;
use super::exit::USAGE;
use super::recipients::Recipients;
use super::*;
use crate::net::TlsMode;
use crate::net::tls::{Backend, MinVersion};
use std::ffi::OsString;

/// Reads `ehlo` and these words.
fn typed(words: &[&str]) -> Result<Invocation, Exit> {
    parse(["ehlo"].iter().chain(words).map(OsString::from))
}

fn send(words: &[&str]) -> SendArgs {
    let subcommand = SUBCOMMANDS.iter().find(|subcommand| subcommand.name == "send").unwrap();
    let whole = subcommand.parse_whole(&words.iter().map(OsString::from).collect::<Vec<_>>());
    let words: Vec<_> = ["send"].iter().chain(words).copied().collect();
    match typed(&words) {
        Ok(Invocation::Send(args)) => {
            assert_eq!(format!("{whole:?}"), format!("{:?}", Ok::<_, Exit>(Invocation::Send(args.clone()))));
            *args
        }
        other => panic!("{words:?}: {other:?}"),
    }
}

/// The line of error and nothing else, status 64.
fn error(words: &[&str]) -> String {
    match typed(words) {
        Err(Exit { status: USAGE, text, to_stdout: false }) => text.to_string(),
        other => panic!("{words:?}: {other:?}"),
    }
}

fn answer(words: &[&str]) -> String {
    match typed(words) {
        Err(Exit { status: 0, text, to_stdout: true }) => text.to_string(),
        other => panic!("{words:?}: {other:?}"),
    }
}

#[test]
fn clap_finds_no_fault_with_the_definitions() {
    command().debug_assert();
}

#[test]
fn what_is_typed_is_what_is_read() {
    let args =
        send(&["-S", "mail.example.org", "-p", "2525", "-6", "--timeout", "500ms", "--deadline", "1h"]);
    assert_eq!(args.session.server.server.as_deref(), Some("mail.example.org"));
    assert_eq!(args.session.server.port, Some(2525));
    assert!(args.session.server.ipv6 && !args.session.server.ipv4);
    assert_eq!(args.session.server.connect_timeout, None);
    assert_eq!(args.session.server.timeout, Some(Duration::from_millis(500)));
    assert_eq!(args.session.server.final_timeout, None);
    assert_eq!(args.session.server.deadline, Some(Duration::from_secs(3600)));

    let args =
        send(&["-r", "me@a", "--envelope-from", "", "--reply-to", "b@c, d@e", "--domain", "example.org"]);
    assert_eq!(args.who.from.as_deref(), Some("me@a"));
    assert_eq!(args.who.envelope_from.as_deref(), Some(""));
    assert_eq!(args.who.reply_to.as_deref(), Some("b@c, d@e"));
    assert_eq!(args.who.domain.as_deref(), Some("example.org"));

    let args = send(&["-s", "-x", "--body", "- item", "-H", "X-A: 1", "--header=X-B: 2", "-E"]);
    assert_eq!(args.message.subject.as_deref(), Some("-x"));
    assert_eq!(args.message.body.as_deref(), Some("- item"));
    assert_eq!(args.message.header, ["X-A: 1", "X-B: 2"]);
    assert!(args.message.skip_empty);

    let args = send(&["-m", "-", "--recipients-in-message", "--add-missing-headers", "-f", "a@b"]);
    assert_eq!(args.as_is.message, Some(PathBuf::from("-")));
    assert!(args.as_is.recipients_in_message && args.as_is.add_missing_headers);

    let args = send(&["--tls", "starttls", "--tls-min", "1.3", "--tls-backend", "native", "--insecure"]);
    assert_eq!(args.session.tls.tls, Some(TlsMode::StartTls));
    assert_eq!(args.session.tls.tls_min, Some(MinVersion::Tls13));
    assert_eq!(args.session.tls.tls_backend, Some(Backend::Native));
    assert!(args.session.tls.insecure);

    let args =
        send(&["-u", "me", "--password-command", "pass show mail", "--auth", "PLAIN,LOGIN", "--auth", "X"]);
    assert_eq!(args.session.login.user.as_deref(), Some("me"));
    assert_eq!(args.session.login.password_command.as_deref(), Some("pass show mail"));
    assert_eq!(args.session.login.auth, ["PLAIN", "LOGIN", "X"]);

    let args = send(&["--mail-parameter", "RET=HDRS", "--rcpt-parameter", "A=1", "--rcpt-parameter", "B=2"]);
    assert_eq!(args.session.protocol.mail_parameter, ["RET=HDRS"]);
    assert_eq!(args.session.protocol.rcpt_parameter, ["A=1", "B=2"]);

    let args = send(&["-vvv", "-q", "--json", "--all-or-none", "--color=never", "--progress", "always"]);
    assert_eq!(args.output.verbose, 3);
    assert!(args.output.quiet && args.output.json && args.policy.all_or_none);
    assert_eq!((args.output.color, args.output.progress), (When::Never, When::Always));
}

#[test]
fn recipients_keep_the_order_of_the_command_line() {
    use RecipientArg::{Bcc, Cc, Envelope, File, To, Word};
    let args = send(&[
        "one@a",
        "-b",
        "two@a",
        "three@a, four@a",
        "--recipient",
        "five@a",
        "-c",
        "six@a",
        "--to=seven@a",
        "--recipients-from",
        "list",
        "-t",
        "eight@a",
        "--",
        "-nine@a",
        "one@a",
    ]);
    let text = str::to_owned;
    assert_eq!(
        args.who.recipients.in_order(),
        [
            Word(text("one@a")),
            Bcc(text("two@a")),
            Word(text("three@a, four@a")),
            Envelope(text("five@a")),
            Cc(text("six@a")),
            To(text("seven@a")),
            File("list".into()),
            To(text("eight@a")),
            Word(text("-nine@a")),
            Word(text("one@a")),
        ]
    );
    assert_eq!(send(&[]).who.recipients, Recipients::default());
}

#[test]
fn each_attachment_has_the_details_that_follow_it() {
    let args = send(&[
        "-a",
        "one",
        "--attach-name",
        "-1-",
        "--attach-type",
        "a/b",
        "--inline",
        "two",
        "--attach-id",
        "x",
        "--attach=three",
        "you@a",
        "--attach-type",
        "c/d",
    ]);
    let text = |t: &str| Some(t.to_owned());
    assert_eq!(
        args.message.attachments.in_order(),
        [
            AttachSpec {
                file: "one".into(),
                media_type: text("a/b"),
                name: text("-1-"),
                ..AttachSpec::default()
            },
            AttachSpec { file: "two".into(), inline: true, content_id: text("x"), ..AttachSpec::default() },
            AttachSpec { file: "three".into(), media_type: text("c/d"), ..AttachSpec::default() },
        ]
    );
}

#[test]
fn a_detail_without_its_attachment_is_an_error() {
    for (words, line) in [
        (
            &["send", "--attach-type", "a/b", "-a", "f"][..],
            "ehlo: --attach-type comes after the --attach or --inline that it is for\n",
        ),
        (
            &["send", "-a", "f", "--attach-name", "x", "--attach-name", "y"],
            "ehlo: --attach-name was given twice for 'f'\n",
        ),
        (
            &["send", "-a", "f", "--attach-id", "x"],
            "ehlo: --attach-id is for --inline, but 'f' is attached\n",
        ),
    ] {
        assert_eq!(error(words), line);
    }
}

#[test]
fn an_error_is_one_line_that_says_what_to_do() {
    for (words, line) in [
        (&["send", "--sbject", "x"][..], "ehlo: no option --sbject: did you mean --subject?\n"),
        (&["send", "--zzz"], "ehlo: no option --zzz: see 'ehlo send --help'\n"),
        (&["-v"], "ehlo: no option -v: for the version, use 'ehlo --version'\n"),
        (&["sned"], "ehlo: no command 'sned': did you mean send?\n"),
        (&["\x1b[31m"], "ehlo: no command '\\u{1b}[31m': see 'ehlo --help'\n"),
        (&["--", "send"], "ehlo: no command before '--': see 'ehlo --help'\n"),
        (&["send", "--port"], "ehlo: --port needs a value\n"),
        (
            &["send", "--tls", "on"],
            "ehlo: --tls must be one of off, opportunistic, starttls, implicit, not 'on'\n",
        ),
        (&["send", "--tls"], "ehlo: --tls must be one of off, opportunistic, starttls, implicit\n"),
        (&["send", "--timeout", "0"], "ehlo: --timeout needs a time that is longer than 0\n"),
        (&["send", "--json=1"], "ehlo: --json takes no value\n"),
        (&["send", "-s", "a", "-s", "b"], "ehlo: --subject was given twice\n"),
        (&["send", "-4", "-6"], "ehlo: -4 cannot be used with -6\n"),
        (&["send", "--body-file", ""], "ehlo: --body-file needs a value\n"),
    ] {
        assert_eq!(error(words), line);
    }
}

#[test]
fn a_message_as_it_is_excludes_all_that_composes_one() {
    for flag in [
        "--subject",
        "--body",
        "--body-file",
        "--html",
        "--attach",
        "--inline",
        "--header",
        "--in-reply-to",
        "--date",
        "--message-id",
        "--charset",
        "--reply-to",
    ] {
        assert_eq!(
            error(&["send", flag, "x", "-m", "y"]),
            format!("ehlo: {flag} cannot be used with --message\n")
        );
    }
    assert!(typed(&["send", "--body", "x", "--body-file", "y"]).is_err());
    let sources = ["--password-file", "--password-command", "--password-env"];
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let (one, other) = (sources[one], sources[other]);
        assert!(error(&["send", one, "x", other, "y"]).contains(" cannot be used with "));
    }
}

#[test]
fn a_password_is_refused_and_not_repeated() {
    for words in [
        &["send", "--password", "hunter2"][..],
        &["send", "--pasword", "hunter2"],
        &["send", "--passwort=hunter2"],
        &["send", "--passphrase", "hunter2"],
        &["send", "--password=hunter2"],
        &["send", "--pass", "hunter2"],
        &["send", "--passwd=hunter2"],
        &["send", "-u", "me", "--password", "hunter2", "you@a"],
    ] {
        let line = error(words);
        assert!(line.starts_with("ehlo: a password is not taken as an argument"), "{line}");
        for way in ["--password-file", "--password-command", "--password-env", "asked"] {
            assert!(line.contains(way), "{line}");
        }
        assert!(!line.contains("hunter2"), "{line}");
    }
    // Other programs' ways to say it.
    for words in
        [&["send", "-phunter2"][..], &["send", "-p", "hunter2"], &["send", "-whunter2"], &["--x=hunter2"]]
    {
        assert!(!error(words).contains("hunter2"), "{words:?}");
    }
    assert_eq!(send(&["-s", "--password"]).message.subject.as_deref(), Some("--password"));
}

#[test]
fn the_version_is_the_same_with_clap_and_without() {
    assert_eq!(answer(&["--version"]), answer(&["--version", "--version"]));
    assert_eq!(answer(&["-V"]), format!("ehlo {}\n", env!("CARGO_PKG_VERSION")));
}

/// The lines that head something.
fn headings(help: &str) -> Vec<&str> {
    help.lines().filter(|line| !line.starts_with(' ') && line.ends_with(':')).collect()
}

#[test]
fn help_is_short_or_long() {
    let (short, long) = (answer(&["send", "-h"]), answer(&["send", "--help"]));
    for text in [&short, &long] {
        assert!(text.starts_with("send one message, and say what became of each recipient\n"), "{text}");
        assert!(text.contains("\nusage: ehlo send [OPTIONS] [TO]...\n"), "{text}");
        assert!(text.contains("\n  echo done | ehlo send -S mail.example.org"), "{text}");
        assert!(!text.contains("Options:") && !text.contains("Arguments:"), "{text}");
    }
    assert!(long.contains("\nexit status:\n   0  "), "{long}");
    assert_eq!(headings(&short), ["most used:", "example:"]);
    assert_eq!(
        headings(&long),
        [
            "where:",
            "who:",
            "message:",
            "as it is:",
            "tls:",
            "log in:",
            "protocol:",
            "domains (-S mx:):",
            "delivery:",
            "signing:",
            "testing:",
            "policy:",
            "output:",
            "examples:",
            "exit status:",
        ]
    );
    assert_eq!(answer(&["send", "-qh"]), short);
    // The first of both.
    assert_eq!(answer(&["send", "-h", "--help"]), short);
    assert_eq!(answer(&["send", "--help", "-h"]), long);
    assert_eq!(answer(&["help", "send"]), long);
    assert_eq!(answer(&["help"]), answer(&["--help"]));
}

#[test]
fn no_command_is_an_error_that_shows_them() {
    let text = error(&[]);
    assert_eq!(text, answer(&["-h"]));
    let is_row = |line: &str| line.split_whitespace().take(4).eq(["send", "send", "one", "message,"]);
    assert!(text.lines().any(is_row), "{text}");
}

#[test]
fn defaults_in_force_can_be_told_from_none() {
    let args = send(&[]);
    assert_eq!((args.output.color, args.output.progress), (When::Auto, When::Auto));
    assert!(
        args.session.tls.tls.is_none()
            && args.message.charset.is_none()
            && args.session.server.timeout.is_none()
    );
}

#[cfg(feature = "console")]
#[test]
fn the_console_takes_its_server_as_an_argument() {
    let console = |words: &[&str]| match typed(words) {
        Ok(Invocation::Console(args)) => *args,
        other => panic!("{words:?}: {other:?}"),
    };
    let args = console(&["console", "mail.example.org", "-S", "other", "--send", "-x", "--send", "NOOP"]);
    assert_eq!(args.session.server.server.as_deref(), Some("mail.example.org"));
    assert_eq!(args.output.send, ["-x", "NOOP"]);
    assert_eq!(console(&["console", "-S", "other"]).session.server.server.as_deref(), Some("other"));
}

#[cfg(feature = "sink")]
#[test]
fn the_sink_and_the_demo() {
    let sink = |words: &[&str]| match typed(words) {
        Ok(Invocation::Sink(args)) => *args,
        other => panic!("{words:?}: {other:?}"),
    };
    let args = sink(&["sink"]);
    assert_eq!((args.listen.to_string().as_str(), args.tls), ("127.0.0.1:0", crate::sink::Tls::StartTls));
    let args =
        sink(&["sink", "--reject", "green@beta.arpa=550 No such user here", "--defer", "brown@beta.arpa"]);
    assert_eq!(args.reject[0].text.as_deref(), Some("No such user here"));
    assert_eq!(args.defer[0].code, 450);
    assert_eq!(error(&["sink", "--user", "me"]), "ehlo: --password-file is required as well\n");
    assert_eq!(
        error(&["sink", "--mbox", "a", "--maildir", "b"]),
        "ehlo: --mbox cannot be used with --maildir\n"
    );
    assert_eq!(
        error(&["sink", "--listen", "25"]),
        "ehlo: --listen needs ADDRESS:PORT such as 127.0.0.1:2525 or [::1]:0, not '25'\n"
    );
    let args = sink(&["sink", "--dns", "127.0.0.1:53", "--mta-sts-port", "443"]);
    assert_eq!((args.dns, args.mta_sts_port), (Some(([127, 0, 0, 1], 53).into()), 443));
    assert_eq!(
        error(&["sink", "--dns", "53"]),
        "ehlo: --dns needs ADDRESS:PORT such as 127.0.0.1:2525 or [::1]:0, not '53'\n"
    );
    assert_eq!(error(&["sink", "--mta-sts-port", "443"]), "ehlo: --dns is required as well\n");
    assert_eq!(
        error(&["sink", "--dns", "127.0.0.1:0", "--lmtp"]),
        "ehlo: --dns cannot be used with --lmtp\n"
    );
    let demo = |words: &[&str]| match typed(words) {
        Ok(Invocation::Demo(DemoArgs { demo, color: When::Auto, .. })) => demo,
        other => panic!("{words:?}: {other:?}"),
    };
    assert_eq!(demo(&["demo"]), crate::cli::Demo::Std10);
    assert_eq!(demo(&["demo", "mx"]), crate::cli::Demo::Mx);
    assert_eq!(error(&["demo", "x"]), "ehlo: DEMO must be one of std10, mx, not 'x'\n");
}

#[test]
fn explain_takes_words_as_they_are() {
    let words = |typed_words: &[&str]| match typed(typed_words) {
        Ok(Invocation::Explain(args)) => (args.words, args.json),
        other => panic!("{typed_words:?}: {other:?}"),
    };
    assert_eq!(words(&["explain"]), (vec![], false));
    assert_eq!(words(&["explain", "-"]), (vec!["-".into()], false));
    assert_eq!(
        words(&["explain", "550", "5.1.1", "User unknown", "--json"]),
        (vec!["550".into(), "5.1.1".into(), "User unknown".into()], true)
    );
    assert!(send(&["--explain"]).output.explain);
    assert!(!send(&[]).output.explain);
}
