//! A regular file that others may write to while it is read. It may grow: what was there when it was opened
//! is what is read. Where that has changed, or is gone, it is an error.
//!
//! The system tells when a file was written last and how long it is, not what was written. So sums are kept:
//! of the whole file from its opening, or of each part from its first reading. They are compared only if the
//! file was touched. The last piece is handed out after that, so that no server gets all of a file that has
//! changed.
//!
//! A long file that was not written to for a while is not read once more for its sum. If it is touched all
//! the same, growth counts as growth, and anything else as a change.
//!
//! Several threads may read it at once, for several domains.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::changed;
use super::pieces::{PIECE, read_file};
use super::sum::{STRIDE, Sum};

/// When a regular file is read for its sum; from then on it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summed {
    /// At once.
    AtOpening,
    /// Part by part, each when it is first read: for what is read to its end anyway before anything is told
    /// of it.
    AtFirstReading,
}

/// The file, from its position when it was opened to where it ended then.
#[derive(Debug)]
pub(super) struct Shared {
    file: File,
    start: u64,
    length: u64,
    /// How the file looked when all sums were last found right.
    stamp: Mutex<Stamp>,
    /// It is long and was left alone: there is no sum of it before it is read.
    is_quiet: bool,
    /// The parts that are promised, from where to where, and their sums.
    sums: Mutex<Sums>,
}

/// Parts, from where to where, and their sums.
type Sums = BTreeMap<(u64, u64), Sum>;

/// A file up to this length, in octets, is always read once more for its sum.
const SHORT: u64 = 1 << 20;
/// A file counts as left alone if it was not written to for this long, in seconds.
const QUIET: i64 = 60;

/// What shows that a file was not touched. Setting the time of the last writing back changes the time of the
/// last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether the file was left alone for a while.
    fn is_quiet(&self) -> bool {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        now.saturating_sub(self.modified.0.max(self.changed.0)) > QUIET
    }
}

impl Shared {
    /// A file whose reading begins at `start`.
    pub fn new(file: File, start: u64, metadata: &Metadata, summed: Summed) -> io::Result<Shared> {
        let stamp = Stamp::of(metadata);
        let length = stamp.length.saturating_sub(start);
        let is_quiet = summed == Summed::AtOpening && length > SHORT && stamp.is_quiet();
        let (stamp, sums) = (Mutex::new(stamp), Mutex::default());
        let shared = Shared { file, start, length, stamp, is_quiet, sums };
        if summed == Summed::AtOpening && !is_quiet {
            let sum = shared.sum(0, length)?;
            shared.sums().insert((0, length), sum);
        }
        Ok(shared)
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stamp(&self) -> Stamp {
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it was.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// As [`Source::read_pieces`](super::Source::read_pieces), within the length.
    pub fn read_pieces(
        &self,
        from: u64,
        to: u64,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let known = self.sums().get(&(from, to)).copied();
        let is_promised = known.is_some() || self.sums().contains_key(&(0, self.length));
        let was_touched = self.touched()?.is_some();
        if was_touched && known.is_none() {
            self.compare()?;
        }
        let is_summed = !is_promised || (was_touched && known.is_some());
        let mut sum = Sum::default();
        let mut left = to - from;
        self.read(from, to, &mut |piece| {
            if is_summed {
                sum.add(piece);
            }
            left -= piece.len() as u64;
            if left == 0 {
                match known {
                    // What was handed out is promised from now on, whatever happens to the file.
                    Some(known) if is_summed && sum == known => {}
                    Some(_) if is_summed => return Err(changed(None)),
                    _ => self.compare()?,
                }
            }
            take(piece)
        })?;
        if !is_promised {
            self.sums().insert((from, to), sum);
        }
        Ok(())
    }

    /// If the file was touched: whether all that was promised is still there.
    fn compare(&self) -> io::Result<()> {
        let Some(stamp) = self.touched()? else { return Ok(()) };
        if self.is_quiet && self.sums().is_empty() && stamp.length == self.stamp().length {
            return Err(changed(None));
        }
        for ((from, to), sum) in self.sums().iter() {
            if self.sum(*from, *to)? != *sum {
                return Err(changed(None));
            }
        }
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
        Ok(())
    }

    /// Its stamp, if that is another than when it was compared last.
    fn touched(&self) -> io::Result<Option<Stamp>> {
        let now = Stamp::of(&self.file.metadata()?);
        if now.length < self.start + self.length {
            return Err(changed(None));
        }
        Ok((now != self.stamp()).then_some(now))
    }

    fn sum(&self, from: u64, to: u64) -> io::Result<Sum> {
        let mut sum = Sum::default();
        self.read(from, to, &mut |piece| {
            sum.add(piece);
            Ok(())
        })?;
        Ok(sum)
    }

    fn read(&self, from: u64, to: u64, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let (from, to) = (self.start + from, self.start + to);
        read_file(&self.file, from, to, take).map_err(|error| {
            // A file that ends too early has been cut short meanwhile.
            let is_short = error.kind() == io::ErrorKind::UnexpectedEof && self.touched().is_err();
            if is_short { changed(None) } else { error }
        })
    }
}

const _: () = assert!(PIECE.is_multiple_of(STRIDE));

#[cfg(test)]
mod tests {
    use super::super::{Source, is_changed};
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
    use std::path::PathBuf;
    use std::time::{Duration, UNIX_EPOCH};

    fn octets(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n % 251) as u8).collect()
    }

