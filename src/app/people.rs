//! Who: sender and recipients, from the flags, from files and from the message.

use super::early_exit::{EarlyExit, Result};
use super::misplaced;
use crate::cli::{RecipientArg, WhoArgs, typed};
use crate::message::address::{self, Address, AddressFault};
use crate::message::header::{Header, HeaderError, Sender};
use crate::message::recipients::{self, RecipientsError};
use crate::message::source::Source;
use crate::report::text::printable;
use crate::words;
use crate::words::address::{way_out, way_out_of_header};
use ehlo_smtp::envelope::Recipient;
use ehlo_smtp::path::{Domain, ForwardPath, ReversePath};
use std::collections::HashSet;

/// A list of more characters is not shown whole.
const LONG_LIST: usize = 200;

/// The people named on the command line.
#[derive(Debug, Default)]
pub struct People {
    /// `--from`.
    pub from: Option<Address>,
    /// `--envelope-from`.
    pub envelope_from: Option<ReversePath>,
    /// `--reply-to`.
    pub reply_to: Vec<Address>,
    /// For the To header.
    pub to: Vec<Address>,
    /// For the Cc header.
    pub cc: Vec<Address>,
    /// For the envelope, in the order given.
    pub recipients: Vec<Recipient>,
    /// `--domain`.
    pub domain: Option<Domain>,
}

/// Reads all that the flags say of people. `read` gives the text of a file of recipients.
pub fn read(args: &WhoArgs, read: &mut dyn FnMut(&std::path::Path) -> Result<Source>) -> Result<People> {
    let mut people = People { domain: args.domain.as_deref().map(domain).transpose()?, ..People::default() };
    let bare = people.domain.clone();
    let bare = bare.as_ref();
    // An empty variable is none.
    let from = args.from.as_deref().filter(|text| !text.is_empty());
    let author = from.filter(|text| !is_null(text));
    people.from = author.map(|text| one(args.sender_named_by(), text, bare)).transpose()?;
    people.envelope_from = match args.envelope_from.as_deref() {
        Some(text) => Some(reverse_path(text, bare)?),
        // As sendmail's -f has it.
        None => from.filter(|text| is_null(text)).map(|_| ReversePath::Null),
    };
    people.reply_to =
        args.reply_to.as_deref().map_or(Ok(Vec::new()), |text| list("--reply-to", text, bare))?;
    for given in args.recipients.in_order() {
        let addresses = match given {
            RecipientArg::To(text) => list("--to", text, bare)?,
            RecipientArg::Word(text) => without_flag(text, bare)?,
            RecipientArg::Cc(text) => list("--cc", text, bare)?,
            RecipientArg::Bcc(text) => list("--bcc", text, bare)?,
            RecipientArg::Envelope(text) => list("--recipient", text, bare)?,
            RecipientArg::File(path) => {
                let source = read(path)?;
                let name = path.display().to_string();
                let octets = source
                    .read_all()
                    .map_err(|error| EarlyExit::no_input(error, format!("cannot read {name}")))?;
                people.recipients.extend(from_file(&octets, &name, bare)?);
                continue;
            }
        };
        let recipients =
            addresses.iter().map(|address| Recipient { path: address.path.clone(), parameters: Vec::new() });
        people.recipients.extend(recipients);
        match given {
            RecipientArg::To(_) | RecipientArg::Word(_) => people.to.extend(addresses),
            RecipientArg::Cc(_) => people.cc.extend(addresses),
            RecipientArg::Bcc(_) | RecipientArg::Envelope(_) | RecipientArg::File(_) => {}
        }
    }
    Ok(people)
}

impl People {
    /// Adds those whom the message itself names. Somebody must be named at all.
    pub fn add_from_message(&mut self, header: &Header) -> Result<()> {
        let addresses = header.recipients(self.domain.as_ref()).map_err(|error| {
            let hint = way_out_of_header(&error);
            // A name without a domain is a name that is meant.
            let other = match is_bare(&error) {
                true => "",
                false => "; or name them with --recipient instead of --recipients-in-message",
            };
            EarlyExit::data(format!("the message's recipients cannot be read: {error}{hint}{other}"))
        })?;
        let recipient = |address: Address| Recipient { path: address.path, parameters: Vec::new() };
        self.recipients.extend(addresses.into_iter().map(recipient));
        if self.recipients.is_empty() {
            return Err(EarlyExit::data(format!("{}; name one with --recipient", names_nobody(header))));
        }
        Ok(())
    }

