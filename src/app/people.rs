//! Who: sender and recipients, from the flags, from files and from the message.

use super::stop::{Result, Stop};
use crate::cli::{Recipient as Given, WhoArgs};
use crate::message::address::{self, Address};
use crate::message::header::Header;
use crate::message::recipients;
use crate::message::source::Source;
use crate::report::text::printable;
use crate::smtp::envelope::Recipient;
use crate::smtp::path::{Domain, ForwardPath, ReversePath};
use std::collections::HashSet;

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
    people.from = from.map(|text| one(args.from_named_by(), text, bare)).transpose()?;
    people.envelope_from = args.envelope_from.as_deref().map(|text| reverse_path(text, bare)).transpose()?;
    people.reply_to =
        args.reply_to.as_deref().map_or(Ok(Vec::new()), |text| list("--reply-to", text, bare))?;
    for given in args.recipients.in_order() {
        let addresses = match given {
            Given::To(text) => list("--to", text, bare)?,
            Given::Cc(text) => list("--cc", text, bare)?,
            Given::Bcc(text) => list("--bcc", text, bare)?,
            Given::Envelope(text) => list("--recipient", text, bare)?,
            Given::File(path) => {
                let source = read(path)?;
                let name = path.display().to_string();
                let octets = source
                    .read_all()
                    .map_err(|error| Stop::no_input(error, format!("cannot read {name}")))?;
                people.recipients.extend(from_file(&octets, &name, bare)?);
                continue;
            }
        };
        let recipients =
            addresses.iter().map(|address| Recipient { path: address.path.clone(), parameters: Vec::new() });
        people.recipients.extend(recipients);
        match given {
            Given::To(_) => people.to.extend(addresses),
            Given::Cc(_) => people.cc.extend(addresses),
            Given::Bcc(_) | Given::Envelope(_) | Given::File(_) => {}
        }
    }
    Ok(people)
}

impl People {
    /// Adds those whom the message itself names.
    pub fn add_from_message(&mut self, header: &Header) -> Result<()> {
        let addresses = header
            .recipients(self.domain.as_ref())
            .map_err(|error| Stop::data(format!("the message's recipients cannot be read: {error}")))?;
        let recipient = |address: Address| Recipient { path: address.path, parameters: Vec::new() };
        self.recipients.extend(addresses.into_iter().map(recipient));
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
    Domain::parse(text).map_err(|error| Stop::usage(format!("--domain '{}': {error}", printable(text))))
}

/// A header may be folded, a flag's value may not.
pub fn in_one_line(flag: &str, text: &str) -> Result<()> {
    if text.contains(['\r', '\n']) {
        return Err(Stop::usage(format!("{flag} '{}': a line end in it", printable(text))));
    }
    Ok(())
}

fn one(flag: &str, text: &str, bare: Option<&Domain>) -> Result<Address> {
    let address = address::parse_one(text, bare).map_err(|error| unfit(flag, text, &error))?;
    in_one_line(flag, text).map(|()| address)
}

fn list(flag: &str, text: &str, bare: Option<&Domain>) -> Result<Vec<Address>> {
    let addresses = address::parse_list(text, bare).map_err(|error| unfit(flag, text, &error))?;
    in_one_line(flag, text)?;
    if addresses.is_empty() {
        return Err(Stop::usage(format!("{flag}: there is no address in '{}'", printable(text))));
    }
    Ok(addresses)
}

fn unfit(flag: &str, text: &str, error: &address::AddressError) -> Stop {
    let hint = match error.fault {
        address::AddressFault::Bare(_) => "; add one, or name by --domain the domain of all such names",
        _ => "",
    };
    Stop::usage(format!("{flag} '{}': {error}{hint}", printable(text)))
}

/// `''` and `<>` are the null reverse-path.
pub fn reverse_path(text: &str, bare: Option<&Domain>) -> Result<ReversePath> {
    if matches!(text, "" | "<>") {
        return Ok(ReversePath::Null);
    }
    match one("--envelope-from", text, bare)?.path {
        ForwardPath::Mailbox(mailbox) => Ok(ReversePath::Mailbox(mailbox)),
        ForwardPath::Postmaster => {
            Err(Stop::usage("--envelope-from: a name without a domain; add one by --domain"))
        }
    }
}

/// One address a line, with parameters of its RCPT behind it if need be; `#` begins a comment line.
pub fn from_file(octets: &[u8], name: &str, bare: Option<&Domain>) -> Result<Vec<Recipient>> {
    recipients::parse(octets, bare).map_err(|error| Stop::data(format!("{name}{error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_recipients_is_named_where_it_does_not_fit() {
        let error = from_file(b"ok@x.y\nbroken@\n", "list", None).unwrap_err();
        assert!(error.report().text.starts_with("list, line 2: "), "{}", error.report().text);
    }

    #[test]
    fn duplicates_merge_into_the_first() {
        let path = |text: &str| ForwardPath::Mailbox(crate::smtp::path::Mailbox::parse(text).unwrap());
        let recipients = ["Jones@Beta.ARPA", "jones@beta.arpa", "Jones@beta.arpa", "Brown@Beta.ARPA"];
        let recipients = recipients.map(|text| Recipient { path: path(text), parameters: Vec::new() });
        let mut people = People { recipients: recipients.into(), ..People::default() };
        people.merge_duplicates();
        let left: Vec<String> = people.recipients.iter().map(|r| r.path.to_string()).collect();
        assert_eq!(left, ["Jones@Beta.ARPA", "jones@beta.arpa", "Brown@Beta.ARPA"]);
    }
}
