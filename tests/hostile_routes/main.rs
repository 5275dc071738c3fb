//! `ehlo send -S mx:` on an internet that lies: resolvers that answer nonsense, domains that lead elsewhere, certificates
//! and policies of somebody else.
//!
//! Each case is a few lines in a file of cases/: its name is a claim, its lines say what differs from a plain world, and how
//! it must end ([`case`] explains them). The resolvers ([`resolver`], [`answer`]) and the web server ([`web`]) are a case's
//! own; the mail servers ([`servers`]) are the same for all. Of every case alike it is checked ([`check`]) that the run ends
//! in time and within a bound of memory, that nothing it prints could move a cursor, that no server hears or is asked for
//! anything but plain names, that the cache has plain names, and that copies came to no server but those that are named.
//!
//! Each is run with `--json`, and with `-v` and `--dry-run` where that takes no time.
//!
//! `HOSTILE=pointer cargo test --test hostile_routes` plays the cases whose names hold `pointer`, and tells what was said.
//! What real resolvers and servers do is in tests/route.

#![cfg(feature = "rustls")] // The servers' TLS.
#![allow(clippy::disallowed_types)] // Sockets, clocks and files: this is the outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A fault here is a failed test.

mod answer;
mod case;
mod certificates;
mod check;
mod resolver;
mod run;
mod servers;
mod web;

#[test]
fn every_case_holds() {
    run::all(&case::all());
}

#[test]
fn there_are_enough_of_them_and_no_two_have_the_same_name() {
    let cases = case::all();
    let mut names: Vec<&String> = cases.iter().map(|case| &case.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len());
    assert!(cases.len() >= 400, "{}", cases.len());
    for case in &cases {
        assert!(!case.runs.is_empty(), "{}: {} does not say how it ends", case.place, case.name);
        assert!(
            case.name
                .bytes()
                .all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_')
        );
    }
}

#[test]
fn every_answer_can_be_given() {
    let asked = |line: &resolver::Line| answer::Asked {
        id: [0; 2],
        name: line.name.clone(),
        kind: line.kind,
        question: b"\x01x\0\0\x01\0\x01".to_vec(),
        with_edns: true,
        by_tcp: false,
    };
    for line in case::all().iter().flat_map(|case| &case.zone.lines) {
        answer::build(&line.says, &asked(line), false);
    }
}
