//! What a domain says of TLSRPT, and what becomes of a line that may be anybody's: the octets are a record, and a line.

use super::assert_printable;
use ehlo::inside::report::tlsrpt::{Author, Letter, Line, Submitter, Tally, compose, rua};
use ehlo_smtp::path::Mailbox;

pub fn holds(octets: &[u8]) {
    record(octets);
    if let Some((day, line)) = Line::read(octets) {
        let written = line.written();
        assert_printable(written.strip_suffix('\n').unwrap());
        assert_eq!(Line::read(written.as_bytes()), Some((day, line.clone())));
        report(day, line);
    }
}

/// Of several records none counts, and others change nothing.
fn record(octets: &[u8]) {
    let (this, other) = (octets.to_vec(), b"v=spf1 -all".to_vec());
    let found = rua(std::slice::from_ref(&this));
    assert_eq!(rua(&[other.clone(), this.clone(), other]), found);
    match &found {
        Ok(Some(rua)) => {
            assert!(octets.starts_with(b"v=TLSRPTv1;"));
            assert!(rua.mailboxes.len() <= 10);
            for mailbox in &rua.mailboxes {
                let text = format!("{mailbox:#}");
                assert!(text.is_ascii() && !text.contains(['\r', '\n']), "{text:?}");
                assert!(Mailbox::parse(&text).is_ok_and(|same| same.same_as(mailbox)), "{text}");
            }
        }
        Ok(None) => assert!(!octets.starts_with(b"v=TLSRPTv1;")),
        Err(_) => {}
    }
    if !matches!(found, Ok(None)) {
        assert!(rua(&[this.clone(), this]).is_err());
    }
}

/// Its report is one line, its file is called by letters that lead nowhere, and its mail has the fields that it has.
fn report(day: ehlo::inside::report::tlsrpt::Day, line: Line) {
    let submitter = Submitter::parse("alpha.example").unwrap();
    let author =
        Author { organization: "Alpha".to_owned(), contact: "a@alpha.example".to_owned(), submitter };
    let mut tally = Tally::default();
    tally.add(day, line.clone());
    tally.add(day, line);
    let reports: Vec<_> = tally.reports(&author).collect();
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    assert_printable(&report.json);
    assert_eq!(report.sessions.0 + report.sessions.1, 2);
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || b"!.-_".contains(&octet);
    assert!(report.file.bytes().all(fits) && !report.file.contains(".."), "{}", report.file);
    let mailbox = Mailbox::parse("a@alpha.example").unwrap();
    let letter = Letter { from: &mailbox, to: std::slice::from_ref(&mailbox), date: "today" };
    let mail = compose(report, &author, &letter);
    assert!(mail.is_ascii() && !mail.replace("\r\n", "").contains(['\r', '\n']));
    let (header, _) = mail.split_once("\r\n\r\n").unwrap();
    let fields = header.split("\r\n").filter(|line| !line.starts_with(' ')).count();
    assert_eq!(fields, 11, "{header}");
    assert!(mail.split("\r\n").all(|line| line.len() <= 998));
}
