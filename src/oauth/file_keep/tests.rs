//! Tokens on a real disk: modes, links, pipes, and what a process leaves that was killed.

use super::*;
use rustix::fs::{FileType, Mode};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

fn keep() -> (TempDir, FileKeep) {
    let home = TempDir::new().unwrap();
    let keep = FileKeep::new(home.path().join("state/ehlo/tokens"), "own");
    (home, keep)
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_millis(50))
}

fn read(keep: &FileKeep) -> Result<Option<String>, KeepError> {
    keep.read().map(|text| text.map(|text| text.to_string()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_written_is_read_and_is_for_its_owner_alone() {
    let (_home, keep) = keep();
    assert_eq!(read(&keep).unwrap(), None);
    let mut lock = keep.lock(soon()).unwrap();
    lock.write("one").unwrap();
    lock.prepare().unwrap();
    lock.write("two").unwrap();
    assert_eq!(read(&keep).unwrap().as_deref(), Some("two"));
    assert_eq!((mode(&keep.path()), mode(&keep.folder), mode(&keep.marked())), (0o600, 0o700, 0o600));
    assert!(lock.remove().unwrap());
    assert!(!lock.remove().unwrap());
    assert_eq!(read(&keep).unwrap(), None);
}

#[test]
fn one_holds_the_lock_and_the_others_wait() {
    let (_home, keep) = keep();
    let held = keep.lock(soon()).unwrap();
    assert!(matches!(keep.lock(soon()), Err(KeepError::Busy(_))));
    drop(held);
    keep.lock(soon()).unwrap();
}

#[test]
fn room_that_was_made_and_not_used_is_given_back() {
    let (_home, keep) = keep();
    let mut lock = keep.lock(soon()).unwrap();
    lock.write("one").unwrap();
    lock.prepare().unwrap();
    assert_eq!(fs::metadata(keep.folder.join(".own.new")).unwrap().len(), ROOM as u64);
    drop(lock);
    assert!(!keep.folder.join(".own.new").exists());
    // And what somebody left who was killed.
    fs::write(keep.folder.join(".own.new"), "left").unwrap();
    let mut lock = keep.lock(soon()).unwrap();
    lock.write("two").unwrap();
    assert!(!keep.folder.join(".own.new").exists());
    assert_eq!(read(&keep).unwrap().as_deref(), Some("two"));
}

#[test]
fn a_note_stands_beside_the_tokens_and_a_sign_in_leaves_a_mark() {
    let (_home, keep) = keep();
    let mut lock = keep.lock(soon()).unwrap();
    let time = || fs::metadata(keep.marked()).unwrap().modified().unwrap();
    let before = time();
    assert_eq!(lock.note(), "");
    lock.set_note("a long one");
    lock.set_note("short");
    assert_eq!((lock.note().as_str(), time()), ("short", before));
    lock.mark();
    assert!(time() > before);
}

#[test]
fn a_link_a_pipe_and_a_folder_are_no_files_of_ours() {
    let (home, keep) = keep();
    drop(keep.lock(soon()).unwrap());
    let victim = home.path().join("victim");
    fs::write(&victim, "theirs").unwrap();
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o600)).unwrap();
    let path = keep.path();
    symlink(&victim, &path).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Kind(_))));
    // What is written takes the place of the link, and not of what it leads to.
    keep.lock(soon()).unwrap().write("ours").unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
    fs::remove_file(&path).unwrap();
    fs::hard_link(&victim, &path).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Kind(_))));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Kind(_))));
    fs::remove_dir(&path).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Kind(_))));
    // The lock is as careful.
    fs::remove_file(keep.marked()).unwrap();
    symlink(&victim, keep.marked()).unwrap();
    assert!(matches!(keep.lock(soon()), Err(KeepError::Kind(_))));
    // And so is the folder.
    let folder = home.path().join("link");
    symlink(&keep.folder, &folder).unwrap();
    assert!(matches!(FileKeep::new(folder, "own").read(), Err(KeepError::Kind(_))));
}

#[test]
fn what_others_can_see_is_not_used() {
    let (_home, keep) = keep();
    keep.lock(soon()).unwrap().write("one").unwrap();
    for (path, bad, good) in [(keep.path(), 0o640, 0o600), (keep.folder.clone(), 0o755, 0o700)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(bad)).unwrap();
        assert!(matches!(read(&keep), Err(KeepError::Problem(..))), "{}", path.display());
        fs::set_permissions(&path, fs::Permissions::from_mode(good)).unwrap();
    }
    assert_eq!(read(&keep).unwrap().as_deref(), Some("one"));
    fs::write(keep.path(), "x".repeat(300_000)).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Unreadable(_))));
    fs::write(keep.path(), [0xff]).unwrap();
    assert!(matches!(read(&keep), Err(KeepError::Unreadable(_))));
}
