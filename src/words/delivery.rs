//! Why a recipient has their fate, and what became of a message, where no reply says it.

use super::stage;
use crate::client::Error;
use crate::delivery::fate::Why;
use crate::delivery::outcome::TransactionView;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::transaction::{Progress, Status};

/// What somebody's fate is called, and why they have it. `said` is how an error is said.
#[must_use]
pub fn why(status: Status, why: Why<'_>, said: &dyn Fn(&Error) -> String) -> String {
    let name = status.name();
    because(why, said).map_or_else(|| name.to_owned(), |because| format!("{name}: {because}"))
}

/// Why somebody has their fate, if more than a reply says it.
#[must_use]
pub fn because(why: Why<'_>, said: &dyn Fn(&Error) -> String) -> Option<String> {
    Some(match why {
        Why::Reply(_) | Why::NotAsked => return None,
        Why::Unmet(need) => {
            format!("the address needs {}, which the server does not offer", need.extension().keyword())
        }
        Why::Error(error) => said(error),
        Why::Withdrawn => "withdrawn because not every recipient was accepted".to_owned(),
        Why::StoppedAfter(after) => format!("stopped after {}", stage(after)),
        Why::NotThatFar => "the transaction did not get that far".to_owned(),
    })
}

/// What became of the message in one transaction. `said` is how an error is said.
#[must_use]
pub fn message(view: TransactionView<'_>, said: &dyn Fn(&Error) -> String) -> String {
    let transaction = view.transaction;
    let because = view.error.map_or(String::new(), |error| format!(": {}", said(error)));
    match transaction.content {
        Progress::Ended => format!("unknown{because}"),
        Progress::Begun => format!("deferred{because}"),
        Progress::NotBegun if transaction.withdrawn => "untried: not every recipient was accepted".to_owned(),
        Progress::NotBegun if view.error.is_some() => format!("untried{because}"),
        Progress::NotBegun if transaction.mail.as_ref().is_some_and(|mail| !mail.is_positive()) => {
            "untried: the sender was not accepted".to_owned()
        }
        Progress::NotBegun
            if transaction.stopped.is_some_and(|stage| stage < Stage::Rcpt)
                || transaction.accepted().next().is_some() =>
        {
            match transaction.stopped {
                Some(Stage::Data) => "untried: closed after the reply to DATA".to_owned(),
                Some(after) => format!("untried: stopped after {}", stage(after)),
                None => "untried".to_owned(),
            }
        }
        Progress::NotBegun => "untried: no recipient was accepted".to_owned(),
    }
}
