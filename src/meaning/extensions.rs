//! What the extensions are for that EHLO is answered with (RFC 5321, section 4.1.1.1): tables/extensions.tsv.

use super::table::Table;
use ehlo_smtp::extension::Extension;

const EXTENSIONS: Table<4> = Table::new(include_str!("tables/extensions.tsv"));

/// What an extension is for, in a few words: `switches to TLS (RFC 3207)`; none for a keyword that is not
/// known. Case does not count, nor does what old servers put behind a `=`: `AUTH=LOGIN`, `XVERP=Courier`.
#[must_use]
pub fn extension(keyword: &str) -> Option<String> {
    let keyword = keyword.to_ascii_uppercase();
    let name = keyword.find('=').map_or(keyword.as_str(), |end| keyword.get(..end).unwrap_or_default());
    let with_sign = keyword.get(..=name.len()).unwrap_or(name);
    let mut keys = [with_sign, name].into_iter();
    let [_, purpose, source, _] = keys.find_map(|key| EXTENSIONS.rows_of(key).next())?;
    Some(if source == "-" { purpose.to_owned() } else { format!("{purpose} ({source})") })
}

/// The flags that need an extension, if there are any: `--hold-for and --hold-until`.
#[must_use]
pub fn flags(extension: Extension) -> Option<&'static str> {
    let [.., flags] = EXTENSIONS.rows_of(extension.keyword()).next()?;
    Some(flags).filter(|flags| *flags != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adding an extension (CONTRIBUTING.md) is done when this holds. What completes its parameters in the
    /// console is held in app/console/complete.rs.
    #[test]
    fn every_extension_has_a_row_and_is_told_of_in_the_list_of_rfcs() {
        let rfcs = include_str!("../../docs/rfcs.md");
        for extension in Extension::ALL {
            let keyword = extension.keyword();
            let row = EXTENSIONS.rows_of(keyword).next();
            let [_, _, source, _] =
                row.unwrap_or_else(|| panic!("tables/extensions.tsv has no row {keyword}"));
            let text = source.trim_start_matches("RFC ").trim_start_matches('-');
            let tells = |line: &str| {
                let cells = line.trim_start_matches("| ").split_once(" | ");
                cells.is_some_and(|(first, rest)| first.contains(text) && rest.contains(keyword))
            };
            assert!(rfcs.lines().any(tells), "docs/rfcs.md has no row of {text} that names {keyword}");
        }
    }

    #[test]
    fn keywords_have_a_meaning_in_any_case_and_strange_ones_have_none() {
        for (keyword, meaning) in [
            ("size", Some("the size is announced beforehand (RFC 1870)")),
            ("Auth", Some("mechanisms to log in (RFC 4954)")),
            ("auth=LOGIN", Some("log-in, as old clients read it")),
            ("AUTH=", Some("log-in, as old clients read it")),
            ("pipeconnect", Some("EHLO and more before the greeting (Exim)")),
            ("X-EXPS=LOGIN", Some("log-in between servers of one organization (Exchange)")),
            ("XVERP=Courier", Some("each recipient gets a return address of its own (Postfix, Courier)")),
            ("X-ODD", None),
            ("été=x", None),
            ("=", None),
            ("SIZEé", None),
            ("keyword", None),
            ("# keyword", None),
            ("", None),
        ] {
            assert_eq!(extension(keyword).as_deref(), meaning, "{keyword}");
        }
    }
}
