//! Cases, read from the files in cases/. Each begins with `case` and its name, which is a claim. What its other lines mean:
//!
//! ```text
//! to ADDRESS...                 the recipients; without it, Jones@beta.test
//! via SERVER                    of -S, instead of mx:
//! args WORD...                  more words for the command line; --dry-run and the like
//! allow ITEM                    of --mx-allow, instead of loopback; `nothing` for none
//! resolvers WORD...             who is asked in turn: live (the one that the lines of dns are for), live2 (dns2), dead, silent
//! signed                        what the resolvers say is validated
//! no-tcp                        they do not listen on TCP
//! dns NAME TYPE [ONLY]: ANSWER  what is said of it (answer.rs); ONLY is udp, tcp, edns or bare; PORT is that of the servers
//! web ...                       the policy of beta.test: see `web`
//! web-is WORD...                another certificate (web-name, web-old, web-strange); drips, cuts
//! cache ...                     what is kept of beta.test before: see `cache`
//! kill SERVER                   the program is killed when it has come to RCPT there
//! term MILLISECONDS             it gets a SIGTERM after so much time
//!
//! ends STATUS: FATE, FATE...    how it must end, for each recipient STATUS STAGE [at SERVER] [by POLICY],
//!                               without STAGE where it is accepted, and by none where it is not said; once more runs it again
//! copies SERVER=N...            how many copies must have come in all; without it, one at each server of a fate
//! asked N NAME TYPE             how often that must have been asked for; `asked N web` for requests of the policy
//! sni NAME                      which name the last handshake was for
//! says TEXT                     what the last run must say, in its report or on standard error: why it is as it is
//! within SECONDS                how long it may take at most
//! kept NAME...                  the files that the cache must have in the end
//! ```

use crate::answer::kind;
use crate::resolver::{Line, Only, Zone};
use crate::web::Web;

/// One run of the program, or several in turn, and what must hold.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// Where it stands.
    pub place: String,
    pub to: Vec<String>,
    pub via: String,
    pub args: String,
    pub allow: String,
    pub resolvers: Vec<String>,
    pub zone: Zone,
    pub web: Option<Web>,
    pub cache: Option<Cache>,
    pub kill: Option<String>,
    pub term: Option<u64>,
    pub runs: Vec<Ends>,
    pub copies: Option<Vec<(String, usize)>>,
    pub asked: Vec<(usize, String, String)>,
    pub sni: Option<String>,
    pub says: Option<String>,
    pub within: Option<u64>,
    pub kept: Option<Vec<String>>,
}

/// What is kept of a domain beforehand.
#[derive(Clone)]
pub struct Cache {
    /// So many seconds ago; negative for what is yet to come.
    pub age: i64,
    pub id: String,
    pub policy: String,
    /// What else is odd: the words are in run.rs, `keep`.
    pub oddity: String,
}

/// How a run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ends {
    /// The exit status; none if it is killed.
    pub exit: Option<i32>,
    /// What became of each recipient.
    pub fates: Vec<Fate>,
}

/// What becomes of a recipient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fate {
    /// `refused dns`: the status and the stage.
    pub what: String,
    /// By which server.
    pub at: Option<String>,
    /// By which policy, as far as it is told: `sts/enforce/fetched` and more.
    pub by: Option<String>,
}

/// All cases.
pub fn all() -> Vec<Case> {
    let files = [
        ("answers.txt", include_str!("cases/answers.txt")),
        ("resolvers.txt", include_str!("cases/resolvers.txt")),
        ("hosts.txt", include_str!("cases/hosts.txt")),
        ("guard.txt", include_str!("cases/guard.txt")),
        ("dane.txt", include_str!("cases/dane.txt")),
        ("mta_sts.txt", include_str!("cases/mta_sts.txt")),
        ("policies.txt", include_str!("cases/policies.txt")),
        ("cache.txt", include_str!("cases/cache.txt")),
        ("delivery.txt", include_str!("cases/delivery.txt")),
    ];
    files.iter().flat_map(|(file, text)| read(file, text)).collect()
}

