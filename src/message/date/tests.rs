use super::*;

#[test]
fn dates_are_written_in_one_form() {
    for (text, written) in [
        ("Sat, 21 Nov 2026 10:00:00 +0100", "Sat, 21 Nov 2026 10:00:00 +0100"),
        ("sat,21 nov 2026  10:00\t+0100", "Sat, 21 Nov 2026 10:00:00 +0100"),
        ("1 Jan 2026 00:00:60 -0000", "Thu, 1 Jan 2026 00:00:59 -0000"),
        // RFC 5322, appendix A.5 and A.6.3, and real mail.
        ("Thu,\t13\t  Feb\t 1969 23:32\t -0330 (Newfoundland Time)", "Thu, 13 Feb 1969 23:32:00 -0330"),
        ("21 Nov 97 09:55:06 GMT", "Fri, 21 Nov 1997 09:55:06 +0000"),
        ("Sun, 4 Mar 2018 03:32:08 +0300 (MSK)", "Sun, 4 Mar 2018 03:32:08 +0300"),
        ("Fri, 13 Feb 15 02:45:46 +0000", "Fri, 13 Feb 2015 02:45:46 +0000"),
        (
            "(a (b)) Fri (c) , (d)13(e)Feb(f)15(g) 02 (h\\)) : 45 : 46 (i)+0000(ü)",
            "Fri, 13 Feb 2015 02:45:46 +0000",
        ),
        ("1 Jan 00 00:00 +0000", "Sat, 1 Jan 2000 00:00:00 +0000"),
        ("1 Jan 49 00:00 +0000", "Fri, 1 Jan 2049 00:00:00 +0000"),
        ("1 Jan 50 00:00 +0000", "Sun, 1 Jan 1950 00:00:00 +0000"),
        ("1 Jan 99 00:00 +0000", "Fri, 1 Jan 1999 00:00:00 +0000"),
        ("1 Jan 100 00:00 +0000", "Sat, 1 Jan 2000 00:00:00 +0000"),
        ("1 Jan 015 00:00 +0000", "Fri, 1 Jan 1915 00:00:00 +0000"),
        ("01 Jan 2026 00:00:00 UT", "Thu, 1 Jan 2026 00:00:00 +0000"),
        ("1 Jan 2026 00:00:00 edt", "Thu, 1 Jan 2026 00:00:00 -0400"),
        ("1 Jan 2026 00:00:00 CST", "Thu, 1 Jan 2026 00:00:00 -0600"),
        ("1 Jan 2026 00:00:00 MDT", "Thu, 1 Jan 2026 00:00:00 -0600"),
        ("1 Jan 2026 00:00:00 PDT", "Thu, 1 Jan 2026 00:00:00 -0700"),
        ("1 Jan 2026 00:00:00 a", "Thu, 1 Jan 2026 00:00:00 -0000"),
        ("1 Jan 2026 00:00:00 Z", "Thu, 1 Jan 2026 00:00:00 -0000"),
        ("1 Jan 2026 00:00:00 MSK", "Thu, 1 Jan 2026 00:00:00 -0000"),
        ("1 Jan 2026 00:00:00 GMT", "Thu, 1 Jan 2026 00:00:00 +0000"),
        ("1 Jan 2026 00:00:00 PST", "Thu, 1 Jan 2026 00:00:00 -0800"),
        ("1 Jan 2026 00:00:00 -0330", "Thu, 1 Jan 2026 00:00:00 -0330"),
        ("2026-11-21T10:00:00Z", "Sat, 21 Nov 2026 10:00:00 +0000"),
        ("2026-11-21 10:00:00.25+05:30", "Sat, 21 Nov 2026 10:00:00 +0530"),
        ("2026-11-21T10:00 -0800", "Sat, 21 Nov 2026 10:00:00 -0800"),
        ("2026-11-21T10:00:00-00:30", "Sat, 21 Nov 2026 10:00:00 -0030"),
    ] {
        assert_eq!(parse(text).as_deref(), Ok(written), "{text:?}");
        assert_eq!(parse(written).as_deref(), Ok(written));
    }
    for text in ["@0", "@1795251600", "2026-11-21", "2026-11-21T10:00"] {
        let written = parse(text).unwrap();
        assert_eq!(parse(&written), Ok(written));
    }
    let now = now().unwrap();
    assert_eq!(parse(&now), Ok(now.clone()));
}

