//! DKIM as it is asked for: which keys sign a message, whether they are the published ones, and the signatures themselves.
//! The signing is `dkim`'s.

mod check;
mod keys;

use super::clock::now;
use super::early_exit::{EarlyExit, Result};
use crate::cli::SigningArgs;
use crate::dkim::{Signer, SigningKey, Unsigned, sign};
use crate::message::source::is_changed;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::words;
use ehlo_smtp::content::Content;
use ehlo_smtp::path::Domain;

pub use keys::{Wanted, by_account, by_flags};

/// Makes the signatures that flags ask for, or an account; none, if neither does. `sender` is the domain of a key that
/// names none. The published keys are looked at first, where that is asked for.
pub fn made(
    wanted: Option<&Wanted>,
    args: &SigningArgs,
    sender: Option<&Domain>,
    content: &dyn Content,
    until: Deadline,
    output: &Output,
) -> Result<Made> {
    let Some(wanted) = wanted else {
        return match args.dkim_check {
            true => Err(EarlyExit::usage("--dkim-check needs --dkim-key, or an account with 'dkim'")),
            false => Ok(Made::default()),
        };
    };
    let signer = wanted.signer(sender, output)?;
    if args.dkim_check {
        check::check(&signer, &args.resolvers(), until, output)?;
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
