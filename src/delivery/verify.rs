//! Whether addresses are accepted: RCPT without a message, or VRFY and EXPN. The answers become an outcome
//! like any other.
//!
//! Mailboxes that cannot exist are asked about first: a server that accepts those says nothing by accepting
//! others.

use super::driver::Sockets;
use super::outcome::{Outcome, Verification};
use super::{MailObject, Policies, Router, Work, deliver, deliver_to_all, run};
use crate::client::{Observer, Target};
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::inquiry::{Inquiry, InquiryVerb};
use std::io;

/// What is asked.
#[derive(Debug)]
pub enum Question {
    /// RCPT for each recipient; the target says that it goes no further (`Conversation::until`).
    Rcpt(Envelope),
    /// VRFY or EXPN.
    Ask(InquiryVerb, Vec<Inquiry>),
}

/// Who is asked.
#[derive(Clone, Copy)]
pub enum Asked<'a> {
    /// A server; where it is not available, the next of the others.
    Server(&'a Target, &'a [Target]),
    /// The servers of each destination; only by RCPT.
    Domains(&'a dyn Router),
}

/// Asks, and tells what was said of each. The first `random` of them are mailboxes that cannot exist: they
/// are told of apart.
pub fn verify(asked: Asked<'_>, question: &Question, random: usize, observer: &mut dyn Observer) -> Outcome {
    let (mut outcome, by) = match question {
        Question::Rcpt(envelope) => {
            let message = MailObject { envelope, content: &Nothing, id: None, all_or_none: false };
            let outcome = match asked {
                Asked::Server(target, others) => deliver(target, others, &message, observer),
                Asked::Domains(router) => {
                    let policies = Policies::of(envelope, || false);
                    deliver_to_all(router, &message, &Nothing, policies, 1, Some(observer))
                }
            };
            (outcome, Stage::Rcpt)
        }
        Question::Ask(verb, inquiries) => {
            let Asked::Server(target, others) = asked else {
                return Outcome::untried(Work::Inquiries(inquiries).addresses());
            };
            let mut sockets = Sockets::new(target, others, &Nothing, observer);
            (run(&mut sockets, &Work::Inquiries(inquiries)), verb.stage())
        }
    };
    outcome.stopped = None;
    let rest = outcome.recipients.split_off(random.min(outcome.recipients.len()));
    let random = std::mem::replace(&mut outcome.recipients, rest);
    outcome.verification = Some(Verification { by, random });
    outcome
}

/// The content where there is no DATA.
#[derive(Debug)]
struct Nothing;

impl Content for Nothing {
    fn facts(&self) -> Facts {
        Facts::default()
    }

    fn write_to(&self, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}
