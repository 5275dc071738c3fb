//! Where a probe's connections go. [`reach`] and `net` make them.

use crate::client::reach::reach;
use crate::client::{Error, Target};
use crate::net::{Stream, connect_to};
use std::net::SocketAddr;

/// Where the further connections go: to the very server that was asked first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) target: &'a Target,
    /// None for a Unix socket, and where a proxy looks the name up.
    pub(super) address: Option<SocketAddr>,
}

impl Place<'_> {
    pub(super) fn connect(&self) -> Result<Stream, Error> {
        let Target { way, patience, .. } = self.target;
        match self.address {
            Some(address) => {
                connect_to(address, way.local.bind, patience.connect, patience.whole).map_err(Error::Connect)
            }
            // What is to be said of it is said once, by whoever connects first.
            None => reach(self.target, &mut Vec::new()),
        }
    }
}
