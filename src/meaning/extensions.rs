//! What the extensions are for that EHLO is answered with (RFC 5321, section 4.1.1.1): tables/extensions.tsv.

use super::table::Table;

const EXTENSIONS: Table<3> = Table::new(include_str!("tables/extensions.tsv"));

/// What an extension is for, in a few words: `the size is told ahead (RFC 1870)`; none for a keyword that is
/// not known. Case does not count.
#[must_use]
pub fn extension(keyword: &str) -> Option<String> {
    let keyword = keyword.to_ascii_uppercase();
    // `AUTH=LOGIN` is the form of servers older than the standard.
    let key = if keyword.starts_with("AUTH=") { "AUTH=" } else { &keyword };
    let [_, purpose, source] = EXTENSIONS.rows_of(key).next()?;
    Some(if source == "-" { purpose.to_owned() } else { format!("{purpose} ({source})") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_have_a_meaning_in_any_case_and_strange_ones_have_none() {
        for (keyword, meaning) in [
            ("size", Some("the size is told ahead (RFC 1870)")),
            ("Auth", Some("log-in, by these mechanisms (RFC 4954)")),
            ("auth=LOGIN", Some("log-in, in a form older than the standard")),
            ("pipeconnect", Some("EHLO and more may come before the greeting (Exim)")),
            ("PRDR", Some("after the message a reply for each recipient")),
            ("X-ODD", None),
            ("été=x", None),
            ("keyword", None),
            ("# keyword", None),
            ("", None),
        ] {
            assert_eq!(extension(keyword).as_deref(), meaning, "{keyword}");
        }
    }
}
