//! What opens connections and drives sessions over them: sockets in the program, a script in the tests. The
//! loop in [`super::run`] is the same for both, and knows neither.

use super::outcome::Server;
use super::turns::Turns;
use crate::client::observer::Anew;
use crate::client::open::{self, Known};
use crate::client::{Connection, Error, Handover, Observer, Target};
use crate::net::Endpoint;
use crate::route::Routed;
use ehlo_smtp::content::Content;
use ehlo_smtp::inquiry::Inquiry;
use ehlo_smtp::session::{Job, Session};

/// What is to be done over one connection.
#[derive(Debug)]
pub enum Task {
    /// One transaction.
    Deliver(Job),
    /// VRFY or EXPN, one after the other.
    Ask(Vec<Inquiry>),
}

/// Opens connections, and drives sessions over them.
pub trait Driver {
    /// A connection with its session.
    type Connection;

    /// Connects, for the first time or anew (`why`), and gets the session ready.
    ///
    /// # Errors
    /// Why it is not ready; with the connection, if there is one.
    fn open(
        &mut self,
        known: Known,
        why: Option<Anew>,
    ) -> Result<Self::Connection, (Error, Option<Self::Connection>)>;

    /// Does this for those at these places of the work, until the session is ready for something new or closed.
    ///
    /// # Errors
    /// The session cannot go on. What it knows of the recipients is in its transaction all the same.
    fn drive(&mut self, connection: &mut Self::Connection, places: &[usize], task: Task)
    -> Result<(), Error>;

    /// The session.
    fn session<'a>(&self, connection: &'a mut Self::Connection) -> &'a mut Session;

    /// Whether more can be said.
    fn goes_on(&self, connection: &Self::Connection) -> bool;

    /// Which server it is, where the DNS says so.
    fn routed(&self) -> Option<Routed> {
        None
    }

    /// The server, as far as it was met.
    fn server(&self, connection: &Self::Connection) -> Server;

    /// The most recipients that a transaction is to have, whatever the server says.
    fn most_recipients(&self) -> Option<usize>;

    /// Whether another server can take the place of this one.
    fn has_another_server(&self) -> bool;

    /// Turns to that server, for the connections that follow: because of this error, or because the one before takes no more.
    /// False if there is none, or if the error is not one that another server could do something about.
    fn turn(&mut self, why: Option<&Error>) -> bool;

    /// Says QUIT where it is in place, and closes. Whatever comes of it changes nothing.
    fn finish(&mut self, connection: Self::Connection);
}

/// Over sockets, to one server, or to another that takes its place.
pub(super) struct Sockets<'a> {
    turns: Turns<'a>,
    content: &'a dyn Content,
    observer: &'a mut dyn Observer,
}

impl<'a> Sockets<'a> {
    /// To this server, or those that can take its place.
    pub(super) fn new(
        target: &'a Target,
        others: &'a [Target],
        content: &'a dyn Content,
        observer: &'a mut dyn Observer,
    ) -> Sockets<'a> {
        Sockets { turns: Turns::new(target, others), content, observer }
    }
}

impl Driver for Sockets<'_> {
    type Connection = Connection;

    fn open(&mut self, known: Known, why: Option<Anew>) -> Result<Connection, (Error, Option<Connection>)> {
        if let Some(why) = why {
            self.observer.connects_anew(self.turns.told(why));
        }
        open::open(self.turns.target(), known, self.observer).map_err(|unready| {
            self.turns.met_in_vain(unready.connection.as_ref());
            (unready.error, unready.connection)
        })
    }

    fn drive(&mut self, connection: &mut Connection, _: &[usize], task: Task) -> Result<(), Error> {
        match task {
            Task::Deliver(job) => {
                let handover = Handover { content: self.content, gate: None };
                connection.deliver(job, handover, self.observer)
            }
            Task::Ask(inquiries) => connection.ask(inquiries, self.observer),
        }
    }

    fn session<'a>(&self, connection: &'a mut Connection) -> &'a mut Session {
        connection.session_mut()
    }

    fn goes_on(&self, connection: &Connection) -> bool {
        connection.goes_on()
    }

    fn most_recipients(&self) -> Option<usize> {
        self.turns.target().most_recipients
    }

    fn has_another_server(&self) -> bool {
        self.turns.has_another()
    }

    fn turn(&mut self, why: Option<&Error>) -> bool {
        self.turns.turn(why)
    }

    fn routed(&self) -> Option<Routed> {
        self.turns.target().routed.clone()
    }

    fn server(&self, connection: &Connection) -> Server {
        server(self.turns.target(), connection)
    }

    fn finish(&mut self, connection: Connection) {
        connection.finish(self.observer);
    }
}

/// A server, as far as it was met over this connection.
pub(super) fn server(target: &Target, connection: &Connection) -> Server {
    let session = connection.session();
    Server {
        name: match &target.endpoint {
            Endpoint::Tcp { host, .. } => host.clone(),
            Endpoint::Unix(path) => path.display().to_string(),
            // Its arguments may hold anything.
            Endpoint::Program(words) => words.first().cloned().unwrap_or_default(),
        },
        address: connection.stream().peer().to_owned(),
        routed: target.routed.clone(),
        // To ask for it takes a system call.
        local: target.routed.as_ref().and_then(|_| connection.stream().local_ip()),
        proxy: target.way.proxy.as_ref().map(ToString::to_string),
        protocol: target.session.protocol,
        greeting: session.greeting().cloned(),
        extensions: session.offers(),
        tls: connection.stream().tls().cloned(),
        auth: session.logged_in(),
        timing: connection.timing(),
    }
}
