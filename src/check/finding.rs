//! What can be wrong with a domain's set-up, by topic. What each is called, and what to do about it, is said in `words`.

use super::asker::Failed;
use super::client::ClientFault;
use super::dkim::DkimFault;
use super::dmarc::DmarcFault;
use super::hosts::HostFault;
use super::mail::MailFault;
use super::message::MessageFault;
use super::mta_sts::MtaStsFault;
use super::spf::SpfFault;
use super::tls_reports::ReportsFault;
use crate::probe;
pub use crate::probe::Weight;

/// One thing that is not as it should be.
#[derive(Debug, Clone)]
pub struct Finding<'a> {
    /// How much it matters.
    pub weight: Weight,
    /// What is wrong.
    pub what: What<'a>,
}

/// What is wrong.
#[derive(Debug, Clone)]
pub enum What<'a> {
    /// A look-up failed: nobody knows what there is.
    LookUp(&'a Failed),
    /// With the MX records, and with the domain.
    Mail(MailFault<'a>),
    /// With a host, as the DNS has it, or that could not be talked with.
    Host(&'a str, HostFault<'a>),
    /// With a host, as a talk with it shows, and what senders demand of it.
    Talk(&'a str, Box<probe::finding::What<'a>>, Demanded),
    /// With the SPF record.
    Spf(SpfFault<'a>),
    /// With the key of this selector, or with all of them.
    Dkim(DkimFault<'a>),
    /// With the DMARC record.
    Dmarc(DmarcFault<'a>),
    /// With MTA-STS.
    MtaSts(MtaStsFault<'a>),
    /// With the record for reports on TLS.
    TlsReports(ReportsFault<'a>),
    /// With an address from which mail is sent.
    Client(ClientFault<'a>),
    /// With the message.
    Message(MessageFault<'a>),
}

/// What a policy makes senders demand of a host, by DANE or MTA-STS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demanded {
    /// Nothing: who finds no TLS delivers in clear.
    Nothing,
    /// TLS, whatever the certificate is.
    Encryption,
    /// TLS, and a certificate that holds.
    Proof,
}

/// Where findings go to.
pub(super) type Add<'a, 'f> = &'f mut dyn FnMut(Weight, What<'a>);

/// A finding for each look-up that failed.
pub(super) fn failed<'a>(all: impl IntoIterator<Item = &'a Failed>, add: Add<'a, '_>) {
    for failed in all {
        add(Weight::Serious, What::LookUp(failed));
    }
}
