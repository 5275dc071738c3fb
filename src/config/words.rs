//! A command in one argument (`--password-command`, `--pipe`) becomes a program and its arguments, without a shell.

/// Splits a command into words: at blanks, but for those in quotation marks or behind a backslash. `None` if a mark is
/// open, or a backslash stands at the end.
#[must_use]
pub fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().push(chars.next()?),
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_split_as_one_would_think() {
        let split = |text| words(text).unwrap_or_default();
        assert_eq!(split("pass show mail"), ["pass", "show", "mail"]);
        assert_eq!(split("a 'b c' \"d \\\" e\" f\\ g ''"), ["a", "b c", "d \" e", "f g", ""]);
        assert_eq!(split("$(id) ; rm *"), ["$(id)", ";", "rm", "*"]);
        assert_eq!(words("'open"), None);
        assert_eq!(words("end\\"), None);
    }
}