    struct Case {
        _folder: tempfile::TempDir,
        path: PathBuf,
        octets: Vec<u8>,
        source: Source,
    }

    /// A file of this length, opened.
    fn open(length: usize) -> Case {
        open_summed(length, Summed::AtOpening)
    }

    fn open_summed(length: usize, summed: Summed) -> Case {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let octets = octets(length);
        std::fs::write(&path, &octets).unwrap();
        let source = Source::open_summed(&path, summed).unwrap();
        Case { _folder: folder, path, octets, source }
    }

    impl Case {
        /// Opened for writing; the system's clock for files is coarse, so that the time is made to differ.
        fn write(&self, change: impl FnOnce(&File)) {
            let file = File::options().write(true).open(&self.path).unwrap();
            change(&file);
            file.set_modified(UNIX_EPOCH + Duration::from_secs(1)).unwrap();
        }

        fn append(&self) {
            File::options().append(true).open(&self.path).unwrap().write_all(b"more\n").unwrap();
        }

        fn is_as_it_was(&self) -> bool {
            match self.source.read_all() {
                Ok(octets) => {
                    assert!(octets == self.octets, "other octets are handed out");
                    true
                }
                Err(error) => {
                    assert!(is_changed(&error), "{error}");
                    false
                }
            }
        }
    }

    const SHORT: usize = 1000;
    const LONG: usize = (4 << 20) + 3;
    const LENGTHS: [usize; 5] = [1, SHORT, PIECE + 1, 3 * PIECE, LONG];
    const BOTH: [Summed; 2] = [Summed::AtOpening, Summed::AtFirstReading];

    #[test]
    fn a_file_that_grows_is_read_as_it_was() {
        for length in LENGTHS {
            for (read_before, summed) in
                [false, true].into_iter().flat_map(|read| BOTH.map(|summed| (read, summed)))
            {
                let case = open_summed(length, summed);
                assert!(!read_before || case.is_as_it_was());
                for _ in 0..3 {
                    case.append();
                    assert!(case.is_as_it_was(), "{length}");
                }
                assert_eq!(case.source.len(), length as u64);
                let mut part = Vec::new();
                let (from, to) = (length as u64 / 3, length as u64 / 2);
                let take = &mut |piece: &[u8]| {
                    part.extend_from_slice(piece);
                    Ok(())
                };
                case.source.read_pieces(from, to, take).unwrap();
                assert!(part == case.octets[from as usize..to as usize]);
            }
        }
    }

    #[test]
    fn a_file_may_grow_while_it_is_read() {
        for (length, summed) in LENGTHS.into_iter().flat_map(|length| BOTH.map(|summed| (length, summed))) {
            let case = open_summed(length, summed);
            for _ in 0..2 {
                let mut read = Vec::new();
                let take = &mut |piece: &[u8]| {
                    read.extend_from_slice(piece);
                    case.append();
                    Ok(())
                };
                case.source.read_pieces(0, u64::MAX, take).unwrap();
                assert!(read == case.octets, "{length}");
            }
        }
    }

