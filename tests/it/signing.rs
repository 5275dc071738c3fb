//! Messages that are signed by DKIM: by flags and by an account, now and by the queue. What goes over the wire is verified.

use crate::harness::{Ehlo, ehlo, send, send_as_is};
use crate::*;
use ehlo::inside::dkim::{Answer, Head, Key, Verdict, Verifier, record};
use std::time::{SystemTime, UNIX_EPOCH};

/// Keys of both kinds.
const RSA: &[u8] = include_bytes!("../dkim/keys/rsa2048.pem");
const ED25519: &[u8] = include_bytes!("../dkim/keys/ed25519.pem");

const BOTH: &str = "--dkim-key rsa.pem --dkim-selector r --dkim-key ed.pem --dkim-selector e";

fn with_keys(run: Ehlo) -> Ehlo {
    run.file_of_mode("rsa.pem", RSA, 0o600).file_of_mode("ed.pem", ED25519, 0o600)
}

/// What a verifier says of each signature: domain, selector and verdict.
fn verified(message: &[u8]) -> Vec<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut head = Head::default();
    let body = head.push(message).unwrap();
    let mut verifier = Verifier::new(head.octets(), now).unwrap();
    for question in verifier.questions() {
        let key = if question.starts_with("r.") { RSA } else { ED25519 };
        let text = record(&Key::read(key).unwrap());
        verifier.answer(&question, &Answer::Records(vec![text.into_bytes()]));
    }
    verifier.push(body);
    let judged = verifier.finish();
    judged
        .iter()
        .map(|one| {
            let question = one.signature.as_ref().map_or_else(String::new, |signature| signature.question());
            let verdict = if matches!(one.verdict, Verdict::Pass) { "pass" } else { "fail" };
            format!("{question} {verdict}")
        })
        .collect()
}

const PASS: [&str; 2] = ["r._domainkey.alpha.arpa pass", "e._domainkey.alpha.arpa pass"];

#[test]
fn what_goes_over_the_wire_is_what_was_signed() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    // Dots, blanks and lines without an end: the server takes the dots away again.
    for body in ["hello", ".\n..\n. x  \ty \n\n\n", "", "trailing \n \n"] {
        let run = with_keys(send(&format!("-f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi {BOTH}")));
        let done = run.arg("--body").arg(body).server(&dialogue).stdout(JONES_HAS_IT).exit(0);
        assert_eq!(verified(done.message().as_bytes()), PASS, "{body:?}: {}", done.message());
    }
}

#[test]
fn a_message_as_it_is_keeps_its_signatures_and_loses_its_bcc_first() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let message = "DKIM-Signature: v=1; a=rsa-sha256; d=old.example; s=x; h=From; bh=; b=\nBcc: x@y.example\n\
                   From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nList-Unsubscribe: <https://x.example/>\n\
                   List-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nhi";
    let run = with_keys(send_as_is(message, &format!("Jones@Beta.ARPA {BOTH}")));
    let done = run.server(&dialogue).stdout(JONES_HAS_IT).exit(0);
    let got = done.message();
    assert!(!got.contains("Bcc") && got.contains("d=old.example"), "{got}");
    assert!(got.replace("\r\n ", "").contains("List-Unsubscribe:List-Unsubscribe:"), "{got}");
    assert_eq!(verified(got.as_bytes())[..2], PASS);
}

#[test]
fn a_dry_run_shows_who_signs_and_the_domain_can_be_another() {
    let plan = with_keys(send(&format!(
        "-S beta -f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --dry-run {BOTH} --dkim-domain beta.example \
         --dkim-header X-Own --dkim-expire 7d -H X-Own:x --dkim-check"
    )));
    let done = plan.any_stdout().exit(0);
    let lines: Vec<&str> = done.stdout().lines().filter(|line| line.contains("selector")).collect();
    assert_eq!(
        lines,
        [
            "dkim        by beta.example, selector r (rsa-sha256)",
            "            by beta.example, selector e (ed25519-sha256)"
        ]
    );
    let written = with_keys(send(&format!(
        "-S beta -f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --dry-run --message-out - {BOTH} --dkim-expire 7d"
    )));
    let done = written.any_stdout().exit(0);
    assert_eq!(verified(done.stdout().as_bytes()), PASS);
    assert!(done.stdout().contains(" x="), "{}", done.stdout());
}

