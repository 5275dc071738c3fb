//! `ehlo send --queue`: the message goes into the queue, which sends it by an account.

use super::configuration::{self, Chosen, Configuration};
use super::early_exit::{EarlyExit, Result};
use super::hand_over;
use super::queue::{place, settings, wake::Waker};
use crate::cli::{ServerArgs, SessionArgs};
use crate::config::accounts::Account;
use crate::delivery::Outcome;
use crate::delivery::outcome::Address;
use crate::dkim::Signed;
use crate::mailer::handover::Handover;
use crate::output::Output;
use crate::report::Report;
use crate::spool::{Limits, Recipient, Spool, Submission};
use ehlo_smtp::envelope::Envelope;

/// The way into the queue.
#[derive(Debug)]
pub struct ToQueue {
    /// The account that it is to be sent by; none where none is known yet.
    pub chosen: Option<Chosen>,
    limits: Limits,
}

/// Whether the queue can keep what was said of the server: it can keep the name of an account, and nothing else.
pub fn check(session: &SessionArgs) -> Result<()> {
    let server = &session.server;
    let by_variable = server.named_by == "EHLO_SERVER";
    let flag = match () {
        () if server.names_a_server() && !(by_variable && server.account.is_some()) => server.named_by,
        () if session.login.user.is_some() && !session.login.user_by_variable => "--user",
        () => return Ok(()),
    };
    Err(EarlyExit::usage(format!(
        "{flag} cannot be used with --queue, which keeps no servers and no log-ins; name an account that has them: \
         -A (--account)"
    )))
}

impl ToQueue {
    /// Chooses the account, as for a message that is sent now.
    pub fn by(configuration: &Configuration, server: &ServerArgs, senders: &[String]) -> Result<ToQueue> {
        Ok(ToQueue {
            chosen: configuration::choose(configuration, server, senders)?,
            limits: settings::of_queue(configuration)?.limits,
        })
    }

    /// The account, if there is one.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.chosen.as_ref().map(|chosen| &chosen.account)
    }

    /// Whether it goes to the daemon of this machine: where there is one, and the account is not the user's own.
    pub fn is_for_machine(&self) -> bool {
        (hand_over::is_possible() || (self.chosen.is_none() && hand_over::is_expected()))
            && !self.chosen.as_ref().is_some_and(Chosen::is_own)
    }

    /// It in a plan.
    pub fn describe(&self, row: &mut dyn FnMut(&str, &str)) {
        let folder =
            || place::folder().map_or_else(|exit| exit.report().text, |folder| folder.display().to_string());
        row("queue", &if self.is_for_machine() { "that of this machine".to_owned() } else { folder() });
        row("account", &self.chosen.as_ref().map_or_else(|| String::from("none"), Chosen::in_words));
    }

    /// Puts the message into the queue, and sees to it that somebody sends it.
    pub fn take(
        &self,
        envelope: &Envelope,
        content: &Signed<'_>,
        message_id: Option<String>,
        output: &Output,
    ) -> Result<Report> {
        let recipients = envelope.recipients.iter().map(|recipient| Recipient {
            address: recipient.path.to_string(),
            parameters: recipient.parameters.clone(),
        });
        let outcome = Outcome::untried(Address::all(envelope));
        if self.is_for_machine() {
            if let Some(need) = envelope.demands.first() {
                let what = need.extension().keyword();
                let text = format!(
                    "the queue of this machine cannot be asked for {what}: name an account of your own"
                );
                return Err(EarlyExit::usage(text));
            }
            let handover = Handover {
                account: self.account().map(|account| account.name.clone()),
                sender: Some(envelope.reverse_path.to_string()),
                recipients: recipients.collect(),
                mail: envelope.mail_parameters.clone(),
                ..Handover::default()
            };
            let id = hand_over::hand_over(handover, content, output)?;
            return Ok(Report { queued: Some(id), ..Report::of(outcome) });
        }
        let spool = place::open(self.limits)?;
        let submission = Submission {
            tool: "send".to_owned(),
            account: self.account().map(|account| account.name.clone()),
            sender: envelope.reverse_path.to_string(),
            mail: envelope.mail_parameters.clone(),
            demands: envelope.demands.clone(),
            recipients: recipients.collect(),
            message_id,
            signed: content.is_signed(),
            ..Submission::default()
        };
        let id = spool.submit(submission, content).map_err(|error| place::unusable(&error))?;
        match self.chosen {
            Some(_) => Waker::default().wake(&spool),
            None => output
                .warn("there is no account that it can be sent by: it waits for one in the configuration"),
        }
        Ok(Report { queued: Some(id), ..Report::of(outcome) })
    }
}
