//! The addresses in fields and operands: read as far as they can be, and names without a domain told apart.

use crate::message::address::{Address, read_list};
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox};

/// What names without a domain are given while they are read: a domain that no address has (RFC 2606, section 2).
pub const NOWHERE: &str = "no-domain.invalid";

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
    let found: Vec<String> = list.addresses.iter().map(|address| name(&address.path)).collect();
    // A quoted name with an @ in it would be taken for an address.
    let is_name = |path: &ForwardPath| matches!(path, ForwardPath::Mailbox(one) if *one.domain() == nowhere);
    let is_sound = |(name, address): (&String, &Address)| {
        is_readable(name) && !(is_name(&address.path) && name.contains('@'))
    };
    found.iter().zip(&list.addresses).all(is_sound).then_some(found)
}

/// A name with its domain, where there is one.
#[must_use]
pub fn with_domain(name: &str, domain: Option<&Domain>) -> String {
    match domain.filter(|_| !name.is_empty() && !name.contains('@')) {
        Some(domain) => {
            Mailbox::new(name, domain.clone()).map_or_else(|_| name.to_owned(), |one| one.to_string())
        }
        None => name.to_owned(),
    }
}

/// What addresses of the same mailbox have in common (RFC 5321, section 2.4).
#[must_use]
pub fn key(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => address.to_owned(),
    }
}

/// Whether the queue can read it again: an address, or a name that can get a domain.
#[must_use]
pub fn is_readable(name: &str) -> bool {
    let as_name = || Some(Mailbox::new(name, Domain::parse(NOWHERE).ok()?).is_ok() && !name.contains('@'));
    Mailbox::parse(name).is_ok() || as_name().unwrap_or_default()
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
    if Mailbox::parse(&format!("{name}@{domain:#}")).is_err() {
        return member.to_owned();
    }
    let (before, behind) = (member.get(..to).unwrap_or_default(), member.get(to..).unwrap_or_default());
    format!("{before}@{domain:#}{behind}")
}

/// Where the address stands in a member of a list: in angle brackets, or what is neither comment nor blank.
fn name_in(member: &str) -> Option<(usize, usize)> {
    let mut marks = Marks::default();
    let mut plain: Option<(usize, usize)> = None;
    let mut angle: Option<(usize, usize)> = None;
    for (at, c) in member.char_indices() {
        let before = marks;
        let _ = marks.is_outside(c);
        if before.in_comment > 0 || marks.in_comment > 0 {
            continue;
        }
        let in_quotes = before.in_quotes || marks.in_quotes;
        let to = at + c.len_utf8();
        match c {
            '<' if !in_quotes => angle = Some((to, to)),
            '>' if !in_quotes => {}
            c if c.is_whitespace() && !in_quotes => {}
            _ if before.in_angle => {
                // Blanks at its start are no part of it.
                angle = angle.map(|(from, end)| (if from == end { at } else { from }, to));
            }
            _ => plain = Some(plain.map_or((at, to), |(from, _)| (from, to))),
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
            ("\"a b\", \"a\"@x.org", &["a b", "a@x.org"], &[]),
            // Without its quotes it would be another address.
            ("\"a@x.org\", b", &["b"], &["\"a@x.org\""]),
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
            (" \"root\"", " \"root\"@x.org"),
            (" \"a b\" (c \"d\")", " \"a b\"@x.org (c \"d\")"),
            (" \"<a>\", Cron < \"a b\">", " \"<a>\"@x.org, Cron < \"a b\"@x.org>"),
            (" \"a, b\\\"\", \"open", " \"a, b\\\"\"@x.org, \"open"),
            (" \"a\" b", " \"a\" b"),
            (" \"a b\"@y.org, c@y.org", " \"a b\"@y.org, c@y.org"),
            ("", ""),
        ] {
            assert_eq!(qualified(given, &domain), wanted);
        }
    }
}
