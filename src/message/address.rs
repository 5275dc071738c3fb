//! Address lists: display names, comments, groups, routes (RFC 5322, sections 3.4 and 4.4; UTF-8: RFC 6532).
//!
//! Lists are read as people and programs write them, wherever only one meaning is possible: a name in front
//! of `<>` can hold whatever separates no addresses, the last group can stay open, members can be separated
//! by semicolons, and a local part can have its dots anywhere. An address is never guessed: what is not one
//! is an error with its position. The mailbox itself is checked by [`ehlo_smtp::path`]; encoded words in a
//! name are read in word.rs.
//!
//! ```abnf
//! list    = *( [member] ( "," / ";" ) ) [member]
//! member  = mailbox / phrase ":" list ( ";" / end )
//! mailbox = [name] "<" [route] addr-spec ">" / [name] "<" ">" / addr-spec / bare-name
//! name    = phrase, but for any other character than "," ";" ":" "<" ">" in place of an atom
//! ```

mod entry;
mod error;
mod list;
mod mailbox;
mod marks;
mod name;
mod tokens;

use ehlo_smtp::path::Domain;
pub use entry::{Address, List};
pub use error::{AddressError, AddressFault};
use tokens::Parser;

/// Reads a list of addresses; groups are opened, comments, routes and empty members dropped. An empty list is
/// a list, too. A bare name (`root`) gets `default_domain`; without one it is an error, but for `Postmaster`,
/// which needs none (RFC 5321, section 4.1.1.3).
///
/// # Errors
/// [`AddressError`], with the position in `text`.
pub fn read_list(text: &str, default_domain: Option<&Domain>) -> Result<List, AddressError> {
    let found = List { addresses: Vec::new(), has_group: false, nobody: None, is_regular: true };
    let mut parser = Parser { text: text.chars().collect(), at: 0, default_domain, found };
    // An editor's mark at the start of a text is no part of it.
    while parser.peek().is_some_and(marks::is_invisible) {
        (parser.found.is_regular, parser.at) = (false, parser.at + 1);
    }
    parser.list()?;
    Ok(parser.found)
}

/// The addresses that [`read_list`] finds.
///
/// # Errors
/// [`AddressError`]: also for `<>`, which is no address.
pub fn parse_list(text: &str, default_domain: Option<&Domain>) -> Result<Vec<Address>, AddressError> {
    let list = read_list(text, default_domain)?;
    match list.nobody {
        Some(position) => Err(AddressError { position, fault: AddressFault::Nobody }),
        None => Ok(list.addresses),
    }
}

/// Reads exactly one address, as [`parse_list`] does.
///
/// # Errors
/// [`AddressError`]: also if there is no address, or more than one.
pub fn parse_one(text: &str, default_domain: Option<&Domain>) -> Result<Address, AddressError> {
    let mut list = parse_list(text, default_domain)?.into_iter();
    match (list.next(), list.next()) {
        (Some(address), None) => Ok(address),
        (None, _) => Err(AddressError { position: 1, fault: AddressFault::Missing }),
        (Some(_), Some(_)) => Err(AddressError { position: 1, fault: AddressFault::TooMany }),
    }
}

#[cfg(test)]
mod tests;
