//! Every command in README.md, docs/recipes.md, docs/migrating.md and the manuals' examples is run, against servers
//! on loopback. What man/parts/ehlo-probe.1 shows is left to tests/it.
//!
//! A block marked `sh` is run as it stands, with our servers in place of those that it names ([`world`]). Each
//! `ehlo` in it must run at least once, and end with 0 or with what a comment on its line promises: `# exits 10`,
//! or `# exits 0 or 75`. A script without one is only read by the shell. Of units, crontabs and the like, which no
//! shell can run, each `ehlo` is run alone, and `ehlo send` with `--dry-run`. The flags that the pages name in their
//! text and tables are checked in [`tables`].

#![cfg(all(feature = "sink", feature = "console"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.
#![allow(clippy::indexing_slicing)] // Nothing here comes from outside.
#![allow(clippy::disallowed_types)] // The servers need sockets.

mod blocks;
mod keys;
mod links;
mod proxy;
mod sendmail;
mod servers;
mod tables;
mod world;

use blocks::{Block, Place, blocks, commands};
use world::World;

/// Runs all blocks of a page; the number of commands that ran.
fn run(page: &str) -> usize {
    blocks(page)
        .iter()
        .map(|block| if block.kind == "sh" { run_block(block) } else { run_lines(block) })
        .sum()
}

fn run_block(block: &Block) -> usize {
    let (script, places) = commands(&block.text);
    let world = World::of(block);
    if places.is_empty() {
        assert!(world.parses(&script), "{}, line {}: a shell cannot read it", block.page, block.line);
        return 0;
    }
    let (ended, said) = world.shell(&script);
    for (number, place) in places.iter().enumerate() {
        let statuses: Vec<i32> =
            ended.iter().filter(|(at, _)| *at == number).map(|(_, status)| *status).collect();
        let at = format!("{}, the block at line {}: {}\n{said}", block.page, block.line, place.line);
        assert!(!statuses.is_empty(), "did not run: {at}");
        let wrong = statuses.iter().find(|status| !place.statuses.contains(status));
        assert_eq!(wrong, None, "ended otherwise than promised: {at}");
    }
    places.len()
}

/// A block that is no shell script: its commands, one by one.
fn run_lines(block: &Block) -> usize {
    let alone = blocks::alone(&block.text);
    for command in &alone {
        let dry = if command.starts_with("ehlo send") { " --dry-run" } else { "" };
        let (script, places) = commands(&format!("{command}{dry}"));
        let (ended, said) = World::of(block).shell(&script);
        let wanted = vec![(0, places.first().map_or(0, |place: &Place| place.statuses[0]))];
        assert_eq!(ended, wanted, "{}, the block at line {}: {command}\n{said}", block.page, block.line);
    }
    alone.len()
}

#[test]
fn every_command_of_the_readme_does_what_it_promises() {
    assert_eq!(run("README.md"), README);
}

#[test]
fn every_recipe_does_what_it_promises() {
    assert_eq!(run("docs/recipes.md"), RECIPES);
}

#[test]
fn every_command_to_migrate_to_does_what_it_promises() {
    assert_eq!(run("docs/migrating.md"), MIGRATING);
}

#[test]
fn every_example_of_a_manual_does_what_it_promises() {
    let ran =
        |name: &str| blocks::examples(&format!("man/parts/{name}.1")).iter().map(run_block).sum::<usize>();
    let pages = [
        "ehlo",
        "ehlo-send",
        "ehlo-verify",
        "ehlo-console",
        "ehlo-explain",
        "ehlo-sink",
        "ehlo-demo",
        "ehlo-account",
        "ehlo-queue",
    ];
    assert_eq!(pages.map(ran), MANUALS);
}

/// How many commands each page has, so that none is passed over in silence.
const README: usize = 21;
const RECIPES: usize = 62;
const MANUALS: [usize; 9] = [2, 6, 3, 2, 4, 5, 2, 2, 2];
const MIGRATING: usize = 15;
