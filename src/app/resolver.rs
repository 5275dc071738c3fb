//! Which resolvers of the DNS are asked: those of the command line, else those of EHLO_RESOLVER, else the system's.

use super::early_exit::{EarlyExit, Result};
use crate::cli;
use crate::dns::Resolver;
use std::net::SocketAddr;

/// Asks these, if there are any.
///
/// # Errors
/// EHLO_RESOLVER holds something else than addresses.
pub fn of(typed: &[SocketAddr]) -> Result<Resolver> {
    let named = match typed {
        [] => cli::resolvers_by_variable().map_err(|why| EarlyExit::usage(format!("EHLO_RESOLVER {why}")))?,
        typed => typed.to_vec(),
    };
    Ok(match named.is_empty() {
        true => Resolver::of_system(),
        false => Resolver::of(named),
    })
}
