//! The cache on a real disk: modes, links, what is cut off, and what cannot be written.

use super::*;
use crate::config::accounts::Problem;
use crate::route::mta_sts::{Failed, Kept};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use tempfile::TempDir;

fn cache() -> (TempDir, FileCache) {
    let home = TempDir::new().unwrap();
    let cache = FileCache::new(home.path().join("cache/ehlo/mta-sts"));
    (home, cache)
}

fn entry(id: &str) -> Entry {
    let text = b"version: STSv1\nmode: enforce\nmx: mx.example\nmax_age: 86400\n".to_vec();
    Entry { policy: Kept::new(id, 1000, text).ok(), failed: Some(Failed { id: "z".to_owned(), at: 1 }) }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_written_is_read_and_is_for_its_owner_alone() {
    let (_home, cache) = cache();
    assert!(cache.read("alpha.arpa").unwrap().is_none());
    assert!(!cache.folder.exists());
    for id in ["one", "two"] {
        cache.write("alpha.arpa", &entry(id)).unwrap();
        assert_eq!(cache.read("alpha.arpa").unwrap(), Some(entry(id)));
    }
    cache.write("xn--bcher-kva.example", &Entry::default()).unwrap();
    let mut names: Vec<String> = fs::read_dir(&cache.folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["alpha.arpa", "xn--bcher-kva.example"]);
    assert_eq!((mode(&cache.folder), mode(&cache.folder.join("alpha.arpa"))), (0o700, 0o600));
}

#[test]
fn no_file_is_named_after_anything_but_a_domain() {
    let (home, cache) = cache();
    let long = "a.".repeat(127);
    for domain in [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        ".new-1",
        "a..b",
        "a.",
        "A.example",
        "_x.example",
        "a\0b",
        "é.example",
        &long,
    ] {
        assert!(matches!(cache.read(domain), Err(CacheError::Name)), "{domain:?}");
        assert!(matches!(cache.write(domain, &entry("a")), Err(CacheError::Name)), "{domain:?}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    cache.write(&long[..253], &entry("a")).unwrap();
}

#[test]
fn what_is_cut_off_too_long_or_of_another_kind_is_no_entry_and_is_written_anew() {
    let (home, cache) = cache();
    let (read, write) = (|| cache.read("beta.arpa"), || cache.write("beta.arpa", &entry("a")));
    write().unwrap();
    let path = cache.folder.join("beta.arpa");
    let whole = fs::read(&path).unwrap();
    for octets in [&whole[..whole.len() - 1], b"", &[b"x".repeat(70_000), whole.clone()].concat()] {
        fs::write(&path, octets).unwrap();
        assert!(matches!(read(), Err(CacheError::Malformed(_))), "{} octets", octets.len());
    }
    let victim = home.path().join("victim");
    fs::write(&victim, &whole).unwrap();
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o600)).unwrap();
    let kind =
        |path: &Path| matches!(read(), Err(CacheError::Folder(FolderError::Kind(known))) if known == path);
    for link in [|from: &Path, to: &Path| symlink(from, to), |from: &Path, to: &Path| fs::hard_link(from, to)]
    {
        fs::remove_file(&path).unwrap();
        link(&victim, &path).unwrap();
        assert!(kind(&path));
        write().unwrap();
        assert_eq!(read().unwrap(), Some(entry("a")));
    }
    assert_eq!(fs::read(&victim).unwrap(), whole);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(kind(&path));
    assert!(matches!(write(), Err(CacheError::Folder(FolderError::Io(..)))));
    assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1, "what was not renamed is left");
}

#[test]
fn what_others_can_see_or_own_is_not_used() {
    let (_home, cache) = cache();
    cache.write("beta.arpa", &entry("a")).unwrap();
    let file = cache.folder.join("beta.arpa");
    let problem = || match cache.read("beta.arpa") {
        Err(CacheError::Folder(FolderError::Problem(_, problem))) => Some(problem),
        _ => None,
    };
    for (path, bad, good, found) in [
        (&file, 0o640, 0o600, Problem::ReadableByOthers),
        (&file, 0o602, 0o600, Problem::WritableByOthers),
        (&cache.folder, 0o755, 0o700, Problem::ReadableByOthers),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(bad)).unwrap();
        assert_eq!(problem(), Some(found), "{bad:o}");
        fs::set_permissions(path, fs::Permissions::from_mode(good)).unwrap();
    }
    assert_eq!(problem(), None);
    // Only root can give a file away.
    if rustix::process::geteuid().is_root() {
        chown(&file, Some(12345), None).unwrap();
        assert_eq!(problem(), Some(Problem::ForeignOwner));
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let (home, cache) = cache();
    fs::write(home.path().join("cache"), "a file").unwrap();
    for error in [cache.read("beta.arpa").err(), cache.write("beta.arpa", &entry("a")).err()] {
        assert!(matches!(error, Some(CacheError::Folder(_))), "{error:?}");
    }
    let folder = home.path().join("real");
    fs::create_dir(&folder).unwrap();
    symlink(&folder, home.path().join("link")).unwrap();
    let cache = FileCache::new(home.path().join("link"));
    assert!(matches!(cache.read("beta.arpa"), Err(CacheError::Folder(FolderError::Kind(_)))));
}
