//! Words in the wrong place: what one was taken for, and what was probably meant. It is asked only where
//! something is wrong, so it may look at files and at the line once more.

use super::configuration::Configuration;
use super::early_exit::EarlyExit;
use super::standard_input::Awaited;
use crate::cli::{RecipientArg, SendArgs, looks_like_server, typed};
use crate::message::address::{self, AddressError};
use crate::message::header::Header;
use crate::message::recipients;
use crate::message::source::Source;
use crate::report::text::printable;
use crate::sasl;
use crate::words::address::way_out;
use std::fs;
use std::io;
use std::path::Path;

/// A file longer than this is no list of recipients, in octets.
const LONGEST_LIST: u64 = 1 << 20;
/// The fields by which a text is known for a message.
const FIELDS: [&str; 9] =
    ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Received", "Return-Path", "MIME-Version"];
/// What swaks's `-q` takes, and we by `--stop-after`.
const STAGES: [&str; 10] = ["connect", "banner", "ehlo", "helo", "tls", "auth", "mail", "from", "rcpt", "to"];

/// Of a word that is not repeated: behind the user other programs have the password.
pub const BEHIND_A_USER: &str = "the word behind the user was taken as an address: a password is never an argument, \
                                 use --password-file or --password-command";

/// A word without a flag that cannot be read as recipients.
pub fn recipient(word: &str, error: &AddressError) -> EarlyExit {
    EarlyExit::usage(no_recipient_is(word).unwrap_or_else(|| {
        format!("recipient '{}': {error}{}", printable(word), way_out(&error.fault, word.contains('<')))
    }))
}

fn no_recipient_is(word: &str) -> Option<String> {
    let shown = printable(word);
    // What may be a password is not repeated.
    if word.contains("://") {
        return Some("a URL was taken as a recipient: the server is named by -S (--server)".to_owned());
    }
    if typed::is_behind_a_user(word) {
        return Some(BEHIND_A_USER.to_owned());
    }
    if let Some(typeset) = typeset() {
        return Some(typeset);
    }
    if let Some(file) = of_file(Path::new(word)) {
        return Some(format!("'{shown}' was taken as a recipient, and is {file}"));
    }
    if typed::is_behind_q(word) && STAGES.iter().any(|stage| word.eq_ignore_ascii_case(stage)) {
        return Some(format!(
            "'{shown}' was taken as a recipient, and -q as --quiet: swaks's -q is --stop-after"
        ));
    }
    if let Some(quoted) = typed::unquoted(word) {
        let quoted = printable(&quoted);
        return Some(format!(
            "'{shown}' was taken as a recipient: a text with blanks is quoted, as in {quoted}"
        ));
    }
    if !word.contains('@') && looks_like_server(word) {
        return Some(format!(
            "'{shown}' was taken as a recipient: an address has an '@', and a server is named by -S (--server)"
        ));
    }
    if word.parse::<u16>().is_ok() {
        return Some(format!("'{shown}' was taken as a recipient: a port is named by -p (--port)"));
    }
    None
}

/// Of a word with a dash or quotation marks that come from a page or a word processor.
pub fn typeset() -> Option<String> {
    let typeset = printable(&typed::typeset()?);
    Some(match typed::is_dash(&typeset) {
        true => format!("'{typeset}' begins with a dash that is no hyphen: type '-' in its place"),
        false => format!("'{typeset}' begins with a quotation mark that no shell knows: type ' or \""),
    })
}

/// What a file is, and by which flag it is sent, if there is one of this name.
fn of_file(path: &Path) -> Option<String> {
    let data = fs::metadata(path).ok()?;
    let name = printable(&path.display().to_string());
    let name = if name.contains(' ') { format!("'{name}'") } else { name };
    if data.is_dir() {
        return Some("a directory: attach an archive of it by -a".to_owned());
    }
    let source = Source::open(path).ok().filter(|_| data.is_file())?;
    if Header::read(&source).is_ok_and(|header| is_of_a_message(&header)) {
        return Some(format!("a file: send it as it is by -m {name}, or attach it by -a {name}"));
    }
    if data.len() < LONGEST_LIST
        && let Ok(octets) = source.read_all()
        && recipients::parse(&octets, None).is_ok_and(|list| !list.is_empty())
    {
        return Some(format!("a file: for the addresses in it say --recipients-from {name}"));
    }
    Some(format!("a file: attach it by -a {name}, or send it as the text by --body-file {name}"))
}

