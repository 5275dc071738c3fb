//! `ehlo dkim record`: what is published for a key. It prints nothing of the private half.

use super::super::early_exit::{EarlyExit, Result};
use super::key_file;
use crate::cli::DkimArgs;
use crate::dkim::{SignError, SigningKey, record, strings};
use crate::net::Deadline;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::words;

/// Prints the value of the TXT record; with a name for it, a line of a zone.
pub(super) fn run(args: &DkimArgs, output: &Output) -> Result<ExitStatus> {
    let Some(file) = &args.file else {
        return Err(EarlyExit::usage("no key: name its file, as in 'ehlo dkim record key.pem'"));
    };
    let name = match (&args.selector, &args.domain) {
        (Some(selector), Some(domain)) => Some((selector, domain)),
        (None, None) => None,
        (Some(_), None) => return Err(EarlyExit::usage("--selector needs --domain, too")),
        (None, Some(_)) => return Err(EarlyExit::usage("--domain needs --selector, too")),
    };
    let key = key_file::read(file, Deadline::never(), output)?;
    let value = record(&key);
    let line = match name {
        None => format!("{value}\n"),
        Some((selector, domain)) => {
            let signing = SigningKey::new(key, domain, selector).map_err(|error| misnamed(&error))?;
            let strings: Vec<String> = strings(&value).map(|text| format!("\"{text}\"")).collect();
            format!("{}. IN TXT ( {} )\n", signing.question(), strings.join(" "))
        }
    };
    output.data(&line).map_err(|error| EarlyExit::io(error, "cannot write the record".to_owned()))?;
    Ok(ExitStatus::OK)
}

fn misnamed(error: &SignError) -> EarlyExit {
    let flag = if matches!(error, SignError::Selector(_)) { "--selector" } else { "--domain" };
    EarlyExit::usage(format!("{flag}: {}", words::dkim::sign(error)))
}
