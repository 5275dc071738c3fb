//! Accounts: what is read, which one is chosen, what it gives, and that a secret goes to its own server only.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::*;

/// Two accounts: one for each of two senders.
const TWO: &str = "\
default = 'work'
[account.work]
server = 'smtp://127.0.0.1:PORT'
address = 'Smith@Alpha.ARPA'
tls = 'off'
ehlo-name = 'alpha.arpa'
[account.home]
server = ['smtps://mail.home.example', 'smtps://backup.home.example']
user = 'joe'
password-command = ['pass', \"it's mine\"]
address = 'joe@home.example'
senders = ['*@home.example']
limits = { recipients = 100, size = '25M' }
";

/// With a log-in, in clear.
const LOGIN: &str = "\
[account.work]
server = 'smtp://127.0.0.1:PORT'
user = 'smith'
password-file = 'pw'
tls = 'off'
allow-cleartext-auth = true
ehlo-name = 'alpha.arpa'
address = 'Smith@Alpha.ARPA'
";
const HELLO_PLAIN: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
const PLAIN: &str = "C: AUTH PLAIN AHNtaXRoAG9wZW4gc2VzYW1l\nS: 235 welcome\n";

/// `ehlo send` to Jones, with this configuration and a server that nobody names.
fn served(toml: &str, line: &str, dialogue: &str) -> Ehlo {
    send(&format!("--body Blah {line} Jones@Beta.ARPA")).served_by(Server::tcp(dialogue)).config(toml)
}

fn smith(line: &str, dialogue: &str) -> Ehlo {
    let run = served(LOGIN, line, dialogue);
    run.file_of_mode(".config/ehlo/pw", "open sesame\n", 0o600)
}

fn plan(line: &str) -> Ehlo {
    ehlo(&format!("send --dry-run --ehlo-name alpha.arpa --message-id 1@a --body x {line} a@x.example"))
}

/// The first line of a plan.
fn account(run: Ehlo) -> String {
    run.config(&TWO.replace("PORT", "25")).any_stdout().exit(0).stdout().lines().next().unwrap().to_owned()
}

#[test]
fn the_default_account_names_server_and_sender() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    served(TWO, "", &dialogue).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn the_account_is_named_or_has_the_sender_or_is_the_default() {
    let default = "account     work of DIR/.config/ehlo/config.toml, the default";
    let by = |sender: &str| {
        format!("account     home of DIR/.config/ehlo/config.toml, chosen by the sender {sender}")
    };
    assert_eq!(account(plan("")), default);
    assert_eq!(account(plan("-f me@other.example")), default);
    assert_eq!(account(plan("-f 'Joe <JOE@home.example>'")), by("JOE@home.example"));
    assert_eq!(account(plan("-f list@home.example")), by("list@home.example"));
    assert_eq!(account(plan("").env("EHLO_FROM", "list@home.example")), by("list@home.example"));
    // The reverse-path goes before From.
    let bounce = "-f me@other.example --envelope-from bounce@home.example";
    assert_eq!(account(plan(bounce)), by("bounce@home.example"));
    let named = "account     home of DIR/.config/ehlo/config.toml, named by --account";
    assert_eq!(account(plan("-A home")), named);
    assert_eq!(account(plan("-A home").env("EHLO_ACCOUNT", "work")), named);
    assert_eq!(account(plan("").env("EHLO_ACCOUNT", "home")), named.replace("--account", "EHLO_ACCOUNT"));
}

#[test]
fn the_sender_in_a_message_chooses_the_account() {
    let message = "From: joe@home.example\nTo: a@x.example\n\nx\n";
    let run = ehlo("send --dry-run -m - --recipients-in-message").stdin(message);
    let by = "account     home of DIR/.config/ehlo/config.toml, chosen by the sender joe@home.example";
    assert_eq!(account(run), by);
}

#[test]
fn no_account_is_used_where_a_server_is_named() {
    for run in [plan("-f a@b.example -S x.example"), plan("-f a@b.example").env("EHLO_SERVER", "x.example")] {
        let said = "ehlo: warning: DIR/.config/ehlo/config.toml, line 1: key with no value, expected `=`; nothing is logged\n";
        let server = run.config("this is no TOML").any_stdout().stderr(said).exit(0).stdout().to_owned();
        assert!(server.starts_with("server      x.example:25 (smtp)\n"), "{server}");
    }
}

#[test]
fn a_plan_with_an_account_says_all_of_it() {
    let plan = "account     home of DIR/.config/ehlo/config.toml, named by --account
server      mail.home.example:465 (smtp)
else        backup.home.example:465 (smtp)
tls         implicit, verified as mail.home.example by the system's certificates
log in      as joe, password from --password-command
ehlo name   alpha.arpa
sender      <joe@home.example>
recipients  <a@x.example>
message     202 octets, composed, <1@a>
";
    let run = self::plan("-A home --date 'Mon, 02 Nov 1981 14:37:00 +0000'");
    run.config(TWO).stdout(plan).exit(0);
}

#[test]
fn the_secret_is_read_beside_the_configuration() {
    let dialogue = format!("{HELLO_PLAIN}{PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    smith("-A work", &dialogue).stdout(JONES_HAS_IT).exit(0);
    // The server of the account may be named too.
    smith("-A work -S 127.0.0.1:PORT", &dialogue).stdout(JONES_HAS_IT).exit(0);
    smith("-A work -S smtp://127.0.0.1 -p PORT", &dialogue).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_secret_does_not_go_to_another_server_or_for_another_user() {
    let dialogue = format!("{HELLO_PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let text = "ehlo: account 'work': its user and secret are not used, since another server is named\n";
    smith("-A work -S localhost:PORT", &dialogue).stdout(JONES_HAS_IT).stderr(text).exit(0);
    let text =
        "ehlo: no password for jones: use --password-file, --password-command, --password-env or netrc\n";
    smith("-A work -u jones", "").stderr(text).exit(64);
    smith("-A work", "").env("EHLO_USER", "jones").stderr(text).exit(64);
}

#[test]
fn what_is_typed_goes_before_what_the_account_gives() {
    let plan =
        |line: &str| plan(line).config(&TWO.replace("PORT", "25")).any_stdout().exit(0).stdout().to_owned();
    let typed =
        plan("-A home --tls-min 1.3 --password-file f --tls off --allow-cleartext-auth -f me@b.example");
    assert!(typed.contains("\ntls         off\n"), "{typed}");
    assert!(typed.contains("\nlog in      as joe, password from the file f\n"), "{typed}");
    assert!(typed.contains("\nsender      <me@b.example>\n"), "{typed}");
}

#[test]
fn the_next_server_is_tried_where_the_first_is_not_there() {
    let toml = TWO.replace("'smtp://127.0.0.1:PORT'", "['smtp://127.0.0.1:1', 'smtp://127.0.0.1:PORT']");
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    served(&toml, "", &dialogue).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn list_and_show_tell_where_each_value_is_from() {
    ehlo("account list")
        .config(TWO)
        .stdout(
            "work\tsmtp://127.0.0.1:PORT\tSmith@Alpha.ARPA\tdefault\n\
             home\tsmtps://mail.home.example smtps://backup.home.example\tjoe@home.example\t\n",
        )
        .exit(0);
    let from = "DIR/.config/ehlo/config.toml, line";
    ehlo("account show home")
        .config(TWO)
        .stdout(&format!(
            "account\thome\t{from} 7\n\
             address\tjoe@home.example\t{from} 11\n\
             limits.recipients\t100\t{from} 13\n\
             limits.size\t25000000\t{from} 13\n\
             password-command\tthe program pass\t{from} 10\n\
             senders\t*@home.example\t{from} 12\n\
             server\tsmtps://mail.home.example, smtps://backup.home.example\t{from} 8\n\
             user\tjoe\t{from} 9\n\
             tls\timplicit, verified as mail.home.example by the system's certificates\tin force\n\
             log in\tas joe, password from --password-command\tin force\n\
             ehlo name\t[local address]\tin force\n"
        ))
        .exit(0);
    ehlo("account list").stderr("ehlo: no accounts: see ehlo-config(5), or 'ehlo account import'\n").exit(0);
    let none = "ehlo: no accounts: see ehlo-config(5), or 'ehlo account import'\n";
    ehlo("account show").stderr(none).exit(78);
    let none = "ehlo: no default account: name one, as in 'ehlo account show NAME'\n";
    ehlo("account test").config("[account.a]\nserver = 'x'\n").stderr(none).exit(78);
}

#[test]
fn a_test_says_in_five_lines_what_was_found() {
    let to_smith = "C: RCPT TO:<Smith@Alpha.ARPA>\nS: 250 OK\n";
    let dialogue = format!("{HELLO_PLAIN}{PLAIN}{MAIL}{to_smith}C: RSET\nS: 250 OK\n{QUIT}");
    ehlo("account test work")
        .served_by(Server::tcp(&dialogue))
        .config(LOGIN)
        .file_of_mode(".config/ehlo/pw", "open sesame\n", 0o600)
        .stdout(
            "connect\tok\t127.0.0.1 at 127.0.0.1:PORT\n\
             tls\tno\tthe connection is not encrypted\n\
             log in\tok\tas smith by PLAIN\n\
             sender\tok\t250 OK\n\
             recipient\tok\t250 OK\n",
        )
        .exit(0);
    let refused = "C: AUTH PLAIN AHNtaXRoAG9wZW4gc2VzYW1l\nS: 535 no\n";
    ehlo("account test work")
        .served_by(Server::tcp(&format!("{HELLO_PLAIN}{refused}{QUIT}")))
        .config(LOGIN)
        .file_of_mode(".config/ehlo/pw", "open sesame\n", 0o600)
        .stdout(
            "connect\tok\t127.0.0.1 at 127.0.0.1:PORT\n\
             tls\tno\tthe connection is not encrypted\n\
             log in\tno\tnot as smith\n",
        )
        .stderr("ehlo: the server refused AUTH: 535 no\n")
        .exit(77);
}

#[test]
fn what_is_wrong_is_said_with_its_line_78() {
    const ACCOUNT: &str = "[account.a]\nserver = 'x.example'\n";
    for (toml, said) in [
        (
            "[account.a]\nsever = 'x'\n",
            ", line 2: unknown key 'sever' in [account.a]: did you mean 'server'?",
        ),
        ("defalt = 'a'\n", ", line 1: unknown key 'defalt': did you mean 'default'?"),
        ("default = 'b'\n[account.a]\nserver = 'x'\n", ", line 1: the default account 'b' does not exist"),
        (
            "[account.a]\nuser = 'me'\n",
            ", line 1: account 'a' has no server: add server = \"submission://mail.example.org\"",
        ),
        ("[account.a]\nhost = 'x'\n", ", line 2: unknown key 'host' in [account.a]: use server"),
        (
            "[account.a]\nserver = 'x'\ntls_certcheck = false\n",
            ", line 3: unknown key 'tls_certcheck' in [account.a]: use pin or ca-file",
        ),
        (
            "[account.a]\nserver = 'x'\ncolour = 'red'\n",
            ", line 3: unknown key 'colour' in [account.a]; ehlo-config(5) has all keys",
        ),
        (
            "[account.a]\nserver = 'x'\nlog = 'syslog'\n",
            ", line 3: unknown key 'log' in [account.a]: it belongs above [account.a], at the top of the file",
        ),
        ("server = 'x'\n", ", line 1: unknown key 'server': it belongs in an account, below [account.NAME]"),
        ("colour = 'red'\n", ", line 1: unknown key 'colour'; known are default, log, account"),
        ("[a]\nserver = 'x'\n", ", line 1: unknown table [a]: an account is [account.a]"),
        ("[accounts.a]\nserver = 'x'\n", ", line 1: unknown table [accounts]: an account is [account.NAME]"),
        (
            "[limits]\n",
            ", line 1: unknown table [limits]: limits are an account's, as in [account.work.limits]",
        ),
        (
            "[account]\nserver = 'x'\n",
            ", line 2: 'account.server' must be a table: an account has a name, as in [account.work]",
        ),
        (
            "[account.a]\nserver = 'x'\nsmtp_password = 'hunter2'\n",
            ", line 3: 'smtp_password': a secret does not belong in this file: use password-file, \
             password-command or password-credential",
        ),
        (
            "[account.a]\nserver = 'x'\npassword-command = 'x'\npassword-file = 'y'\n",
            ", line 3: 'password-file' and 'password-command' exclude each other",
        ),
        (
            &format!("{ACCOUNT}pin = ['abc']\n"),
            ", line 3: 'pin' wants sha256: and the SHA-256 of a certificate or of its public key, 64 hex \
             digits (colons may stand between them) or base64, not 'abc'",
        ),
        (
            &format!("{ACCOUNT}auth = ['PLAIN', 'NTLM']\n"),
            ", line 3: 'auth' wants one of SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, \
             CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, EXTERNAL, not 'NTLM'",
        ),
        (
            &format!("{ACCOUNT}proxy = 'foo://x'\n"),
            ", line 3: 'proxy' cannot be used: name a proxy as socks5://host:port or http://host:port",
        ),
        (
            &format!("{ACCOUNT}ehlo-name = 'a b'\n"),
            ", line 3: 'ehlo-name' 'a b': unexpected ' ' (at character 2)",
        ),
        (&format!("{ACCOUNT}domain = 'a b'\n"), ", line 3: 'domain' 'a b': unexpected ' ' (at character 2)"),
        (
            &format!("{ACCOUNT}tls-name = 'a b'\n"),
            ", line 3: 'tls-name' 'a b': a certificate cannot be for such a name",
        ),
        (
            &format!("{ACCOUNT}senders = ['me@x.example', '@x.example']\n"),
            ", line 3: 'senders' '@x.example' fits no address: use '*@x.example'",
        ),
        (
            &format!("{ACCOUNT}senders = 'x.example'\n"),
            ", line 3: 'senders' 'x.example' fits no address: use '*@x.example'",
        ),
        ("[account.a]\nserver = 1\n", ", line 2: 'server' needs a text, or a list of texts"),
        ("[account.a]\nserver = 'x'\nserver = 'y'\n", ", line 3: duplicate key"),
        ("[account.a]\nserver = x\n", ", line 2: string values must be quoted, expected literal string"),
        (
            "[account.'a b']\nserver = 'x'\n",
            ", line 1: 'a b' is not a name for an account: use letters, digits, '-', '_', '.' and '@'",
        ),
        ("account = 1\n", ", line 1: 'account' must be a table"),
        ("\u{feff}[account.a]\n\nserver = false\n", ", line 3: 'server' needs a text, or a list of texts"),
        (
            "[account.a]\nserver = 'x'\npassword = 'hunter2'\n",
            ", line 3: 'password': a secret does not belong in this file: use password-file, password-command or \
             password-credential",
        ),
        (
            &format!("{ACCOUNT}limits = {{ recipients = 0 }}\n"),
            ", line 3: 'limits.recipients' needs a number from 1 up",
        ),
        (
            &format!("{ACCOUNT}tls = 'on'\n"),
            ", line 3: 'tls' wants one of off, opportunistic, starttls, implicit, not 'on'",
        ),
        (
            &format!("{ACCOUNT}timeout = 'soon'\n"),
            ", line 3: 'timeout' wants a time such as 30, 30s, 5m, 1h or 500ms, not 'soon'",
        ),
        (
            "[account.a]\nserver = 'smtp://me:hunter2@x'\n",
            ", line 2: 'server': a password does not belong in a URL, where others can see it: use password-file or password-command",
        ),
        (
            &format!("{ACCOUNT}password-credential = 'x'\n"),
            ", line 3: 'password-credential': no credentials here (CREDENTIALS_DIRECTORY is not set); a service gets them by LoadCredential=",
        ),
    ] {
        ehlo("send -A a -f me@b.example --dry-run --body x a@x.example")
            .config(toml)
            .stderr(&format!("ehlo: DIR/.config/ehlo/config.toml{said}\n"))
            .exit(78);
    }
    let known = "ehlo: there is no account 'hom': did you mean 'home'?\n";
    plan("-A hom").config(TWO).stderr(known).exit(78);
    let known = "ehlo: EHLO_ACCOUNT: there is no account 'x'; there are work, home\n";
    plan("").env("EHLO_ACCOUNT", "x").config(TWO).stderr(known).exit(78);
    let file = "ehlo: there is no account 'list'; there are work, home; -a (--attach) attaches a file\n";
    plan("-A list").config(TWO).file("list", "").stderr(file).exit(78);
    let none = "ehlo: there is no account 'x': there are no accounts; see ehlo-config(5)\n";
    plan("-A x").stderr(none).exit(78);
}

#[test]
fn an_account_in_the_wrong_place_is_known_for_one() {
    let attached = "ehlo: cannot read home: no such file or directory; -a attaches a file, and an account is named by \
                    -A (--account)\n";
    let send = ehlo("send -f me@b.example --body x a@x.example -a home");
    send.config("default = 'home'\n[account.home]\nserver = 'x'\n").stderr(attached).exit(66);
    for flag in ["-A", "--account"] {
        let said = format!(
            "ehlo: no option {flag}: name the account without a flag, as in 'ehlo account test work'\n"
        );
        ehlo(&format!("account test {flag} work")).stderr(&said).exit(64);
    }
    let toml = "# Imported from rc (msmtprc). See ehlo-config(5).\n\ndefault = \"default\"\n\n\
                [account.default]\nserver = \"smtp://x.example\"\ntls = \"off\"\n";
    ehlo("account import msmtp rc").file("rc", "account default\nhost x.example\n").stdout(toml).exit(0);
    let known = "msmtprc, git, mutt, nullmailer, dma, ssmtp, esmtp";
    for (line, said) in [
        ("msmtpr", "'msmtpr' is not known: did you mean 'msmtprc'?".to_owned()),
        ("exim", format!("'exim' is not known; known are {known}")),
        ("list", format!("'list' is not known, it is a file: name its format before it, one of {known}")),
    ] {
        let said = format!("ehlo: the format {said}\n");
        ehlo(&format!("account import {line}")).file("list", "").stderr(&said).exit(64);
    }
}

#[test]
fn an_empty_variable_names_no_account_and_an_empty_flag_is_a_mistake() {
    let empty = ehlo("send -f me@b.example --dry-run --body x a@x.example");
    let no_server = "ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or \
                     in EHLO_SERVER";
    empty.env("EHLO_ACCOUNT", "").stderr(&format!("{no_server}\n")).exit(64);
    let known = format!("{no_server}; or name an account with -A (--account): there are a\n");
    ehlo("send -f me@b.example --body x a@x.example")
        .env("EHLO_ACCOUNT", "")
        .config("[account.a]\nserver = 'x'\n")
        .stderr(&known)
        .exit(64);
    let unnamed = "ehlo: there is no account ''; there are work, home\n";
    plan("--account=").config(TWO).stderr(unnamed).exit(78);
}

#[test]
fn a_file_that_cannot_be_relied_on_is_78() {
    let run = || ehlo("send -A a -f me@b.example --dry-run --body x a@x.example");
    let file = "DIR/.config/ehlo/config.toml";
    for (octets, mode, said) in [
        (&b""[..], 0o622, "others can write it: run chmod go-w DIR/.config/ehlo/config.toml"),
        (b"", 0o660, "others can write it: run chmod go-w DIR/.config/ehlo/config.toml"),
        (b"[account.a]\nserver = '\xe9'\n", 0o600, "it is not UTF-8"),
        (b"\xff\xfe[\0", 0o600, "it is UTF-16, not UTF-8"),
        (&vec![b'#'; 1024 * 1024 + 1], 0o600, "it is larger than 1 MiB"),
    ] {
        let run = run().config("").file_of_mode(".config/ehlo/config.toml", octets, mode);
        run.stderr(&format!("ehlo: {file}: {said}\n")).exit(78);
    }
    let folder = run();
    std::fs::create_dir_all(folder.folder().join(".config/ehlo/config.toml")).unwrap();
    folder.stderr(&format!("ehlo: {file}: it is not a file\n")).exit(78);
    let fifo = run().config("");
    let path = fifo.folder().join(".config/ehlo/config.toml");
    std::fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    fifo.stderr(&format!("ehlo: {file}: it is not a file\n")).exit(78);
}

#[test]
fn a_secret_that_others_can_read_is_78() {
    for mode in [0o640, 0o604, 0o622] {
        let verb = if mode == 0o622 { "write" } else { "read" };
        let file = "DIR/.config/ehlo/pw";
        let said = format!("ehlo: account 'work': {file}: others can {verb} it: run chmod 600 {file}\n");
        let run = ehlo("account test").config(&format!("default = 'work'\n{}", LOGIN.replace("PORT", "25")));
        run.file_of_mode(".config/ehlo/pw", "open sesame\n", mode).stderr(&said).exit(78);
    }
}

#[test]
fn a_credential_of_systemd_is_read_from_its_folder() {
    let toml = LOGIN.replace("password-file = 'pw'", "password-credential = 'smtp'");
    let dialogue = format!("{HELLO_PLAIN}{PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let run = served(&toml, "-A work", &dialogue).env("CREDENTIALS_DIRECTORY", "DIR");
    run.file_of_mode("smtp", "open sesame\n", 0o400).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn the_limits_of_an_account_hold() {
    let toml =
        TWO.replace("address = 'Smith@Alpha.ARPA'", "address = 'Smith@Alpha.ARPA'\nlimits.recipients = 1");
    let again = format!("{MAIL}{RCPT}{TAKEN}");
    let dialogue = format!("{HELLO}{MAIL}{BROWN}{TAKEN}{again}{QUIT}");
    served(&toml, "-t Brown@Beta.ARPA", &dialogue)
        .stdout("250\tBrown@Beta.ARPA\tOK\n250\tJones@Beta.ARPA\tOK\n250\tmessage\tOK\n250\tmessage\tOK\n")
        .exit(0);
    let toml = TWO.replace("PORT", "25").replace("'25M'", "'100'");
    let said = "ehlo: the message has 202 octets, but account 'home' allows at most 100; nothing was sent\n";
    plan("-A home --date 'Mon, 02 Nov 1981 14:37:00 +0000'").config(&toml).stderr(said).exit(65);
}

#[test]
fn the_sender_follows_the_rules_of_the_account() {
    let sender = |rules: &str, line: &str| {
        let toml = TWO.replace("PORT", "25").replace("user = 'joe'", &format!("user = 'joe'\n{rules}"));
        let run = ehlo(&format!(
            "send --dry-run --message-out - -A home --ehlo-name alpha.arpa --body x --envelope-id 7 {line} root"
        ));
        let done = run.config(&toml).any_stdout().exit(0);
        let lines =
            done.stdout().lines().filter(|line| ["From:", "To:"].iter().any(|name| line.starts_with(name)));
        lines.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(sender("domain = 'x.example'", ""), "From: <joe@home.example>; To: <root@x.example>");
    assert_eq!(sender("from = 'qualify'", ""), "From: <joe@home.example>; To: <root@home.example>");
    assert_eq!(
        sender("from = 'replace'\ndomain = 'x.example'", "-f 'J. Doe <cron@localhost>'"),
        "From: \"J. Doe\" <joe@home.example>; To: <root@x.example>"
    );
    let plan = |rules: &str, line: &str| {
        let toml = TWO.replace("PORT", "25").replace("user = 'joe'", &format!("user = 'joe'\n{rules}"));
        let done = plan(&format!("-A home {line}")).config(&toml).any_stdout().exit(0);
        done.stdout().lines().find(|line| line.starts_with("sender")).unwrap().to_owned()
    };
    assert_eq!(plan("envelope = 'account'", "-f me@other.example"), "sender      <joe@home.example>");
    assert_eq!(plan("envelope = 'from'", "-f me@other.example"), "sender      <me@other.example>");
    let typed = "-f me@other.example --envelope-from b@c.example";
    assert_eq!(plan("envelope = 'account'", typed), "sender      <b@c.example>");
    let toml = TWO.replace("PORT", "25").replace("user = 'joe'", "user = 'joe'\nfrom = 'change'");
    let said = "ehlo: DIR/.config/ehlo/config.toml, line 10: 'from' wants one of keep, qualify, replace, not 'change'\n";
    self::plan("-A home").config(&toml).stderr(said).exit(78);
}

#[test]
fn verify_probe_and_console_take_an_account_for_their_server() {
    let jones = "C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n";
    let null = "C: MAIL FROM:<>\nS: 250 OK\n";
    let asked = format!("{HELLO}{null}{jones}C: RSET\nS: 250 OK\n{QUIT}");
    ehlo("verify -A work --no-random Jones@Beta.ARPA")
        .served_by(Server::tcp(&asked))
        .config(TWO)
        .stdout("250\tJones@Beta.ARPA\tOK\n")
        .exit(0);
    let vrfy = format!("{HELLO}C: VRFY jones\nS: 252 try it\n{QUIT}");
    ehlo("verify --no-random --vrfy jones")
        .env("EHLO_ACCOUNT", "work")
        .served_by(Server::tcp(&vrfy))
        .config(TWO)
        .stdout("252\tjones\ttry it\n")
        .stderr("ehlo: warning: 252 does not say whether the mailbox exists\n")
        .exit(0);
    let noop = format!("{HELLO}C: NOOP\nS: 250 OK\n{QUIT}");
    ehlo("console -A work --send NOOP").served_by(Server::tcp(&noop)).config(TWO).stdout("250 OK\n").exit(0);
    let dead = TWO.replace("PORT", "1");
    let said = "ehlo: cannot connect to 127.0.0.1:1: connection refused\n";
    for line in ["probe -q -A work", "probe -q", "console --send NOOP"] {
        ehlo(line).config(&dead).any_stdout().stderr(said).exit(75);
    }
    let missing = "ehlo: SERVER is missing: see 'ehlo verify --help'\n";
    ehlo("verify").config(&dead).stderr(missing).exit(64);
}
