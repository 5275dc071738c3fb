use super::*;
use crate::mailer::aliases::Aliases;
use ehlo_smtp::path::{Domain, Mailbox};

fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn taken_by<'a>(text: &str, change: impl FnOnce(&mut Wishes<'a>)) -> Result<Taken, Refusal> {
    let domain: &'a Domain = kept(Domain::parse("x.org").unwrap());
    let aliases: &'a Aliases =
        kept(Aliases::parse("admin: a@example.org, b@example.org\nlog: \"|logger\"\n"));
    let mut wishes = Wishes {
        from_header: false,
        recipients: &["to@example.net"],
        sender: None,
        full_name: None,
        user: "root",
        domain: Some(domain),
        host: "host.x.org",
        from: FromRule::Qualify,
        address: None,
        sender_is_accounts: false,
        aliases,
    };
    change(&mut wishes);
    open(Source::bytes(text.as_bytes().to_vec()))?.take(&wishes)
}

fn own() -> &'static Mailbox {
    kept(Mailbox::parse("me@example.org").unwrap())
}

fn written(taken: &Taken) -> String {
    let mut out = Vec::new();
    taken.content.write_to(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Without Date and Message-ID, which are another each time.
fn content(taken: &Taken) -> String {
    let text = written(taken);
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("Date: ") && !line.starts_with("Message-ID: "));
    lines.collect()
}

#[test]
fn what_callers_write_becomes_a_whole_message() {
    for (given, wanted) in [
        // cron, anacron, at, sudo, fail2ban.
        (
            "From: root (Cron Daemon)\nTo: smith\nSubject: Cron <root@host> job\n\n.\nout\n",
            "From: root@x.org (Cron Daemon)\nTo: smith@x.org\nSubject: Cron <root@host> job\n\n.\nout\n",
        ),
        ("From: Anacron <root>\nTo: root\n\nx\n", "From: Anacron <root@x.org>\nTo: root@x.org\n\nx\n"),
        (
            "Subject: Output from your job\nTo: root\n\nx\n",
            "From: <root@x.org>\nSubject: Output from your job\nTo: root@x.org\n\nx\n",
        ),
        ("text alone\n", "From: <root@x.org>\n\ntext alone\n"),
        ("", "From: <root@x.org>\n\n"),
        ("\n\nx\n", "From: <root@x.org>\n\n\nx\n"),
        ("Subject: x\nno field\n\ny\n", "From: <root@x.org>\nSubject: x\n\nno field\n\ny\n"),
        ("From a Mon\nFrom: a@b.org\nBcc: c@d.org\n\nx\n", "From: a@b.org\n\nx\n"),
        ("Bcc: c@d.org,\n e@f.org\n\nx\n", "From: <root@x.org>\n\nx\n"),
        (
            "From: a@b.org\nResent-Bcc: c\nno field\nBcc: d\n\nBcc: e\n",
            "From: a@b.org\n\nno field\n\nBcc: e\n",
        ),
    ] {
        let taken = taken_by(given, |_| {}).unwrap();
        assert_eq!(content(&taken), wanted, "{given:?}");
        let text = written(&taken);
        let has = |name: &str| text.split_once("\n\n").unwrap().0.lines().any(|line| line.starts_with(name));
        assert!(has("Date: ") && has("Message-ID: "), "{text}");
        assert!(
            taken
                .message_id
                .as_ref()
                .is_some_and(|id| id.starts_with('<') && id.ends_with("x.org>") || id.ends_with("b.org>"))
        );
        assert_eq!(taken.content.facts().octets, text.replace('\n', "\r\n").len() as u64);
    }
}

#[test]
fn a_header_that_is_there_is_not_touched() {
    let given =
        "Date: Mon, 30 Nov 2026 00:00:00 +0000\nMessage-ID: <a@b>\nFrom:  A  <a@b.org>\nX: \u{e9}\n\nx\n";
    let taken = taken_by(given, |_| {}).unwrap();
    assert_eq!(written(&taken), given);
    assert_eq!(taken.message_id.as_deref(), Some("<a@b>"));
    assert!(taken.content.facts().utf8_headers && taken.content.facts().eight_bit);
}

#[test]
fn recipients_are_those_of_the_command_line_and_with_t_of_the_header() {
    let text = "To: a@x.org, \"B\" <b@X.org>\nCc: root, admin\nBcc: c@x.org\n\nx\n";
    let named = |change: fn(&mut Wishes<'_>)| taken_by(text, change).map(|taken| taken.recipients);
    assert_eq!(named(|_| {}).unwrap(), ["to@example.net"]);
    let all =
        ["to@example.net", "a@x.org", "b@X.org", "root@x.org", "a@example.org", "b@example.org", "c@x.org"];
    assert_eq!(named(|wishes| wishes.from_header = true).unwrap(), all);
    let resent = format!("Resent-To: r@x.org\nResent-From: s@x.org\n{text}");
    let taken = taken_by(&resent, |wishes| wishes.from_header = true).unwrap();
    assert_eq!(taken.recipients, ["to@example.net", "r@x.org"]);
}

#[test]
fn names_are_never_lost() {
    let named = |names: &[&str], has_domain: bool| {
        let taken = taken_by("\nx\n", |wishes| {
            wishes.recipients = names;
            wishes.domain = wishes.domain.filter(|_| has_domain);
            wishes.sender = Some("s@y.org");
        });
        let taken = taken.unwrap();
        (taken.recipients.join(" "), taken.remarks.len())
    };
    assert_eq!(named(&["root", "ROOT", "root"], true), ("root@x.org ROOT@x.org".to_owned(), 0));
    assert_eq!(named(&["root"], false), ("root".to_owned(), 1));
    assert_eq!(named(&["log"], true), ("log@x.org".to_owned(), 1));
    assert_eq!(named(&["admin", "a@example.org"], true), ("a@example.org b@example.org".to_owned(), 0));
}

#[test]
fn nobody_and_what_is_no_address_are_refused() {
    let refused = |text: &str, recipients: &[&str], from_header| {
        let taken = taken_by(text, |wishes| {
            wishes.recipients = recipients;
            wishes.from_header = from_header;
        });
        taken.map(|taken| taken.recipients.join(" ")).map_err(|refusal| refusal.to_string())
    };
    assert_eq!(refused("\nx\n", &[], false), Err("there is no recipient".to_owned()));
    assert_eq!(refused("Subject: x\n\nx\n", &[], true), Err("there is no recipient".to_owned()));
    assert_eq!(refused("\nx\n", &["a@x.org", "b@@y"], false), Err("'b@@y' is not an address".to_owned()));
    // In a header, the others count.
    assert_eq!(refused("To: a@x.org, b@@y\n\nx\n", &[], true), Ok("a@x.org".to_owned()));
}

#[test]
fn the_reverse_path_is_the_callers_the_users_or_the_accounts() {
    for (sender, sender_is_accounts, wanted) in [
        (None, false, "root@x.org"),
        (Some("smith"), false, "smith@x.org"),
        (Some("s@y.org"), false, "s@y.org"),
        (Some(""), false, ""),
        (Some("s@y.org"), true, "me@example.org"),
        (Some(""), true, ""),
    ] {
        let taken = taken_by("\nx\n", |wishes| {
            (wishes.sender, wishes.sender_is_accounts) = (sender, sender_is_accounts);
            wishes.address = Some(own());
        });
        assert_eq!(taken.unwrap().sender, wanted, "{sender:?}");
    }
}

#[test]
fn a_sender_without_a_domain_is_the_account_or_waits_and_is_told() {
    for (address, sender, from, remarks) in
        [(Some(own()), "me@example.org", "me@example.org", 0), (None, "root", "root@host.x.org", 1)]
    {
        let taken = taken_by("\nx\n", |wishes| (wishes.domain, wishes.address) = (None, address)).unwrap();
        assert_eq!((taken.sender.as_str(), taken.remarks.len()), (sender, remarks));
        assert_eq!(content(&taken), format!("From: <{from}>\n\nx\n"));
    }
}

#[test]
fn from_is_replaced_where_the_account_wants_it() {
    for (given, wanted) in [
        (
            "From: root (Cron Daemon)\n",
            "From: \"root on x.org (Cron Daemon)\" <me@example.org>\nReply-To: root@x.org (Cron Daemon)\n",
        ),
        (
            "From: J <j@y.org>\nReply-To: k@y.org\n",
            "From: \"j on y.org (J)\" <me@example.org>\nReply-To: k@y.org\n",
        ),
        ("From: me@example.org\n", "From: me@example.org\n"),
        ("Subject: x\n", "From: <me@example.org>\nSubject: x\n"),
    ] {
        let taken = taken_by(&format!("{given}\nx\n"), |wishes| {
            (wishes.from, wishes.address) = (FromRule::Replace, Some(own()));
        });
        assert_eq!(content(&taken.unwrap()), format!("{wanted}\nx\n"));
    }
}

#[test]
fn fields_are_added_whatever_the_sender_looks_like() {
    for (sender, user, from) in [
        (Some("J Smith <s@y.org>"), "root", "s@y.org"),
        (Some("smith (at work)"), "root", "smith@x.org"),
        (Some(""), "root", "root@x.org"),
        (None, "a(b", "\"a(b\"@x.org"),
        (None, "a<b>c", "\"a<b>c\"@x.org"),
    ] {
        let taken = taken_by("\nx\n", |wishes| (wishes.sender, wishes.user) = (sender, user));
        let taken = taken.unwrap_or_else(|refusal| panic!("{sender:?} {user}: {refusal}"));
        assert_eq!(content(&taken), format!("From: <{from}>\n\nx\n"), "{sender:?} {user}");
        assert!(taken.message_id.is_some() && written(&taken).contains("Date: "));
    }
}

#[test]
fn a_name_is_shown_in_a_from_that_is_made() {
    let taken = taken_by("Subject: x\n\nx\n", |wishes| wishes.full_name = Some("CronDaemon")).unwrap();
    assert_eq!(content(&taken), "From: \"CronDaemon\" <root@x.org>\nSubject: x\n\nx\n");
}

#[test]
fn an_account_whose_address_has_a_name_gives_a_path() {
    let account = Mailbox::parse("\"a b\"@example.org").unwrap();
    let taken = taken_by("\nx\n", |wishes| {
        (wishes.sender_is_accounts, wishes.from, wishes.address) = (true, FromRule::Replace, Some(&account));
    });
    let taken = taken.unwrap();
    assert_eq!(taken.sender, "\"a b\"@example.org");
    assert_eq!(content(&taken), "From: <\"a b\"@example.org>\n\nx\n");
}

#[test]
fn a_sender_may_have_a_name_and_the_header_is_whole() {
    for (given, sender) in [
        ("\"Jones, A\" <j@b.org>", "j@b.org"),
        ("Jones <jones>", "jones@x.org"),
        ("\"a b\"", "\"a b\"@x.org"),
        ("j@b.org (Jones)", "j@b.org"),
    ] {
        let taken = taken_by("Subject: x\n\nx\n", |wishes| wishes.sender = Some(given)).unwrap();
        assert_eq!((taken.sender.as_str(), &taken.remarks[..]), (sender, &[][..]), "{given}");
        assert_eq!(content(&taken), format!("From: <{sender}>\nSubject: x\n\nx\n"));
        assert_whole(&taken);
    }
}

/// There are Date, From and Message-ID, and whoever queues the message can send it.
fn assert_whole(taken: &Taken) {
    let text = written(taken);
    let head = text.split_once("\n\n").unwrap().0;
    let names =
        ["Date: ", "From: ", "Message-ID: "].map(|name| head.lines().any(|line| line.starts_with(name)));
    assert_eq!(names, [true; 3], "{}", head.get(..300).unwrap_or(head));
    assert!(taken.message_id.as_ref().is_some_and(|id| head.contains(id.as_str())));
    assert_can_be_sent(taken);
}

fn assert_can_be_sent(taken: &Taken) {
    use crate::spool::{Recipient, Submission};
    let recipients =
        taken.recipients.iter().map(|address| Recipient { address: address.clone(), parameters: Vec::new() });
    let submission = Submission {
        sender: taken.sender.clone(),
        recipients: recipients.collect(),
        ..Submission::default()
    };
    let places: Vec<usize> = (0..taken.recipients.len()).collect();
    let domain = Domain::parse("x.org").unwrap();
    let envelope = submission.envelope(&places, Some(&domain));
    assert!(envelope.is_ok(), "{envelope:?}");
}

#[test]
fn a_sender_that_is_no_address_is_told_and_the_user_counts() {
    let long = format!("{}@x.org", "a".repeat(10_000));
    for given in ["not an address", " ", "a@@b", "a@x.org, b@x.org", "a\u{1b}b", "Name <>", "<", &long] {
        for address in [None, Some(own())] {
            let taken = taken_by("\nx\n", |wishes| {
                (wishes.sender, wishes.address) = (Some(given), address);
                wishes.sender_is_accounts = address.is_some();
            });
            let taken = taken.unwrap();
            let path = address.map_or("root@x.org", |_| "me@example.org");
            assert_eq!(taken.sender, path, "{given:?}");
            let remark = Remark::Sender { named: given.to_owned(), taken: path.to_owned() };
            assert_eq!(taken.remarks, [remark]);
            assert_eq!(content(&taken), "From: <root@x.org>\n\nx\n");
            assert_whole(&taken);
        }
    }
}

#[test]
fn users_with_odd_names_send_mail_too() {
    for (user, domain, sender) in [
        ("DOMAIN\\smith", true, "\"DOMAIN\\\\smith\"@x.org"),
        ("DOMAIN\\smith", false, "DOMAIN\\smith"),
        ("j\u{fc}rgen", true, "j\u{fc}rgen@x.org"),
        ("a..b", true, "\"a..b\"@x.org"),
        ("a\u{1b}b", true, "postmaster@x.org"),
    ] {
        let taken = taken_by("\nx\n", |wishes| {
            wishes.user = user;
            wishes.domain = wishes.domain.filter(|_| domain);
        });
        let taken = taken.unwrap();
        assert_eq!(taken.sender, sender);
        assert_whole(&taken);
    }
}

#[test]
fn a_long_header_is_made_whole_like_any_other() {
    let long = "X-Long: a\n".repeat(200_000);
    let name = format!("{}: a\n", "N".repeat(2_000));
    for head in [&long, &name, &"Date:\n".repeat(200_000)] {
        let taken = taken_by(&format!("{head}\nx\n"), |_| {}).unwrap();
        assert!(written(&taken).ends_with(&format!("{head}\nx\n")));
        if !head.starts_with("Date") {
            assert_whole(&taken);
        }
    }
    // What is there is found, wherever it stands.
    let given = format!("{long}Date: d\nFrom: a@b.org\nMessage-ID: <a@b>\n\nx\n");
    let taken = taken_by(&given, |_| {}).unwrap();
    assert_eq!((written(&taken), taken.message_id.as_deref()), (given, Some("<a@b>")));
    // One that is too long to be read is there all the same.
    let from = format!("From: {}\n", "a@b.org,\n ".repeat(200_000) + "c@d.org");
    let taken = taken_by(&format!("{from}\nx\n"), |wishes| wishes.from = FromRule::Keep).unwrap();
    assert!(written(&taken).ends_with(&format!("{from}\nx\n")));
    assert_eq!(written(&taken).matches("From: ").count(), 1);
    assert_whole(&taken);
}

#[test]
fn a_name_is_shown_without_what_cannot_be_written() {
    for (name, shown) in [
        ("Cron\u{7}Daemon\n", "\"Cron Daemon\" <root@x.org>"),
        ("a\r\nBcc: b@x.org", "\"a Bcc: b@x.org\" <root@x.org>"),
        ("\u{1b}\t", "<root@x.org>"),
        (" ", "<root@x.org>"),
    ] {
        let taken = taken_by("\nx\n", |wishes| wishes.full_name = Some(name)).unwrap();
        assert_eq!(content(&taken), format!("From: {shown}\n\nx\n"));
        assert_whole(&taken);
    }
    for name in ["a".repeat(5_000), "\u{fc} ".repeat(3_000), "\"".repeat(3_000)] {
        assert_whole(&taken_by("\nx\n", |wishes| wishes.full_name = Some(&name)).unwrap());
    }
}

#[test]
fn a_quoted_name_gets_a_domain() {
    let taken = taken_by("From: \"a b\"\nTo: \"root\", c@y.org\n\nx\n", |wishes| wishes.from_header = true);
    let taken = taken.unwrap();
    assert_eq!(content(&taken), "From: \"a b\"@x.org\nTo: \"root\"@x.org, c@y.org\n\nx\n");
    assert_eq!(taken.recipients, ["to@example.net", "root@x.org", "c@y.org"]);
}

#[test]
fn an_alias_that_is_no_address_is_told() {
    let aliases = Aliases::parse("root: a@@b, \"Jones, A\" <j@x.org>, smith\nonly: b@@y\n");
    for (name, recipients, target) in
        [("root", ["j@x.org", "smith@x.org"], "a@@b"), ("only", ["only@x.org", "to@x.org"], "b@@y")]
    {
        let names = [name, recipients[1]];
        let taken =
            taken_by("\nx\n", |wishes| (wishes.recipients, wishes.aliases) = (&names, &aliases)).unwrap();
        let remark = Remark::AliasTarget { name: name.to_owned(), target: target.to_owned() };
        assert_eq!((taken.recipients, taken.remarks), (recipients.map(str::to_owned).to_vec(), vec![remark]));
    }
}

#[test]
fn whoever_is_named_can_be_sent_to() {
    let long = "a".repeat(10_000);
    for text in
        ["\"a@x.org\"", "\"a> b\"", "\"\u{7f}\"", &long, "\"\"", "\"\\\\\"", "a.@x.org", "\u{fc}", "@", "<>"]
    {
        let message = format!("To: {text}\nFrom: a@b.org\n\nx\n");
        let taken = taken_by(&message, |wishes| wishes.from_header = true).unwrap();
        assert_can_be_sent(&taken);
        let names = [text];
        let taken = taken_by(&message, |wishes| (wishes.recipients, wishes.sender) = (&names, Some(text)));
        match taken {
            Ok(taken) => assert_can_be_sent(&taken),
            Err(refusal) => {
                assert!(matches!(refusal, Refusal::Address(_) | Refusal::NoRecipient), "{refusal}")
            }
        }
    }
}
