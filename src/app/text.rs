//! The message: composed from flags, or taken as it is.

use super::early_exit::{EarlyExit, Result};
use super::misplaced;
use super::people::{self, People};
use super::standard_input::{self, Awaited};
use super::test_message::TestMessage;
use crate::cli::{SendArgs, in_locale, typed};
use crate::message::address::{Address, AddressFault};
use crate::message::compose::{self, Composed, Draft, DraftError};
use crate::message::header::HeaderError;
use crate::message::raw::{Options, Raw, RawError};
use crate::message::source::{Source, Summed, is_no_room};
use crate::message::{Attachment, Inline, Text, shown_name};
use crate::net::error::plain;
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::path::{ForwardPath, ReversePath};
use std::io;
use std::path::Path;

/// The field by which a sender says that TLS does not matter (RFC 8689, section 5).
const TLS_REQUIRED: &str = "TLS-Required";

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

    /// The names of attached messages that hold 8-bit octets.
    pub fn eight_bit_files(&self) -> &[String] {
        match self {
            Message::Composed(composed) => composed.eight_bit_files(),
            Message::Raw(_) => &[],
        }
    }

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

/// Opens a file, or standard input, for what is awaited there; what is not a regular file is taken whole.
pub fn open(path: &Path, awaited: Awaited, output: &Output) -> Result<Source> {
    let summed = match awaited {
        Awaited::Message => Summed::AtFirstReading,
        Awaited::Text
        | Awaited::Html
        | Awaited::Attachment
        | Awaited::Addresses
        | Awaited::Replies
        | Awaited::Key => Summed::AtOpening,
    };
    if standard_input::is_named(path) {
        standard_input::say_what_is_awaited(awaited, output);
        return Source::stdin(summed).map_err(|error| {
            if is_no_room(&error) {
                return EarlyExit::io(error, "standard input".to_owned());
            }
            EarlyExit::no_input(error, "cannot read standard input".to_owned())
        });
    }
    Source::open_summed(path, summed).map_err(|error| {
        if is_no_room(&error) {
            return EarlyExit::io(error, shown_path(path));
        }
        let meant = misplaced::in_place_of_a_file(path, awaited, &error);
        let meant = meant.map_or_else(String::new, |meant| format!("; {meant}"));
        // The system's words for it speak of opening a directory; what matters is that it is one.
        if error.kind() == io::ErrorKind::IsADirectory {
            return EarlyExit::no_input(
                anyhow::anyhow!("it is a directory{meant}"),
                format!("cannot read {}", shown_path(path)),
            );
        }
        // curl and swaks mark the names of files so.
        if let Some(bare) = path.to_str().and_then(|path| path.strip_prefix('@'))
            && Path::new(bare).is_file()
        {
            return EarlyExit::no_input(
                anyhow::anyhow!("there is no such file; name {bare} without the '@'"),
                format!("cannot read {}", shown_path(path)),
            );
        }
        let what = format!("cannot read {}", shown_path(path));
        match meant.is_empty() {
            true => EarlyExit::no_input(error, what),
            false => EarlyExit::no_input(anyhow::anyhow!("{}{meant}", plain(&error)), what),
        }
    })
}

/// Makes the message, of `test` where that is asked for; nothing if it is empty, and nobody is to get an empty one (`--skip-empty`).
pub fn make(
    args: &SendArgs,
    test: Option<TestMessage>,
    people: &mut People,
    output: &Output,
) -> Result<Option<Message>> {
    match &args.as_is.message {
        Some(path) => raw(args, path, people, output),
        None => composed(args, test, people, output),
    }
}

