//! What the database says is wrong, as an error of the queue (PostgreSQL's manual, appendix A: error codes).

use crate::spool::error::{DatabaseFault, SpoolError};
use postgres::Error;
use postgres::error::SqlState;
use std::error::Error as _;

/// The name of a message that is another one's: ehlo.submit.
pub const TAKEN: &str = "EH001";

/// Whether the connection has ended, or the server is about to end it.
pub fn is_lost(error: &Error) -> bool {
    let ends = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::DATABASE_DROPPED,
        SqlState::IDLE_SESSION_TIMEOUT,
        // A connection to what was the primary a moment ago.
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    error.is_closed() || error.code().is_none_or(|code| ends.contains(code))
}

/// An error of the queue.
pub fn fault_of(error: &Error) -> SpoolError {
    let fault = match error.code() {
        None if is_of_trust(error) => DatabaseFault::Trust,
        None if is_of_configuration(error) => DatabaseFault::LogIn,
        None => DatabaseFault::Unreachable,
        Some(code) => of_code(code),
    };
    SpoolError::Database { fault, said: said(error) }
}

fn of_code(code: &SqlState) -> DatabaseFault {
    let is = |known: &[SqlState]| known.contains(code);
    if is(&[SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME, SqlState::UNDEFINED_FUNCTION]) {
        DatabaseFault::NoQueue
    } else if is(&[SqlState::DUPLICATE_SCHEMA, SqlState::DUPLICATE_TABLE]) {
        DatabaseFault::HasQueue
    } else if is(&[SqlState::INSUFFICIENT_PRIVILEGE]) {
        DatabaseFault::Permission
    } else if code.code().starts_with("28") || is(&[SqlState::INVALID_CATALOG_NAME]) {
        DatabaseFault::LogIn
    } else if is(&[SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY]) {
        DatabaseFault::Full
    } else if is(&[SqlState::READ_ONLY_SQL_TRANSACTION]) {
        DatabaseFault::ReadOnly
    } else if is(&[SqlState::QUERY_CANCELED, SqlState::LOCK_NOT_AVAILABLE]) {
        DatabaseFault::Slow
    } else if code.code().starts_with("08")
        || code.code().starts_with("57P")
        || is(&[SqlState::TOO_MANY_CONNECTIONS])
    {
        DatabaseFault::Unreachable
    } else {
        DatabaseFault::Other
    }
}

/// Whether TLS is what failed.
fn is_of_trust(error: &Error) -> bool {
    let text = error.to_string();
    text.contains("TLS") || causes(error).iter().any(|cause| cause.contains("certificate"))
}

/// Whether the log-in failed here, before the server had a say: a password is missing, or the server does not prove
/// that it knows it.
fn is_of_configuration(error: &Error) -> bool {
    let text = error.to_string();
    text.contains("authentication") || text.contains("password") || text.contains("configuration")
}

/// What there is to say, in one line.
fn said(error: &Error) -> String {
    if let Some(error) = error.as_db_error() {
        return printable(error.message());
    }
    let mut text = error.to_string();
    // It begins with a word for what was being done.
    if let Some(cause) = causes(error).last().filter(|cause| !text.ends_with(cause.as_str())) {
        text = cause.clone();
    }
    printable(&text)
}

/// What is behind an error, the last cause last.
fn causes(error: &Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes
}

/// A text in one line, without control characters, and not too long.
fn printable(text: &str) -> String {
    text.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