#[test]
fn what_may_break_on_its_way_is_signed_with_a_warning() {
    let warned = |message: &str, said: &str| {
        let line = format!("-S beta Jones@Beta.ARPA --dry-run --message-out - {BOTH}");
        let run = with_keys(send_as_is(message, &line)).any_stdout();
        let done = run.stderr(said).exit(0);
        assert_eq!(verified(done.stdout().as_bytes()), PASS);
    };
    warned(
        "From: Smith@Alpha.ARPA\n\nb\u{fc}cher\n",
        "ehlo: warning: the message is signed, but has 8-bit content: a server that converts it breaks the signature\n",
    );
    let long = format!("From: Smith@Alpha.ARPA\n\n{}\n", "x".repeat(999));
    warned(
        &long,
        "ehlo: warning: line 3, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...', has 999 octets; servers may refuse lines \
         over 998\n\
         ehlo: warning: the message is signed, but has lines of more than 998 octets: a server that breaks them breaks \
         the signature\n",
    );
}

#[test]
fn what_cannot_be_signed_is_told_and_nothing_is_sent() {
    let line = "-S beta -f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x";
    for (flags, said, status) in [
        ("--dkim-key rsa.pem", "--dkim-selector is required as well", 64),
        ("--dkim-selector r", "--dkim-key is required as well", 64),
        (
            "--dkim-key rsa.pem --dkim-key ed.pem --dkim-selector r",
            "--dkim-selector: give one for each --dkim-key; there are 1 selectors and 2 keys",
            64,
        ),
        (
            "--dkim-key rsa.pem --dkim-selector r --dkim-domain a.example --dkim-domain b.example",
            "--dkim-domain: give one for all keys, or one for each --dkim-key, in their order",
            64,
        ),
        ("--dkim-check", "--dkim-check needs --dkim-key, or an account with 'dkim'", 64),
    ] {
        with_keys(send(&format!("{line} {flags}"))).stderr(&format!("ehlo: {said}\n")).exit(status);
    }
}

const ACCOUNT: &str = "[account.work]\nserver = 'smtp://127.0.0.1:PORT'\ntls = 'off'\naddress = 'Smith@Alpha.ARPA'\n\
                       ehlo-name = 'alpha.arpa'\ndkim = [{ key = 'rsa.pem', selector = 'r' }, { key = 'ed.pem', \
                       selector = 'e', domain = 'Alpha.ARPA' }]\n";

fn of_account(run: Ehlo) -> Ehlo {
    run.file_of_mode(".config/ehlo/rsa.pem", RSA, 0o600).file_of_mode(".config/ehlo/ed.pem", ED25519, 0o600)
}

#[test]
fn an_account_signs_what_goes_by_it() {
    let server = crate::server::Server::tcp(&format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}"));
    let run = ehlo("send -A work -s hi --body x Jones@Beta.ARPA").served_by(server).config(ACCOUNT);
    let done = of_account(run).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(verified(done.message().as_bytes()), PASS);
}

#[test]
fn a_key_of_an_account_that_others_can_read_is_78() {
    let run = ehlo("send -A work -s hi --body x Jones@Beta.ARPA").config(&ACCOUNT.replace("PORT", "9"));
    let run = of_account(run).file_of_mode(".config/ehlo/ed.pem", ED25519, 0o644);
    let key = "DIR/.config/ehlo/ed.pem";
    run.stderr(&format!("ehlo: account 'work': {key}: others can read it: run chmod 600 {key}\n")).exit(78);
}

#[test]
fn tables_of_keys_are_read_with_their_lines() {
    for (dkim, said) in [
        ("{ key = 'x' }", "line 3: 'dkim' needs 'selector'"),
        ("[{ key = 'x', selector = 's' }, { selector = 's' }]", "line 3: 'dkim' needs 'key'"),
        (
            "{ key = 'x', selector = 's', bits = 'x' }",
            "line 3: unknown key 'bits' in [account.work.dkim]; known are key, selector, domain",
        ),
        ("'x'", "line 3: 'account.work.dkim' must be a table"),
    ] {
        let toml = format!("[account.work]\nserver = 'beta'\ndkim = {dkim}\n");
        let run = ehlo("account show work").config(&toml);
        run.stderr(&format!("ehlo: DIR/.config/ehlo/config.toml, {said}\n")).exit(78);
    }
}

const SENDMAIL: &str = "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nSubject: hi\n\n.dot\n\n\n";

