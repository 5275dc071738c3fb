//! Accounts: what is read, which one is chosen, what it gives, and that a secret goes to its own server only.
//! What is wrong with a configuration is in misconfigured.rs.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::*;

/// Two accounts: one for each of two senders.
pub const TWO: &str = "\
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
pub const LOGIN: &str = "\
[account.work]
server = 'smtp://127.0.0.1:PORT'
user = 'smith'
password-file = 'pw'
tls = 'off'
allow-cleartext-auth = true
ehlo-name = 'alpha.arpa'
address = 'Smith@Alpha.ARPA'
";
pub const HELLO_PLAIN: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
pub const PLAIN: &str = "C: AUTH PLAIN AHNtaXRoAG9wZW4gc2VzYW1l\nS: 235 welcome\n";

/// `ehlo send` to Jones, with this configuration and a server that nobody names.
pub fn served(toml: &str, line: &str, dialogue: &str) -> Ehlo {
    send(&format!("--body Blah {line} Jones@Beta.ARPA")).served_by(Server::tcp(dialogue)).config(toml)
}

pub fn smith(line: &str, dialogue: &str) -> Ehlo {
    let run = served(LOGIN, line, dialogue);
    run.file_of_mode(".config/ehlo/pw", "open sesame\n", 0o600)
}

pub fn plan(line: &str) -> Ehlo {
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
        let server = run.config("log this is no TOML").any_stdout().stderr(said).exit(0).stdout().to_owned();
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
fn what_is_typed_goes_before_what_the_account_gives() {
    let plan =
        |line: &str| plan(line).config(&TWO.replace("PORT", "25")).any_stdout().exit(0).stdout().to_owned();
    let typed =
        plan("-A home --tls-min 1.3 --password-file f --tls off --allow-cleartext-auth -f me@b.example");
    assert!(typed.contains("\ntls         off\n"), "{typed}");
    assert!(typed.contains("\nlog in      as joe, password from a file that is not there\n"), "{typed}");
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
        .config(&TWO.replace("PORT", "25"))
        .stdout(
            "work\tsmtp://127.0.0.1:25\tSmith@Alpha.ARPA\tdefault\n\
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
    let said = "ehlo: DIR/.config/ehlo/config.toml, line 10: 'from' needs one of keep, qualify, replace, not 'change'\n";
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
    let missing = "ehlo: no server: name one, as in 'ehlo verify mail.example.org ops@example.org'\n";
    ehlo("verify").config(&dead).stderr(missing).exit(64);
}
