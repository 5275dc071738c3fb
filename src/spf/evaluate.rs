//! Judging one client: the function `check_host()` of RFC 7208, section 4, with its limits.
//!
//! ```text
//!   record of the domain -> directives in turn -> the first that matches: its qualifier
//!                              include: the same for another domain; only "pass" matches
//!                        -> none matches: redirect=, the same for another domain; else neutral
//! ```
//!
//! A look-up that fails is temperror; a record that cannot be read, and a limit that is passed, are permerror.

use super::fault::SpfFault;
use super::network::Prefixes;
use super::record::{Directive, Mechanism, Qualifier, Record, is_record};
use super::template::Template;
use super::{LookUp, MOST_LOOK_UPS, MOST_NAMES, MOST_VOIDS, Unknown};
use std::net::{IpAddr, Ipv6Addr};

/// Who sends, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The client's address.
    pub ip: IpAddr,
    /// The local part of the reverse-path; empty means `postmaster`.
    pub local: &'a str,
    /// The domain of the reverse-path, in A-labels.
    pub sender_domain: &'a str,
    /// What the client says in EHLO.
    pub helo: &'a str,
}

impl Question<'_> {
    pub(super) fn local_part(&self) -> &str {
        if self.local.is_empty() { "postmaster" } else { self.local }
    }

    /// The address: an IPv4 address in one of IPv6 is the former (RFC 7208, section 5).
    pub(super) fn ip(&self) -> IpAddr {
        self.ip.to_canonical()
    }
}

/// What a client is (RFC 7208, section 2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The domain has no record.
    None,
    /// The domain says nothing of it.
    Neutral,
    /// It may send.
    Pass,
    /// It may not.
    Fail,
    /// It probably may not.
    SoftFail,
    /// Nobody knows now.
    TempError,
    /// Nobody can know: the records are broken.
    PermError,
}

impl Verdict {
    /// As RFC 8601, section 2.7.2, has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::None => "none",
            Verdict::Neutral => "neutral",
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::SoftFail => "softfail",
            Verdict::TempError => "temperror",
            Verdict::PermError => "permerror",
        }
    }
}

/// A verdict, and what it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What the client is.
    pub verdict: Verdict,
    /// The domain and the directive that decided, as it stands in that domain's record.
    pub by: Option<(String, String)>,
    /// Why there is no other verdict, if it is an error.
    pub trouble: Option<Trouble>,
    /// How many terms asked the DNS.
    pub look_ups: usize,
    /// How many answers had no record.
    pub voids: usize,
}

/// Why a client cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// What the DNS has of this name is not known.
    Unknown(String),
    /// A domain has several records: so many.
    Several(String, usize),
    /// A domain that is included, or redirected to, has no record.
    NoRecord(String),
    /// A domain's record cannot be read.
    Record(String, SpfFault),
    /// More than [`MOST_LOOK_UPS`] terms ask the DNS.
    LookUps,
    /// More than [`MOST_VOIDS`] answers have no record.
    Voids,
    /// A domain's MX records name more than [`MOST_NAMES`] hosts.
    Hosts(String),
}

impl Trouble {
    fn verdict(&self) -> Verdict {
        match self {
            Trouble::Unknown(_) => Verdict::TempError,
            _ => Verdict::PermError,
        }
    }
}

/// Judges a client by the record of a domain, which is that of the reverse-path, or the client's own name in EHLO.
pub fn evaluate(question: &Question<'_>, domain: &str, look_up: &mut dyn LookUp) -> Evaluation {
    let mut state = State { question, look_up, look_ups: 0, voids: 0, by: None };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let (verdict, trouble) = match state.check(domain) {
        Ok(verdict) => (verdict, None),
        Err(trouble) => (trouble.verdict(), Some(trouble)),
    };
    let by = state.by.filter(|_| trouble.is_none() && verdict != Verdict::None);
    Evaluation { verdict, by, trouble, look_ups: state.look_ups, voids: state.voids }
}

/// What happened so far.
struct State<'a> {
    question: &'a Question<'a>,
    look_up: &'a mut dyn LookUp,
    look_ups: usize,
    voids: usize,
    by: Option<(String, String)>,
}

/// Whether it can be the name of a domain with a record (RFC 7208, section 4.3).
pub(super) fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| (1..=63).contains(&label.len());
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

