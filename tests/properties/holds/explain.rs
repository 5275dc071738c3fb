//! Codes in whatever stands in a log, and what is printed of them.

use super::assert_printable;
use ehlo::inside::meaning::gather::{Gather, MOST};
use ehlo::inside::meaning::{Explanation, find, leading_code, of_line, of_status};
use ehlo::inside::report::explanation::{json, render};
use ehlo::inside::report::text::{Look, printable};
use ehlo_smtp::status::EnhancedStatus;

pub fn holds(octets: &[u8]) {
    let mut gather = Gather::default();
    for line in octets.split(|octet| *octet == b'\n') {
        gather.line(line);
        find::find(line).iter().for_each(|explanation| is_fit(explanation, None));
        if let Some(status) = EnhancedStatus::leading(line) {
            assert_eq!(EnhancedStatus::leading(status.to_string().as_bytes()), Some(status));
        }
        let Ok(text) = std::str::from_utf8(line) else { continue };
        assert_printable(&printable(text));
        if let Some((code, _)) = leading_code(text) {
            assert!((100..=599).contains(&code));
        }
        for found in
            [of_line(text, None), of_status(text, None), Explanation::of_term(text)].into_iter().flatten()
        {
            is_fit(&found, Some(text));
        }
    }
    let (found, left_off) = gather.end();
    assert!(found.len() <= MOST && (left_off == 0 || found.len() == MOST));
    found.iter().for_each(|found| is_fit(&found.explanation, Some(&found.line)));
}

fn is_fit(explanation: &Explanation, line: Option<&str>) {
    let look = Look { columns: Some(80), ..Look::default() };
    render(explanation, line, look).lines().for_each(assert_printable);
    assert_printable(&explanation.line());
    let json = json(explanation, line);
    assert!(json.ends_with('\n') && json.lines().count() == 1);
}
