//! Who keeps account of a delivery while it goes on: the queue, which must know what may have happened even if the
//! next moment is its last.

use super::outcome::Server;
use ehlo_smtp::transaction::Transaction;
use std::io;

/// Keeps account of the delivery of one message. Recipients are named by their places in its envelope.
pub trait Ledger {
    /// A session is ready, with this server.
    ///
    /// # Errors
    /// Nothing is sent then.
    fn connected(&mut self, server: &Server) -> io::Result<()>;

    /// The end of the message is about to be written, for these.
    ///
    /// # Errors
    /// It is not written then: nobody gets it.
    fn before_the_end(&mut self, places: &[usize]) -> io::Result<()>;

    /// A transaction for these is over, in good order or not. What it says of each, in the order of `places`, may
    /// be looked at now; those of whom it says nothing that stands may be asked again.
    fn transacted(&mut self, places: &[usize], transaction: &Transaction);
}
