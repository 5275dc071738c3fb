//! Addresses: parse and print are inverses, and no command line can be broken by one.

use super::assert_one_line;
use ehlo_smtp::command::{Command, EhloName, Line};
use ehlo_smtp::inquiry::{Argument, Inquiry, InquiryVerb};
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{Domain, ForwardPath, LONGEST, Mailbox, ReversePath};

pub fn holds(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Ok(domain) = Domain::parse(text) {
        is_domain(&domain, text);
    }
    if let Ok(name) = EhloName::parse(text) {
        assert!(name.as_str().is_ascii());
        line(Command::Ehlo(&name));
    }
    match Mailbox::parse(text) {
        Ok(mailbox) => is_mailbox(&mailbox),
        Err(error) => assert!((1..=text.chars().count() + 2).contains(&error.position), "{error}"),
    }
    if let Some((local, domain)) = text.rsplit_once('\n')
        && let Ok(domain) = Domain::parse(domain)
        && let Ok(mailbox) = Mailbox::new(local, domain)
    {
        assert_eq!(mailbox.local(), local);
        is_mailbox(&mailbox);
    }
    if let Ok(argument) = Argument::parse(text) {
        let inquiry = Inquiry { verb: InquiryVerb::Vrfy, argument };
        line(Command::Ask(&inquiry));
    }
    if let Ok(parameter) = Parameter::parse(text) {
        assert_eq!(parameter.as_str(), text);
        let shown = line(Command::Mail(&ReversePath::Null, std::slice::from_ref(&parameter)));
        assert_eq!(shown, format!("MAIL FROM:<> {text}"));
        assert_eq!(shown.split(' ').count(), 3, "a parameter is one word");
    }
}

fn is_domain(domain: &Domain, text: &str) {
    assert_eq!(domain.as_str(), text);
    assert_eq!(Domain::parse(&domain.to_string()).as_ref(), Ok(domain));
    let ascii = domain.ascii();
    assert!(ascii.is_ascii() && !ascii.contains(['<', '>', '@', ' ']) || domain.is_literal());
    let again = Domain::parse(ascii);
    assert_eq!(again.as_ref().map(Domain::ascii), Ok(ascii), "its ASCII form is its own");
}

fn is_mailbox(mailbox: &Mailbox) {
    let printed = mailbox.to_string();
    // One that was put together may need more quoting than a text may have.
    if printed.len() <= LONGEST {
        assert_eq!(Mailbox::parse(&printed).as_ref(), Ok(mailbox));
    }
    let wire = format!("{mailbox:#}");
    assert_eq!(wire.is_ascii(), mailbox.is_ascii());
    if wire.len() <= LONGEST {
        assert!(Mailbox::parse(&wire).is_ok_and(|again| again.same_as(mailbox)), "{wire} is another one");
    }
    assert!(mailbox.same_as(mailbox));
    let path = ForwardPath::Mailbox(mailbox.clone());
    let shown = line(Command::Rcpt(&path, &[]));
    assert_eq!(path_in(&shown), Some(wire.as_str()), "{shown} ends elsewhere");
    if let Some(parameter) = Parameter::orcpt(&path) {
        assert_eq!(Parameter::parse(parameter.as_str()), Ok(parameter));
    }
}

/// Writes a command: it is one line, and what is shown of it is all of it.
fn line(command: Command<'_>) -> String {
    let mut line = Line::default();
    line.write(command).expect("what was parsed is fit for a command");
    assert_one_line(line.octets());
    line.shown().into_owned()
}

/// The path of a command as another server's parser finds it: up to the `>` that stands in no quotation marks.
fn path_in(line: &str) -> Option<&str> {
    let (_, path) = line.split_once('<')?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in path.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return (at + 1 == path.len()).then(|| &path[..at]),
            _ => {}
        }
    }
    None
}
