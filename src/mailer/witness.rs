//! Who is told what the runner does: the log, and whoever looks on. It also has the words, which are not the
//! mailer's.

use crate::client::{Error, Observer};
use crate::delivery::Outcome;
use crate::dkim::SignError;
use crate::route::Routed;
use crate::spool::{Entry, Id, Pause, SpoolError};
use ehlo_smtp::failure::Need;

/// Is told what happens. Nothing that it does changes anything.
pub trait Witness: Sync {
    /// An error of a connection, in one line; of this host, where the DNS led to it.
    fn error_in_words(&self, error: &Error, host: Option<&Routed>) -> String;

    /// What an address needs and the server does not offer, in one line.
    fn need_in_words(&self, need: Need) -> String;

    /// Who looks on at the dialogue of one connection after the other. Several may go on at once.
    fn observer(&self) -> Box<dyn Observer + '_>;

    /// A message was tried. It may arrive twice if nobody knew before whether somebody has it.
    fn attempted(&self, entry: &Entry, may_be_twice: bool, outcome: Outcome);

    /// A message cannot be signed, for this reason, and is sent without a signature.
    fn unsigned(&self, entry: &Entry, why: &SignError);

    /// Whoever sent a message vanished before the reply to its end: nobody knows whether so many of its recipients
    /// have it.
    fn vanished(&self, entry: &Entry, recipients: usize);

    /// So many recipients of a message are given up.
    fn given_up(&self, entry: &Entry, recipients: usize);

    /// A message is held, for this reason.
    fn held(&self, entry: &Entry, why: &str);

    /// An account is not used for a while; `is_news` if it was in use before.
    fn paused(&self, account: &str, pause: &Pause, is_news: bool);

    /// An account is in use again.
    fn resumed(&self, account: &str);

    /// The sender of a message was told of its fate, by this notice; none where nobody is told.
    fn told(&self, entry: &Entry, notice: Option<&Id>);

    /// Something went wrong with the store, or with one message in it.
    fn trouble(&self, id: Option<&Id>, error: &SpoolError);

    /// The database answers again after trouble.
    #[cfg(feature = "postgres")]
    fn mended(&self);

    /// The database gets slow, and somebody has to look at it.
    #[cfg(feature = "postgres")]
    fn alarm(&self, alarm: &crate::spool::postgres::Alarm);

    /// A message cannot be delivered and nobody can be told: it is kept apart.
    fn kept_apart(&self, entry: &Entry);
}
