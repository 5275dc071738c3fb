//! Signing a message (RFC 6376, section 5; RFC 8301; RFC 8463): one DKIM-Signature for each key, relaxed in
//! header and body, over all of the body.
//!
//! ```text
//!   message -> Head -> header section ----------------.
//!                   -> body -> BodyHasher -> BodyHash --> Signer::sign -> fields to put in front
//! ```
//!
//! Which message goes out, and whose keys sign it, is decided by others. What is signed here must go out octet
//! for octet, below the fields that come out.

mod error;
mod folded;
mod message;
mod names;

pub use error::SignError;
pub use message::Message;

use super::algorithm::{Algorithm, Form};
use super::body::{BodyHash, BodyHasher};
use super::header::{Choice, HeadTooLong, LONGEST, fields, write};
use super::key::Key;
use super::names::{domain, selector};
use super::signature::NAME;
use folded::Folded;

/// A key, and where others find its public half.
#[derive(Debug)]
pub struct SigningKey {
    key: Key,
    domain: String,
    selector: String,
}

impl SigningKey {
    /// `domain` is what signs (`d=`), `selector` names the key in it (`s=`): its record is at
    /// `selector._domainkey.domain`. Both may be in A-labels or not.
    ///
    /// # Errors
    /// [`SignError::Domain`] and [`SignError::Selector`].
    pub fn new(key: Key, domain_name: &str, selector_name: &str) -> Result<SigningKey, SignError> {
        let domain_name = domain(domain_name.as_bytes()).map_err(SignError::Domain)?;
        let selector_name = selector(selector_name.as_bytes()).map_err(SignError::Selector)?;
        let signing = SigningKey { key, domain: domain_name, selector: selector_name };
        domain(signing.question().as_bytes()).map_err(SignError::Selector)?;
        Ok(signing)
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Where its record is: `selector._domainkey.domain`.
    #[must_use]
    pub fn question(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

/// What can be chosen about signatures. The default is what most want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Names of fields that are signed besides those that always are.
    pub extra: Vec<String>,
    /// Whether fields that are not there are signed as missing, so that nobody can add them. Not for messages
    /// to a server that adds Date or Message-ID.
    pub absent: bool,
    /// After how many seconds the signatures are no longer valid (`x=`).
    pub expire: Option<u64>,
}

/// Signs messages with the same keys.
#[derive(Debug)]
pub struct Signer {
    keys: Vec<SigningKey>,
    settings: Settings,
}

impl Signer {
    /// With these keys. Those of RSA come first, since there are verifiers that look at one signature only and
    /// know no other algorithm.
    ///
    /// # Errors
    /// [`SignError::NoKeys`]; [`SignError::Name`] for an extra name that no signature should have.
    pub fn new(mut keys: Vec<SigningKey>, settings: Settings) -> Result<Signer, SignError> {
        if keys.is_empty() {
            return Err(SignError::NoKeys);
        }
        if let Some(name) = settings.extra.iter().find(|name| !names::may_be_signed(name)) {
            return Err(SignError::Name(name.clone()));
        }
        keys.sort_by_key(|signing| signing.key.algorithm());
        Ok(Signer { keys, settings })
    }

    /// The keys in the order of their signatures.
    #[must_use]
    pub fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// Takes the body of a message, to be hashed.
    #[must_use]
    pub fn body(&self) -> BodyHasher {
        BodyHasher::new()
    }

    /// Takes a whole message.
    #[must_use]
    pub fn message(&self) -> Message<'_> {
        Message::new(self)
    }

    /// The fields to put in front of a message, folded, each with its CRLF. `header` is its header section with
    /// CRLF line ends, `now` the time in seconds since 1970.
    ///
    /// # Errors
    /// [`SignError`], where the header section cannot be signed or a key fails.
    pub fn sign(&self, header: &[u8], body: BodyHash, now: u64) -> Result<String, SignError> {
        if header.len() > LONGEST {
            return Err(SignError::Head(HeadTooLong));
        }
        let fields = fields(header);
        if let Some(stray) = fields.iter().find(|field| !field.is_field()) {
            return Err(SignError::NotAField { line: stray.line });
        }
        let choice = Choice::new(&fields);
        if choice.count("From") == 0 {
            return Err(SignError::NoFrom);
        }
        let names = names::signed(&fields, &choice, &self.settings).ok_or(SignError::TooManyFields)?;
        let mut octets = Vec::with_capacity(header.len() + 1024);
        for field in choice.fields(names.iter().map(String::as_str), None) {
            field.write(Form::Relaxed, &mut octets);
        }
        let of_fields = octets.len();
        let mut all = String::new();
        for signing in &self.keys {
            let mut field = self.field(signing, &names, body, now);
            octets.truncate(of_fields);
            let (name, value) = field.as_str().split_at_checked(NAME.len() + 1).unwrap_or_default();
            write(Form::Relaxed, name.as_bytes(), value.as_bytes(), &mut octets);
            let signature = signing.key.sign(&octets).map_err(SignError::Key)?;
            field.base64(&signature);
            all.push_str(&field.finish());
        }
        Ok(all)
    }

    /// The field as it is signed: as far as `b=`, which is empty (section 3.7).
    fn field(&self, signing: &SigningKey, names: &[String], body: BodyHash, now: u64) -> Folded {
        let algorithm: Algorithm = signing.key.algorithm();
        let mut field = Folded::new(&format!("{NAME}:"));
        field.word("v=1;");
        field.word(&format!("a={algorithm};"));
        field.word(&format!("c={}/{};", Form::Relaxed, Form::Relaxed));
        field.word(&format!("d={};", signing.domain));
        field.word(&format!("s={};", signing.selector));
        field.word(&format!("t={now};"));
        if let Some(expire) = self.settings.expire {
            field.word(&format!("x={};", now.saturating_add(expire.max(1))));
        }
        for (place, name) in names.iter().enumerate() {
            let end = if place + 1 == names.len() { ";" } else { ":" };
            match place {
                0 => field.word(&format!("h={name}{end}")),
                _ => field.part(&format!("{name}{end}")),
            }
        }
        field.word(&format!("bh={};", encodify::base64::STANDARD.encode(body.0)));
        field.line("b=");
        field
    }
}

#[cfg(test)]
mod tests;
