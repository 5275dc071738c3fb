//! Octets that can be read more than once: a message, a body, an attachment.
//!
//! A regular file is read in place, each time anew; it can grow, but what it held when it was opened must not
//! change (source/shared.rs). Anything else (a pipe, a terminal, `/dev/fd/63`) is read to its end first and
//! kept: in memory up to [`IN_MEMORY`], above that in an unnamed temporary file. What the octets mean is for
//! others.
#![allow(clippy::disallowed_types, reason = "this is where files are read")]

mod builder;
mod error;
mod pieces;
mod shared;
mod sum;

pub use builder::Builder;
use error::changed;
pub use error::{is_changed, is_no_room};
pub use pieces::PIECE;
use pieces::read_file;
use shared::Shared;
pub use shared::Summed;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::AsFd;
use std::path::Path;

/// A stream longer than this, in octets, goes to a temporary file.
pub const IN_MEMORY: usize = 1 << 20;

/// Octets that can be read as often as it takes, by position.
#[derive(Debug)]
pub struct Source {
    place: Place,
    length: u64,
    name: Option<String>,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// Ours alone: nobody can change it.
    Spooled(File),
    /// Somebody else's file.
    Shared(Box<Shared>),
}

impl Source {
    /// Opens a file, or whatever is at `path`; its last component is kept as [`name`](Source::name).
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::IsADirectory`] for a directory.
    pub fn open(path: &Path) -> io::Result<Source> {
        Source::open_summed(path, Summed::AtOpening)
    }

    /// The same, with a choice of when its sum is taken.
    ///
    /// # Errors
    /// As for [`Source::open`].
    pub fn open_summed(path: &Path, summed: Summed) -> io::Result<Source> {
        let mut source = Source::from_file(File::open(path)?, summed)?;
        source.name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(source)
    }

    /// Standard input, from its present position. If it is a regular file it is read in place.
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

    /// Reads a stream to its end, and keeps it.
    ///
    /// # Errors
    /// What reading says, or writing the temporary file.
    pub fn stream(stream: impl Read) -> io::Result<Source> {
        let mut builder = Builder::default();
        builder.read(stream)?;
        builder.finish()
    }

    fn from_file(mut file: File, summed: Summed) -> io::Result<Source> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory, not a file"));
        }
        // A file that says it is empty can be one of /proc, whose length is not known before it is read.
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

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The last component of the path that was opened; what is not UTF-8 in it is replaced.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Hands out the octets from `from` up to but not including `to`, or to the end of the source. All pieces
    /// but the last have [`PIECE`] octets. The memory that this needs does not depend on the length.
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
                .map_err(|error| if is_changed(&error) { changed(self.name()) } else { error }),
        }
    }

    /// The whole of it.
    ///
    /// # Errors
    /// As for [`Source::read_pieces`].
    pub fn read_all(&self) -> io::Result<Vec<u8>> {
        self.read_start(u64::MAX)
    }

    /// The first `most` octets, or fewer if there are no more.
    pub fn read_start(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut octets = Vec::new();
        self.read_pieces(0, most, &mut |piece| {
            octets.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(octets)
    }
}

#[cfg(test)]
mod tests;