    /// Adds the address of the account, for a message that the user sends to themselves.
    pub fn add_own(&mut self, address: &str) -> Result<()> {
        let address = one("the account's address", address, self.domain.as_ref())?;
        self.recipients.push(Recipient { path: address.path.clone(), parameters: Vec::new() });
        self.to.push(address);
        Ok(())
    }

    /// One of each: the first stays (domains are compared without case, local parts with it).
    pub fn merge_duplicates(&mut self) {
        let mut seen = HashSet::new();
        self.recipients.retain(|recipient| {
            seen.insert(match &recipient.path {
                ForwardPath::Postmaster => None,
                ForwardPath::Mailbox(mailbox) => {
                    Some((mailbox.local().to_owned(), mailbox.domain().ascii().to_ascii_lowercase()))
                }
            })
        });
    }
}

/// `--domain`.
pub fn domain(text: &str) -> Result<Domain> {
    Domain::parse(text).map_err(|error| EarlyExit::usage(format!("--domain '{}': {error}", printable(text))))
}

/// A header may be folded, a flag's value may not.
pub fn in_one_line(flag: &str, text: &str) -> Result<()> {
    if text.contains(['\r', '\n']) {
        return Err(EarlyExit::usage(format!("{flag} '{}': it contains a line end", printable(text))));
    }
    Ok(())
}

fn one(flag: &str, text: &str, bare: Option<&Domain>) -> Result<Address> {
    let address = address::parse_one(text, bare).map_err(|error| unfit(flag, text, &error))?;
    in_one_line(flag, text).map(|()| address)
}

/// A group without members, such as `undisclosed-recipients:;`, is a list too.
fn list(flag: &str, text: &str, bare: Option<&Domain>) -> Result<Vec<Address>> {
    let addresses = address::parse_list(text, bare).map_err(|error| unfit(flag, text, &error))?;
    in_one_line(flag, text)?;
    if addresses.is_empty() && !has_group(text, bare) {
        return Err(EarlyExit::usage(format!(
            "{flag}: no address in '{}'; name one, or leave {flag} out",
            printable(text)
        )));
    }
    Ok(addresses)
}

/// The recipients of a word without a flag.
fn without_flag(text: &str, bare: Option<&Domain>) -> Result<Vec<Address>> {
    let addresses = address::parse_list(text, bare).map_err(|error| match error.fault {
        // What has a line end in it is no word that was misplaced.
        AddressFault::LineEnd => unfit("recipient", text, &error),
        _ => misplaced::recipient(text, &error),
    })?;
    in_one_line("recipient", text)?;
    if addresses.is_empty() && !has_group(text, bare) {
        return Err(EarlyExit::usage(format!("recipient '{}': it contains no address", printable(text))));
    }
    Ok(addresses)
}

fn has_group(text: &str, bare: Option<&Domain>) -> bool {
    address::read_list(text, bare).is_ok_and(|list| list.has_group)
}

fn unfit(flag: &str, text: &str, error: &address::AddressError) -> EarlyExit {
    let hint = misplaced::in_place_of_a_list(text)
        .unwrap_or_else(|| way_out(&error.fault, text.contains('<')).to_owned());
    // In a long list nobody finds a character by its number.
    let is_long = text.contains([',', ';']) && text.chars().count() > LONG_LIST;
    let shown = if is_long { error.place(text) } else { printable(text) };
    match typed::glued(text) {
        Some(glued) => EarlyExit::usage(format!("{}: {error}{hint}", printable(&glued))),
        None => EarlyExit::usage(format!("{flag} '{shown}': {error}{hint}")),
    }
}

fn is_bare(error: &HeaderError) -> bool {
    matches!(error, HeaderError::Address { error, .. } if matches!(error.fault, AddressFault::Bare(_)))
}

