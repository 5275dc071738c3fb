//! Properties (holds/), driven by what proptest makes up, and by the corpora that fuzzing left behind.
//!
//! A fuzzer finds the odd octet; what is made here is nearly right, so that the far side of a parser is met too. A
//! failing case is printed whole: put it into fuzz/corpus, and it is tested from then on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.

mod holds;
mod made;

use holds::{ALL, Property};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::path::Path;

/// As often as takes some tenths of a second; nothing is written anywhere.
fn drive(cases: u32, property: Property, octets: impl Strategy<Value = Vec<u8>>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&octets, |octets| {
        property(&octets);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn what_fuzzing_left_behind_holds() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    // It is not in the published crate.
    if !fuzz.exists() {
        return;
    }
    let mut broken = Vec::new();
    for (name, property) in ALL {
        assert!(fuzz.join("targets").join(name).with_extension("rs").exists(), "{name} is not fuzzed");
        let mut files = 0;
        for entry in std::fs::read_dir(fuzz.join("corpus").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let octets = std::fs::read(&path).unwrap();
            if std::panic::catch_unwind(|| property(&octets)).is_err() {
                broken.push(path);
            }
            files += 1;
        }
        assert!(files > 0, "{name} has no corpus");
    }
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn any_octets_will_do() {
    for (_, property) in ALL {
        drive(64, property, prop::collection::vec(any::<u8>(), 0..300));
    }
}

#[test]
fn replies_are_the_same_at_every_split() {
    drive(128, holds::reply::holds, made::replies());
}

#[test]
fn extensions_are_read_out_of_any_lines() {
    drive(128, holds::extensions::holds, made::offers());
}

#[test]
fn addresses_are_printed_as_they_are_read() {
    drive(512, holds::path::holds, made::address());
}

#[test]
fn address_lists_are_printed_as_they_are_read() {
    drive(256, holds::header::holds, made::address_list());
    drive(128, holds::header::holds, made::message());
}

#[test]
fn content_comes_out_of_its_frame_as_it_went_in() {
    drive(128, holds::content::holds, made::content());
}

#[test]
fn messages_are_sent_as_they_are_or_refused_with_the_line() {
    drive(256, holds::message::holds, made::message());
}

#[test]
fn composed_messages_hold_what_was_given_and_nothing_else() {
    drive(256, holds::compose::holds, made::draft());
}

#[test]
fn dialogues_are_printed_as_they_are_read() {
    drive(256, holds::dialogue::holds, made::dialogue());
}

#[test]
fn key_records_are_read_as_they_are_published() {
    drive(512, holds::dkim_record::holds, made::key_record());
}

#[test]
fn what_is_signed_passes_in_any_pieces() {
    drive(128, holds::dkim_signature::holds, made::signed_message());
    drive(128, holds::dkim_signature::holds, made::signature());
}

#[test]
fn mechanisms_come_to_an_end() {
    drive(48, holds::sasl::holds, made::challenges());
}

#[test]
fn settings_are_read_as_they_are_written() {
    drive(256, holds::config::holds, made::setting());
    drive(128, holds::config::holds, made::address_list());
    drive(256, holds::config::holds, made::configuration());
}

#[test]
fn a_session_claims_nothing_that_was_not_said() {
    drive(512, holds::session::holds, made::session());
}

#[test]
fn a_person_can_say_anything() {
    drive(256, holds::say::holds, made::talk());
}

#[test]
fn the_sink_answers_anything() {
    drive(256, holds::serve::holds, made::commands());
}

#[test]
fn any_line_of_a_log_is_explained() {
    drive(128, holds::explain::holds, made::replies());
}

#[test]
fn files_of_the_queue_are_read_as_they_are_written() {
    drive(256, holds::queue::holds, made::queue());
    drive(64, holds::queue::holds, made::address_list());
}

#[test]
fn notices_hold_what_was_said_and_nothing_else() {
    drive(256, holds::notice::holds, made::notice());
}

#[test]
fn answers_of_a_provider_are_what_they_should_be_or_are_refused() {
    drive(256, holds::oauth::holds, made::answer());
}

#[test]
fn policies_and_what_is_kept_of_them_are_read_as_they_are_written() {
    drive(512, holds::mta_sts::holds, made::sts());
}

#[test]
fn questions_are_answered_and_nothing_else() {
    drive(1024, holds::dns_query::holds, made::question());
}

#[test]
fn a_client_is_judged_by_spf_within_its_limits() {
    drive(512, holds::spf::holds, made::spf());
}

#[test]
fn a_walk_by_dmarc_comes_to_its_end() {
    drive(512, holds::dmarc::holds, made::dmarc());
}

#[test]
fn answers_of_a_resolver_are_records_of_that_name_or_none() {
    drive(512, holds::dns::holds, made::dns());
}

#[test]
fn tlsa_records_that_can_be_used_are_like_rfc_7672() {
    drive(256, holds::tlsa::holds, made::tlsa());
}

#[test]
fn lines_of_tlsrpt_and_its_records_lead_nowhere() {
    drive(512, holds::tlsrpt::holds, made::tlsrpt());
}

#[test]
fn dates_are_read_as_they_are_written() {
    drive(512, |octets| date(&String::from_utf8_lossy(octets)), made::date());
}

fn date(text: &str) {
    let _ = ehlo::inside::message::date::moment(text);
    if let Ok(written) = ehlo::inside::message::date::parse(text) {
        assert_eq!(ehlo::inside::message::date::parse(&written).as_ref(), Ok(&written), "{text:?}");
        assert!(written.is_ascii() && !written.chars().any(char::is_control), "{text:?}");
    }
}

/// Flags that take numbers, times and places: whatever is given, it is understood or refused.
#[test]
fn a_command_line_is_understood_or_refused() {
    drive(128, |octets| command_line(&String::from_utf8_lossy(octets)), made::setting());
}

fn command_line(value: &str) {
    let flags = [
        "--server",
        "--port",
        "--timeout",
        "--bind",
        "--proxy",
        "--pin",
        "--hold-for",
        "--deliver-by",
        "--priority",
        "--notify",
        "--tls-min",
        "--header",
    ];
    for flag in flags {
        let line = ["ehlo", "send", flag, value, "jones@beta.arpa"].map(std::ffi::OsString::from);
        let _ = ehlo::inside::cli::parse(line);
    }
}
