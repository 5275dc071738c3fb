//! All of it, in turn.

use super::asker::Asker;
use super::client::{self, Client};
use super::dkim::{self, Keys};
use super::dmarc::{self, Dmarc};
use super::finding::{Finding, What};
use super::hosts::Talk;
use super::mail::{self, Mail};
use super::message::{self, MessageFacts, Wanted};
use super::mta_sts::{self, MtaSts};
use super::spf::{self, Spf};
use super::tls_reports::{self, TlsReports};
use crate::dns::Kind;
use crate::net::tls::certificate::Moment;
use crate::route::mta_sts::Fetch;
use crate::route::{self, Plan};
use std::net::IpAddr;

/// What is asked, and by what.
pub struct Rules<'a> {
    /// Who is asked.
    pub asker: Asker<'a>,
    /// How the way to the domain's hosts is found.
    pub route: route::Rules<'a>,
    /// Who fetches its policy.
    pub fetch: &'a dyn Fetch,
    /// The selectors that the user names.
    pub selectors: &'a [String],
    /// The addresses from which mail is sent.
    pub clients: &'a [IpAddr],
    /// The blocklists that are asked about them.
    pub blocklists: &'a [String],
    /// A message that is to pass.
    pub message: Option<Wanted>,
    /// What time it is.
    pub now: Moment,
}

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

/// Asks for everything. `talk` talks with the hosts of the plan, or does not, and says what came of it for each.
pub fn gather(domain: &str, rules: Rules<'_>, talk: &mut dyn FnMut(&Plan) -> Vec<Talk>) -> Facts {
    let asker = rules.asker;
    let mut mail = mail::gather(domain, &rules);
    if mail.is_there() {
        mail.talk(talk);
    }
    let is_there = mail.is_there();
    Facts {
        spf: spf::gather(domain, asker, is_there),
        dkim: dkim::gather(domain, rules.selectors, asker, is_there),
        dmarc: dmarc::gather(domain, asker, is_there),
        mta_sts: mta_sts::gather(domain, &rules, &mail),
        tls_reports: tls_reports::gather(domain, asker, is_there),
        clients: client::gather(domain, &rules),
        message: rules.message.map(|wanted| message::gather(wanted, asker)),
        domain: domain.to_owned(),
        mail,
        now: rules.now,
    }
}

/// What is wrong, the weightiest first. Where there is no such domain, nothing else is said.
#[must_use]
pub fn findings(facts: &Facts) -> Vec<Finding<'_>> {
    let mut findings = Vec::new();
    let mut add = |weight, what| findings.push(Finding { weight, what });
    mail::judge(facts, &mut add);
    if facts.mail.is_there() {
        spf::judge(&facts.spf, &mut add);
        dkim::judge(&facts.dkim, &mut add);
        dmarc::judge(&facts.dmarc, &mut add);
        mta_sts::judge(facts, &mut add);
        tls_reports::judge(facts, &mut add);
    }
    client::judge(&facts.clients, &mut add);
    if let Some(message) = &facts.message {
        message::judge(message, &mut add);
    }
    // Several topics may have asked for the same.
    let mut told: Vec<(&str, Kind)> = Vec::new();
    findings.retain(|finding| match finding.what {
        What::LookUp(failed) if told.contains(&(&failed.name, failed.kind)) => false,
        What::LookUp(failed) => {
            told.push((&failed.name, failed.kind));
            true
        }
        _ => true,
    });
    findings.sort_by_key(|finding| finding.weight);
    findings
}