impl State<'_> {
    fn check(&mut self, domain: &str) -> Result<Verdict, Trouble> {
        if !is_domain(domain) {
            return Ok(Verdict::None);
        }
        let unknown = |Unknown| Trouble::Unknown(domain.to_owned());
        let texts = self.look_up.texts(domain).map_err(unknown)?;
        let mut records = texts.iter().filter(|text| is_record(text));
        let Some(record) = records.next() else { return Ok(Verdict::None) };
        let more = records.count();
        if more > 0 {
            return Err(Trouble::Several(domain.to_owned(), more + 1));
        }
        let record = Record::parse(record).map_err(|fault| Trouble::Record(domain.to_owned(), fault))?;
        for directive in &record.directives {
            if self.is_matched(directive, domain)? {
                self.by = Some((domain.to_owned(), directive.text.clone()));
                return Ok(match directive.qualifier {
                    Qualifier::Pass => Verdict::Pass,
                    Qualifier::Fail => Verdict::Fail,
                    Qualifier::SoftFail => Verdict::SoftFail,
                    Qualifier::Neutral => Verdict::Neutral,
                });
            }
        }
        let Some(redirect) = &record.redirect else {
            self.by = None;
            return Ok(Verdict::Neutral);
        };
        self.count()?;
        let target = self.expand(redirect, domain)?;
        match self.check(&target)? {
            Verdict::None => Err(Trouble::NoRecord(target)),
            verdict => Ok(verdict),
        }
    }

    /// One more term asks the DNS.
    fn count(&mut self) -> Result<(), Trouble> {
        self.look_ups += 1;
        if self.look_ups > MOST_LOOK_UPS { Err(Trouble::LookUps) } else { Ok(()) }
    }

    /// What came of a question; an empty answer counts.
    fn counted<T>(&mut self, name: &str, found: Result<Vec<T>, Unknown>) -> Result<Vec<T>, Trouble> {
        let found = found.map_err(|Unknown| Trouble::Unknown(name.to_owned()))?;
        if found.is_empty() {
            self.voids += 1;
            if self.voids > MOST_VOIDS {
                return Err(Trouble::Voids);
            }
        }
        Ok(found)
    }

    fn is_matched(&mut self, directive: &Directive, domain: &str) -> Result<bool, Trouble> {
        if directive.mechanism.looks_up() {
            self.count()?;
        }
        let ip = self.question.ip();
        match &directive.mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4(network, v4) => {
                Ok(Prefixes { v4: *v4, v6: 128 }.match_both((*network).into(), ip))
            }
            // One that is an IPv4 address in an IPv6 one matches nobody: such a client is an IPv4 one.
            Mechanism::Ip6(network, v6) => Ok(matches!(ip, IpAddr::V6(ip) if same_bits(ip, *network, *v6))),
            Mechanism::Include(target) => {
                let target = self.expand(target, domain)?;
                match self.check(&target)? {
                    Verdict::Pass => Ok(true),
                    Verdict::None => Err(Trouble::NoRecord(target)),
                    _ => Ok(false),
                }
            }
            Mechanism::A(target, prefixes) => {
                let name = self.named(target.as_ref(), domain)?;
                self.has_address(&name, *prefixes)
            }
            Mechanism::Mx(target, prefixes) => {
                let name = self.named(target.as_ref(), domain)?;
                if !is_name(&name) {
                    return Ok(false);
                }
                let found = self.look_up.exchangers(&name);
                let hosts = self.counted(&name, found)?;
                if hosts.len() > MOST_NAMES {
                    return Err(Trouble::Hosts(name));
                }
                for host in hosts {
                    if self.has_address(&host, *prefixes)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Mechanism::Ptr(target) => {
                let name = self.named(target.as_ref(), domain)?;
                let names = self.client_names()?;
                Ok(names.iter().any(|own| is_at_or_below(own, &name)))
            }
            Mechanism::Exists(target) => {
                let name = self.expand(target, domain)?;
                if !is_name(&name) {
                    return Ok(false);
                }
                let found = self.look_up.addresses(&name, false);
                Ok(!self.counted(&name, found)?.is_empty())
            }
        }
    }

    fn has_address(&mut self, name: &str, prefixes: Prefixes) -> Result<bool, Trouble> {
        if !is_name(name) {
            return Ok(false);
        }
        let ip = self.question.ip();
        let found = self.look_up.addresses(name, ip.is_ipv6());
        Ok(self.counted(name, found)?.into_iter().any(|own| prefixes.match_both(own, ip)))
    }

    /// The client's names that lead back to its address (RFC 7208, section 5.5). A look-up that fails finds nothing.
    /// Each term asks anew, so that it counts what is void as others do.
    fn client_names(&mut self) -> Result<Vec<String>, Trouble> {
        let ip = self.question.ip();
        let names = match self.look_up.names(ip) {
            Ok(names) => self.counted("", Ok(names))?,
            Err(Unknown) => Vec::new(),
        };
        let mut good = Vec::new();
        for name in names.into_iter().take(MOST_NAMES) {
            let Ok(found) = self.look_up.addresses(&name, ip.is_ipv6()) else { continue };
            let addresses = self.counted(&name, Ok(found))?;
            if addresses.iter().any(|own| own.to_canonical() == ip) {
                good.push(name.to_ascii_lowercase());
            }
        }
        Ok(good)
    }

    fn named(&mut self, target: Option<&Template>, domain: &str) -> Result<String, Trouble> {
        target.map_or_else(|| Ok(domain.to_owned()), |target| self.expand(target, domain))
    }

    fn expand(&mut self, template: &Template, domain: &str) -> Result<String, Trouble> {
        let name = if template.needs_client_name() { self.client_name(domain)? } else { String::new() };
        Ok(template.expand(self.question, domain, &name))
    }

    /// The client's name for `p` (section 7.3): the domain itself before what is below it, before any other.
    fn client_name(&mut self, domain: &str) -> Result<String, Trouble> {
        let names = self.client_names()?;
        let exact = names.iter().find(|name| name.eq_ignore_ascii_case(domain));
        let below = || names.iter().find(|name| is_at_or_below(name, domain));
        let name = exact.or_else(below).or_else(|| names.first());
        Ok(name.cloned().unwrap_or_else(|| "unknown".to_owned()))
    }
}

/// What no question can be asked of has no record.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

fn same_bits(one: Ipv6Addr, other: Ipv6Addr, count: u8) -> bool {
    (one.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(count)
}

/// Whether a name is this domain, or one below it.
fn is_at_or_below(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    name.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
