//! TLS in the middle of a session (RFC 3207).

use super::Connection;
use crate::client::error::Error;
use crate::client::observer::Observer;
use crate::net::Error as NetError;
use crate::net::tls::TlsInfo;
use ehlo_smtp::auth::ChannelBinding;
use ehlo_smtp::awaiting::Awaiting;
use std::io;
use std::time::Instant;

impl Connection {
    /// The handshake; but first a look whether anything came behind the 220.
    pub(super) fn start_tls(&mut self, observer: &mut dyn Observer) -> Result<(), Error> {
        match self.stream.read_now(&mut self.room) {
            Ok(None) => {}
            Ok(Some(0)) => self.session.hung_up(),
            Ok(Some(count)) => return self.take(Ok(count)),
            Err(error) => return Err(self.network(error)),
        }
        let Some((client, name)) = &self.tls else {
            return Err(self.network(NetError::Io(io::ErrorKind::Unsupported.into())));
        };
        let began = Instant::now();
        let done = self.stream.start_tls(client, name, self.patience.for_handshake());
        done.map_err(|error| Error::Network {
            error: error.behind_220(),
            awaiting: Some(Awaiting::Handshake),
        })?;
        self.timing.tls = Some(began.elapsed());
        let info = self.stream.tls();
        info.iter().for_each(|info| observer.tls(info));
        let verified = info.is_some_and(|info| info.verified);
        self.session.tls_started(verified, info.and_then(channel_binding));
        Ok(())
    }
}

/// What a log-in can be bound to: the exporter where there is one, which TLS 1.3 asks for (RFC 9266, section
/// 3).
pub(in crate::client) fn channel_binding(info: &TlsInfo) -> Option<ChannelBinding> {
    let exporter = info.exporter.clone().map(ChannelBinding::Exporter);
    exporter.or_else(|| info.end_point.clone().map(ChannelBinding::EndPoint))
}
