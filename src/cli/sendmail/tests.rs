use super::*;

fn read_words(line: &str) -> Result<SendmailArgs, String> {
    // `''` is an empty word.
    let words: Vec<OsString> = line
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| if word == "''" { "" } else { word }.into())
        .collect();
    read(SendmailMode::Deliver, &words).map_err(|exit| exit.text.to_string())
}

/// What of it is not as usual, in one line.
fn brief(args: &SendmailArgs) -> String {
    let mut out = Vec::new();
    let mut flag = |is: bool, name: &str| out.extend(is.then(|| name.to_owned()));
    flag(args.mode != SendmailMode::Deliver, &format!("{:?}", args.mode));
    flag(args.delivery != Delivery::Background, &format!("{:?}", args.delivery));
    flag(args.from_header, "t");
    flag(args.ignore_dots, "i");
    flag(args.no_queue, "no-queue");
    flag(args.verbose, "v");
    for (name, value) in [
        ("f", &args.sender),
        ("F", &args.full_name),
        ("a", &args.account),
        ("N", &args.notify),
        ("R", &args.ret),
        ("V", &args.envid),
    ] {
        out.extend(value.as_ref().map(|value| format!("{name}={value}")));
    }
    out.push(format!("[{}]", args.recipients.join(" ")));
    out.extend((!args.ignored.is_empty()).then(|| format!("ignored {}", args.ignored.join(" "))));
    out.extend((!args.without_value.is_empty()).then(|| format!("lacking {}", args.without_value.join(" "))));
    out.join(" ")
}

#[test]
fn callers_are_understood() {
    for (line, wanted) in [
        // cron of Debian, cronie, vixie's, systemd-cron, BusyBox, anacron, at, sudo.
        ("-FCronDaemon -i -B8BITMIME -oem root", "i F=CronDaemon [root]"),
        ("-FCronDaemon -i -odi -oem -oi -t -f root", "Interactive t i f=root F=CronDaemon []"),
        ("-FCronDaemon -odi -oem -oi -t", "Interactive t i F=CronDaemon []"),
        ("-i -B 8BITMIME me@x.org", "i [me@x.org]"),
        ("-ti oem", "t i []"),
        ("-FAnacron -odi root", "Interactive F=Anacron [root]"),
        ("-i root", "i [root]"),
        ("-t", "t []"),
        // mailx, mailutils, s-nail, mutt, neomutt, git.
        ("-i -t -f a@x.org", "t i f=a@x.org []"),
        ("-oi -f root@vm -t", "t i f=root@vm []"),
        ("-i -f a@x.org -- to@x.org bcc@x.org", "i f=a@x.org [to@x.org bcc@x.org]"),
        (
            "-oem -oi -f a@x.org -N failure -R hdrs -B8BITMIME -- to@x.org",
            "i f=a@x.org N=failure R=hdrs [to@x.org]",
        ),
        ("-i to@x.org cc@x.org", "i [to@x.org cc@x.org]"),
        // PHP, PHPMailer, Symfony, Laravel, nodemailer, Ruby, Perl.
        ("-t -i -fx@y.org", "t i f=x@y.org []"),
        ("-t -i -oi -fx@y.org -t", "t i f=x@y.org []"),
        ("-bs", "Serve []"),
        ("-bs -i", "Serve i []"),
        ("-fx@y.org -- a@x.org b@x.org", "f=x@y.org [a@x.org b@x.org]"),
        ("-i -f x@y.org a@x.org b@x.org", "i f=x@y.org [a@x.org b@x.org]"),
        ("-t -oi -oem -fx@y.org", "t i f=x@y.org []"),
        ("-oi a@x.org", "i [a@x.org]"),
        ("-oi -t -odq", "Later t i []"),
        ("-f a@x.org b@x.org c@x.org", "f=a@x.org [b@x.org c@x.org]"),
        ("-oi -oep -odi -t", "Interactive t i []"),
        ("-oi -ODeliveryMode=b -OErrorMode=m -f <> a@x.org", "i f= [a@x.org]"),
        ("-f '' -- a@x.org", "f= [a@x.org]"),
        ("-X /tmp/x -i -f fail2ban root", "i f=fail2ban [root]"),
        ("-bm -t", "t []"),
        ("-bp", "List []"),
        ("-bi", "Aliases []"),
        ("-I", "Aliases []"),
        ("-bv a@x.org", "Verify [a@x.org]"),
        ("-q", "Run []"),
        ("-q15m", "Run []"),
        ("-bq a@x.org", "Later [a@x.org]"),
        ("-Am -Ac a@x.org", "[a@x.org]"),
        // msmtp.
        ("-a work -t --read-envelope-from", "t a=work []"),
        ("-Awork --account=home a@x.org", "a=home [a@x.org]"),
        ("-A work a@x.org", "a=work [a@x.org]"),
        ("-o i -b p", "List i []"),
        ("-O DeliveryMode=queueonly -OIgnoreDots=True", "Later i []"),
        ("-f <a@x.org> --from=<>", "f= []"),
        ("--no-queue -v a@x.org", "no-queue v [a@x.org]"),
        // What is not known is passed over.
        ("-Z -Yx --odd=1 a@x.org", "[a@x.org] ignored -Z -Y --odd"),
        // So is one at the end that lacks its value: a message is worth more.
        ("-t -f", "t [] lacking -f"),
        ("a@x.org --account", "[a@x.org] lacking --account"),
        ("-tiN", "t i [] lacking -N"),
        ("-b", "[] lacking -b"),
        // As with sendmail(8), the next word is the value whatever it looks like.
        ("-f -t a@x.org", "f=-t [a@x.org]"),
        ("-e m -em -D /tmp/x -D/tmp/x a@x.org", "[a@x.org]"),
        ("-e -t", "[]"),
        ("-", "[-]"),
        ("", "[]"),
    ] {
        assert_eq!(read_words(line).map(|args| brief(&args)).as_deref(), Ok(wanted), "{line}");
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    for (line, wanted) in [
        ("-bd", "ehlo: -bd: there is no daemon to start; the queue is run by 'ehlo queue run'\n"),
        ("-bz", "ehlo: -bz: no such mode; see 'ehlo sendmail --help'\n"),
        ("--version", concat!("ehlo ", env!("CARGO_PKG_VERSION"), "\n")),
    ] {
        assert_eq!(read_words(line), Err(wanted.to_owned()), "{line}");
    }
}

#[test]
fn a_name_stands_for_a_mode() {
    let mode = |name: &str| mode_of_name(&name.into());
    assert_eq!(mode("/usr/sbin/sendmail"), Some(SendmailMode::Deliver));
    assert_eq!(mode("mailq"), Some(SendmailMode::List));
    assert_eq!(mode("/usr/bin/newaliases"), Some(SendmailMode::Aliases));
    assert_eq!(mode("/usr/bin/ehlo"), None);
}
