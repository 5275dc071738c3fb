//! What a program of this machine says with its message beside the envelope: the private parameter XEHLO, which
//! the queue's daemon offers on its socket. Both sides of it are here.
//!
//! ```text
//! MAIL FROM:<a@example.org> XEHLO=1NGT5M0QX4K7C,-,work,Cron+20Daemon
//! RCPT TO:<root@localhost> XEHLO=NAME
//! RCPT TO:<header@localhost> XEHLO=HEADER
//! ```
//!
//! Of MAIL the value has fields with commas between them: the identifier that the message is to have, what is to be
//! known (of the sender, N: none is named, H: it is whom the header names, B: a name without a domain; A: it is handed
//! over again; `-` for nothing), the account, and the sender's full name. Each is xtext (RFC 3461, section 4), and may be empty. A later
//! version may put more fields behind them. Of RCPT it says that the address is a name without a domain, or that it
//! stands for all whom the header names.

use crate::message::scan::Scan;
use crate::message::source::Source;
use crate::spool::{Id, Recipient};
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::envelope::{self, Envelope};
use ehlo_smtp::extension::Extension;
use ehlo_smtp::parameter::{Parameter, ParameterError, text_of, xtext};
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, PathError, ReversePath};
use std::io;

/// A domain that is not looked at.
const ANYWHERE: &str = "localhost";
/// The values of RCPT.
const NAME: &str = "NAME";
const HEADER: &str = "HEADER";
/// The letters of the second field of MAIL.
const NOT_NAMED: char = 'N';
const OF_HEADER: char = 'H';
const BARE: char = 'B';
const AGAIN: char = 'A';
/// The longest account or full name, in octets. A line of SMTP has its limit, too.
const LONGEST: usize = 256;

/// What is asked for with a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handover {
    /// The identifier that the message is to have: whoever hands it over twice has it queued once.
    pub id: Option<Id>,
    /// It was handed over before, and nobody knows whether it was taken.
    pub again: bool,
    /// The account that was named.
    pub account: Option<String>,
    /// The sender's name, for a From that is missing.
    pub full_name: Option<String>,
    /// The reverse-path, empty for the null one; nothing where none is named.
    pub sender: Option<String>,
    /// Where none is named, it is whom the header names as the author.
    pub sender_from_header: bool,
    /// To, Cc and Bcc name recipients.
    pub from_header: bool,
    /// The recipients, each with what is added to their RCPT alone; a name without a domain is one.
    pub recipients: Vec<Recipient>,
    /// What is added to MAIL.
    pub mail: Vec<Parameter>,
    /// What is added to RCPT for all who have nothing of their own.
    pub rcpt: Vec<Parameter>,
}

/// Why something cannot be handed over.
#[derive(Debug)]
pub enum NotFit {
    /// This address cannot be read.
    Address(String, PathError),
    /// A text is too long, or no parameter.
    Text(ParameterError),
}

impl Handover {
    /// The envelope that says it.
    ///
    /// # Errors
    /// [`NotFit`]; nothing is to be handed over then.
    pub fn envelope(&self) -> Result<Envelope, NotFit> {
        let path = |text: &str| mailbox(text).map_err(|error| NotFit::Address(text.to_owned(), error));
        let (reverse_path, is_bare) = match self.sender.as_deref() {
            None | Some("") => (ReversePath::Null, false),
            Some(sender) => {
                let (mailbox, is_bare) = path(sender)?;
                (ReversePath::Mailbox(mailbox), is_bare)
            }
        };
        let said = [
            (NOT_NAMED, self.sender.is_none()),
            (OF_HEADER, self.sender_from_header),
            (BARE, is_bare),
            (AGAIN, self.again),
        ];
        let mut flags: String = said.iter().filter(|(_, is_so)| *is_so).map(|(letter, _)| *letter).collect();
        if flags.is_empty() {
            flags.push('-');
        }
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| {
            let mut end = text.as_deref().map_or(0, |text| text.len().min(LONGEST));
            let text = text.as_deref().unwrap_or_default();
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            xtext(text.get(..end).unwrap_or_default()).replace(',', "+2C")
        };
        let value = format!("{id},{flags},{},{}", text(&self.account), text(&self.full_name));
        let own = Parameter::with(Extension::Handover, &value).map_err(NotFit::Text)?;
        let said = |value| Parameter::with(Extension::Handover, value).map_err(NotFit::Text);
        let mut recipients = Vec::with_capacity(self.recipients.len() + 1);
        for one in &self.recipients {
            let (mailbox, is_bare) = path(&one.address)?;
            let mut parameters = one.parameters.clone();
            if is_bare {
                parameters.push(said(NAME)?);
            }
            recipients.push(envelope::Recipient { path: ForwardPath::Mailbox(mailbox), parameters });
        }
        if self.from_header {
            let (mailbox, _) = path("header")?;
            let parameters = self.rcpt.iter().cloned().chain([said(HEADER)?]).collect();
            recipients.push(envelope::Recipient { path: ForwardPath::Mailbox(mailbox), parameters });
        }
        Ok(Envelope {
            reverse_path,
            mail_parameters: self.mail.iter().cloned().chain([own]).collect(),
            demands: Vec::new(),
            only_offered: false,
            recipients,
        })
    }

