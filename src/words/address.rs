//! What helps where an address cannot be read: what to write, and the flag.

use crate::message::address::AddressFault;
use crate::message::header::HeaderError;
use ehlo_smtp::path::PathFault;

/// What helps against a fault in a list of addresses; in one that has names, a bare name may be a part of
/// one.
#[must_use]
pub fn way_out(fault: &AddressFault, has_names: bool) -> &'static str {
    match fault {
        AddressFault::Bare(_) if has_names => {
            "; add one, name the domain of all such names with --domain, or put quotation marks around a \
             name with a comma in it"
        }
        AddressFault::Bare(_) => "; add one, or name the domain of all such names with --domain",
        AddressFault::Unexpected(_)
        | AddressFault::End
        | AddressFault::OpenQuote
        | AddressFault::OpenComment
        | AddressFault::OpenAngle => {
            "; put quotation marks around a name, <> around its address, and a comma between two"
        }
        AddressFault::Lost(_) => {
            "; put a comma between two addresses, or quotation marks around the whole name"
        }
        AddressFault::Mark(_) => "; leave it out",
        AddressFault::Encoded => "; write the local part as it is, in UTF-8",
        AddressFault::Nobody => "; leave it out, or put an address between '<' and '>'",
        AddressFault::Mailbox(PathFault::EmptyDomain) => {
            "; remove a dot at the start or end of the domain, and one of two dots in a row"
        }
        AddressFault::Mailbox(PathFault::Unexpected('\'')) => "; write the address without apostrophes",
        _ => "",
    }
}

/// The same of an address in a header.
#[must_use]
pub fn way_out_of_header(error: &HeaderError) -> &'static str {
    match error {
        HeaderError::Address { error, .. } => way_out(&error.fault, true),
        _ => "",
    }
}
