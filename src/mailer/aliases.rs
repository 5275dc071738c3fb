//! Aliases of bare names: `root: admin@example.org` (aliases(5)).
//!
//! Programs, files and lists in files are not followed: this takes mail for others, and delivers nothing here.

use std::collections::{HashMap, HashSet};

/// How many addresses a name may come to.
const MOST: usize = 1000;

/// All aliases of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases(HashMap<String, Vec<String>>);

/// What was not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFollowed {
    /// A program, a file, or a list in a file.
    Target {
        /// The alias.
        name: String,
        /// What it names.
        target: String,
    },
    /// It comes to more addresses than a message may have.
    TooMany(String),
}

impl Aliases {
    /// Reads a file. Lines that are none are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Aliases {
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            let is_more = line.starts_with([' ', '\t']);
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match lines.last_mut().filter(|_| is_more) {
                Some(last) => {
                    last.push(' ');
                    last.push_str(line);
                }
                None => lines.push(line.to_owned()),
            }
        }
        let mut found = HashMap::new();
        for line in &lines {
            let (name, rest) = match line.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                Some((name, rest)) => (name, rest.trim_start()),
                None => line.split_at(line.find(':').unwrap_or(line.len())),
            };
            let Some(rest) = rest.strip_prefix(':') else { continue };
            let targets = split(rest);
            if !targets.is_empty() {
                found.insert(name.trim().to_lowercase(), targets);
            }
        }
        Aliases(found)
    }

    /// Whom a name stands for, if it has an alias that leads to somebody else.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<Vec<String>> {
        let found = self.expand(name, &mut Vec::new());
        Some(found).filter(|found| !found.is_empty() && found.iter().any(|one| one != name))
    }

    /// Whom a name stands for: addresses, and names that stand for themselves. A name that is no alias, and for which
    /// there is no last resort (`*`, `default`), stands for itself.
    pub fn expand(&self, name: &str, not_followed: &mut Vec<NotFollowed>) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            let key = name.to_lowercase();
            let own = self.0.get(&key).filter(|_| seen.insert(key.clone()));
            let is_first = seen.is_empty() && found.is_empty();
            let last_resort = ["*", "default"].iter().find_map(|name| self.0.get(*name)).filter(|_| is_first);
            let Some(targets) = own.or(last_resort) else {
                // One that was opened before is in the list already, with all that it stands for.
                if !found.contains(&name) && !self.0.contains_key(&key) {
                    found.push(name);
                }
                continue;
            };
            seen.insert(key.clone());
            for target in targets.iter().rev() {
                let bare = target.trim_start_matches('\\');
                if target.starts_with(['|', '/', ':']) {
                    not_followed.push(NotFollowed::Target { name: name.clone(), target: target.clone() });
                } else if bare.to_lowercase() == key {
                    // It stands for itself as well.
                    found.push(name.clone());
                } else {
                    open.push(bare.to_owned());
                }
            }
            if found.len() + open.len() > MOST {
                not_followed.push(NotFollowed::TooMany(name));
                break;
            }
        }
        found
    }
}

/// What stands between commas. Quotes around all of it are left out; those around a part, as in
/// `"Jones, A" <a@example.org>`, belong to the address.
fn split(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut word, mut in_quotes, mut is_escaped) = (String::new(), false, false);
    for c in text.chars().chain([',']) {
        match c {
            ',' if !in_quotes => {
                let done = std::mem::take(&mut word);
                found.extend(Some(unquoted(done.trim()).to_owned()).filter(|word| !word.is_empty()));
                continue;
            }
            '"' if !is_escaped => in_quotes = !in_quotes,
            _ => {}
        }
        is_escaped = c == '\\' && in_quotes && !is_escaped;
        word.push(c);
    }
    found
}

fn unquoted(word: &str) -> &str {
    let inside = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.filter(|inside| !inside.contains('"')).unwrap_or(word).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# aliases\nPostmaster: root\nroot: admin@example.org,\n\tsmith\n\nsmith: \\smith, s@example.net\n\
                        loop: pool\npool: loop, x@example.org\nlog: \"|/usr/bin/logger -t mail\", /var/mail/log\n\
                        \"odd name\": odd@example.org\nno colon\nlist: :include:/etc/list, admin@example.org\n\
                        jones: \"Jones, A\" <jones@example.org>, \"a, b\"@example.org, \"smith\"\n";

    fn expanded(text: &str, name: &str) -> (Vec<String>, usize) {
        let mut not_followed = Vec::new();
        let mut found = Aliases::parse(text).expand(name, &mut not_followed);
        found.sort();
        (found, not_followed.len())
    }

    #[test]
    fn a_name_comes_to_addresses_and_names_that_stand_for_themselves() {
        for (name, found, not_followed) in [
            ("root", &["admin@example.org", "s@example.net", "smith"][..], 0),
            ("POSTMASTER", &["admin@example.org", "s@example.net", "smith"], 0),
            ("nobody", &["nobody"], 0),
            ("loop", &["x@example.org"], 0),
            ("log", &[], 2),
            ("odd name", &["odd@example.org"], 0),
            ("list", &["admin@example.org"], 1),
            (
                "jones",
                &["\"Jones, A\" <jones@example.org>", "\"a, b\"@example.org", "s@example.net", "smith"],
                0,
            ),
        ] {
            assert_eq!(
                expanded(FILE, name),
                (found.iter().map(|one| (*one).to_owned()).collect(), not_followed),
                "{name}"
            );
        }
    }

    #[test]
    fn there_may_be_a_last_resort() {
        for last in ["*", "default"] {
            let text = format!("{last}: me@example.org\nroot: r@example.org\n");
            assert_eq!(expanded(&text, "cron"), (vec!["me@example.org".to_owned()], 0));
            assert_eq!(expanded(&text, "root"), (vec!["r@example.org".to_owned()], 0));
        }
        // It may have no address, either.
        assert_eq!(expanded("*: all\n", "cron"), (vec!["all".to_owned()], 0));
    }

    #[test]
    fn a_list_without_end_ends() {
        let text: String = (0..3000).map(|n| format!("n{n}: n{}, a{n}@example.org\n", n + 1)).collect();
        let (found, not_followed) = expanded(&text, "n0");
        assert!(found.len() <= MOST && not_followed == 1, "{}", found.len());
    }
}
