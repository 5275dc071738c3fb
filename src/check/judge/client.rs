//! What is wrong with the addresses from which mail is sent, and how badly.

use crate::check::client::{Client, ClientFault, Listed};
use crate::check::finding::{Add, What, failed};
use crate::probe::Weight;
use crate::spf::Verdict;

pub(super) fn judge<'a>(clients: &'a [Client], add: Add<'a, '_>) {
    for client in clients {
        failed(&client.failed, add);
        let ip = client.ip;
        let mut add = |weight, fault| add(weight, What::Client(fault));
        let is_known = client.failed.iter().all(|failed| failed.kind == crate::dns::Kind::Txt);
        match client.names.as_slice() {
            _ if !is_known => {}
            [] => add(Weight::Serious, ClientFault::NoName(ip)),
            [(name, _), ..] if !client.names.iter().any(|(_, leads_back)| *leads_back) => {
                add(Weight::Serious, ClientFault::Unconfirmed(ip, name));
            }
            _ => {}
        }
        match client.spf.verdict {
            // What failed is told by itself.
            Verdict::Pass | Verdict::TempError => {}
            Verdict::Fail | Verdict::PermError => add(Weight::Serious, ClientFault::Spf(ip, &client.spf)),
            Verdict::None | Verdict::Neutral | Verdict::SoftFail => {
                add(Weight::Warning, ClientFault::Spf(ip, &client.spf));
            }
        }
        for (zone, listed) in &client.lists {
            match listed {
                Listed::Yes(answer) => add(Weight::Serious, ClientFault::Listed(ip, zone, *answer)),
                Listed::Refused(answer) => add(Weight::Warning, ClientFault::Refused(zone, *answer)),
                Listed::Odd(answer) => add(Weight::Warning, ClientFault::Odd(zone, *answer)),
                Listed::NoList => add(Weight::Warning, ClientFault::NoList(zone)),
                Listed::No | Listed::Failed => {}
            }
        }
    }
}
