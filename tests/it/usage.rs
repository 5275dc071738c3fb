//! Errors of usage and of input: one line, and nobody is called.

use crate::harness::{ehlo, send};
use crate::*;

/// What helps against a fault in a list of addresses.
const WAY_OUT: &str = "put quotation marks around a name, <> around its address, and a comma between two";

#[test]
fn without_a_server_64_says_how_to_name_one() {
    to_jones("").stderr("ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER\n").exit(64);
}

#[test]
fn a_server_given_to_s_is_noticed() {
    to_jones("-s mail.example.org")
        .stderr(
            "ehlo: no server: name one with -S (--server), as in -S \
        mail.example.org or -S submission://host, or in EHLO_SERVER; 'mail.example.org' was read as the \
        subject; the server goes in -S\n",
        )
        .exit(64);
    to_jones("-s localhost:2525")
        .stderr(
            "ehlo: no server: name one with -S (--server), as in -S \
        mail.example.org or -S submission://host, or in EHLO_SERVER; 'localhost:2525' was read as the \
        subject; the server goes in -S\n",
        )
        .exit(64);
}

#[test]
fn without_a_recipient_64() {
    send("-f Smith@Alpha.ARPA --body Blah")
        .unasked()
        .stderr("ehlo: no recipient: name one, as in 'ehlo send ... ops@example.org', or with --recipient\n")
        .exit(64);
    send("-f Smith@Alpha.ARPA --body Blah --recipients-from /dev/null")
        .unasked()
        .stderr("ehlo: --recipients-from: it contains no address\n")
        .exit(64);
}

#[test]
fn without_a_sender_64() {
    send("-t Jones@Beta.ARPA --body Blah")
        .unasked()
        .stderr("ehlo: no sender: name one with -f (--from) or EHLO_FROM\n")
        .exit(64);
}

#[test]
fn standard_input_for_two_things_64() {
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body-file - -a -")
        .unasked()
        .stderr("ehlo: standard input can be read only once, but more than one flag needs it\n")
        .exit(64);
    send("-f Smith@Alpha.ARPA --recipients-from -")
        .unasked()
        .stderr("ehlo: standard input can be read only once, but more than one flag needs it\n")
        .exit(64);
}

#[test]
fn a_line_end_in_an_address_64() {
    send("-f Smith@Alpha.ARPA --body Blah")
        .arg("-t")
        .arg(
            "Jones@Beta.ARPA\r\nRCPT \
        TO:<x@y>",
        )
        .unasked()
        .stderr(
            "ehlo: --to 'Jones@Beta.ARPA\\x0d\\x0aRCPT TO:<x@y>': a line break \
        inside an address (at character 16)\n",
        )
        .exit(64);
    send("-t Jones@Beta.ARPA --body Blah")
        .arg("-f")
        .arg("Smith@Alpha.ARPA\nQUIT")
        .unasked()
        .stderr(
            "ehlo: --from 'Smith@Alpha.ARPA\\x0aQUIT': a line break inside an address (at character 17)\n",
        )
        .exit(64);
    to_jones("")
        .arg("--envelope-from")
        .arg("x@y\r\nQUIT")
        .unasked()
        .stderr(
            "ehlo: --envelope-from 'x@y\\x0d\\x0aQUIT': a line break inside an address (at character 4)\n",
        )
        .exit(64);
    to_jones("")
        .arg("--reply-to")
        .arg("x@y\r\nBcc: z@a")
        .unasked()
        .stderr("ehlo: --reply-to 'x@y\\x0d\\x0aBcc: z@a': a line break inside an address (at character 4)\n")
        .exit(64);
}

#[test]
fn a_line_end_in_a_header_64() {
    to_jones("")
        .arg("-s")
        .arg("Hello\r\nBcc: x@y")
        .unasked()
        .stderr("ehlo: Subject: a line break in the value\n")
        .exit(64);
    to_jones("")
        .arg("-s")
        .arg("Hello\n")
        .unasked()
        .stderr("ehlo: Subject: a line break in the value\n")
        .exit(64);
    to_jones("")
        .arg("-H")
        .arg("X-A: one\nBcc: x@y")
        .unasked()
        .stderr("ehlo: --header 'X-A: one\\x0aBcc: x@y': it contains a line end\n")
        .exit(64);
    to_jones("")
        .arg("--in-reply-to")
        .arg("<a@b>\r\nX: y")
        .unasked()
        .stderr("ehlo: In-Reply-To, 'X: y': it is not of the form <left@right>\n")
        .exit(64);
}

