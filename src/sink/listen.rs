//! The sink itself: it listens, and gives each client a thread.

#![allow(clippy::disallowed_types)] // The one listener there is.

use super::SinkError;
use super::accept::accept;
use super::connection::{Connection, GLANCE, is_stopped};
use super::cut_short::CutShort;
use super::domains::EveryDomain;
use super::event::{Event, Mismatch};
use super::play::play;
use super::session::serve;
use super::settings::{Settings, Tls};
use super::store::{Keeper, Message};
use crate::net::Stream;
use crate::net::tls::Acceptor;
use ehlo_smtp::dialogue::connections;
use ehlo_smtp::serve::Server;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A server that catches mail. It listens from [`Sink::bind`] on, and serves while [`Sink::run`] runs.
#[derive(Debug)]
pub struct Sink {
    settings: Settings,
    listener: TcpListener,
    address: SocketAddr,
    acceptor: Option<Acceptor>,
    domains: Option<EveryDomain>,
    keeper: Keeper,
    sessions: AtomicU64,
    mismatches: Mutex<Vec<Mismatch>>,
    busy: Mutex<usize>,
    freed: Condvar,
}

impl Sink {
    /// Listens, and makes sure that there is a certificate and a place for the messages.
    ///
    /// # Errors
    /// [`SinkError`]: it cannot listen, or there is no certificate or no place.
    pub fn bind(settings: Settings) -> Result<Sink, SinkError> {
        let asked = settings.listen;
        let listen = |error| SinkError::Listen { address: asked, error };
        let listener = TcpListener::bind(asked).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let mut names = vec![address.ip().to_string()];
        // A certificate holds plain names only; others reach the sink by its address.
        let name = settings.name.as_str();
        names.extend((!settings.name.is_literal() && name.is_ascii()).then(|| name.to_owned()));
        let (domains, acceptor) = match (&settings.domains, settings.tls) {
            (Some(domains), _) => {
                let (domains, acceptor) = EveryDomain::bind(domains, address, &names)?;
                (Some(domains), Some(acceptor))
            }
            (None, Tls::Off) => (None, None),
            (None, Tls::StartTls | Tls::Implicit) => {
                (None, Some(Acceptor::new(&names).map_err(SinkError::Certificate)?))
            }
        };
        let keeper = Keeper::open(&settings.store, settings.name.as_str(), settings.lmtp)?;
        Ok(Sink {
            settings,
            listener,
            address,
            acceptor,
            domains,
            keeper,
            sessions: AtomicU64::new(0),
            mismatches: Mutex::default(),
            busy: Mutex::default(),
            freed: Condvar::new(),
        })
    }

    /// The address that it listens on, with its port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its DNS and its policies of MTA-STS are, if it has [`Settings::domains`].
    #[must_use]
    pub fn of_domains(&self) -> Option<(SocketAddr, SocketAddr)> {
        self.domains.as_ref().map(|domains| (domains.dns, domains.policy))
    }

    /// Its certificate in PEM, if it speaks TLS, or that of the authority which vouches for it: for `--cert-out`, and for a client's `--ca-file`.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.acceptor.as_ref().map(Acceptor::certificate_pem)
    }

    /// The messages that were kept in memory ([`Store::Memory`](super::Store::Memory)), in the order of their
    /// final replies.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.keeper.messages()
    }

    /// What clients said that the script does not say.
    #[must_use]
    pub fn mismatches(&self) -> Vec<Mismatch> {
        locked(&self.mismatches).clone()
    }

    /// Serves until `stop` becomes true, a signal is caught ([`crate::net::interrupt`]), or, with `once`, the
    /// first session is over. Sessions that are open then are ended with 421; when it returns, none is left.
    pub fn run(&self, stop: &AtomicBool) {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            if let (Some(domains), Some(acceptor)) = (&self.domains, &self.acceptor) {
                domains.serve(scope, acceptor, &*self.settings.observer, &over);
            }
            while !is_stopped(stop) {
                if !self.has_room() {
                    continue;
                }
                let Some(client) = accept(&self.listener, stop) else { break };
                if self.settings.once {
                    self.session(client, stop);
                    break;
                }
                *locked(&self.busy) += 1;
                let work = move || {
                    self.session(client, stop);
                    self.leave();
                };
                // Without a thread this client is dropped; the next one may have more luck.
                if thread::Builder::new().name("session".to_owned()).spawn_scoped(scope, work).is_err() {
                    self.leave();
                }
            }
            over.store(true, Ordering::SeqCst);
        });
    }

    /// Whether another session can begin; if not, it waits a moment for one to end.
    fn has_room(&self) -> bool {
        let most = self.settings.most_sessions.max(1);
        let busy = locked(&self.busy);
        if *busy < most {
            return true;
        }
        let (busy, _) = self.freed.wait_timeout(busy, GLANCE).unwrap_or_else(PoisonError::into_inner);
        *busy < most
    }

    fn leave(&self) {
        *locked(&self.busy) -= 1;
        self.freed.notify_one();
    }

    /// One session, from the connection to its end.
    fn session(&self, client: TcpStream, stop: &AtomicBool) {
        let number = self.sessions.fetch_add(1, Ordering::Relaxed) + 1;
        let notice = |event: Event<'_>| self.settings.observer.notice(number, event);
        if let Err(cut_short) = self.converse(client, stop, number, &notice) {
            notice(Event::Failed(&cut_short));
        }
        notice(Event::Ended);
    }

    fn converse(
        &self,
        client: TcpStream,
        stop: &AtomicBool,
        number: u64,
        notice: &dyn Fn(Event<'_>),
    ) -> Result<(), CutShort> {
        let stream = Stream::tcp(client).map_err(|error| CutShort::Net(error.into()))?;
        let mut connection = Connection::new(stream, self.settings.patience, stop);
        notice(Event::Began { peer: connection.peer() });
        let acceptor = self.acceptor.as_ref();
        if let (Tls::Implicit, Some(acceptor)) = (self.settings.tls, acceptor) {
            let info = connection.start_tls(acceptor)?;
            notice(Event::Tls(&info));
        }
        if let Some(script) = &self.settings.script {
            let parts = connections(script);
            let turn = usize::try_from(number - 1).unwrap_or_default() % parts.len();
            let part = parts.get(turn).copied().unwrap_or_default();
            let (mismatches, played) = play(connection, part, acceptor, number, notice);
            locked(&self.mismatches).extend(mismatches);
            return played;
        }
        serve(connection, Server::new(self.settings.session()), acceptor, &self.keeper, notice)
    }
}

/// The data are good even if another thread panicked while it had them.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
