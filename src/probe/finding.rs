//! What can be wrong with a server, as data. What each is called, and what to do about it, is said in
//! `words`.

use super::facts::Broken;
use super::relay::RelayQuestion;
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
    Certificate {
        /// Which.
        fault: &'a Fault,
        /// The fault is usual where one is on the server's own host, and is not on that account one for
        /// others.
        own_host: bool,
    },
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
    /// This version, which is obsolete (RFC 8996), is still accepted, and perhaps the one before it.
    OldTls {
        /// TLS 1.1.
        tls11: bool,
        /// TLS 1.0.
        tls10: bool,
    },
    /// STARTTLS is not offered.
    StartTlsMissing {
        /// The client is on the server's host, and nobody is expected to be in between.
        own_host: bool,
    },
    /// STARTTLS is offered and refused, by this reply.
    StartTlsRefused(&'a Reply),
    /// STARTTLS is offered, and TLS does not begin: why.
    StartTlsFails(Option<&'a Error>),
    /// STARTTLS is agreed to by this code in place of 220.
    StartTlsCode(u16),
    /// A command that was sent ahead of TLS is executed inside it.
    CommandsAheadOfTls,
    /// So many octets came in clear after the 220 to STARTTLS.
    OctetsBehind220(usize),
    /// No log-in is offered where people submit their mail.
    SubmissionWithoutAuth,
    /// These mechanisms, which hide the password, are offered before TLS.
    AuthInClear {
        /// Their names.
        mechanisms: Vec<String>,
        /// The client is on the server's host, and others may be offered less.
        own_host: bool,
    },
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
    /// The reply to EHLO, or LHLO, begins with this word, which is no full domain name; or it is empty.
    HelloName {
        /// What was said.
        protocol: Protocol,
        /// The word.
        name: String,
    },
    /// The greeting and the reply to EHLO, or LHLO, begin with different names.
    NamesDiffer {
        /// What was said.
        protocol: Protocol,
        /// The name in the greeting.
        greeting: String,
        /// The name in the reply.
        hello: String,
    },
    /// The certificate is not for this name, by which the server calls itself.
    NameNotInCertificate(String),
    /// Mail for others is taken without a log-in.
    Relays {
        /// What was asked.
        question: &'a RelayQuestion,
        /// The client is on the server's host.
        own_host: bool,
    },
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
    /// EXPN tells who is on a list.
    ExpnAnswered {
        /// The client is on the server's host, and others may be told less.
        own_host: bool,
    },
    /// VRFY tells whether an address exists.
    VrfyAnswered {
        /// As above.
        own_host: bool,
    },
}
