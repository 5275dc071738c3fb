//! One message to deliver: whether it can go to this server at all, and the commands that it takes (RFC 5321,
//! section 3.3). When they go out is decided in session/send.rs.

use super::send::needs_utf8;
use super::{Job, Next, Protocol, Session};
use crate::auth::Channel;
use crate::content::Facts;
use crate::expect::Stage;
use crate::extension::Extension;
use crate::failure::{Failure, Need};
use crate::transaction::Transaction;

impl Session {
    /// Queues one message, unless it cannot be sent to this server.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] and [`Failure::NotOffered`], before MAIL.
    pub fn deliver(&mut self, job: Job) -> Result<(), Failure> {
        let is_open = self.transaction.is_open();
        let until = self.settings.until;
        self.transaction =
            Transaction::new(job.envelope.recipients.len(), self.settings.protocol == Protocol::Lmtp);
        self.transaction.stopped = Some(until).filter(|until| *until < Stage::Message);
        if until < Stage::Mail {
            return Ok(());
        }
        if let Some(limit) = self.extensions.size_limit().filter(|limit| job.facts.octets > *limit) {
            return Err(Failure::TooLarge { octets: job.facts.octets, limit });
        }
        if let Some(need) = self.unmet_need(&job) {
            return Err(Failure::NotOffered(need));
        }
        if is_open {
            self.queue.push_back(Next::Rset);
        }
        // An address that the server cannot take does not keep the message from the others (RFC 6531, section
        // 3.2).
        let mut fit = 0;
        for (recipient, addressee) in job.envelope.recipients.iter().zip(&mut self.transaction.recipients) {
            let is_fit = recipient.path.is_ascii() || self.extensions.offers(Extension::Smtputf8);
            addressee.unmet = (!is_fit).then_some(Need::Address);
            fit += usize::from(is_fit);
        }
        if job.all_or_none && fit < job.envelope.recipients.len() {
            self.transaction.withdrawn = true;
            return Ok(());
        }
        if fit == 0 {
            return Ok(());
        }
        let prdr = Extension::Prdr;
        let asked = job.envelope.mail_parameters.iter().any(|given| given.is(prdr.parameter()));
        self.transaction.prdr =
            self.settings.protocol == Protocol::Smtp && (asked || self.extensions.offers(prdr));
        self.queue.push_back(Next::Mail);
        if until >= Stage::Rcpt {
            let places = self.transaction.recipients.iter().enumerate();
            let fit = places.filter(|(_, addressee)| addressee.unmet.is_none());
            self.queue.extend(fit.map(|(place, _)| Next::Rcpt(place)));
        }
        // To stop after DATA, there must be a DATA.
        self.transaction.chunked =
            self.settings.chunking && self.extensions.offers(Extension::Chunking) && until > Stage::Data;
        self.queue.push_back(match until {
            until if until < Stage::Data => Next::Stop,
            _ if self.transaction.chunked => Next::Bdat,
            _ => Next::Data,
        });
        self.job = Some(job);
        Ok(())
    }

    /// What the message or an address needs and the server does not offer.
    fn unmet_need(&self, job: &Job) -> Option<Need> {
        let is_met = |need: Need| {
            let extension = need.extension();
            self.extensions.offers(extension)
                && (self.channel == Channel::Verified || !extension.needs_verified_tls())
        };
        if let Some(need) = job.envelope.demands.iter().find(|need| !is_met(**need)) {
            return Some(*need);
        }
        let utf8 = self.extensions.offers(Extension::Smtputf8);
        // SMTPUTF8, where it is asked for, includes 8-bit content (RFC 6531, section 3.1).
        let eight_bit = self.extensions.offers(Extension::EightBitMime) || (utf8 && needs_utf8(job));
        // The content can be sent all the same if the user insists; an address cannot.
        let forced = self.settings.force_8bit;
        match job.facts {
            _ if !job.envelope.reverse_path.is_ascii() && !utf8 => Some(Need::Address),
            Facts { utf8_headers: true, .. } if !utf8 && !forced => Some(Need::Header),
            Facts { eight_bit: true, .. } if !(eight_bit || forced) => {
                Some(Need::Extension(Extension::EightBitMime))
            }
            Facts { .. } => None,
        }
    }
}
