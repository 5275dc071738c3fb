//! The message that is composed from flags.

use crate::harness::{Done, Ehlo, ehlo, send};
use crate::*;

fn smith_to_jones(line: &str) -> Ehlo {
    send(&format!("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA {line}"))
}

fn sent(run: Ehlo) -> Done {
    run.server(&all_well()).stdout(JONES_HAS_IT).exit(0)
}

/// The header section of every message here, but for what a test adds.
const HEADER: &str = "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\nFrom: <Smith@Alpha.ARPA>\r\nTo: <Jones@Beta.ARPA>\r\n\
    Message-ID: <1@alpha.arpa>\r\nMIME-Version: 1.0\r\n";
const PLAIN: &str = "Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";

#[test]
fn the_text_is_standard_input_an_argument_or_a_file() {
    let wanted = format!("{HEADER}{PLAIN}Blah\r\n");
    assert_eq!(sent(smith_to_jones("").stdin("Blah\n")).message(), wanted);
    assert_eq!(sent(smith_to_jones("--body Blah")).message(), wanted);
    assert_eq!(sent(smith_to_jones("--body-file text").file("text", "Blah\n")).message(), wanted);
    assert_eq!(sent(smith_to_jones("--body-file -").stdin("Blah")).message(), wanted);
}

#[test]
fn lf_and_crlf_become_crlf_and_a_cr_alone_stays() {
    let wanted = format!("{HEADER}{PLAIN}one\r\ntwo\r\n");
    for text in ["one\ntwo\n", "one\r\ntwo\r\n", "one\r\ntwo"] {
        assert_eq!(sent(smith_to_jones("").stdin(text)).message(), wanted, "{text:?}");
    }
    let encoded = PLAIN.replace("7bit", "quoted-printable");
    let wanted = format!("{HEADER}{encoded}one=0Dtwo=0D\r\n");
    assert_eq!(sent(smith_to_jones("").stdin("one\rtwo\r")).message(), wanted);
}

#[test]
fn an_empty_text_is_sent_and_skip_empty_skips_it() {
    sent(smith_to_jones(""));
    smith_to_jones("-E")
        .unasked()
        .stderr("ehlo: the text is empty: nothing was sent (--skip-empty)\n")
        .exit(0);
    smith_to_jones("-E -q").unasked().exit(0);
    let report = smith_to_jones("-E --json").unasked().any_json();
    let report = report.stderr("ehlo: the text is empty: nothing was sent (--skip-empty)\n").exit(0).json();
    assert_eq!(
        (&report["skipped"], &report["recipients"][0]["status"]),
        (&"empty".into(), &"untried".into())
    );
    assert_eq!(report["recipients"][0]["address"], "Jones@Beta.ARPA");
    sent(smith_to_jones("-E").stdin("\n"));
}

#[test]
fn a_subject_in_utf_8_is_encoded() {
    let done = sent(smith_to_jones("--body Blah -s 'Grüße aus Köln'"));
    assert_eq!(
        done.message().lines().find(|line| line.starts_with("Subject:")),
        Some("Subject: =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=")
    );
}

#[test]
fn a_plain_subject_stays_as_it_is() {
    let done = sent(smith_to_jones("--body Blah -s '-- done: 100% --'"));
    assert!(done.message().contains("\r\nSubject: -- done: 100% --\r\n"), "{}", done.message());
}

#[test]
fn text_in_utf_8_is_encoded_for_any_server() {
    let done = sent(smith_to_jones("").stdin("Grüße\n"));
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\
             \r\n\
             Gr=C3=BC=C3=9Fe\r\n"
    );
}

#[test]
fn text_in_a_charset_given_becomes_utf_8() {
    let done = sent(smith_to_jones("--charset iso-8859-1").stdin(b"Gr\xfc\xdfe\n"));
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\
             \r\n\
             Gr=C3=BC=C3=9Fe\r\n\
             "
    );
}

#[test]
fn text_that_is_not_utf_8_65() {
    smith_to_jones("")
        .stdin(b"fine\nGr\xfc\xdfe\n")
        .unasked()
        .stderr(
            "ehlo: octet 8 of the text (line 2, 'Gr\\xfc\\xdfe') is not UTF-8: name its charset \
         (--charset)\n",
        )
        .exit(65);
}

#[test]
fn a_charset_that_is_not_known_64() {
    smith_to_jones("--charset klingon")
        .stdin("x\n")
        .unasked()
        .stderr("ehlo: unknown charset 'klingon'\n")
        .exit(64);
    to_jones("-S localhost:1 --charset klingon").stderr("ehlo: unknown charset 'klingon'\n").exit(64);
}

#[test]
fn control_characters_in_the_text_are_carried() {
    let done = sent(smith_to_jones("").stdin(b"bell \x07 nul \x00 esc \x1b\n"));
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\
             \r\n\
             bell =07 nul =00 esc =1B\r\n"
    );
}

#[test]
fn an_attachment_goes_along() {
    let done = sent(smith_to_jones("--body Blah -a data.csv").file("data.csv", "a,b\n1,2\n"));
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"=_cbda8b3234799c0c331ae2f5bdd877d8_m\"\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_m\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Blah\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_m\r\n\
             Content-Type: text/csv; charset=\"us-ascii\"\r\n\
             Content-Disposition: attachment; filename=\"data.csv\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             \r\n\
             YSxiCjEsMgo=\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_m--\r\n"
    );
}

