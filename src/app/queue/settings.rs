//! What the tables `queue` and `sendmail` of the configuration say. A key counts from the first file that has it,
//! the user's own before the machine's.

use super::super::configuration::{Configuration, path, wrong};
use super::super::early_exit::Result;
use crate::config::accounts::{Account, Config, Given, Value};
use crate::report::text::printable;
use crate::spool::schedule::Schedule;
use crate::spool::{Limits, OnUnknown};
use std::path::PathBuf;
use std::time::Duration;

/// Who is told of messages that do not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BounceTo {
    /// Their sender.
    #[default]
    Sender,
    /// The postmaster of this machine.
    Postmaster,
    /// A file.
    Mbox,
    /// Nobody: the log has it.
    Log,
}

/// How the queue behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSettings {
    /// When messages are tried again, and how long.
    pub schedule: Schedule,
    /// What becomes of a message of which nobody knows whether it arrived.
    pub on_unknown: OnUnknown,
    /// Who is told of messages that do not arrive.
    pub bounce_to: BounceTo,
    /// What it takes.
    pub limits: Limits,
    /// How long failed messages are kept.
    pub keep_failed: Duration,
    /// How many messages of one user wait at most in the queue of a machine, and how many octets.
    pub per_user: u64,
    pub per_user_size: u64,
}

impl Default for QueueSettings {
    fn default() -> QueueSettings {
        QueueSettings {
            schedule: Schedule::default(),
            on_unknown: OnUnknown::Retry,
            bounce_to: BounceTo::Sender,
            limits: Limits::default(),
            keep_failed: Duration::from_secs(30 * 24 * 60 * 60),
            per_user: 1000,
            per_user_size: 500_000_000,
        }
    }
}

/// How `ehlo sendmail` behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendmailSettings {
    /// Messages go into the queue; if not, they are sent at once.
    pub queue: bool,
    /// The domain of names that have none.
    pub domain: Option<String>,
    /// Where the aliases are.
    pub aliases: PathBuf,
    /// With `-odi`, the program waits until the message was tried once.
    pub odi_waits: bool,
    /// Two dots at the start of a line are one.
    pub dot_unstuff: bool,
}

impl Default for SendmailSettings {
    fn default() -> SendmailSettings {
        SendmailSettings {
            queue: true,
            domain: None,
            aliases: PathBuf::from("/etc/aliases"),
            odi_waits: false,
            dot_unstuff: false,
        }
    }
}

/// The value of a key, with its file.
fn value<'c>(configuration: &'c Configuration, key: &str) -> Option<(&'c Config, &'c Given)> {
    configuration.files.iter().find_map(|config| Some((config, config.value(key)?)))
}

fn number(configuration: &Configuration, key: &str) -> Option<u64> {
    match &value(configuration, key)?.1.value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

pub(super) fn time(configuration: &Configuration, key: &str) -> Option<Duration> {
    number(configuration, key).map(Duration::from_secs)
}

fn flag(configuration: &Configuration, key: &str) -> Option<bool> {
    match value(configuration, key)?.1.value {
        Value::Flag(flag) => Some(flag),
        _ => None,
    }
}

pub(super) fn text<'c>(
    configuration: &'c Configuration,
    key: &str,
) -> Option<(&'c Config, &'c Given, &'c str)> {
    let (config, given) = value(configuration, key)?;
    match &given.value {
        Value::Text(text) => Some((config, given, text)),
        _ => None,
    }
}

/// The place of one of a few words among them.
fn word(configuration: &Configuration, key: &str, known: &[&str]) -> Result<Option<usize>> {
    let Some((config, given, text)) = text(configuration, key) else { return Ok(None) };
    match known.iter().position(|word| *word == text) {
        None => Err(wrong(&config.file, given.line, &no_such_word(key, text, known))),
        place => Ok(place),
    }
}

fn no_such_word(key: &str, text: &str, known: &[&str]) -> String {
    let name = key.rsplit('.').next().unwrap_or(key);
    format!("'{name}' needs one of {}, not '{}'", known.join(", "), printable(text))
}

/// The words of `on-unknown`.
const ON_UNKNOWN: &[&str] = &["retry", "hold"];

fn on_unknown(place: usize) -> OnUnknown {
    if place == 0 { OnUnknown::Retry } else { OnUnknown::Hold }
}

/// What an account says of messages of which nobody knows whether they arrived.
pub fn on_unknown_of(account: &Account, file: &std::path::Path) -> Result<Option<OnUnknown>> {
    const KEY: &str = "on-unknown";
    let Some(text) = account.text(KEY) else { return Ok(None) };
    match ON_UNKNOWN.iter().position(|word| *word == text) {
        Some(place) => Ok(Some(on_unknown(place))),
        None => Err(wrong(file, account.line_of(KEY), &no_such_word(KEY, text, ON_UNKNOWN))),
    }
}

