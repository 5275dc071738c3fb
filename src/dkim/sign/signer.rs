//! Makes the fields (RFC 6376, sections 3.7, 5.4 and 5.6).

use super::folded::Folded;
use super::names;
use super::{Settings, SignError, SigningKey};
use crate::dkim::algorithm::{Algorithm, Form};
use crate::dkim::body::{BodyHash, BodyHasher};
use crate::dkim::header::{Choice, HeadTooLong, LONGEST, fields, write};
use crate::dkim::signature::NAME;

/// Signs messages with the same keys.
#[derive(Debug)]
pub struct Signer {
    keys: Vec<SigningKey>,
    settings: Settings,
}

impl Signer {
    /// With these keys. Those of RSA come first, since there are verifiers that look at one signature only
    /// and know no other algorithm.
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
        keys.sort_by_key(|signing| signing.key().algorithm());
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

    /// The fields to put in front of a message, folded, each with its CRLF. `header` is its header section
    /// with CRLF line ends, `now` the time in seconds since 1970.
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
            let signature = signing.key().sign(&octets).map_err(SignError::Key)?;
            field.base64(&signature);
            all.push_str(&field.finish());
        }
        Ok(all)
    }

    /// The field as it is signed: as far as `b=`, which is empty (section 3.7).
    fn field(&self, signing: &SigningKey, names: &[String], body: BodyHash, now: u64) -> Folded {
        let algorithm: Algorithm = signing.key().algorithm();
        let mut field = Folded::new(&format!("{NAME}:"));
        field.word("v=1;");
        field.word(&format!("a={algorithm};"));
        field.word(&format!("c={}/{};", Form::Relaxed, Form::Relaxed));
        field.word(&format!("d={};", signing.domain()));
        field.word(&format!("s={};", signing.selector()));
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
