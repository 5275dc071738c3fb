//! What is no reply and has a name: TLS alerts (RFC 8446, section 6), SASL mechanisms (RFC 4422) and what
//! goes wrong within one. tables/alerts.tsv and tables/sasl.tsv.

use super::table::{Meaning, Table};
use super::{Explanation, Subject};

const ALERTS: Table<6> = Table::new(include_str!("tables/alerts.tsv"));
const SASL: Table<6> = Table::new(include_str!("tables/sasl.tsv"));

/// The TLS alerts, in order: their numbers, and what they mean.
pub(super) fn alerts() -> impl Iterator<Item = (u8, Meaning)> {
    ALERTS.rows().filter_map(|[number, cells @ ..]| Some((number.parse().ok()?, Meaning::read(cells)?)))
}

/// All terms.
pub(super) fn all() -> impl Iterator<Item = (Subject, Meaning)> {
    let of_sasl = SASL.rows().filter_map(|[kind, cells @ ..]| {
        let subject = match kind {
            "mechanism" => Subject::Mechanism,
            "error" => Subject::LoginError,
            _ => return None,
        };
        Some((subject, Meaning::read(cells)?))
    });
    alerts().map(|(number, meaning)| (Subject::Alert(number), meaning)).chain(of_sasl)
}

impl Explanation {
    /// Explains a TLS alert, by its name or as `alert 40`, a mechanism, or an error of one. Case and what is
    /// between the words do not count.
    #[must_use]
    pub fn of_term(text: &str) -> Option<Explanation> {
        let whole = plain(text);
        let behind = |words: &[&str]| words.iter().find_map(|word| whole.strip_prefix(word));
        let wanted = behind(&["tlsalert", "sslalert", "alertnumber", "alert", "tls", "sasl", "auth"])
            .unwrap_or(&whole);
        // A number alone is no alert, and neither is 040.
        let number = wanted.parse().ok();
        let number = number.filter(|number: &u8| wanted.len() < whole.len() && number.to_string() == wanted);
        let is_wanted = |(subject, meaning): &(Subject, Meaning)| {
            let name = plain(meaning.name);
            name == wanted || name == whole || number.is_some_and(|number| *subject == Subject::Alert(number))
        };
        let (subject, meaning) = all().find(is_wanted)?;
        Some(Explanation::new(subject, meaning))
    }
}

/// Small letters and digits, and nothing else.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
