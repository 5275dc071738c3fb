//! A session over the socket for messages: SMTP with XEHLO (mailer::serve), for a user whom the kernel names.

use super::super::log;
use super::super::peer::Peer;
use super::super::sendmail::desk::Desk;
use super::super::sendmail::refused::refusal;
use super::people::{Full, Share};
use super::shared::Shared;
use crate::mailer::handover::Handover;
use crate::mailer::intake::lines;
use crate::mailer::serve::{self, Channel, Kept, PATIENCE, Refusal};
use crate::message::source::Source;
use crate::net::local::Connection;
use crate::output::Output;
use crate::report::text::printable;
use crate::spool::entry::REMEMBERED;
use crate::spool::{Id, Moment, Spool};
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
    let Ok(mut settings) = desk.server() else { return };
    settings.handover = true;
    let share = Share { messages: desk.queue.per_user, octets: desk.queue.per_user_size };
    let mut take = |handover: Handover, source: Source| {
        let kept = take(shared, &mut desk, uid, share, &handover, &source);
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
    handover: &Handover,
    source: &Source,
) -> Result<Kept, Refusal> {
    desk.open_at(&shared.folder)
        .map_err(|exit| Refusal::NotNow(format!("the message was not queued: {}", exit.report().text)))?;
    // What was taken once is taken, whatever has changed since.
    if let (Some(id), Some(spool), true) = (handover.id, desk.spool(), handover.again)
        && is_taken(spool, &id, uid)
    {
        return Ok(Kept::Queued(id));
    }
    if handover.id.as_ref().is_some_and(|id| !is_of_now(id)) {
        return Err(Refusal::NotFit("the identifier that XEHLO names is not of this time".to_owned()));
    }
    let content = lines::of(source).map_err(|error| Refusal::of_content(&error))?;
    // root's mail is the machine's own.
    if let (Some(spool), true) = (desk.spool(), uid != 0) {
        let full = shared.people.admit(uid, content.len(), share, spool);
        if let Some(full) = full.map_err(|error| Refusal::of_spool(&error))? {
            let what = match full {
                Full::Messages(count) => format!("{count} messages"),
                Full::Octets(count) => format!("{count} octets"),
            };
            let text = format!("the message was not queued: {what} of this user wait already");
            return Err(Refusal::NotNow(text));
        }
    }
    // SMTP has no word for what is odd about a message.
    let quiet = Output { quiet: true, ..Output::plain() };
    let (sender, octets) = (handover.sender.clone(), content.len());
    let taken = desk.take(content, handover, &quiet);
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