/// The table `queue`.
pub fn of_queue(configuration: &Configuration) -> Result<QueueSettings> {
    let usual = QueueSettings::default();
    let retry = value(configuration, "queue.retry").and_then(|(_, given)| match &given.value {
        Value::Numbers(seconds) => Some(seconds.iter().copied().map(Duration::from_secs).collect()),
        _ => None,
    });
    let bounce_to = word(configuration, "queue.bounce-to", &["sender", "postmaster", "mbox", "log"])?;
    Ok(QueueSettings {
        schedule: Schedule {
            retry: retry.unwrap_or(usual.schedule.retry),
            give_up: time(configuration, "queue.give-up").unwrap_or(usual.schedule.give_up),
            warn_after: time(configuration, "queue.warn-after"),
            unknown_after: time(configuration, "queue.unknown-after").unwrap_or(usual.schedule.unknown_after),
        },
        on_unknown: word(configuration, "queue.on-unknown", ON_UNKNOWN)?.map_or(usual.on_unknown, on_unknown),
        bounce_to: match bounce_to {
            Some(1) => BounceTo::Postmaster,
            Some(2) => BounceTo::Mbox,
            Some(3) => BounceTo::Log,
            _ => BounceTo::Sender,
        },
        limits: Limits {
            min_free: number(configuration, "queue.min-free"),
            max_size: number(configuration, "queue.max-size").unwrap_or(usual.limits.max_size),
            max_recipients: number(configuration, "queue.max-recipients")
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(usual.limits.max_recipients),
        },
        keep_failed: time(configuration, "queue.keep-failed").unwrap_or(usual.keep_failed),
        per_user: number(configuration, "queue.per-user").unwrap_or(usual.per_user),
        per_user_size: number(configuration, "queue.per-user-size").unwrap_or(usual.per_user_size),
    })
}

/// The table `sendmail`.
pub fn of_sendmail(configuration: &Configuration) -> Result<SendmailSettings> {
    let usual = SendmailSettings::default();
    let aliases = text(configuration, "sendmail.aliases");
    Ok(SendmailSettings {
        queue: flag(configuration, "sendmail.queue").unwrap_or(usual.queue),
        domain: text(configuration, "sendmail.domain").map(|(_, _, text)| text.to_owned()),
        aliases: aliases.map_or(usual.aliases, |(config, _, text)| path(&config.file, text)),
        odi_waits: word(configuration, "sendmail.odi", &["background", "wait"])? == Some(1),
        dot_unstuff: flag(configuration, "sendmail.dot-unstuff").unwrap_or(usual.dot_unstuff),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accounts;
    use std::path::Path;

    fn read(texts: &[&str]) -> Configuration {
        let file = |text: &&str| accounts::read(text, Path::new("/etc/ehlo/config.toml")).unwrap();
        Configuration { files: texts.iter().map(file).collect(), passed_over: None }
    }

    #[test]
    fn a_key_counts_from_the_first_file_that_has_it() {
        let configuration = read(&[
            "[queue]\nretry = ['1m', '1h']\nmax-size = '1k'\n",
            "[queue]\nretry = '9m'\ngive-up = '1d'\nwarn-after = '4h'\non-unknown = 'hold'\n\
             bounce-to = 'mbox'\nmin-free = '2M'\nmax-recipients = 7\nkeep-failed = '2d'\n\
             per-user = 9\nper-user-size = '1M'\nunknown-after = '3m'\n\
             [sendmail]\nqueue = false\ndomain = 'x.org'\naliases = 'names'\nodi = 'wait'\ndot-unstuff = true\n",
        ]);
        let seconds = Duration::from_secs;
        let queue = of_queue(&configuration).unwrap();
        let schedule = Schedule {
            retry: vec![seconds(60), seconds(3600)],
            give_up: seconds(86400),
            warn_after: Some(seconds(14400)),
            unknown_after: seconds(180),
        };
        let limits = Limits { min_free: Some(2_000_000), max_size: 1000, max_recipients: 7 };
        let (on_unknown, bounce_to, keep_failed) = (OnUnknown::Hold, BounceTo::Mbox, seconds(172_800));
        let (per_user, per_user_size) = (9, 1_000_000);
        assert_eq!(
            queue,
            QueueSettings { schedule, on_unknown, bounce_to, limits, keep_failed, per_user, per_user_size }
        );
        let sendmail = of_sendmail(&configuration).unwrap();
        assert_eq!(
            sendmail,
            SendmailSettings {
                queue: false,
                domain: Some("x.org".to_owned()),
                aliases: PathBuf::from("/etc/ehlo/names"),
                odi_waits: true,
                dot_unstuff: true,
            }
        );
        assert_eq!(of_queue(&read(&[""])).unwrap(), QueueSettings::default());
        assert_eq!(of_sendmail(&read(&[])).unwrap(), SendmailSettings::default());
    }

    #[test]
    fn a_word_that_is_none_of_the_known_ones_is_told_with_its_line() {
        let error = |text| of_queue(&read(&[text])).unwrap_err().report().text;
        assert_eq!(
            error("[queue]\non-unknown = 'ask'\n"),
            "/etc/ehlo/config.toml, line 2: 'on-unknown' needs one of retry, hold, not 'ask'"
        );
        assert_eq!(
            error("[queue]\nbounce-to = 'me'\n"),
            "/etc/ehlo/config.toml, line 2: 'bounce-to' needs one of sender, postmaster, mbox, log, not 'me'"
        );
    }
}
