//! What an enhanced status code means after a command (RFC 3463, section 3, and its registry):
//! tables/enhanced.tsv.

use super::after::After;
use super::table::{Codes, Meaning, Table};
use ehlo_smtp::status::EnhancedStatus;

const STATUSES: Codes = Table::new(include_str!("tables/enhanced.tsv"));

/// Whether subject and detail are in the registry.
pub(super) fn is_registered(status: EnhancedStatus) -> bool {
    STATUSES.rows_of(&in_all_classes(status)).next().is_some()
}

/// What the status means after this, if it means anything there. If its detail is not registered, its subject
/// says something, or else its class does.
pub(super) fn find(status: EnhancedStatus, after: Option<After>) -> Option<Meaning> {
    let found = registered(status, after);
    if found.is_some() || is_registered(status) {
        return found;
    }
    let about = STATUSES.rows_of(&format!("x.{}.x", status.subject)).next();
    let [_, commands, cells @ ..] = about.or_else(|| STATUSES.rows_of("x.x.x").next())?;
    Meaning::read(cells).filter(|_| After::is_among(after, commands))
}

/// What a registered status says that nobody expects after this command: only its name, since RFC 3463 ties
/// no status to a command.
pub(super) fn elsewhere(status: EnhancedStatus) -> Option<Meaning> {
    let meaning = registered(status, None)?;
    Some(Meaning { who: "any server", advice: "read the text after the code", says_again: false, ..meaning })
}

fn registered(status: EnhancedStatus, after: Option<After>) -> Option<Meaning> {
    let of_class = STATUSES.meaning(&status.to_string(), after);
    of_class.or_else(|| STATUSES.meaning(&in_all_classes(status), after))
}

fn in_all_classes(status: EnhancedStatus) -> String {
    format!("x.{}.{}", status.subject, status.detail)
}
