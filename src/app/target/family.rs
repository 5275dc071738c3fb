//! Which family of addresses counts, and flags that want another one.

use super::super::early_exit::{EarlyExit, Result};
use crate::net::{Family, LocalEnd};
use std::net::SocketAddr;

/// `-4`, `-6`, or neither.
pub(super) fn family(ipv4: bool, ipv6: bool) -> Family {
    match (ipv4, ipv6) {
        (true, _) => Family::V4,
        (false, true) => Family::V6,
        (false, false) => Family::Any,
    }
}

/// From now on only addresses of this one's family count.
pub(super) fn narrow(local: &mut LocalEnd, flag: &str, address: SocketAddr) -> Result<()> {
    let (its, number, other) =
        if address.ip().to_canonical().is_ipv4() { (Family::V4, 4, 6) } else { (Family::V6, 6, 4) };
    if local.family != Family::Any && local.family != its {
        return Err(EarlyExit::usage(format!(
            "{flag}: {} is an IPv{number} address, but another flag asks for IPv{other}",
            address.ip()
        )));
    }
    local.family = its;
    Ok(())
}
