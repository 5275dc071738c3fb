//! man/ehlo-config.5 has every key of config.toml, with an example, and no other; what the pages show can be read.

use crate::blocks::{blocks, page};
use ehlo::inside::config::accounts::{
    Key, OF_ACCOUNT, OF_DKIM, OF_FILE, OF_LIMITS, OF_OAUTH, OF_QUEUE, OF_SENDMAIL, read,
};
use std::collections::BTreeSet;
use std::path::Path;

/// All keys.
const ALL: [&[Key]; 7] = [OF_FILE, OF_ACCOUNT, OF_LIMITS, OF_OAUTH, OF_DKIM, OF_QUEUE, OF_SENDMAIL];

/// The names behind `.TP` in the sections of keys.
fn documented(manual: &str) -> BTreeSet<String> {
    let (_, keys) = manual.split_once(".SH KEYS IN FRONT OF THE ACCOUNTS").unwrap();
    let (keys, _) = keys.split_once(".SH PATHS").unwrap();
    let tags = keys.split("\n.TP\n").skip(1).filter_map(|paragraph| paragraph.lines().next());
    let words = tags.flat_map(|tag| tag.split([' ', ',', '"']).skip(1));
    words.filter(|word| !word.is_empty()).map(|word| word.replace('\\', "")).collect()
}

/// The blocks between `.nf` and `.fi`, as they are shown.
fn examples(manual: &str) -> Vec<String> {
    let blocks = manual.split("\n.nf\n").skip(1).filter_map(|block| block.split("\n.fi").next());
    blocks.map(|block| block.replace("\\-", "-").replace("\\(ti", "~").replace("\\[dq]", "\"")).collect()
}

#[test]
fn the_manual_has_every_key_and_no_other() {
    let name = |key: &Key| key.name.rsplit('.').next().unwrap_or_default().to_owned();
    let keys: BTreeSet<String> = ALL.into_iter().flatten().map(name).collect();
    assert_eq!(documented(&page("man/ehlo-config.5")), keys);
}

#[test]
fn the_manuals_examples_can_be_read_and_show_every_key() {
    let examples = examples(&page("man/ehlo-config.5"));
    let mut shown = BTreeSet::new();
    for example in &examples {
        let config =
            read(example, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}\n{example}"));
        shown.extend(config.values.keys().copied());
        shown.extend(config.accounts.iter().flat_map(|account| account.values.keys().copied()));
    }
    let all = ALL.into_iter().flatten();
    let missing: Vec<&str> = all.map(|key| key.name).filter(|name| !shown.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_configuration_in_a_page_can_be_read() {
    let pages = ["README.md", "docs/recipes.md"].map(|page| {
        let shown: Vec<_> = blocks(page).into_iter().filter(|block| block.kind == "toml").collect();
        for block in &shown {
            let read = read(&block.text, Path::new(page));
            assert!(read.is_ok(), "the block at line {}: {}", block.line, read.unwrap_err());
        }
        shown.len()
    });
    assert_eq!(pages, [1, 10]);
}
