//! The examples of RFC 7208, and what its sections say of the edges.

use super::*;
use std::collections::HashMap;

/// A zone: `name TYPE value`, one record a line. `!` in place of a value is a look-up that fails.
struct Zone(HashMap<(String, &'static str), Vec<String>>);

impl Zone {
    fn of(text: &str) -> Zone {
        let mut zone: HashMap<_, Vec<String>> = HashMap::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, rest) = line.split_once(' ').unwrap();
            let (kind, value) = rest.trim().split_once(' ').unwrap();
            let kind = ["TXT", "A", "AAAA", "MX", "PTR"].into_iter().find(|known| *known == kind).unwrap();
            zone.entry((name.to_owned(), kind)).or_default().push(value.trim().to_owned());
        }
        Zone(zone)
    }

    fn get(&self, name: &str, kind: &'static str) -> Result<Vec<String>, Unknown> {
        let found = self.0.get(&(name.to_ascii_lowercase(), kind)).cloned().unwrap_or_default();
        if found == ["!"] { Err(Unknown) } else { Ok(found) }
    }
}

impl LookUp for Zone {
    fn texts(&mut self, name: &str) -> Result<Vec<Vec<u8>>, Unknown> {
        Ok(self.get(name, "TXT")?.into_iter().map(String::into_bytes).collect())
    }

    fn addresses(&mut self, name: &str, is_v6: bool) -> Result<Vec<IpAddr>, Unknown> {
        let found = self.get(name, if is_v6 { "AAAA" } else { "A" })?;
        Ok(found.iter().map(|ip| ip.parse().unwrap()).collect())
    }

    fn exchangers(&mut self, name: &str) -> Result<Vec<String>, Unknown> {
        self.get(name, "MX")
    }

    fn names(&mut self, ip: IpAddr) -> Result<Vec<String>, Unknown> {
        self.get(&ip.to_string(), "PTR")
    }
}

fn judged(zone: &str, ip: &str, sender: &str) -> Evaluation {
    let (local, sender_domain) = sender.split_once('@').unwrap();
    let question = Question { ip: ip.parse().unwrap(), local, sender_domain, helo: "mta.example.net" };
    evaluate(&question, sender_domain, &mut Zone::of(zone))
}

/// The zone of RFC 7208, appendix A.
const APPENDIX_A: &str = "
    example.com A 192.0.2.10
    example.com A 192.0.2.11
    example.com MX mail-a.example.com
    example.com MX mail-b.example.com
    amy.example.com A 192.0.2.65
    bob.example.com A 192.0.2.66
    mail-a.example.com A 192.0.2.129
    mail-b.example.com A 192.0.2.130
    example.org MX mail-c.example.org
    mail-c.example.org A 192.0.2.140
    192.0.2.10 PTR example.com
    192.0.2.65 PTR amy.example.com
    192.0.2.66 PTR bob.example.com
    192.0.2.129 PTR mail-a.example.com
    192.0.2.130 PTR mail-b.example.com
    192.0.2.140 PTR mail-c.example.org
    10.0.0.4 PTR bob.example.com
";

#[test]
fn the_examples_of_appendix_a() {
    for (record, matching, others) in [
        ("v=spf1 +all", &["192.0.2.129", "1.2.3.4"][..], &[][..]),
        ("v=spf1 a -all", &["192.0.2.10", "192.0.2.11"], &["192.0.2.65"]),
        ("v=spf1 a:example.org -all", &[], &["192.0.2.10", "192.0.2.140"]),
        ("v=spf1 mx -all", &["192.0.2.129", "192.0.2.130"], &["192.0.2.10"]),
        ("v=spf1 mx:example.org -all", &["192.0.2.140"], &["192.0.2.129"]),
        ("v=spf1 mx mx:example.org -all", &["192.0.2.129", "192.0.2.140"], &["192.0.2.10"]),
        ("v=spf1 mx/30 mx:example.org/30 -all", &["192.0.2.131", "192.0.2.143"], &["192.0.2.132"]),
        ("v=spf1 ptr -all", &["192.0.2.10", "192.0.2.65", "192.0.2.129"], &["192.0.2.140", "10.0.0.4"]),
        ("v=spf1 ip4:192.0.2.128/28 -all", &["192.0.2.129", "192.0.2.143"], &["192.0.2.65", "192.0.2.144"]),
    ] {
        let zone = format!("{APPENDIX_A}\nexample.com TXT {record}");
        for ip in matching {
            assert_eq!(judged(&zone, ip, "a@example.com").verdict, Verdict::Pass, "{record} {ip}");
        }
        for ip in others {
            assert_eq!(judged(&zone, ip, "a@example.com").verdict, Verdict::Fail, "{record} {ip}");
        }
    }
}

