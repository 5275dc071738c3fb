//! The queue as it is looked at: with the accounts that messages go by, and those that are not used at present.

use super::super::caller;
use super::super::configuration::{Chosen, Configuration};
use super::super::early_exit::Result;
use super::accounts::{NONE, chosen};
use super::place;
use super::settings::{QueueSettings, of_queue, of_sendmail, on_unknown_of};
use crate::report::queue::Seen;
use crate::spool::{Entry, Listed, Moment, Pause, Spool};
use ehlo_smtp::path::Domain;
use std::cell::RefCell;

/// What has to be known beside the messages.
pub struct View {
    configuration: Option<Configuration>,
    settings: QueueSettings,
    pauses: Vec<(String, Pause)>,
    now: Moment,
    /// The domain of names that have none, where their account has none.
    domain: Option<Domain>,
    /// The sender that was looked up last, and the account. Many messages in a row are from one.
    last: RefCell<Option<(String, Option<String>)>>,
}

/// A message with its account.
pub struct Known {
    pub listed: Listed,
    account: Option<String>,
    has_no_domain: bool,
}

impl View {
    /// Of this queue, now. A configuration that cannot be read keeps nobody from looking: the run says what is
    /// wrong with it.
    pub fn of(spool: &dyn Spool) -> Result<View> {
        let configuration = Configuration::read().ok();
        let settings = configuration.as_ref().and_then(|configuration| of_queue(configuration).ok());
        let pauses = spool.pauses().map_err(|error| place::unusable(&error))?;
        let sendmail = configuration.as_ref().and_then(|configuration| of_sendmail(configuration).ok());
        let domain = caller::domain(&sendmail.unwrap_or_default());
        let (settings, now, last) = (settings.unwrap_or_default(), spool.now(), RefCell::default());
        Ok(View { configuration, settings, pauses, now, domain, last })
    }

    /// The accounts that are not used at present.
    pub fn pauses(&self) -> &[(String, Pause)] {
        &self.pauses
    }

    /// A message, with the account that it goes by.
    pub fn known(&self, listed: Listed) -> Known {
        Known { account: self.account(&listed.entry), has_no_domain: self.has_no_domain(&listed), listed }
    }

    /// Whether a name in it has no domain, and gets none: nobody sends it then.
    fn has_no_domain(&self, listed: &Listed) -> bool {
        let entry = &listed.entry;
        let places = listed.state.waiting();
        let is_bare = |name: &str| !name.is_empty() && !name.contains('@');
        let recipients = &entry.submission.recipients;
        let mut waiting = places.iter().filter_map(|place| recipients.get(*place));
        let has_bare_name = is_bare(&entry.submission.sender) || waiting.any(|one| is_bare(&one.address));
        if self.domain.is_some() || !has_bare_name {
            return false;
        }
        let of_account = self
            .chosen(entry)
            .and_then(|chosen| chosen.account.text("domain").and_then(|text| Domain::parse(text).ok()));
        of_account.is_none_or(|domain| entry.submission.envelope(&places, Some(&domain)).is_err())
    }

    /// All that is known of a message.
    pub fn seen<'a>(&'a self, known: &'a Known) -> Seen<'a> {
        let name = known.account.as_deref();
        let pause = self.pauses.iter().find(|(account, _)| account == name.unwrap_or(NONE));
        Seen {
            listed: &known.listed,
            account: name,
            pause: pause.map(|(_, pause)| pause),
            has_no_domain: known.has_no_domain,
            schedule: &self.settings.schedule,
            now: self.now,
        }
    }

    fn account(&self, entry: &Entry) -> Option<String> {
        let submission = &entry.submission;
        if submission.account.is_some() {
            return submission.account.clone();
        }
        if let Some((_, account)) = self.last.borrow().as_ref().filter(|(of, _)| *of == submission.sender) {
            return account.clone();
        }
        let account = self.chosen(entry).map(|chosen| chosen.account.name);
        *self.last.borrow_mut() = Some((submission.sender.clone(), account.clone()));
        account
    }

    fn chosen(&self, entry: &Entry) -> Option<Chosen> {
        chosen(self.configuration.as_ref()?, entry).ok()?
    }

    /// When to send a message again of which nobody knows whether it arrived.
    pub fn next_unknown(&self, entry: &Entry) -> Option<Moment> {
        let of_account = || on_unknown_of(&self.chosen(entry)?.account, std::path::Path::new("")).ok()?;
        let policy = entry.submission.on_unknown.or_else(of_account).unwrap_or(self.settings.on_unknown);
        self.settings.schedule.next_unknown(policy, self.now)
    }
}
