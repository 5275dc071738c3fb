//! What can be wrong with a server, as data. What each is called, and what to do about it, is said in
//! `words`.

use super::facts::Broken;
use crate::client::Error;
use crate::net::Fault;
use crate::net::tls::certificate::Moment;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use std::net::SocketAddr;
use std::time::Duration;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Mail or passwords are in danger, or will be soon: exit status 1.
    Serious,
    /// Somebody will have trouble with it.
    Warning,
    /// Good to know.
    Note,
}

impl Weight {
    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Weight::Serious => "serious",
            Weight::Warning => "warning",
            Weight::Note => "note",
        }
    }
}

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
    /// TLS found fault with the certificate.
    Certificate(&'a Fault),
    /// The certificate has expired, at this time.
    CertificateExpired(Moment),
    /// The certificate will expire soon.
    CertificateExpires {
        /// So many whole days are left.
        days: i64,
        /// When it will expire.
        on: Moment,
    },
    /// TLS 1.3 is not spoken.
    NoTls13,
    /// TLS 1.2 is not spoken.
    NoTls12,
    /// STARTTLS is not offered.
    StartTlsMissing,
    /// STARTTLS is offered and refused, by this reply.
    StartTlsRefused(&'a Reply),
    /// STARTTLS is offered, and TLS does not begin: why.
    StartTlsFails(Option<&'a Error>),
    /// STARTTLS is agreed to by this code in place of 220.
    StartTlsCode(u16),
    /// A command that was sent ahead of TLS is executed inside it.
    CommandsAheadOfTls,
    /// So many octets came in clear behind the 220 to STARTTLS.
    OctetsBehind220(usize),
    /// No log-in is offered where people submit their mail.
    SubmissionWithoutAuth,
    /// These mechanisms, which hide the password, are offered before TLS.
    AuthInClear(Vec<String>),
    /// These mechanisms, which show the password, are offered before TLS.
    PasswordInClear {
        /// Their names.
        mechanisms: Vec<String>,
        /// The client is on the server's host, and others may be offered less.
        own_host: bool,
    },
    /// It greets with this code in place of 220.
    GreetingCode(u16),
    /// The greeting begins with this word, which is no full domain name; or it is empty.
    GreetingName(String),
    /// EHLO, or LHLO, is refused for good.
    EhloRefused {
        /// Which of them.
        protocol: Protocol,
        /// By this code.
        code: u16,
    },
    /// The greeting took so long.
    GreetingSlow(Duration),
    /// Reply lines end in a bare LF.
    BareLf,
    /// PIPELINING is offered and not kept.
    PipeliningBroken(&'a Broken),
    /// One of the server's addresses does not answer.
    AddressDead(SocketAddr),
    /// 8BITMIME is not offered.
    EightBitMimeMissing,
    /// SIZE is not offered.
    SizeMissing,
    /// EXPN tells anybody who is on a list.
    ExpnAnswered,
    /// VRFY tells anybody whether an address exists.
    VrfyAnswered,
}
