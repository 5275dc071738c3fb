//! What can be wrong with the store, or with one message in it.

use super::id::Id;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// What is wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum SpoolError {
    /// The system failed to do this to that file.
    Io {
        /// What was to be done, as a verb: `write`, `make`, `sync`.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why it was not.
        error: io::Error,
    },
    /// The content could not be read while it was taken.
    Source(io::Error),
    /// There is too little room on the disk: octets.
    NoRoom {
        /// The free ones.
        free: u64,
        /// Those that must stay free.
        wanted: u64,
    },
    /// There is too little room on the disk: files.
    NoFiles {
        /// How many more there can be.
        free: u64,
    },
    /// The message is larger than the queue takes.
    TooLarge {
        /// Its octets.
        octets: u64,
        /// How many there may be.
        limit: u64,
    },
    /// It has more recipients than the queue takes.
    TooManyRecipients {
        /// How many it has.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// What is there was made by a newer program.
    Newer {
        /// Where.
        path: PathBuf,
        /// Which version it has.
        version: String,
    },
    /// What is at this place is not a queue, or can be changed by others.
    NotAQueue {
        /// Where.
        path: PathBuf,
        /// What is wrong with it.
        why: Unfit,
    },
    /// There is no message of this name any more.
    Gone(Id),
    /// Somebody else works on it.
    Busy(Id),
    /// It cannot be read.
    Damaged {
        /// Which one.
        id: Id,
        /// What is wrong.
        damage: Damage,
    },
    /// The lease on it was over before it was renewed: somebody else may have it.
    Lost(Id),
    /// The queue is in a database, and that fails.
    Database {
        /// In which way.
        fault: DatabaseFault,
        /// What it said, in one line.
        said: String,
    },
}

/// In which way a database fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFault {
    /// It cannot be reached, or ends the connection: that passes.
    Unreachable,
    /// It does not let us in.
    LogIn,
    /// Its certificate is not trusted, or it has no TLS.
    Trust,
    /// The role may not do this.
    Permission,
    /// There is no queue in it.
    NoQueue,
    /// There is a queue in it already.
    HasQueue,
    /// A newer program made the queue in it, of this version.
    Newer(i32),
    /// Its disk is full.
    Full,
    /// It takes no changes: it is a standby.
    ReadOnly,
    /// It takes too long.
    Slow,
    /// Anything else.
    Other,
}

impl DatabaseFault {
    /// Whether it is over some time without anybody's doing: a queue goes on as soon as it is.
    #[must_use]
    pub fn passes(self) -> bool {
        use DatabaseFault as Fault;
        matches!(self, Fault::Unreachable | Fault::Full | Fault::ReadOnly | Fault::Slow | Fault::Other)
    }
}

/// Why a place cannot be a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is no folder, or a link.
    NotAFolder,
    /// It belongs to somebody else.
    ForeignOwner,
    /// Others can write there.
    WritableByOthers,
    /// Its VERSION is none.
    NoVersion,
}

/// What is wrong with a message's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// There is nothing in it.
    Empty,
    /// It is no message of a queue.
    Foreign,
    /// A newer program wrote it. It is not damaged: that program can read it.
    Newer,
    /// It is no regular file.
    NotAFile,
    /// A line of its envelope is not as it must be.
    Envelope,
    /// The envelope's sum is wrong.
    EnvelopeSum,
    /// The content ends too early, or goes on behind its end.
    Length,
    /// The content's sum is wrong.
    ContentSum,
    /// A line inside its journal is not as it was written.
    Journal,
    /// The journal is another message's, or none.
    ForeignJournal,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unfit::NotAFolder => "it is not a folder",
            Unfit::ForeignOwner => "it belongs to another user",
            Unfit::WritableByOthers => "other users can write there",
            Unfit::NoVersion => "its file VERSION is not one of ehlo's",
        })
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::Empty => "the file is empty",
            Damage::Foreign => "the file is not a queued message",
            Damage::Newer => "a newer version of ehlo wrote it",
            Damage::NotAFile => "it is not a regular file",
            Damage::Envelope => "its envelope cannot be read",
            Damage::EnvelopeSum => "its envelope has changed on the disk",
            Damage::Length => "its content is cut short, or goes on behind its end",
            Damage::ContentSum => "its content has changed on the disk",
            Damage::Journal => "its journal has changed on the disk",
            Damage::ForeignJournal => "its journal is not its own",
        })
    }
}

impl fmt::Display for SpoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpoolError::Io { doing, path, .. } => write!(f, "cannot {doing} {}", path.display()),
            SpoolError::Source(_) => f.write_str("the message cannot be read"),
            SpoolError::NoRoom { free, wanted } => {
                write!(f, "the disk has {free} octets free, and {wanted} are to stay free")
            }
            SpoolError::NoFiles { free } => write!(f, "the disk has room for {free} more files only"),
            SpoolError::TooLarge { octets, limit } => {
                write!(f, "the message has {octets} octets, but the queue takes at most {limit}")
            }
            SpoolError::TooManyRecipients { count, limit } => {
                write!(f, "the message has {count} recipients, but the queue takes at most {limit}")
            }
            SpoolError::Newer { path, version } => {
                write!(f, "{} is of version {version}, which this program is too old for", path.display())
            }
            SpoolError::NotAQueue { path, why } => write!(f, "{} cannot be a queue: {why}", path.display()),
            SpoolError::Gone(id) => write!(f, "there is no message {id} in the queue"),
            SpoolError::Busy(id) => write!(f, "message {id} is being worked on"),
            SpoolError::Damaged { id, damage } => write!(f, "message {id} is damaged: {damage}"),
            SpoolError::Lost(id) => write!(f, "the lease on message {id} was over before it was renewed"),
            SpoolError::Database { fault, said } => {
                use DatabaseFault as Fault;
                let what = match fault {
                    Fault::Unreachable => "the database cannot be reached",
                    Fault::LogIn => "the database refuses the log-in",
                    Fault::Trust => "the database is not trusted",
                    Fault::Permission => "the database's role may not do this",
                    Fault::NoQueue => return f.write_str("there is no queue in the database"),
                    Fault::HasQueue => return f.write_str("there is a queue in the database already"),
                    Fault::Newer(version) => {
                        return write!(
                            f,
                            "the queue in the database is of version {version}, which this program is too old for"
                        );
                    }
                    Fault::Full => "the database has no room left",
                    Fault::ReadOnly => "the database takes no changes now",
                    Fault::Slow => "the database takes too long",
                    Fault::Other => "the database fails",
                };
                write!(f, "{what}: {said}")
            }
        }
    }
}

impl std::error::Error for SpoolError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SpoolError::Io { error, .. } | SpoolError::Source(error) => Some(error),
            _ => None,
        }
    }
}
