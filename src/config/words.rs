//! A command in one argument (`--password-command`, `--pipe`) becomes a program and its arguments, without a
//! shell.

/// Splits a command into words at its blanks, but for those in quotation marks or after a backslash. `None`
/// if a quotation mark is open, or a backslash at the end.
#[must_use]
pub fn words(command: &str) -> Option<Vec<String>> {
    Some(split(command)?.into_iter().map(|word| word.text).collect())
}

/// The command that [`words`] splits into these.
#[must_use]
pub fn quoted(words: &[String]) -> String {
    let word = |word: &String| format!("'{}'", word.replace('\'', "'\\''"));
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The letter of a shell's flag for a script that is its argument.
const SCRIPT: char = 'c';

/// The words that have a shell run this script.
#[must_use]
pub fn in_a_shell(script: &str) -> Vec<String> {
    vec!["sh".to_owned(), format!("-{SCRIPT}"), script.to_owned()]
}

/// Whether a word of it has a meaning only for a shell: it holds a pipe, a redirection or the end of a
/// command, or begins with a variable or with somebody's home. What is quoted so that a shell leaves it alone
/// is meant as it is, and what follows `sh -c` is that shell's business.
#[must_use]
pub fn are_for_a_shell(command: &str) -> bool {
    let words = split(command).unwrap_or_default();
    let shell = words.iter().position(Word::is_a_shell);
    let script = shell.and_then(|shell| {
        words.iter().enumerate().skip(shell + 1).find(|(_, word)| word.gives_a_script()).map(|(at, _)| at)
    });
    words.iter().take(script.unwrap_or(words.len())).any(Word::is_for_a_shell)
}

/// A word of a command.
#[derive(Debug, Default)]
struct Word {
    /// Without its quotation marks and backslashes.
    text: String,
    /// The same, with an `x` in place of every character that is quoted from a shell.
    bare: String,
}

impl Word {
    fn push(&mut self, c: char, is_quoted: bool) {
        self.text.push(c);
        self.bare.push(if is_quoted { 'x' } else { c });
    }

    /// What a shell acts on wherever it is unquoted: `|`, `>>`, `2>/dev/null`, `a|b`, `a&&`, `a;`, and a
    /// command or a braced variable within a word. Behind `$` and `~` it looks for a name, and a lone `&` may
    /// be part of a URL, so these count at the word's beginning, and `&` at its end.
    fn is_for_a_shell(&self) -> bool {
        let bare = self.bare.as_str();
        bare.contains(['|', ';', '<', '>', '`'])
            || ["&&", "$(", "${"].iter().any(|operator| bare.contains(operator))
            || bare.starts_with(['&', '$', '~'])
            || bare.ends_with('&')
    }

    fn is_a_shell(&self) -> bool {
        let name = self.text.rsplit('/').next().unwrap_or_default();
        ["sh", "ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "tcsh", "zsh"].contains(&name)
    }

    /// `-c`, alone or behind other flags: `-ec`.
    fn gives_a_script(&self) -> bool {
        let letters = self.text.strip_prefix('-').unwrap_or_default();
        letters.ends_with(SCRIPT) && letters.bytes().all(|octet| octet.is_ascii_alphabetic())
    }
}

fn split(command: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<char> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().push(chars.next()?, true),
            // A shell replaces variables and commands within double quotation marks, too.
            (Some('"'), '$' | '`') => word.get_or_insert_default().push(c, false),
            (Some(_), c) => word.get_or_insert_default().push(c, true),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c, false),
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
        assert_eq!(split("a\"$b\"'$c'\\$d"), ["a$b$c$d"]);
        assert_eq!(words("'open"), None);
        let odd = ["", "it's", "a b", "\\", "'", "$x|y"].map(str::to_owned);
        assert_eq!(words(&quoted(&odd)).unwrap(), odd);
        assert!(!are_for_a_shell(&quoted(&odd)));
        assert_eq!(words("end\\"), None);
    }

    #[test]
    fn what_only_a_shell_understands_is_seen() {
        for command in [
            "echo pw | tr a-z A-Z",
            "echo pw |tr a-z A-Z",
            "echo pw|tr a z",
            "echo pw| tr a z",
            "cat a || cat b",
            "cat a||cat b",
            "cat a|| cat b",
            "cat a&&true",
            "cat a&& true",
            "cat a;true",
            "cat a&",
            "cat a& true",
            "cat a<pw",
            "cat pw>log",
            "cat 'p'w>log",
            "cat 'pw'|tr a z",
            "echo x`cat pw`",
            "echo \"x`cat pw`\"",
            "echo x$(cat pw)",
            "echo x${PW}",
            "cat a|sh -c cat",
            "cat a && cat b",
            "cat a &",
            "cat a ; true",
            "cat a; true",
            "cat < pw",
            "cat <pw",
            "cat pw > log",
            "cat pw >> log",
            "cat pw 2> /dev/null",
            "cat pw 2>/dev/null",
            "cat pw 2>&1",
            "cat pw &>log",
            "echo $PW",
            "echo \"$PW\"",
            "echo ${PW}",
            "echo $(cat pw)",
            "echo `cat pw`",
            "cat $HOME/pw",
            "cat ~/pw",
            "~/bin/pw",
            "$HOME/bin/pw",
            "cat ~me/pw",
            "ssh -c aes128-ctr host cat ~/pw",
            "printf '%s' x | sh -c cat",
        ] {
            assert!(are_for_a_shell(command), "{command}");
        }
    }

    #[test]
    fn what_is_quoted_and_what_a_shell_is_given_are_left_alone() {
        for command in [
            "",
            "'open",
            "pass show mail",
            "sh -c 'echo pw | tr a-z A-Z'",
            "sh -c 'cat ~/pw'",
            "sh -c '~/bin/pw'",
            "sh -c \"$HOME/bin/pw\"",
            "sh -c 'cat \"$1\"' sh $x | ~",
            "/bin/bash -ec 'cat < pw' >",
            "env -i sh -c '$PW'",
            "awk '$1 == \"mail\" { print $2 }' pw",
            "echo '|'",
            "echo \"|\"",
            "echo \\;",
            "echo '~'",
            "echo \\$PW",
            "echo a'|'b 'a>b' a\\;b \"a&&b\" \"a<b\" 'a&' a\\& '`a`' a\\`b",
            "echo a&b a$b a~ 5 2",
            "curl 'https://x.example/?a=1&b=2|3;4'",
            "sh -c 'echo pw|tr a z' sh a|b",
            "curl -d a=b&c=d https://x.example/?a=1",
        ] {
            assert!(!are_for_a_shell(command), "{command}");
        }
    }
}
