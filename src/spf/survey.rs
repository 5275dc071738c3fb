//! All that a record leads to, whoever the client is: what it costs, and what is wrong with it on the way. It goes where a
//! client would go that no directive matches, which is the most expensive one (RFC 7208, section 4.6.4).

use super::evaluate::{is_domain, is_name};
use super::fault::SpfFault;
use super::record::{Directive, Mechanism, Qualifier, Record, is_record, looks_like_one};
use super::template::Template;
use super::{LookUp, MOST_LOOK_UPS, MOST_NAMES, Unknown};

/// Past the limit the counting goes on, up to here: so it can be said by how much a record is over it.
pub const ENOUGH: usize = 3 * MOST_LOOK_UPS;

/// Fewer bits of IPv4 are more than anybody sends from: no organization has more than a few /8.
const WIDE_V4: u8 = 8;
/// The same for IPv6.
const WIDE_V6: u8 = 16;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey {
    /// The record of the domain, as it stands there; none if there is none, or several.
    pub text: Option<String>,
    /// How many terms ask the DNS.
    pub look_ups: usize,
    /// How many of the names that they ask for have no record; only those that are the same for each client.
    pub voids: usize,
    /// What becomes of a client that nothing else matches; none if the record does not say.
    pub all: Option<Qualifier>,
    /// What else is to be known, in the order in which it came to light.
    pub remarks: Vec<Remark>,
}

/// What is to be known of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A domain has several records: so many.
    Several(String, usize),
    /// The domain has no record, but this text, which looks as if it should be one.
    Misspelt(String),
    /// A domain's record cannot be read.
    Malformed(String, SpfFault),
    /// A domain that is included, or redirected to, has no record.
    NoRecord(String),
    /// A domain leads back to itself.
    Loop(String),
    /// What the DNS has of this name is not known.
    Unknown(String),
    /// A domain's record uses `ptr`, which it should not (RFC 7208, section 5.5).
    Ptr(String),
    /// A name in it that has no such record: as the term stands there.
    Void(String),
    /// The MX records of a name are more than [`MOST_NAMES`].
    Hosts(String),
    /// A domain that passes everybody is included.
    PassesAll(String),
    /// This term lets everybody send.
    Everybody(String),
    /// This term lets very many send: more than a /8 of IPv4, or a /16 of IPv6.
    Wide(String),
    /// Terms behind `all`, which nobody reads.
    BehindAll(String),
}

/// Walks through the record of a domain.
pub fn survey(domain: &str, look_up: &mut dyn LookUp) -> Survey {
    let mut walk = Walk { look_up, found: Survey::default(), path: Vec::new() };
    walk.found.all = walk.domain(domain, true);
    walk.found
}

struct Walk<'a> {
    look_up: &'a mut dyn LookUp,
    found: Survey,
    /// The domains that lead here.
    path: Vec<String>,
}

