//! What is wrong with MX records, and whether they are signed, and how badly.

use super::hosts;
use crate::check::facts::Facts;
use crate::check::finding::{Add, What, failed};
use crate::check::mail::MailFault;
use crate::probe::Weight;
use crate::route::{NoDane, NoRoute};

pub(super) fn judge<'a>(facts: &'a Facts, add: Add<'a, '_>) {
    let mail = &facts.mail;
    failed(&mail.failed, add);
    let plan = match &mail.plan {
        Ok(plan) => plan,
        Err(NoRoute::NoSuchDomain(_)) => return add(Weight::Serious, What::Mail(MailFault::NoSuchDomain)),
        Err(NoRoute::NullMx(_)) => return add(Weight::Note, What::Mail(MailFault::Null)),
        Err(NoRoute::NoHosts(_)) => return add(Weight::Serious, What::Mail(MailFault::NoHosts)),
        Err(_) => return,
    };
    for odd in &plan.odd {
        add(Weight::Warning, What::Mail(MailFault::Odd(odd)));
    }
    match plan.hosts.as_slice() {
        [host] if host.mx.preference.is_none() => add(Weight::Warning, What::Mail(MailFault::Implicit)),
        [_] => add(Weight::Note, What::Mail(MailFault::Single)),
        _ => {}
    }
    match plan.no_dane {
        Some(NoDane::Untrusted) => add(Weight::Note, What::Mail(MailFault::Untrusted)),
        Some(NoDane::NotValidating) => add(Weight::Note, What::Mail(MailFault::NotValidating)),
        None if !plan.secure => add(Weight::Note, What::Mail(MailFault::Unsigned)),
        None => {}
    }
    hosts::judge(facts, plan, add);
}
