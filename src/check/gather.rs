//! All topics in turn: what is asked for.

use super::facts::Facts;
use super::hosts::Talk;
use super::rules::Rules;
use super::{client, dkim, dmarc, mail, message, mta_sts, spf, tls_reports};
use crate::route::Plan;

/// Asks for everything, the hosts last. `talk` talks with the hosts of the plan, or does not, and says what came of it for each.
pub fn gather(domain: &str, rules: Rules<'_>, talk: &mut dyn FnMut(&Plan) -> Vec<Talk>) -> Facts {
    let asker = rules.asker;
    let mail = mail::gather(domain, &rules);
    let is_there = mail.is_there();
    let mut facts = Facts {
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
    };
    // A slow host must not take the time from everything else.
    if is_there {
        facts.mail.talk(talk, asker.until);
    }
    facts
}