impl Walk<'_> {
    fn remark(&mut self, remark: Remark) {
        if !self.found.remarks.contains(&remark) {
            self.found.remarks.push(remark);
        }
    }

    /// Walks through one record, and returns what becomes of those that nothing in it matches.
    fn domain(&mut self, domain: &str, is_first: bool) -> Option<Qualifier> {
        let domain = domain.to_ascii_lowercase();
        let own = || domain.clone();
        if self.path.contains(&domain) {
            self.remark(Remark::Loop(own()));
            return None;
        }
        let found = if is_domain(&domain) { self.look_up.texts(&domain) } else { Ok(Vec::new()) };
        let texts = match found {
            Ok(texts) => texts,
            Err(Unknown) => {
                self.remark(Remark::Unknown(own()));
                return None;
            }
        };
        let records: Vec<&Vec<u8>> = texts.iter().filter(|text| is_record(text)).collect();
        let text = match records.as_slice() {
            [] if is_first => {
                if let Some(text) = texts.iter().find(|text| looks_like_one(text)) {
                    self.remark(Remark::Misspelt(String::from_utf8_lossy(text).into_owned()));
                }
                return None;
            }
            [] => {
                self.remark(Remark::NoRecord(own()));
                return None;
            }
            [text] => text,
            several => {
                self.remark(Remark::Several(own(), several.len()));
                return None;
            }
        };
        if is_first {
            self.found.text = Some(String::from_utf8_lossy(text).into_owned());
        }
        match Record::parse(text) {
            Ok(record) => {
                self.path.push(own());
                let all = self.record(&domain, &record);
                self.path.pop();
                all
            }
            Err(fault) => {
                self.remark(Remark::Malformed(own(), fault));
                None
            }
        }
    }

    fn record(&mut self, domain: &str, record: &Record) -> Option<Qualifier> {
        for (at, directive) in record.directives.iter().enumerate() {
            if directive.mechanism.looks_up() && !self.counts() {
                return None;
            }
            let name = |target: &Option<Template>| match target {
                Some(target) => target.fixed(),
                None => Some(domain.to_owned()),
            };
            self.width(directive);
            match &directive.mechanism {
                Mechanism::All => {
                    if record.directives.len() > at + 1 || record.redirect.is_some() {
                        self.remark(Remark::BehindAll(domain.to_owned()));
                    }
                    return Some(directive.qualifier);
                }
                Mechanism::Include(target) => {
                    if let Some(target) = target.fixed() {
                        let passes = self.domain(&target, false) == Some(Qualifier::Pass);
                        if passes && directive.qualifier == Qualifier::Pass {
                            self.remark(Remark::PassesAll(target));
                        }
                    }
                }
                Mechanism::A(target, _) => {
                    if let Some(name) = name(target) {
                        self.has_addresses(&name, &directive.text);
                    }
                }
                Mechanism::Mx(target, _) => {
                    if let Some(name) = name(target) {
                        self.exchangers(&name, &directive.text);
                    }
                }
                Mechanism::Ptr(_) => self.remark(Remark::Ptr(domain.to_owned())),
                Mechanism::Ip4(..) | Mechanism::Ip6(..) | Mechanism::Exists(_) => {}
            }
        }
        let redirect = record.redirect.as_ref()?;
        if !self.counts() {
            return None;
        }
        self.domain(&redirect.fixed()?, false)
    }

    /// Whether a directive lets too many pass.
    fn width(&mut self, directive: &Directive) {
        if directive.qualifier != Qualifier::Pass {
            return;
        }
        let (v4, v6) = match &directive.mechanism {
            Mechanism::Ip4(_, bits) => (*bits, 128),
            Mechanism::Ip6(_, bits) => (32, *bits),
            Mechanism::A(_, prefixes) | Mechanism::Mx(_, prefixes) => (prefixes.v4, prefixes.v6),
            _ => return,
        };
        if v4 == 0 || v6 == 0 {
            self.remark(Remark::Everybody(directive.text.clone()));
        } else if v4 < WIDE_V4 || v6 < WIDE_V6 {
            self.remark(Remark::Wide(directive.text.clone()));
        }
    }

    /// One more term asks the DNS; not if there were enough of them.
    fn counts(&mut self) -> bool {
        let goes_on = self.found.look_ups < ENOUGH;
        self.found.look_ups += usize::from(goes_on);
        goes_on
    }

    fn has_addresses(&mut self, name: &str, term: &str) {
        if !is_name(name) {
            return self.void(name, term, false);
        }
        let both = [false, true].map(|is_v6| self.look_up.addresses(name, is_v6));
        if both.iter().any(|found| found.as_ref().is_ok_and(|found| !found.is_empty())) {
            return;
        }
        self.void(name, term, both.iter().any(Result::is_err));
    }

    fn exchangers(&mut self, name: &str, term: &str) {
        let found = if is_name(name) { self.look_up.exchangers(name) } else { Ok(Vec::new()) };
        match found {
            Ok(hosts) if hosts.is_empty() => self.void(name, term, false),
            Ok(hosts) if hosts.len() > MOST_NAMES => self.remark(Remark::Hosts(name.to_owned())),
            Ok(_) => {}
            Err(Unknown) => self.void(name, term, true),
        }
    }

    fn void(&mut self, name: &str, term: &str, is_unknown: bool) {
        if is_unknown {
            self.remark(Remark::Unknown(name.to_owned()));
        } else {
            self.found.voids += 1;
            self.remark(Remark::Void(term.to_owned()));
        }
    }
}
