//! Names with macros in them (RFC 7208, section 7.1), as they stand in a record. What they become is in expand.rs.
//!
//! ```abnf
//! domain-spec  = macro-string domain-end
//! domain-end   = ( "." toplabel [ "." ] ) / macro-expand
//! macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
//! ```

use super::fault::TermFault;

/// A text with macros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(super) parts: Vec<Part>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// As it stands there.
    Text(String),
    /// What stands for something else.
    Macro(Macro),
}

/// `%{ir}`: what it stands for, and what is done with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Macro {
    /// In small letters.
    pub(super) letter: char,
    /// A capital letter: it is escaped as in a URL.
    pub(super) is_escaped: bool,
    /// The most parts that are kept, from the right.
    pub(super) most: Option<usize>,
    /// The parts are put into reverse order.
    pub(super) is_reversed: bool,
    /// What the parts are cut at; a dot, if there is nothing.
    pub(super) delimiters: String,
}

impl Template {
    /// Reads a domain-spec.
    pub(super) fn domain(text: &str) -> Result<Template, TermFault> {
        let template = Template::text(text, "slodiphv")?;
        match template.parts.last() {
            Some(Part::Macro(_)) => Ok(template),
            Some(Part::Text(end)) if ends_well(end) => Ok(template),
            // "%%" and the like are text by now, and end a name as a macro does.
            Some(Part::Text(_)) if ["%%", "%_", "%-"].iter().any(|end| text.ends_with(end)) => Ok(template),
            _ => Err(TermFault::Name),
        }
    }

    /// Reads a macro-string with these letters.
    fn text(text: &str, letters: &str) -> Result<Template, TermFault> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('%') {
            plain += before;
            let mut octets = behind.chars();
            match octets.next() {
                Some('%') => plain.push('%'),
                Some('_') => plain.push(' '),
                Some('-') => plain += "%20",
                Some('{') => {
                    let (inside, after) = octets.as_str().split_once('}').ok_or(TermFault::Macro)?;
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Macro(Macro::parse(inside, letters)?));
                    octets = after.chars();
                }
                _ => return Err(TermFault::Macro),
            }
            rest = octets.as_str();
        }
        plain += rest;
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        if text.bytes().all(|octet| octet.is_ascii_graphic()) {
            Ok(Template { parts })
        } else {
            Err(TermFault::Name)
        }
    }

    /// The name, if it is the same for everybody.
    #[must_use]
    pub fn fixed(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Macro(_) => None,
            })
            .collect()
    }

    /// Whether the client's own name has to be looked up for it (`p`).
    pub(super) fn needs_client_name(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Macro(one) if one.letter == 'p'))
    }
}

impl Macro {
    fn parse(inside: &str, letters: &str) -> Result<Macro, TermFault> {
        let mut rest = inside.chars();
        let letter = rest.next().filter(char::is_ascii_alphabetic).ok_or(TermFault::Macro)?;
        let rest = rest.as_str();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (digits, rest) = rest.split_at_checked(digits).ok_or(TermFault::Macro)?;
        let most = match digits {
            "" => None,
            // More parts than this no name has.
            digits => Some(digits.parse().unwrap_or(usize::MAX)),
        };
        let (is_reversed, delimiters) = match rest.strip_prefix(['r', 'R']) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let small = letter.to_ascii_lowercase();
        let is_known = letters.contains(small) && most != Some(0);
        if is_known && delimiters.chars().all(|c| ".-+,/_=".contains(c)) {
            let is_escaped = letter.is_ascii_uppercase();
            Ok(Macro { letter: small, is_escaped, most, is_reversed, delimiters: delimiters.to_owned() })
        } else {
            Err(TermFault::Macro)
        }
    }
}

/// Whether a text ends with a dot and a label that can be the last of a name.
fn ends_well(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, label)) = text.rsplit_once('.') else { return false };
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
    let is_number = label.bytes().all(|octet| octet.is_ascii_digit());
    !label.is_empty()
        && label.bytes().all(fits)
        && !label.starts_with('-')
        && !label.ends_with('-')
        && !is_number
}