fn raw(args: &SendArgs, path: &Path, people: &mut People, output: &Output) -> Result<Option<Message>> {
    let source = open(path, Awaited::Message, output)?;
    if source.is_empty() && args.message.skip_empty {
        return Ok(None);
    }
    let options = Options { any_header: args.session.protocol.force_8bit };
    let mut raw = Raw::new(source, options).map_err(|error| unfit(error, path))?;
    let mut lines = Vec::new();
    if args.as_is.add_missing_headers {
        let from = people.from.clone().or_else(|| envelope_sender(people));
        let missing = compose::missing(raw.header(), from.as_ref(), None, None);
        lines = missing.map_err(|error| without_author(error, people))?;
    }
    if args.delivery.tls_required_no && !raw.header().has(TLS_REQUIRED) {
        lines.extend_from_slice(format!("{TLS_REQUIRED}: No\r\n").as_bytes());
    }
    if !lines.is_empty() {
        raw = raw.below(lines);
    }
    if args.as_is.add_missing_headers && raw.header().has("Message-ID") && raw.message_id().is_none() {
        output.warn("Message-ID of the message is empty and is kept; without that line, one is added");
    }
    if !raw.header().has_visible_fields() {
        output.warn(match raw.header().fields().next() {
            None => {
                "the message has no header section; all of it is sent as text: for a text, use --body-file \
                 instead of -m"
            }
            Some(_) => {
                "the header section of the message has only Bcc, which is left out; the rest is sent as text"
            }
        });
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
    Ok(Some(Message::Raw(raw)))
}

/// A message that cannot be sent as it is.
fn unfit(error: RawError, path: &Path) -> EarlyExit {
    match error {
        RawError::Read(error) | RawError::Header(HeaderError::Read(error)) => {
            EarlyExit::no_input(error, format!("cannot read {}", shown_path(path)))
        }
        error => EarlyExit::data(words::message::raw(&error)),
    }
}

fn composed(
    args: &SendArgs,
    test: Option<TestMessage>,
    people: &People,
    output: &Output,
) -> Result<Option<Message>> {
    let given = &args.message;
    let (subject, test) = test.map(|test| (test.subject, test.text)).unzip();
    let mut draft = Draft {
        from: people.from.clone().or_else(|| envelope_sender(people)),
        to: people.to.clone(),
        cc: people.cc.clone(),
        reply_to: people.reply_to.clone(),
        subject: given.subject.clone().or(subject),
        charset: given.charset.clone(),
        in_reply_to: given.in_reply_to.clone(),
        date: given.date.clone(),
        message_id: given.message_id.clone(),
        ..Draft::default()
    };
    if let Some(subject) = given.subject.as_deref().filter(|subject| misplaced::is_flag(subject)) {
        output.warn(&format!("{subject} is sent as the subject: is its text missing after -s?"));
    }
    for header in &given.header {
        let (name, value) = header.split_once(':').ok_or_else(|| {
            let shown = printable(header);
            // With mutt it is a message to begin with.
            let message = match Path::new(header).is_file() {
                true => format!("; give a message with -m {shown}"),
                false => String::new(),
            };
            EarlyExit::usage(format!("--header '{shown}': no colon after a name{message}"))
        })?;
        if header.contains(['\r', '\n']) {
            return Err(EarlyExit::usage(format!(
                "--header '{}': it contains a line end",
                printable(header)
            )));
        }
        // The value was meant to follow, and would be a recipient.
        if value.is_empty() && typed::is_header_before_a_word(header) {
            return Err(EarlyExit::usage(format!(
                "--header '{0}': it has no value: quote name and value, as in -H '{0} VALUE'; an empty field is \
                 written -H '{0} '",
                printable(header)
            )));
        }
        // Blanks, and no more: what else would be trimmed is for the checks to see.
        let blanks = [' ', '\t'];
        let (name, value) = (name.trim_end_matches(blanks), value.trim_matches(blanks));
        draft.headers.push((name.to_owned(), value.to_owned()));
    }
    let has_field = draft.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(TLS_REQUIRED));
    if args.delivery.tls_required_no && !has_field {
        draft.headers.push((TLS_REQUIRED.to_owned(), "No".to_owned()));
    }
    let files = given.attachments.in_order();
    if given.html.is_none() && files.iter().any(|file| file.inline) {
        // Before anything is waited for.
        return Err(draft_error(DraftError::InlineWithoutHtml));
    }
    draft.html =
        given.html.as_deref().map(|path| open(path, Awaited::Html, output)).transpose()?.map(Text::Octets);
    for attachment in files {
        let source = open(&attachment.file, Awaited::Attachment, output)?;
        let media_type = attachment.media_type.clone();
        // One with a control character is refused.
        if let Some(name) = attachment.name.as_ref().filter(|name| !name.chars().any(char::is_control)) {
            warn_of_a_changed_name(name, output);
        }
        let name = attachment.name.clone().or_else(|| name_in_locale(&attachment.file, output));
        if attachment.inline {
            let content_id = attachment.content_id.clone();
            draft.inline.push(Inline { source, media_type, name, content_id });
        } else {
            draft.attachments.push(Attachment { source, media_type, name });
        }
    }
    let body = match (&given.body, &given.body_file) {
        (Some(text), _) => {
            warn_of_a_file_for_a_text(text, output);
            Some(Text::Given(text.clone()))
        }
        (None, Some(path)) => {
            let text = open(path, Awaited::Text, output)?;
            warn_of_a_message_for_a_text(&text, path, output);
            Some(Text::Octets(text))
        }
        (None, None) if test.is_some() => test.map(Text::Given),
        (None, None) if standard_input::is_text(args) => {
            let text = open(Path::new("-"), Awaited::Text, output)?;
            warn_of_a_message_for_a_text(&text, Path::new("-"), output);
            Some(Text::Octets(text))
        }
        (None, None) => None,
    };
    let is_empty = match &body {
        Some(Text::Given(text)) => text.is_empty(),
        Some(Text::Octets(source)) => source.is_empty(),
        None => false,
    };
    // Nothing on standard input, beside something else, is no text.
    let is_named = given.body.is_some() || given.body_file.is_some();
    let is_none = is_empty && !is_named && (given.html.is_some() || !files.is_empty());
    let is_empty = is_empty && (!is_none || (given.html.is_none() && standard_input::is_pipe_or_file()));
    if is_empty && given.skip_empty {
        return Ok(None);
    }
    draft.text = body.filter(|_| !is_none);
    let composed = draft.compose().map_err(|error| without_author(error, people))?;
    composed.remarks().iter().for_each(|remark| output.warn(&words::message::remark(remark)));
    Ok(Some(Message::Composed(composed)))
}

