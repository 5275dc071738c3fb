//! What the pages link to exists: files of the repository, and headings by the anchors that GitHub gives them.

use crate::blocks::page;
use std::path::Path;

const PAGES: [&str; 6] = [
    "README.md",
    "CHANGELOG.md",
    "docs/recipes.md",
    "docs/migrating.md",
    "docs/exit-status.md",
    "docs/json.md",
];

/// The anchors of a page's headings.
fn anchors(name: &str) -> Vec<String> {
    let text = page(name);
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings.map(|heading| anchor(heading.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|next| next.is_alphanumeric() || " -_".contains(*next));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// What a page links to, but for the web.
fn links(name: &str) -> Vec<String> {
    let text = page(name);
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.starts_with("http")).map(str::to_owned).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for name in PAGES {
        for link in links(name) {
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let path =
                if file.is_empty() { root.join(name) } else { root.join(name).with_file_name("").join(file) };
            assert!(path.exists(), "{name}: {link}");
            let there = path.strip_prefix(root).unwrap().to_str().unwrap();
            assert!(heading.is_empty() || anchors(there).iter().any(|one| one == heading), "{name}: {link}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} links");
}
