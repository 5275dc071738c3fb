//! A record: `v=spf1 mx include:example.net -all` (RFC 7208, sections 4.6.1, 5 and 6).
//!
//! ```abnf
//! record     = "v=spf1" *( 1*SP ( directive / modifier ) ) *SP
//! directive  = [ "+" / "-" / "?" / "~" ] mechanism
//! modifier   = "redirect=" domain-spec / "exp=" domain-spec / name "=" macro-string
//! ```

use super::fault::{SpfFault, TermFault};
use super::network::{self, Prefixes};
use super::template::Template;
use std::net::{Ipv4Addr, Ipv6Addr};

/// How it begins.
const VERSION: &str = "v=spf1";
/// A longer record, in octets, is not read.
pub const LONGEST: usize = 8192;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// In turn; the first that matches decides.
    pub directives: Vec<Directive>,
    /// Whose record counts if none of them matches.
    pub redirect: Option<Template>,
}

/// A mechanism, and what it means that it matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// As it stands there.
    pub text: String,
    /// What the client is then.
    pub qualifier: Qualifier,
    /// When it matches.
    pub mechanism: Mechanism,
}

/// What a client is that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing.
    Pass,
    /// `-`.
    Fail,
    /// `~`.
    SoftFail,
    /// `?`.
    Neutral,
}

/// When a directive matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// Always.
    All,
    /// If the record of this domain says pass.
    Include(Template),
    /// If it is an address of this name; without one, of the domain itself.
    A(Option<Template>, Prefixes),
    /// If it is an address of a host in its MX records.
    Mx(Option<Template>, Prefixes),
    /// If its name is this one or below.
    Ptr(Option<Template>),
    /// If it is in this network.
    Ip4(Ipv4Addr, u8),
    /// The same for IPv6.
    Ip6(Ipv6Addr, u8),
    /// If this name has an IPv4 address.
    Exists(Template),
}

impl Mechanism {
    /// Whether it counts as a look-up (RFC 7208, section 4.6.4).
    #[must_use]
    pub fn looks_up(&self) -> bool {
        !matches!(self, Mechanism::All | Mechanism::Ip4(..) | Mechanism::Ip6(..))
    }
}

/// Whether a text is a record of this version (section 4.5).
#[must_use]
pub fn is_record(text: &[u8]) -> bool {
    text.split_at_checked(VERSION.len()).is_some_and(|(version, rest)| {
        version.eq_ignore_ascii_case(VERSION.as_bytes()) && matches!(rest.first(), None | Some(b' '))
    })
}

/// Whether a text that is no record was meant to be one: it is misspelt.
#[must_use]
pub fn looks_like_one(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    text.contains("v=spf1") || text.starts_with("v=spf") || text.starts_with("spf1")
}

impl Record {
    /// Reads a text that [`is_record`].
    ///
    /// # Errors
    /// [`SpfFault`]: the verdict is then permerror, whatever stands before the fault (section 4.6).
    pub fn parse(text: &[u8]) -> Result<Record, SpfFault> {
        if text.len() > LONGEST {
            return Err(SpfFault::TooLong);
        }
        let text = std::str::from_utf8(text).map_err(|_| SpfFault::Octets)?;
        if !text.bytes().all(|octet| octet == b' ' || octet.is_ascii_graphic()) {
            return Err(SpfFault::Octets);
        }
        let mut record = Record { directives: Vec::new(), redirect: None };
        let mut is_explained = false;
        for term in text.get(VERSION.len()..).unwrap_or_default().split(' ').filter(|term| !term.is_empty()) {
            let wrong = |fault| SpfFault::Term { term: term.to_owned(), fault };
            match modifier(term) {
                Some((name, value)) if name.eq_ignore_ascii_case("redirect") => {
                    let target = Template::domain(value).map_err(wrong)?;
                    if record.redirect.replace(target).is_some() {
                        return Err(SpfFault::Twice("redirect="));
                    }
                }
                Some((name, value)) if name.eq_ignore_ascii_case("exp") => {
                    Template::domain(value).map_err(wrong)?;
                    if std::mem::replace(&mut is_explained, true) {
                        return Err(SpfFault::Twice("exp="));
                    }
                }
                // What is not known is passed over (section 6).
                Some(_) => {}
                None => record.directives.push(directive(term).map_err(wrong)?),
            }
        }
        Ok(record)
    }
}

/// The name and the value of a modifier, if it is one.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.');
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(fits);
    is_name.then_some((name, value))
}

fn directive(term: &str) -> Result<Directive, TermFault> {
    let (qualifier, rest) = match term.chars().next() {
        Some('+') => (Qualifier::Pass, term.strip_prefix('+')),
        Some('-') => (Qualifier::Fail, term.strip_prefix('-')),
        Some('~') => (Qualifier::SoftFail, term.strip_prefix('~')),
        Some('?') => (Qualifier::Neutral, term.strip_prefix('?')),
        _ => (Qualifier::Pass, None),
    };
    let rest = rest.unwrap_or(term);
    let name = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let (name, rest) = rest.split_at_checked(name).unwrap_or((rest, ""));
    Ok(Directive { text: term.to_owned(), qualifier, mechanism: mechanism(name, rest)? })
}

fn mechanism(name: &str, rest: &str) -> Result<Mechanism, TermFault> {
    let value = rest.strip_prefix(':');
    let needed = || value.filter(|value| !value.is_empty()).ok_or(TermFault::NoValue);
    Ok(match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Mechanism::All,
        "all" => return Err(TermFault::Value),
        "include" => Mechanism::Include(Template::domain(needed()?)?),
        "exists" => Mechanism::Exists(Template::domain(needed()?)?),
        "ip4" => {
            let (ip, bits) = network::v4(needed()?)?;
            Mechanism::Ip4(ip, bits)
        }
        "ip6" => {
            let (ip, bits) = network::v6(needed()?)?;
            Mechanism::Ip6(ip, bits)
        }
        "a" => {
            let (name, prefixes) = host(rest)?;
            Mechanism::A(name, prefixes)
        }
        "mx" => {
            let (name, prefixes) = host(rest)?;
            Mechanism::Mx(name, prefixes)
        }
        "ptr" if rest.is_empty() => Mechanism::Ptr(None),
        "ptr" => Mechanism::Ptr(Some(Template::domain(needed()?)?)),
        _ => return Err(TermFault::Mechanism),
    })
}

/// `[":" domain-spec] [dual-cidr-length]`.
fn host(rest: &str) -> Result<(Option<Template>, Prefixes), TermFault> {
    let (name, prefixes) = network::split(rest)?;
    match name.strip_prefix(':') {
        Some("") => Err(TermFault::NoValue),
        Some(name) => Ok((Some(Template::domain(name)?), prefixes)),
        None if name.is_empty() => Ok((None, prefixes)),
        None if name.starts_with('/') => Err(TermFault::Prefix),
        None => Err(TermFault::Value),
    }
}
