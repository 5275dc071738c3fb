//! The sources of the program and of the protocol's crate, for the locks that read them.

use std::path::{Path, PathBuf};

/// The Rust files in a folder and below.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// All of `src/`, and as `smtp/` the protocol's crate, without comments, file by file.
pub fn code() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for (folder, name) in [("src", ""), ("crates/smtp/src", "smtp/")] {
        let folder = root.join(folder);
        for file in files(&folder) {
            let inside = file.strip_prefix(&folder).unwrap().display();
            found.push((
                format!("{name}{inside}"),
                without_comments(&std::fs::read_to_string(&file).unwrap()),
            ));
        }
    }
    found
}

/// A source without the lines that are comments.
pub fn without_comments(text: &str) -> String {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    code.join("\n")
}

/// What stands in front of a file's own tests.
pub fn without_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap()
}

/// Whether a file holds nothing but tests.
pub fn is_test(file: &str) -> bool {
    file.ends_with("tests.rs") || file.contains("/tests/")
}
