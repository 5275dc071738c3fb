//! Octets that can be read more than once: a message, a body, an attachment.
//!
//! A regular file is read in place, each time anew; it may grow, but what it held when it was opened must not
//! change (`shared`). Anything else (a pipe, a terminal, `/dev/fd/63`) is taken whole first: in memory up to
//! [`IN_MEMORY`], above that in an unnamed temporary file. What the octets mean is for others.
#![allow(clippy::disallowed_types, reason = "this is where files are read")]

mod shared;
mod sum;

use shared::Shared;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A stream longer than this, in octets, goes to a temporary file.
pub const IN_MEMORY: usize = 1 << 20;

/// The size of all pieces that [`Source::read_pieces`] hands out but the last, in octets: 4096 lines of base64.
pub const PIECE: usize = 57 * 4096;

/// Octets that can be read as often as it takes, by position.
#[derive(Debug)]
pub struct Source {
    place: Place,
    length: u64,
    name: Option<String>,
}

/// When a regular file is read for its sum, from which on it must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summed {
    /// At once.
    AtOpening,
    /// For what is read to its end anyway before anything is told of it: part by part, where each is read for the
    /// first time.
    AtFirstReading,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// Ours alone: nobody can change it.
    Spooled(File),
    /// Somebody else's file.
    Shared(Box<Shared>),
}

/// The file is not any more what it was when it was opened.
#[derive(Debug)]
struct Changed {
    name: Option<String>,
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "'{}' changed while it was sent", name.escape_debug()),
            None => f.write_str("the file changed while it was sent"),
        }
    }
}

impl std::error::Error for Changed {}

/// Does this error say that a file changed between two readings?
#[must_use]
pub fn is_changed(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Changed>())
}

/// There is no room for what is to be sent.
#[derive(Debug)]
struct NoRoom(io::Error);

impl std::fmt::Display for NoRoom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (folder, reason) = (std::env::temp_dir(), self.0.to_string().to_lowercase());
        let reason = reason.split(" (os error").next().unwrap_or_default();
        write!(f, "it cannot be kept in the temporary folder {}: {reason}", folder.display())
    }
}

impl std::error::Error for NoRoom {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn spooling(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), NoRoom(error))
}

/// Does this error say that a stream could not be kept, rather than read?
#[must_use]
pub fn is_no_room(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<NoRoom>())
}

