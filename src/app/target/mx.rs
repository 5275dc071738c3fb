//! `-S mx:`: the servers are those of each recipient's domain, or those of one domain for all (`mx:example.net`).
//!
//! What the flags say becomes [`Routes`], which finds the way to a domain when delivery asks for it, and makes a target of
//! each of its hosts. What is the same for all hosts is a target of its own, made like any other.

use super::super::clock::now;
use super::super::early_exit::{EarlyExit, Result};
use super::super::resolver;
use super::super::tlsrpt::TlsLog;
use crate::cli::{PolicyName, SessionArgs};
use crate::client::{Target, TlsPolicy, Way};
use crate::delivery::{self, Destination, Policies, Router};
use crate::dns::{Kind, Question, Resolver};
use crate::net::tls::{self, Client, Verify};
use crate::net::{Deadline, Endpoint, Family, TlsMode};
use crate::output::Output;
use crate::report::text::{labelled, printable};
use crate::route::guard::Allow;
use crate::route::mta_sts::{Cache, Fetch, Fetcher, FileCache, NoCache};
use crate::route::{Demand, Host, NoRoute, Plan, Routed, Rules, plan};
use crate::words;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::path::Domain;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

/// The most addresses of a domain that are tried: Postfix's default.
const ADDRESSES: u16 = 5;
/// How many domains are sent to at once.
const JOBS: u16 = 4;
/// How long it may take to find the way to a domain.
const LONGEST: Duration = Duration::from_secs(60);
/// The port of mail servers.
const PORT: u16 = 25;

/// What follows `mx:`, if a server is named like that.
#[must_use]
pub fn named(server: &str) -> Option<&str> {
    let (scheme, rest) = server.split_at_checked(3)?;
    scheme.eq_ignore_ascii_case("mx:").then_some(rest)
}

/// The ways to domains.
#[derive(Debug)]
pub struct Routes {
    /// The one domain whose hosts take the mail for all; none: each recipient's own.
    pub domain: Option<String>,
    /// How many destinations go on at once.
    pub jobs: usize,
    port: u16,
    resolver: Resolver,
    allow: Allow,
    family: Family,
    dane: bool,
    /// Whether the resolver validates, once that is known.
    validates: OnceLock<bool>,
    /// It was told that DANE is not looked for.
    told: OnceLock<()>,
    mta_sts: bool,
    /// Demands a certificate by an authority: one for all hosts, so that what is trusted is read once.
    proving: OnceLock<Client>,
    policy_required: bool,
    clear_if_tls_fails: bool,
    most_addresses: usize,
    cache: Option<FileCache>,
    instead: Option<(String, u16)>,
    /// Is told what is odd.
    output: Output,
}

