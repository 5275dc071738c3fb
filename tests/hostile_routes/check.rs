//! What must hold of each case, and of every case alike.

use crate::case::{Case, Ends, Fate};
use crate::run::{Came, LIMIT, Outcome};
use crate::servers;
use ehlo_smtp::dialogue::is_unsafe;
use serde_json::Value;

/// What is wrong with it.
pub fn check(case: &Case, came: &Came) -> Option<String> {
    let mut faults = Vec::new();
    for (wanted, outcome) in case.runs.iter().zip(&came.runs) {
        run(wanted, outcome, &mut faults);
        if let Some(seconds) = case.within.filter(|seconds| outcome.time.as_secs() >= *seconds) {
            faults.push(format!("it took {:?}, and not {seconds} seconds at most", outcome.time));
        }
    }
    let seen = servers::all();
    let mut copies: Vec<(String, usize)> =
        seen.copies(&came.tag).into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    let mut wanted = case.copies.clone().unwrap_or_else(|| copies_of(&case.runs));
    wanted.sort_unstable();
    copies.sort_unstable();
    if copies != wanted {
        faults.push(format!("the copies are {copies:?}, wanted {wanted:?}"));
    }
    for ((wanted, name, kind), was) in case.asked.iter().zip(&came.asked) {
        if wanted != was {
            faults.push(format!("asked {was} times for {name} {kind}, wanted {wanted}"));
        }
    }
    let names = seen.names(&came.tag);
    for name in &names {
        if !name
            .bytes()
            .all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b".-_".contains(&octet))
        {
            faults.push(format!("a handshake asked for {name:?}"));
        }
    }
    if case.sni.is_some() && case.sni.as_ref() != names.last() {
        faults.push(format!("the handshakes were for {names:?}, wanted {:?}", case.sni));
    }
    // A name that is plain on any disk, and nothing that was begun and not ended.
    for file in &came.kept {
        let fits = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b".-".contains(&octet);
        if file.starts_with('.') || file.len() > 253 || !file.bytes().all(fits) {
            faults.push(format!("the cache has a file {file:?}"));
        }
    }
    if case.kept.as_ref().is_some_and(|kept| *kept != came.kept) {
        faults.push(format!("the cache has {:?}, wanted {:?}", came.kept, case.kept));
    }
    if let (Some(says), Some(last)) = (&case.says, came.runs.last())
        && !(text(&last.stdout) + &text(&last.stderr)).contains(says.as_str())
    {
        faults.push(format!("it does not say {says:?}"));
    }
    let said: String =
        came.runs.iter().map(|outcome| text(&outcome.stdout) + &text(&outcome.stderr)).collect();
    (!faults.is_empty())
        .then(|| format!("== {} ({})\n{}\nit said\n{said}", case.name, case.place, faults.join("\n")))
}

