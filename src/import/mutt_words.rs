//! The words of a muttrc: quotation marks, escapes, variables, and lines that go on (muttrc(5)).

use super::remark::Why;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;
use zeroize::Zeroizing;

/// The lines with those that they go on in, each with the number of its first.
pub fn logical_lines(text: &str) -> Vec<(usize, Zeroizing<String>)> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let mut whole = Zeroizing::new(line.to_owned());
        while (whole.len() - whole.trim_end_matches('\\').len()) % 2 == 1 {
            whole.pop();
            match lines.next() {
                Some((_, more)) => whole.push_str(more),
                None => break,
            }
        }
        found.push((index + 1, whole));
    }
    found
}

/// A line of commands, read from left to right.
pub struct Line<'a> {
    chars: Peekable<Chars<'a>>,
}

/// A value, or why there is none.
pub type Value = Result<Zeroizing<String>, Why>;

impl<'a> Line<'a> {
    /// The line.
    pub fn new(text: &'a str) -> Line<'a> {
        Line { chars: text.chars().peekable() }
    }

    /// The name of the next command.
    pub fn command(&mut self) -> Option<String> {
        while self.chars.next_if(|c| c.is_whitespace() || *c == ';').is_some() {}
        let name = self.name();
        (!name.is_empty()).then_some(name)
    }

    /// The next variable of `set`, with its value where there is one.
    pub fn variable(&mut self, own: &BTreeMap<String, Zeroizing<String>>) -> Option<(String, Option<Value>)> {
        self.skip_blanks();
        let name = self.name();
        if name.is_empty() {
            return None;
        }
        while self.chars.next_if_eq(&'?').is_some() {}
        self.skip_blanks();
        if self.chars.next_if_eq(&'=').is_none() {
            return Some((name, None));
        }
        self.skip_blanks();
        Some((name, Some(self.value(own))))
    }

    /// Goes to the end of the command. What is quoted does not end it.
    pub fn skip(&mut self) {
        let nothing = BTreeMap::new();
        while self.chars.peek().is_some_and(|c| !matches!(c, ';' | '#')) {
            let _ = self.value(&nothing);
            self.skip_blanks();
        }
        if self.chars.peek() == Some(&'#') {
            while self.chars.next().is_some() {}
        }
    }

    fn skip_blanks(&mut self) {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.chars.next_if(|c| !c.is_whitespace() && !"=?;#\"'".contains(*c)) {
            name.push(c);
        }
        name
    }

    fn value(&mut self, own: &BTreeMap<String, Zeroizing<String>>) -> Value {
        // Room for all that can come, but for what a variable brings: what grows leaves a copy behind.
        let mut value = Zeroizing::new(String::with_capacity(self.chars.clone().map(char::len_utf8).sum()));
        let mut fault = None;
        let mut quote: Option<char> = None;
        while let Some(c) =
            self.chars.next_if(|c| quote.is_some() || !(c.is_whitespace() || ";#".contains(*c)))
        {
            match (quote, c) {
                (Some(open), c) if open == c => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None | Some('"'), '\\') => value.extend(self.escaped()),
                (None | Some('"'), '`') => {
                    // Up to its end, so that what follows is not taken for something else.
                    while self.chars.next().is_some_and(|c| c != '`') {}
                    fault = fault.or(Some(Why::NotRun));
                }
                (None | Some('"'), '$') => match self.variable_name() {
                    None => value.push('$'),
                    Some(name) => match own.get(&name) {
                        Some(known) => value.push_str(known),
                        None => fault = fault.or(Some(Why::Variable)),
                    },
                },
                (_, c) => value.push(c),
            }
        }
        match fault.or(quote.map(|_| Why::Unreadable)) {
            Some(why) => Err(why),
            None => Ok(value),
        }
    }

    fn variable_name(&mut self) -> Option<String> {
        let is_braced = self.chars.next_if_eq(&'{').is_some();
        let mut name = String::new();
        while let Some(c) = self.chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
        }
        if is_braced {
            self.chars.next_if_eq(&'}');
        }
        (is_braced || !name.is_empty()).then_some(name)
    }

    /// What a backslash and what follows it stand for.
    fn escaped(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        let mut octal = self.chars.clone();
        let digits = [Some(c), octal.next(), octal.next()].map(|c| c.and_then(|c| c.to_digit(8)));
        if let [Some(a), Some(b), Some(c)] = digits {
            self.chars = octal;
            return char::from_u32(a * 64 + b * 8 + c);
        }
        Some(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'e' => '\u{1b}',
            c => c,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_mutt_reads_it() {
        let own = BTreeMap::from([("my_pw".to_owned(), Zeroizing::new("se same".to_owned()))]);
        for (text, found) in [
            ("plain # comment", Ok("plain")),
            ("\"a b; # c\"", Ok("a b; # c")),
            ("'$my_pw `id` \\n'", Ok("$my_pw `id` \\n")),
            ("a\\ b\\\"c\\101", Ok("a b\"cA")),
            ("x${my_pw}y", Ok("xse samey")),
            ("\"$my_pw\"", Ok("se same")),
            ("5$", Ok("5$")),
            ("$HOME/pw", Err(Why::Variable)),
            ("`pass show; id`", Err(Why::NotRun)),
            ("\"open", Err(Why::Unreadable)),
        ] {
            let value = Line::new(text).value(&own);
            assert_eq!(value.as_ref().map(|value| value.as_str()).map_err(Clone::clone), found, "{text}");
        }
    }

    #[test]
    fn commands_and_variables_are_told_apart() {
        let own = BTreeMap::new();
        let mut line = Line::new("color index ';' red; set a = 1 nob c=\"2 3\" d ; set e=4 # set f=5");
        let mut found = Vec::new();
        while let Some(command) = line.command() {
            while command == "set"
                && let Some((name, value)) = line.variable(&own)
            {
                found.push((name, value.map(|value| value.unwrap().to_string())));
            }
            line.skip();
        }
        let given = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        let expected = [
            given("a", Some("1")),
            given("nob", None),
            given("c", Some("2 3")),
            given("d", None),
            given("e", Some("4")),
        ];
        assert_eq!(found, expected);
        let lines = logical_lines("a \\\nb\\\\\nc\\");
        let lines: Vec<(usize, &str)> = lines.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(lines, [(1, "a b\\\\"), (3, "c")]);
    }
}