#[test]
fn what_is_no_date_is_refused() {
    for (text, error) in [
        ("", DateError::Form),
        ("now", DateError::Form),
        ("Sun, 21 Nov 2026 10:00:00 +0100", DateError::DayOfWeek),
        ("21 Nov 2026 10:00:00", DateError::Form),
        ("21 Nov 2026 10:00:00 J", DateError::Form),
        ("21 Nov 2026 10:00:00 AB", DateError::Form),
        ("21 Nov 2026 10:00:00 SUMMER", DateError::Form),
        ("21 Nov 2026 10:00:00 CET+1", DateError::Form),
        ("2026-11-21T10:00 CET", DateError::Form),
        ("2026-11-21T10:00 A", DateError::Form),
        ("21 Nov 6 10:00:00 +0100", DateError::Form),
        ("021 Nov 2026 10:00:00 +0100", DateError::Form),
        ("21 Nov 2026 10:00: +0100", DateError::Form),
        ("21 Nov 2026 :10:00 +0100", DateError::Form),
        ("21 Nov 2026 10::00 +0100", DateError::Form),
        ("21 Nov: 2026 10:00 +0100", DateError::Form),
        ("21 Nov 2026 10:00:00 +0100 x", DateError::Form),
        ("21 Nov 2026 10 00 +0100", DateError::Form),
        (", 21 Nov 2026 10:00:00 +0100", DateError::Form),
        ("Sat 21 Nov 2026 10:00:00 +0100", DateError::Form),
        ("Mon, 13 Feb 15 02:45:46 +0000", DateError::DayOfWeek),
        ("21 Nov 2026 10:00:00 +0100 (a", DateError::Form),
        ("21 Nov 2026 10:00:00 +0100 (a\r\nBcc: x@y)", DateError::Form),
        ("21 Nov 2026 10:00:00 +0100 (\u{7})", DateError::Form),
        ("31 Nov 2026 10:00:00 +0100", DateError::Range),
        ("21 Nov 2026 24:00:00 +0100", DateError::Range),
        ("21 Nov 2026 10:00:00 +0160", DateError::Range),
        ("21 Nov 2026 1:00:00 +0100", DateError::Form),
        ("1 Jan 1800 10:00:00 +0100", DateError::Range),
        ("2026-13-21", DateError::Range),
        ("2026-11-21X10:00", DateError::Form),
        ("2026-11-21T10:00:00.x", DateError::Form),
        ("2026-11-2ü", DateError::Form),
        ("@x", DateError::Form),
        ("@99999999999999", DateError::Range),
        ("21 Nov 2026 10:00:00 +0100\r\nBcc: x@y", DateError::Form),
        ("2026-11-21T10:00:00Z\r\nBcc: x@y", DateError::Form),
    ] {
        assert_eq!(parse(text), Err(error), "{text:?}");
    }
}

/// The other half of the next test: TZ cannot be set in a process that has threads.
#[test]
#[ignore = "started by the_local_offset_follows_tz"]
fn print_dates() {
    use std::io::Write;
    let mut out = std::io::stdout();
    for text in ["@1795251600", "@1783000000", "2026-07-02 12:00"] {
        writeln!(out, "\ndate={}", parse(text).unwrap()).unwrap();
    }
}

#[test]
fn the_local_offset_follows_tz() {
    let dates = |zone: &str| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "message::date::tests::print_dates", "--ignored", "--nocapture"])
            .env("TZ", zone)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("date=")).map(str::to_owned).collect::<Vec<_>>()
    };
    // POSIX zones need no files: CET with summer time, India, and UTC.
    assert_eq!(
        dates("CET-1CEST,M3.5.0,M10.5.0/3"),
        [
            "Sat, 21 Nov 2026 10:00:00 +0100",
            "Thu, 2 Jul 2026 15:46:40 +0200",
            "Thu, 2 Jul 2026 12:00:00 +0200"
        ]
    );
    assert_eq!(dates("IST-5:30")[0], "Sat, 21 Nov 2026 14:30:00 +0530");
    assert_eq!(dates("XXX3:30")[0], "Sat, 21 Nov 2026 05:30:00 -0330");
    assert_eq!(dates("UTC0")[0], "Sat, 21 Nov 2026 09:00:00 +0000");
}

#[test]
fn a_moment_needs_an_offset() {
    let seconds = |text| moment(text).map(OffsetDateTime::unix_timestamp);
    for (text, expected) in [
        ("@0", Ok(0)),
        ("1 Jan 1970 01:00 +0100 (CET)", Ok(0)),
        ("1 Jan 70 00:00 -0000", Ok(0)),
        ("31 Dec 69 19:00 EST", Ok(0)),
        ("1970-01-01T00:00:00.5Z", Ok(0)),
        ("1 Jan 1970 01:00 CET", Err(DateError::Offset)),
        ("1970-01-01T00:00", Err(DateError::Offset)),
        ("1970-01-01", Err(DateError::Offset)),
        ("soon", Err(DateError::Form)),
    ] {
        assert_eq!(seconds(text), expected, "{text}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_told() {
    assert!(is_of_unknown_zone("1 Jan 2026 00:00 CET"));
    for text in
        ["1 Jan 2026 00:00 EST", "1 Jan 2026 00:00 Z", "1 Jan 2026 00:00 -0000 (CET)", "2026-01-01", "CET"]
    {
        assert!(!is_of_unknown_zone(text), "{text}");
    }
}
