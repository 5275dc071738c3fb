//! When notices were sent lately, so that a loop of them cannot fill the disk: the moments, in one small file. It is
//! not worth a sync.

use super::super::error::SpoolError;
use super::super::moment::Moment;
use super::disk::{Disk, DiskFile, Folder, fill};
use super::store::Files;
use std::fmt::Write;
use std::io;
use std::time::Duration;

/// Its name.
const NAME: &str = "notices";
/// What counts as lately.
const LATELY: Duration = Duration::from_secs(60 * 60);
/// How much of the file is read, in octets: more than it ever holds.
const MOST: usize = 16 << 10;

impl<D: Disk> Files<D> {
    /// Whether one more notice may be sent, of at most so many in an hour; if so, it counts.
    pub(super) fn count_notice(&self, most: usize) -> Result<bool, SpoolError> {
        let now = Moment::now();
        let mut lately = self.lately(&now)?;
        if lately.len() >= most {
            return Ok(false);
        }
        lately.push(now);
        let text = lately.iter().fold(String::new(), |mut text, moment| {
            let _ = writeln!(text, "{moment}");
            text
        });
        let tmp = format!("{NAME}.{}", std::process::id());
        let _ = self.disk.unlink(Folder::Tmp, &tmp);
        let written = self
            .disk
            .make(Folder::Tmp, &tmp, 0o600)
            .and_then(|file| file.write_at(text.as_bytes(), 0))
            .and_then(|()| self.disk.rename(Folder::Tmp, &tmp, Folder::Root, NAME));
        match written {
            Ok(()) => Ok(true),
            Err(error) => {
                let _ = self.disk.unlink(Folder::Tmp, &tmp);
                Err(self.io("write", Folder::Root, NAME)(error))
            }
        }
    }

    /// The moments that count. What cannot be read does not.
    fn lately(&self, now: &Moment) -> Result<Vec<Moment>, SpoolError> {
        let read = self.disk.open(Folder::Root, NAME, false).and_then(|file| {
            let mut octets = vec![0; MOST];
            let count = fill(&file, &mut octets, 0)?;
            octets.truncate(count);
            Ok(octets)
        });
        let octets = match read {
            Ok(octets) => octets,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.io("read", Folder::Root, NAME)(error)),
        };
        let text = String::from_utf8_lossy(&octets);
        let moments = text.lines().filter_map(|line| line.parse::<Moment>().ok());
        // Those of the future were written by a clock that was wrong.
        let is_late = |moment: &Moment| {
            now.since(moment) < LATELY && (moment.start == now.start || moment.wall <= now.wall)
        };
        Ok(moments.filter(is_late).collect())
    }
}
