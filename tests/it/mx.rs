//! `mx:` for every command that takes it: what each says, and what it refuses. What becomes of domains that are set up in every
//! good and bad way is in tests/hostile_routes and tests/route.

use crate::harness::ehlo;
use crate::here::{Here, without_digest};

/// A configuration whose account sends to each recipient's domain, with these lines besides.
fn configured(here: &Here, more: &str) {
    let folder = here.folder.path().join(".config/ehlo");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "default = \"all\"\n[account.all]\nserver = \"mx::{}\"\naddress = \"me@example.net\"\nca-file = \"{}\"\n\
         resolver = \"{}\"\nmx-allow = \"loopback\"\n{more}",
        here.smtp.port(),
        here.value("--ca-file"),
        here.dns(),
    );
    std::fs::write(folder.join("config.toml"), text).unwrap();
}

#[test]
fn addresses_are_asked_about_at_the_hosts_of_their_domains() {
    let here = Here::start("--dns 127.0.0.1:0 --reject bad@example.org=550");
    let line = format!("ehlo verify mx: {} --no-random you@example.com bad@example.org", here.flags());
    let (out, err, status) = here.send(&line, "");
    let meaning = "ehlo: bad@example.org: 550: no such mailbox there: check the address, letter by letter, or ask the \
                   person; remove it from mailing lists; do not try again\n";
    assert_eq!(
        (out.as_str(), err.as_str(), status),
        ("250\tyou@example.com\tOK\n550\tbad@example.org\tNo such user here\n", meaning, Some(10))
    );
    let (out, err, status) = here.send(&line, "--vrfy");
    let refused = "ehlo: --vrfy and --expn ask one server: name it in place of mx:\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", refused, Some(64)));
    let (out, err, status) = here.send(&line, "--dry-run");
    assert_eq!((err.as_str(), status), ("", Some(0)));
    assert!(out.starts_with("server      those of each recipient's domain, port SMTP (mx:)\n"), "{out}");
}

#[test]
fn the_host_that_takes_a_domains_mail_is_probed() {
    let here = Here::start("--dns 127.0.0.1:0");
    let (out, err, status) = here.send(&format!("ehlo probe mx:example.org {}", here.flags()), "");
    let said = "ehlo: mx.example.org:SMTP takes the mail of example.org\n";
    assert_eq!((err.as_str(), status), (said, Some(0)));
    assert!(out.starts_with("server       mx.example.org:SMTP (smtp)\n"), "{out}");
    assert!(out.contains("\ncertificate  verified\n"), "{out}");
    let (out, err, status) = here.send(&format!("ehlo probe mx: {}", here.flags()), "");
    let said = "ehlo: name the domain, as in 'ehlo probe mx:example.org'\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", said, Some(64)));
}

#[test]
fn a_message_says_that_tls_does_not_matter() {
    let here = Here::start("--dns 127.0.0.1:0");
    let (out, err, status) = here.send(here.line(), "--tls-required-no --dry-run");
    let told = "ehlo: warning: the message says 'TLS-Required: No': DANE and MTA-STS are not looked at\n";
    assert_eq!((err.as_str(), status), (told, Some(0)));
    assert!(
        out.contains(
            "host        10 mx.example.org: 127.0.0.1, validated; TLS if it is offered; the certificate is not checked\n"
        ),
        "{out}"
    );
    let (_, err, status) = here.send(here.line(), "-H 'TLS-Required: no' --dry-run");
    assert_eq!((err.as_str(), status), (told, Some(0)));
    // Whoever demands a policy is not overruled by a message.
    let (out, err, status) = here.send(here.line(), "-H 'TLS-Required: no' --require-policy --dry-run");
    assert_eq!((err.as_str(), status), ("", Some(0)));
    assert!(out.contains("; TLS by DANE: 3 1 1 "), "{out}");
    let (_, err, status) = here.send(here.line(), "--tls-required-no --require-policy --dry-run");
    assert_eq!(
        (err.as_str(), status),
        ("ehlo: --tls-required-no cannot be used with --require-policy\n", Some(64))
    );
    let (_, err, status) = here.send(here.line(), "--tls-required-no --require-tls-onward");
    assert_eq!(
        (err.as_str(), status),
        ("ehlo: --tls-required-no cannot be used with --require-tls-onward\n", Some(64))
    );
}

