//! The envelope: who sends, and to whom (RFC 5321, section 2.3.1). It need not be what the headers say.

use super::failure::Need;
use super::parameter::Parameter;
use super::path::{ForwardPath, Mailbox, ReversePath};

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Where to.
    pub path: ForwardPath,
    /// What is added to its RCPT.
    pub parameters: Vec<Parameter>,
}

/// The reverse-path and the recipients of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where a bounce goes to.
    pub reverse_path: ReversePath,
    /// What is added to MAIL by the user; SIZE, BODY and SMTPUTF8 are the session's.
    pub mail_parameters: Vec<Parameter>,
    /// What those parameters, or the recipients', are worth nothing without.
    pub demands: Vec<Need>,
    /// In the order in which they were given.
    pub recipients: Vec<Recipient>,
}

impl Envelope {
    /// From one mailbox to some, without parameters.
    #[must_use]
    pub fn new(sender: Mailbox, recipients: impl IntoIterator<Item = Mailbox>) -> Envelope {
        let recipient = |mailbox| Recipient { path: ForwardPath::Mailbox(mailbox), parameters: Vec::new() };
        Envelope {
            reverse_path: ReversePath::Mailbox(sender),
            mail_parameters: Vec::new(),
            demands: Vec::new(),
            recipients: recipients.into_iter().map(recipient).collect(),
        }
    }

    /// Does an address need SMTPUTF8?
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.reverse_path.is_ascii() && self.recipients.iter().all(|recipient| recipient.path.is_ascii())
    }

    /// The same message for some of its recipients, named by their places.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Envelope {
        Envelope {
            reverse_path: self.reverse_path.clone(),
            mail_parameters: self.mail_parameters.clone(),
            demands: self.demands.clone(),
            recipients: places.iter().filter_map(|place| self.recipients.get(*place).cloned()).collect(),
        }
    }
}