/// Reads the flags of a server that is named `mx:`; `rest` is what follows that.
///
/// # Errors
/// A flag that means nothing there; no domain, no port.
pub fn routes(rest: &str, args: &SessionArgs, tls_onward: bool, output: &Output) -> Result<Routes> {
    refuse(args)?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let split = if rest.ends_with(']') { None } else { rest.rsplit_once(':') };
    let (domain, port) = match split {
        Some((domain, port)) => (domain, Some(port)),
        None => (rest, None),
    };
    let port = port.map(|port| port.parse().ok().filter(|port| *port != 0)).map(|port: Option<u16>| {
        port.ok_or_else(|| EarlyExit::usage("-S mx:DOMAIN:PORT: the port must be a number from 1 to 65535"))
    });
    let port = port.transpose()?;
    if let (Some(named), Some(flag)) = (port, args.server.port)
        && named != flag
    {
        return Err(EarlyExit::usage(format!("-S names port {named}, but --port names {flag}")));
    }
    let domain = match domain {
        "" => None,
        domain if domain.parse::<IpAddr>().is_ok() => {
            return Err(EarlyExit::usage(format!(
                "-S mx:{0}: an address in place of a domain is written in brackets, as in mx:[{0}]",
                printable(domain)
            )));
        }
        domain => {
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            let parsed = Domain::parse(domain)
                .map_err(|error| EarlyExit::usage(format!("-S mx:{}: {error}", printable(domain))))?;
            Some(parsed.ascii().to_ascii_lowercase())
        }
    };
    let route = &args.route;
    let is_wanted = |policy| route.policy.is_empty() || route.policy.contains(&policy);
    let has_none = route.policy.contains(&PolicyName::None);
    if has_none && tls_onward {
        return Err(EarlyExit::usage(
            "--require-tls-onward needs a policy that proves whose a host is: leave out --policy none",
        ));
    }
    if has_none && route.tlsrpt.is_some() {
        return Err(EarlyExit::usage(
            "--policy none looks for no policy, and so there is nothing for --tlsrpt to note",
        ));
    }
    if has_none && (route.policy.len() > 1 || route.require_policy) {
        return Err(EarlyExit::usage("--policy none leaves no policy that could be required or added"));
    }
    let family = match (args.server.ipv4, args.server.ipv6) {
        (true, _) => Family::V4,
        (_, true) => Family::V6,
        _ => Family::Any,
    };
    let instead = route.mta_sts_connect.as_deref().and_then(|text| text.rsplit_once(':'));
    Ok(Routes {
        domain,
        jobs: usize::from(route.jobs.unwrap_or(JOBS)),
        port: port.or(args.server.port).unwrap_or(PORT),
        resolver: resolver::of(&route.resolver)?.trusted(route.resolver_trust.unwrap_or_default()),
        allow: route.mx_allow.iter().cloned().collect(),
        family,
        dane: is_wanted(PolicyName::Dane) && !has_none,
        validates: OnceLock::new(),
        told: OnceLock::new(),
        mta_sts: is_wanted(PolicyName::MtaSts) && !has_none,
        proving: OnceLock::new(),
        policy_required: route.require_policy,
        clear_if_tls_fails: route.cleartext_if_tls_fails,
        most_addresses: usize::from(route.mx_hosts.unwrap_or(ADDRESSES)),
        cache: route.mta_sts_cache.clone().or_else(cache_folder).map(FileCache::new),
        instead: instead.and_then(|(host, port)| Some((bare(host).to_owned(), port.parse().ok()?))),
        output: *output,
    })
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// `$XDG_CACHE_HOME/ehlo/mta-sts`, or `~/.cache/ehlo/mta-sts`.
fn cache_folder() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    Some(set.or_else(|| Some(home()?.join(".cache")))?.join("ehlo/mta-sts"))
}

/// Nobody logs in at strangers, and the policies of a domain say how its hosts are known.
fn refuse(args: &SessionArgs) -> Result<()> {
    let SessionArgs { server, tls, login, protocol, route: _ } = args;
    let strays = [
        (server.pipe.is_some(), "--pipe"),
        (server.proxy.is_some(), "--proxy"),
        (login.user.is_some() && !login.user_by_variable, "--user"),
        (login.names_a_password(), "a password"),
        (login.oauth_token_command.is_some(), "--oauth-token-command"),
        (!login.auth.is_empty(), "--auth"),
        (tls.client_cert.is_some(), "--client-cert"),
        (tls.tls.is_some(), "--tls"),
        (tls.insecure, "--insecure"),
        (tls.tls_name.is_some(), "--tls-name"),
        (!tls.pin.is_empty(), "--pin"),
        (protocol.proxy_protocol.is_some(), "--proxy-protocol"),
        (protocol.xclient.is_some(), "--xclient"),
    ];
    match strays.into_iter().find(|(is_given, _)| *is_given) {
        Some((_, flag)) => Err(EarlyExit::usage(format!(
            "{flag} cannot be used with -S mx:, which sends to servers of others; name the server that you mean"
        ))),
        None => Ok(()),
    }
}

impl Routes {
    /// The way to a domain for a message that says this of policies; `like` has what is the same for all hosts.
    pub fn plan(
        &self,
        domain: &str,
        like: &Target,
        policies: Policies,
    ) -> std::result::Result<Plan, NoRoute> {
        self.by_rules(like, |rules, _| {
            let is_required = rules.policy_required || policies == Policies::Required;
            let is_waived = self.puts_aside(policies);
            let rules = Rules {
                policy_required: is_required,
                // A domain with many slow hosts does not keep others waiting.
                until: rules.until.min(Deadline::after(LONGEST)),
                dane: rules.dane && !is_waived,
                mta_sts: rules.mta_sts.filter(|_| !is_waived),
                ..rules
            };
            plan(domain, &rules)
        })
    }

