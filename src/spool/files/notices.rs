//! When notices were sent lately, so that a loop of them cannot fill the disk: the moments, in a small file for each
//! user.

use super::disk::{Disk, Folder};
use super::store::Files;
use crate::spool::error::SpoolError;
use crate::spool::moment::Moment;
use rustix::process::getuid;
use std::time::Duration;

/// The file's name.
pub const NAME: &str = "notices";
/// What counts as lately.
const LATELY: Duration = Duration::from_secs(60 * 60);

impl<D: Disk> Files<D> {
    /// Whether one more notice may be sent about messages of this user, of at most so many in an hour; if so, it counts.
    pub(super) fn count_notice(&self, of: u32, most: usize) -> Result<bool, SpoolError> {
        // In a user's own queue there is one user.
        let name = if of == getuid().as_raw() { NAME.to_owned() } else { format!("{NAME}.{of}") };
        let name = name.as_str();
        let read = self.read_small(Folder::Root, name).map_err(self.io("read", Folder::Root, name))?;
        let now = Moment::now();
        let mut lately = lately(&read.unwrap_or_default(), &now);
        if lately.len() >= most {
            return Ok(false);
        }
        lately.push(now);
        let text: String = lately.iter().map(|moment| format!("{moment}\n")).collect();
        self.write_small(Folder::Root, name, text.as_bytes()).map_err(self.io(
            "write",
            Folder::Root,
            name,
        ))?;
        Ok(true)
    }
}

/// The moments that count. What cannot be read does not.
fn lately(octets: &[u8], now: &Moment) -> Vec<Moment> {
    let text = String::from_utf8_lossy(octets);
    let moments = text.lines().filter_map(|line| line.parse::<Moment>().ok());
    // Those of the future were written by a clock that was wrong.
    let counts = |moment: &Moment| {
        now.since(moment) < LATELY && (moment.start == now.start || moment.wall <= now.wall)
    };
    moments.filter(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_last_hour_count() {
        let now = Moment { wall: 100_000, boot: 50_000, start: 7 };
        for (line, counts) in [
            ("100000+50000@00000007", true),
            // Within one start of the machine the wall's clock has no say.
            ("1+46401@00000007", true),
            ("100000+46400@00000007", false),
            ("96401+1@00000008", true),
            ("96400+1@00000008", false),
            ("100001+1@00000008", false),
            ("", false),
            ("100000", false),
            ("\u{fffd}", false),
        ] {
            assert_eq!(lately(line.as_bytes(), &now).len(), usize::from(counts), "{line}");
            let among = format!("100000+50000@00000007\n{line}\n\n100000+50000@00000007\n");
            assert_eq!(lately(among.as_bytes(), &now).len(), 2 + usize::from(counts), "{line}");
        }
    }
}
