//! The last moment at which nobody can have a message: before its end is written.

use std::io;

/// Is asked before the end of a message is written. The queue writes down first what is about to happen.
pub trait Gate {
    /// The end is about to be written, for those at these places of the transaction's envelope: all who were
    /// accepted by RCPT.
    ///
    /// # Errors
    /// The end is not written then, and the connection is closed: nobody gets the message.
    fn before_the_end(&mut self, places: &[usize]) -> io::Result<()>;
}

/// What is sent, and who is asked before its end.
pub struct Handover<'a> {
    /// The content.
    pub content: &'a dyn ehlo_smtp::content::Content,
    /// Who is asked, if anybody is.
    pub gate: Option<&'a mut dyn Gate>,
}

impl std::fmt::Debug for Handover<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handover").field("has_gate", &self.gate.is_some()).finish_non_exhaustive()
    }
}
