//! Where the recipients of a message go to, by their domains.

use crate::client::Target;
use crate::route::NoRoute;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::path::ForwardPath;
use std::collections::HashMap;
use std::fmt;

/// Recipients of one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The domain, in A-labels and small letters, without a dot at its end.
    pub domain: String,
    /// The recipients, by their places in the envelope.
    pub places: Vec<usize>,
}

/// What a message has to say of the policies of domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policies {
    /// Nothing: they hold as they are set.
    #[default]
    AsSet,
    /// Only hosts that one of them proves to be the domain's (REQUIRETLS; RFC 8689, section 4.2.1).
    Required,
    /// They are put aside, unless somebody else demands them (`TLS-Required: No`; section 5).
    Waived,
}

impl Policies {
    /// What a message says of them: by its envelope, which comes first, or by its header section, which `waives` them or not.
    pub fn of(envelope: &Envelope, waives: impl FnOnce() -> bool) -> Policies {
        let keyword = Extension::RequireTls.keyword();
        match envelope.mail_parameters.iter().any(|parameter| parameter.is(keyword)) {
            true => Policies::Required,
            false if waives() => Policies::Waived,
            false => Policies::AsSet,
        }
    }
}

/// Finds the servers of domains.
pub trait Router: fmt::Debug + Send + Sync {
    /// The recipients of an envelope by where they go to.
    fn destinations(&self, envelope: &Envelope) -> Vec<Destination>;

    /// The servers of a destination's domain, each of which takes the place of the one before; never none.
    ///
    /// # Errors
    /// [`NoRoute`].
    fn route(&self, domain: &str, policies: Policies) -> Result<Vec<Target>, NoRoute>;
}

/// The recipients of an envelope by their domains, in the order in which these are named first. `postmaster` without a
/// domain is of `local`.
#[must_use]
pub fn destinations(envelope: &Envelope, local: &str) -> Vec<Destination> {
    let mut all: Vec<Destination> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (place, recipient) in envelope.recipients.iter().enumerate() {
        let domain = match &recipient.path {
            ForwardPath::Mailbox(mailbox) => mailbox.domain().ascii().to_ascii_lowercase(),
            ForwardPath::Postmaster => local.to_owned(),
        };
        let domain = domain.strip_suffix('.').unwrap_or(&domain).to_owned();
        let at = *known.entry(domain.clone()).or_insert_with(|| {
            all.push(Destination { domain, places: Vec::new() });
            all.len() - 1
        });
        if let Some(destination) = all.get_mut(at) {
            destination.places.push(place);
        }
    }
    all
}