#[test]
fn a_line_end_at_the_edge_of_a_header_64() {
    to_jones("")
        .arg("-H")
        .arg("X-A\n: one")
        .unasked()
        .stderr("ehlo: --header 'X-A\\x0a: one': it contains a line end\n")
        .exit(64);
    to_jones("")
        .arg("-H")
        .arg("X-A: one\r\n")
        .unasked()
        .stderr("ehlo: --header 'X-A: one\\x0d\\x0a': it contains a line end\n")
        .exit(64);
    to_jones("")
        .arg("-H")
        .arg("\nX-A: one")
        .unasked()
        .stderr("ehlo: --header '\\x0aX-A: one': it contains a line end\n")
        .exit(64);
}

#[test]
fn a_line_end_in_a_display_name_64() {
    send("-f Smith@Alpha.ARPA --body Blah")
        .arg("-t")
        .arg(
            "\"Jones\r\nBcc: x@y\" \
        <Jones@Beta.ARPA>",
        )
        .unasked()
        .stderr(
            "ehlo: --to '\"Jones\\x0d\\x0aBcc: x@y\" <Jones@Beta.ARPA>': a \
        line break inside an address (at character 7)\n",
        )
        .exit(64);
}

#[test]
fn a_line_end_in_the_ehlo_name_64() {
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah")
        .arg("--ehlo-name")
        .arg("alpha\r\nQUIT")
        .unasked()
        .stderr("ehlo: --ehlo-name 'alpha\\x0d\\x0aQUIT': a control character (at character 6)\n")
        .exit(64);
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah")
        .arg("--ehlo-name")
        .arg("")
        .unasked()
        .stderr("ehlo: --ehlo-name '': a part of the domain is missing (at character 1)\n")
        .exit(64);
}

#[test]
fn a_line_end_in_a_parameter_64() {
    to_jones("").arg("--mail-parameter").arg("RET=HDRS\r\nQUIT").unasked().stderr("ehlo: --mail-parameter 'RET=HDRS\\x0d\\x0aQUIT': not of the form KEYWORD or KEYWORD=value (at character 9)\n").exit(64);
    to_jones("").arg("--rcpt-parameter").arg("NOTIFY=NEVER X").unasked().stderr("ehlo: --rcpt-parameter 'NOTIFY=NEVER X': not of the form KEYWORD or KEYWORD=value (at character 13)\n").exit(64);
}

#[test]
fn a_line_end_in_the_message_id_64() {
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah")
        .arg("--message-id")
        .arg("<a@b>\r\nX: y")
        .unasked()
        .stderr("ehlo: Message-ID: '<' is not allowed there\n")
        .exit(64);
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --message-id 'a b@c'")
        .unasked()
        .stderr("ehlo: Message-ID: ' ' is not allowed there\n")
        .exit(64);
}

#[test]
fn a_user_without_a_name_64_and_an_empty_variable_is_none() {
    let said = "ehlo: --user needs a value\n";
    to_jones("").arg("-u").arg("").unasked().stderr(said).exit(64);
    to_jones("--user=").env("EHLO_USER", "smith").unasked().stderr(said).exit(64);
    to_jones("--auth EXTERNAL").arg("-u").arg("").unasked().stderr(said).exit(64);
    ehlo("verify 127.0.0.1:1 Jones@Beta.ARPA").arg("-u").arg("").stderr(said).exit(64);
    #[cfg(feature = "console")]
    ehlo("console 127.0.0.1:1").arg("-u").arg("").stderr(said).exit(64);
    to_jones("-S 127.0.0.1 --dry-run --json").env("EHLO_USER", "").any_json().exit(0);
}

#[test]
fn a_line_end_in_the_user_64() {
    to_jones("--password-env P")
        .env("P", "x")
        .arg("-u")
        .arg("smith\r\nQUIT")
        .unasked()
        .stderr("ehlo: --user: a control character in the name\n")
        .exit(64);
}

