//! Words in the wrong place: what one was taken for, and what was probably meant. It is asked only where
//! something is wrong, so it may look at files and at the line once more.

use super::configuration::Configuration;
use super::early_exit::EarlyExit;
use super::standard_input::Awaited;
use crate::cli::{RecipientArg, SendArgs, looks_like_server, typed};
use crate::message::address::{self, AddressError, AddressFault};
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
pub const BEHIND_A_USER: &str = "the word after the user was taken as an address: a password is never an argument, \
                                 use --password-file or --password-command";

/// A word without a flag that cannot be read as recipients.
pub fn recipient(word: &str, error: &AddressError) -> EarlyExit {
    let is_bare_name = matches!(error.fault, AddressFault::Bare(_));
    EarlyExit::usage(no_recipient_is(word, is_bare_name).unwrap_or_else(|| {
        format!("recipient '{}': {error}{}", printable(word), way_out(&error.fault, word.contains('<')))
    }))
}

fn no_recipient_is(word: &str, is_bare_name: bool) -> Option<String> {
    let shown = printable(word);
    // What may be a password is not repeated.
    if word.contains("://") {
        return Some("a URL was taken as a recipient: name the server with -S (--server)".to_owned());
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
            "'{shown}' was taken as a recipient: quote a text with blanks, as in {quoted}{}",
            if is_bare_name { "; for a recipient without a domain, name one by --domain" } else { "" }
        ));
    }
    if !word.contains('@') && looks_like_server(word) {
        return Some(format!(
            "'{shown}' was taken as a recipient: an address has an '@', and a server is named with -S \
             (--server)"
        ));
    }
    if let Some(hint) = in_place_of_a_list(word) {
        return Some(format!("'{shown}' was taken as a recipient{hint}"));
    }
    if word.parse::<u16>().is_ok() {
        return Some(format!("'{shown}' was taken as a recipient: name the port with -p (--port)"));
    }
    None
}

/// Of a word with a dash or quotation marks that come from a page or a word processor.
pub fn typeset() -> Option<String> {
    let typeset = printable(&typed::typeset()?);
    Some(match typed::is_dash(&typeset) {
        true => format!("'{typeset}' begins with a dash that is not a hyphen: type '-' instead"),
        false => format!(
            "'{typeset}' begins with a quotation mark that the shell does not understand: type ' or \""
        ),
    })
}

/// Of `@FILE`, which other programs take for what is in the file.
pub fn in_place_of_a_list(text: &str) -> Option<String> {
    let name = text.strip_prefix('@').filter(|name| Path::new(name).is_file())?;
    Some(format!("; for the addresses in the file use --recipients-from {}", printable(name)))
}

/// What a file is, and by which flag it is sent, if there is one of this name.
fn of_file(path: &Path) -> Option<String> {
    let data = fs::metadata(path).ok()?;
    let name = printable(&path.display().to_string());
    let name = if name.contains(' ') { format!("'{name}'") } else { name };
    if data.is_dir() {
        return Some("a directory: attach an archive of it with -a".to_owned());
    }
    let source = Source::open(path).ok().filter(|_| data.is_file())?;
    if Header::read(&source).is_ok_and(|header| is_of_a_message(&header)) {
        return Some(format!("a file: send it as a message with -m {name}, or attach it with -a {name}"));
    }
    if data.len() < LONGEST_LIST
        && let Ok(octets) = source.read_all()
        && recipients::parse(&octets, None).is_ok_and(|list| !list.is_empty())
    {
        return Some(format!("a file: for the addresses in it use --recipients-from {name}"));
    }
    Some(format!("a file: attach it with -a {name}, or send it as the text with --body-file {name}"))
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
        return EarlyExit::usage("--recipients-from: it contains no address");
    }
    let subject = args.message.subject.as_deref().unwrap_or_default();
    EarlyExit::usage(if args.as_is.message.is_some() {
        "no recipient: name one, or use --recipients-in-message for those that the message names".to_owned()
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
        Some(flag) => format!("; {flag} was taken as the subject, whose text is missing after -s"),
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
        Awaited::Attachment if is_header(name) => Some("give a header field with -H (--header)".to_owned()),
        Awaited::Attachment if name.split(',').all(|one| sasl::is_known(&one.to_ascii_uppercase())) => {
            Some("name a log-in mechanism with --auth".to_owned())
        }
        // msmtp's.
        Awaited::Attachment if name == "default" || is_account(name) => {
            Some("-a attaches a file, and an account is named by -A (--account)".to_owned())
        }
        Awaited::Attachment if is_list_of_files(name) => {
            Some("each file has an -a (--attach) of its own".to_owned())
        }
        Awaited::Html if name.contains('<') || name.contains(' ') => {
            Some("HTML is taken from a file, or from standard input by --html -".to_owned())
        }
        Awaited::Text if name.contains(' ') => Some("give a text with --body".to_owned()),
        Awaited::Message if name.contains(' ') => Some("-m takes a file: give a text with --body".to_owned()),
        Awaited::Addresses if name.contains('@') => {
            Some("give an address with -t (--to) or --recipient".to_owned())
        }
        _ => None,
    }
}

/// `report.pdf,data.csv`.
fn is_list_of_files(text: &str) -> bool {
    text.contains([',', ';']) && text.split([',', ';']).all(|name| Path::new(name.trim()).is_file())
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
