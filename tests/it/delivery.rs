//! What is asked of the servers on the way: reports, TLS, times, a priority; and how many recipients a server takes.

use crate::harness::send;
use crate::*;

/// EHLO, and one extension.
fn hello(extension: &str) -> String {
    format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 {extension}\n")
}

/// What is said where an extension is not there.
fn lacking(flags: &str, needed: &str) {
    to_jones(flags)
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(&format!(
            "---\tJones@Beta.ARPA\tuntried: the server does not offer {needed}; nothing was sent\n\
             ---\tmessage\tuntried: the server does not offer {needed}; nothing was sent\n"
        ))
        .stderr(&format!("ehlo: the server does not offer {needed}; nothing was sent\n"))
        .exit(69);
}

/// What MAIL and RCPT carry for these flags.
fn carries(flags: &str, extension: &str, mail: &str, rcpt: &str) {
    to_jones(flags)
        .server(&format!(
            "{}C: MAIL FROM:<Smith@Alpha.ARPA>{mail}\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>{rcpt}\nS: 250 OK\n{TAKEN}{QUIT}",
            hello(extension)
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

const ORCPT: &str = " ORCPT=rfc822;Jones@Beta.ARPA";

#[test]
fn reports_are_asked_for_by_parameters_and_the_recipient_is_named_as_the_sender_knows_them() {
    carries("--notify success,failure", "DSN", "", &format!(" NOTIFY=SUCCESS,FAILURE{ORCPT}"));
    carries("--notify never", "DSN", "", &format!(" NOTIFY=NEVER{ORCPT}"));
    carries("--notify delay,delay", "DSN", "", &format!(" NOTIFY=DELAY{ORCPT}"));
    carries("--return headers --envelope-id a+b=1", "DSN", " RET=HDRS ENVID=a+2Bb+3D1", ORCPT);
    carries("--return full", "DSN", " RET=FULL", ORCPT);
    carries("--original-recipient J+J@Old.ARPA", "DSN", "", " ORCPT=rfc822;J+2BJ@Old.ARPA");
}

#[test]
fn a_list_says_for_each_recipient_what_to_report() {
    send("-f Smith@Alpha.ARPA --body Blah --recipients-from list --notify failure")
        .file("list", "Jones@Beta.ARPA NOTIFY=NEVER\nBrown@Beta.ARPA\n")
        .server(&format!(
            "{}{MAIL}C: RCPT TO:<Jones@Beta.ARPA> NOTIFY=NEVER ORCPT=rfc822;Jones@Beta.ARPA\nS: 250 OK\n\
             C: RCPT TO:<Brown@Beta.ARPA> NOTIFY=FAILURE ORCPT=rfc822;Brown@Beta.ARPA\nS: 250 OK\n{TAKEN}{QUIT}",
            hello("DSN")
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
    send("-f Smith@Alpha.ARPA --body Blah --recipients-from list")
        .file("list", "Jones@Beta.ARPA ORCPT=rfc822;Jones@Old.ARPA\n")
        .server(&format!(
            "{}{MAIL}C: RCPT TO:<Jones@Beta.ARPA> ORCPT=rfc822;Jones@Old.ARPA\nS: 250 OK\n{TAKEN}{QUIT}",
            hello("DSN")
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn what_only_a_list_asks_for_is_told_of_the_list() {
    let listed = "NOTIFY or ORCPT in the list of recipients (--recipients-from)";
    let flags = "reports on the delivery (--notify, --return, --envelope-id)";
    for (parameter, flag, needed_for) in [
        ("NOTIFY=NEVER", "", listed),
        ("ORCPT=rfc822;Jones@Old.ARPA", "", listed),
        ("NOTIFY=NEVER", "--return full", flags),
        ("NOTIFY=NEVER", "--notify failure", flags),
    ] {
        let text = format!("the server does not offer DSN, needed for {needed_for}; nothing was sent");
        send(&format!("-f Smith@Alpha.ARPA --body Blah --recipients-from list {flag}"))
            .file("list", format!("Jones@Beta.ARPA {parameter}\n"))
            .server(&format!("{HELLO}{QUIT}"))
            .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {text}\n---\tmessage\tuntried: {text}\n"))
            .stderr(&format!("ehlo: {text}\n"))
            .exit(69);
    }
}

#[test]
fn times_and_a_priority_go_with_mail() {
    carries("--deliver-by 2h", "DELIVERBY", " BY=7200;R", "");
    carries("--deliver-by 90,notify", "DELIVERBY 60", " BY=90;N", "");
    carries("--hold-for 1h", "FUTURERELEASE 86400 2027-01-01T00:00:00Z", " HOLDFOR=3600", "");
    carries(
        "--hold-until 2026-12-24T18:00:00.5+01:00",
        "FUTURERELEASE",
        " HOLDUNTIL=2026-12-24T17:00:00Z",
        "",
    );
    carries("--priority -3", "MT-PRIORITY MIXER", " MT-PRIORITY=-3", "");
}

#[test]
fn what_is_demanded_and_not_offered_69_before_mail() {
    let reports = "DSN, needed for reports on the delivery (--notify, --return, --envelope-id)";
    lacking("--notify failure", reports);
    lacking("--envelope-id x", reports);
    lacking("--deliver-by 1h", "DELIVERBY, needed for --deliver-by");
    lacking("--hold-for 1h", "FUTURERELEASE, needed for --hold-for and --hold-until");
    lacking("--priority 2", "MT-PRIORITY, needed for --priority");
}

#[test]
fn tls_all_the_way_begins_here() {
    to_jones("--require-tls-onward")
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server does not offer STARTTLS, but TLS is required; \
             nothing was sent (try --tls implicit on port 465)\n\
             ---\tmessage\tuntried: the server does not offer STARTTLS, but TLS is required; nothing was \
             sent (try --tls implicit on port 465)\n",
        )
        .stderr(
            "ehlo: the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls \
            implicit on port 465)\n",
        )
        .exit(77);
    for tls in ["off", "opportunistic"] {
        to_jones(&format!("-S localhost:1 --require-tls-onward --tls {tls}"))
            .stderr(
                "ehlo: --require-tls-onward needs TLS on this connection too: add --tls starttls or \
                --tls implicit\n",
            )
            .exit(64);
    }
}

#[test]
fn values_that_cannot_be_64_and_nobody_is_called() {
    for (flags, text) in [
        ("--notify never,delay", "--notify: 'never' cannot be combined with another value"),
        (
            "--envelope-id ä",
            "--envelope-id: needs printable ASCII, at most 100 octets ('+', '=' and blanks count three)",
        ),
        (
            "--hold-until tomorrow",
            "--hold-until 'tomorrow': needs a date and time with its offset, such as \
             2026-12-24T18:00:00+01:00",
        ),
        (
            "--hold-until 9999-12-31T23:59:59-01:00",
            "--hold-until '9999-12-31T23:59:59-01:00': needs a date and time with its offset, such as \
             2026-12-24T18:00:00+01:00",
        ),
        (
            "--original-recipient a@b.example Brown@Beta.ARPA",
            "--original-recipient needs exactly one recipient, not 2",
        ),
        (
            "--original-recipient nobody",
            "--original-recipient 'nobody': 'nobody' has no '@' and no domain (at character 1)",
        ),
    ] {
        to_jones(&format!("-S localhost:1 {flags}")).stderr(&format!("ehlo: {text}\n")).exit(64);
    }
}

#[test]
fn a_server_that_tells_its_limits_is_not_asked_for_more() {
    // RFC 9422: two recipients in a transaction.
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA Brown@Beta.ARPA --body Blah")
        .server(&format!(
            "{}{MAIL}{RCPT}{GREEN}{TAKEN}{MAIL}{BROWN}C: DATA\nS: 354 go on\n! any-content\nS: 250 second\n{QUIT}",
            hello("LIMITS RCPTMAX=2")
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n250\tmessage\tsecond\n",
        )
        .exit(10);
}

#[test]
fn a_part_that_is_refused_does_not_keep_the_others_from_theirs() {
    send("-f Smith@Alpha.ARPA Green@Beta.ARPA Brown@Beta.ARPA --body Blah")
        .server(&format!(
            "{}{MAIL}{GREEN}C: RSET\nS: 250 OK\n{MAIL}{BROWN}{TAKEN}{QUIT}",
            hello("LIMITS RCPTMAX=1")
        ))
        .stdout("550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(10);
}

#[test]
fn domains_that_do_not_fit_together_go_one_after_the_other() {
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA a@Gamma.ARPA Brown@beta.arpa --body Blah")
        .server(&format!(
            "{}{MAIL}{RCPT}C: RCPT TO:<Brown@beta.arpa>\nS: 250 OK\n{TAKEN}\
             {MAIL}C: RCPT TO:<a@Gamma.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}",
            hello("LIMITS RCPTDOMAINMAX=1")
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n250\ta@Gamma.ARPA\tOK\n250\tBrown@beta.arpa\tOK\n\
             250\tmessage\tOK\n250\tmessage\tOK\n",
        )
        .exit(0);
}

#[test]
fn a_connection_takes_as_many_transactions_as_the_server_says() {
    let hello = hello("LIMITS MAILMAX=1 RCPTMAX=1");
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA Brown@Beta.ARPA --body Blah")
        .server(&format!("{hello}{MAIL}{RCPT}{TAKEN}{QUIT}! close\n{hello}{MAIL}{BROWN}{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn all_or_none_is_not_split() {
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA Brown@Beta.ARPA --body Blah --all-or-none")
        .server(&format!("{}{MAIL}{RCPT}{BROWN}{TAKEN}{QUIT}", hello("LIMITS RCPTMAX=1")))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn replies_after_the_message_are_each_recipients_own_where_prdr_is_offered() {
    send("-f Smith@Alpha.ARPA Jones@Beta.ARPA Brown@Beta.ARPA --body Blah")
        .server(&format!(
            "{}C: MAIL FROM:<Smith@Alpha.ARPA> PRDR\nS: 250 OK\n{RCPT}{BROWN}C: DATA\nS: 354 go on\n! any-content\n\
             S: 353 looking at it\nS: 250 welcome\nS: 550 5.7.1 Brown wants no such mail\nS: 250 id 7\n{QUIT}",
            hello("PRDR")
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n550\tBrown@Beta.ARPA\t5.7.1 Brown wants no such mail\n250\tmessage\tid 7\n")
        .exit(10);
}

#[test]
fn a_domain_outside_ascii_goes_out_in_a_labels_and_is_shown_as_given() {
    send("-f Smith@ärger.example -t jones@müller.example -c jones@MÜLLER.example --body Blah")
        .server(&format!(
            "{HELLO}C: MAIL FROM:<Smith@xn--rger-koa.example>\nS: 250 OK\n\
             C: RCPT TO:<jones@xn--mller-kva.example>\nS: 250 OK\n{TAKEN}{QUIT}"
        ))
        .stdout("250\tjones@müller.example\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn a_parameter_given_in_so_many_words_takes_the_place_of_what_a_flag_says() {
    carries(
        "--notify never --return full --mail-parameter RET=HDRS --rcpt-parameter NOTIFY=SUCCESS",
        "DSN",
        " RET=HDRS",
        &format!("{ORCPT} NOTIFY=SUCCESS"),
    );
}
