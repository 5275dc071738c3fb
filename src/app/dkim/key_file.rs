//! A file with a private key for DKIM.

#![allow(clippy::disallowed_types, reason = "files with keys in them")]

use super::super::early_exit::{EarlyExit, Result};
use super::super::secrets;
use super::super::standard_input::{self, Awaited};
use crate::dkim::Key;
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// The most that such a file may hold, in octets.
const LONGEST: usize = 64 * 1024;

/// Reads the key in a file, or on standard input for `-`. A warning if others can read the file.
pub fn read(file: &Path, output: &Output) -> Result<Key> {
    let is_stdin = standard_input::is_named(file);
    let octets = if is_stdin {
        standard_input::say_what_is_awaited(Awaited::Key, output);
        whole(&mut io::stdin().lock())
    } else {
        File::open(file).and_then(|mut opened| whole(&mut opened))
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
        EarlyExit::no_input(error, format!("cannot read the key {name}"))
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

/// All of it, in a buffer that does not move while it fills, so that no part of a key is left behind.
fn whole(source: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut room = Zeroizing::new(vec![0; LONGEST + 1]);
    let mut filled = 0;
    loop {
        match source.read(room.get_mut(filled..).unwrap_or_default()) {
            Ok(0) if filled > LONGEST => return Err(io::ErrorKind::FileTooLarge.into()),
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    room.truncate(filled);
    Ok(room)
}
