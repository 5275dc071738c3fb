//! What a subcommand wants otherwise than others.

use crate::cli::StopArgs;

/// What a subcommand does differently from one that simply connects and logs in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deviations<'a> {
    /// Nobody is connected to: no secret is read.
    pub dry_run: bool,
    /// It only looks: nobody logs in, and what comes of TLS is told, not demanded.
    pub observes: bool,
    /// TLS is demanded, since it is to go on behind the server (`--require-tls-onward`).
    pub tls_onward: bool,
    /// How far the session goes, and where it is dropped.
    pub stop: StopArgs,
    /// The subject, which may have been meant as the server.
    pub subject: Option<&'a str>,
}
