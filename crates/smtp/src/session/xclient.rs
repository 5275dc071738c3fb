//! XCLIENT (Postfix's XCLIENT_README): the server is told whom to take us for. It begins anew then, and so
//! does the session, with EHLO.

use super::{Next, Session};
use crate::extension::{Extension, Extensions};
use crate::failure::{Failure, Need};

impl Session {
    /// Whether XCLIENT is wanted and was not said yet. It is said inside TLS where there is to be TLS, and
    /// before a log-in, since the server forgets what came before.
    ///
    /// # Errors
    /// [`Failure::NotOffered`]: the server does not take it from us, or not with all of its attributes.
    pub(super) fn needs_xclient(&self) -> Result<bool, Failure> {
        let Some(xclient) = self.settings.xclient.as_ref().filter(|_| !self.xclient_done) else {
            return Ok(false);
        };
        let missing = Failure::NotOffered(Need::Extension(Extension::Xclient));
        let offered = self.extensions.parameters(Extension::Xclient).ok_or(missing)?;
        let is_offered = |name: &str| offered.split_whitespace().any(|word| word.eq_ignore_ascii_case(name));
        match xclient.names().find(|name| !is_offered(name)) {
            Some(missing) => Err(Failure::NotOffered(Need::XclientAttribute(missing))),
            None => Ok(true),
        }
    }

    /// The server greets us as the client that we named. To that one it may offer something else.
    pub(super) fn xclient_accepted(&mut self) {
        self.xclient_done = true;
        self.extensions = Extensions::default();
        self.queue.push_back(Next::Ehlo);
    }
}