    /// Does something by the rules that the flags have given, and by what fetches policies.
    pub fn by_rules<T>(&self, like: &Target, work: impl FnOnce(Rules<'_>, &dyn Fetch) -> T) -> T {
        let until = like.patience.whole;
        let look_up = |host: &str, until: Deadline| {
            let kinds = [Kind::Aaaa, Kind::A].map(|kind| Question::new(host, kind));
            let mut found: Vec<IpAddr> = Vec::new();
            let mut failed = None;
            for answer in self.resolver.ask(&kinds, until) {
                match answer {
                    Ok(answer) => found.extend(answer.addresses()),
                    Err(error) => failed = Some(error),
                }
            }
            match failed {
                Some(error) if found.is_empty() => Err(error),
                _ => Ok(found),
            }
        };
        let fetcher = Fetcher {
            tls: like.tls.client.settings(),
            allow: &self.allow,
            look_up: &look_up,
            instead: self.instead.as_ref().map(|(host, port)| (host.as_str(), *port)),
            until,
        };
        let (cache, fetch): (&dyn Cache, &dyn Fetch) =
            (self.cache.as_ref().map_or(&NoCache, |cache| cache), &fetcher);
        let rules = Rules {
            resolver: &self.resolver,
            port: self.port,
            allow: &self.allow,
            family: self.family,
            dane: self.dane,
            validates: &self.validates,
            mta_sts: self.mta_sts.then_some((cache, fetch)),
            policy_required: self.policy_required,
            most_addresses: self.most_addresses,
            until,
            now: now(),
        };
        work(rules, &fetcher)
    }

    /// Who the servers are.
    #[must_use]
    pub fn in_words(&self) -> String {
        let port = self.port;
        match &self.domain {
            Some(domain) => format!("those of {domain}, port {port} (mx:)"),
            None => format!("those of each recipient's domain, port {port} (mx:)"),
        }
    }

    /// Whether a message puts the domains' policies aside (RFC 8689, section 5): not where they are demanded here.
    #[must_use]
    pub fn puts_aside(&self, policies: Policies) -> bool {
        policies == Policies::Waived && !self.policy_required
    }

    /// Whether anybody looks what a domain demands.
    #[must_use]
    pub fn has_policies(&self) -> bool {
        self.dane || self.mta_sts
    }

    /// The recipients by where they go to: each domain is a destination, but for one whose hosts take the mail for all.
    #[must_use]
    pub fn destinations(&self, envelope: &Envelope) -> Vec<Destination> {
        match &self.domain {
            Some(domain) => {
                vec![Destination { domain: domain.clone(), places: (0..envelope.recipients.len()).collect() }]
            }
            None => delivery::destinations(envelope, "localhost"),
        }
    }

    /// The ways to all domains in words, for a dry run: what is looked up now is looked up again when it is sent.
    #[must_use]
    pub fn describe(
        &self,
        envelope: &Envelope,
        policies: Policies,
        like: &Target,
        columns: Option<usize>,
    ) -> String {
        let mut out = String::new();
        let mut row = |name: &str, value: &str| out += &labelled(name, &printable(value), columns);
        for destination in self.destinations(envelope) {
            match self.plan(&destination.domain, like, policies) {
                Ok(found) => words::route::plan(&found, &mut row),
                Err(why) => row("domain", &words::route::no_route(&why)),
            }
        }
        out
    }

    /// The servers of a domain, each like this one but for what its route demands.
    fn targets(&self, plan: &Plan, like: &Target) -> Vec<Target> {
        let targets = plan.usable().flat_map(|host| {
            let target = self.target(plan, host, like);
            let in_clear = (self.clear_if_tls_fails && host.demand == Demand::Nothing).then(|| {
                let mut target = self.target(plan, host, like);
                target.tls.when = TlsMode::Off;
                Target { only_without_tls: true, ..target }
            });
            [Some(target), in_clear]
        });
        targets.flatten().collect()
    }

    /// The best host of a domain, to be looked at: what its domain demands of TLS is told, as far as a certificate is concerned.
    ///
    /// # Errors
    /// There is none that can be used.
    pub fn observed(&self, domain: &str, like: &Target) -> std::result::Result<Target, NoRoute> {
        let plan = self.plan(domain, like, Policies::AsSet)?;
        self.warn(&plan);
        let Some(host) = plan.usable().next() else {
            return Err(plan.no_route().unwrap_or(NoRoute::NoHosts(domain.to_owned())));
        };
        Ok(self.observed_host(&plan, host, like))
    }

    /// A host of a plan, to be looked at as above.
    #[must_use]
    pub fn observed_host(&self, plan: &Plan, host: &Host, like: &Target) -> Target {
        let mut target = self.target(plan, host, like);
        let dane = match &host.demand {
            Demand::Dane(dane) => Some(dane.clone()),
            _ => None,
        };
        let client = Client::new(tls::Settings { dane, ..like.tls.client.settings().clone() });
        target.tls = TlsPolicy { when: like.tls.when, client, name: host.mx.name.clone() };
        target
    }

    fn target(&self, plan: &Plan, host: &Host, like: &Target) -> Target {
        let settings = like.tls.client.settings();
        let with = |verify, dane| Client::new(tls::Settings { verify, dane, ..settings.clone() });
        let (when, client) = match &host.demand {
            Demand::Nothing | Demand::Tested => (TlsMode::Opportunistic, like.tls.client.clone()),
            Demand::Encryption => (TlsMode::StartTls, like.tls.client.clone()),
            Demand::Dane(dane) => (TlsMode::StartTls, with(Verify::Demanded, Some(dane.clone()))),
            Demand::MtaSts => {
                let client = self.proving.get_or_init(|| with(Verify::Demanded, None));
                (TlsMode::StartTls, client.clone())
            }
        };
        let addresses = host.addresses.iter().map(|ip| SocketAddr::new(*ip, self.port)).collect();
        Target {
            endpoint: Endpoint::Tcp { host: host.mx.name.clone(), port: Some(self.port) },
            host: Some(host.mx.name.clone()),
            routed: Some(Routed::of(plan, host)),
            only_without_tls: false,
            way: Way { addresses, ..like.way.clone() },
            tls: TlsPolicy { when, client, name: host.mx.name.clone() },
            session: like.session.clone(),
            login: None,
            drop: like.drop,
            patience: like.patience,
            most_recipients: like.most_recipients,
        }
    }

    /// What is odd about a domain, told once where mail goes there.
    fn warn(&self, plan: &Plan) {
        if let Some(why) = plan.no_dane {
            let tell =
                || self.output.warn(&format!("DANE is not looked for: {}", words::route::no_dane(why)));
            self.told.get_or_init(tell);
        }
        for odd in &plan.odd {
            self.output.warn(&words::route::odd(&plan.domain, odd));
        }
        let Some(found) = &plan.mta_sts else { return };
        for remark in &found.remarks {
            self.output.warn(&words::mta_sts::remark(&plan.domain, remark, found.applied.as_ref()));
        }
    }
}

/// Routes, and what is the same for all hosts.
#[derive(Debug, Clone, Copy)]
pub struct Routing<'a> {
    /// The ways.
    pub routes: &'a Routes,
    /// The target that all are like.
    pub like: &'a Target,
    /// Where it is noted how TLS went, if anywhere.
    pub tlsrpt: Option<&'a TlsLog>,
}

