//! One session, driven: the protocol's server over a connection, and its messages into the store.

use super::connection::Connection;
use super::cut_short::CutShort;
use super::event::Event;
use super::store::{Incoming, Keeper};
use crate::net::tls::Acceptor;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::serve::{ServeStep, Server};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Serves one client to the end. What cuts the session short is told to the client, if it can be told
/// anything.
pub(super) fn serve(
    mut connection: Connection<'_>,
    mut server: Server,
    acceptor: Option<&Acceptor>,
    keeper: &Keeper,
    notice: &dyn Fn(Event<'_>),
) -> Result<(), CutShort> {
    let mut buffer = vec![0; PIECE];
    let mut incoming: Option<Incoming> = None;
    let mut unshown = 0;
    let mut cut_short = None;
    let mut deadline = connection.deadline();
    loop {
        match server.advance() {
            ServeStep::Received(line) => {
                show_content(&mut unshown, notice);
                notice(Event::Received(line));
                deadline = connection.deadline();
            }
            ServeStep::Send(reply) => {
                show_content(&mut unshown, notice);
                for line in reply.split_inclusive(|octet| *octet == b'\n') {
                    notice(Event::Sent(line.strip_suffix(b"\r\n").unwrap_or(line)));
                }
                connection.write(reply)?;
            }
            ServeStep::Receive => match connection.read(&mut buffer, deadline) {
                Ok(0) => server.hung_up(),
                Ok(count) => server.receive(buffer.get(..count).unwrap_or_default()),
                Err(CutShort::Silent) => {
                    server.dismiss("Timeout, closing transmission channel");
                    cut_short = Some(CutShort::Silent);
                }
                Err(CutShort::Stopped) => {
                    server.dismiss("Service is being stopped, closing transmission channel");
                    cut_short = Some(CutShort::Stopped);
                }
                Err(other) => {
                    server.hung_up();
                    cut_short = Some(other);
                }
            },
            ServeStep::StartTls => {
                let Some(acceptor) = acceptor else { return Ok(()) };
                notice(Event::Tls(&connection.start_tls(acceptor)?));
                server.tls_started();
                deadline = connection.deadline();
            }
            ServeStep::Begin(_) => incoming = Some(keeper.begin()),
            ServeStep::Content(piece) => {
                unshown += piece.len() as u64;
                if let Some(incoming) = &mut incoming {
                    incoming.push(piece);
                }
                deadline = connection.deadline();
            }
            ServeStep::End(envelope, _) => {
                show_content(&mut unshown, notice);
                let kept =
                    incoming.take().map(|incoming| keeper.keep(incoming, envelope)).unwrap_or_default();
                let mut replies = Vec::new();
                for result in &kept.results {
                    replies.push(match result {
                        Ok(()) => Reply::new(250, "OK"),
                        Err(_) => Reply::new(452, "Insufficient system storage"),
                    });
                }
                match kept.results.iter().find_map(|result| result.as_ref().err()) {
                    Some(error) => notice(Event::NotStored(error)),
                    None => notice(Event::Stored { envelope, octets: kept.octets }),
                }
                server.conclude(&replies);
            }
            ServeStep::Abandon => {
                show_content(&mut unshown, notice);
                incoming = None;
                notice(Event::Abandoned);
            }
            ServeStep::Closed => {
                connection.close()?;
                return cut_short.map_or(Ok(()), Err);
            }
        }
    }
}

/// Content is shown by its size, once the next line comes.
fn show_content(unshown: &mut u64, notice: &dyn Fn(Event<'_>)) {
    if *unshown > 0 {
        notice(Event::Content { octets: *unshown });
        *unshown = 0;
    }
}
