//! A Maildir for each recipient: `tmp`, `new` and `cur`, and a message moved into `new` when it is whole.
//!
//! The message is written once; each recipient's file is a link to it where the file system has links, else a
//! copy. Names are `time.pid_counter.host`, as Maildir's author wants them; the host is the sink's own name.

#![allow(clippy::disallowed_types)] // A folder is opened, so that what is in it is made safe too.

use crate::net::error::again;
use ehlo_smtp::envelope::Envelope;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::NamedTempFile;

/// How the name of a file begins that is no recipient's: no address becomes a name with a dot in front.
const STAGED: &str = ".incoming-";

/// A file for a message on its way in.
pub(super) fn stage(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(STAGED).tempfile_in(folder)
}

/// The longest name that a folder can have, in octets, in the usual file systems (NAME_MAX of limits.h).
pub(super) const LONGEST_NAME: usize = 255;

/// How much of the host's name is kept, in octets: that leaves room for the three numbers of 64 bits in front
/// of it.
const LONGEST_HOST: usize = 128;

/// Gives the message to each recipient: to all or to nobody or, if `apart`, to each one independently.
pub(super) fn keep(
    folder: &Path,
    host: &str,
    file: NamedTempFile,
    envelope: &Envelope,
    apart: bool,
) -> Vec<io::Result<()>> {
    let synced = file.as_file().sync_all();
    let place = |path: String| {
        synced.as_ref().map_err(again)?;
        Placed::new(&folder.join(folder_name(&path)), &unique_name(host), file.path())
    };
    let mut placed: Vec<io::Result<Placed>> =
        envelope.recipients.iter().map(|recipient| place(recipient.path.to_string())).collect();
    if !apart && let Some(error) = placed.iter().find_map(|place| place.as_ref().err()) {
        let error = again(error);
        placed = placed.iter().map(|_| Err(again(&error))).collect();
    }
    placed.into_iter().map(|place| place?.publish()).collect()
}

/// A message in somebody's `tmp`. Dropped, it is removed.
#[derive(Debug)]
struct Placed {
    tmp: PathBuf,
    new: PathBuf,
    maildir: PathBuf,
}

impl Placed {
    fn new(maildir: &Path, name: &str, message: &Path) -> io::Result<Placed> {
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(maildir.join(part))?;
        }
        let placed = Placed {
            tmp: maildir.join("tmp").join(name),
            new: maildir.join("new").join(name),
            maildir: maildir.to_owned(),
        };
        if fs::hard_link(message, &placed.tmp).is_err() {
            fs::copy(message, &placed.tmp)?;
            File::open(&placed.tmp)?.sync_all()?;
        }
        Ok(placed)
    }

    fn publish(self) -> io::Result<()> {
        fs::rename(&self.tmp, &self.new)?;
        File::open(self.maildir.join("new"))?.sync_all()
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        // After publishing there is no such file.
        let _ = fs::remove_file(&self.tmp);
    }
}

/// A recipient's folder: the address, made safe for a file system. An address holds no control character.
fn folder_name(path: &str) -> String {
    let rest = path.trim_start_matches('.');
    format!("{}{}", "_".repeat(path.len() - rest.len()), rest.replace('/', "_"))
}

fn unique_name(host: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    // What is unique stands in front, and the host may be as long as a whole name.
    let host =
        host.get(..host.floor_char_boundary(LONGEST_HOST)).unwrap_or_default().replace(['/', ':'], "_");
    format!("{now}.{}_{count}.{host}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_the_folder_or_hides() {
        for (path, name) in [
            ("Jones@Beta.ARPA", "Jones@Beta.ARPA"),
            ("../../etc/x@b.example", "___.._etc_x@b.example"),
            ("\"../x\"@b.example", "\".._x\"@b.example"),
            (".", "_"),
            ("..", "__"),
            (".incoming-x@b.example", "_incoming-x@b.example"),
            ("Postmaster", "Postmaster"),
        ] {
            assert_eq!(folder_name(path), name);
            assert_eq!(name.len(), path.len(), "RCPT is answered by the length of the address");
        }
    }

    #[test]
    fn names_differ_and_have_their_three_parts() {
        let (one, two) = (unique_name("[IPv6:::1]"), unique_name("[IPv6:::1]"));
        assert_ne!(one, two);
        assert!(one.splitn(3, '.').count() == 3 && !one.contains(['/', ':']), "{one}");
        for host in ["a".repeat(LONGEST_NAME), "\u{fc}".repeat(LONGEST_NAME)] {
            let name = unique_name(&host);
            assert!(name.len() <= LONGEST_NAME && name.contains(&host[..64]), "{name}");
        }
    }
}
