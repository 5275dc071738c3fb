//! All that was found out of a domain.

use super::client::Client;
use super::dkim::Keys;
use super::dmarc::Dmarc;
use super::mail::Mail;
use super::message::MessageFacts;
use super::mta_sts::MtaSts;
use super::spf::Spf;
use super::tls_reports::TlsReports;
use crate::net::tls::certificate::Moment;

/// What was found out.
#[derive(Debug)]
pub struct Facts {
    /// The domain, in A-labels and small letters.
    pub domain: String,
    /// Where its mail goes.
    pub mail: Mail,
    /// Who may send for it.
    pub spf: Spf,
    /// Its keys.
    pub dkim: Keys,
    /// What is to be done with mail that is not proved to be from it.
    pub dmarc: Dmarc,
    /// What its hosts must be like.
    pub mta_sts: MtaSts,
    /// Who is told how that went.
    pub tls_reports: TlsReports,
    /// From where its mail is sent.
    pub clients: Vec<Client>,
    /// What becomes of the message.
    pub message: Option<MessageFacts>,
    /// What time it was.
    pub now: Moment,
}
