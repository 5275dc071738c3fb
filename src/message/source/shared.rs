//! A regular file that others may write to while it is read. It may grow: what was there when it was opened
//! is what is read. Where that has changed, or is gone, it is an error.
//!
//! The system tells when a file was written last and how long it is, not what was written. So a sum is kept
//! of what is read for the first time, and of a sample that is taken at the opening (all of a short file);
//! they are looked at again only where the file was written to. The last piece is handed out when that is
//! done, so that nobody has all of a file that has changed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use super::sum::Sum;
use super::{Changed, PIECE, read_file};

/// A file up to this length is in the sample whole, in octets.
const SAMPLE: u64 = 1 << 20;
/// Of a longer one there are so many blocks of this length, the first and the last among them.
const BLOCKS: u64 = 256;
const BLOCK: u64 = SAMPLE / BLOCKS;

/// The file from where it stood when it was opened to where it ended then.
#[derive(Debug)]
pub(super) struct Shared {
    file: File,
    start: u64,
    length: u64,
    stamp: Stamp,
    sample: Sum,
    /// What was read, from where to where, and its sum.
    seen: RefCell<BTreeMap<(u64, u64), Sum>>,
}

/// What tells that nobody has written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp { length: metadata.len(), modified: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

/// What was written to a file, as far as its stamp tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    /// It is as long as before.
    Something,
    More,
}

impl Shared {
    /// A file whose reading begins at `start`.
    pub fn new(file: File, start: u64, metadata: &Metadata) -> io::Result<Shared> {
        let stamp = Stamp::of(metadata);
        let length = stamp.length.saturating_sub(start);
        let sample = sample(&file, start, length)?;
        Ok(Shared { file, start, length, stamp, sample, seen: RefCell::default() })
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
        let known = self.seen.borrow().get(&(from, to)).copied();
        let written = self.written()?;
        if written != Written::Nothing {
            self.is_still_there(written, known.is_some())?;
        }
        // The first time, and whenever there is something to compare.
        let is_summed = known.is_none() || written != Written::Nothing;
        let mut sum = Sum::default();
        let mut left = to - from;
        self.read(from, to, &mut |piece| {
            if is_summed {
                sum.add(piece);
            }
            left -= piece.len() as u64;
            if left == 0 {
                self.confirm(from, to, known, is_summed.then_some(sum))?;
            }
            take(piece)
        })?;
        if known.is_none() {
            self.seen.borrow_mut().insert((from, to), sum);
        }
        Ok(())
    }

    /// Is what was read what is promised?
    fn confirm(&self, from: u64, to: u64, known: Option<Sum>, sum: Option<Sum>) -> io::Result<()> {
        let written = self.written()?;
        match (known, sum) {
            (_, None) if written == Written::Nothing => Ok(()),
            (None, _) if written == Written::Nothing => Ok(()),
            (None, _) => self.is_still_there(written, false),
            (Some(known), Some(sum)) if sum == known => Ok(()),
            (Some(_), Some(_)) => Err(changed()),
            // It was written to meanwhile.
            (Some(known), None) => {
                let mut sum = Sum::default();
                self.read(from, to, &mut |piece| {
                    sum.add(piece);
                    Ok(())
                })?;
                if sum == known { Ok(()) } else { Err(changed()) }
            }
        }
    }

    /// The sample is what it was. Where that is not all, and there is nothing else to compare, a file that is
    /// no longer than before has changed.
    fn is_still_there(&self, written: Written, is_known: bool) -> io::Result<()> {
        let sample = sample(&self.file, self.start, self.length).map_err(|error| self.or_changed(error))?;
        let is_same = sample == self.sample;
        let is_told = is_known || written == Written::More || self.length <= SAMPLE;
        if is_same && is_told { Ok(()) } else { Err(changed()) }
    }

    fn written(&self) -> io::Result<Written> {
        let now = Stamp::of(&self.file.metadata()?);
        match now.length.cmp(&self.stamp.length) {
            std::cmp::Ordering::Less => Err(changed()),
            std::cmp::Ordering::Greater => Ok(Written::More),
            std::cmp::Ordering::Equal if now == self.stamp => Ok(Written::Nothing),
            std::cmp::Ordering::Equal => Ok(Written::Something),
        }
    }

    fn read(&self, from: u64, to: u64, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let (from, to) = (self.start + from, self.start + to);
        read_file(&self.file, from, to, take).map_err(|error| self.or_changed(error))
    }

    /// A file that ends too early has been cut short meanwhile.
    fn or_changed(&self, error: io::Error) -> io::Error {
        let is_short = error.kind() == io::ErrorKind::UnexpectedEof && self.written().is_err();
        if is_short { changed() } else { error }
    }
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Changed { name: None })
}

/// The sum of a short file, or of blocks of a long one.
fn sample(file: &File, start: u64, length: u64) -> io::Result<Sum> {
    let mut sum = Sum::default();
    let add = &mut |piece: &[u8]| {
        sum.add(piece);
        Ok(())
    };
    if length <= SAMPLE {
        read_file(file, start, start + length, add)?;
        return Ok(sum);
    }
    let mut block = [0; BLOCK as usize];
    for number in 0..BLOCKS {
        let at = u128::from(length - BLOCK) * u128::from(number) / u128::from(BLOCKS - 1);
        file.read_exact_at(&mut block, start + at as u64)?;
        sum.add(&block);
    }
    Ok(sum)
}

const _: () = assert!(PIECE.is_multiple_of(super::sum::STRIDE));

#[cfg(test)]
mod tests {
    use super::super::{Source, is_changed};
    use super::*;
    use std::io::Write as _;
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
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let octets = octets(length);
        std::fs::write(&path, &octets).unwrap();
        let source = Source::open(&path).unwrap();
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
    const LONG: usize = 4 * SAMPLE as usize + 3;
    const LENGTHS: [usize; 6] = [1, SHORT, SAMPLE as usize, SAMPLE as usize + 1, 3 * PIECE, LONG];

    #[test]
    fn a_file_that_grows_is_read_as_it_was() {
        for length in LENGTHS {
            for read_before in [false, true] {
                let case = open(length);
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
        for length in LENGTHS {
            let case = open(length);
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
            for grows in [false, true] {
                for at in [0, length / 2 + 11, length - 1] {
                    let case = open(length);
                    assert!(case.is_as_it_was());
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
        for grows in [false, true] {
            let case = open(LONG);
            assert!(case.is_as_it_was());
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
        for length in [SHORT, SAMPLE as usize, LONG] {
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
    fn another_time_alone_is_no_change_where_the_octets_can_be_compared() {
        for (length, read_before, is_fine) in
            [(SHORT, false, true), (SHORT, true, true), (LONG, true, true), (LONG, false, false)]
        {
            let case = open(length);
            assert!(!read_before || case.is_as_it_was());
            case.write(|_| {});
            assert_eq!(case.is_as_it_was(), is_fine, "{length}, {read_before}");
        }
    }
}
