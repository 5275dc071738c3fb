//! The addresses in fields and operands: read as far as they can be, and names without a domain told apart.

use crate::message::address::read_list;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox};

/// What names without a domain are given while they are read: a domain that no address has (RFC 2606, section 2).
const NOWHERE: &str = "no-domain.invalid";

/// What a list of addresses holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Addresses, and names without a domain.
    pub addresses: Vec<String>,
    /// Members that cannot be read.
    pub unread: Vec<String>,
}

/// Reads a list; where it cannot be read as a whole, member by member.
#[must_use]
pub fn list(text: &str) -> Found {
    if let Some(addresses) = whole(text) {
        return Found { addresses, unread: Vec::new() };
    }
    let mut found = Found::default();
    for member in members(text) {
        match whole(member) {
            Some(addresses) => found.addresses.extend(addresses),
            None => found.unread.push(member.trim().to_owned()),
        }
    }
    found
}

fn whole(text: &str) -> Option<Vec<String>> {
    let nowhere = Domain::parse(NOWHERE).ok()?;
    let list = read_list(text, Some(&nowhere)).ok()?;
    let name = |path: &ForwardPath| match path {
        ForwardPath::Postmaster => String::from("Postmaster"),
        ForwardPath::Mailbox(mailbox) if *mailbox.domain() == nowhere => mailbox.local().to_owned(),
        ForwardPath::Mailbox(mailbox) => mailbox.to_string(),
    };
    Some(list.addresses.iter().map(|address| name(&address.path)).collect())
}

/// What stands between the commas of a list, but for those in quotes, comments and angle brackets.
fn members(text: &str) -> Vec<&str> {
    let mut marks = Marks::default();
    let mut begins = 0;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        if marks.is_outside(c) && c == ',' {
            found.push(text.get(begins..at).unwrap_or_default());
            begins = at + 1;
        }
    }
    found.push(text.get(begins..).unwrap_or_default());
    found.retain(|member| !member.trim().is_empty());
    found
}

/// Where in a structured field one is (RFC 5322, section 3.2).
#[derive(Debug, Default, Clone, Copy)]
pub struct Marks {
    in_quotes: bool,
    in_comment: u32,
    in_angle: bool,
    is_escaped: bool,
}

impl Marks {
    /// Goes on by one character; whether it stands outside of quotes, comments and angle brackets.
    pub fn is_outside(&mut self, c: char) -> bool {
        if std::mem::take(&mut self.is_escaped) {
            return false;
        }
        match c {
            '\\' if self.in_quotes || self.in_comment > 0 => self.is_escaped = true,
            '"' if self.in_comment == 0 => {
                self.in_quotes = !self.in_quotes;
                return false;
            }
            '(' if !self.in_quotes => {
                self.in_comment += 1;
                return false;
            }
            ')' if !self.in_quotes && self.in_comment > 0 => {
                self.in_comment -= 1;
                return false;
            }
            '<' if !self.in_quotes && self.in_comment == 0 => self.in_angle = true,
            '>' if !self.in_quotes && self.in_comment == 0 => {
                self.in_angle = false;
                return false;
            }
            _ => {}
        }
        !self.in_quotes && self.in_comment == 0 && !self.in_angle
    }

    /// Whether a character that was gone over is part of an address, in angle brackets or not.
    fn is_in_comment_or_quotes(self) -> bool {
        self.in_quotes || self.in_comment > 0
    }
}

/// Puts a domain behind every name in a field that has none, and leaves all else as it is.
#[must_use]
pub fn qualified(value: &str, domain: &Domain) -> String {
    let mut out = String::new();
    let mut marks = Marks::default();
    let mut begins = 0;
    for (at, c) in value.char_indices().chain([(value.len(), ',')]) {
        let is_end = at == value.len() || (marks.is_outside(c) && matches!(c, ',' | ';' | ':'));
        if is_end {
            let member = value.get(begins..at).unwrap_or_default();
            // In front of a colon stands the name of a group.
            let is_group = c == ':' && at < value.len();
            out.push_str(&if is_group { member.to_owned() } else { one(member, domain) });
            if at < value.len() {
                out.push(c);
            }
            begins = at + c.len_utf8();
        }
    }
    out
}

/// One member of a list: `root`, `root (Cron Daemon)`, `Cron <root>`.
fn one(member: &str, domain: &Domain) -> String {
    let Some((from, to)) = name_in(member) else { return member.to_owned() };
    let name = member.get(from..to).unwrap_or_default();
    if name.contains('@') || Mailbox::unquoted(name, domain.clone()).is_err() {
        return member.to_owned();
    }
    let (before, behind) = (member.get(..to).unwrap_or_default(), member.get(to..).unwrap_or_default());
    format!("{before}@{domain:#}{behind}")
}

/// Where the address stands in a member of a list: in angle brackets, or what is neither comment nor blank.
fn name_in(member: &str) -> Option<(usize, usize)> {
    let mut marks = Marks::default();
    let mut plain: Option<(usize, usize)> = None;
    let mut angle = None;
    for (at, c) in member.char_indices() {
        let was_in_angle = marks.in_angle;
        let _ = marks.is_outside(c);
        if marks.is_in_comment_or_quotes() || c == ')' || c == '"' {
            continue;
        }
        match c {
            '<' => angle = Some((at + 1, at + 1)),
            '>' => {}
            c if c.is_whitespace() => {}
            c if was_in_angle => {
                if let Some((from, to)) = &mut angle {
                    // Blanks at its start are no part of it.
                    *from = if from == to { at } else { *from };
                    *to = at + c.len_utf8();
                }
            }
            c => {
                let to = at + c.len_utf8();
                plain = Some(plain.map_or((at, to), |(from, _)| (from, to)));
            }
        }
    }
    angle.or(plain).filter(|(from, to)| from < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_far_as_it_can_be() {
        for (text, addresses, unread) in [
            ("a@x.org, root", &["a@x.org", "root"][..], &[][..]),
            ("root (Cron Daemon)", &["root"], &[]),
            ("\"Smith, J\" <j@x.org>, Brown <brown>", &["j@x.org", "brown"], &[]),
            ("undisclosed-recipients:;", &[], &[]),
            ("a@x.org, b@@y, \"c, d\" <c@x.org>", &["a@x.org", "c@x.org"], &["b@@y"]),
            ("", &[], &[]),
        ] {
            let found = list(text);
            assert_eq!(
                (
                    found.addresses.iter().map(String::as_str).collect::<Vec<_>>(),
                    found.unread.iter().map(String::as_str).collect::<Vec<_>>()
                ),
                (addresses.to_vec(), unread.to_vec()),
                "{text}"
            );
        }
    }

    #[test]
    fn names_get_a_domain_and_all_else_stays() {
        let domain = Domain::parse("x.org").unwrap();
        for (given, wanted) in [
            (" root (Cron Daemon)", " root@x.org (Cron Daemon)"),
            (" root", " root@x.org"),
            (" Cron <root>", " Cron <root@x.org>"),
            (" \"Cron, root\" < root >, a@b.org,\n b", " \"Cron, root\" < root@x.org >, a@b.org,\n b@x.org"),
            (" Fail2Ban <fail2ban>", " Fail2Ban <fail2ban@x.org>"),
            (" team: a, b@c.org;, d", " team: a@x.org, b@c.org;, d@x.org"),
            (" undisclosed-recipients:;", " undisclosed-recipients:;"),
            (" <>", " <>"),
            (" two words", " two words"),
            (" (root)", " (root)"),
            (" \"root\"", " \"root\""),
            ("", ""),
        ] {
            assert_eq!(qualified(given, &domain), wanted);
        }
    }
}
