use super::*;

fn taken_by(text: &str, change: impl FnOnce(&mut Wishes<'_>)) -> Result<Taken, Refusal> {
    let domain = Domain::parse("x.org").unwrap();
    let aliases = Aliases::parse("admin: a@example.org, b@example.org\nlog: \"|logger\"\n");
    let mut wishes = Wishes {
        from_header: false,
        recipients: &["to@example.net".to_owned()],
        sender: None,
        full_name: None,
        user: "root",
        domain: Some(&domain),
        host: "host.x.org",
        from: FromRule::Qualify,
        address: None,
        sender_is_accounts: false,
        aliases: &aliases,
    };
    change(&mut wishes);
    take(Source::bytes(text.as_bytes().to_vec()), &wishes)
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
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let taken = taken_by("\nx\n", |wishes| {
            wishes.recipients = names.leak();
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
        let names: Vec<String> = recipients.iter().map(|name| (*name).to_owned()).collect();
        let taken = taken_by(text, |wishes| {
            wishes.recipients = names.leak();
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
            wishes.address = Some("me@example.org");
        });
        assert_eq!(taken.unwrap().sender, wanted, "{sender:?}");
    }
}

#[test]
fn a_sender_without_a_domain_is_the_account_or_waits_and_is_told() {
    for (address, sender, from, remarks) in [
        (Some("me@example.org"), "me@example.org", "me@example.org", 0),
        (None, "root", "root@host.x.org", 1),
    ] {
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
            (wishes.from, wishes.address) = (FromRule::Replace, Some("me@example.org"));
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
