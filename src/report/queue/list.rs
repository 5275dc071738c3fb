//! `ehlo queue list`: a line for each message. The columns have fixed widths, so that a line can be written before
//! the next message is read.

use super::seen::Seen;
use super::times::short;
use crate::report::text::printable;
use crate::report::width;

/// The widths of age, size, state and next try. An identifier has the same length always.
const AGE: usize = 3;
const SIZE: usize = 5;
const STATE: usize = 12;
const NEXT: usize = 3;
/// Where the sender begins on a terminal, behind those and the gaps between them.
const SENDER_AT: usize = 13 + 2 + AGE + 2 + SIZE + 2 + STATE + 2 + NEXT + 2;
/// How far the reason is indented on a terminal.
const INDENT: usize = 15;

/// A message, with single TABs between: identifier, age, octets, state, next try, sender, recipients, reason. On a
/// terminal, which has so many columns, the reason is on a line of its own.
#[must_use]
pub fn line(seen: &Seen<'_>, columns: Option<usize>) -> String {
    let (first, more) = seen.recipients();
    let recipients = match more {
        0 => printable(first),
        more => format!("{} +{more}", printable(first)),
    };
    let entry = &seen.listed.entry;
    let (id, age, state) = (entry.id, short(seen.age()), seen.standing().name());
    let (next, sender) = (seen.next_in_short(), printable(seen.sender()));
    let reason = seen.reason().map(|reason| printable(&reason));
    let Some(columns) = columns else {
        let (octets, reason) = (entry.facts.octets, reason.unwrap_or_default());
        return format!("{id}\t{age}\t{octets}\t{state}\t{next}\t{sender}\t{recipients}\t{reason}\n");
    };
    let size = size(entry.facts.octets);
    let room = columns.saturating_sub(SENDER_AT + 2).max(2);
    let sender = width::padded(&width::cut(&sender, room / 2), room / 2);
    let recipients = width::cut(&recipients, room - room / 2);
    let mut line =
        format!("{id}  {age:>AGE$}  {size:>SIZE$}  {state:<STATE$}  {next:>NEXT$}  {sender}  {recipients}\n");
    if let Some(reason) = reason {
        line += &format!("{:INDENT$}{}\n", "", width::cut(&reason, columns.saturating_sub(INDENT)));
    }
    line
}

/// Octets in four letters at most: `812`, `4.1k`, `12M`.
fn size(octets: u64) -> String {
    let mut unit = (1, "");
    for next in [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "G"), (1_000_000_000_000, "T")] {
        if octets >= next.0 {
            unit = next;
        }
    }
    let (one, name) = unit;
    match octets / one {
        whole @ 0..10 if one > 1 => format!("{whole}.{}{name}", octets % one * 10 / one),
        whole => format!("{whole}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_few_letters() {
        for (octets, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.0k"),
            (9_999, "9.9k"),
            (10_000, "10k"),
            (25_000_000, "25M"),
            (u64::MAX, "18446744T"),
        ] {
            assert_eq!(size(octets), text);
        }
    }
}
