//! The supply chain: each dependency has its row in docs/dependencies.md and each row a dependency; Cargo.lock is
//! there, knows crates.io only, and has no crate twice but for those that deny.toml gives a reason for.

#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeMap;
use std::path::Path;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names in a section of Cargo.toml, in order.
fn section(manifest: &str, name: &str) -> Vec<String> {
    let begin = format!("\n[{name}]\n");
    let text = manifest.split(&begin).nth(1).unwrap();
    let lines = text.split("\n[").next().unwrap().lines();
    let mut names: Vec<String> = lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned()))
        .collect();
    names.sort();
    names
}

/// The first cells of the table behind a heading.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let text = page.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    text.lines().filter(|line| line.starts_with("| ")).skip(2).map(cells).collect()
}

#[test]
fn each_dependency_has_a_row_with_a_reason_and_each_row_a_dependency() {
    let (manifest, page) = (read("Cargo.toml"), read("docs/dependencies.md"));
    for (name, heading) in
        [("dependencies", "In the program"), ("dev-dependencies", "In tests and benchmarks")]
    {
        let rows = rows(&page, heading);
        let named: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(named, section(&manifest, name), "{heading}, in order");
        for row in rows {
            assert!(row.len() == 6 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        }
    }
}

/// Name, version, source and checksum of each crate in Cargo.lock.
fn locked() -> Vec<BTreeMap<String, String>> {
    let text = read("Cargo.lock");
    let entry = |text: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once(" = "));
        pairs.map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned())).collect()
    };
    text.split("[[package]]").skip(1).map(entry).collect()
}

#[test]
fn all_comes_from_crates_io_and_has_a_checksum() {
    let locked = locked();
    assert!(locked.len() > 100);
    for package in locked {
        if ["ehlo", "ehlo-smtp"].contains(&package["name"].as_str()) {
            continue;
        }
        let source = package.get("source").map(String::as_str);
        assert_eq!(source, Some("registry+https://github.com/rust-lang/crates.io-index"), "{package:?}");
        assert_eq!(package["checksum"].len(), 64, "{package:?}");
    }
}

#[test]
fn a_crate_is_there_once_or_has_a_reason() {
    let deny = read("deny.toml");
    let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let entries = deny.lines().filter(|line| line.trim_start().starts_with("{ crate = "));
    let (skipped, banned): (Vec<String>, Vec<String>) =
        entries.map(|line| quoted(line).unwrap()).partition(|name| name.contains('@'));
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in locked() {
        versions.entry(package["name"].clone()).or_default().push(package["version"].clone());
    }
    for name in &banned {
        assert!(!versions.contains_key(name), "{name} is banned");
    }
    // Not built for any system that deny.toml names.
    versions.retain(|name, _| !name.starts_with("windows") && !name.starts_with("wasi"));
    let is_skipped = |name: &str, version: &str| {
        skipped.iter().any(|skip| {
            skip.split_once('@').is_some_and(|(skip, wanted)| {
                skip == name && (version == wanted || version.starts_with(&format!("{wanted}.")))
            })
        })
    };
    for (name, versions) in &versions {
        let counted = versions.iter().filter(|version| !is_skipped(name, version)).count();
        assert!(counted <= 1, "{name} is there as {versions:?}");
    }
    for skip in &skipped {
        let (name, wanted) = skip.split_once('@').unwrap();
        let found = versions
            .get(name)
            .is_some_and(|all| all.iter().any(|version| version.starts_with(&format!("{wanted}."))));
        assert!(found && versions[name].len() > 1, "{skip} is not needed any more");
    }
}
