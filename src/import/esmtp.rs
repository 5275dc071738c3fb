//! esmtp's configuration (esmtprc(5)): words and their values, in identities. What stands in front of the
//! first identity is an identity of its own, the default.
//!
//! ```text
//! identity me@example.org
//!   hostname = smtp.example.org:587
//!   starttls = required
//! ```

use super::draft::{Draft, Item};
use super::reading::{Reading, Source, is_name};
use super::remark::{Place, Why};
use crate::net::TlsMode;
use std::iter::Peekable;
use std::str::Chars;
use zeroize::Zeroizing;

/// The name of the account that stands in front of the identities.
const NAME: &str = "esmtp";

/// Words without a value, and words that are the first half of a name.
const ALONE: &str = "default";
const HALF: &str = "force";

/// Reads the text.
pub fn read(source: &Source, reading: &mut Reading) {
    let mut words = Words { chars: source.text.chars().peekable(), line: 1 };
    let mut draft: Option<Draft> = None;
    while let Some((line, mut name)) = words.keyword() {
        let at = source.at(line);
        if name == HALF {
            name = format!("{HALF}_{}", words.keyword().map(|(_, name)| name).unwrap_or_default());
        }
        if name == ALONE {
            if let Some(draft) = &draft {
                reading.default = Some(draft.original.clone());
            }
            continue;
        }
        let value = words.value();
        let (Some(value), true) = (value, is_name(&name)) else {
            reading.leave_line(at);
            continue;
        };
        if name == "identity" {
            reading.drafts.extend(draft.take());
            let mut identity = begin(&value, at.clone());
            identity.goes_on(&name, &at);
            if let Err(why) = identity.sender(&value) {
                reading.leave(at, &name, why);
            }
            draft = Some(identity);
            continue;
        }
        let own = draft.get_or_insert_with(|| {
            reading.default = Some(NAME.to_owned());
            begin(NAME, at.clone())
        });
        own.goes_on(&name, &at);
        match put(own, &name, &value) {
            // It may be the rest of a value that should have been quoted.
            Err(Why::Unknown) => {
                words.skip_line(line);
                reading.leave_line(at);
            }
            Err(why) => reading.leave(at, &name, why),
            Ok(()) => {}
        }
    }
    reading.drafts.extend(draft);
}

/// An account with what holds where nothing is said: the port of submission, and no TLS.
fn begin(name: &str, at: Place) -> Draft {
    let mut draft = Draft::new(name, at);
    (draft.server.port, draft.server.tls) = (Some(587), Some(TlsMode::Off));
    draft
}

fn put(draft: &mut Draft, name: &str, value: &str) -> Result<(), Why> {
    match name {
        "hostname" => match value.rsplit_once(':') {
            Some((host, "smtp")) => draft.host(&format!("{host}:25")),
            Some((host, "submission")) => draft.host(&format!("{host}:587")),
            _ => draft.host(value),
        },
        "username" => draft.user(value),
        "password" => draft.password(value),
        "starttls" => draft.tls(match value {
            "enabled" => TlsMode::Opportunistic,
            "required" => TlsMode::StartTls,
            "disabled" => TlsMode::Off,
            _ => return Err(Why::Value),
        }),
        "helo" => draft.ehlo_name(value),
        "qualifydomain" => draft.domain(value),
        "force_sender" | "force_reverse_path" => {
            draft.put("envelope", Item::Text("account".to_owned()))?;
            draft.sender(value)
        }
        "certificate_passphrase" => Err(Why::NoCounterpart),
        "preconnect" | "postconnect" => Err(Why::NoCounterpart),
        "mda" | "force_mda" => Err(Why::Program),
        _ => Err(Why::Unknown),
    }
}

/// The words of the text, from left to right.
struct Words<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

impl Words<'_> {
    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        let c = self.chars.next_if(|c| fits(*c))?;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// Goes to the end of this line, if it is not over yet.
    fn skip_line(&mut self, line: usize) {
        while self.line == line && self.next_if(|_| true).is_some() {}
    }

    /// Goes over blanks and comments, and one equals sign where there may be one.
    fn skip(&mut self, mut may_be_equal: bool) {
        while let Some(c) = self.chars.peek().copied() {
            match c {
                '#' => while self.next_if(|c| c != '\n').is_some() {},
                '=' if may_be_equal => {
                    may_be_equal = false;
                    self.chars.next();
                }
                c if c.is_whitespace() => _ = self.next_if(|_| true),
                _ => break,
            }
        }
    }

    /// The next word in the place of a keyword, and its line.
    fn keyword(&mut self) -> Option<(usize, String)> {
        self.skip(false);
        let line = self.line;
        let mut word = String::new();
        while let Some(c) = self.next_if(|c| !c.is_whitespace() && c != '=' && c != '#') {
            word.push(c);
        }
        // Something that begins no word: gone over, so that there is an end.
        if word.is_empty() {
            word.push(self.next_if(|_| true)?);
        }
        Some((line, word))
    }

    /// The value of a keyword; nothing where a quotation mark is never closed.
    fn value(&mut self) -> Option<Zeroizing<String>> {
        self.skip(true);
        let mut value = Zeroizing::new(String::with_capacity(256));
        let Some(quote) = self.next_if(|c| matches!(c, '"' | '\'')) else {
            while let Some(c) = self.next_if(|c| !c.is_whitespace() && c != '#') {
                value.push(c);
            }
            return (!value.is_empty()).then_some(value);
        };
        while let Some(c) = self.next_if(|c| c != quote) {
            match c {
                '\\' => value.push(self.escaped()?),
                c => value.push(c),
            }
        }
        self.next_if(|c| c == quote).map(|_| value)
    }

    /// What a backslash and what follows it stand for, as in C.
    fn escaped(&mut self) -> Option<char> {
        let number = |digits: &[char], base| {
            let digits: String = digits.iter().collect();
            u32::from_str_radix(&digits, base).ok().and_then(char::from_u32)
        };
        Some(match self.next_if(|_| true)? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => {
                let digits: Vec<char> =
                    (0..2).map_while(|_| self.next_if(|c| c.is_ascii_hexdigit())).collect();
                number(&digits, 16)?
            }
            first if first.is_digit(8) => {
                let more = (0..2).map_while(|_| self.next_if(|c| c.is_digit(8)));
                number(&[first].into_iter().chain(more).collect::<Vec<_>>(), 8)?
            }
            c => c,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_a_string_of_c() {
        for (text, found) in [
            (" = plain # comment", Some("plain")),
            ("\"a # b\"", Some("a # b")),
            ("'it\\'s'", Some("it's")),
            ("=\"\\x41\\101\\t\\\"\"", Some("AA\t\"")),
            ("a=b=", Some("a=b=")),
            ("\"open", None),
            ("", None),
        ] {
            let mut words = Words { chars: text.chars().peekable(), line: 1 };
            assert_eq!(words.value().as_ref().map(|value| value.as_str()), found, "{text}");
        }
    }
}