impl Router for Routing<'_> {
    fn destinations(&self, envelope: &Envelope) -> Vec<Destination> {
        self.routes.destinations(envelope)
    }

    fn route(&self, domain: &str, policies: Policies) -> std::result::Result<Vec<Target>, NoRoute> {
        let plan = self.routes.plan(domain, self.like, policies)?;
        self.routes.warn(&plan);
        self.tlsrpt.into_iter().for_each(|log| log.plan(&plan));
        let targets = self.routes.targets(&plan, self.like);
        match targets.is_empty() {
            false => Ok(targets),
            true => Err(plan.no_route().unwrap_or(NoRoute::NoHosts(domain.to_owned()))),
        }
    }
}

/// The same for the queue, which keeps it as long as the configuration stays.
#[derive(Debug)]
pub struct OwnRouting {
    /// The ways.
    pub routes: Routes,
    /// The target that all are like.
    pub like: Target,
}

impl Router for OwnRouting {
    fn destinations(&self, envelope: &Envelope) -> Vec<Destination> {
        self.routes.destinations(envelope)
    }

    fn route(&self, domain: &str, policies: Policies) -> std::result::Result<Vec<Target>, NoRoute> {
        Routing { routes: &self.routes, like: &self.like, tlsrpt: None }.route(domain, policies)
    }
}
