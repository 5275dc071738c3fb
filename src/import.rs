//! The configuration of another program becomes a config.toml: texts in, a text out, with what was left out.
//!
//! Each format is read in a file of its own into [`Draft`](draft::Draft)s, accounts that are not written yet;
//! settle.rs decides what goes together in one of them, and toml.rs writes them. Secrets never come into the
//! text: each is handed over beside it, for a file of its own. Files are opened and written by `app`.

mod dma;
mod draft;
mod esmtp;
mod format;
mod git;
mod git_words;
mod msmtp;
mod mutt;
mod mutt_words;
mod nullmailer;
mod reading;
mod remark;
mod server;
mod settings;
mod settle;
mod ssmtp;
mod toml;

pub use format::Format;
pub use reading::{Source, Unlike};
pub use remark::{Given, Place, Remark, Why};

use draft::Found;
use reading::Reading;

use crate::config::secret::Secret;

/// What came of it.
#[derive(Debug)]
pub struct Imported {
    /// The text of config.toml.
    pub toml: String,
    /// The secrets, each for a file beside it.
    pub secrets: Vec<SecretFile>,
    /// What could not be carried, in the order of the texts.
    pub remarks: Vec<Remark>,
}

/// A secret, and the file that it is for.
#[derive(Debug)]
pub struct SecretFile {
    /// The name of the file.
    pub name: String,
    /// What goes into it.
    pub secret: Secret,
    /// Where it stands now.
    pub at: Place,
}

/// Reads the texts of a format: one, and for dma's a second one with its secrets.
///
/// # Errors
/// When they are no such configuration.
pub fn import(format: Format, sources: &[Source]) -> Result<Imported, Unlike> {
    let mut reading = Reading::default();
    let [first, others @ ..] = sources else { return Err(Unlike::NoServer(None)) };
    if sources.iter().any(|source| source.text.contains('\0')) {
        return Err(Unlike::Nul);
    }
    match format {
        Format::Msmtp => msmtp::read(first, &mut reading),
        Format::Git => git::read(first, &mut reading),
        Format::Mutt => mutt::read(first, &mut reading),
        Format::Nullmailer => nullmailer::read(first, &mut reading),
        Format::Dma => dma::read(first, others, &mut reading),
        Format::Ssmtp => ssmtp::read(first, &mut reading),
        Format::Esmtp => esmtp::read(first, &mut reading),
    }
    settle::settle(&mut reading);
    if reading.drafts.is_empty() {
        return Err(Unlike::NoServer(reading.why_none()));
    }
    let toml = toml::text(&first.name, format, &reading);
    let secrets = reading.drafts.iter_mut().filter_map(|draft| {
        let Found { secret, at, .. } = draft.secret.take()?;
        Some(SecretFile { name: draft.secret_file(), secret, at })
    });
    Ok(Imported { toml, secrets: secrets.collect(), remarks: reading.remarks_in_order() })
}
