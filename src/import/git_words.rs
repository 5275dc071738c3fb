//! The variables of a .gitconfig, by git's own rules (git-config(1), "Syntax"), and of `git config --list`.

use super::reading::{Reading, Source, is_name};
use super::settings::Setting;
use zeroize::Zeroizing;

/// A variable, and where it belongs.
pub struct Variable {
    /// The section, in small letters.
    pub section: String,
    /// The subsection, as it is written.
    pub subsection: Option<String>,
    /// Its name, value and place.
    pub setting: Setting,
}

/// `section.key=value` and `section.subsection.key=value`, one on each line.
pub fn of_list(source: &Source) -> Vec<Variable> {
    let variables = source.lines().filter_map(|(number, line)| {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (section, key) = key.split_once('.')?;
        let (subsection, name) = match key.rsplit_once('.') {
            Some((subsection, name)) => (Some(subsection.to_owned()), name),
            None => (None, key),
        };
        let value = Zeroizing::new(value.to_owned());
        let setting = Setting { name: name.to_owned(), value, at: source.at(number) };
        Some(Variable { section: section.to_ascii_lowercase(), subsection, setting })
    });
    variables.collect()
}

/// A file: sections in brackets, and `name = value` in them.
pub fn of_file(source: &Source, reading: &mut Reading) -> Vec<Variable> {
    let mut variables = Vec::new();
    let mut section: Option<(String, Option<String>)> = None;
    let mut lines = source.text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let at = source.at(index + 1);
        let mut rest = line.trim();
        if let Some((header, behind)) = header(rest) {
            section = Some(header);
            rest = behind;
        }
        if rest.is_empty() || rest.starts_with(['#', ';']) {
            continue;
        }
        let (name, value) =
            rest.split_once('=').map_or((rest, None), |(name, value)| (name.trim(), Some(value)));
        let has_value = value.is_some();
        let mut value = Zeroizing::new(value.unwrap_or_default().trim_start().to_owned());
        // A backslash at the end of a line takes the next one with it.
        while ends_open(&value) {
            value.pop();
            match lines.next() {
                Some((_, more)) => value.push_str(more),
                None => break,
            }
        }
        match (&section, unquoted(&value)) {
            // A name alone means true, which none of ours is; and it may be anything.
            (Some((section, subsection)), Some(value)) if has_value && is_name(name) => {
                let setting = Setting { name: name.to_owned(), value, at };
                variables.push(Variable {
                    section: section.clone(),
                    subsection: subsection.clone(),
                    setting,
                });
            }
            (Some((section, _)), _) if section == "sendemail" => reading.leave_line(at),
            _ => {}
        }
    }
    variables
}

/// `[section]` or `[section "subsection"]`, and what is behind it on the line.
fn header(line: &str) -> Option<((String, Option<String>), &str)> {
    let inside = line.strip_prefix('[')?;
    let end = inside.find(|c: char| c.is_whitespace() || c == ']')?;
    let (name, rest) = inside.split_at(end);
    let rest = rest.trim_start();
    if let Some(behind) = rest.strip_prefix(']') {
        // The old form of a subsection.
        let (section, subsection) =
            name.split_once('.').map_or((name, None), |(a, b)| (a, Some(b.to_lowercase())));
        return Some(((section.to_ascii_lowercase(), subsection), behind.trim()));
    }
    let mut subsection = String::new();
    let mut chars = rest.strip_prefix('"')?.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => subsection.push(chars.next()?),
            c => subsection.push(c),
        }
    }
    let behind = chars.as_str().trim_start().strip_prefix(']')?;
    Some(((name.to_ascii_lowercase(), Some(subsection)), behind.trim()))
}

/// Whether a value goes on in the next line: an odd number of backslashes ends it, outside a comment.
fn ends_open(value: &str) -> bool {
    let backslashes = value.len() - value.trim_end_matches('\\').len();
    backslashes % 2 == 1 && !has_comment(value)
}

fn has_comment(value: &str) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    value.chars().any(|c| {
        let begins = !is_quoted && !is_escaped && matches!(c, '#' | ';');
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        begins
    })
}

/// A value without its quotation marks, escapes and comment; nothing where that cannot be.
fn unquoted(value: &str) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(value.len()));
    let mut is_quoted = false;
    // Blanks at the end count only where they are quoted.
    let mut end = 0;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                end = out.len();
                continue;
            }
            '#' | ';' if !is_quoted => break,
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'b' => '\u{8}',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => out.push(c),
        }
        if is_quoted || !c.is_whitespace() {
            end = out.len();
        }
    }
    out.truncate(end);
    (!is_quoted).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_unquoted_as_git_does() {
        for (value, found) in [
            ("plain words  # comment", Some("plain words")),
            ("\"a # b\" ; c", Some("a # b")),
            ("\"a \\\" b\"", Some("a \" b")),
            ("a\\\\b\\tc", Some("a\\b\tc")),
            ("\"trailing  \"  ", Some("trailing  ")),
            ("", Some("")),
            ("\"open", None),
            ("a\\x", None),
            ("end\\", None),
        ] {
            assert_eq!(unquoted(value).as_ref().map(|text| text.as_str()), found, "{value}");
        }
    }

    #[test]
    fn a_section_may_have_a_subsection() {
        let found = |line: &'static str| header(line).map(|((a, b), behind)| (a, b, behind));
        let named = |name: &str, sub: &str| (name.to_owned(), Some(sub.to_owned()));
        assert_eq!(found("[SendEmail]"), Some(("sendemail".to_owned(), None, "")));
        let (section, subsection) = named("sendemail", "My \"Work\"");
        assert_eq!(found("[sendemail \"My \\\"Work\\\"\"] a = b"), Some((section, subsection, "a = b")));
        let (section, subsection) = named("sendemail", "work");
        assert_eq!(found("[sendemail.Work]"), Some((section, subsection, "")));
        for wrong in ["sendemail", "[sendemail", "[sendemail \"a]", "[sendemail a]"] {
            assert_eq!(found(wrong), None, "{wrong}");
        }
    }
}
