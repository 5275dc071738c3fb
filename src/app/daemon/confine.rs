//! The daemon, and all that it starts, writes to its own places only (Landlock, landlock(7)): the queue, its sockets, its
//! home, what is temporary, and the log. Reading is left alone: a command that gives a password is the administrator's.

use super::super::configuration::Configuration;
use super::super::log;
use super::sockets::Sockets;
use crate::output::Output;
use landlock::{
    ABI, AccessFs, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetStatus,
};
use std::path::{Path, PathBuf};

/// The rights that are known here; a kernel that knows fewer confines less.
const RIGHTS: ABI = ABI::V3;

/// Confines this thread, and those that it starts.
///
/// # Errors
/// Why it cannot be done, in words.
pub fn writing(folder: &Path, sockets: &Sockets, configuration: &Configuration) -> Result<(), String> {
    let quiet = Output { quiet: true, ..Output::plain() };
    let mut places = vec![
        folder.to_owned(),
        sockets.folder().to_owned(),
        PathBuf::from("/dev"),
        std::env::temp_dir(),
        PathBuf::from("/var/tmp"),
        PathBuf::from("/tmp"),
    ];
    places.extend(std::env::home_dir().filter(|home| home.parent().is_some()));
    if let Ok(Some(log::Place::File(path))) = log::wanted(Some(configuration), &quiet) {
        places.extend(path.parent().map(Path::to_owned));
    }
    let failed = |error: landlock::RulesetError| error.to_string();
    let rights = AccessFs::from_write(RIGHTS);
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(rights)
        .and_then(Ruleset::create)
        .map_err(failed)?;
    for place in places {
        // One that is not there cannot be written to.
        if let Ok(open) = PathFd::new(&place) {
            rules = rules.add_rule(PathBeneath::new(open, rights)).map_err(failed)?;
        }
    }
    match rules.restrict_self().map_err(failed)?.ruleset {
        RulesetStatus::NotEnforced => Err("this kernel has no Landlock".to_owned()),
        RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced => Ok(()),
    }
}
