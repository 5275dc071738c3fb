//! The message: composed from flags, or taken as it is.

use super::people::{self, People};
use super::stop::{Result, Stop};
use crate::cli::SendArgs;
use crate::message::address::{Address, AddressFault};
use crate::message::compose::{self, Composed, Draft, DraftError};
use crate::message::header::HeaderError;
use crate::message::raw::{Options, Raw, RawError};
use crate::message::source::{Source, is_no_room};
use crate::message::{Attachment, Inline, Text};
use crate::output::Output;
use crate::report::text::printable;
use crate::smtp::content::{Content, Facts};
use crate::smtp::path::{ForwardPath, ReversePath};
use std::io;
use std::path::Path;

/// A message that is ready to go.
#[derive(Debug)]
pub enum Message {
    /// From flags.
    Composed(Composed),
    /// As it was given.
    Raw(Raw),
}

impl Message {
    /// The Message-ID with its brackets.
    pub fn id(&self) -> Option<String> {
        match self {
            Message::Composed(composed) => Some(format!("<{}>", composed.message_id())),
            Message::Raw(raw) => raw.message_id(),
        }
    }
}

impl Message {
    /// The header lines that were added to a message that is sent as it is.
    pub fn added(&self) -> impl Iterator<Item = &str> {
        let added = match self {
            Message::Composed(_) => &[],
            Message::Raw(raw) => raw.added(),
        };
        std::str::from_utf8(added).unwrap_or_default().lines()
    }
}

impl Content for Message {
    fn facts(&self) -> Facts {
        match self {
            Message::Composed(composed) => composed.facts(),
            Message::Raw(raw) => raw.facts(),
        }
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Message::Composed(composed) => composed.write_to(out),
            Message::Raw(raw) => raw.write_to(out),
        }
    }
}

/// Is this standard input?
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Is the body taken from standard input because nothing else was given?
pub fn body_is_stdin(args: &SendArgs) -> bool {
    let message = &args.message;
    args.as_is.message.is_none()
        && message.body.is_none()
        && message.body_file.is_none()
        && message.html.is_none()
        && message.attachments.in_order().is_empty()
}

/// Standard input can be read once only: how many flags want it?
pub fn check_stdin(args: &SendArgs) -> Result<()> {
    let attached = args.message.attachments.in_order().iter().map(|attachment| attachment.file.as_path());
    let lists = args.who.recipients.in_order().iter().filter_map(|recipient| match recipient {
        crate::cli::Recipient::File(path) => Some(path.as_path()),
        _ => None,
    });
    let one = [&args.message.body_file, &args.message.html, &args.as_is.message, &args.login.password_file];
    let named = one.into_iter().flatten().map(std::path::PathBuf::as_path).chain(attached).chain(lists);
    let count = named.filter(|path| is_stdin(path)).count() + usize::from(body_is_stdin(args));
    if count > 1 {
        return Err(Stop::usage("standard input can be read once only, and more than one flag wants it"));
    }
    Ok(())
}

/// Opens a file, or standard input; what is not a regular file is taken whole.
pub fn open(path: &Path, output: &Output) -> Result<Source> {
    if is_stdin(path) {
        output.say_what_is_awaited();
        return Source::stdin().map_err(|error| {
            if is_no_room(&error) {
                return Stop::io(error, "standard input".to_owned());
            }
            Stop::no_input(error, "cannot read standard input".to_owned())
        });
    }
    Source::open(path).map_err(|error| {
        if is_no_room(&error) {
            return Stop::io(error, path.display().to_string());
        }
        // The system's words for it speak of opening a directory; what matters is that it is one.
        if error.kind() == io::ErrorKind::IsADirectory {
            return Stop::no_input(
                anyhow::anyhow!("it is a directory"),
                format!("cannot read {}", path.display()),
            );
        }
        Stop::no_input(error, format!("cannot read {}", path.display()))
    })
}

/// Nothing is to be sent, by `-E`.
pub struct Skip;

/// Makes the message; `Err(Skip)` inside if it is empty and empty ones are to be skipped.
pub fn make(
    args: &SendArgs,
    people: &mut People,
    output: &Output,
) -> Result<std::result::Result<Message, Skip>> {
    match &args.as_is.message {
        Some(path) => raw(args, path, people, output),
        None => composed(args, people, output),
    }
}

