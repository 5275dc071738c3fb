//! DMARC: each line is a record, and the domains on the way up have one each.

use super::assert_printable;
use ehlo::inside::dmarc::{Destination, Record, Unknown, is_record, walk};
use ehlo::inside::report::text::printable;

pub fn holds(octets: &[u8]) {
    let lines: Vec<&[u8]> = octets.split(|octet| *octet == b'\n').collect();
    for line in &lines {
        match Record::parse(line) {
            Ok(record) => {
                for to in record.reports.iter().chain(&record.failures) {
                    if let Destination::Mail { address, domain } = to {
                        assert!(
                            address.to_lowercase().ends_with(&format!("@{domain}")),
                            "{address} {domain}"
                        );
                    }
                }
                // A semicolon and a blank at its end change nothing.
                if is_record(line) && !line.ends_with(b";") && !line.ends_with(b" ") && !line.ends_with(b"\t")
                {
                    assert_eq!(Record::parse(&[line, &b" ;\t"[..]].concat()), Ok(record));
                }
            }
            Err(fault) => assert_printable(&printable(&fault.to_string())),
        }
    }
    for domain in ["org", "a.b.c.example.org", "1.2.3.4.5.6.7.8.9.10.example.org"] {
        let mut asked = Vec::new();
        let found = walk(domain, &mut |name| {
            asked.push(name.to_owned());
            match lines.get(asked.len() - 1) {
                Some(line) if line.starts_with(b"!") => Err(Unknown),
                Some(line) => Ok(vec![line.to_vec()]),
                None => Ok(vec![]),
            }
        });
        assert!(asked.len() <= 8 && asked[0] == format!("_dmarc.{domain}"));
        let is_above = |name: &str| domain == name || domain.ends_with(&format!(".{name}"));
        assert!(is_above(&found.organizational), "{}", found.organizational);
        assert!(found.entries.iter().all(|entry| is_above(&entry.domain)));
        assert_eq!(found.entry().is_some(), found.policy(true).is_some());
    }
}