#[test]
fn tls_on_every_hop_needs_a_policy_and_a_host_that_offers_it() {
    let here = Here::start("--dns 127.0.0.1:0");
    let line = here.line().replace(" them@example.com", "");
    let (out, err, status) = here.send(&line, "--require-tls-onward");
    let why = "mx.example.org: the server does not offer REQUIRETLS over verified TLS, needed for --require-tls-onward; \
               nothing was sent";
    assert_eq!(out, format!("---\tyou@example.org\tuntried: {why}\n---\tmessage\tuntried: {why}\n"));
    assert_eq!((err.as_str(), status), (format!("ehlo: {why}\n").as_str(), Some(69)));
    let (_, err, status) = here.send(&line, "--require-tls-onward --policy none");
    let told =
        "ehlo: --require-tls-onward needs a policy that proves whose a host is: leave out --policy none\n";
    assert_eq!((err.as_str(), status), (told, Some(64)));
}

#[test]
fn nobody_or_everybody_is_a_matter_of_one_domain() {
    let here = Here::start("--dns 127.0.0.1:0 --reject bad@example.org=550");
    let (out, err, status) = here.send(here.line(), "--all-or-none");
    let told = "ehlo: --all-or-none: the recipients are in 2 domains, whose servers know nothing of each other; send to \
                each domain by itself\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", told, Some(64)));
    let (out, _, status) =
        here.send(&here.line().replace("them@example.com", "bad@example.org"), "--all-or-none");
    assert_eq!(
        out,
        "---\tyou@example.org\tuntried: withdrawn because not every recipient was accepted\n\
         550\tbad@example.org\tNo such user here\n\
         ---\tmessage\tuntried: not every recipient was accepted\n"
    );
    assert_eq!(status, Some(69));
}

#[test]
fn the_queue_sends_to_each_domain_and_keeps_their_fates_apart() {
    let here = Here::start("--dns 127.0.0.1:0 --reject bad@example.org=550 --defer late@example.com=451");
    configured(&here, "");
    let line = "ehlo account test";
    let (out, err, status) = here.send(line, "");
    let out = out
        .split_once(", valid until ")
        .map_or(out.clone(), |(before, rest)| format!("{before}\n{}", rest.split_once('\n').unwrap().1));
    assert_eq!(
        (out.as_str(), err.as_str(), status),
        (
            "connect\tok\tmx.example.net at 127.0.0.1:SMTP\n\
             tls\tok\tTLSv1.3, the certificate is verified\n\
             log in\tok\tnot asked for: the account has no user\n\
             sender\tok\t250 OK\n\
             recipient\tok\t250 OK\n",
            "",
            Some(0)
        )
    );
    let line =
        "echo hello | ehlo sendmail -f me@example.net you@example.org bad@example.org late@example.com";
    let (out, err, status) = here.send(line, "");
    assert_eq!((out.as_str(), err.as_str(), status), ("", "", Some(0)));
    // The run that it started may be at work: this one waits for its end.
    here.send("ehlo queue run", "");
    let (out, _, status) = here.send(
        "ehlo queue show --json $(ehlo queue list --json | grep -o '[0-9A-Z]\\{13\\}' | head -n 1)",
        "",
    );
    assert_eq!(status, Some(0));
    let fates: serde_json::Value = serde_json::from_str(&out).unwrap();
    let of = |place: usize| {
        let one = &fates["recipients"][place];
        [&one["address"], &one["state"], &one["server"]]
            .map(|value| value.as_str().unwrap_or("none").to_owned())
    };
    assert_eq!(of(0), ["you@example.org", "accepted", "mx.example.org[127.0.0.1]:SMTP"]);
    assert_eq!(of(1), ["bad@example.org", "refused", "mx.example.org[127.0.0.1]:SMTP"]);
    assert_eq!(of(2), ["late@example.com", "deferred", "mx.example.com[127.0.0.1]:SMTP"]);
}

/// What becomes of the one message that a line hands to an empty queue: attempts, state, server, and what is said.
fn fate(here: &Here, line: &str) -> [serde_json::Value; 4] {
    let (_, _, status) = here.send(line, "");
    assert_eq!(status, Some(0));
    // The run that it started may be at work: this one waits for its end.
    here.send("ehlo queue run", "");
    let show = "ehlo queue show --json $(ehlo queue list --json | grep -o '[0-9A-Z]\\{13\\}' | head -n 1)";
    let (out, _, status) = here.send(show, "");
    assert_eq!(status, Some(0), "{out}");
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    let one = &shown["recipients"][0];
    [&shown["attempts"], &one["state"], &one["server"], &one["said"]].map(Clone::clone)
}