#[test]
fn macros_as_in_section_7_4() {
    for (macros, expanded) in [
        ("%{s}.a", "strong-bad@email.example.com.a"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}.a", "strong-bad.a"),
        ("%{l-}.a", "strong.bad.a"),
        ("%{lr}.a", "strong-bad.a"),
        ("%{lr-}.a", "bad.strong.a"),
        ("%{l1r-}.a", "strong.a"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        ("%{S}.a", "strong-bad%40email.example.com.a"),
        ("a%%b%_c%-.a", "a%b c%20.a"),
        ("%{h}", "mta.example.net"),
    ] {
        let template = template::Template::domain(macros).unwrap_or_else(|fault| panic!("{macros}: {fault}"));
        let question = Question {
            ip: "192.0.2.3".parse().unwrap(),
            local: "strong-bad",
            sender_domain: "email.example.com",
            helo: "mta.example.net",
        };
        assert_eq!(template.expand(&question, "email.example.com", ""), expanded, "{macros}");
    }
    let question =
        Question { ip: "2001:db8::cb01".parse().unwrap(), local: "", sender_domain: "example.com", helo: "" };
    let template = template::Template::domain("%{ir}.%{v}._spf.%{d2}").unwrap();
    assert_eq!(
        template.expand(&question, "example.com", ""),
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    );
    // What is too long loses labels in front.
    let long = template::Template::domain(&format!("{}.example.com", ["a".repeat(60).as_str(); 5].join(".")))
        .unwrap();
    assert_eq!(long.expand(&question, "x", "").len(), 60 * 3 + 3 + 11);
}

#[test]
fn what_cannot_be_read() {
    for (terms, fault) in [
        ("foo", TermFault::Mechanism),
        ("all:x", TermFault::Value),
        ("all/8", TermFault::Value),
        ("include", TermFault::NoValue),
        ("include:", TermFault::NoValue),
        ("a:", TermFault::NoValue),
        ("a:/24", TermFault::NoValue),
        ("a/33", TermFault::Prefix),
        ("a//129", TermFault::Prefix),
        ("a/024", TermFault::Prefix),
        ("a:localhost", TermFault::Name),
        ("a:192.0.2.1", TermFault::Name),
        ("a:example.org-", TermFault::Name),
        ("ax", TermFault::Mechanism),
        ("ip4", TermFault::NoValue),
        ("ip4:192.0.2", TermFault::Address),
        ("ip4:192.0.2.1/33", TermFault::Prefix),
        ("ip4:2001:db8::1", TermFault::Address),
        ("ip6:192.0.2.1", TermFault::Address),
        ("ip6:2001:db8::1/129", TermFault::Prefix),
        ("exists:%{x}.example.org", TermFault::Macro),
        ("exists:%{d0}.example.org", TermFault::Macro),
        ("exists:%{d.example.org", TermFault::Macro),
        ("exists:%a.example.org", TermFault::Macro),
        ("exists:%{t}.example.org", TermFault::Macro),
        ("redirect=", TermFault::Name),
        ("-", TermFault::Mechanism),
    ] {
        let read = Record::parse(format!("v=spf1 {terms} -all").as_bytes());
        assert_eq!(read, Err(SpfFault::Term { term: terms.to_owned(), fault }), "{terms}");
    }
    assert_eq!(Record::parse(b"v=spf1 redirect=a.b redirect=c.d"), Err(SpfFault::Twice("redirect=")));
    assert_eq!(Record::parse(b"v=spf1 exp=a.b EXP=c.d"), Err(SpfFault::Twice("exp=")));
    assert_eq!(Record::parse("v=spf1 ä".as_bytes()), Err(SpfFault::Octets));
    assert_eq!(Record::parse(&[b"v=spf1 ", [b'x'; 9000].as_slice()].concat()), Err(SpfFault::TooLong));
    for terms in ["", "  ALL ", "x=%{q", "a.b=c", "a/24//64 a:%{d}/0 mx//0", "exists:%%", "exp=%{d}", "?all"]
    {
        assert!(Record::parse(format!("v=spf1 {terms}").as_bytes()).is_ok(), "{terms}");
    }
    for (text, is_one) in [
        ("v=spf1", true),
        ("V=SPF1 -all", true),
        ("v=spf10", false),
        ("v=spf1\t-all", false),
        ("spf2.0/pra", false),
    ] {
        assert_eq!(is_record(text.as_bytes()), is_one, "{text}");
    }
}

#[test]
fn the_limits_hold() {
    let many = |count: usize| (0..count).map(|at| format!("exists:{at}.x.org ")).collect::<String>();
    let found = (0..12).map(|at| format!("{at}.x.org A 192.0.2.200\n")).collect::<String>();
    let zone = |terms: &str| format!("{found}\nx.org TXT v=spf1 {terms}");
    // Those that match end it.
    assert_eq!(judged(&zone(&many(12)), "192.0.2.1", "a@x.org").look_ups, 1);
    let of = |terms: &str| judged(&zone(terms), "192.0.2.1", "a@x.org");
    let a = |count: usize| (0..count).map(|at| format!("a:{at}.x.org ")).collect::<String>();
    assert_eq!(of(&format!("{}-all", a(10))).verdict, Verdict::Fail);
    let over = of(&format!("{}-all", a(11)));
    assert_eq!((over.verdict, over.trouble), (Verdict::PermError, Some(Trouble::LookUps)));
    // Two answers may be empty.
    assert_eq!(of("a:no1.org a:no2.org -all").verdict, Verdict::Fail);
    assert_eq!(of("a:no1.org a:no2.org mx:no3.org -all").trouble, Some(Trouble::Voids));
    // A record that includes itself comes to its end.
    assert_eq!(of("include:x.org -all").trouble, Some(Trouble::LookUps));
    let hosts = (0..11).map(|at| format!("m.org MX {at}.x.org\n")).collect::<String>();
    let zone = format!("{found}{hosts}\nm.org TXT v=spf1 mx -all");
    assert_eq!(judged(&zone, "192.0.2.1", "a@m.org").trouble, Some(Trouble::Hosts("m.org".to_owned())));
}

#[test]
fn include_and_redirect_as_in_sections_5_2_and_6_1() {
    let zone = "
        pass.org TXT v=spf1 ip4:192.0.2.1 -all
        soft.org TXT v=spf1 ~all
        bad.org TXT v=spf1 foo
        fails.org TXT !
        two.org TXT v=spf1 -all
        two.org TXT v=spf1 +all
        i1.org TXT v=spf1 include:pass.org ?all
        i2.org TXT v=spf1 include:soft.org -all
        i3.org TXT v=spf1 include:bad.org +all
        i4.org TXT v=spf1 include:fails.org +all
        i5.org TXT v=spf1 include:none.org +all
        i6.org TXT v=spf1 -include:pass.org +all
        r1.org TXT v=spf1 redirect=pass.org
        r2.org TXT v=spf1 redirect=none.org
        r3.org TXT v=spf1 redirect=pass.org ~all
        r4.org TXT v=spf1 ip4:192.0.2.9
    ";
    for (domain, here, elsewhere) in [
        ("i1.org", Verdict::Pass, Verdict::Neutral),
        ("i2.org", Verdict::Fail, Verdict::Fail),
        ("i3.org", Verdict::PermError, Verdict::PermError),
        ("i4.org", Verdict::TempError, Verdict::TempError),
        ("i5.org", Verdict::PermError, Verdict::PermError),
        ("i6.org", Verdict::Fail, Verdict::Pass),
        ("r1.org", Verdict::Pass, Verdict::Fail),
        ("r2.org", Verdict::PermError, Verdict::PermError),
        ("r3.org", Verdict::SoftFail, Verdict::SoftFail),
        ("r4.org", Verdict::Neutral, Verdict::Neutral),
        ("two.org", Verdict::PermError, Verdict::PermError),
        ("fails.org", Verdict::TempError, Verdict::TempError),
        ("none.org", Verdict::None, Verdict::None),
        ("org", Verdict::None, Verdict::None),
    ] {
        let sender = format!("a@{domain}");
        assert_eq!(judged(zone, "192.0.2.1", &sender).verdict, here, "{domain}");
        assert_eq!(judged(zone, "::ffff:192.0.2.1", &sender).verdict, here, "{domain}");
        assert_eq!(judged(zone, "192.0.2.2", &sender).verdict, elsewhere, "{domain}");
    }
    let by = judged(zone, "192.0.2.1", "a@r1.org").by;
    assert_eq!(by, Some(("pass.org".to_owned(), "ip4:192.0.2.1".to_owned())));
}

#[test]
fn addresses_of_both_kinds() {
    let zone = "
        x.org TXT v=spf1 ip6:2001:db8::/32 a:h.org//64 ip4:192.0.2.0/24 -all
        h.org A 198.51.100.1
        h.org AAAA 2001:db9:1:2::1
        p.org TXT v=spf1 exists:%{p}.ok.org -all
        2001:db9::9 PTR mail.p.org
        mail.p.org AAAA 2001:db9::9
        mail.p.org.ok.org A 127.0.0.2
        m.org TXT v=spf1 ip6:::ffff:192.0.2.0/120 -all
    ";
    for (ip, domain, verdict) in [
        ("2001:db8:1::1", "x.org", Verdict::Pass),
        ("2001:db9:1:2::ff", "x.org", Verdict::Pass),
        ("2001:db9:1:3::1", "x.org", Verdict::Fail),
        ("192.0.2.77", "x.org", Verdict::Pass),
        ("198.51.100.1", "x.org", Verdict::Pass),
        ("198.51.100.2", "x.org", Verdict::Fail),
        ("2001:db9::9", "p.org", Verdict::Pass),
        ("2001:db9::8", "p.org", Verdict::Fail),
        ("192.0.2.1", "m.org", Verdict::Fail),
    ] {
        assert_eq!(judged(zone, ip, &format!("a@{domain}")).verdict, verdict, "{ip} {domain}");
    }
    assert_eq!(reverse_name("192.0.2.1".parse().unwrap()), "1.2.0.192.in-addr.arpa");
    assert!(reverse_name("2001:db8::1".parse().unwrap()).ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"));
}

#[test]
fn a_survey_counts_what_the_most_expensive_client_costs() {
    let zone = "
        x.org TXT v=spf1 a mx include:i.org include:%{i}.org exists:%{i}.e.org ptr ip4:192.0.2.1 ~all
        x.org MX m.org
        i.org TXT v=spf1 a:none.org include:j.org -all
        j.org TXT v=spf1 include:i.org +all
        r.org TXT v=spf1 redirect=all.org
        all.org TXT v=spf1 +all
        q.org TXT v=spf1 include:all.org include:none.org -all mx
        two.org TXT v=spf1
        two.org TXT v=spf1
        bad.org TXT v=spf1 foo
        f.org TXT !
        g.org TXT v=spf1 a:h.org
        h.org A !
    ";
    let of = |domain: &str| survey(domain, &mut Zone::of(zone));
    let x = of("X.org");
    assert_eq!((x.look_ups, x.voids, x.all), (9, 2, Some(Qualifier::SoftFail)));
    let named = |name: &str| name.to_owned();
    assert_eq!(
        x.remarks,
        [
            Remark::Void(named("a")),
            Remark::Void(named("a:none.org")),
            Remark::Loop(named("i.org")),
            Remark::PassesAll(named("j.org")),
            Remark::Ptr(named("x.org")),
        ]
    );
    assert_eq!((of("r.org").all, of("r.org").look_ups), (Some(Qualifier::Pass), 1));
    assert_eq!(
        of("q.org").remarks,
        [
            Remark::PassesAll(named("all.org")),
            Remark::NoRecord(named("none.org")),
            Remark::BehindAll(named("q.org"))
        ]
    );
    assert_eq!(of("two.org").remarks, [Remark::Several(named("two.org"), 2)]);
    assert!(matches!(of("bad.org").remarks.as_slice(), [Remark::Malformed(..)]));
    assert_eq!(of("f.org").remarks, [Remark::Unknown(named("f.org"))]);
    assert_eq!(of("g.org").remarks, [Remark::Unknown(named("h.org"))]);
    assert_eq!(of("none.org"), Survey::default());
    // However wide it is, it ends.
    let terms = "include:w1.org ".repeat(20);
    let zone = format!("w.org TXT v=spf1 {terms}\nw1.org TXT v=spf1 {}", "mx ".repeat(20));
    assert_eq!(survey("w.org", &mut Zone::of(&zone)).look_ups, 30);
}
