//! netrc(5): which password goes to which machine. Only the text is read here: whoever opens the file checks
//! whose it is, and who else can read it.
//!
//! ```text
//! machine mail.example.org login me password "with blank, \" and \\"
//! default login me password other
//! ```

use super::secret::Secret;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;
use zeroize::Zeroizing;

/// The file cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadNetrc {
    /// The line where that is found, from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: NetrcFault,
}

/// What can be wrong. The words themselves are never told: they may be secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetrcFault {
    /// A quotation mark that is never closed, or a word without its value.
    CutOff,
    /// A word in place of a keyword, and no entry that fits.
    NoKeyword,
}

impl std::error::Error for BadNetrc {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.fault)
    }
}

/// What follows the name of the file.
impl fmt::Display for BadNetrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}", self.fault, self.line)
    }
}

impl std::error::Error for NetrcFault {}

impl fmt::Display for NetrcFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NetrcFault::CutOff => "cannot be understood",
            NetrcFault::NoKeyword => "has a word that is not understood",
        })
    }
}

/// The password of `user` at `machine`: the first entry that fits and has one. An entry without `login` fits
/// every user, and `default` every machine.
///
/// # Errors
/// [`BadNetrc`] if something is cut off before the entry that fits. If none fits, also for an
/// unknown word that may be the reason: one in an entry for this user that has no password, or the machine's
/// own name. Other unknown words are passed over, since programs add their own.
pub fn password(text: &str, machine: &str, user: &str) -> Result<Option<Secret>, BadNetrc> {
    let mut words = Words { chars: text.chars().peekable(), line: 1 };
    let mut fits = false;
    let mut login: Option<Zeroizing<String>> = None;
    let mut password: Option<Zeroizing<String>> = None;
    // The lines of unknown words: the first in this entry, and the first that may be the reason why none
    // fits.
    let mut odd: Option<usize> = None;
    let mut why: Option<usize> = None;
    loop {
        let keyword = words.keyword()?;
        let ends_entry =
            matches!(keyword.as_deref().map(String::as_str), None | Some("machine" | "default" | "macdef"));
        if ends_entry {
            let is_user = login.take().is_none_or(|login| *login == user);
            match password.take() {
                Some(password) if fits && is_user => {
                    return Ok(Some(Secret::new(password.to_string())));
                }
                None if fits && is_user => why = why.or(odd),
                Some(_) | None => {}
            }
            (fits, odd) = (false, None);
        }
        match keyword.as_deref().map(String::as_str) {
            None => {
                return why.map_or(Ok(None), |line| Err(BadNetrc { line, fault: NetrcFault::NoKeyword }));
            }
            Some("machine") => fits = words.value()?.eq_ignore_ascii_case(machine),
            Some("default") => fits = true,
            Some("login") => login = Some(words.value()?),
            Some("password") => password = Some(words.value()?),
            Some("account") => _ = words.value()?,
            Some("macdef") => words.skip_macro(),
            // Programs add words of their own, and which values belong to them is not known.
            Some(word) => {
                odd = odd.or(Some(words.line));
                if word.eq_ignore_ascii_case(machine) {
                    why = why.or(odd);
                }
            }
        }
    }
}

struct Words<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