    /// Reads what a parameter of MAIL says; nothing where it cannot be read. The envelope says the rest.
    #[must_use]
    pub fn of_mail(value: &str) -> Option<(Handover, bool)> {
        let mut fields = value.split(',').map(text_of);
        let mut field = || fields.next().unwrap_or(Some(String::new()));
        let (id, flags, account, full_name) = (field()?, field()?, field()?, field()?);
        let text = |text: String| (!text.is_empty()).then_some(text);
        let fits = |text: &String| text.len() <= LONGEST && !text.chars().any(char::is_control);
        let id = match id.as_str() {
            "" => None,
            id => Some(id.parse().ok()?),
        };
        let sender = (!flags.contains(NOT_NAMED)).then(String::new);
        let handover = Handover {
            id,
            account: text(account).filter(fits),
            full_name: text(full_name).filter(fits),
            sender,
            sender_from_header: flags.contains(OF_HEADER),
            again: flags.contains(AGAIN),
            ..Handover::default()
        };
        Some((handover, flags.contains(BARE)))
    }
}

/// A message as it was read: the daemon puts it in order, not whoever hands it over.
#[derive(Debug)]
pub struct AsItIs {
    source: Source,
    facts: Facts,
}

impl AsItIs {
    /// Reads it once, to know its size.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn new(source: Source) -> io::Result<AsItIs> {
        let scan = Scan::of(&source)?;
        let facts = Facts {
            octets: scan.size(),
            eight_bit: scan.eight_bit(),
            // The daemon takes any header section, and looks for itself.
            utf8_headers: false,
        };
        Ok(AsItIs { source, facts })
    }
}

impl Content for AsItIs {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.source.read_pieces(0, u64::MAX, &mut |piece| out.write_all(piece))
    }
}

/// What a parameter of RCPT says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfRecipient {
    /// It is a name without a domain.
    Name,
    /// It stands for those whom the header names.
    Header,
}

/// What is said of a recipient, if anything is.
#[must_use]
pub fn of_recipient(parameters: &[Parameter]) -> Option<OfRecipient> {
    let mut own = parameters.iter().filter(|parameter| is_own(parameter));
    match own.next()?.value()? {
        value if value.eq_ignore_ascii_case(NAME) => Some(OfRecipient::Name),
        value if value.eq_ignore_ascii_case(HEADER) => Some(OfRecipient::Header),
        _ => None,
    }
}

/// Whether this is the parameter.
#[must_use]
pub fn is_own(parameter: &Parameter) -> bool {
    parameter.is(Extension::Handover.parameter())
}

/// An address, or a name, which gets a domain that nobody looks at. Whether it is a name.
fn mailbox(text: &str) -> Result<(Mailbox, bool), PathError> {
    match Mailbox::parse(text) {
        Ok(mailbox) => Ok((mailbox, false)),
        Err(_) if !text.contains('@') => Ok((Mailbox::new(text, Domain::parse(ANYWHERE)?)?, true)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_again() {
        let id = "1NGT5M0QX4K7C".parse().ok();
        let text = |text: &str| Some(text.to_owned());
        for (handover, value) in [
            (Handover { sender: text(""), ..Handover::default() }, ",-,,"),
            (
                Handover {
                    id,
                    account: text("a,b=c+d \u{fc}"),
                    full_name: text("Cron Daemon"),
                    sender_from_header: true,
                    again: true,
                    ..Handover::default()
                },
                "1NGT5M0QX4K7C,NHA,a+2Cb+3Dc+2Bd+20+C3+BC,Cron+20Daemon",
            ),
        ] {
            let envelope = handover.envelope().unwrap();
            let own = envelope.mail_parameters.last().unwrap();
            assert_eq!(own.as_str(), format!("XEHLO={value}"));
            assert_eq!(Handover::of_mail(own.value().unwrap()), Some((handover, false)));
        }
        // A later version says more, an earlier one less.
        assert_eq!(
            Handover::of_mail("1NGT5M0QX4K7C,B,,,new").map(|(read, bare)| (read.id, bare)),
            Some((id, true))
        );
        assert_eq!(Handover::of_mail("").map(|(read, _)| read.id), Some(None));
        for bad in ["x,-,,", "1NGT5M0QX4K7C,-,+2,", ",-,+FF,"] {
            assert_eq!(Handover::of_mail(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_go_without_their_domain_and_the_header_as_a_recipient() {
        let one = |address: &str| Recipient { address: address.to_owned(), parameters: Vec::new() };
        let handover = Handover {
            sender: Some("root".to_owned()),
            from_header: true,
            recipients: vec![one("a@example.org"), one("root"), one("the boss")],
            ..Handover::default()
        };
        let envelope = handover.envelope().unwrap();
        assert_eq!(envelope.reverse_path.to_string(), "root@localhost");
        assert_eq!(envelope.mail_parameters.first().map(Parameter::as_str), Some("XEHLO=,B,,"));
        let said: Vec<_> = envelope
            .recipients
            .iter()
            .map(|one| (one.path.to_string(), of_recipient(&one.parameters)))
            .collect();
        assert_eq!(
            said,
            [
                ("a@example.org".to_owned(), None),
                ("root@localhost".to_owned(), Some(OfRecipient::Name)),
                ("\"the boss\"@localhost".to_owned(), Some(OfRecipient::Name)),
                ("header@localhost".to_owned(), Some(OfRecipient::Header)),
            ]
        );
        let bad = Handover { recipients: vec![one("a@b@c")], ..Handover::default() };
        assert!(matches!(bad.envelope(), Err(NotFit::Address(address, _)) if address == "a@b@c"));
    }
}