fn raw(
    args: &SendArgs,
    path: &Path,
    people: &mut People,
    output: &Output,
) -> Result<std::result::Result<Message, Skip>> {
    let source = open(path, output)?;
    if source.is_empty() && args.message.skip_empty {
        return Ok(Err(Skip));
    }
    let options = Options { any_header: args.protocol.force_8bit };
    let mut raw = Raw::new(source, options).map_err(|error| unfit(error, path))?;
    if args.as_is.add_missing_headers {
        let from = people.from.clone().or_else(|| envelope_sender(people));
        let lines = compose::missing(raw.header(), from.as_ref(), None, None).map_err(draft_error)?;
        raw = raw.below(lines);
    }
    if !raw.header().has_visible_fields() {
        output.warn("the message has no header section; all of it is sent as text");
    }
    if let Some((length, line)) = raw.long_line() {
        output.warn(&format!("{line} has {length} octets; servers may refuse lines over 998"));
    }
    if args.as_is.recipients_in_message {
        people.add_from_message(raw.header())?;
    }
    if people.envelope_from.is_none() && people.from.is_none() {
        people.envelope_from = Some(people::sender_of_message(raw.header(), people.domain.as_ref())?);
    }
    Ok(Ok(Message::Raw(raw)))
}

/// A message that cannot be sent as it is.
fn unfit(error: RawError, path: &Path) -> Stop {
    match error {
        RawError::Read(error) | RawError::Header(HeaderError::Read(error)) => {
            Stop::no_input(error, format!("cannot read {}", path.display()))
        }
        RawError::NotUtf8(_) => Stop::data(format!("{error}, or send it all the same with --force-8bit")),
        error => Stop::data(error.to_string()),
    }
}

fn composed(args: &SendArgs, people: &People, output: &Output) -> Result<std::result::Result<Message, Skip>> {
    let given = &args.message;
    let mut draft = Draft {
        from: people.from.clone().or_else(|| envelope_sender(people)),
        to: people.to.clone(),
        cc: people.cc.clone(),
        reply_to: people.reply_to.clone(),
        subject: given.subject.clone(),
        charset: given.charset.clone(),
        in_reply_to: given.in_reply_to.clone(),
        date: given.date.clone(),
        message_id: given.message_id.clone(),
        ..Draft::default()
    };
    for header in &given.header {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            Stop::usage(format!("--header '{}': no colon behind a name", printable(header)))
        })?;
        if header.contains(['\r', '\n']) {
            return Err(Stop::usage(format!("--header '{}': a line end in it", printable(header))));
        }
        // Blanks, and no more: what else would be trimmed is for the checks to see.
        let blanks = [' ', '\t'];
        let (name, value) = (name.trim_end_matches(blanks), value.trim_matches(blanks));
        draft.headers.push((name.to_owned(), value.to_owned()));
    }
    draft.html = given.html.as_deref().map(|path| open(path, output)).transpose()?.map(Text::Octets);
    for attachment in given.attachments.in_order() {
        let source = open(&attachment.file, output)?;
        let (media_type, name) = (attachment.media_type.clone(), attachment.name.clone());
        if attachment.inline {
            let content_id = attachment.content_id.clone();
            draft.inline.push(Inline { source, media_type, name, content_id });
        } else {
            draft.attachments.push(Attachment { source, media_type, name });
        }
    }
    let body = match (&given.body, &given.body_file) {
        (Some(text), _) => Some(Text::Given(text.clone())),
        (None, Some(path)) => Some(Text::Octets(open(path, output)?)),
        (None, None) if body_is_stdin(args) => Some(Text::Octets(open(Path::new("-"), output)?)),
        (None, None) => None,
    };
    let is_empty = match &body {
        Some(Text::Given(text)) => text.is_empty(),
        Some(Text::Octets(source)) => source.is_empty(),
        None => false,
    };
    if is_empty && given.skip_empty {
        return Ok(Err(Skip));
    }
    draft.text = body;
    draft.compose().map(|composed| Ok(Message::Composed(composed))).map_err(draft_error)
}

/// Who is named in From when only the envelope names somebody.
fn envelope_sender(people: &People) -> Option<Address> {
    match &people.envelope_from {
        Some(ReversePath::Mailbox(mailbox)) => {
            Some(Address { name: None, path: ForwardPath::Mailbox(mailbox.clone()) })
        }
        Some(ReversePath::Null) | None => None,
    }
}

/// What is wrong with a flag is usage, what is wrong with a text is the text's fault.
fn draft_error(error: DraftError) -> Stop {
    match error {
        DraftError::Read { what, error } => {
            Stop::no_input(error, format!("cannot read {}", printable(&what)))
        }
        DraftError::NotUtf8 { .. } | DraftError::NotInCharset { .. } | DraftError::LongLine { .. } => {
            Stop::data(error.to_string())
        }
        DraftError::Date { error } => Stop::usage(format!("the date (--date): {error}")),
        DraftError::NoFrom => Stop::usage("no sender: name one with -f (--from) or EHLO_FROM"),
        DraftError::Address { name, error } => {
            // A default domain is for those whom the envelope names.
            let hint = match &error.fault {
                AddressFault::Bare(_) => "; add one, or put quotation marks around a name with a comma in it",
                fault => people::way_out(fault, true),
            };
            Stop::usage(format!("--header '{name}': {error}{hint}"))
        }
        error => Stop::usage(error.to_string()),
    }
}
