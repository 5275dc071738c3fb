//! No two files import each other, directly or around others: each can be read with what is below it alone.
//!
//! Read are the `use` declarations and the paths of src/ and crates/smtp/src, without comments and tests. A
//! `pub use` imports nothing, it hands a name on: whoever takes the name from there uses the file behind it.
//! So mod.rs either hands on what its children have, or uses them and is left alone by them.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

mod sources;

use sources::{code, is_test, without_comments, without_tests};
use std::collections::{BTreeMap, BTreeSet};

/// By the path of a module (`ehlo::net::tls`): its file, and its code.
type Sources = BTreeMap<String, (String, String)>;

fn add(sources: &mut Sources, file: &str, code: &str) {
    let (library, inside) = file.strip_prefix("smtp/").map_or(("ehlo", file), |inside| ("ehlo_smtp", inside));
    let path = format!("{library}::{}", inside.trim_end_matches(".rs").replace('/', "::"));
    let module = path.trim_end_matches("::lib").trim_end_matches("::mod");
    sources.insert(module.to_owned(), (file.to_owned(), without_tests(code).to_owned()));
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expand(path: &str) -> Vec<String> {
    let Some((before, inside)) = path.split_once('{') else {
        return vec![path.trim().trim_end_matches("::self").to_owned()];
    };
    let mut depth = 0;
    let parts = inside.trim_end().strip_suffix('}').unwrap().split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.flat_map(|part| expand(&[before.trim(), part.trim()].concat())).collect()
}

/// The paths in some code, each with whether it is handed on.
fn paths(code: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let lines: Vec<&str> = statement.lines().map(str::trim_start).collect();
        let is_use =
            |line: &&str| line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ");
        let (body, declared) = lines.split_at(lines.iter().position(is_use).unwrap_or(lines.len()));
        if let Some((visible, path)) = declared.concat().split_once("use ") {
            found.extend(expand(path).into_iter().map(|path| (path, !visible.is_empty())));
        }
        let words =
            body.iter().flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':'));
        found.extend(words.filter(|word| word.contains("::")).map(|word| (word.to_owned(), false)));
    }
    found
}

/// The path from the library's root on, if it leads to a module at all.
fn absolute(sources: &Sources, module: &str, path: &str) -> Option<String> {
    let (first, rest) = path.split_once("::")?;
    match first {
        "ehlo" | "ehlo_smtp" => Some(path.to_owned()),
        "crate" => Some(format!("{}::{rest}", module.split("::").next()?)),
        "self" if rest.starts_with("super::") => absolute(sources, module, rest),
        "self" => Some(format!("{module}::{rest}")),
        "super" => absolute(sources, module.rsplit_once("::")?.0, &format!("self::{rest}")),
        _ if sources.contains_key(&format!("{module}::{first}")) => Some(format!("{module}::{path}")),
        _ => None,
    }
}

/// What the longest beginning of a path stands for, and how long that is.
fn longest<'a, T>(map: &'a BTreeMap<String, T>, path: &str) -> Option<(&'a T, usize)> {
    let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
    ends.filter_map(|end| Some((map.get(&path[..end])?, end))).last()
}

/// The files that use themselves around others.
fn circles(sources: &Sources) -> BTreeSet<&str> {
    let (mut names, mut used) = (BTreeMap::new(), Vec::new());
    for (module, (file, code)) in sources {
        for (path, is_handed_on) in paths(code) {
            match absolute(sources, module, &path) {
                Some(path) if is_handed_on => {
                    names.insert(format!("{module}::{}", path.rsplit("::").next().unwrap()), path);
                }
                Some(path) => used.push((file.as_str(), path)),
                None => {}
            }
        }
    }
    names.retain(|name, _| !sources.contains_key(name));
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, mut path) in used {
        while let Some((behind, end)) = longest(&names, &path) {
            path = format!("{behind}{}", &path[end..]);
        }
        let other = longest(sources, &path).map(|((file, _), _)| file.as_str());
        uses.entry(file).or_default().extend(other.filter(|other| *other != file));
    }
    let uses_itself = |file: &&str| {
        let (mut found, mut left) = (BTreeSet::new(), vec![*file]);
        while let Some(file) = left.pop() {
            let used = uses.get(file).into_iter().flatten().copied();
            left.extend(used.filter(|used| found.insert(*used)));
        }
        found.contains(file)
    };
    uses.keys().copied().filter(uses_itself).collect()
}

#[test]
fn no_two_files_import_each_other() {
    let mut sources = Sources::new();
    for (file, code) in code().into_iter().filter(|(file, _)| !is_test(file)) {
        add(&mut sources, &file, &code);
    }
    assert!(sources.len() > 200, "the sources were not found");
    let found = circles(&sources);
    assert!(found.is_empty(), "these import each other: {found:#?}");
}

#[test]
fn the_lock_sees_a_circle_and_nothing_else() {
    let found = |files: &[(&str, &str)]| -> Vec<String> {
        let mut sources = Sources::new();
        files.iter().for_each(|(file, text)| add(&mut sources, file, &without_comments(text)));
        circles(&sources).into_iter().map(str::to_owned).collect()
    };
    let handing_on = ("a/mod.rs", "mod b;\nmod c;\npub use b::{B, One};\npub(super) use c::C;");
    let c = ("a/c.rs", "use super::{\n    B,\n};");
    assert!(found(&[handing_on, ("a/b.rs", "// use super::C;\npub struct B;"), c]).is_empty());
    let tested = "pub struct B;\n#[cfg(test)]\nmod tests {\n    use super::super::C;";
    assert!(found(&[handing_on, ("a/b.rs", tested), c]).is_empty());
    assert_eq!(found(&[handing_on, ("a/b.rs", "fn f() -> crate::a::C"), c]), ["a/b.rs", "a/c.rs"]);
    assert_eq!(found(&[("a.rs", "fn f() { b::g() }"), ("a/b.rs", "use super::f;")]), ["a.rs", "a/b.rs"]);
    let z = ("z.rs", "use super::x;");
    let around =
        [("x.rs", "use crate::{y::{self, Y}};"), ("y.rs", "use ehlo::z;"), z, ("w.rs", "use crate::x;")];
    assert_eq!(found(&around), ["x.rs", "y.rs", "z.rs"]);
    assert!(found(&around[..2]).is_empty());
}