/// Why a message names no recipient.
fn names_nobody(header: &Header) -> &'static str {
    let has_any = |names: [&str; 3]| names.iter().any(|name| header.has(name));
    if header.fields().next().is_none() {
        "the message has no header section that could name a recipient"
    } else if !header.was_resent() {
        "the message names no recipient in To, Cc or Bcc"
    } else if has_any(["Resent-To", "Resent-Cc", "Resent-Bcc"]) {
        "the message was resent, and names no recipient in Resent-To, Resent-Cc or Resent-Bcc"
    } else {
        "the message was resent, and Resent-To, Resent-Cc and Resent-Bcc are missing; To, Cc and Bcc are \
         those of the first delivery"
    }
}

/// The reverse-path of a message that is sent as it is: who sent it, as it says itself.
pub fn sender_of_message(header: &Header, bare: Option<&Domain>) -> Result<ReversePath> {
    let sender = header.sender(bare).map_err(|error| {
        let hint = way_out_of_header(&error);
        EarlyExit::data(format!(
            "the message's sender cannot be read: {error}{hint}; or name the sender with -f (--from) or \
             --envelope-from"
        ))
    })?;
    let why = match sender {
        Sender::Path(path) => return Ok(path),
        Sender::Missing if header.fields().next().is_none() => "the message has no header section".to_owned(),
        Sender::Missing => "the message has neither Sender nor From".to_owned(),
        Sender::Mixed { field } => format!("{field} of the message has both an address and '<>'"),
        Sender::Unnamed { field, count: 0 } => format!("{field} of the message has no address"),
        Sender::Unnamed { field, count: 1 } => format!("{field} of the message has no domain"),
        Sender::Unnamed { field, count } => format!("{field} of the message names {count} mailboxes"),
    };
    Err(EarlyExit::usage(format!("no sender: {why}; name one with -f (--from) or EHLO_FROM")))
}

/// `<>`, with a name before it or not.
fn is_null(text: &str) -> bool {
    address::read_list(text, None)
        .is_ok_and(|list| list.nobody.is_some() && list.addresses.is_empty() && !list.has_group)
}

/// `''` and `<>` are the null reverse-path.
pub fn reverse_path(text: &str, bare: Option<&Domain>) -> Result<ReversePath> {
    if text.is_empty() || is_null(text) {
        return Ok(ReversePath::Null);
    }
    match one("--envelope-from", text, bare)?.path {
        ForwardPath::Mailbox(mailbox) => Ok(ReversePath::Mailbox(mailbox)),
        ForwardPath::Postmaster => {
            Err(EarlyExit::usage("--envelope-from: a name without a domain; add one with --domain"))
        }
    }
}

/// One address a line, with parameters of its RCPT behind it if need be; `#` begins a comment line.
pub fn from_file(octets: &[u8], name: &str, bare: Option<&Domain>) -> Result<Vec<Recipient>> {
    recipients::parse(octets, bare).map_err(|error| {
        let hint = match &error {
            RecipientsError::Address { error, .. } if error.fault == AddressFault::TooMany => {
                "; write one address per line"
            }
            RecipientsError::Address { error, .. } => way_out(&error.fault, false),
            _ => "",
        };
        EarlyExit::data(format!("{name}{}{hint}", words::message::recipients(&error)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_recipients_is_named_where_it_does_not_fit() {
        let error = from_file(b"ok@x.y\nbroken@\n", "list", None).unwrap_err();
        assert!(error.report().text.starts_with("list, line 2, 'broken@': "), "{}", error.report().text);
    }

    #[test]
    fn duplicates_merge_into_the_first() {
        let path = |text: &str| ForwardPath::Mailbox(ehlo_smtp::path::Mailbox::parse(text).unwrap());
        let recipients = ["Jones@Beta.ARPA", "jones@beta.arpa", "Jones@beta.arpa", "Brown@Beta.ARPA"];
        let recipients = recipients.map(|text| Recipient { path: path(text), parameters: Vec::new() });
        let mut people = People { recipients: recipients.into(), ..People::default() };
        people.merge_duplicates();
        let left: Vec<String> = people.recipients.iter().map(|r| r.path.to_string()).collect();
        assert_eq!(left, ["Jones@Beta.ARPA", "jones@beta.arpa", "Brown@Beta.ARPA"]);
    }
}
