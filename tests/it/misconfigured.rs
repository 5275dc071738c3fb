//! Mistakes in config.toml and with accounts on the command line: what is said, with file and line, and what to do.

use crate::account::{TWO, plan};
use crate::harness::ehlo;

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
        (
            "colour = 'red'\n",
            ", line 1: unknown key 'colour'; known are default, log, account, queue, sendmail",
        ),
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
            ", line 3: 'pin' needs sha256: and the SHA-256 of a certificate or of its public key, in hex or base64; or \
             what openssl x509 -noout -fingerprint -sha256 prints, not 'abc'",
        ),
        (
            &format!("{ACCOUNT}auth = ['PLAIN', 'me:hunter2']\n"),
            ", line 3: 'auth' needs one of SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, \
             CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, EXTERNAL",
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
            ", line 1: 'a b' is not a name for an account: use letters, digits, '_' and '@', and after the first also '-' and '.'",
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
            ", line 3: 'tls' needs one of off, opportunistic, starttls, implicit, not 'on'",
        ),
        (
            &format!("{ACCOUNT}timeout = 'soon'\n"),
            ", line 3: 'timeout' needs a time such as 30, 30s, 5m, 1h, 7d or 500ms, not 'soon'",
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
    plan("--account=").config(TWO).stderr("ehlo: --account needs a value\n").exit(64);
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
fn a_link_that_leads_back_to_itself_and_names_that_end_a_line_are_78() {
    let looped = ehlo("send -A a -f me@b.example --dry-run --body x a@x.example").config("");
    let path = looped.folder().join(".config/ehlo/config.toml");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(&path, &path).unwrap();
    let file = "DIR/.config/ehlo/config.toml";
    looped.stderr(&format!("ehlo: cannot read {file}: too many levels of symbolic links\n")).exit(78);
    ehlo("send -A a -f me@b.example --dry-run --body x a@x.example")
        .config("[account.a]\nserver = 'x.example'\nuser = \"a\\rb\"\n")
        .stderr(&format!("ehlo: {file}, line 3: 'user' cannot contain a control character\n"))
        .exit(78);
}