impl Words<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|c| c != '\n') {}
    }

    /// The next word, in the place of a keyword; here a `#` begins a comment.
    fn keyword(&mut self) -> Result<Option<Zeroizing<String>>, BadNetrc> {
        loop {
            match self.word()? {
                Some(word) if word.starts_with('#') => {
                    // The word can be the last one on its line.
                    if self.chars.peek() != Some(&'\n') {
                        self.skip_line();
                    }
                }
                word => return Ok(word),
            }
        }
    }

    fn value(&mut self) -> Result<Zeroizing<String>, BadNetrc> {
        let cut_off = BadNetrc { line: self.line, fault: NetrcFault::CutOff };
        self.word()?.ok_or(cut_off)
    }

    /// The next word, up to a blank or a line end, which stays. In quotation marks a backslash quotes what
    /// follows it.
    fn word(&mut self) -> Result<Option<Zeroizing<String>>, BadNetrc> {
        while self.chars.peek().is_some_and(|c| c.is_whitespace()) {
            self.next();
        }
        let cut_off = BadNetrc { line: self.line, fault: NetrcFault::CutOff };
        let quoted = self.chars.peek() == Some(&'"');
        let mut word = Zeroizing::new(String::with_capacity(self.room(quoted)));
        if quoted {
            self.next();
            loop {
                match self.next().ok_or(cut_off)? {
                    '"' => return Ok(Some(word)),
                    '\\' => word.push(self.next().ok_or(cut_off)?),
                    c => word.push(c),
                }
            }
        }
        while self.chars.peek().is_some_and(|c| !c.is_whitespace()) {
            word.extend(self.next());
        }
        Ok(Some(word).filter(|word| !word.is_empty()))
    }

    /// How long the next word is at most, in octets: a buffer that grows leaves a copy behind.
    fn room(&self, quoted: bool) -> usize {
        let mut escaped = false;
        let goes_on = |c: &char| {
            let ends = if quoted { *c == '"' && !escaped } else { c.is_whitespace() };
            escaped = *c == '\\' && !escaped;
            !ends
        };
        let rest = self.chars.clone().skip(usize::from(quoted));
        rest.take_while(goes_on).map(char::len_utf8).sum()
    }

    /// A macro's name, and its text up to an empty line.
    fn skip_macro(&mut self) {
        self.skip_line();
        let mut empty = true;
        while let Some(c) = self.next() {
            if c == '\n' && empty {
                return;
            }
            empty = c == '\n';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, user: &str) -> Option<String> {
        password(text, "beta.arpa", user).unwrap().map(|secret| secret.reveal().to_owned())
    }

    #[test]
    fn the_entry_of_the_machine_and_the_user() {
        let text = "machine alpha.arpa login smith password a\n\
                    machine Beta.ARPA\n\tlogin jones\n\tpassword b\n\
                    machine beta.arpa account x login smith password c machine beta.arpa login smith \
                    password d\n\
                    default password e\n";
        assert_eq!(found(text, "jones").as_deref(), Some("b"));
        assert_eq!(found(text, "smith").as_deref(), Some("c"), "the first that fits");
        assert_eq!(found(text, "green").as_deref(), Some("e"), "default, without a login");
        assert_eq!(found("machine alpha.arpa login smith password a", "smith"), None);
        assert_eq!(
            found("machine beta.arpa login smith\nmachine beta.arpa password f", "smith").as_deref(),
            Some("f")
        );
        assert_eq!(found("", "smith"), None);
    }

    #[test]
    fn quotation_marks_comments_and_macros() {
        let entry = |word: &str| found(&format!("machine beta.arpa login smith password {word}"), "smith");
        assert_eq!(entry("\"open sesame\"").as_deref(), Some("open sesame"));
        assert_eq!(entry("\"a\\\"b\\\\c\"").as_deref(), Some("a\"b\\c"));
        assert_eq!(entry("a\"b\\c").as_deref(), Some("a\"b\\c"), "within a word they are themselves");
        assert_eq!(entry("#1").as_deref(), Some("#1"), "a password may begin so");
        assert_eq!(entry("\"\"").as_deref(), Some(""));
        let text = "# machine beta.arpa password no\n#\n#x\nmachine beta.arpa # why\npassword yes";
        assert_eq!(found(text, "smith").as_deref(), Some("yes"));
        let text = "machine beta.arpa login smith\nmacdef init\nmachine beta.arpa password no\nquit\n\n\
                    machine beta.arpa password yes\n";
        assert_eq!(found(text, "smith").as_deref(), Some("yes"));
        assert_eq!(found("machine beta.arpa password yes\nmacdef init\nx", "smith").as_deref(), Some("yes"));
    }

    #[test]
    fn what_cannot_be_understood_is_named_by_its_line() {
        for (text, line) in [
            ("machine", 1),
            ("machine x\nlogin\n", 2),
            ("machine beta.arpa\n\npassword \"open", 3),
            ("machine beta.arpa password \"a\\", 1),
        ] {
            let fault = NetrcFault::CutOff;
            assert_eq!(
                password(text, "beta.arpa", "smith").unwrap_err(),
                BadNetrc { line, fault },
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_misspelt_word_is_told_where_it_may_be_why_there_is_no_password() {
        for (text, line) in [
            ("machin beta.arpa login smith password x", 1),
            ("machine alpha.arpa login smith password x\n\nmachin\nBETA.arpa password y", 3),
            ("machine beta.arpa\nlogin smith\n# passwd\npasswd x # y", 4),
            ("machine beta.arpa user smith pass x", 1),
            ("default passwd x", 1),
            ("machine beta.arpa passwd x\nmacdef init\nmachine beta.arpa\n\n", 1),
        ] {
            let fault = NetrcFault::NoKeyword;
            assert_eq!(
                password(text, "beta.arpa", "smith").unwrap_err(),
                BadNetrc { line, fault },
                "{text:?}"
            );
        }
        for text in [
            "machine beta.arpa port 587 login jones password x",
            "machine beta.arpa port 587 login jones passwd x",
            "machine alpha.arpa port 587 login smith passwd x",
            "machine beta.arpa login smith account x",
            "machin alpha.arpa passwd x",
            "# machin beta.arpa",
        ] {
            assert_eq!(found(text, "smith"), None, "{text:?}");
        }
        assert_eq!(found("machine beta.arpa port 587 login smith password x", "smith").as_deref(), Some("x"));
        assert_eq!(found("machin beta.arpa passwd x\ndefault password y", "smith").as_deref(), Some("y"));
    }
}
