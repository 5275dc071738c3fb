//! What is said of a message or a list of recipients that cannot be used: what is wrong, and what to do.

use crate::config::text::NoText;
use crate::message::compose::{DraftError, Remark};
use crate::message::header::HeaderError;
use crate::message::raw::RawError;
use crate::message::recipients::RecipientsError;

/// Of a message that cannot be composed.
#[must_use]
pub fn draft(error: &DraftError) -> String {
    let advice = match error {
        DraftError::Blind { .. } => ": use --bcc",
        DraftError::Reserved { .. } => ": use --html or --attach-type, or send a whole message",
        DraftError::SameContentId { .. } => ": give one of them another name (--attach-name or --attach-id)",
        DraftError::FileName { .. } => ": give another file name",
        DraftError::NotUtf8 { .. } => ": name its charset (--charset)",
        DraftError::Charset { .. } => ": name its charset, or none (--attach-type)",
        DraftError::Enclosed { .. } => {
            "; attach it as octets instead (--attach-type application/octet-stream)"
        }
        _ => "",
    };
    format!("{error}{advice}")
}

/// Of a message that was composed, and may not be what was meant.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Zone { .. } => format!("{remark}: give its offset, such as +0100"),
        remark => remark.to_string(),
    }
}

/// Of a message that cannot be sent as it is.
#[must_use]
pub fn raw(error: &RawError) -> String {
    let advice = match error {
        RawError::Header(error) => return header(error),
        RawError::Blind(_) => "; begin the message with its header fields, or remove the line",
        RawError::NotUtf8(_) => "; encode it, or send it anyway with --force-8bit",
        RawError::Nul(_) => "; encode the message (base64)",
        RawError::BareCr(_) => "; make all line ends LF or CRLF",
        _ => "",
    };
    format!("{error}{advice}")
}

/// Of its header section.
#[must_use]
pub fn header(error: &HeaderError) -> String {
    match error {
        HeaderError::NotAField { .. } => format!("{error}; end the header section with an empty line"),
        error => error.to_string(),
    }
}

/// Of a list of recipients: what follows the name of the file.
#[must_use]
pub fn recipients(error: &RecipientsError) -> String {
    let advice = match error {
        RecipientsError::NotUtf8 { .. } => "; save the file as UTF-8",
        RecipientsError::BareCr { .. } => "; make all line ends LF or CRLF",
        _ => "",
    };
    format!("{error}{advice}")
}

/// Of octets that are no text.
#[must_use]
pub fn no_text(why: &NoText) -> String {
    match why {
        NoText::Utf16 => format!("{why}: save it as UTF-8"),
        NoText::NotUtf8 => why.to_string(),
    }
}