/// curl and swaks take `@FILE` for what is in the file.
fn warn_of_a_file_for_a_text(text: &str, output: &Output) {
    if matches!(text, "-" | "@-") {
        output.warn(&format!(
            "--body '{text}' is sent as it stands; for what is on standard input use --body-file -"
        ));
        return;
    }
    let is_name = |file: &&str| !file.contains(['\n', ' ']) && Path::new(file).is_file();
    if let Some(file) = text.strip_prefix('@').or(Some(text)).filter(is_name) {
        output.warn(&format!(
            "--body '{}' is sent as these words; for what is in the file use --body-file {}",
            printable(text),
            printable(file)
        ));
    }
}

/// A whole message on standard input is what sendmail takes, and its header fields would be read as text.
fn warn_of_a_message_for_a_text(text: &Source, path: &Path, output: &Output) {
    if misplaced::is_message(text) {
        output.warn(&format!(
            "the text begins with the header fields of a message, and is sent as text: to send it as a \
             message use -m {}",
            shown_path(path)
        ));
    }
}

/// Says so where readers see another name than the one that was given.
fn warn_of_a_changed_name(name: &str, output: &Output) {
    let last = name.rsplit('/').next().unwrap_or_default();
    let shown = shown_name(name);
    if shown != last {
        output.warn(&format!(
            "the file name '{}' cannot be sent as it is: readers will see '{shown}'; name it with \
             --attach-name",
            last.escape_debug()
        ));
    }
}

/// A path as it is shown: of what is not UTF-8 the octets.
fn shown_path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(&printable(chunk.valid()));
        shown.extend(chunk.invalid().iter().map(|octet| format!("\\x{octet:02x}")));
    }
    shown
}

/// The name of a file, if it is not UTF-8 and in the charset of the locale; in none it cannot be sent as it
/// is.
fn name_in_locale(path: &Path, output: &Output) -> Option<String> {
    let name = path.file_name()?;
    if let Some(name) = name.to_str() {
        warn_of_a_changed_name(name, output);
        return None;
    }
    if let Some(text) = in_locale(name).filter(|text| !text.chars().any(char::is_control)) {
        return Some(text);
    }
    let own = shown_path(Path::new(name));
    output.warn(&format!(
        "the file name '{own}' is not UTF-8: readers will see '{}'; name it with --attach-name",
        shown_name(&name.to_string_lossy())
    ));
    None
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

/// From has a mailbox, also where the sender is nobody.
fn without_author(error: DraftError, people: &People) -> EarlyExit {
    match (&error, &people.envelope_from) {
        (DraftError::NoFrom, Some(ReversePath::Null)) if people.from.is_none() => EarlyExit::usage(
            "From needs an address, and '<>' is not one: name the author with -f (--from), and the null \
             sender with --envelope-from '<>'",
        ),
        _ => draft_error(error),
    }
}

/// What is wrong with a flag is usage, what is wrong with a text is the text's fault.
fn draft_error(error: DraftError) -> EarlyExit {
    match error {
        DraftError::Read { what, error } => {
            EarlyExit::no_input(error, format!("cannot read {}", printable(&what)))
        }
        DraftError::NotUtf8 { .. }
        | DraftError::NotInCharset { .. }
        | DraftError::LongLine { .. }
        | DraftError::LongWord { .. }
        | DraftError::Charset { .. }
        | DraftError::Enclosed { .. } => EarlyExit::data(words::message::draft(&error)),
        DraftError::Date { error } => EarlyExit::usage(format!("the date (--date): {error}")),
        DraftError::NoFrom => EarlyExit::usage("no sender: name one with -f (--from) or EHLO_FROM"),
        DraftError::Address { name, error } => {
            // A default domain is for those whom the envelope names.
            let hint = match &error.fault {
                AddressFault::Bare(_) => "; add one, or put quotation marks around a name with a comma in it",
                fault => words::address::way_out(fault, true),
            };
            EarlyExit::usage(format!("--header '{name}': {error}{hint}"))
        }
        error => EarlyExit::usage(words::message::draft(&error)),
    }
}
