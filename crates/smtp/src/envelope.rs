//! The envelope: who sends, and to whom (RFC 5321, section 2.3.1). The headers of the message can say
//! something else.

use super::extension::Extension;
use super::failure::Need;
use super::parameter::Parameter;
use super::path::{ForwardPath, Mailbox, ReversePath};

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Their address.
    pub path: ForwardPath,
    /// What is added to their RCPT.
    pub parameters: Vec<Parameter>,
}

/// The reverse-path and the recipients of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where a bounce goes.
    pub reverse_path: ReversePath,
    /// What the user adds to MAIL. What the message needs, the session adds itself (SIZE, BODY, SMTPUTF8).
    pub mail_parameters: Vec<Parameter>,
    /// What the server must offer for these parameters, and the recipients', to mean anything. Without it
    /// nothing is sent.
    pub demands: Vec<Need>,
    /// Parameters of extensions that the server does not offer are left out: they were asked for by somebody who
    /// does not know the server, and the message is worth more (DSN: RFC 3461, section 7.1).
    pub only_offered: bool,
    /// To whom, in the order in which they were given.
    pub recipients: Vec<Recipient>,
}

impl Envelope {
    /// From one mailbox to others, without parameters.
    #[must_use]
    pub fn new(sender: Mailbox, recipients: impl IntoIterator<Item = Mailbox>) -> Envelope {
        let recipient = |mailbox| Recipient { path: ForwardPath::Mailbox(mailbox), parameters: Vec::new() };
        Envelope {
            reverse_path: ReversePath::Mailbox(sender),
            mail_parameters: Vec::new(),
            demands: Vec::new(),
            only_offered: false,
            recipients: recipients.into_iter().map(recipient).collect(),
        }
    }

    /// Adds a parameter to MAIL, and demands the extension that it belongs to.
    pub fn add_to_mail(&mut self, parameter: Parameter) {
        let extension = Extension::of_mail(parameter.keyword());
        self.demands.extend(extension.map(Need::Extension));
        self.mail_parameters.push(parameter);
    }

    /// Whether all addresses can be written without SMTPUTF8 (RFC 6531).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.reverse_path.is_ascii() && self.recipients.iter().all(|recipient| recipient.path.is_ascii())
    }

    /// The same envelope with some of its recipients only: those at these places.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Envelope {
        Envelope {
            reverse_path: self.reverse_path.clone(),
            mail_parameters: self.mail_parameters.clone(),
            demands: self.demands.clone(),
            only_offered: self.only_offered,
            recipients: places.iter().filter_map(|place| self.recipients.get(*place).cloned()).collect(),
        }
    }
}
