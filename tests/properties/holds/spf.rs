//! SPF: each line is a record, and what the DNS says is chosen from them.

use super::assert_printable;
use ehlo::inside::report::text::printable;
use ehlo::inside::spf::{
    LookUp, MOST_LOOK_UPS, MOST_VOIDS, Question, Record, Unknown, Verdict, evaluate, is_record, survey,
};
use std::net::IpAddr;

/// A DNS that has one of the lines for whatever is asked, and fails now and then.
struct World<'a> {
    lines: Vec<&'a [u8]>,
    asked: usize,
}

impl World<'_> {
    /// A number that this name decides.
    fn number(&mut self, name: &str) -> usize {
        self.asked += 1;
        assert!(
            name.len() <= 253 && !name.split('.').any(|label| label.is_empty() || label.len() > 63),
            "{name}"
        );
        name.bytes().fold(7_usize, |sum, octet| sum.wrapping_mul(31).wrapping_add(usize::from(octet)))
    }

    fn hosts(&mut self, name: &str) -> Result<Vec<String>, Unknown> {
        match self.number(name) % 9 {
            0 => Err(Unknown),
            count => Ok((0..2 * count - 2).map(|at| format!("h{at}.example")).collect()),
        }
    }
}

impl LookUp for World<'_> {
    fn texts(&mut self, name: &str) -> Result<Vec<Vec<u8>>, Unknown> {
        let number = self.number(name);
        match number % 11 {
            0 => Err(Unknown),
            _ => Ok(self
                .lines
                .get(number % (self.lines.len() + 1))
                .map(|line| line.to_vec())
                .into_iter()
                .collect()),
        }
    }

    fn addresses(&mut self, name: &str, is_v6: bool) -> Result<Vec<IpAddr>, Unknown> {
        let ip = if is_v6 { "2001:db8::1" } else { "192.0.2.1" };
        match self.number(name) % 5 {
            0 => Err(Unknown),
            1 => Ok(vec![]),
            2 => Ok(vec![ip.parse().unwrap()]),
            _ => Ok(vec!["192.0.2.200".parse().unwrap(), "2001:db8::ffff".parse().unwrap()]),
        }
    }

    fn exchangers(&mut self, name: &str) -> Result<Vec<String>, Unknown> {
        self.hosts(name)
    }

    fn names(&mut self, ip: IpAddr) -> Result<Vec<String>, Unknown> {
        self.hosts(&format!("n{}", ip.is_ipv6()))
    }
}

pub fn holds(octets: &[u8]) {
    let lines: Vec<&[u8]> = octets.split(|octet| *octet == b'\n').collect();
    for line in lines.iter().filter(|line| is_record(line)) {
        match Record::parse(line) {
            Ok(record) => assert!(record.directives.len() <= line.len()),
            Err(fault) => assert_printable(&printable(&fault.to_string())),
        }
    }
    let sender = String::from_utf8_lossy(lines.last().copied().unwrap_or_default()).into_owned();
    let (local, domain) = sender.split_once('@').unwrap_or(("", "example.org"));
    for ip in ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.7"] {
        let question = Question { ip: ip.parse().unwrap(), local, sender_domain: domain, helo: "h.example" };
        let mut world = World { lines: lines.clone(), asked: 0 };
        let found = evaluate(&question, "example.org", &mut world);
        assert!(found.look_ups <= MOST_LOOK_UPS + 1 && found.voids <= MOST_VOIDS + 1);
        // Each term asks once, and for the addresses of ten names; those of the client are asked for once.
        assert!(world.asked <= 1 + 12 * (MOST_LOOK_UPS + 1), "{} questions", world.asked);
        let is_error = matches!(found.verdict, Verdict::TempError | Verdict::PermError);
        assert_eq!(found.trouble.is_some(), is_error);
        assert!(found.by.is_none() || !is_error);
    }
    let mut world = World { lines: lines.clone(), asked: 0 };
    let found = survey("example.org", &mut world);
    assert!(found.look_ups <= 3 * MOST_LOOK_UPS && world.asked <= 1 + 3 * 3 * MOST_LOOK_UPS);
}
