//! What `ehlo check` found, said: what each finding is called, what is wrong, and what to do about it.

mod client;
mod dkim;
mod dmarc;
mod mail;
mod message;
mod policies;
mod said;
mod spf;

pub use message::judged;
pub use spf::{look_ups, trouble};

use super::finding::{self, Told};
use crate::check::{Failed, What};
use said::Said;

/// The finding's name, what is wrong, and what to do.
#[must_use]
pub fn told(what: &What<'_>) -> Told {
    let (name, title, advice) = match what {
        What::LookUp(failed) => of_look_up(failed),
        What::Mail(fault) => mail::of_domain(fault),
        What::Host(host, fault) => mail::of_host(host, fault),
        What::Talk(host, what, demanded) => {
            let told = finding::told(what);
            let advice = mail::of_policy(what, *demanded).unwrap_or(told.advice);
            return Told { title: format!("{host}: {}", told.title), advice, ..told };
        }
        What::Spf(fault) => spf::told(fault),
        What::Dkim(fault) => dkim::told(fault),
        What::Dmarc(fault) => dmarc::told(fault),
        What::MtaSts(fault) => policies::mta_sts(fault),
        What::TlsReports(fault) => policies::tls_reports(fault),
        What::Client(fault) => client::told(fault),
        What::Message(fault) => message::told(fault),
    };
    Told { name, title, advice }
}

fn of_look_up(failed: &Failed) -> Said {
    let what = format!("{} of {}", failed.kind.name(), failed.name);
    match failed.is_bogus {
        true => (
            "dnssec_bogus",
            format!("DNSSEC is broken: {what} is there, but its signatures do not hold"),
            "resolvers that validate show nothing of it, so mail is delayed or lost: sign the zone anew, and compare \
             the DS records of the domain above with the keys",
        ),
        false => (
            "look_up_failed",
            format!("{what} cannot be looked up: {}", failed.error),
            "what is there is not known, so this is not checked: if it goes on, see whether the domain's name servers \
             answer, and whether the resolver does",
        ),
    }
}
