//! VRFY and EXPN (RFC 5321, section 3.5): an intent beside a message, with no transaction of its own.

use super::{Next, Session};
use crate::extension::Extension;
use crate::failure::Need;
use crate::inquiry::Inquiry;
use crate::transaction::Transaction;

impl Session {
    /// Queues inquiries, VRFY or EXPN, one after the other (RFC 2920, section 3.1: neither rides with
    /// another). Their replies are kept in [`Session::transaction`], in this order. An argument that needs
    /// SMTPUTF8 is not said where that is not offered (RFC 6531, section 3.7.4.2); the others are.
    pub fn ask(&mut self, inquiries: Vec<Inquiry>) {
        self.transaction = Transaction::new(inquiries.len(), false);
        self.transaction.stopped = inquiries.first().map(|inquiry| inquiry.verb.stage());
        let utf8 = self.extensions.offers(Extension::Smtputf8);
        let asked = inquiries.iter().zip(&mut self.transaction.recipients).enumerate();
        for (place, (inquiry, addressee)) in asked {
            if inquiry.argument.is_ascii() || utf8 {
                self.queue.push_back(Next::Ask(place));
            } else {
                addressee.unmet = Some(Need::Address);
            }
        }
        self.inquiries = inquiries;
    }
}
