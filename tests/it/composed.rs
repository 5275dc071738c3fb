//! What is in a message that is composed: encodings, fields with a structure, identifiers, types, attached
//! messages.

use crate::harness::{Done, Ehlo, ehlo, send};
use crate::*;

fn smith_to_jones(line: &str) -> Ehlo {
    send(&format!("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA {line}"))
}

fn sent(run: Ehlo) -> Done {
    run.server(&all_well()).stdout(JONES_HAS_IT).exit(0)
}

/// The lines of a field, folds undone.
fn fields(message: &str, name: &str) -> Vec<String> {
    let head = message.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let begin = format!("{name}: ");
    head.split("\r\n").filter_map(|line| line.strip_prefix(&begin).map(str::to_owned)).collect()
}

/// What stands behind the first header section that holds this.
fn part<'a>(message: &'a str, holding: &str) -> &'a str {
    let at = message.find(holding).unwrap_or_else(|| panic!("no '{holding}' in\n{message}"));
    let start = message[..at].rfind("\r\n\r\n").map_or(0, |start| start + 4);
    message[start..].trim_start_matches("\r\n")
}

#[test]
fn plain_ascii_stays_as_it_is() {
    let long = format!("{}\n", "x".repeat(998));
    for text in [
        "Daily report\n============\n\nAll fine. \n",
        "text\n-- \nSmith\n",
        "tab at the end\t\n \nFrom here on\n.\n",
        "a = b =20 = c\n",
        long.as_str(),
    ] {
        let done = sent(smith_to_jones("").stdin(text));
        let (head, body) =
            done.message().split_once("\r\n\r\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(head.ends_with("Content-Transfer-Encoding: 7bit"), "{head}");
        assert_eq!(body, text.replace('\n', "\r\n"));
    }
    let done = sent(smith_to_jones("--body-file a --html b").file("a", "plain \n").file("b", "<p>x \n"));
    let message = done.message();
    assert_eq!(message.matches("Content-Transfer-Encoding: 7bit\r\n").count(), 2, "{message}");
    assert!(
        message.contains("\r\n\r\nplain \r\n\r\n--") && message.contains("\r\n\r\n<p>x \r\n\r\n--"),
        "{message}"
    );
}

#[test]
fn what_must_be_encoded_stays_readable_if_most_of_it_is_ascii() {
    let longer = format!("{}\n", "x".repeat(999));
    for (text, encoding, begin) in [
        ("Viele Grüße aus Köln \n", "quoted-printable", "Viele Gr=C3=BC=C3=9Fe aus K=C3=B6ln=20\r\n"),
        (longer.as_str(), "quoted-printable", "xxx"),
        ("Grüße\n", "quoted-printable", "Gr=C3=BC=C3=9Fe\r\n"),
        ("10%\r50%\n", "quoted-printable", "10%=0D50%\r\n"),
        ("page\x0c\n", "quoted-printable", "page=0C\r\n"),
        ("Привет, мир\n", "base64", "0J/RgNC40LLQtdGCLCDQvNC40YANCg=="),
    ] {
        let done = sent(smith_to_jones("").stdin(text));
        let wanted = format!("Content-Transfer-Encoding: {encoding}\r\n\r\n{begin}");
        assert!(done.message().contains(&wanted), "{}", done.message());
    }
}

#[test]
fn fields_with_a_structure_keep_their_addresses() {
    for (header, wanted) in [
        ("Disposition-Notification-To: Jörg <j@x.example>", "=?utf-8?B?SsO2cmc=?= <j@x.example>"),
        ("Return-Receipt-To: j@x.example (Jörg)", "j@x.example (=?utf-8?B?SsO2cmc=?=)"),
        ("Resent-To: Ü <u@x.example>, a@x.example", "=?utf-8?B?w5w=?= <u@x.example>, a@x.example"),
        ("X-Invented: Ü <u@x.example>", "=?utf-8?B?w5w=?= <u@x.example>"),
        (
            "List-Unsubscribe: <https://x.example/u> (für alle)",
            "<https://x.example/u> (=?utf-8?B?ZsO8ciBhbGxl?=)",
        ),
        ("In-Reply-To: <a@b.example> (comment)", "<a@b.example> (comment)"),
        ("References: <a@b.example> (ü) <c@d.example>", "<a@b.example> (=?utf-8?B?w7w=?=) <c@d.example>"),
        ("Reply-To: Ü: u@x.example;", "=?utf-8?B?w5w=?= : u@x.example;"),
        ("X-Page: siehe ü https://x.example/ü", "siehe =?utf-8?B?w7w=?= https://x.example/%C3%BC"),
    ] {
        let name = header.split(':').next().unwrap();
        let done = sent(smith_to_jones("--body Blah -H").arg(header));
        assert_eq!(fields(&done.message(), name), [wanted], "{header}");
    }
}

#[test]
fn an_answer_refers_to_what_it_answers() {
    let references = |line: &str| fields(&sent(smith_to_jones(line)).message(), "References").concat();
    assert_eq!(references("--body Blah --in-reply-to 1@x.example"), "<1@x.example>");
    assert_eq!(references("--body Blah --in-reply-to '<1@x.example> (yours)'"), "<1@x.example>");
    assert_eq!(references("--body Blah -H 'In-Reply-To: <1@x.example>'"), "<1@x.example>");
    assert_eq!(
        references("--body Blah --in-reply-to 1@x.example -H 'References: <0@x.example> <1@x.example>'"),
        "<0@x.example> <1@x.example>"
    );
    assert_eq!(references("--body Blah"), "");
    assert_eq!(references("--body x -H 'References: <a@b>,<c@d>'"), "<a@b> <c@d>");
    let phrase = "--body x -H 'In-Reply-To: Your message of Fri <a@b.example> (so)'";
    assert_eq!(references(phrase), "<a@b.example>");
    assert_eq!(fields(&sent(smith_to_jones(phrase)).message(), "In-Reply-To").concat(), "<a@b.example>");
    smith_to_jones("--body x -H 'References: <a@b> <c d>'")
        .unasked()
        .stderr("ehlo: References, '<c d>': ' ' is not allowed there\n")
        .exit(64);
}

#[test]
fn pictures_have_identifiers_of_their_own_and_the_html_says_them() {
    let run = |line: &str| {
        let done =
            ehlo(&format!("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA {line}"))
                .file("h.html", "<img src=\"cid:my%20logo.png\"><p style='background: url(CID:a.png)'>")
                .file("my logo.png", "1")
                .file("a.png", "2")
                .server(&all_well())
                .stdout(JONES_HAS_IT)
                .exit(0);
        let message = done.message();
        let id =
            |line: &str| line.strip_prefix("Content-ID: <").map(|id| id.trim_end_matches('>').to_owned());
        let ids: Vec<String> = message.lines().filter_map(id).collect();
        let html = part(&message, "<img").lines().next().unwrap().to_owned();
        (ids, html)
    };
    let line = "--html h.html --inline 'my logo.png' --inline a.png";
    let ((one, html), (two, _)) = (run(line), run(line));
    assert!(one[0].starts_with("my-logo.png.") && one[1].starts_with("a.png."), "{one:?}");
    assert!(one.iter().all(|id| id.ends_with("@Alpha.ARPA")), "{one:?}");
    assert!(one.iter().all(|id| !two.contains(id)), "{one:?} {two:?}");
    let (logo, a) = (&one[0], &one[1]);
    assert_eq!(html, format!("<img src=\"cid:{logo}\"><p style='background: url(CID:{a})'>"));
    let (ids, html) = run("--html h.html --inline a.png --attach-id dot");
    assert_eq!(ids, ["dot"]);
    assert!(html.contains("CID:a.png") && html.contains("cid:my%20logo.png"), "{html}");
}

#[test]
fn a_name_where_nothing_is_shown_stays_and_is_warned_of() {
    let html = "<p>cid:a.png<img src='cid:a.png'>";
    let run = smith_to_jones("--html h.html --inline a.png").file("h.html", html).file("a.png", "2");
    let done = sent(run.stderr(
        "ehlo: warning: the HTML says 'cid:a.png' in its text, a comment, a script or within another URL: there it \
         is left unchanged\n",
    ));
    assert!(done.message().contains("<p>cid:a.png<img src='cid:a.png."), "{}", done.message());
}

#[test]
fn inline_without_html_64() {
    smith_to_jones("--body x --inline a.png")
        .file("a.png", "x")
        .unasked()
        .stderr("ehlo: an inline part needs an HTML body that shows it\n")
        .exit(64);
}

#[test]
fn dates_are_taken_as_mail_has_them() {
    for (given, wanted) in [
        ("Sun, 4 Mar 2018 03:32:08 +0300 (MSK)", "Sun, 4 Mar 2018 03:32:08 +0300"),
        ("Fri, 13 Feb 15 02:45:46 +0000", "Fri, 13 Feb 2015 02:45:46 +0000"),
        ("2 (second) Nov 81 14 : 37 EST", "Mon, 2 Nov 1981 14:37:00 -0500"),
    ] {
        for flag in [["--date", given].map(str::to_owned), ["-H".to_owned(), format!("Date: {given}")]] {
            let run = ehlo("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah");
            let done = sent(flag.iter().fold(run, |run, word| run.arg(word)));
            assert_eq!(fields(&done.message(), "Date"), [wanted], "{given}");
        }
        let done = sent(smith_to_jones("--body Blah -H").arg(format!("Resent-Date: {given}")));
        assert_eq!(fields(&done.message(), "Resent-Date"), [wanted], "{given}");
        let offers = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 FUTURERELEASE 4000000000 2099-12-31T00:00:00Z\n";
        let hold = |text: &str, moment: &str| {
            let mail = format!("C: MAIL FROM:<Smith@Alpha.ARPA> HOLDUNTIL={moment}\nS: 250 OK\n");
            to_jones("--hold-until")
                .arg(text)
                .server(&format!("{offers}{mail}{RCPT}{TAKEN}{QUIT}"))
                .stdout(JONES_HAS_IT)
                .exit(0);
        };
        hold("Thu, 24 Dec 2026 18:00:00 +0100 (CET)", "2026-12-24T17:00:00Z");
        hold("24 Dec 26 12:00 EST", "2026-12-24T17:00:00Z");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_utc_and_said() {
    let run = ehlo("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --date");
    let done = sent(run.arg("2 Nov 1981 14:37 CET").stderr(
        "ehlo: warning: the zone of the date '2 Nov 1981 14:37 CET' is unknown and is read as UTC (-0000): \
         give its offset, such as +0100\n",
    ));
    assert_eq!(fields(&done.message(), "Date"), ["Mon, 2 Nov 1981 14:37:00 -0000"]);
}

/// The header of the part that is attached.
fn attached(run: Ehlo) -> (String, String) {
    let done = sent(run);
    let message = done.message();
    let begin = message.find("Content-Disposition: attachment").unwrap();
    let start = message[..begin].rfind("\r\n--").unwrap();
    let (head, body) = message[start..].split_once("\r\n\r\n").unwrap();
    (head.replace("\r\n ", " "), body.to_owned())
}

#[test]
fn a_calendar_says_its_method() {
    let calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    for (line, kind) in [
        ("--body x -a i.ics", "text/calendar; charset=\"us-ascii\"; method=\"REQUEST\""),
        (
            "--body x -a i.ics --attach-type text/calendar",
            "text/calendar; charset=\"us-ascii\"; method=\"REQUEST\"",
        ),
        (
            "--body x -a i.ics --attach-type 'text/calendar; method=REPLY'",
            "text/calendar; method=\"REPLY\"; charset=\"us-ascii\"",
        ),
    ] {
        let (head, _) = attached(smith_to_jones(line).file("i.ics", calendar));
        assert!(head.contains(&format!("\r\nContent-Type: {kind}\r\n")), "{head}");
    }
}

#[test]
fn types_and_charsets_are_true() {
    for (name, octets, kind) in [
        ("README", "plain\n".as_bytes(), "text/plain; charset=\"us-ascii\""),
        (".bashrc", "# ü\n".as_bytes(), "text/plain; charset=\"utf-8\""),
        ("syslog.1", b"line\n", "text/plain; charset=\"us-ascii\""),
        ("data", b"\0\x01", "application/octet-stream"),
        ("a.txt", b"a\0b", "application/octet-stream"),
        ("a.txt", b"Gr\xfc\xdfe\n", "text/plain"),
        ("a.log", b"\x1b[1mred\x1b[0m\n", "text/plain"),
        ("data", b"Gr\xfc\xdfe\n", "application/octet-stream"),
        ("a.rpm", b"x", "application/x-redhat-package-manager"),
        ("a.otf", b"x", "font/otf"),
        ("a.rar", b"x", "application/vnd.rar"),
    ] {
        let (head, _) = attached(smith_to_jones(&format!("--body x -a {name}")).file(name, octets));
        assert!(head.contains(&format!("\r\nContent-Type: {kind}\r\n")), "{name}: {head}");
    }
}

#[test]
fn a_charset_that_is_not_the_files_65() {
    smith_to_jones("--body x -a a.txt --attach-type 'text/plain; charset=utf-8'")
        .file("a.txt", b"\xfc")
        .unasked()
        .stderr(
            "ehlo: the type given for 'a.txt' says utf-8, but the file is not utf-8: name its charset, \
            or none (--attach-type)\n",
        )
        .exit(65);
}

const EIGHT_BIT: &str = "From: a@b.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
    Content-Transfer-Encoding: 8bit\n\nGrüße\n";

#[test]
fn an_attached_message_with_8_bits_stays_a_message() {
    let offers = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 8BITMIME\n";
    let mail = "C: MAIL FROM:<Smith@Alpha.ARPA> BODY=8BITMIME\nS: 250 OK\n";
    for line in ["--body x -a inner.eml", "--body x -a inner.eml --attach-type message/rfc822"] {
        let done = smith_to_jones(line)
            .file("inner.eml", EIGHT_BIT)
            .server(&format!("{offers}{mail}{RCPT}{TAKEN}{QUIT}"))
            .stdout(JONES_HAS_IT)
            .exit(0);
        let message = done.message();
        assert_eq!(fields(&message, "Content-Transfer-Encoding"), ["8bit"]);
        let inner = "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"inner.eml\"\r\n\
            Content-Transfer-Encoding: 8bit\r\n\r\n";
        assert!(message.contains(&format!("{inner}{}", EIGHT_BIT.replace('\n', "\r\n"))), "{message}");
    }
}

#[test]
fn where_8_bits_are_not_taken_the_file_is_named_69() {
    let why = "the attached message 'inner.eml' contains 8-bit octets, but the server does not offer \
        8BITMIME; attach it as octets (--attach-type application/octet-stream), or send it anyway with \
        --force-8bit";
    smith_to_jones("--body x -a inner.eml")
        .file("inner.eml", EIGHT_BIT)
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n"))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(69);
    smith_to_jones("--body x -a inner.eml --force-8bit")
        .file("inner.eml", EIGHT_BIT)
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    let octets = "--body x -a inner.eml --attach-type application/octet-stream";
    sent(smith_to_jones(octets).file("inner.eml", EIGHT_BIT));
}

#[test]
fn a_message_that_cannot_be_attached_as_one_is_told() {
    let long = format!("Subject: x\n\n{}\n", "x".repeat(999));
    let (head, _) = attached(smith_to_jones("--body x -a inner.eml").file("inner.eml", &long).stderr(
        "ehlo: warning: 'inner.eml' is attached as application/octet-stream, not as a message: line \
                 3 has 999 octets, but at most 998 are allowed\n",
    ));
    assert!(head.contains("\r\nContent-Type: application/octet-stream\r\n"), "{head}");
    smith_to_jones("--body x -a inner.eml --attach-type message/rfc822")
        .file("inner.eml", &long)
        .unasked()
        .stderr(
            "ehlo: 'inner.eml' cannot be attached as message/rfc822: line 3 has 999 octets, but at most 998 \
             are allowed; attach it \
             as octets instead (--attach-type application/octet-stream)\n",
        )
        .exit(65);
    smith_to_jones("--body x -a inner.eml --attach-type message/delivery-status")
        .file("inner.eml", EIGHT_BIT)
        .unasked()
        .stderr(
            "ehlo: 'inner.eml' cannot be attached as message/delivery-status: it contains 8-bit octets, \
             which that type does not allow; attach it as octets instead (--attach-type \
             application/octet-stream)\n",
        )
        .exit(65);
    smith_to_jones("--body x -a a --attach-type multipart/mixed")
        .file("a", "x")
        .unasked()
        .stderr(
            "ehlo: 'multipart/mixed' is not a media type for a file; one is text/plain or application/pdf\n",
        )
        .exit(64);
}

#[test]
fn a_message_with_utf_8_in_its_header_may_be_encoded() {
    let (head, _) =
        attached(smith_to_jones("--body x -a inner.u8msg").file("inner.u8msg", "Subject: ü\n\nx\n"));
    assert!(head.contains("\r\nContent-Type: message/global\r\n"), "{head}");
    assert!(head.contains("\r\nContent-Transfer-Encoding: base64"), "{head}");
}

#[test]
fn words_that_name_a_file_are_warned_of() {
    let done = sent(smith_to_jones("--body @report.txt").file("report.txt", "x").stderr(
        "ehlo: warning: --body '@report.txt' is sent as these words; for what is in the file use --body-file report.txt\n",
    ));
    assert!(done.message().ends_with("\r\n\r\n@report.txt\r\n"), "{}", done.message());
    sent(smith_to_jones("--body @report.txt"));
    sent(smith_to_jones("--body @-").stderr(
        "ehlo: warning: --body '@-' is sent as it stands; for what is on standard input use --body-file -\n",
    ));
    sent(smith_to_jones("--body -").stderr(
        "ehlo: warning: --body '-' is sent as it stands; for what is on standard input use --body-file -\n",
    ));
    sent(smith_to_jones("--body @").file("report.txt", "x"));
    smith_to_jones("-q --body @report.txt").file("report.txt", "x").server(&all_well()).exit(0);
}

#[test]
fn a_file_that_is_named_with_an_at_is_not_there_66() {
    for flag in ["-a", "--body-file", "--html", "-m"] {
        let text = if flag == "-a" { "--body x" } else { "" };
        smith_to_jones_or_as_is(flag, text)
            .arg(flag)
            .arg("@report.txt")
            .file("report.txt", "x")
            .unasked()
            .stderr("ehlo: cannot read @report.txt: there is no such file; name report.txt without the '@'\n")
            .exit(66);
    }
}

/// `-m` goes with none of the flags that make a message.
fn smith_to_jones_or_as_is(flag: &str, line: &str) -> Ehlo {
    match flag {
        "-m" => ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA"),
        _ => smith_to_jones(line),
    }
}

#[test]
fn a_message_to_nobody_who_is_shown_says_so() {
    let to = |line: &str| {
        let run = send(&format!("-f Smith@Alpha.ARPA --body Blah {line}")).file("list", "Jones@Beta.ARPA\n");
        let message = sent(run).message();
        (fields(&message, "To").concat(), fields(&message, "Cc").concat())
    };
    let nobody = ("undisclosed-recipients:;".to_owned(), String::new());
    assert_eq!(to("-b Jones@Beta.ARPA"), nobody);
    assert_eq!(to("--recipients-from list"), nobody);
    assert_eq!(to("--recipient Jones@Beta.ARPA"), nobody);
    assert_eq!(to("-c Jones@Beta.ARPA"), (String::new(), "<Jones@Beta.ARPA>".to_owned()));
    assert_eq!(to("-b Jones@Beta.ARPA -H 'To: all@x.example'"), ("all@x.example".to_owned(), String::new()));
    assert_eq!(to("-b Jones@Beta.ARPA -H 'cc: all@x.example'"), (String::new(), "all@x.example".to_owned()));
}

#[test]
fn a_file_name_that_is_not_utf_8_is_warned_of() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.bin");
    let run = |line: &str| {
        let run = smith_to_jones("--body x -a").arg_octets(b"caf\xe9.bin");
        std::fs::write(run.folder().join(name), b"\0").unwrap();
        if line.is_empty() { run } else { run.arg("--attach-name").arg(line) }
    };
    let (head, _) = attached(run("").stderr(
        "ehlo: warning: the file name 'caf\\xe9.bin' is not UTF-8: readers will see 'caf\u{fffd}.bin'; name it with \
         --attach-name\n",
    ));
    assert!(head.contains("filename*=UTF-8''caf%EF%BF%BD.bin"), "{head}");
    for (given, own, shown) in
        [(" a.txt ", " a.txt ", "a.txt"), ("x/fdp\u{202e}.exe", "fdp\\u{202e}.exe", "fdp.exe")]
    {
        let (head, _) = attached(run(given).stderr(&format!(
            "ehlo: warning: the file name '{own}' cannot be sent as it is: readers will see '{shown}'; name it with \
             --attach-name\n"
        )));
        assert!(head.contains(&format!("filename=\"{shown}\"")), "{head}");
    }
    let (head, _) = attached(run("").env("LANG", "fr_FR.ISO-8859-1"));
    assert!(head.contains("filename*=UTF-8''caf%C3%A9.bin"), "{head}");
    let (head, _) = attached(run("café.bin"));
    assert!(head.contains("filename*=UTF-8''caf%C3%A9.bin"), "{head}");
}

#[test]
fn a_name_with_control_characters_is_warned_of() {
    let run = smith_to_jones("--body x -a").arg("a\nb.bin").file("a\nb.bin", b"\0");
    attached(run.stderr(
        "ehlo: warning: the file name 'a\\nb.bin' cannot be sent as it is: readers will see 'ab.bin'; name it with \
         --attach-name\n",
    ));
}

#[test]
fn a_file_that_is_not_there_is_named_octet_for_octet_66() {
    let run = smith_to_jones("--body x -a").arg_octets(b"caf\xe9.bin").unasked();
    run.stderr("ehlo: cannot read caf\\xe9.bin: no such file or directory\n").exit(66);
}

#[test]
fn flags_may_be_in_the_charset_of_the_locale() {
    let subject = |locale: &[(&str, &str)]| {
        let run = smith_to_jones("--body x -a").arg_octets(b"caf\xe9.txt").arg_octets(b"--subject=caf\xe9");
        std::fs::write(
            run.folder().join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"caf\xe9.txt")),
            "x",
        )
        .unwrap();
        let run = run.arg("--attach-name").arg_octets(b"\xe9.txt");
        locale.iter().fold(run, |run, (name, value)| run.env(name, value))
    };
    for locale in [
        &[("LANG", "de_DE.ISO-8859-1")][..],
        &[("LC_CTYPE", "fr_FR.iso88591"), ("LANG", "C.UTF-8")],
        &[("LC_ALL", "de_DE.ISO-8859-15@euro"), ("LC_CTYPE", "C")],
    ] {
        let message = sent(subject(locale)).message();
        assert_eq!(fields(&message, "Subject"), ["=?utf-8?B?Y2Fmw6k=?="]);
        assert!(message.contains("filename*=UTF-8''%C3%A9.txt"), "{message}");
    }
    for locale in [&[][..], &[("LANG", "de_DE.UTF-8")], &[("LANG", "C")], &[("LANG", "ja_JP.eucJP")]] {
        subject(locale).unasked().stderr("ehlo: --subject is not UTF-8\n").exit(64);
    }
}