#[test]
fn the_queue_looks_for_proof_where_that_is_wanted() {
    let here = Here::start("--dns 127.0.0.1:0");
    configured(&here, "policy = \"none\"\n");
    let line = "echo hello | ehlo send --queue --require-tls-onward -f me@example.net you@example.org";
    let why = "no host of example.org can be used: mx.example.org: no policy proves that it is the domain's, as \
               --require-policy and --require-tls-onward demand";
    assert_eq!(fate(&here, line), [1.into(), "deferred".into(), serde_json::Value::Null, why.into()]);
}

#[test]
fn the_queue_counts_what_it_tried_in_vain() {
    let here = Here::start("--dns 127.0.0.1:0");
    configured(&here, "policy = \"none\"\n");
    let config = here.folder.path().join(".config/ehlo/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    // Nobody listens there.
    std::fs::write(&config, text.replace(&format!("mx::{}", here.smtp.port()), "mx::1")).unwrap();
    let line = "echo hello | ehlo sendmail -f me@example.net you@example.org";
    let why = "mx.example.org: cannot connect to 127.0.0.1:1: connection refused";
    assert_eq!(fate(&here, line), [1.into(), "deferred".into(), serde_json::Value::Null, why.into()]);
}

#[test]
fn a_program_that_sends_at_once_takes_the_same_way_and_the_console_does_not() {
    let here = Here::start("--dns 127.0.0.1:0");
    configured(&here, "");
    let line =
        "printf 'Subject: x\\n\\nhello\\n' | ehlo sendmail --no-queue -f me@example.net you@example.org";
    let (out, err, status) = here.send(line, "");
    assert_eq!((out.as_str(), err.as_str(), status), ("", "", Some(0)));
    let (out, err, status) = here.send("ehlo console mx:example.org", "");
    let told = "ehlo: mx: names the servers of domains: name the one that you mean\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", told, Some(64)));
}

#[test]
fn an_account_that_sends_to_domains_has_no_log_in_and_no_other_server() {
    let here = Here::start("--dns 127.0.0.1:0");
    for (more, said) in [
        ("user = \"me\"\n", "'user': it means nothing with server = \"mx:\", the servers of other domains"),
        (
            "tls = \"starttls\"\n",
            "'tls': it means nothing with server = \"mx:\", the servers of other domains",
        ),
        ("policy = \"some\"\n", "'policy' needs one of dane, mta-sts, none, not 'some'"),
        ("mx-hosts = \"0\"\n", "'mx-hosts' needs a number from 1 to 100"),
    ] {
        configured(&here, more);
        let (_, err, status) = here.send("ehlo send --to you@example.org --body x --dry-run", "");
        assert!(err.ends_with(&format!("{said}\n")) && status == Some(78), "{status:?} {err}");
    }
}

#[test]
fn flags_that_mean_nothing_there_or_nothing_elsewhere_are_refused() {
    let line = "send -f a@alpha.arpa --body x b@beta.arpa";
    let elsewhere = "which sends to servers of others; name the server that you mean";
    for flag in ["-u me", "--tls starttls", "--insecure", "--proxy socks5://127.0.0.1:1", "--auth plain"] {
        let name = match flag.split(' ').next().unwrap() {
            "-u" => "--user",
            name => name,
        };
        ehlo(&format!("{line} -S mx: {flag}"))
            .stderr(&format!("ehlo: {name} cannot be used with -S mx:, {elsewhere}\n"))
            .exit(64);
    }
    for flag in
        ["--policy dane", "--require-policy", "--mx-allow private", "--jobs 2", "--cleartext-if-tls-fails"]
    {
        let name = flag.split(' ').next().unwrap();
        ehlo(&format!("{line} -S 127.0.0.1:1 {flag}"))
            .stderr(&format!("ehlo: {name} needs -S mx:\n"))
            .exit(64);
    }
    ehlo(&format!("{line} -S mx:bad..name"))
        .stderr("ehlo: -S mx:bad..name: a part of the domain is missing (at character 5)\n")
        .exit(64);
    ehlo(&format!("{line} -S mx:192.0.2.1"))
        .stderr("ehlo: -S mx:192.0.2.1: an address in place of a domain is written in brackets, as in mx:[192.0.2.1]\n")
        .exit(64);
    assert_eq!(without_digest("x 0123456789abcdef, y"), "x 0000000000000000, y");
}
