//! The database that is named, by `--database` or in the configuration: its URL, its password, and whom to trust.

use super::super::configuration::{Configuration, credential, path, wrong};
use super::super::early_exit::{EarlyExit, Result};
use super::super::{host, secrets};
use super::settings::{text, time};
use crate::cli::QueueArgs;
use crate::config::secret::Secret;
use crate::net::Deadline;
use crate::net::tls::{DatabaseTls, for_database};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::spool::SpoolError;
use crate::spool::error::DatabaseFault;
use crate::spool::postgres::{Database, Open, Timing};
use crate::words;
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a connection may take, a command that gives the password, and what was sent and is not acknowledged.
const CONNECT: Duration = Duration::from_secs(10);
const SECRET: Duration = Duration::from_secs(30);
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// A database, before anything of it is asked.
pub struct Named {
    config: Config,
    /// As it was named: there is no password in it.
    pub url: String,
    ca_file: Option<PathBuf>,
    timing: Timing,
}

/// Where it was named: what is wrong is told with that, and with a status that fits.
enum Place<'c> {
    Flag,
    File(&'c Path, usize),
}

impl Place<'_> {
    fn wrong(&self, what: &str) -> EarlyExit {
        match self {
            Place::Flag => EarlyExit::usage(format!("the URL of the database {what}")),
            Place::File(file, line) => wrong(file, *line, &format!("'database' {what}")),
        }
    }
}

/// The database that `--database` names, or the configuration; nothing where neither does.
pub fn named(
    args: Option<&QueueArgs>,
    configuration: Option<&Configuration>,
    output: &Output,
) -> Result<Option<Named>> {
    let of_file = configuration.and_then(|all| text(all, "queue.database"));
    let typed = args.and_then(|args| args.database.as_deref());
    let (url, place) = match (typed, of_file) {
        (Some(url), _) => (url, Place::Flag),
        (None, Some((config, given, url))) => (url, Place::File(&config.file, given.line)),
        (None, None) => return Ok(None),
    };
    let mut named = parsed(url, &place)?;
    // What the configuration says is about the database that it names.
    let is_of_file = of_file.is_some_and(|(_, _, own)| own == url);
    let own = configuration.filter(|_| is_of_file);
    let timing = configuration.map_or_else(Timing::default, timing);
    let ca_file = own.and_then(|all| text(all, "queue.ca-file"));
    named.ca_file = args
        .and_then(|args| args.ca_file.clone())
        .or_else(|| ca_file.map(|(config, _, text)| path(&config.file, text)));
    named.timing = timing;
    if let Some(secret) = secret(args, own, output)? {
        named.config.password(secret.reveal());
    }
    Ok(Some(named))
}

/// The database of this URL, which `init` is given.
pub fn of_url(url: &str, args: &QueueArgs, output: &Output) -> Result<Named> {
    let mut named = parsed(url, &Place::Flag)?;
    named.ca_file.clone_from(&args.ca_file);
    if let Some(secret) = secret(Some(args), None, output)? {
        named.config.password(secret.reveal());
    }
    Ok(named)
}

fn parsed(url: &str, place: &Place<'_>) -> Result<Named> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(place.wrong("needs a form such as postgres://role@host/database"));
    }
    // What is wrong with it is not repeated: it may be the password.
    let mut config: Config =
        url.parse().map_err(|_| place.wrong("cannot be read: it is postgres://role@host/database"))?;
    if config.get_password().is_some() {
        let text = "holds a password, which others can see: give it by password-file, password-command or \
                    password-credential";
        return Err(place.wrong(text));
    }
    if config.get_user().is_none() {
        return Err(place.wrong("names no role: it is postgres://role@host/database"));
    }
    let is_near = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || is_loopback(name),
        Host::Unix(_) => true,
    });
    let wants_tls = url.contains("sslmode=require") || url.contains("sslmode=verify-full");
    match (is_near, url.contains("sslmode=disable")) {
        (false, true) => {
            return Err(place.wrong("says sslmode=disable, but the server is not on this machine"));
        }
        (true, _) if !wants_tls => config.ssl_mode(SslMode::Disable),
        _ => config.ssl_mode(SslMode::Require),
    };
    if config.get_application_name().is_none() {
        config.application_name("ehlo");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config
        .tcp_user_timeout(UNACKNOWLEDGED)
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
    Ok(Named { config, url: url.to_owned(), ca_file: None, timing: Timing::default() })
}

fn is_loopback(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How long leases last.
fn timing(configuration: &Configuration) -> Timing {
    let usual = Timing::default();
    let lease = time(configuration, "queue.lease").unwrap_or(usual.lease);
    Timing {
        lease,
        dot: time(configuration, "queue.dot-lease").unwrap_or(usual.dot),
        slot: usual.slot.min(lease),
    }
}

/// The password, where any is named.
fn secret(
    args: Option<&QueueArgs>,
    configuration: Option<&Configuration>,
    output: &Output,
) -> Result<Option<Secret>> {
    let until = Deadline::after(SECRET);
    if let Some(file) = args.and_then(|args| args.password_file.as_deref()) {
        return secrets::from_file(file, until, output).map(Some);
    }
    if let Some(command) = args.and_then(|args| args.password_command.as_deref()) {
        return secrets::from_command(command, "password", "--password-command", &[], until).map(Some);
    }
    let Some(configuration) = configuration else { return Ok(None) };
    if let Some((config, _, text)) = text(configuration, "queue.password-file") {
        return secrets::from_file(&path(&config.file, text), until, output).map(Some);
    }
    if let Some((_, _, command)) = text(configuration, "queue.password-command") {
        return secrets::from_command(command, "password", "password-command", &[], until).map(Some);
    }
    if let Some((config, given, name)) = text(configuration, "queue.password-credential") {
        let failed = |what: &str| wrong(&config.file, given.line, &format!("'password-credential'{what}"));
        return secrets::from_file(&credential(name, failed)?, until, output).map(Some);
    }
    Ok(None)
}

impl Named {
    /// The queue in it; nothing is asked yet. Messages that are handed on come from this spool.
    pub fn queue(self, origin: String) -> Result<Database> {
        let tls = match self.config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(for_database(self.ca_file).map_err(|error| {
                EarlyExit::of(
                    ExitStatus::CONFIG,
                    format!("TLS for the database: {}", words::net::tls(&error)),
                )
            })?),
        };
        let host = host::full_name().map_or_else(
            || rustix::system::uname().nodename().to_string_lossy().into_owned(),
            |name| name.as_str().to_owned(),
        );
        let opener = Opener { config: self.config, tls };
        Ok(Database::new(Box::new(opener), self.timing, host, origin))
    }
}

/// The database, where it answers.
pub fn answering(named: Named, origin: String) -> Result<Database> {
    let database = named.queue(origin)?;
    database.check().map_err(|error| unusable(&error))?;
    Ok(database)
}

/// A database that cannot be used, as it is told.
pub fn unusable(error: &SpoolError) -> EarlyExit {
    let status = match error {
        SpoolError::Database { fault, .. } if !fault.passes() => match fault {
            DatabaseFault::Permission => ExitStatus::NO_PERMISSION,
            _ => ExitStatus::CONFIG,
        },
        _ => ExitStatus::TEMPORARY,
    };
    EarlyExit::of(status, words::queue::error(error))
}

/// Opens connections.
struct Opener {
    config: Config,
    tls: Option<DatabaseTls>,
}

impl Open for Opener {
    fn open(&self) -> std::result::Result<Client, postgres::Error> {
        match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        }
    }
}
