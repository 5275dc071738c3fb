//! A file with a private key for DKIM.

use super::super::early_exit::{EarlyExit, Result};
use super::super::standard_input::{self, Awaited};
use super::super::{secret_file, secrets};
use crate::dkim::Key;
use crate::net::{Deadline, Error};
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use std::io::{self, Read};
use std::path::Path;

/// The most that such a file may hold, in octets.
const LONGEST: usize = 64 * 1024;

/// Reads the key in a file, which is waited for until then if it is a pipe, or on standard input for `-`. A warning if
/// others can read the file.
pub fn read(file: &Path, until: Deadline, output: &Output) -> Result<Key> {
    let is_stdin = standard_input::is_named(file);
    let octets = if is_stdin {
        standard_input::say_what_is_awaited(Awaited::Key, output);
        let mut input = io::stdin().lock();
        secret_file::whole(LONGEST, LONGEST, |room| input.read(room).map_err(Error::Io))
    } else {
        secret_file::read(file, LONGEST, until)
    };
    let name = match is_stdin {
        true => "on standard input".to_owned(),
        false => printable(&file.display().to_string()),
    };
    let octets = octets.map_err(|error| {
        // It is not repeated.
        if file.as_os_str().as_encoded_bytes().starts_with(b"-----BEGIN ") {
            let why = anyhow::anyhow!("give the name of its file, not the key");
            return EarlyExit::no_input(why, "cannot read the key".to_owned());
        }
        EarlyExit::unread(error, format!("cannot read the key {name}"))
    })?;
    let key = Key::read(&octets).map_err(|fault| {
        let why = anyhow::Error::msg(words::dkim::key(&fault));
        EarlyExit::no_input(why, format!("cannot use the key {name}"))
    })?;
    if !is_stdin {
        secrets::warn_of_readers(file, "the key file ", output);
    }
    Ok(key)
}