#[test]
fn sendmail_signs_by_flags_and_by_an_account() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let run = |line: &str, config: &str| {
        let run = ehlo(&format!("sendmail --no-queue -t -f Smith@Alpha.ARPA {line}"));
        let run = run
            .served_by(crate::server::Server::tcp(&dialogue))
            .config(&format!("default = 'work'\n{config}"));
        with_keys(of_account(run)).stdin(SENDMAIL).exit(0)
    };
    assert_eq!(verified(run("", ACCOUNT).message().as_bytes()), PASS);
    let (unsigned, _) = ACCOUNT.split_once("dkim").unwrap();
    assert_eq!(verified(run("", unsigned).message().as_bytes()), [""; 0]);
    assert_eq!(verified(run(BOTH, unsigned).message().as_bytes()), PASS);
    let other = "--dkim-key=ed.pem --dkim-selector=e --dkim-domain beta.example --dkim-expire 7d";
    assert_eq!(verified(run(other, unsigned).message().as_bytes()), ["e._domainkey.beta.example pass"]);
}

#[test]
fn the_queue_signs_when_it_sends_and_says_what_it_cannot_sign() {
    use crate::queued::{ago, queue, submission};
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let run = queue("run").queued("1NGT5M0000001", ago(60), submission(&["Jones@Beta.ARPA"]), &[]);
    let run =
        run.served_by(crate::server::Server::tcp(&dialogue)).config(&format!("default = 'work'\n{ACCOUNT}"));
    let done = of_account(run)
        .any_stdout()
        .stderr("ehlo: 1NGT5M0000001: it is sent without a signature: the message has no From, which every signature must cover\n")
        .exit(0);
    assert_eq!(verified(done.message().as_bytes()), [""; 0]);
}

#[test]
fn what_flags_sign_waits_with_its_signature() {
    let run = with_keys(ehlo(&format!("sendmail -odq -t -f Smith@Alpha.ARPA {BOTH}")));
    let done = run
        .stdin(SENDMAIL)
        .stderr(
            "ehlo: warning: there is no account that messages can be sent by: they wait for one in config.toml (see \
             ehlo-config(5))\n",
        )
        .exit(0);
    let folder = done.path(crate::queued::PLACE).join("q");
    let mut files = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let file = files.find(|path| path.extension().is_some_and(|end| end == "msg")).unwrap();
    let octets = std::fs::read(file).unwrap();
    let begin = octets.windows(15).position(|window| window == b"DKIM-Signature:").unwrap();
    let text = String::from_utf8(octets[begin..].to_vec()).unwrap();
    assert_eq!(verified(text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()), PASS);
}

const WAITS: &str = "ehlo: warning: there is no account that messages can be sent by: they wait for one in config.toml (see \
                     ehlo-config(5))\n";

/// What `--dkim-check` says of this record at the selector of the Ed25519 key.
fn checked(says: crate::resolver::Says, dialogue: &str) -> Ehlo {
    let resolver = crate::resolver::Resolver::new([("e._domainkey.alpha.arpa", says)]);
    let line = format!(
        "-f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --dkim-key ed.pem --dkim-selector e --dkim-check \
         --resolver {}",
        resolver.address()
    );
    let run = with_keys(send(&line));
    if dialogue.is_empty() { run.arg("-S").arg("127.0.0.1:9") } else { run.server(dialogue) }
}

#[test]
fn the_published_key_is_compared_before_anything_is_sent() {
    use crate::resolver::Says;
    let own = record(&Key::read(ED25519).unwrap());
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let text = |text: &str| Says::Texts(vec![text.to_owned()]);
    checked(text(&own), &dialogue).stdout(JONES_HAS_IT).exit(0);
    checked(Says::Cut(own.clone()), &dialogue).stdout(JONES_HAS_IT).exit(0);
    checked(Says::Forged("v=DKIM1; p=", own.clone()), &dialogue).stdout(JONES_HAS_IT).exit(0);
    let test = own.replace("v=DKIM1;", "v=DKIM1; t=y;");
    checked(text(&test), &dialogue)
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: dkim: e._domainkey.alpha.arpa: the record says that it is a test (t=y)\n")
        .exit(0);
    let other = format!("v=DKIM1; k=ed25519; p={}", encodify::base64::STANDARD.encode([7; 32]));
    for (says, why, status) in [
        (text(&other), "another key is published there", 78),
        (text(&record(&Key::read(RSA).unwrap())), "a key of another kind is published there", 78),
        (text("v=DKIM1; p="), "the key that is published there is revoked (p= is empty)", 78),
        (text("hello"), "what is published there is no record of a key", 78),
        (
            Says::Texts(vec![own.clone(), own]),
            "several records are published there, and it is not known which one counts",
            78,
        ),
        (Says::Nothing, "no key is published there; ehlo dkim record prints what to publish", 78),
    ] {
        let said = format!("ehlo: dkim: e._domainkey.alpha.arpa: {why}\n");
        checked(says, "").stderr(&said).exit(status);
    }
}

