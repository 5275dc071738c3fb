//! Why a message was not taken, as its caller is told: in one line, and by a status that callers understand.

use super::super::early_exit::EarlyExit;
use super::super::queue::place;
use super::desk::NotTaken;
use crate::mailer::intake::Refusal;
use crate::mailer::serve;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
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
        NotTaken::Forbidden(account) => {
            EarlyExit::of(ExitStatus::NO_PERMISSION, format!("{}; {nothing}", forbidden(account)))
        }
        NotTaken::Unsigned(exit) => {
            let exit = exit.report();
            EarlyExit::of(exit.status, format!("{}; {nothing}", exit.text)).of_queue()
        }
        NotTaken::Spool(error) => {
            let exit = place::unusable(error).report();
            // Callers read anything but 75 as 'never'.
            let status = if exit.status == ExitStatus::CONFIG { ExitStatus::TEMPORARY } else { exit.status };
            EarlyExit::of(status, format!("{}; {nothing}", exit.text))
        }
    }
}

/// The same, as a client is told that handed the message over by SMTP.
pub fn refusal(why: &NotTaken) -> serve::Refusal {
    match why {
        NotTaken::Spool(error) => serve::Refusal::of_spool(error),
        NotTaken::Refused(Refusal::Read(error)) => serve::Refusal::of_content(error),
        NotTaken::Refused(refusal) => serve::Refusal::NotFit(words::intake::refusal(refusal)),
        NotTaken::Forbidden(account) => serve::Refusal::Forbidden(forbidden(account)),
        // Only what is wrong with the message itself stays wrong.
        NotTaken::Unsigned(exit) => match exit.report() {
            Complaint { status: ExitStatus::DATA, text, .. } => serve::Refusal::NotFit(text),
            Complaint { text, .. } => serve::Refusal::NotNow(text),
        },
    }
}

fn forbidden(account: &str) -> String {
    format!("you may not send by the account '{}'", printable(account))
}
