//! `--dns`: what makes a sink the mail server of every domain: names, certificates and policies beside its sessions.

#![allow(clippy::disallowed_types)] // The listener of the sink.

use super::SinkError;
use super::event::{Event, Observer};
use super::name_server::NameServer;
use super::policies;
use super::settings::Domains;
use super::zone::Zone;
use crate::net::tls::{Acceptor, for_everybody};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::AtomicBool;
use std::thread;

/// Listens, and knows what is to be said.
#[derive(Debug)]
pub(super) struct EveryDomain {
    zone: Zone,
    names: NameServer,
    policies: TcpListener,
    /// Where names are asked for.
    pub(super) dns: SocketAddr,
    /// Where policies are fetched.
    pub(super) policy: SocketAddr,
}

impl EveryDomain {
    /// With the server's side of TLS, whose certificate is for `names` where a client names nobody.
    pub(super) fn bind(
        settings: &Domains,
        smtp: SocketAddr,
        names: &[String],
    ) -> Result<(EveryDomain, Acceptor), SinkError> {
        let listen = |address| move |error| SinkError::Listen { address, error };
        let at = settings.dns;
        let dns = NameServer::bind(at).map_err(listen(at))?;
        let policy_at = SocketAddr::new(smtp.ip(), settings.policy_port);
        let policies = TcpListener::bind(policy_at).map_err(listen(policy_at))?;
        policies.set_nonblocking(true).map_err(listen(policy_at))?;
        let (acceptor, vouched) = for_everybody(names).map_err(SinkError::Certificate)?;
        let here = EveryDomain {
            zone: Zone {
                address: smtp.ip(),
                port: smtp.port(),
                key_digest: vouched.key_digest,
                unsigned: settings.unsigned.clone(),
            },
            dns: dns.address().map_err(listen(at))?,
            policy: policies.local_addr().map_err(listen(policy_at))?,
            names: dns,
            policies,
        };
        Ok((here, acceptor))
    }

    /// Answers, in two threads of this scope, until it is stopped.
    pub(super) fn serve<'scope>(
        &'scope self,
        scope: &'scope thread::Scope<'scope, '_>,
        acceptor: &'scope Acceptor,
        observer: &'scope dyn Observer,
        stop: &'scope AtomicBool,
    ) {
        scope.spawn(move || {
            self.names.serve(&self.zone, stop, &|question| observer.notice(0, Event::LookedUp(question)));
        });
        scope.spawn(move || {
            policies::serve(&self.policies, acceptor, &self.zone, stop, &|host| {
                observer.notice(0, Event::PolicyFetched { host });
            });
        });
    }
}
