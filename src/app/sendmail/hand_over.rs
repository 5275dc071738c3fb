//! A message that a program hands to `ehlo sendmail` is handed on to the daemon of this machine.

use super::super::early_exit::{EarlyExit, Result};
use super::super::hand_over;
use super::desk::{Request, with_orcpt};
use crate::mailer::handover::{AsItIs, Handover};
use crate::message::source::Source;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::spool::Id;

/// Hands over a message whose lines end in LF; `named` is the account that was named for all of them. The daemon puts
/// it in order.
pub fn hand_on(source: Source, request: Request, named: Option<&str>, output: &Output) -> Result<Id> {
    let Request { mail, rcpt, mut recipients, .. } = request;
    if recipients.is_empty() && !request.from_header {
        let text = "there is no recipient: name one on the command line, or in the header with -t; nothing was queued";
        return Err(EarlyExit::data(text));
    }
    for one in recipients.iter_mut().filter(|one| one.parameters.is_empty()) {
        one.parameters = with_orcpt(&one.address, &rcpt);
    }
    let handover = Handover {
        id: None,
        again: false,
        account: request.account.or_else(|| named.map(str::to_owned)),
        full_name: request.full_name,
        sender: request.sender,
        sender_from_header: request.sender_from_header,
        from_header: request.from_header,
        of_header: rcpt,
        recipients,
    };
    let content = AsItIs::new(source).map_err(|error| {
        let text = format!("the message cannot be read: {error}; nothing was queued");
        EarlyExit::of(ExitStatus::TEMPORARY, text)
    })?;
    hand_over::hand_over(handover, &mail, &content, output)
}