/// What is wrong with it where it was run once in words instead of `--json`: with a transcript, or as a dry run.
pub fn check_in_words(case: &Case, came: &Came, way: &str) -> Option<String> {
    let mut faults = Vec::new();
    let outcome = came.runs.first()?;
    printed(outcome, &mut faults);
    let copies = servers::all().copies(&came.tag);
    // A dry run of what cannot be run at all says so; of anything else it goes well, and nothing arrives.
    let usage = case.runs.first()?.exit.filter(|exit| *exit == 64);
    let (mut wanted, exit) = match way {
        "-v" => (copies_of(case.runs.get(..1)?), case.runs.first()?.exit),
        // The signal that a case sends ends it as it is.
        _ if case.term.is_some() => (Vec::new(), outcome.exit),
        _ => (Vec::new(), usage.or(Some(0))),
    };
    if outcome.exit != exit {
        faults.push(format!("exit status {:?}, wanted {exit:?}", outcome.exit));
    }
    wanted.sort_unstable();
    if (way != "-v" || case.copies.is_none())
        && !copies
            .iter()
            .map(|(name, count)| (*name, *count))
            .eq(wanted.iter().map(|(name, count)| (name.as_str(), *count)))
    {
        faults.push(format!("the copies are {copies:?}, wanted {wanted:?}"));
    }
    let said = text(&outcome.stdout) + &text(&outcome.stderr);
    (!faults.is_empty()).then(|| {
        format!("== {} with {way} ({})\n{}\nit said\n{said}", case.name, case.place, faults.join("\n"))
    })
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// One copy for each server that has accepted, in each run.
fn copies_of(runs: &[Ends]) -> Vec<(String, usize)> {
    let mut copies: Vec<(String, usize)> = Vec::new();
    for run in runs {
        let mut servers: Vec<&String> = run
            .fates
            .iter()
            .filter(|fate| fate.what.starts_with("accepted ") || fate.what.starts_with("unknown "))
            .filter_map(|fate| fate.at.as_ref())
            .collect();
        servers.dedup();
        for server in servers {
            match copies.iter_mut().find(|(name, _)| name == server) {
                Some((_, count)) => *count += 1,
                None => copies.push((server.clone(), 1)),
            }
        }
    }
    copies
}

fn run(wanted: &Ends, outcome: &Outcome, faults: &mut Vec<String>) {
    printed(outcome, faults);
    if outcome.exit != wanted.exit {
        faults.push(format!("exit status {:?}, wanted {:?}", outcome.exit, wanted.exit));
    }
    if wanted.exit.is_none() {
        return;
    }
    match fates(&outcome.stdout) {
        Ok(fates) => compare(&wanted.fates, &fates, faults),
        Err(fault) => faults.push(fault),
    }
}

/// What holds of every run: it ends in time, and says nothing but plain lines of its own.
fn printed(outcome: &Outcome, faults: &mut Vec<String>) {
    if !outcome.in_time {
        faults.push(format!("it did not end within {LIMIT:?}"));
    }
    for (what, octets) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        match str::from_utf8(octets) {
            Ok(text) => {
                let c = text.chars().find(|c| is_unsafe(*c) && !matches!(c, '\n' | '\t'));
                faults.extend(c.map(|c| format!("a {c:?} in {what}")));
            }
            Err(_) => faults.push(format!("{what} is not UTF-8")),
        }
    }
    let stderr = text(&outcome.stderr);
    // The program says all of it, line by line: none of them is begun by anybody else.
    let is_ours = |line: &str| {
        line == "! connect" || ["ehlo: ", "# ", "C: ", "S: "].iter().any(|begin| line.starts_with(begin))
    };
    faults.extend(
        stderr.lines().find(|line| !is_ours(line)).map(|line| format!("a line that is nobody's: '{line}'")),
    );
}

fn compare(wanted: &[Fate], was: &[Fate], faults: &mut Vec<String>) {
    if wanted.len() != was.len() {
        faults.push(format!("{} recipients, wanted {}", was.len(), wanted.len()));
    }
    for (wanted, was) in wanted.iter().zip(was) {
        let by = match (&wanted.by, &was.by) {
            (Some(wanted), Some(was)) => {
                was == wanted
                    || was.starts_with(&format!("{wanted}/"))
                    || was.starts_with(&format!("{wanted} "))
            }
            (wanted, _) => wanted.is_none(),
        };
        let is_elsewhere = wanted.at.is_some() && wanted.at != was.at
            || wanted.at.is_none() && wanted.what.starts_with("accepted ");
        if wanted.what != was.what || is_elsewhere || !by {
            faults.push(format!("it is {was:?},\nwanted {wanted:?}"));
        }
    }
}

/// What became of each recipient, as `--json` has it.
fn fates(stdout: &[u8]) -> Result<Vec<Fate>, String> {
    let value: Value =
        serde_json::from_slice(stdout).map_err(|error| format!("no JSON object on stdout: {error}"))?;
    let recipients = value["recipients"].as_array().ok_or("there are no recipients")?;
    let fate = |recipient: &Value| {
        let words = ["status", "stage"].map(|key| recipient[key].as_str().unwrap_or("?"));
        let at = recipient["transaction"].as_u64().and_then(|at| usize::try_from(at).ok());
        let transaction = at.map(|at| &value["transactions"][at]);
        let server = transaction.and_then(|one| servers::name_of(one["server"]["address"].as_str()?));
        let policy = transaction.map(|one| &one["route"]["policy"]);
        let by = policy.map(|policy| {
            let keys = ["kind", "mode", "source", "id", "matched"];
            let words: Vec<&str> = keys.iter().filter_map(|key| policy[*key].as_str()).collect();
            words.join("/")
        });
        Fate { what: words.join(" "), at: server.map(str::to_owned), by }
    };
    Ok(recipients.iter().map(fate).collect())
}