#[test]
fn a_key_that_cannot_be_looked_up_is_75_and_nothing_is_sent() {
    use crate::resolver::{Resolver, Says};
    let resolver = Resolver::new([("e._domainkey.alpha.arpa", Says::Code(2))]);
    let address = resolver.address();
    let line = "-S 127.0.0.1:9 -f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --dkim-key ed.pem --dkim-selector e \
                --dkim-check";
    let said = format!(
        "ehlo: dkim: the key at e._domainkey.alpha.arpa cannot be looked up: the resolver {address} has no answer: it failed \
         (code 2)\n"
    );
    with_keys(send(&format!("{line} --resolver {address}"))).stderr(&said).exit(75);
    with_keys(send(line)).env("EHLO_RESOLVER", &address).stderr(&said).exit(75);
}

#[test]
fn the_domain_that_signs_is_that_of_from() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let message = "From: Ann <ann@news.example>, b@other.example\nTo: Jones@Beta.ARPA\n\nhi\n";
    let by_news = ["r._domainkey.news.example pass", "e._domainkey.news.example pass"];
    let run = with_keys(send_as_is(message, &format!("-f Smith@Alpha.ARPA Jones@Beta.ARPA {BOTH}")));
    let done = run.server(&dialogue).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(verified(done.message().as_bytes()), by_news);
    // A bounce has no sender, and is of its author's domain all the same.
    let null = format!("{HELLO}C: MAIL FROM:<>\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}");
    let run = with_keys(send_as_is(message, &format!("--envelope-from <> Jones@Beta.ARPA {BOTH}")));
    let done = run.server(&null).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(verified(done.message().as_bytes()), by_news);
    let run = with_keys(send_as_is(
        "From: root\n\nhi\n",
        &format!("-S beta --envelope-from <> Jones@Beta.ARPA {BOTH}"),
    ));
    run.stderr("ehlo: --dkim-domain is needed: the author (From) has no domain that could sign\n").exit(64);
}

#[test]
fn a_key_that_is_a_pipe_is_waited_for_until_the_deadline() {
    let line = "-S beta -f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --dkim-key pipe --dkim-selector e";
    let run = send(&format!("{line} --deadline 50ms")).pipe("pipe");
    run.stderr("ehlo: cannot read the key pipe: timed out\n").exit(75);
    let config = "default = 'work'\n[account.work]\nserver = 'beta'\nuser = 'me'\npassword-file = 'pipe'\n";
    let run = send("-f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x --deadline 50ms").config(config);
    let run = run.pipe(".config/ehlo/pipe");
    run.stderr("ehlo: cannot read the password file DIR/.config/ehlo/pipe: timed out\n").exit(75);
}

#[test]
fn the_options_of_sendmail_belong_together_and_an_operator_s_fault_is_no_refusal_for_good() {
    for (options, said) in [
        ("--dkim-selector=e", "--dkim-selector needs --dkim-key"),
        ("--dkim-domain=a.example", "--dkim-domain needs --dkim-key"),
        ("--dkim-header=X-A", "--dkim-header needs --dkim-key"),
        ("--dkim-expire=7d", "--dkim-expire needs --dkim-key"),
    ] {
        for how in ["-t", "-bs"] {
            let run = ehlo(&format!("sendmail {how} {options}")).stdin(SENDMAIL);
            run.stderr(&format!("ehlo: {said}\n")).exit(64);
        }
    }
    let run = ehlo("sendmail -bs --dkim-key=- --dkim-selector=e").stdin("");
    run.stderr("ehlo: --dkim-key: standard input is the session's with -bs; name a file\n").exit(64);
    let session = "EHLO a\r\nMAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nDATA\r\nFrom: a@b.example\r\n\r\nx\r\n.\r\nQUIT\r\n";
    let run = ehlo("sendmail -bs --dkim-key=no-such-file --dkim-selector=e").stdin(session).stderr(WAITS);
    let done = run.any_stdout().exit(0);
    let said = done.stdout().lines().find(|line| line.contains("no-such-file")).unwrap();
    assert!(said.starts_with("451 4.3.0 "), "{said}");
    let run =
        with_keys(ehlo("sendmail -bs --dkim-key=ed.pem --dkim-selector=e --dkim-header=a:b")).stderr(WAITS);
    let done = run.stdin(session).any_stdout().exit(0);
    assert!(
        done.stdout().contains("\r\n451 4.3.0 dkim: the field 'a:b' cannot be signed\r\n"),
        "{}",
        done.stdout()
    );
}

