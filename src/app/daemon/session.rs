//! A session over the socket for messages: SMTP with XEHLO (mailer::serve), for a user whom the kernel names.

use super::super::log;
use super::super::peer::Peer;
use super::super::sendmail::desk::{Desk, Request};
use super::super::sendmail::refused::refusal;
use super::people::{Full, Share};
use super::shared::Shared;
use crate::mailer::intake::lines;
use crate::mailer::serve::{self, Channel, Handed, Kept, PATIENCE, Refusal};
use crate::message::source::Source;
use crate::net::local::Connection;
use crate::output::Output;
use crate::report::text::printable;
use crate::spool::entry::REMEMBERED;
use crate::spool::{Id, Moment, Spool};
use ehlo_smtp::path::Domain;
use std::io::Write;

/// Serves one client.
pub fn serve(shared: &Shared, mut connection: Connection) {
    let Ok(uid) = Peer::number(&connection) else { return };
    let Some(_connected) = shared.people.connect(uid) else {
        // One line finds room in any socket.
        let _ = connection.write_all(b"421 4.7.0 too many connections of this user\r\n");
        return;
    };
    let Ok(peer) = Peer::of_socket(&connection) else { return };
    let mut desk = Desk::for_peer(peer);
    let Ok(output) = connection.again() else { return };
    let name = Domain::parse(desk.host()).or_else(|_| Domain::parse("localhost"));
    let Ok(name) = name else { return };
    let limits = desk.queue.limits;
    let most = Some(limits.max_size).filter(|most| *most != u64::MAX);
    let mut settings = serve::settings(name, most, limits.max_recipients);
    settings.handover = true;
    let share = Share { messages: desk.queue.per_user, octets: desk.queue.per_user_size };
    let mut take = |handed: Handed, source: Source| {
        let kept = take(shared, &mut desk, uid, share, handed.into(), &source);
        if kept.is_ok() {
            shared.bell.ring();
        }
        kept
    };
    // How it ended is the client's: each message that was answered 250 is kept.
    let _ = serve::serve(Channel::new(connection, output, PATIENCE), settings, &mut take);
}

/// One message.
fn take(
    shared: &Shared,
    desk: &mut Desk,
    uid: u32,
    share: Share,
    request: Request,
    source: &Source,
) -> Result<Kept, Refusal> {
    desk.open_at(&shared.folder)
        .map_err(|exit| Refusal::NotNow(format!("the message was not queued: {}", exit.report().text)))?;
    // What was taken once is taken, whatever has changed since.
    if let (Some(id), Some(spool), true) = (request.id, desk.spool(), request.again)
        && is_taken(spool, &id, uid)
    {
        return Ok(Kept::Queued(id));
    }
    if request.id.as_ref().is_some_and(|id| !is_of_now(id)) {
        return Err(Refusal::NotFit("the identifier that XEHLO names is not of this time".to_owned()));
    }
    let content = lines::of(source).map_err(|error| Refusal::of_content(&error))?;
    // root's mail is the machine's own.
    if let (Some(spool), true) = (desk.spool(), uid != 0) {
        let full = shared.people.admit(uid, content.len(), share, spool);
        match full.map_err(|error| Refusal::of_spool(&error))? {
            None => {}
            Some(Full::Messages(count)) => {
                let text = format!("the message was not queued: {count} messages of this user wait already");
                return Err(Refusal::NotNow(text));
            }
            Some(Full::Octets(octets)) => {
                let text = format!("the message was not queued: {octets} octets of this user wait already");
                return Err(Refusal::NotNow(text));
            }
        }
    }
    // What is odd about a message is told to who reads the daemon's log: its client has no word for it.
    let quiet = Output { quiet: true, json: false, columns: false, color: false };
    let (sender, octets) = (request.sender.clone(), content.len());
    let taken = desk.take(content, &request, &quiet);
    if taken.is_err() {
        shared.people.give_back(uid, octets);
    }
    let (id, _) = taken.map_err(|why| refusal(&why))?;
    let place = log::wanted(Some(desk.configuration()), &quiet).ok().flatten().or_else(log::usual);
    if let Some(place) = place {
        let sender = printable(sender.as_deref().unwrap_or(desk.user()));
        let text = format!("queued: uid={uid} from=<{sender}>");
        log::write_line(&place, log::Severity::Notice, Some(id.as_str()), &text, &quiet);
    }
    Ok(Kept::Queued(id))
}

/// Whether this user's message is in the queue, or has left it a moment ago.
fn is_taken(spool: &dyn Spool, id: &Id, uid: u32) -> bool {
    match spool.look(id) {
        Ok(listed) => listed.entry.uid == uid,
        Err(_) => spool.record_count(id).is_ok_and(|count| count > 0),
    }
}

/// Whether an identifier was made about now: an old one would go before all others, a new one could be used up.
fn is_of_now(id: &Id) -> bool {
    let lately = REMEMBERED.as_secs().cast_signed();
    (id.seconds() - Moment::now().wall).abs() <= lately
}
