//! XCLIENT (Postfix's XCLIENT_README): the server is told whom to take us for. It begins anew then, and so do we, with
//! EHLO.

use super::{Next, Session};
use crate::extension::Extensions;
use crate::failure::{Failure, Need};

impl Session {
    /// Queues XCLIENT, if it is wanted and was not said yet. Inside TLS where there is to be TLS, and before a log-in,
    /// for the server forgets what came before.
    pub(super) fn is_to_present(&mut self) -> Result<bool, Failure> {
        let Some(xclient) = self.settings.xclient.as_ref().filter(|_| !self.presented) else {
            return Ok(false);
        };
        let offered = self.extensions.parameters("XCLIENT").ok_or(Failure::NotOffered(Need::Xclient))?;
        let is_offered = |name: &str| offered.split_whitespace().any(|word| word.eq_ignore_ascii_case(name));
        if let Some(missing) = xclient.names().find(|name| !is_offered(name)) {
            return Err(Failure::NotOffered(Need::XclientAttribute(missing)));
        }
        self.queue.push_back(Next::Xclient);
        Ok(true)
    }

    /// The server greets us as the one whom we named. To that one it may offer something else.
    pub(super) fn was_presented(&mut self) {
        self.presented = true;
        self.extensions = Extensions::default();
        self.queue.push_back(Next::Ehlo);
    }
}
