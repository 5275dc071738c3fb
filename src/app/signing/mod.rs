//! DKIM as it is asked for: which keys sign a message, whether they are the published ones, and the signatures themselves.
//! The signing is `dkim`'s.

mod author;
mod check;
mod keys;

use super::clock::now;
use super::early_exit::{EarlyExit, Result};
use super::resolver;
use crate::cli::SigningArgs;
use crate::dkim::{Signer, SigningKey, Unsigned, sign};
use crate::message::source::is_changed;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::words;
use ehlo_smtp::content::Content;
use ehlo_smtp::path::Domain;

pub use check::{PATIENCE, check_key};
pub use keys::{Wanted, by_account, by_flags};

/// What the daemon of this machine takes is signed by its accounts.
///
/// # Errors
/// The flags ask for signatures, or for a look at the keys.
pub fn not_for_machine(args: &SigningArgs) -> Result<()> {
    let (flag, way_out) = match (by_flags(args)?, args.dkim_check) {
        (None, false) => return Ok(()),
        (Some(_), _) => ("--dkim-key", "an account with 'dkim' signs them there"),
        (None, true) => ("--dkim-check", "its accounts sign them: check those with 'ehlo account test'"),
    };
    Err(EarlyExit::usage(format!(
        "{flag}: the queue of this machine puts messages in order itself; {way_out}"
    )))
}

/// Who signs a message, and when.
#[derive(Debug)]
pub enum Signs {
    /// Nobody.
    Nobody,
    /// These keys, now.
    Now(Wanted),
    /// An account's, when the queue sends the message.
    Later(Wanted),
}

/// Makes the signatures of a message. `sender` is the domain of a key that names none, where From has none either. The
/// published keys are looked at first, where that is asked for.
///
/// # Errors
/// There is nothing to check; the message cannot be signed.
pub fn made(
    signs: &Signs,
    args: &SigningArgs,
    sender: Option<&Domain>,
    content: &dyn Content,
    until: Deadline,
    output: &Output,
) -> Result<Made> {
    let wanted = match signs {
        Signs::Nobody if args.dkim_check => {
            return Err(EarlyExit::usage("--dkim-check needs --dkim-key, or an account with 'dkim'"));
        }
        Signs::Later(wanted) if !args.dkim_check => {
            return Ok(Made { by: wanted.in_words(), ..Made::default() });
        }
        Signs::Nobody => return Ok(Made::default()),
        Signs::Now(wanted) | Signs::Later(wanted) => wanted,
    };
    let of_author = match wanted.needs_a_domain() {
        true => author::domain(content),
        false => None,
    };
    let signer = wanted.signer(of_author.as_ref().or(sender), until, output)?;
    if args.dkim_check {
        check::check(&signer, &resolver::of(&args.resolver)?, until, output)?;
    }
    if matches!(signs, Signs::Later(_)) {
        return Ok(Made { by: wanted.in_words(), ..Made::default() });
    }
    let in_words = |key: &SigningKey| {
        format!("by {}, selector {} ({})", key.domain(), key.selector(), key.key().algorithm())
    };
    Ok(Made {
        by: signer.keys().iter().map(in_words).collect(),
        fields: signatures(&signer, content, output)?,
    })
}

/// Signatures of a message.
#[derive(Debug, Default)]
pub struct Made {
    /// Their fields, each with its CRLF; empty if nobody signs.
    pub fields: String,
    /// Who signs, in words.
    pub by: Vec<String>,
}

/// The signatures of a message, each field with its CRLF. What may not survive on its way is told.
fn signatures(signer: &Signer, content: &dyn Content, output: &Output) -> Result<String> {
    let signed = sign(signer, content, now()).map_err(|error| match error {
        Unsigned::Sign(error) => EarlyExit::data(words::dkim::sign(&error)),
        Unsigned::Content(error) if is_changed(&error) => {
            EarlyExit::of(ExitStatus::NO_INPUT, "the message changed while it was signed")
        }
        Unsigned::Content(error) => EarlyExit::no_input(error, "cannot read the message".to_owned()),
    })?;
    if content.facts().eight_bit {
        output.warn(
            "the message is signed, but has 8-bit content: a server that converts it breaks the signature",
        );
    }
    if signed.has_long_lines {
        output.warn(
            "the message is signed, but has lines of more than 998 octets: a server that breaks them breaks the \
             signature",
        );
    }
    Ok(signed.fields)
}
