//! Why a message was not taken, as its caller is told: in one line, and by a status that callers understand.

use super::super::early_exit::EarlyExit;
use super::super::queue::place;
use super::desk::NotTaken;
use crate::mailer::intake::Refusal;
use crate::report::exit::ExitStatus;
use crate::words;

/// Nothing was queued, or sent, as `nothing` tells it.
pub fn not_taken(why: &NotTaken, nothing: &str) -> EarlyExit {
    match why {
        NotTaken::Refused(refusal) => {
            let status = match refusal {
                Refusal::NoRecipient | Refusal::Address(_) | Refusal::HeadTooLong => ExitStatus::DATA,
                Refusal::Read(_) => ExitStatus::TEMPORARY,
            };
            EarlyExit::of(status, format!("{}; {nothing}", words::intake::refusal(refusal)))
        }
        NotTaken::Spool(error) => {
            let exit = place::unusable(error).report();
            // Callers read anything but 75 as 'never'.
            let status = if exit.status == ExitStatus::CONFIG { ExitStatus::TEMPORARY } else { exit.status };
            EarlyExit::of(status, format!("{}; {nothing}", exit.text))
        }
    }
}
