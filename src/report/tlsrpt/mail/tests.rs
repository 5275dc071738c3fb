use super::super::{Day, Submitter};
use super::*;
use encodify::base64::STANDARD;

#[test]
fn a_mail_is_as_the_rfc_has_it() {
    let author = Author {
        organization: "Älpha".to_owned(),
        contact: "mailto:tls@alpha.example".to_owned(),
        submitter: Submitter::parse("alpha.example").unwrap(),
    };
    let report = Report {
        domain: "beta.example".to_owned(),
        day: Day::parse("2026-11-29").unwrap(),
        id: "2026-11-29.0a@alpha.example".to_owned(),
        file: "alpha.example!beta.example!1!2!0a.json".to_owned(),
        sessions: (3, 1),
        json: format!("{{\"x\":\"{}\"}}", "é".repeat(40)),
    };
    let mailbox = |text: &str| Mailbox::parse(text).unwrap();
    let (from, to) =
        (mailbox("tls@alpha.example"), [mailbox("a@beta.example"), mailbox("\"b c\"@d.example")]);
    let date = "Mon, 30 Nov 2026 01:00:00 +0000";
    let mail = compose(&report, &author, &Letter { from: &from, to: &to, date });
    assert!(!mail.replace("\r\n", "").contains(['\r', '\n']));
    assert!(mail.is_ascii() && mail.split("\r\n").all(|line| line.len() <= 78), "{mail}");
    let boundary = format!("=_tlsrpt_{}", super::super::name::digits(&report.json));
    let words = "VGhpcyBpcyBhIHJlcG9ydCBvbiBUTFMgd2l0aCB0aGUgbWFpbCBzZXJ2ZXJzIG9mIGJldGEuZXhh";
    let head = format!(
        "From: <tls@alpha.example>
To: <a@beta.example>,
 <\"b c\"@d.example>
Subject: Report Domain: beta.example
 Submitter: alpha.example
 Report-ID: <2026-11-29.0a@alpha.example>
Date: Mon, 30 Nov 2026 01:00:00 +0000
Message-ID: <2026-11-29.0a@alpha.example>
TLS-Required: No
TLS-Report-Domain: beta.example
TLS-Report-Submitter: alpha.example
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/report; report-type=\"tlsrpt\";
 boundary=\"{boundary}\"

--{boundary}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

{words}
"
    );
    let text = mail.replace("\r\n", "\n");
    assert!(text.starts_with(&head), "{text}");
    let between = format!("--{boundary}\n");
    let mut parts = text.split(&between);
    let decoded = |part: &str| {
        let base64: String =
            part.split_once("\n\n").unwrap().1.lines().take_while(|l| !l.starts_with('-')).collect();
        String::from_utf8(STANDARD.decode(base64.as_bytes()).unwrap()).unwrap()
    };
    assert_eq!(
        decoded(parts.nth(1).unwrap()),
        "This is a report on TLS with the mail servers of beta.example, for 2026-11-29 (UTC), by Älpha.\n\n\
         Sessions in which TLS went as the domain's policies demand: 3.\n\
         Sessions in which it did not, and faults of the policies: 1.\n\n\
         The attached JSON says more; RFC 8460 says what it means.\n"
    );
    let last = parts.next().unwrap();
    assert!(last.starts_with(
        "Content-Type: application/tlsrpt+json\nContent-Disposition: attachment;\n \
         filename=\"alpha.example!beta.example!1!2!0a.json\"\nContent-Transfer-Encoding: base64\n\n"
    ));
    assert!(last.ends_with(&format!("\n--{boundary}--\n")));
    assert_eq!(decoded(last), report.json);
}
