//! What is said of another program's configuration: what was not carried, and what to do instead.

use crate::import::{Given, Remark, Why};

/// The line about something that was left out.
#[must_use]
pub fn not_carried(remark: &Remark) -> String {
    let (at, why) = (&remark.at, &remark.why);
    let what = remark.what.as_ref().map_or_else(String::new, |what| format!("'{what}': "));
    let advice = match why {
        Why::Unchecked => "; to trust one that no authority signed, set pin in the account",
        Why::MadeUp => "; set address in the account",
        Why::Hook => "; to choose an account by the sender, set senders in it",
        Why::NotRun => "; if one prints the password, set password-command in the account",
        Why::Token => "; set oauth-token-command in the account",
        Why::InTurn => "; choose it with --account",
        Why::PerMessage(Given::Notify) => ", with --notify",
        Why::PerMessage(Given::Return) => ", with --return",
        _ => "",
    };
    format!("not carried: {}, line {}: {what}{why}{advice}", at.file, at.line)
}
