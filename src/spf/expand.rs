//! What macros become for one client (RFC 7208, section 7.3).

use super::dotted;
use super::evaluate::Question;
use super::template::{Macro, Part, Template};

/// No name is longer (section 7.3).
const LONGEST: usize = 253;

impl Template {
    /// The name for this client at this domain. `client_name` finds the client's own name, for `p`.
    pub(super) fn expand(&self, question: &Question<'_>, domain: &str, client_name: &str) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out += text,
                Part::Macro(one) => out += &one.expand(question, domain, client_name),
            }
        }
        let out = out.strip_suffix('.').unwrap_or(&out);
        shortened(out).to_owned()
    }
}

/// A name without as many labels in front as make it too long.
fn shortened(name: &str) -> &str {
    let mut name = name;
    while name.len() > LONGEST {
        match name.split_once('.') {
            Some((_, rest)) => name = rest,
            None => break,
        }
    }
    name
}

impl Macro {
    fn expand(&self, question: &Question<'_>, domain: &str, client_name: &str) -> String {
        let (local, of) = (question.local_part(), question.sender_domain);
        let value = match self.letter {
            's' => format!("{local}@{of}"),
            'l' => local.to_owned(),
            'o' => of.to_owned(),
            'd' => domain.to_owned(),
            'i' => dotted(question.ip()),
            'p' => client_name.to_owned(),
            'h' => question.helo.to_owned(),
            _ if question.ip().is_ipv4() => "in-addr".to_owned(),
            _ => "ip6".to_owned(),
        };
        let delimiters = if self.delimiters.is_empty() { "." } else { &self.delimiters };
        let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
        if self.is_reversed {
            parts.reverse();
        }
        let from = self.most.map_or(0, |most| parts.len().saturating_sub(most));
        let value = parts.get(from..).unwrap_or_default().join(".");
        if self.is_escaped { escaped(&value) } else { value }
    }
}

/// As in a URL: what is not unreserved is `%XX` (RFC 3986, section 2.3).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for octet in text.bytes() {
        match octet {
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(octet)),
            octet if octet.is_ascii_alphanumeric() => out.push(char::from(octet)),
            octet => out += &format!("%{octet:02X}"),
        }
    }
    out
}