#[test]
fn a_resolver_in_the_environment_counts_where_somebody_asks_it() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let line = "-f Smith@Alpha.ARPA Jones@Beta.ARPA -s hi --body x";
    send(line).env("EHLO_RESOLVER", "ns.example.org").server(&dialogue).stdout(JONES_HAS_IT).exit(0);
    let run = send(&format!("-S beta {line} --dkim-key ed.pem --dkim-selector e --dkim-check"));
    with_keys(run)
        .env("EHLO_RESOLVER", "ns.example.org")
        .stderr(
            "ehlo: EHLO_RESOLVER needs an address such as 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53, not \
             'ns.example.org'\n",
        )
        .exit(64);
}

#[test]
fn the_keys_of_an_account_are_checked_before_its_mail_is_queued_and_by_account_test() {
    use crate::resolver::{Resolver, Says};
    let text = |key| Says::Texts(vec![record(&Key::read(key).unwrap())]);
    let good = || {
        Resolver::new([("r._domainkey.alpha.arpa", text(RSA)), ("e._domainkey.alpha.arpa", text(ED25519))])
    };
    let bad = || Resolver::new([("r._domainkey.alpha.arpa", text(RSA))]);
    let missing =
        "dkim: e._domainkey.alpha.arpa: no key is published there; ehlo dkim record prints what to publish";
    let queue = |line: &str, resolver: &Resolver| {
        let run = ehlo(&format!("send --queue -A work -s hi --body x Jones@Beta.ARPA {line}"));
        of_account(run.config(&ACCOUNT.replace("PORT", "9"))).env("EHLO_RESOLVER", &resolver.address())
    };
    let run = queue("--dkim-check", &bad());
    run.stderr(&format!("ehlo: {missing}\n")).exit(75);
    let run = queue("--dkim-check --dry-run", &good());
    let done = run.any_stdout().exit(0);
    let rows: Vec<&str> = done.stdout().lines().filter(|line| line.contains("selector")).collect();
    assert_eq!(
        rows,
        [
            "dkim        by Alpha.ARPA, selector r, when it is sent",
            "            by Alpha.ARPA, selector e, when it is sent"
        ]
    );
    let dialogue =
        format!("{HELLO}{MAIL}C: RCPT TO:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RSET\nS: 250 OK\n{QUIT}");
    for (resolver, rows, said, status) in [
        (
            good(),
            "dkim\tok\tthe key is published at r._domainkey.alpha.arpa\n\
             dkim\tok\tthe key is published at e._domainkey.alpha.arpa\n"
                .to_owned(),
            String::new(),
            0,
        ),
        (
            bad(),
            format!("dkim\tok\tthe key is published at r._domainkey.alpha.arpa\ndkim\tno\t{missing}\n"),
            format!("ehlo: {missing}\n"),
            78,
        ),
    ] {
        let run = ehlo("account test work").served_by(crate::server::Server::tcp(&dialogue)).config(ACCOUNT);
        let run = of_account(run).env("EHLO_RESOLVER", &resolver.address()).any_stdout();
        let done = run.stderr(&said).exit(status);
        assert!(done.stdout().ends_with(&rows), "{}", done.stdout());
    }
}

#[test]
fn what_flags_sign_is_not_signed_again_by_the_account() {
    use crate::queued::{ago, queue, submission};
    let dialogue = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    for (signed, wanted) in [(false, "r._domainkey.alpha.arpa pass e._domainkey.alpha.arpa pass"), (true, "")]
    {
        let by_flags = ehlo::inside::spool::Submission { signed, ..submission(&["Jones@Beta.ARPA"]) };
        let run =
            queue("run").queued_as("1NGT5M0000001", "From: Smith@Alpha.ARPA\n\nhi\n", ago(60), by_flags);
        let run = run
            .served_by(crate::server::Server::tcp(&dialogue))
            .config(&format!("default = 'work'\n{ACCOUNT}"));
        let done = of_account(run).any_stdout().exit(0);
        assert_eq!(verified(done.message().as_bytes()).join(" "), wanted);
    }
}