impl Source {
    /// Opens a file, or whatever stands at `path`; its last component is kept as [`name`](Source::name).
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::IsADirectory`] for a directory.
    pub fn open(path: &Path) -> io::Result<Source> {
        Source::open_summed(path, Summed::AtOpening)
    }

    /// The same, with the choice when its sum is taken.
    ///
    /// # Errors
    /// As for [`Source::open`].
    pub fn open_summed(path: &Path, summed: Summed) -> io::Result<Source> {
        let mut source = Source::from_file(File::open(path)?, summed)?;
        source.name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(source)
    }

    /// Standard input, from where it stands. If it is a regular file it is read in place.
    ///
    /// # Errors
    /// As for [`Source::open`].
    pub fn stdin(summed: Summed) -> io::Result<Source> {
        Source::from_file(File::from(io::stdin().as_fd().try_clone_to_owned()?), summed)
    }

    /// Octets in memory.
    #[must_use]
    pub fn bytes(octets: Vec<u8>) -> Source {
        Source { length: octets.len() as u64, place: Place::Memory(octets), name: None }
    }

    /// Takes a stream whole.
    ///
    /// # Errors
    /// What reading says, or writing the temporary file.
    pub fn stream(mut stream: impl Read) -> io::Result<Source> {
        let mut start = Vec::new();
        stream.by_ref().take(IN_MEMORY as u64 + 1).read_to_end(&mut start)?;
        if start.len() <= IN_MEMORY {
            return Ok(Source::bytes(start));
        }
        let mut file = tempfile::tempfile().map_err(spooling)?;
        file.write_all(&start).map_err(spooling)?;
        let mut length = start.len() as u64;
        let mut piece = start;
        loop {
            piece.clear();
            stream.by_ref().take(IN_MEMORY as u64).read_to_end(&mut piece)?;
            if piece.is_empty() {
                break;
            }
            file.write_all(&piece).map_err(spooling)?;
            length += piece.len() as u64;
        }
        Ok(Source { place: Place::Spooled(file), length, name: None })
    }

    fn from_file(mut file: File, summed: Summed) -> io::Result<Source> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory, not a file"));
        }
        // What says that it is empty may be one of /proc, whose length is not known before it is read.
        if !metadata.is_file() || metadata.len() == 0 {
            return Source::stream(file);
        }
        let start = file.stream_position()?;
        let shared = Box::new(Shared::new(file, start, &metadata, summed)?);
        Ok(Source { length: shared.len(), place: Place::Shared(shared), name: None })
    }

    /// The number of octets.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Is there nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The last component of the path that was opened; what is not UTF-8 in it is replaced.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Hands out the octets from `from` up to, not with, `to`, cut at the end of the source. All pieces but the
    /// last have [`PIECE`] octets. The memory that this needs does not depend on the length.
    ///
    /// # Errors
    /// What reading says, what `take` answers, or an error that [`is_changed`] knows.
    pub fn read_pieces(
        &self,
        from: u64,
        to: u64,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let to = to.min(self.length);
        let from = from.min(to);
        if from == to {
            return Ok(());
        }
        match &self.place {
            Place::Memory(octets) => {
                let range =
                    usize::try_from(from).unwrap_or(usize::MAX)..usize::try_from(to).unwrap_or(usize::MAX);
                octets.get(range).unwrap_or_default().chunks(PIECE).try_for_each(take)
            }
            Place::Spooled(file) => read_file(file, from, to, take),
            Place::Shared(shared) => shared
                .read_pieces(from, to, take)
                .map_err(|error| if is_changed(&error) { self.changed() } else { error }),
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// As for [`Source::read_pieces`].
    pub fn read_all(&self) -> io::Result<Vec<u8>> {
        self.read_start(u64::MAX)
    }

    fn changed(&self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Changed { name: self.name.clone() })
    }

    /// The first `most` octets, or fewer if there are no more.
    pub(super) fn read_start(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut octets = Vec::new();
        self.read_pieces(0, most, &mut |piece| {
            octets.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(octets)
    }
}

/// Reads by position, so that one open file serves several readers.
fn read_file(
    file: &File,
    mut at: u64,
    end: u64,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; usize::try_from(end - at).unwrap_or(PIECE).min(PIECE)];
    while at < end {
        let wanted = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
        let Some(piece) = buffer.get_mut(..wanted) else { break };
        file.read_exact_at(piece, at)?;
        at += piece.len() as u64;
        take(piece)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(length: usize) -> Vec<u8> {
        (0..length).map(|n| (n % 251) as u8).collect()
    }

    fn range(source: &Source, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        source.read_pieces(from, to, &mut |piece| {
            all.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(all)
    }

    /// Gives little at a time, as a pipe does.
    struct Pipe(Vec<u8>);

    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(self.0.len()).min(4000);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn memory_files_and_streams_read_the_same_twice() {
        let folder = tempfile::tempdir().unwrap();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, IN_MEMORY, IN_MEMORY + 1, 3 * PIECE] {
            let expected = octets(length);
            let path = folder.path().join("file.bin");
            std::fs::write(&path, &expected).unwrap();
            let file = Source::open(&path).unwrap();
            assert_eq!(file.name(), Some("file.bin"));
            for source in
                [file, Source::bytes(expected.clone()), Source::stream(Pipe(expected.clone())).unwrap()]
            {
                assert_eq!(source.len(), length as u64);
                assert_eq!(source.is_empty(), length == 0);
                assert!(source.read_all().unwrap() == expected);
                assert!(source.read_all().unwrap() == expected);
                let (from, to) = (length / 3, length / 2 + 1);
                assert!(range(&source, from as u64, to as u64).unwrap() == expected[from..to.min(length)]);
                assert!(range(&source, 5, 2).unwrap().is_empty());
            }
        }
    }

    #[test]
    fn a_long_stream_leaves_memory() {
        let source = Source::stream(Pipe(octets(IN_MEMORY + 1))).unwrap();
        assert!(matches!(source.place, Place::Spooled(_)));
    }

    #[test]
    fn all_pieces_but_the_last_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, octets(2 * PIECE + 7)).unwrap();
        let mut lengths = Vec::new();
        let take = &mut |piece: &[u8]| {
            lengths.push(piece.len());
            Ok(())
        };
        Source::open(&path).unwrap().read_pieces(0, u64::MAX, take).unwrap();
        assert_eq!(lengths, [PIECE, PIECE, 7]);
    }

    #[test]
    fn a_file_that_changed_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for change in ["longer than before", "short"] {
            std::fs::write(&path, "as it was").unwrap();
            let source = Source::open(&path).unwrap();
            assert_eq!(source.read_all().unwrap(), b"as it was");
            std::fs::write(&path, change).unwrap();
            let error = source.read_all().unwrap_err();
            assert!(is_changed(&error));
            assert_eq!(error.to_string(), "'file' changed while it was sent");
        }
        assert!(!is_changed(&io::Error::other("something else")));
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, octets(3 * PIECE)).unwrap();
        let source = Source::open(&path).unwrap();
        let shorten = &mut |_: &[u8]| File::options().write(true).open(&path)?.set_len(PIECE as u64);
        assert!(is_changed(&source.read_pieces(0, u64::MAX, shorten).unwrap_err()));
    }

    #[test]
    fn a_file_is_read_from_where_it_stands() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"read already, then the rest").unwrap();
        file.seek(io::SeekFrom::Start(14)).unwrap();
        let source = Source::from_file(file, Summed::AtOpening).unwrap();
        assert_eq!((source.len(), source.read_all().unwrap()), (13, b"then the rest".to_vec()));
    }

    /// The other half of the next test: standard input is the process's.
    #[test]
    #[ignore = "started by standard_input_is_read_in_place_or_taken_whole"]
    fn print_stdin() {
        let source = Source::stdin(Summed::AtOpening).unwrap();
        let place = if matches!(source.place, Place::Shared(_)) { "file" } else { "stream" };
        assert_eq!(source.read_all().unwrap(), source.read_all().unwrap());
        let text = String::from_utf8(source.read_all().unwrap()).unwrap();
        writeln!(io::stdout(), "\nstdin={place}:{text}").unwrap();
    }

    #[test]
    fn standard_input_is_read_in_place_or_taken_whole() {
        use std::process::{Command, Stdio};
        let run = |stdin: Stdio, text: &str| {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "message::source::tests::print_stdin", "--ignored", "--nocapture"])
                .stdin(stdin)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            if let Some(mut pipe) = child.stdin.take() {
                pipe.write_all(text.as_bytes()).unwrap();
            }
            let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
            output.lines().find_map(|line| line.strip_prefix("stdin=")).unwrap_or(&output).to_owned()
        };
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"from a file").unwrap();
        file.seek(io::SeekFrom::Start(5)).unwrap();
        assert_eq!(run(file.into(), ""), "file:a file");
        assert_eq!(run(Stdio::piped(), "from a pipe"), "stream:from a pipe");
        assert_eq!(run(Stdio::null(), ""), "stream:");
    }

    #[test]
    fn directories_are_refused_and_proc_files_are_read() {
        assert_eq!(Source::open(Path::new("/")).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(Source::open(Path::new("/no/such/file")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!Source::open(Path::new("/proc/self/status")).unwrap().is_empty());
    }

    #[test]
    fn what_the_taker_answers_ends_the_reading() {
        let error =
            Source::bytes(vec![1]).read_pieces(0, 1, &mut |_| Err(io::Error::other("full"))).unwrap_err();
        assert_eq!(error.to_string(), "full");
    }
}
