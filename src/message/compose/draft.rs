//! What is to be composed, as the flags say it.

use crate::message::address::Address;
use crate::message::attachment::{Attachment, Inline};
use crate::message::text::Text;

/// What is to be composed.
#[derive(Debug, Default)]
pub struct Draft {
    /// Who writes. It is needed, here or in `headers`.
    pub from: Option<Address>,
    /// To whom, as the message shows it.
    pub to: Vec<Address>,
    /// Who gets a copy, as the message shows it.
    pub cc: Vec<Address>,
    /// Where answers go.
    pub reply_to: Vec<Address>,
    /// The subject, in one line.
    pub subject: Option<String>,
    /// The plain text.
    pub text: Option<Text>,
    /// The HTML text.
    pub html: Option<Text>,
    /// The charset of texts given as octets, by a label of the WHATWG's Encoding Standard; UTF-8 if none is
    /// given.
    pub charset: Option<String>,
    /// Files that go along, in this order.
    pub attachments: Vec<Attachment>,
    /// Files that the HTML text shows.
    pub inline: Vec<Inline>,
    /// Further fields, name and value; one takes the place of the draft's own of the same name.
    pub headers: Vec<(String, String)>,
    /// The identifiers of the messages that this one answers, with angle brackets if there are several.
    pub in_reply_to: Option<String>,
    /// The date, in a form that [`date::parse`](crate::message::date::parse) takes; now if not given.
    pub date: Option<String>,
    /// The identifier, with or without brackets; random, at the sender's domain, if not given.
    pub message_id: Option<String>,
}
