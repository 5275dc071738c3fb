//! Who looks on while a session goes: transcript, progress. None of them can change it.

use crate::net::tls::TlsInfo;

/// Why a conversation goes on over a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    /// The server ended the session, and some have no answer yet.
    ServerEnded,
    /// The session has come to its end, and some are still to be served.
    SessionOver,
    /// The server was not there, or not ready: another one takes its place.
    NextServer,
    /// TLS failed at this host: the same again, in clear.
    InClear,
    /// The server hung up on EHLO: HELO is next.
    WithHelo,
}

/// Is told what happens, as it happens.
pub trait Observer {
    /// A remark for people: connected, fell back to HELO.
    fn remark(&mut self, _text: &str) {}
    /// The conversation goes on over a new connection, and why.
    fn connects_anew(&mut self, _why: Anew) {}
    /// A command line was written, without its line end, and whether a secret is hidden in it.
    fn sent(&mut self, _line: &str, _has_secret: bool) {}
    /// A line was read, without its line end, as it came.
    fn received(&mut self, _line: &[u8]) {}
    /// TLS has begun.
    fn tls(&mut self, _info: &TlsInfo) {}
    /// The content goes out now; it has so many octets, as SIZE counts them.
    fn content_begins(&mut self, _octets: u64) {}
    /// A piece of it, as it comes from its source.
    fn content(&mut self, _piece: &[u8]) {}
    /// So many more octets, of commands or of content, are with the system: a group, or a block.
    fn written(&mut self, _octets: u64) {}
    /// It is out, but for a final dot; or it was cut short.
    fn content_ends(&mut self, _whole: bool) {}
}

/// Nobody looks on.
#[derive(Debug, Default)]
pub struct Nobody;

impl Observer for Nobody {}

/// Several look on.
impl Observer for Vec<Box<dyn Observer + '_>> {
    fn remark(&mut self, text: &str) {
        self.iter_mut().for_each(|observer| observer.remark(text));
    }
    fn connects_anew(&mut self, why: Anew) {
        self.iter_mut().for_each(|observer| observer.connects_anew(why));
    }
    fn sent(&mut self, line: &str, has_secret: bool) {
        self.iter_mut().for_each(|observer| observer.sent(line, has_secret));
    }
    fn received(&mut self, line: &[u8]) {
        self.iter_mut().for_each(|observer| observer.received(line));
    }
    fn tls(&mut self, info: &TlsInfo) {
        self.iter_mut().for_each(|observer| observer.tls(info));
    }
    fn content_begins(&mut self, octets: u64) {
        self.iter_mut().for_each(|observer| observer.content_begins(octets));
    }
    fn content(&mut self, piece: &[u8]) {
        self.iter_mut().for_each(|observer| observer.content(piece));
    }
    fn written(&mut self, octets: u64) {
        self.iter_mut().for_each(|observer| observer.written(octets));
    }
    fn content_ends(&mut self, whole: bool) {
        self.iter_mut().for_each(|observer| observer.content_ends(whole));
    }
}
