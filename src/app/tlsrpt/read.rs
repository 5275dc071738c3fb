//! The file with the sessions, line by line. One that cannot be read is told by its number and passed over: a process may
//! have ended in the middle of it.

#![allow(clippy::disallowed_types, reason = "this is where it is read")]

use super::super::early_exit::{EarlyExit, Result};
use crate::output::Output;
use crate::report::tlsrpt::{Day, LONGEST, Line, Tally};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How many lines that cannot be read are told one by one.
const TOLD: u64 = 10;

/// Counts the lines of the days that are wanted.
///
/// # Errors
/// The file cannot be read, or has lines of which none can be.
pub(super) fn read(path: &Path, is_wanted: &dyn Fn(Day) -> bool, output: &Output) -> Result<Tally> {
    let name = path.display().to_string();
    let unread = |error| EarlyExit::no_input(error, format!("cannot read {name}"));
    let (mut tally, mut good, mut bad) = (Tally::default(), 0_u64, 0_u64);
    let mut take = |number: u64, line: Option<&[u8]>| match line.and_then(Line::read) {
        Some((day, line)) => {
            good += 1;
            if is_wanted(day) {
                tally.add(day, line);
            }
        }
        None => {
            bad += 1;
            if bad <= TOLD {
                output.say(&format!("{name}: line {number} is not one of --tlsrpt: it is passed over"));
            }
        }
    };
    let done = match path.as_os_str() == "-" {
        true => lines(&mut io::stdin().lock(), &mut take),
        false => lines(&mut BufReader::new(File::open(path).map_err(unread)?), &mut take),
    };
    done.map_err(unread)?;
    if bad > TOLD {
        output.say(&format!("{name}: {} more lines are passed over", bad - TOLD));
    }
    match (good, bad) {
        (0, 1..) => Err(EarlyExit::data(format!("{name}: none of its lines is one of --tlsrpt"))),
        _ => Ok(tally),
    }
}

/// Gives each line that is not empty, with its number and without its end; none if it is too long.
fn lines(from: &mut dyn BufRead, take: &mut dyn FnMut(u64, Option<&[u8]>)) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        if Read::take(&mut *from, most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let is_whole = line.len() < LONGEST || line.ends_with(b"\n");
        if !is_whole {
            from.skip_until(b'\n')?;
        }
        if !line.trim_ascii().is_empty() {
            take(number, is_whole.then_some(line.trim_ascii()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_numbers_and_one_that_is_too_long_is_none() {
        let long = "x".repeat(LONGEST);
        let fits = "y".repeat(LONGEST - 1);
        let text = format!("a\n\n {long}\nb\r\n{fits}\n{long}\nc");
        let mut found = Vec::new();
        // In small pieces as well.
        for size in [7, 8192] {
            let mut from = BufReader::with_capacity(size, text.as_bytes());
            lines(&mut from, &mut |number, line| {
                found.push((number, line.map(|line| String::from_utf8_lossy(line).into_owned())));
            })
            .unwrap();
            let some = |text: &str| Some(text.to_owned());
            assert_eq!(
                std::mem::take(&mut found),
                [(1, some("a")), (3, None), (4, some("b")), (5, some(&fits)), (6, None), (7, some("c"))]
            );
        }
    }
}
