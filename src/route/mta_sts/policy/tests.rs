//! Policies as they are published, and as they should not be.

use super::*;

const GOOD: &str = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\n\
                    max_age: 604800\n";

fn parse(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse(text.as_bytes())
}

/// Mode, hosts and seconds in one line.
fn told(policy: &Policy) -> String {
    let mx: Vec<String> = policy.mx().iter().map(ToString::to_string).collect();
    format!("{:?} {} {}", policy.mode(), mx.join(","), policy.max_age().as_secs())
}

#[test]
fn a_policy_is_read_whatever_ends_its_lines() {
    let said = "Enforce mail.example.com,*.example.net,backupmx.example.com 604800";
    for text in [
        GOOD.to_owned(),
        GOOD.replace('\n', "\r\n"),
        GOOD.replacen('\n', "\r\n", 2),
        GOOD.replace('\n', " \t\n"),
        GOOD.replace(": ", ":"),
        GOOD.replace(": ", ": \t  "),
        GOOD.replace('\n', "\n\n"),
        GOOD.trim_end().to_owned(),
        format!("other: é:x\n{GOOD}x-y_z.1: \n"),
        format!("{GOOD}mode: none\nmax_age: 1\nversion: STSv2\n"),
        GOOD.lines().rev().map(|line| format!("{line}\n")).collect::<String>(),
    ] {
        let policy = parse(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let reversed = "Enforce backupmx.example.com,*.example.net,mail.example.com 604800";
        let expected = if text.starts_with("max_age") { reversed } else { said };
        assert_eq!(told(&policy), expected, "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    let with = |line: &str| format!("{GOOD}{line}");
    let without =
        |key: &str| GOOD.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n");
    for (text, error) in [
        (String::new(), PolicyError::Version),
        (format!("\u{feff}{GOOD}"), PolicyError::Octets),
        (with("x: \0"), PolicyError::Octets),
        (with("x: \u{1b}[2J"), PolicyError::Octets),
        (GOOD.replace('\n', "\r"), PolicyError::Octets),
        (GOOD.replace('\n', "\r\r\n"), PolicyError::Octets),
        (with("x"), PolicyError::Line(7)),
        (with(" x: y"), PolicyError::Line(7)),
        (with("x : y"), PolicyError::Line(7)),
        (with(": y"), PolicyError::Line(7)),
        (with("   \n"), PolicyError::Line(7)),
        (format!("<html>\n{GOOD}"), PolicyError::Line(1)),
        (without("version"), PolicyError::Version),
        (GOOD.replace("STSv1", "STSv2"), PolicyError::Version),
        (GOOD.replace("STSv1", "stsv1"), PolicyError::Version),
        (format!("version: STSv2\n{GOOD}"), PolicyError::Version),
        (without("mode"), PolicyError::Mode),
        (GOOD.replace("mode", "Mode"), PolicyError::Mode),
        (GOOD.replace("enforce", "Enforce"), PolicyError::Mode),
        (GOOD.replace("enforce", ""), PolicyError::Mode),
        (without("max_age"), PolicyError::MaxAge),
        (GOOD.replace("604800", "-1"), PolicyError::MaxAge),
        (GOOD.replace("604800", "+1"), PolicyError::MaxAge),
        (GOOD.replace("604800", "1.5"), PolicyError::MaxAge),
        (GOOD.replace("604800", "1d"), PolicyError::MaxAge),
        (GOOD.replace("604800", ""), PolicyError::MaxAge),
        (without("mx"), PolicyError::NoMx),
    ] {
        assert_eq!(parse(&text), Err(error), "{text:?}");
    }
    assert_eq!(Policy::parse(b"version: STSv1\nx: \xff"), Err(PolicyError::Octets));
    assert_eq!(told(&parse("version: STSv1\nmode: none\nmax_age: 86400").unwrap()), "None  86400");
}

#[test]
fn it_holds_for_a_year_at_most() {
    for (digits, seconds) in [
        ("0", 0),
        ("1", 1),
        ("000000000000000000000000000086400", 86400),
        ("31557600", LONGEST),
        ("31557601", LONGEST),
        ("18446744073709551615", LONGEST),
        ("18446744073709551616", LONGEST),
        (&"9".repeat(1000), LONGEST),
    ] {
        let policy = parse(&GOOD.replace("604800", digits)).unwrap();
        assert_eq!(policy.max_age().as_secs(), seconds, "{digits}");
    }
}

#[test]
fn a_part_of_a_policy_is_none_unless_all_is_said() {
    let whole = parse(GOOD).unwrap();
    for at in 0..GOOD.len() {
        match parse(&GOOD[..at]) {
            // Cut within its last number, it holds for a shorter time.
            Ok(policy) => {
                assert!(at > GOOD.find("max_age: ").unwrap() + 9, "cut at {at}");
                assert_eq!((policy.mode(), policy.mx()), (whole.mode(), whole.mx()));
                assert!(policy.max_age() <= whole.max_age());
            }
            Err(error) => assert!(at <= GOOD.find("max_age: ").unwrap() + 9, "cut at {at}: {error}"),
        }
    }
}

#[test]
fn hosts_match_by_whole_labels() {
    for (mx, host, is_covered) in [
        ("mail.example", "mail.example", true),
        ("mail.example", "MAIL.Example.", true),
        ("Mail.EXAMPLE.", "mail.example", true),
        ("mail.example", "amail.example", false),
        ("mail.example", "a.mail.example", false),
        ("mail.example", "example", false),
        ("*.example", "a.example", true),
        ("*.EXAMPLE", "A.example.", true),
        ("*.example", "a.b.example", false),
        ("*.example", "example", false),
        ("*.example", ".example", false),
        ("*.example", "", false),
        ("*.com", "example.com", true),
        ("*.com", "mail.example.com", false),
        ("bücher.example", "xn--bcher-kva.example", true),
        ("xn--bcher-kva.example", "BÜCHER.example", true),
        ("*.bücher.example", "mx.xn--bcher-kva.example", true),
        ("_mx.example", "_mx.example", true),
        ("mail.example", "192.0.2.1", false),
        ("*.0.2.1", "192.0.2.1", false),
    ] {
        // A second one, so that what matches nothing is a policy, too.
        let text = format!("version: STSv1\nmode: enforce\nmax_age: 1\nmx: other.invalid\nmx: {mx}\n");
        assert_eq!(parse(&text).unwrap().covers(host), is_covered, "{mx} {host}");
    }
    for mx in [
        "192.0.2.1",
        "::1",
        "[192.0.2.1]",
        "*",
        "*.",
        "*.*.x",
        "a.*.x",
        "*x.y",
        "",
        ".",
        "a..b",
        "a b",
        "a/b",
    ] {
        let text = format!("version: STSv1\nmode: enforce\nmax_age: 1\nmx: {mx}\n");
        assert_eq!(parse(&text), Err(PolicyError::NoMx), "{mx}");
    }
}