fn is_of_a_message(header: &Header) -> bool {
    FIELDS.iter().any(|name| header.has(name))
}

/// Whether a text begins with the header section of a message.
pub fn is_message(text: &Source) -> bool {
    let mut begins_with_a_name = false;
    // A look at the first octets is enough for most.
    let _ = text.read_pieces(0, 64, &mut |start: &[u8]| {
        let name = start.split(|octet| *octet == b':').next().unwrap_or_default();
        begins_with_a_name = name.len() < start.len()
            && name.first().is_some_and(u8::is_ascii_alphabetic)
            && (name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
                || name.starts_with(b"From "));
        Ok(())
    });
    begins_with_a_name && Header::read(text).is_ok_and(|header| is_of_a_message(&header))
}

/// Nobody is named, and the message is not asked either.
pub fn no_recipient(args: &SendArgs) -> EarlyExit {
    // Only a list or an empty group can be named and still hold nobody.
    if let [.., RecipientArg::File(_)] = args.who.recipients.in_order() {
        return EarlyExit::usage("--recipients-from: there is no address in it");
    }
    let subject = args.message.subject.as_deref().unwrap_or_default();
    EarlyExit::usage(if args.as_is.message.is_some() {
        "no recipient: name one, or say --recipients-in-message for those that the message names".to_owned()
    } else if subject.contains('@') && address::parse_list(subject, None).is_ok_and(|list| !list.is_empty()) {
        let shown = printable(subject);
        format!(
            "no recipient: '{shown}' was taken as the subject; write one before it, as in -s 'Backup' {shown}"
        )
    } else {
        let hint = hint_at_subject(Some(subject));
        format!("no recipient: name one, as in 'ehlo send ... ops@example.org', or with --recipient{hint}")
    })
}

/// Whether a flag was taken as the subject, because its text is missing behind `-s`.
pub fn is_flag(subject: &str) -> bool {
    match subject.as_bytes() {
        [b'-', b'-', name @ ..] => {
            !name.is_empty() && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'-')
        }
        [b'-', letter] => b"SpfrtcbsaHEmuvq46".contains(letter),
        _ => false,
    }
}

/// What is added where something is missing that a flag was to name, and the flag was taken as the subject.
pub fn hint_at_subject(subject: Option<&str>) -> String {
    match subject.filter(|subject| is_flag(subject)) {
        Some(flag) => format!("; {flag} was taken as the subject, whose text is missing behind -s"),
        None => String::new(),
    }
}

/// What may have been meant by the name of a file that cannot be opened.
pub fn in_place_of_a_file(path: &Path, awaited: Awaited, error: &io::Error) -> Option<String> {
    let name = path.to_str()?;
    if error.kind() == io::ErrorKind::IsADirectory {
        return match awaited {
            Awaited::Attachment => Some("attach an archive of it".to_owned()),
            _ => Some("name a file in it".to_owned()),
        };
    }
    if error.kind() != io::ErrorKind::NotFound {
        return None;
    }
    if let Some(glued) = typed::glued(name) {
        return Some(printable(&glued));
    }
    match awaited {
        Awaited::Attachment if is_header(name) => Some("a header field is given by -H (--header)".to_owned()),
        Awaited::Attachment if name.split(',').all(|one| sasl::is_known(&one.to_ascii_uppercase())) => {
            Some("a log-in mechanism is named by --auth".to_owned())
        }
        // msmtp's.
        Awaited::Attachment if name == "default" || is_account(name) => {
            Some("-a attaches a file, and an account is named by -A (--account)".to_owned())
        }
        Awaited::Text if name.contains(' ') => Some("a text is given by --body".to_owned()),
        Awaited::Message if name.contains(' ') => {
            Some("-m takes a file, and a text is given by --body".to_owned())
        }
        Awaited::Addresses if name.contains('@') => {
            Some("an address is given by -t (--to) or --recipient".to_owned())
        }
        _ => None,
    }
}

/// Whether an account has this name; a configuration that cannot be read has none.
fn is_account(name: &str) -> bool {
    Configuration::read().is_ok_and(|configuration| configuration.account(name).is_some())
}

/// `X-Foo: bar`.
fn is_header(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
    })
}
