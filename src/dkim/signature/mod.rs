//! The field DKIM-Signature (RFC 6376, section 3.5; RFC 8463; RFC 8616), read strictly and as a whole: what
//! comes out can be verified, if there is a key.

mod claims;
mod fault;
mod identity;

pub use claims::Claims;
pub use fault::SignatureFault;

use super::algorithm::{Algorithm, Form};
use super::names;
use super::tags::{self, Tags};
use std::ops::Range;

/// The name of the field.
pub(super) const NAME: &str = "DKIM-Signature";
/// A longer field, in octets, is not read.
pub const LONGEST: usize = 32 * 1024;

/// What a signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `a=`.
    pub algorithm: Algorithm,
    /// `c=`, of the header section.
    pub header: Form,
    /// `c=`, of the body.
    pub body: Form,
    /// `d=`, in small letters and A-labels.
    pub domain: String,
    /// `s=`, in small letters and A-labels.
    pub selector: String,
    /// `i=`, or what stands for it: `@` and the domain.
    pub identity: String,
    /// Whether `i=` is of a domain below `d=`.
    pub is_below: bool,
    /// `h=`, in small letters.
    pub names: Vec<String>,
    /// `bh=`.
    pub body_hash: [u8; 32],
    /// `b=`.
    pub signature: Vec<u8>,
    /// `l=`: how many octets of the body are signed; all, if there is none.
    pub length: Option<u64>,
    /// `t=`, in seconds since 1970.
    pub signed: Option<u64>,
    /// `x=`, in seconds since 1970.
    pub expires: Option<u64>,
    /// Where the value of `b=` is, in octets from the start of the field's value.
    pub(super) blank: Range<usize>,
}

impl Signature {
    /// Reads the value of a field: what follows its colon, without the last line end. What it claims is told
    /// also where it cannot be used.
    ///
    /// # Errors
    /// [`SignatureFault`]: no verifier may believe it.
    pub fn parse(value: &[u8]) -> (Claims, Result<Signature, SignatureFault>) {
        if value.len() > LONGEST {
            return (Claims::default(), Err(SignatureFault::TooLong));
        }
        match Tags::parse(value) {
            Ok(tags) => (Claims::of(&tags), signature(&tags)),
            Err(fault) => (Claims::default(), Err(SignatureFault::Tags(fault))),
        }
    }

    /// Where its key record is: `selector._domainkey.domain`.
    #[must_use]
    pub fn question(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

fn signature(tags: &Tags<'_>) -> Result<Signature, SignatureFault> {
    let needed = |name: &'static str| tags.value(name).ok_or(SignatureFault::Missing(name));
    if needed("v")? != b"1" {
        return Err(SignatureFault::Version);
    }
    let algorithm = match needed("a")? {
        b"rsa-sha256" => Algorithm::RsaSha256,
        b"ed25519-sha256" => Algorithm::Ed25519Sha256,
        b"rsa-sha1" => return Err(SignatureFault::Sha1),
        other => return Err(SignatureFault::Algorithm(String::from_utf8_lossy(other).into_owned())),
    };
    let (header, body) = forms(tags.value("c")).ok_or(SignatureFault::Canonicalization)?;
    let domain = names::domain(needed("d")?).map_err(SignatureFault::Domain)?;
    let selector = names::selector(needed("s")?).map_err(SignatureFault::Selector)?;
    // The question is a name in the DNS, too.
    names::domain(format!("{selector}._domainkey.{domain}").as_bytes()).map_err(SignatureFault::Selector)?;
    let (identity, is_below) = match tags.value("i") {
        None => (format!("@{domain}"), false),
        Some(value) => identity::parse(value, &domain)?,
    };
    let names = signed_names(needed("h")?)?;
    let body_hash = tags::base64(needed("bh")?).and_then(|hash| hash.try_into().ok());
    let number = |name: &str, fault: SignatureFault| match tags.value(name) {
        None => Ok(None),
        Some(value) => tags::number(value).map(Some).ok_or(fault),
    };
    let (signed, expires) = (number("t", SignatureFault::Time)?, number("x", SignatureFault::Expiry)?);
    if matches!((signed, expires), (Some(signed), Some(expires)) if expires <= signed) {
        return Err(SignatureFault::Expiry);
    }
    if tags.value("q").is_some_and(|methods| !tags::members(methods).any(|method| method == b"dns/txt")) {
        return Err(SignatureFault::Query);
    }
    let length = number("l", SignatureFault::Length)?;
    let b = tags.get("b").ok_or(SignatureFault::Missing("b"))?;
    let signature = tags::base64(b.value).filter(|octets| !octets.is_empty());
    Ok(Signature {
        algorithm,
        header,
        body,
        domain,
        selector,
        identity,
        is_below,
        names,
        body_hash: body_hash.ok_or(SignatureFault::BodyHash)?,
        signature: signature.ok_or(SignatureFault::Base64)?,
        length,
        signed,
        expires,
        blank: b.span.clone(),
    })
}

/// Both are simple, unless it says otherwise.
fn forms(value: Option<&[u8]>) -> Option<(Form, Form)> {
    let Some(value) = value else { return Some((Form::Simple, Form::Simple)) };
    let mut forms = value.split(|octet| *octet == b'/');
    let header = Form::parse(forms.next()?)?;
    let body = forms.next().map_or(Some(Form::Simple), Form::parse)?;
    forms.next().is_none().then_some((header, body))
}

/// The names of `h=`, of which From is one (section 5.4).
fn signed_names(value: &[u8]) -> Result<Vec<String>, SignatureFault> {
    let mut names = Vec::new();
    for name in tags::members(value) {
        let is_name = !name.is_empty() && name.iter().all(|octet| matches!(octet, 33..=57 | 59..=126));
        let name = std::str::from_utf8(name).ok().filter(|_| is_name).ok_or(SignatureFault::Names)?;
        names.push(name.to_ascii_lowercase());
    }
    if names.iter().any(|name| name == "from") { Ok(names) } else { Err(SignatureFault::FromNotSigned) }
}

#[cfg(test)]
mod tests;
