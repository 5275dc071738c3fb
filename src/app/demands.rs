//! What the user asks of the servers on the way, as parameters of MAIL and RCPT.
//!
//! Whether the server offers what they need is found out by the session, before MAIL.

use super::early_exit::{EarlyExit, Result};
use crate::cli::{DeliveryArgs, Return};
use crate::message::{address, date};
use crate::net::TlsMode;
use crate::report::text::printable;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::Need;
use ehlo_smtp::parameter::{NOTIFY, Notify, ORCPT, Parameter};
use ehlo_smtp::path::ForwardPath;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

/// Adds to the envelope what the flags ask for, and demands the extensions that this needs. Whatever becomes
/// a parameter of MAIL is one line here.
pub fn put(args: &DeliveryArgs, envelope: &mut Envelope) -> Result<()> {
    // Taken apart field by field, so that the compiler names a flag that nobody reads.
    let DeliveryArgs {
        notify: events,
        ret,
        envelope_id,
        original_recipient,
        require_tls_onward,
        // text.rs puts it into the header section.
        tls_required_no: _,
        deliver_by,
        hold_for,
        hold_until,
        priority,
    } = args;
    let mail = [
        ret.map(|what| Parameter::ret(what == Return::Full)),
        envelope_id.as_deref().map(envid).transpose()?,
        require_tls_onward.then(|| Parameter::of(Extension::RequireTls)),
        deliver_by.map(|by| Parameter::deliver_by(by.within, by.late)),
        hold_for.map(Parameter::hold_for),
        hold_until.as_deref().map(moment).transpose()?,
        priority.map(Parameter::priority),
    ];
    mail.into_iter().flatten().for_each(|parameter| envelope.add_to_mail(parameter));
    let original = original(original_recipient.as_deref(), envelope.recipients.len());
    reports(notify(events)?, original?, envelope);
    Ok(())
}

fn envid(id: &str) -> Result<Parameter> {
    Parameter::envid(id).ok_or_else(|| {
        EarlyExit::usage(
            "--envelope-id: needs printable ASCII, at most 100 octets ('+', '=' and blanks count three)",
        )
    })
}

/// `--require-tls-onward` begins with ourselves.
pub fn tls(onward: bool, asked: Option<TlsMode>, when: TlsMode) -> Result<TlsMode> {
    match (onward, asked, when) {
        (false, _, when) | (true, _, when @ (TlsMode::StartTls | TlsMode::Implicit)) => Ok(when),
        (true, None, TlsMode::Off | TlsMode::Opportunistic) => Ok(TlsMode::StartTls),
        (true, Some(_), TlsMode::Off | TlsMode::Opportunistic) => Err(EarlyExit::usage(
            "--require-tls-onward needs TLS on this connection too: add --tls starttls or --tls implicit",
        )),
    }
}

/// `--notify` for every recipient who has no NOTIFY of their own; and where reports are asked for at all, the
/// recipient as the sender knows them, since an alias may change the address on the way (RFC 3461, section
/// 4.2).
fn reports(notify: Option<Parameter>, original: Option<ForwardPath>, envelope: &mut Envelope) {
    let demand = Need::Extension(Extension::Dsn);
    let own = |recipient: &Recipient, keyword: &str| recipient.parameters.iter().any(|own| own.is(keyword));
    let asked = notify.is_some() || original.is_some() || envelope.demands.contains(&demand);
    let mut listed = false;
    for recipient in &mut envelope.recipients {
        let has_own = own(recipient, NOTIFY);
        listed |= has_own || own(recipient, ORCPT);
        if let Some(notify) = notify.as_ref().filter(|_| !has_own) {
            recipient.parameters.push(notify.clone());
        }
        if (asked || has_own) && !own(recipient, ORCPT) {
            let path = original.as_ref().unwrap_or(&recipient.path);
            recipient.parameters.extend(Parameter::orcpt(path));
        }
    }
    if asked && !envelope.demands.contains(&demand) {
        envelope.demands.push(demand);
    }
    if listed && !asked {
        envelope.demands.push(Need::Listed(Extension::Dsn));
    }
}

fn notify(wanted: &[Option<Notify>]) -> Result<Option<Parameter>> {
    let mut events = Vec::new();
    for event in wanted.iter().flatten() {
        if !events.contains(event) {
            events.push(*event);
        }
    }
    if wanted.contains(&None) && !events.is_empty() {
        return Err(EarlyExit::usage("--notify: 'never' cannot be combined with another value"));
    }
    Ok((!wanted.is_empty()).then(|| Parameter::notify(&events)))
}

fn original(given: Option<&str>, recipients: usize) -> Result<Option<ForwardPath>> {
    let Some(text) = given else { return Ok(None) };
    if recipients != 1 {
        return Err(EarlyExit::usage(format!(
            "--original-recipient needs exactly one recipient, not {recipients}"
        )));
    }
    let unfit = |error| EarlyExit::usage(format!("--original-recipient '{}': {error}", printable(text)));
    address::parse_one(text, None).map(|address| Some(address.path)).map_err(unfit)
}

/// The moment of `--hold-until` in UTC, without fractions (RFC 4865, section 4).
fn moment(text: &str) -> Result<Parameter> {
    let unfit = || {
        EarlyExit::usage(format!(
            "--hold-until '{}': needs a date and time with its offset, such as 2026-12-24T18:00:00+01:00",
            printable(text)
        ))
    };
    let moment = date::moment(text).map_err(|_| unfit())?;
    let moment = moment.checked_to_offset(UtcOffset::UTC).ok_or_else(unfit)?;
    let moment = moment.format(&Rfc3339).map_err(|_| unfit())?;
    Parameter::hold_until(&moment).map_err(|_| unfit())
}