#[test]
fn a_malformed_address_is_named_with_its_position_and_a_way_out() {
    for (list, fault) in [
        ("Jones@", "the address is incomplete (at character 7)"),
        ("@Beta.ARPA", "unexpected '@' (at character 1)"),
        ("Jones Beta@x", "unexpected 'B' (at character 7)"),
        ("Jones@Beta.ARPA,Brown@", "the address is incomplete (at character 23)"),
        ("<Jones@Beta.ARPA", "the '<' is never closed (at character 1)"),
        ("Joe <Jones@Beta.ARPA", "the '<' is never closed (at character 5)"),
        ("John Doe Jones@Beta.ARPA", "unexpected 'D' (at character 6)"),
        ("Jones@Beta.ARPA Brown@Beta.ARPA", "unexpected 'B' (at character 17)"),
        ("Jones@Beta.ARPA, 'Joe <Brown@Beta.ARPA", "the '<' is never closed (at character 23)"),
        ("[Team] Jones@Beta.ARPA", "unexpected '[' (at character 1)"),
        ("\"Joe <Jones@Beta.ARPA>", "the quotation mark is never closed (at character 1)"),
    ] {
        for flag in ["--to", "--cc", "--bcc", "--recipient", "--reply-to", "--from", "--envelope-from"] {
            let others = if matches!(flag, "--from" | "--envelope-from") { "-t" } else { "-f" };
            send(&format!("--body Blah {others} Smith@Alpha.ARPA"))
                .arg(flag)
                .arg(list)
                .unasked()
                .stderr(&format!("ehlo: {flag} '{list}': {fault}; {WAY_OUT}\n"))
                .exit(64);
        }
    }
    let long = (0..100).map(|n| format!("n{n}@x.example, ")).collect::<String>();
    send("-f Smith@Alpha.ARPA --body Blah")
        .arg("-t")
        .arg(format!("{long} John Doe Jones@Beta.ARPA, {long}"))
        .unasked()
        .stderr(&format!(
            "ehlo: --to 'John Doe Jones@Beta.ARPA': unexpected 'D' (at character 1497); {WAY_OUT}\n"
        ))
        .exit(64);
    for (list, fault) in [
        (
            "Jones@Beta..ARPA",
            "'Jones@Beta..ARPA': a part of the domain is missing (at character 12); remove a dot at \
             the start or end of the domain, and one of two dots in a row",
        ),
        ("", ": no address in ''; name one, or leave --to out"),
        (",", ": no address in ','; name one, or leave --to out"),
        (
            "<>",
            "'<>': '<>' is not the address of a recipient (at character 1); leave it out, or put an address \
             between '<' and '>'",
        ),
        (
            "Doe, John <Jones@Beta.ARPA>",
            "'Doe, John <Jones@Beta.ARPA>': 'Doe' has no '@' and no domain (at character 1); add one, name \
             the domain of all such names with --domain, or put quotation marks around a name with a comma \
             in it",
        ),
    ] {
        let blank = if fault.starts_with(':') { "" } else { " " };
        send("-f Smith@Alpha.ARPA --body Blah")
            .arg("-t")
            .arg(list)
            .unasked()
            .stderr(&format!("ehlo: --to{blank}{fault}\n"))
            .exit(64);
    }
}

#[test]
fn a_fault_in_a_variable_names_the_variable() {
    for (name, value, line, fault) in [
        (
            "EHLO_FROM",
            "bad bad@",
            "send",
            "EHLO_FROM 'bad bad@': unexpected 'b' (at character 5); put quotation marks around a name, <> \
             around its address, and a comma between two",
        ),
        ("EHLO_FROM", "postmaster", "send", "EHLO_FROM: a name without a domain; add one, or use --domain"),
        ("EHLO_SERVER", "a:b:c", "send -f a@b.c", "EHLO_SERVER: a port is a number from 1 to 65535"),
        ("EHLO_SERVER", "a:25", "send -f a@b.c -p 26", "EHLO_SERVER names port 25, but --port names 26"),
        (
            "EHLO_SERVER",
            "smtp://you@b",
            "send -f a@b.c -u me",
            "-u (--user) names me, but EHLO_SERVER names you: leave one of them out",
        ),
        ("EHLO_USER", "a\u{1}", "send -f a@b.c", "EHLO_USER: a control character in the name"),
    ] {
        let run = ehlo(line).arg("--body").arg("Blah").arg("Jones@Beta.ARPA").env("EHLO_SERVER", "beta.arpa");
        run.env(name, value).stderr(&format!("ehlo: {fault}\n")).exit(64);
    }
    for (name, value, line, fault) in [
        ("EHLO_SERVER", "a:b:c", "console", "EHLO_SERVER: a port is a number from 1 to 65535"),
        ("EHLO_SERVER", "a:b:c", "console -S d:e", "--server: a port is a number from 1 to 65535"),
        ("EHLO_USER", "a\u{1}", "console beta.arpa", "EHLO_USER: a control character in the name"),
        ("EHLO_USER", "a\u{1}", "verify beta.arpa a@b.c", "EHLO_USER: a control character in the name"),
    ] {
        ehlo(line).env(name, value).stderr(&format!("ehlo: {fault}\n")).exit(64);
    }
}

