//! The header fields of a composed message (RFC 5322, section 3.6; encoded words: RFC 2047).
//!
//! Settles which fields there are, in which order, and checks every name, identifier, date and address before
//! mail-builder encodes and folds them: it would write most of them as they are. What can be encoded of a
//! value is decided in structured.rs.

use mail_builder::headers::{
    Header as _, HeaderType, address::Address as Written, message_id::MessageId, raw::Raw,
};

use super::address::{Address, AddressError, AddressFault, List, read_list};
use super::compose::{Draft, DraftError, Remark};
use super::header::{check_name, check_value};
use super::structured::{self, text};
use super::{comment, date, excerpt, id};
use ehlo_smtp::path::{ForwardPath, Mailbox};

/// To of a message that shows no recipient: the empty group (RFC 5322, section 3.4 and appendix A.1.3).
const NOBODY: &str = "undisclosed-recipients:;";

/// The fields that are written in this order; a message has one of each at most.
const ORDER: [&str; 10] =
    ["Date", "From", "Sender", "To", "Cc", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References"];

/// Fields with addresses that a message can have several times: each time it is resent (section 3.6.6).
const RESENT: [&str; 5] = ["Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Reply-To"];

/// Fields, ready to be written.
#[derive(Default)]
pub(super) struct Fields {
    list: Vec<(String, HeaderType<'static>)>,
    /// The identifier, without brackets.
    pub message_id: String,
    /// The date as it is written.
    pub date: String,
    /// The first mailbox in From.
    from: Option<Mailbox>,
    /// What the user should know.
    pub remarks: Vec<Remark>,
    /// The identifiers in In-Reply-To.
    answered: Option<HeaderType<'static>>,
}

impl Fields {
    /// All fields of a draft but those that begin with `Content-`.
    pub fn of(draft: &Draft) -> Result<Fields, DraftError> {
        let given = Given::check(&draft.headers)?;
        let mut fields = Fields::default();
        for name in ORDER {
            match given.first(name) {
                Some(value) => fields.put_given(name, value)?,
                None => fields.put_own(name, draft)?,
            }
        }
        if !fields.has("To") && !fields.has("Cc") {
            let behind = fields
                .list
                .iter()
                .take_while(|(name, _)| ["Date", "From", "Sender"].contains(&name.as_str()));
            fields.list.insert(behind.count(), ("To".to_owned(), Raw::new(NOBODY).into()));
        }
        for (name, value) in given.others() {
            fields.put_other(name, value)?;
        }
        fields.put("MIME-Version", Raw::new("1.0"));
        Ok(fields)
    }

    /// Every field with its line end.
    pub fn write(&self, out: &mut Vec<u8>) {
        for (name, value) in &self.list {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            value.write_header(out, name.len() + 2);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.list.iter().any(|(known, _)| known == name)
    }

    /// The first mailbox in From.
    pub fn sender(&self) -> Option<&Mailbox> {
        self.from.as_ref()
    }

    fn put(&mut self, name: &str, value: impl Into<HeaderType<'static>>) {
        self.list.push((name.to_owned(), value.into()));
    }

    /// A field from `--header`, in the form that this field has.
    fn put_given(&mut self, name: &str, value: &str) -> Result<(), DraftError> {
        match name {
            "Date" => self.put_date(Some(value)),
            "From" | "Sender" | "To" | "Cc" | "Reply-To" => self.put_address_text(name, value),
            "Message-ID" => self.put_message_id(Some(value)),
            "In-Reply-To" | "References" => self.put_ids(name, value),
            _ => {
                self.put(name, text(value));
                Ok(())
            }
        }
    }

    /// What the draft says, or a default.
    fn put_own(&mut self, name: &str, draft: &Draft) -> Result<(), DraftError> {
        match name {
            "Date" => self.put_date(draft.date.as_deref()),
            "From" => {
                let from = draft.from.as_ref().ok_or(DraftError::NoFrom)?;
                self.put_from(from)
            }
            "To" => self.put_addresses(name, &draft.to),
            "Cc" => self.put_addresses(name, &draft.cc),
            "Reply-To" => self.put_addresses(name, &draft.reply_to),
            "Subject" => match &draft.subject {
                Some(subject) => {
                    check_value(subject)
                        .map_err(|fault| DraftError::Header { name: name.to_owned(), fault })?;
                    self.put(name, text(subject));
                    Ok(())
                }
                None => Ok(()),
            },
            "Message-ID" => self.put_message_id(draft.message_id.as_deref()),
            "In-Reply-To" => match &draft.in_reply_to {
                Some(ids) => self.put_ids(name, ids),
                None => Ok(()),
            },
            // An answer belongs to the thread of what it answers (section 3.6.4).
            "References" => {
                self.list.extend(self.answered.take().map(|ids| (name.to_owned(), ids)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Date: now if none is given.
    pub fn put_date(&mut self, given: Option<&str>) -> Result<(), DraftError> {
        if given.is_some_and(date::is_of_unknown_zone) {
            self.remarks.push(Remark::Zone { date: given.unwrap_or_default().to_owned() });
        }
        self.date = match given {
            Some(given) => date::parse(given),
            None => date::now(),
        }
        .map_err(|error| DraftError::Date { error })?;
        let date = self.date.clone();
        self.put("Date", Raw::new(date));
        Ok(())
    }

    /// Message-ID: a random one at the domain of From, which goes before, if none is given.
    pub fn put_message_id(&mut self, given: Option<&str>) -> Result<(), DraftError> {
        let (name, id) = ("Message-ID", given.unwrap_or_default());
        self.message_id = match given {
            Some(given) => id::parse(given).map_err(|error| DraftError::Id {
                name: name.to_owned(),
                place: String::new(),
                error,
            })?,
            None => id::random(self.from.as_ref()).map_err(|_| DraftError::NoRandom)?,
        };
        let own = MessageId::new(self.message_id.clone());
        self.put(name, with_comments(name, id).unwrap_or_else(|| own.into()));
        Ok(())
    }

    /// The message has a From already: a Message-ID is made at this mailbox's domain.
    pub fn has_from(&mut self, from: Option<&Mailbox>) {
        self.from = from.cloned();
    }

    /// From: it must have a mailbox.
    pub fn put_from(&mut self, from: &Address) -> Result<(), DraftError> {
        self.from = Some(from.mailbox().ok_or(DraftError::NoFrom)?.clone());
        self.put_addresses("From", std::slice::from_ref(from))
    }

    fn put_addresses(&mut self, name: &str, list: &[Address]) -> Result<(), DraftError> {
        if list.is_empty() {
            return Ok(());
        }
        let written = list.iter().map(|address| written(name, address)).collect::<Result<Vec<_>, _>>()?;
        self.put(name, Written::new_list(written));
        Ok(())
    }

    /// A field that has no place of its own. Those of a resent message have addresses as From and its like;
    /// in others there is a list if it can be read as one.
    fn put_other(&mut self, name: &str, value: &str) -> Result<(), DraftError> {
        if RESENT.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return self.put_address_text(name, value);
        }
        if structured::names_addresses(name)
            && let Ok(List { addresses, is_regular: false, nobody: None, .. }) = read_list(value, None)
            && addresses.iter().all(|address| address.mailbox().is_some_and(structured::is_mailbox))
            && !addresses.is_empty()
        {
            return self.put_addresses(name, &addresses);
        }
        self.put(name, structured::field(name, value)?);
        Ok(())
    }

    /// Addresses as a user wrote them: groups, comments and the order of things stay where RFC 5322 allows
    /// them.
    fn put_address_text(&mut self, name: &str, value: &str) -> Result<(), DraftError> {
        let fault = |error| DraftError::Address { name: name.to_owned(), error };
        let List { addresses: list, has_group, is_regular, nobody } =
            read_list(value, None).map_err(fault)?;
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if ["From", "Sender", "Resent-From", "Resent-Sender"].into_iter().any(is) {
            let first = list.first().and_then(Address::mailbox).ok_or(DraftError::NoFrom)?;
            if is("From") {
                self.from = Some(first.clone());
            }
        }
        if (is("Sender") || is("Resent-Sender")) && list.len() > 1 {
            return Err(fault(AddressError { position: 1, fault: AddressFault::TooMany }));
        }
        let is_whole = list.iter().all(|address| address.mailbox().is_some());
        let is_empty_group = list.is_empty() && has_group;
        let as_given = (is_regular && is_whole && (is_empty_group || !list.is_empty()))
            .then(|| structured::list(name, value));
        if let Some(value) = as_given.flatten() {
            self.put(name, value);
            return Ok(());
        }
        if is_empty_group && !is_regular && value.is_ascii() {
            let open = value.trim().strip_suffix(':').unwrap_or("undisclosed-recipients");
            self.put(name, Raw::new(format!("{open}:;")));
            return Ok(());
        }
        if let Some(position) = nobody {
            return Err(fault(AddressError { position, fault: AddressFault::Nobody }));
        }
        if is_empty_group {
            // Its name is outside ASCII, and nothing of it would be left.
            return Err(fault(AddressError { position: 1, fault: AddressFault::Missing }));
        }
        self.put_addresses(name, &list)
    }

    fn put_ids(&mut self, name: &str, value: &str) -> Result<(), DraftError> {
        let ids = id::parse_list(value).map_err(|error| {
            let place = id::wrong_place(value).map(|place| excerpt::beginning(place.as_bytes()));
            DraftError::Id { name: name.to_owned(), place: place.unwrap_or_default(), error }
        })?;
        let ids: HeaderType<'static> = MessageId::new_list(ids.into_iter()).into();
        if name == "In-Reply-To" {
            self.answered = Some(ids.clone());
        }
        self.put(name, with_comments(name, value).unwrap_or(ids));
        Ok(())
    }
}

/// Identifiers together with the comments beside them; `None` if there are no comments.
fn with_comments(name: &str, value: &str) -> Option<HeaderType<'static>> {
    let bare = id::without_comments(value).ok()?;
    if bare == value || !id::has_nothing_between(&bare) {
        return None;
    }
    if bare.contains('<') {
        return structured::list(name, value);
    }
    let id = bare.trim();
    let (before, behind) = (value.get(..bare.find(id)?)?, value.get(bare.find(id)? + id.len()..)?);
    structured::list(name, &format!("{before}<{id}>{behind}"))
}

/// An address as mail-builder takes it. `Postmaster` alone is no mailbox in a header: it becomes an empty
/// group.
fn written(field: &str, address: &Address) -> Result<Written<'static>, DraftError> {
    if let Some(name) = &address.name {
        check_value(name).map_err(|fault| DraftError::Header { name: field.to_owned(), fault })?;
    }
    Ok(match &address.path {
        ForwardPath::Mailbox(mailbox) => Written::new_address(address.name.clone(), format!("{mailbox:#}")),
        ForwardPath::Postmaster => Written::new_group(Some("Postmaster"), Vec::new()),
    })
}

/// What `--header` gave, checked.
struct Given<'a> {
    list: Vec<(&'a str, &'a str)>,
}

impl<'a> Given<'a> {
    fn check(headers: &'a [(String, String)]) -> Result<Given<'a>, DraftError> {
        let mut list: Vec<(&str, &str)> = Vec::new();
        for (name, value) in headers {
            let fault = |fault| DraftError::Header { name: name.clone(), fault };
            check_name(name).map_err(fault)?;
            check_value(value).map_err(fault)?;
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if is("Bcc") || is("Resent-Bcc") {
                return Err(DraftError::Blind { name: name.clone() });
            }
            if is("MIME-Version") && comment::without(value).is_some_and(|value| value.trim() == "1.0") {
                continue;
            }
            if is("MIME-Version") || is("Content-Type") || is("Content-Transfer-Encoding") {
                return Err(DraftError::Reserved { name: name.clone() });
            }
            // mail-builder and others compare some names by case, so those are written in one way.
            let known = ORDER.iter().find(|known| is(known)).copied();
            if let Some(known) = known
                && list.iter().any(|(name, _)| *name == known)
            {
                return Err(DraftError::Twice { name: name.clone() });
            }
            list.push((known.unwrap_or(name), value));
        }
        Ok(Given { list })
    }

    fn first(&self, name: &str) -> Option<&'a str> {
        self.list.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// Those that have no place of their own, in the order given.
    fn others(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.list.iter().filter(|(name, _)| !ORDER.contains(name)).copied()
    }
}
