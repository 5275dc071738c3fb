//! Messages that programs hand over by SMTP (RFC 5321; `sendmail -bs`): the protocol's server over two
//! descriptors.
//!
//! A message is answered 250 when whoever takes it says that it is kept, and never before. What the queue does
//! with it is for the taker; what a message must look like is too.

mod channel;
mod refusal;
#[cfg(test)]
mod tests;

pub use channel::{Channel, CutShort};
pub use refusal::Refusal;

use super::handover::{self, Handover, OfRecipient};
use crate::message::source::{Builder, Source};
use crate::spool::{Id, Recipient};
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::serve::{BareNames, ServeSettings, ServeStep, Server};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

/// How long a client may be silent.
pub const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Takes a message, with its content as it came, or says why not.
pub type Take<'a> = &'a mut dyn FnMut(Handover, Source) -> Result<Kept, Refusal>;

/// Who has a message that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The queue has it, even if the power fails now.
    Queued(Id),
    /// A server has taken responsibility for it.
    Sent,
}

/// What a server for programs of this machine is like.
#[must_use]
pub fn settings(name: Domain, max_size: Option<u64>, max_recipients: usize) -> ServeSettings {
    ServeSettings { submission: true, max_size, max_recipients, ..ServeSettings::new(name) }
}

/// Serves one client until it has finished.
///
/// # Errors
/// The session was cut short. Every message that was answered 250 is kept all the same, and none that was not
/// whole is.
pub fn serve<R: Read + AsFd, W: Write + AsFd>(
    mut channel: Channel<R, W>,
    settings: ServeSettings,
    take: Take<'_>,
) -> Result<(), CutShort> {
    let mut server = Server::new(settings);
    let mut buffer = vec![0; PIECE];
    let mut incoming = Ok(Builder::default());
    let mut cut_short = None;
    loop {
        match server.advance() {
            ServeStep::Send(reply) => channel.gather(reply)?,
            ServeStep::Receive => match channel.read(&mut buffer) {
                Ok(0) => server.hung_up(),
                Ok(count) => server.receive(buffer.get(..count).unwrap_or_default()),
                Err(cut) => {
                    match &cut {
                        CutShort::Silent => server.dismiss("Timeout, closing transmission channel"),
                        CutShort::Interrupted => {
                            server.dismiss("Service is being stopped, closing transmission channel");
                        }
                        CutShort::Io(_) => server.hung_up(),
                    }
                    channel.hurry();
                    cut_short.get_or_insert(cut);
                }
            },
            ServeStep::Begin(_) => incoming = Ok(Builder::default()),
            ServeStep::Content(piece) => push(&mut incoming, piece),
            ServeStep::End(envelope, bare) => {
                let taken = std::mem::replace(&mut incoming, Ok(Builder::default()))
                    .and_then(Builder::finish)
                    .map_err(|error| Refusal::of_content(&error))
                    .and_then(|content| take(handed(envelope, bare)?, content));
                let reply = match taken {
                    Ok(Kept::Queued(id)) => Reply::new(250, &format!("2.0.0 Ok: queued as {id}")),
                    Ok(Kept::Sent) => Reply::new(250, "2.0.0 Ok: sent"),
                    Err(refusal) => refusal.reply(),
                };
                server.conclude(&[reply]);
            }
            ServeStep::Abandon => incoming = Ok(Builder::default()),
            ServeStep::Closed => {
                channel.flush()?;
                return cut_short.map_or(Ok(()), Err);
            }
            // Whoever looks on sees nothing here, and TLS is not offered.
            ServeStep::Received(_) | ServeStep::StartTls => {}
        }
    }
}

/// Keeps a piece of content; the first error stays, and the rest is dropped.
fn push(incoming: &mut io::Result<Builder>, piece: &[u8]) {
    if let Ok(builder) = incoming
        && let Err(error) = builder.push(piece)
    {
        *incoming = Err(error);
    }
}

/// The envelope as it is handed over: a name without a domain is one again, and of the parameters those are left
/// that are for the servers to come. The others told us of the content, which is known by now.
fn handed(envelope: &Envelope, bare: &BareNames) -> Result<Handover, Refusal> {
    let own = envelope.mail_parameters.iter().find(|parameter| handover::is_own(parameter));
    let (mut handover, is_bare) = match own.map(|own| Handover::of_mail(own.value().unwrap_or_default())) {
        None => (Handover { sender: Some(String::new()), ..Handover::default() }, false),
        Some(Some(read)) => read,
        Some(None) => return Err(Refusal::NotFit("what XEHLO says cannot be read".to_owned())),
    };
    if let (Some(sender), ReversePath::Mailbox(mailbox)) = (&mut handover.sender, &envelope.reverse_path) {
        *sender = address(mailbox, bare.sender || is_bare);
    }
    let mut names = bare.recipients.iter().peekable();
    for (place, recipient) in envelope.recipients.iter().enumerate() {
        let is_bare = names.next_if(|name| **name == place).is_some();
        let said = handover::of_recipient(&recipient.parameters);
        let address = match &recipient.path {
            _ if said == Some(OfRecipient::Header) => {
                handover.from_header = true;
                handover.rcpt = own_removed(&recipient.parameters);
                continue;
            }
            ForwardPath::Mailbox(mailbox) => address(mailbox, is_bare || said == Some(OfRecipient::Name)),
            ForwardPath::Postmaster => recipient.path.to_string(),
        };
        handover.recipients.push(Recipient { address, parameters: own_removed(&recipient.parameters) });
    }
    let is_kept = |parameter: &&Parameter| Extension::of_mail(parameter.keyword()) == Some(Extension::Dsn);
    handover.mail = envelope.mail_parameters.iter().filter(is_kept).cloned().collect();
    Ok(handover)
}

/// Parameters that are for the servers to come.
fn own_removed(parameters: &[Parameter]) -> Vec<Parameter> {
    parameters.iter().filter(|one| !handover::is_own(one)).cloned().collect()
}

/// An address, or the name that it was. A name with an `@` in it would look like an address.
fn address(mailbox: &Mailbox, is_bare: bool) -> String {
    if is_bare && !mailbox.local().contains('@') { mailbox.local().to_owned() } else { mailbox.to_string() }
}
