//! The user's configuration and the files with its secrets are written: all of them or none, and never over
//! one that is there.

use crate::app::early_exit::{EarlyExit, Result};
use crate::config::accounts::{self, Place};
use crate::import::Imported;
use crate::report::exit::ExitStatus;
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// A variable of the environment.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Where the user's own configuration is.
pub fn place(variable: Variable<'_>) -> Result<PathBuf> {
    let own = accounts::places(variable).into_iter().find(|(place, _)| *place == Place::User);
    own.map(|(_, path)| path).ok_or_else(|| {
        EarlyExit::of(ExitStatus::CONFIG, "there is no place for a configuration: HOME is not set")
    })
}

/// Writes all files; their paths, the configuration's first.
pub fn write(imported: &Imported, variable: Variable<'_>) -> Result<Vec<PathBuf>> {
    let config = place(variable)?;
    let folder = config.parent().unwrap_or(Path::new("/"));
    // The configuration comes last: where it is, its secrets are too.
    let secrets = imported.secrets.iter().map(|secret| {
        let text = Zeroizing::new([secret.secret.reveal(), "\n"].concat());
        (folder.join(&secret.name), text)
    });
    let own = (config.clone(), Zeroizing::new(imported.toml.clone()));
    let files: Vec<(PathBuf, Zeroizing<String>)> = secrets.chain([own]).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        return Err(is_there(path));
    }
    let done = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    done.map_err(|error| EarlyExit::io(error, format!("cannot make the folder {}", folder.display())))?;
    let mut ready = Vec::new();
    for (path, text) in &files {
        let made = temporary(folder, text);
        let made = made.map_err(|error| EarlyExit::io(error, format!("cannot write {}", path.display())))?;
        ready.push((path, made));
    }
    let mut placed: Vec<PathBuf> = Vec::new();
    for (path, file) in ready {
        if let Err(error) = file.persist_noclobber(path) {
            for path in &placed {
                let _ = std::fs::remove_file(path);
            }
            return Err(match error.error.kind() {
                io::ErrorKind::AlreadyExists => is_there(path),
                _ => EarlyExit::io(error.error, format!("cannot write {}", path.display())),
            });
        }
        placed.push(path.clone());
    }
    placed.rotate_right(1);
    Ok(placed)
}

/// A file in the same folder, for its owner alone (mode 0600); it is gone unless it gets its name.
fn temporary(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::with_prefix_in(".import-", folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn is_there(path: &Path) -> EarlyExit {
    let text = format!(
        "{} is there already, so nothing was written; move it away, or copy from what is printed without \
         --write",
        path.display()
    );
    EarlyExit::of(ExitStatus::CONFIG, text)
}