#[test]
fn a_bare_name_needs_a_domain() {
    send("-f Smith@Alpha.ARPA -t root --body Blah")
        .unasked()
        .stderr(
            "ehlo: --to 'root': 'root' has no '@' and no domain (at character 1); add one, or name the \
                 domain of all such names with --domain\n",
        )
        .exit(64);
    send("-f Smith -t Jones --domain Beta.ARPA --body Blah")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Beta.ARPA>\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn postmaster_alone_is_allowed() {
    send("-f Smith@Alpha.ARPA Postmaster --body Blah")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Postmaster>\nS: 250 OK\n{TAKEN}{QUIT}"))
        .stdout("250\tPostmaster\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn a_missing_file_66() {
    to_jones("-a missing.pdf")
        .unasked()
        .stderr("ehlo: cannot read missing.pdf: no such file or directory\n")
        .exit(66);
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body-file missing")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
    send("-f Smith@Alpha.ARPA --recipients-from missing --body x")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA -m missing")
        .unasked()
        .stderr("ehlo: cannot read missing: no such file or directory\n")
        .exit(66);
    to_jones("--ca-file missing")
        .unasked()
        .stderr("ehlo: --ca-file: trusted certificates in missing: no such file\n")
        .exit(66);
    to_jones("-u smith --password-file ./missing")
        .unasked()
        .stderr("ehlo: cannot read the password file ./missing: no such file or directory\n")
        .exit(66);
    to_jones("-u smith --password-file -")
        .unasked()
        .stderr("ehlo: a password is not read from '-': for standard input name /dev/stdin\n")
        .exit(64);
    // With a folder that is there it is a name, and no password.
    to_jones("-u smith --password-file ./missing")
        .unasked()
        .stderr("ehlo: cannot read the password file ./missing: no such file or directory\n")
        .exit(66);
}

#[test]
fn a_folder_as_attachment_66() {
    to_jones("-a .")
        .unasked()
        .stderr("ehlo: cannot read .: it is a directory; attach an archive of it\n")
        .exit(66);
}

#[test]
fn a_password_in_a_url_is_refused_and_not_shown() {
    to_jones("-S smtp://smith:sesame@mail.example.org").stderr("ehlo: --server: a password does not belong in a URL, where others can see it: use --password-file or --password-command\n").exit(64);
    to_jones("-S smith:sesame@mail.example.org").stderr("ehlo: --server: a password does not belong in a URL, where others can see it: use --password-file or --password-command\n").exit(64);
}

#[test]
fn a_password_as_an_argument_is_refused_and_not_shown() {
    to_jones("--password sesame").unasked().stderr("ehlo: a password is not taken as an argument, where everybody on this host could read it: use --password-file, --password-command, --password-env, or wait to be asked\n").exit(64);
    to_jones("--password=sesame").unasked().stderr("ehlo: a password is not taken as an argument, where everybody on this host could read it: use --password-file, --password-command, --password-env, or wait to be asked\n").exit(64);
}

#[test]
fn an_option_that_does_not_exist_64() {
    to_jones("--subjet Hello")
        .unasked()
        .stderr("ehlo: no option --subjet: did you mean --subject?\n")
        .exit(64);
    to_jones("-J").unasked().stderr("ehlo: no option -J: see 'ehlo send --help'\n").exit(64);
    ehlo("sned").stderr("ehlo: no command 'sned': did you mean send?\n").exit(64);
}

#[test]
fn values_that_do_not_fit_64() {
    to_jones("--timeout soon")
        .unasked()
        .stderr("ehlo: --timeout needs a time such as 30, 30s, 5m, 1h, 7d or 500ms, not 'soon'\n")
        .exit(64);
    to_jones("--timeout 0").unasked().stderr("ehlo: --timeout needs a time that is longer than 0\n").exit(64);
    to_jones("-p 70000 -S x").stderr("ehlo: --port needs a number from 1 to 65535\n").exit(64);
    to_jones("--tls maybe")
        .unasked()
        .stderr("ehlo: --tls must be one of off, opportunistic, starttls, implicit, not 'maybe'\n")
        .exit(64);
    to_jones("-u smith --password-env P --auth GSSAPI")
        .env("P", "x")
        .unasked()
        .stderr("ehlo: --auth: unknown mechanism 'GSSAPI'; known are SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, EXTERNAL\n")
        .exit(64);
    to_jones("-S http://example.org")
        .stderr(
            "ehlo: --server: 'http' is not the scheme of a mail server: \
        use smtp, submission, smtps, submissions or lmtp\n",
        )
        .exit(64);
    to_jones("-S 127.0.0.1:25 -p 26").stderr("ehlo: --server names port 25, but --port names 26\n").exit(64);
}

#[test]
fn flags_that_exclude_each_other_64() {
    to_jones("-m x").unasked().stderr("ehlo: --date cannot be used with --message\n").exit(64);
    to_jones("-4 -6").unasked().stderr("ehlo: -4 cannot be used with -6\n").exit(64);
}

#[test]
fn flags_that_need_another_64() {
    let text = "ehlo: --recipients-in-message and --add-missing-headers need --message\n";
    ehlo("send -f Smith@Alpha.ARPA --recipients-in-message").unasked().stderr(text).exit(64);
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --add-missing-headers").unasked().stderr(text).exit(64);
    to_jones("--recipients-in-message").unasked().stderr(text).exit(64);
}

#[test]
fn bcc_as_a_header_64() {
    to_jones("-H 'Bcc: x@y'")
        .unasked()
        .stderr("ehlo: Bcc would be seen by every recipient: use --bcc\n")
        .exit(64);
    to_jones("-H 'no colon'").unasked().stderr("ehlo: --header 'no colon': no colon after a name\n").exit(64);
    to_jones(
        "-H 'Content-Type: \
        text/html'",
    )
    .unasked()
    .stderr(
        "ehlo: Content-Type is set by ehlo itself: use --html or --attach-type, or send a whole message\n",
    )
    .exit(64);
}

#[test]
fn a_date_that_is_none_64() {
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --date yesterday").unasked().stderr("ehlo: the date (--date): not a date such as 'Sat, 21 Nov 2026 10:00:00 +0100', '2026-11-21T10:00:00+01:00' or '@1795251600'\n").exit(64);
}

#[test]
fn an_argument_that_is_not_utf_8_64() {
    to_jones("-s").arg_octets(b"caf\xe9").unasked().stderr("ehlo: --subject is not UTF-8\n").exit(64);
}

#[test]
fn an_argument_that_is_not_utf_8_is_named_by_its_flag() {
    let caf = b"caf\xe9";
    for (flag, named) in [("--subject", "--subject"), ("-c", "--cc"), ("-qs", "--subject")] {
        let said = format!("ehlo: {named} is not UTF-8\n");
        // A file may have such a name.
        to_jones("-a").arg_octets(caf).arg(flag).arg_octets(caf).unasked().stderr(&said).exit(64);
    }
    to_jones("").arg_octets(b"--header=X: \xe9").unasked().stderr("ehlo: --header is not UTF-8\n").exit(64);
    to_jones("").arg_octets(b"-s\xe9").unasked().stderr("ehlo: --subject is not UTF-8\n").exit(64);
    to_jones("-q").arg_octets(caf).unasked().stderr("ehlo: an argument is not UTF-8\n").exit(64);
}

#[test]
fn a_long_flag_with_one_hyphen_is_told_where_the_line_is_in_error() {
    // clap's errors.
    let none = |flag: &str| format!("ehlo: no option {}: did you mean {flag}?\n", &flag[1..]);
    ehlo("probe -verbose h").stderr(&none("--verbose")).exit(64);
    to_jones("-json").unasked().stderr(&none("--json")).exit(64);
    let known = |flag: &str| {
        let (letter, rest) = (&flag[2..3], &flag[3..]);
        format!("ehlo: -{letter}{rest} was read as -{letter} {rest}: did you mean {flag}?\n")
    };
    to_jones("-port 25").unasked().stderr(&known("--port")).exit(64);
    to_jones("-to --subjet x").unasked().stderr(&known("--to")).exit(64);
    // Not behind '--', and not where it is the value of another.
    ehlo("send -S 127.0.0.1:1 -f Smith@Alpha.ARPA --subject=-to -- -to").stderr("ehlo: recipient '-to': \
          '-to' has no '@' and no domain (at character 1); add one, or name the domain of all such names with --domain\n").exit(64);
    // It could be read in another way, and is not.
    to_jones("-subject").unasked().stderr(&known("--subject")).exit(64);
    let said = "ehlo: -subjecthi was read as -s ubjecthi: did you mean --subject?\n";
    to_jones("-subjecthi").unasked().stderr(said).exit(64);
    let said = "ehlo: a password is not taken as an argument, where everybody on this host could read it: use --password-file, --password-command, --password-env, or wait to be asked\n";
    to_jones("-password sesame").unasked().stderr(said).exit(64);
    to_jones("-pass=sesame").unasked().stderr(said).exit(64);
}

#[test]
fn what_a_hyphen_makes_of_a_value_64() {
    to_jones("-v=2").unasked().stderr("ehlo: -v takes no value\n").exit(64);
    to_jones("-s=x -qE=2").unasked().stderr("ehlo: -E takes no value\n").exit(64);
    let dash = |flag: &str| {
        format!("ehlo: no option {flag}: a value that begins with '-' is written --attach=VALUE\n")
    };
    to_jones("-a -dash.txt").unasked().stderr(&dash("-d")).exit(64);
    to_jones("--attach --zzz").unasked().stderr(&dash("--zzz")).exit(64);
    to_jones("-qa --zzz").unasked().stderr(&dash("--zzz")).exit(64);
    to_jones("--attach=x --zzz").unasked().stderr("ehlo: no option --zzz: see 'ehlo send --help'\n").exit(64);
    to_jones("--attach=-dash.txt")
        .unasked()
        .stderr("ehlo: cannot read -dash.txt: no such file or directory\n")
        .exit(66);
}

#[test]
fn a_file_of_recipients_with_a_fault_65_names_the_line() {
    send("-f Smith@Alpha.ARPA --recipients-from list --body x")
        .file("list", "# who\nJones@Beta.ARPA\nbroken@\n")
        .unasked()
        .stderr(&format!("ehlo: list, line 3, 'broken@': the address is incomplete; {WAY_OUT}\n"))
        .exit(65);
}

#[test]
fn a_file_of_recipients_is_told_of_notify_and_of_comments_65() {
    let list = |line: &str, said: &str| {
        send("-f Smith@Alpha.ARPA --recipients-from list --body x")
            .file("list", format!("# who\n{line}\n"))
            .unasked()
            .stderr(&format!("ehlo: list, line 2: {said}\n"))
            .exit(65);
    };
    list("Jones@Beta.ARPA NOTIFY=BOGUS", "NOTIFY must be one of never, success, failure, delay, not 'BOGUS'");
    list("Jones@Beta.ARPA NOTIFY=NEVER,DELAY", "NOTIFY: 'never' cannot be combined with another value");
    list("Jones@Beta.ARPA # the postmaster", "a comment needs a line of its own");
}

#[test]
fn a_file_of_recipients_is_read_with_comments_and_parameters() {
    send("-f Smith@Alpha.ARPA --recipients-from - --body x")
        .stdin("# who\n\n  Jones@Beta.ARPA NOTIFY=NEVER\r\nBrown <Brown@Beta.ARPA>\n")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 DSN\n{MAIL}C: RCPT TO:<Jones@Beta.ARPA> NOTIFY=NEVER ORCPT=rfc822;Jones@Beta.ARPA\nS: 250 OK\nC: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn the_version_and_help_are_what_was_asked_for() {
    ehlo("--version").stdout(concat!("ehlo ", env!("CARGO_PKG_VERSION"), "\n")).exit(0);
}
