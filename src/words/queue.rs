//! What is said of the queue: what is wrong with it or with a message in it, what happened to a message, and why
//! it waits.

use crate::net::error::plain;
use crate::spool::error::{Damage, DatabaseFault, Unfit};
use crate::spool::{Entry, Event, Listed, NO_SERVER, Pause, SpoolError, Standing, State};

/// Said of a message with a name that has no domain.
const NO_DOMAIN: &str = "a name in it has no domain: set domain in [sendmail] of config.toml";

/// What is wrong, and what to do.
#[must_use]
pub fn error(error: &SpoolError) -> String {
    match error {
        SpoolError::Io { error: cause, .. } | SpoolError::Source(cause) => {
            format!("{error}: {}", plain(cause))
        }
        SpoolError::NoRoom { .. } => format!("{error}: make room, or set min-free in [queue] of config.toml"),
        SpoolError::NoFiles { .. } => format!("{error}: remove some files"),
        SpoolError::TooLarge { .. } => format!("{error}: max-size in [queue] of config.toml sets the limit"),
        SpoolError::TooManyRecipients { .. } => {
            format!("{error}: max-recipients in [queue] of config.toml sets the limit")
        }
        SpoolError::Newer { .. } => format!("{error}: use the newer one that made it"),
        SpoolError::NotAQueue { path, why: Unfit::WritableByOthers } => {
            format!("{error}: run 'chmod go-w {}'", path.display())
        }
        SpoolError::NotAQueue { .. } => format!("{error}: move it away, and a queue is made there"),
        SpoolError::Busy(id) => format!("message {id} is being sent: try again when that is over"),
        SpoolError::Damaged { id, damage: Damage::Newer } => {
            format!("a newer version of ehlo wrote message {id}: use that one")
        }
        SpoolError::Damaged { .. } => format!("{error}; the next run moves it to corrupt/"),
        SpoolError::Gone(_) => error.to_string(),
        SpoolError::Lost(id) => format!(
            "message {id} is another worker's by now: this one was out for longer than its lease, and does nothing more \
             with it"
        ),
        SpoolError::Database { fault, .. } => format!("{error}{}", what_to_do(*fault)),
    }
}

/// What to do about a database that fails.
fn what_to_do(fault: DatabaseFault) -> &'static str {
    use DatabaseFault as Fault;
    match fault {
        Fault::Unreachable | Fault::Slow | Fault::ReadOnly => ": messages wait until it answers",
        Fault::LogIn => ": check the role, the database and the password",
        Fault::Trust => {
            ": its certificate must be for the name in the URL; ca-file in [queue] names who vouches for it"
        }
        Fault::Permission => ": a worker needs the role ehlo_work, or what was granted to it",
        Fault::NoQueue => ": make it with 'ehlo queue init URL'",
        Fault::HasQueue => ", and it stays as it is",
        Fault::Newer(_) => ": use the newer one that made it",
        Fault::Full => ": make room there; messages wait until then",
        Fault::Other => "",
    }
}

/// What slows the queue down, and what to do.
#[cfg(feature = "postgres")]
#[must_use]
pub fn alarm(alarm: &crate::spool::postgres::Alarm) -> String {
    use crate::spool::postgres::Alarm;
    match alarm {
        Alarm::OldTransaction { pid, name, lasted } => format!(
            "the database gets slow: a transaction of '{}' has been open for {} minutes, and nothing can be cleared away \
             meanwhile: end it, or its connection with 'select pg_terminate_backend({pid})'",
            name.escape_default(),
            lasted.as_secs() / 60
        ),
        Alarm::DeadRows(count) => format!(
            "the database gets slow: {count} dead rows in the table ehlo.work: 'vacuum ehlo.work' clears them away, and \
             autovacuum should"
        ),
    }
}

/// Why a message waits, or what was said last of somebody who waits for it; nothing where there is no more to say
/// than the word for its state.
#[must_use]
pub fn reason(listed: &Listed, standing: Standing, pause: Option<&Pause>) -> Option<String> {
    let state = &listed.state;
    let last_of = |is: fn(State) -> bool| {
        let mut those = state.recipients.iter().filter(move |one| is(one.state));
        those.find_map(|one| one.said.as_deref()).map(str::to_owned)
    };
    match (standing, &state.held) {
        (Standing::Held, Some(hold)) => Some(hold.why.clone()),
        (Standing::NoDomain, _) => Some(NO_DOMAIN.to_owned()),
        (Standing::AccountDown, _) => pause.map(|pause| pause.why.clone()),
        (Standing::Unknown, _) => last_of(|state| matches!(state, State::Unknown { .. }))
            .or_else(|| Some("whoever sent it vanished before the reply".to_owned())),
        (Standing::Decided, _) => last_of(|_| true),
        _ => last_of(|state| !state.is_final()),
    }
}

/// Who did something: a user by number, or the program.
#[must_use]
pub fn by(who: &str) -> String {
    match who.parse::<u32>() {
        Ok(uid) => format!("user {uid}"),
        Err(_) => who.to_owned(),
    }
}

/// An event. When the next try is, is not said.
#[must_use]
pub fn event(event: &Event, entry: &Entry) -> String {
    let who = |places: &[usize]| recipients(places, entry);
    match event {
        Event::Attempt { number, server, .. } if server == NO_SERVER => {
            format!("attempt {number}: no server was met")
        }
        Event::Attempt { number, server, tls } => {
            let tls =
                tls.as_ref().map_or_else(|| "without TLS".to_owned(), |version| format!("by {version}"));
            format!("attempt {number}: connected to {server} {tls}")
        }
        Event::Dot { number, places } => {
            format!("attempt {number}: the end of the message is about to be sent to {}", who(places))
        }
        Event::Accepted { places, said, .. } => format!("accepted for {}: {said}", who(places)),
        Event::Refused { places, said, .. } => format!("refused for {}: {said}", who(places)),
        Event::Deferred { places, said, .. } => format!("deferred for {}: {said}", who(places)),
        Event::Unknown { places, said, .. } => {
            format!("unknown whether it arrived for {}: {said}", who(places))
        }
        Event::GivenUp { places, said } => format!("given up for {}: {said}", who(places)),
        Event::Told { places, notice: Some(notice), what } => {
            format!("sender told ({what}) of {} by message {notice}", who(places))
        }
        Event::Told { places, notice: None, .. } => format!("sender need not be told of {}", who(places)),
        Event::Held { by: one, why } => format!("held by {}: {why}", by(one)),
        Event::Released { by: one } => format!("released by {}", by(one)),
        Event::Retry { places, by: one } => format!("made due by {} for {}", by(one), who(places)),
        Event::Removed { places, by: one, tell } => {
            let told = if *tell { ", and the sender is to be told" } else { "" };
            format!("removed by {} for {}{told}", by(one), who(places))
        }
        Event::HandedOn { to } => format!("handed on to {to}"),
        Event::Confirmed { places, by: one } => format!("{} says that {} got it", by(one), who(places)),
    }
}

/// The first of these, and how many more there are.
fn recipients(places: &[usize], entry: &Entry) -> String {
    let all = &entry.submission.recipients;
    let first = places.first().and_then(|place| all.get(*place));
    let first = first.map_or("nobody", |recipient| recipient.address.as_str());
    match places.len() {
        0 | 1 => first.to_owned(),
        count => format!("{first} and {} more", count - 1),
    }
}
