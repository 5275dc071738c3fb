//! Talking by hand: one intent at a time, and what comes of it (the session's side: smtp/session/say.rs).

use super::Connection;
use crate::client::error::Error;
use crate::client::gate::Handover;
use crate::client::observer::Observer;
use crate::client::token::TokenSource;
use crate::sasl::Credentials;
use ehlo_smtp::content::Content;

impl Connection {
    /// Takes what the server has said without being asked, if anything.
    ///
    /// # Errors
    /// [`Error`]: it has left, or breaks the protocol.
    pub fn look(&mut self, observer: &mut dyn Observer) -> Result<(), Error> {
        self.read_now()?;
        self.drive(None, observer)
    }

    /// Says one line, and takes its reply.
    ///
    /// # Errors
    /// [`Error`].
    pub fn say(&mut self, line: &str, observer: &mut dyn Observer) -> Result<(), Error> {
        self.session.say(line).map_err(Error::unsaid)?;
        self.drive(None, observer)
    }

    /// Sends content where the server waits for it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn say_content(&mut self, content: &dyn Content, observer: &mut dyn Observer) -> Result<(), Error> {
        self.session.say_content();
        self.drive(Some(&mut Handover { content, gate: None }), observer)
    }

    /// STARTTLS, the handshake, EHLO.
    ///
    /// # Errors
    /// [`Error`].
    pub fn begin_tls(&mut self, observer: &mut dyn Observer) -> Result<(), Error> {
        self.session.begin_tls();
        self.drive(None, observer)
    }

    /// Logs in.
    ///
    /// # Errors
    /// [`Error`].
    pub fn log_in(
        &mut self,
        login: Credentials,
        tokens: Option<TokenSource>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        self.set_tokens(tokens);
        self.session.log_in(Box::new(login)).map_err(Error::unsaid)?;
        self.drive(None, observer)
    }

    /// Whether more can be said: after a refusal, but not once the connection or the protocol is broken.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.session.is_open() && !self.broken
    }
}
