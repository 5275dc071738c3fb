//! What the user asks of the servers on the way, as parameters of MAIL and RCPT.
//!
//! Whether the server offers what they need is found out by the session, before MAIL.

use super::early_exit::{EarlyExit, Result};
use crate::cli::{DeliveryArgs, Return};
use crate::message::{address, date};
use crate::net::TlsMode;
use crate::report::text::printable;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::failure::Need;
use ehlo_smtp::parameter::{Notify, Parameter};
use ehlo_smtp::path::ForwardPath;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

/// Adds to the envelope what the flags ask for.
pub fn put(args: &DeliveryArgs, envelope: &mut Envelope) -> Result<()> {
    let mut mail = Vec::new();
    if let Some(what) = args.ret {
        mail.push((Need::Dsn, Parameter::ret(what == Return::Full)));
    }
    if let Some(id) = &args.envelope_id {
        let id = Parameter::envid(id).ok_or_else(|| {
            EarlyExit::usage(
                "--envelope-id: wants printable ASCII, at most 100 octets ('+', '=' and blanks count three)",
            )
        })?;
        mail.push((Need::Dsn, id));
    }
    if args.require_tls_onward {
        mail.push((Need::RequireTls, Parameter::require_tls()));
    }
    if let Some(by) = args.deliver_by {
        mail.push((Need::DeliverBy, Parameter::deliver_by(by.within, by.late)));
    }
    if let Some(time) = args.hold_for {
        mail.push((Need::FutureRelease, Parameter::hold_for(time)));
    }
    if let Some(date) = &args.hold_until {
        mail.push((Need::FutureRelease, hold_until(date)?));
    }
    if let Some(priority) = args.priority {
        mail.push((Need::Priority, Parameter::priority(priority)));
    }
    for (need, parameter) in mail {
        envelope.demands.push(need);
        envelope.mail_parameters.push(parameter);
    }
    reports(args, envelope)
}

/// `--require-tls-onward` begins with ourselves.
pub fn tls(onward: bool, asked: Option<TlsMode>, when: TlsMode) -> Result<TlsMode> {
    match (onward, asked, when) {
        (false, _, when) | (true, _, when @ (TlsMode::StartTls | TlsMode::Implicit)) => Ok(when),
        (true, None, TlsMode::Off | TlsMode::Opportunistic) => Ok(TlsMode::StartTls),
        (true, Some(_), TlsMode::Off | TlsMode::Opportunistic) => Err(EarlyExit::usage(
            "--require-tls-onward begins here: it goes with --tls starttls or --tls implicit",
        )),
    }
}

/// `--notify` for every recipient who has no NOTIFY of their own; and where reports are asked for at all, the
/// recipient as the sender knows them, since an alias may change the address on the way (RFC 3461, section
/// 4.2).
fn reports(args: &DeliveryArgs, envelope: &mut Envelope) -> Result<()> {
    let notify = notify(&args.notify)?;
    let original = original(args, envelope.recipients.len())?;
    let own = |recipient: &Recipient, keyword: &str| {
        recipient.parameters.iter().any(|parameter| parameter.keyword().eq_ignore_ascii_case(keyword))
    };
    let asked = notify.is_some() || original.is_some() || envelope.demands.contains(&Need::Dsn);
    let mut listed = false;
    for recipient in &mut envelope.recipients {
        let has_own = own(recipient, "NOTIFY");
        listed |= has_own || own(recipient, "ORCPT");
        if let Some(notify) = notify.as_ref().filter(|_| !has_own) {
            recipient.parameters.push(notify.clone());
        }
        if (asked || has_own) && !own(recipient, "ORCPT") {
            let path = original.as_ref().unwrap_or(&recipient.path);
            recipient.parameters.extend(Parameter::orcpt(path));
        }
    }
    if asked && !envelope.demands.contains(&Need::Dsn) {
        envelope.demands.push(Need::Dsn);
    }
    if listed && !asked {
        envelope.demands.push(Need::ListedDsn);
    }
    Ok(())
}

fn notify(wanted: &[Option<Notify>]) -> Result<Option<Parameter>> {
    let mut events = Vec::new();
    for event in wanted.iter().flatten() {
        if !events.contains(event) {
            events.push(*event);
        }
    }
    if wanted.contains(&None) && !events.is_empty() {
        return Err(EarlyExit::usage("--notify: never goes with nothing else"));
    }
    Ok((!wanted.is_empty()).then(|| Parameter::notify(&events)))
}

fn original(args: &DeliveryArgs, recipients: usize) -> Result<Option<ForwardPath>> {
    let Some(text) = &args.original_recipient else { return Ok(None) };
    if recipients != 1 {
        return Err(EarlyExit::usage(format!(
            "--original-recipient goes with one recipient, not with {recipients}"
        )));
    }
    let unfit = |error| EarlyExit::usage(format!("--original-recipient '{}': {error}", printable(text)));
    address::parse_one(text, None).map(|address| Some(address.path)).map_err(unfit)
}

/// HOLDUNTIL (RFC 4865, section 4): the moment in UTC, without fractions.
fn hold_until(text: &str) -> Result<Parameter> {
    let unfit = || {
        EarlyExit::usage(format!(
            "--hold-until '{}': wants a date and time with its offset, such as 2026-12-24T18:00:00+01:00",
            printable(text)
        ))
    };
    let moment = date::moment(text).map_err(|_| unfit())?;
    let moment = moment.checked_to_offset(UtcOffset::UTC).ok_or_else(unfit)?;
    let moment = moment.format(&Rfc3339).map_err(|_| unfit())?;
    Parameter::parse(&format!("HOLDUNTIL={moment}")).map_err(|_| unfit())
}