    #[test]
    fn a_file_that_is_shorter_has_changed() {
        for length in LENGTHS {
            for read_before in [false, true] {
                let case = open(length);
                assert!(!read_before || case.is_as_it_was());
                case.write(|file| file.set_len(length as u64 - 1).unwrap());
                assert!(!case.is_as_it_was(), "{length}");
            }
        }
    }

    #[test]
    fn octets_that_were_counted_and_are_others_now_are_noticed_also_where_it_grew() {
        for length in [SHORT, 3 * PIECE, LONG] {
            for (grows, summed) in
                [false, true].into_iter().flat_map(|grows| BOTH.map(|summed| (grows, summed)))
            {
                for at in [0, length / 2 + 11, length - 1] {
                    let case = open_summed(length, summed);
                    // What is summed at its opening need not have been read.
                    assert!(summed == Summed::AtOpening || case.is_as_it_was());
                    case.write(|file| file.write_all_at(b"\xff", at as u64).unwrap());
                    if grows {
                        case.append();
                    }
                    assert!(!case.is_as_it_was(), "{at} of {length}, {grows}");
                }
            }
        }
    }

    #[test]
    fn a_change_while_it_is_read_is_noticed_before_the_last_piece() {
        for (grows, read_before) in [(false, false), (false, true), (true, false), (true, true)] {
            let case = open(LONG);
            assert!(!read_before || case.is_as_it_was());
            let mut left = LONG;
            let take = &mut |piece: &[u8]| {
                if left == LONG {
                    case.write(|file| file.write_all_at(b"\xff", 3 * PIECE as u64 + 7).unwrap());
                    if grows {
                        case.append();
                    }
                }
                left -= piece.len();
                Ok(())
            };
            let error = case.source.read_pieces(0, u64::MAX, take).unwrap_err();
            assert!(is_changed(&error));
            assert!(left > 0, "all of it was handed out");
        }
    }

    #[test]
    fn a_file_that_is_written_anew_has_changed_before_it_was_read_at_all() {
        for length in [SHORT, PIECE, LONG] {
            for now in [length, length + 1, 2 * length] {
                let case = open(length);
                case.write(|file| {
                    file.set_len(0).unwrap();
                    file.write_all_at(&vec![b'x'; now], 0).unwrap();
                });
                assert!(!case.is_as_it_was(), "{now} for {length}");
            }
        }
    }

    #[test]
    fn another_time_or_mode_alone_is_no_change() {
        for length in [SHORT, LONG] {
            for (read_before, summed) in [(false, Summed::AtOpening), (true, Summed::AtFirstReading)] {
                let case = open_summed(length, summed);
                assert!(!read_before || case.is_as_it_was());
                case.write(|_| {});
                assert!(case.is_as_it_was(), "{length}, {summed:?}");
                std::fs::set_permissions(&case.path, std::fs::Permissions::from_mode(0o400)).unwrap();
                assert!(case.is_as_it_was(), "{length}, {summed:?}");
            }
        }
    }

    #[test]
    fn a_change_is_noticed_though_the_time_was_set_back() {
        for summed in BOTH {
            let case = open_summed(SHORT, summed);
            assert!(case.is_as_it_was());
            let before = std::fs::metadata(&case.path).unwrap();
            // The system's clock for files is coarse.
            while std::fs::metadata(&case.path).unwrap().ctime_nsec() == before.ctime_nsec() {
                let file = File::options().write(true).open(&case.path).unwrap();
                file.write_all_at(b"\xff", 500).unwrap();
                file.set_modified(before.modified().unwrap()).unwrap();
            }
            assert!(!case.is_as_it_was(), "{summed:?}");
        }
    }

    #[test]
    fn what_was_read_in_part_is_compared_before_the_rest_is_read() {
        let case = open_summed(LONG, Summed::AtFirstReading);
        case.source.read_pieces(0, 4096, &mut |_| Ok(())).unwrap();
        case.append();
        assert!(case.is_as_it_was());
        let case = open_summed(LONG, Summed::AtFirstReading);
        case.source.read_pieces(0, 4096, &mut |_| Ok(())).unwrap();
        case.write(|file| file.write_all_at(b"\xff", 4000).unwrap());
        assert!(!case.is_as_it_was());
    }
}
