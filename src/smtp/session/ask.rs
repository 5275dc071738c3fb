//! VRFY and EXPN (RFC 5321, section 3.5): an intent beside a message, with no transaction of its own.

use super::{Next, Session};
use crate::smtp::failure::{Failure, Need};
use crate::smtp::inquiry::Inquiry;
use crate::smtp::transaction::Transaction;

impl Session {
    /// Queues inquiries, VRFY or EXPN, one after the other (RFC 2920, section 3.1: neither rides with another). Their
    /// replies are kept in [`Session::transaction`], in this order.
    ///
    /// # Errors
    /// [`Failure::NotOffered`], before any of them.
    pub fn ask(&mut self, inquiries: Vec<Inquiry>) -> Result<(), Failure> {
        self.transaction = Transaction::new(inquiries.len(), false);
        self.transaction.stopped = inquiries.first().map(|inquiry| inquiry.verb.stage());
        let is_fit = |inquiry: &Inquiry| inquiry.argument.is_ascii() || self.extensions.offers("SMTPUTF8");
        if !inquiries.iter().all(is_fit) {
            return Err(Failure::NotOffered(Need::Address));
        }
        self.queue.extend((0..inquiries.len()).map(Next::Ask));
        self.inquiries = inquiries;
        Ok(())
    }
}
