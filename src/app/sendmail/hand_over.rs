//! A message that a program hands to `ehlo sendmail` is handed on to the daemon of this machine.

use super::super::early_exit::Result;
use super::super::hand_over;
use super::desk::{Desk, NotTaken, with_orcpt};
use super::refused::not_taken;
use crate::mailer::handover::{AsItIs, Handover};
use crate::mailer::intake::Refusal;
use crate::message::source::Source;
use crate::output::Output;
use crate::spool::Id;

/// Hands over a message whose lines end in LF. The daemon puts it in order.
pub fn hand_on(desk: &Desk, source: Source, mut handover: Handover, output: &Output) -> Result<Id> {
    let refused = |why| not_taken(&NotTaken::Refused(why), "nothing was queued");
    if handover.recipients.is_empty() && !handover.from_header {
        return Err(refused(Refusal::NoRecipient));
    }
    handover.account = handover.account.or_else(|| desk.named().map(str::to_owned));
    for one in handover.recipients.iter_mut().filter(|one| one.parameters.is_empty()) {
        one.parameters = with_orcpt(&one.address, &handover.rcpt);
    }
    let content = AsItIs::new(source).map_err(|error| refused(Refusal::Read(error)))?;
    hand_over::hand_over(handover, &content, output)
}