fn read(file: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let place = format!("cases/{file}:{}", number + 1);
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "" | "#" => {}
            "case" => cases.push(Case::new(rest, place)),
            _ => match cases.last_mut().map(|case| case.line(word, rest.trim())) {
                Some(Some(())) => {}
                _ => panic!("{place}: '{line}' means nothing"),
            },
        }
    }
    cases
}

impl Case {
    fn new(name: &str, place: String) -> Case {
        Case {
            name: name.to_owned(),
            place,
            to: Vec::new(),
            via: "mx:".to_owned(),
            args: String::new(),
            allow: "loopback".to_owned(),
            resolvers: vec!["live".to_owned()],
            zone: Zone { lines: Vec::new(), is_signed: false, has_tcp: true },
            web: None,
            cache: None,
            kill: None,
            term: None,
            runs: Vec::new(),
            copies: None,
            asked: Vec::new(),
            sni: None,
            says: None,
            within: None,
            kept: None,
        }
    }

    /// The recipients.
    pub fn recipients(&self) -> Vec<&str> {
        let to: Vec<&str> = self.to.iter().map(String::as_str).collect();
        if to.is_empty() { vec!["Jones@beta.test"] } else { to }
    }

    fn line(&mut self, word: &str, rest: &str) -> Option<()> {
        let words = || rest.split_whitespace().map(str::to_owned);
        match word {
            "to" => self.to.extend(words()),
            "via" => rest.clone_into(&mut self.via),
            "args" => self.args = format!("{} {rest}", self.args),
            "allow" => rest.clone_into(&mut self.allow),
            "resolvers" => self.resolvers = words().collect(),
            "signed" => self.zone.is_signed = true,
            "no-tcp" => self.zone.has_tcp = false,
            "dns" => self.zone.lines.push(dns(0, rest)?),
            "dns2" => self.zone.lines.push(dns(1, rest)?),
            "web" => self.web = Some(web(rest)?),
            "web-is" => {
                let web = self.web.as_mut()?;
                for word in words() {
                    match word.as_str() {
                        "drips" => web.drips = true,
                        "cuts" => web.cuts = true,
                        _ => web.certificate = word,
                    }
                }
            }
            "cache" => self.cache = Some(cache(rest)?),
            "kill" => self.kill = Some(rest.to_owned()),
            "term" => self.term = Some(rest.parse().ok()?),
            "ends" => self.runs.push(ends(rest)?),
            "copies" => {
                let copies = words().map(|word| {
                    let (name, count) = word.split_once('=')?;
                    Some((name.to_owned(), count.parse().ok()?))
                });
                self.copies = Some(copies.collect::<Option<_>>()?);
            }
            "asked" => {
                let words: Vec<String> = words().collect();
                let (count, name) = (words.first()?.parse().ok()?, words.get(1)?.clone());
                self.asked.push((count, name, words.get(2).cloned().unwrap_or_default()));
            }
            "sni" => self.sni = Some(rest.to_owned()),
            "says" => self.says = Some(rest.to_owned()),
            "within" => self.within = Some(rest.parse().ok()?),
            "kept" => self.kept = Some(words().collect()),
            _ => return None,
        }
        Some(())
    }
}

/// `NAME TYPE [ONLY]: ANSWER`
fn dns(by: usize, text: &str) -> Option<Line> {
    let (question, says) = text.split_once(": ")?;
    let words: Vec<&str> = question.split_whitespace().collect();
    let only = match words.get(2) {
        None => None,
        Some(&"udp") => Some(Only::Udp),
        Some(&"tcp") => Some(Only::Tcp),
        Some(&"edns") => Some(Only::Edns),
        Some(&"bare") => Some(Only::Bare),
        Some(_) => return None,
    };
    Some(Line {
        by,
        name: (*words.first()?).to_owned(),
        kind: kind(words.get(1)?)?,
        only,
        says: says.trim().to_owned(),
    })
}

