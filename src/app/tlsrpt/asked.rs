//! Who wants a domain's reports, by the record in its zone (RFC 8460, section 3).

use crate::dns::Resolver;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::tlsrpt::{Rua, rua};
use ehlo_smtp::path::Mailbox;
use std::time::Duration;

/// How long a record is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who is asked.
pub(super) struct Asked {
    resolver: Resolver,
    /// Of at least one domain it could not be found out whether it wants reports.
    pub(super) has_failed: bool,
}

impl Asked {
    /// By this resolver.
    pub(super) fn new(resolver: Resolver) -> Asked {
        Asked { resolver, has_failed: false }
    }

    /// The addresses that get the reports of a domain. Why there are none is told.
    pub(super) fn mailboxes(&mut self, domain: &str, output: &Output) -> Vec<Mailbox> {
        let texts = match self.resolver.texts(&format!("_smtp._tls.{domain}"), Deadline::after(PATIENCE)) {
            Ok(texts) => texts,
            Err(error) if error.is_certain() => Vec::new(),
            Err(error) => {
                self.has_failed = true;
                output.say(&format!(
                    "{domain}: whether it wants reports is not known: {error}; no mail is written"
                ));
                return Vec::new();
            }
        };
        let Rua { mailboxes, https, other } = match rua(&texts) {
            Ok(Some(rua)) => rua,
            Ok(None) => {
                output.say(&format!("{domain} wants no reports: it has no record of TLSRPT"));
                return Vec::new();
            }
            Err(fault) => {
                output.say(&format!("{domain}: {fault}; no mail is written"));
                return Vec::new();
            }
        };
        if https > 0 {
            output.say(&format!("{domain} wants reports by HTTPS, which is left to others"));
        }
        if mailboxes.is_empty() && (other > 0 || https == 0) {
            output.say(&format!("{domain}: its record of TLSRPT names no address that mail can go to"));
        }
        mailboxes
    }
}