#[test]
fn an_attachment_alone_wants_no_text() {
    let done = sent(
        smith_to_jones("-a naïve.bin --attach-type application/x-thing --attach-name 'the thing'")
            .file("naïve.bin", [0, 255, 13, 10]),
    );
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"=_cbda8b3234799c0c331ae2f5bdd877d8_m\"\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_m\r\n\
             Content-Type: application/x-thing\r\n\
             Content-Disposition: attachment; filename=\"the thing\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             \r\n\
             AP8NCg==\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_m--\r\n\
             "
    );
}

#[test]
fn html_with_text_and_a_picture() {
    let done = sent(
        smith_to_jones("--body Blah --html page.html --inline dot.png --attach-id dot")
            .file("page.html", "<p>Blah <img src=\"cid:dot\"></p>\n")
            .file("dot.png", b"\x89PNG"),
    );
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative;\r\n\
             \x20boundary=\"=_cbda8b3234799c0c331ae2f5bdd877d8_a\"\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_a\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Blah\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_a\r\n\
             Content-Type: multipart/related; type=\"text/html\";\r\n\
             \x20boundary=\"=_cbda8b3234799c0c331ae2f5bdd877d8_r\"\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_r\r\n\
             Content-Type: text/html; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             <p>Blah <img src=\"cid:dot\"></p>\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_r\r\n\
             Content-Type: image/png\r\n\
             Content-Disposition: inline; filename=\"dot.png\"\r\n\
             Content-Transfer-Encoding: base64\r\n\
             Content-ID: <dot>\r\n\
             \r\n\
             iVBORw==\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_r--\r\n\
             \r\n\
             --=_cbda8b3234799c0c331ae2f5bdd877d8_a--\r\n"
    );
}

#[test]
fn a_header_is_added_or_replaced() {
    let done = sent(smith_to_jones(
        "--body Blah -s Hello -H 'X-One: 1' -H 'subject: Other' -H 'From: Smith and Co <co@alpha.arpa>'",
    ));
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: Smith and Co <co@alpha.arpa>\r\n\
             To: <Jones@Beta.ARPA>\r\n\
             Subject: Other\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             X-One: 1\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Blah\r\n\
             "
    );
}

#[test]
fn bcc_is_in_no_header() {
    let done = send("-f Smith@Alpha.ARPA -b Jones@Beta.ARPA --body Blah")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert!(!done.message().contains("Jones"), "{}", done.message());
    assert!(!done.message().to_lowercase().contains("bcc"), "{}", done.message());
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: <Smith@Alpha.ARPA>\r\n\
             To: undisclosed-recipients:;\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Blah\r\n"
    );
}

#[test]
fn cc_and_reply_to_are_headers_and_recipient_is_none() {
    let done = send("-f 'John Smith <Smith@Alpha.ARPA>' -c 'Jones <Jones@Beta.ARPA>' --reply-to help@alpha.arpa --recipient Brown@Beta.ARPA --body Blah")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
    assert_eq!(
        done.message(),
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
             From: \"John Smith\" <Smith@Alpha.ARPA>\r\n\
             Cc: \"Jones\" <Jones@Beta.ARPA>\r\n\
             Reply-To: <help@alpha.arpa>\r\n\
             Message-ID: <1@alpha.arpa>\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\
             \r\n\
             Blah\r\n"
    );
}

#[test]
fn a_date_comes_in_several_forms() {
    for (given, wanted) in [
        ("Mon, 02 Nov 1981 14:37:00 -0800", "Mon, 2 Nov 1981 14:37:00 -0800"),
        ("1981-11-02T14:37:00Z", "Mon, 2 Nov 1981 14:37:00 +0000"),
        ("1981-11-02T14:37:00+01:00", "Mon, 2 Nov 1981 14:37:00 +0100"),
        ("@373559820", "Mon, 2 Nov 1981 14:37:00 +0000"),
    ] {
        let done =
            ehlo("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --date")
                .arg(given)
                .server(&all_well())
                .stdout(JONES_HAS_IT)
                .exit(0);
        assert!(done.message().starts_with(&format!("Date: {wanted}\r\n")), "{given}: {}", done.message());
    }
}

#[test]
fn a_message_id_with_brackets_or_without_or_made_up() {
    let run = |line: &str| {
        let done = ehlo(&format!(
            "send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah {line}"
        ))
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
        done.message().lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned)).unwrap()
    };
    assert_eq!(run("--message-id <1@x.y>"), "<1@x.y>");
    assert_eq!(run("--message-id 1@x.y"), "<1@x.y>");
    let (one, two) = (run(""), run(""));
    assert!(one.ends_with("@Alpha.ARPA>") || one.ends_with("@alpha.arpa>"), "{one}");
    assert_ne!(one, two);
}

#[test]
fn in_reply_to_is_written() {
    let done = sent(smith_to_jones("--body Blah --in-reply-to <0@beta.arpa>"));
    assert!(done.message().contains("\r\nIn-Reply-To: <0@beta.arpa>\r\n"), "{}", done.message());
}

#[test]
fn lines_of_a_body_that_begin_with_dots_come_through() {
    let done = sent(smith_to_jones("").stdin(".\n..\n.x\n"));
    assert!(done.message().ends_with("\r\n\r\n.\r\n..\r\n.x\r\n"), "{}", done.message());
    assert!(done.wire().contains("\r\n..\r\n...\r\n..x\r\n.\r\n"));
}