/// A policy: `MODE MX...` for a day.
fn policy(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let mode = words.next()?;
    let mx: String = words.map(|host| format!("mx: {host}\n")).collect();
    Some(format!("version: STSv1\nmode: {mode}\n{mx}max_age: 86400\n"))
}

/// `policy MODE MX...` is a proper answer, as is `text "..."` with any text; `head "..."` has these fields instead of the
/// proper ones, and the policy `enforce tls.test`; `octets "..."` is all that is said. `large N` is a policy of so many octets.
fn web(text: &str) -> Option<Web> {
    let (word, rest) = text.split_once(' ')?;
    let plain = |body: &[u8]| {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    Some(Web::saying(match word {
        "policy" => plain(policy(rest)?.as_bytes()),
        "text" => plain(&quoted(rest)?),
        "large" => {
            let policy = policy("enforce tls.test")?;
            let left = rest.parse::<usize>().ok()?.checked_sub(policy.len())?;
            plain(format!("{policy}{}", "\n".repeat(left)).as_bytes())
        }
        "head" => {
            let head = [&b"HTTP/1.1 "[..], &quoted(rest)?, b"\r\n\r\n"].concat();
            [head, policy("enforce tls.test")?.into_bytes()].concat()
        }
        "octets" => quoted(rest)?,
        _ => return None,
    }))
}

/// `AGE ID MODE MX... [is ODDITY]`
fn cache(text: &str) -> Option<Cache> {
    let (text, oddity) = text.split_once(" is ").unwrap_or((text, ""));
    let mut words = text.splitn(3, ' ');
    let (age, id, rest) = (words.next()?.parse().ok()?, words.next()?.to_owned(), words.next()?);
    Some(Cache { age, id, policy: policy(rest)?, oddity: oddity.to_owned() })
}

/// Octets between quotes: `\n`, `\r`, `\xNN` and `\\` are what they are in Rust.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'\\', [b'n', ..]) => out.push(b'\n'),
            (b'\\', [b'r', ..]) => out.push(b'\r'),
            (b'\\', [b'\\', ..]) => out.push(b'\\'),
            (b'\\', [b'x', a, b, ..]) => {
                out.push(u8::from_str_radix(str::from_utf8(&[*a, *b]).ok()?, 16).ok()?);
                rest = &rest[2..];
            }
            (b'\\', _) => return None,
            _ => {
                out.push(*first);
                continue;
            }
        }
        rest = &rest[1..];
    }
    Some(out)
}

/// `STATUS: FATE, FATE...`, or `STATUS: nobody` where it does not come so far; `killed` in place of all that.
fn ends(text: &str) -> Option<Ends> {
    if text == "killed" {
        return Some(Ends { exit: None, fates: Vec::new() });
    }
    let (exit, fates) = text.split_once(": ")?;
    let fates = fates.split(", ").filter(|fate| *fate != "nobody").map(|fate| {
        let words: Vec<&str> = fate.split_whitespace().collect();
        let (what, rest) = match words.as_slice() {
            // It is the stage at which others would have been refused.
            ["accepted", rest @ ..] => ("accepted rcpt".to_owned(), rest),
            [status, stage, rest @ ..] => (format!("{status} {stage}"), rest),
            _ => return None,
        };
        let mut found = Fate { what, at: None, by: None };
        for pair in rest.chunks(2) {
            match pair {
                ["at", server] => found.at = Some((*server).to_owned()),
                ["by", policy] => found.by = Some((*policy).to_owned()),
                _ => return None,
            }
        }
        if words.first() == Some(&"accepted") {
            found.by.get_or_insert_with(|| "none".to_owned());
        }
        Some(found)
    });
    Some(Ends { exit: Some(exit.parse().ok()?), fates: fates.collect::<Option<_>>()? })
}
