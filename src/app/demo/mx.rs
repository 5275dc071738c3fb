//! `-S mx:`: one message to two domains. The one is signed by DNSSEC and has DANE, the other has MTA-STS; the sink is the
//! DNS, the web server and the mail server of both.

use super::super::early_exit::{EarlyExit, Result};
use super::super::every_domain::EveryDomain;
use super::super::target::mx::{self, Routes, Routing};
use super::stage::{self, unfit};
use crate::cli::SessionArgs;
use crate::client::{Conversation, Patience, Target, TlsPolicy};
use crate::delivery::{self, MailObject, Policies};
use crate::net::tls::{self, Client, Trust};
use crate::net::{Deadline, Endpoint, TlsMode};
use crate::output::{Output, columns_of_stderr};
use crate::report::Report;
use crate::report::exit::ExitStatus;
use crate::report::transcript::{Detail, Transcript};
use crate::sink::{Domains, Event, Observer, Settings};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::path::Domain;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const CONTENT: &str = "From: Smith <Smith@alpha.example>\r\n\
                       To: Jones <Jones@beta.example>, Brown <Brown@gamma.example>\r\n\
                       Subject: Two domains\r\n\r\nBlah blah blah...\r\n";
const SENDER: &str = "Smith@alpha.example";
const RECIPIENTS: [&str; 2] = ["Jones@beta.example", "Brown@gamma.example"];
/// The domain that has no DANE.
const UNSIGNED: &str = "gamma.example";

/// Plays it, and returns the exit status: 0 if it went as it should.
pub(super) fn run(output: &Output) -> ExitStatus {
    stage::run(
        output,
        play,
        "This is the report: who has the message (on standard output).",
        "Next, be the mail server of every domain yourself; it says how \
         to send to it:",
        |output, status| {
            output.talk("  ehlo sink -v --dns 127.0.0.1:0");
            status
        },
    )
}

fn play(output: &Output) -> Result<Report> {
    output.tell(
        "One message to two domains, as 'ehlo send -S mx:' sends it: no server is named, the DNS says which one it is. \
         The client is the real one; 'ehlo sink --dns' is the DNS, the web server and the mail server of both domains, \
         on this host.",
    );
    output.talk("");
    let are_shown = Arc::new(AtomicBool::new(false));
    let mut settings = Settings::new(Domain::parse("mx.example").map_err(unfit)?);
    settings.withheld = stage::WITHHELD.to_vec();
    settings.observer = Box::new(LookUps { output: *output, are_shown: Arc::clone(&are_shown) });
    settings.domains = Some(Domains {
        dns: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        policy_port: 0,
        unsigned: vec![UNSIGNED.to_owned()],
    });
    let sink = stage::sink(settings)?;
    let here = EveryDomain::of(&sink, None)?
        .ok_or_else(|| EarlyExit::of(ExitStatus::IO, "the sink is not every domain's"))?;
    let routes = routes(&here, output)?;
    let like = like(&here)?;

    let envelope = stage::envelope(SENDER, &RECIPIENTS)?;
    let content = stage::content(CONTENT)?;
    let message = MailObject { envelope: &envelope, content: &content, id: None, all_or_none: false };
    stage::play(&sink, CONTENT, RECIPIENTS.len(), || {
        output.tell("First, where it goes, and what is demanded there ('ehlo send --dry-run' shows this):");
        output.talk("");
        output.talk(routes.describe(&envelope, Policies::AsSet, &like, Some(columns_of_stderr())).trim_end());
        output.talk("");
        output.tell(
            "beta.example is signed by DNSSEC: a TLSA record says which key its server has (DANE). gamma.example is \
             not: it has a policy, fetched over https, by which its server needs a certificate for its name (MTA-STS). \
             A server that does not prove itself gets nothing. Now the message, and what is looked up for it once more:",
        );
        output.talk("");
        are_shown.store(true, Ordering::SeqCst);
        let mut transcript = Transcript::new(io::stderr(), Detail::Lines);
        let routing = Routing { routes: &routes, like: &like, tlsrpt: None };
        Ok(delivery::deliver_to_all(&routing, &message, &content, Policies::AsSet, 1, Some(&mut transcript)))
    })
}

/// The way to domains, as the flags of the sink's line have it.
fn routes(here: &EveryDomain, output: &Output) -> Result<Routes> {
    let loopback = "loopback".parse().map_err(|_| EarlyExit::usage("--mx-allow loopback"))?;
    let mut args = SessionArgs::default();
    args.route.resolver = vec![here.dns];
    args.route.mx_allow = vec![loopback];
    args.route.mta_sts_connect = Some(here.policies.to_string());
    args.route.mta_sts_cache = Some(here.cache.clone());
    args.server.port = Some(here.smtp.port());
    mx::routes("", &args, false, output)
}

/// What all servers are like.
fn like(here: &EveryDomain) -> Result<Target> {
    let when = TlsMode::Opportunistic;
    let trust = Trust::File(here.authority.clone());
    let settings = tls::Settings { trust, verify: when.verify(false), ..tls::Settings::default() };
    let ehlo_name = EhloName::parse("alpha.example").map_err(unfit)?;
    Ok(Target {
        tls: TlsPolicy { when, client: Client::new(settings), name: String::new() },
        session: Conversation { ehlo_name: Some(ehlo_name), ..Conversation::default() },
        patience: Patience {
            message: stage::WHOLE,
            whole: Deadline::after(stage::WHOLE),
            ..Patience::default()
        },
        ..Target::new(Endpoint::Tcp { host: "localhost".to_owned(), port: None })
    })
}

/// Shows what is looked up and fetched, once it is wanted: the dialogue is the client's to show.
#[derive(Debug)]
struct LookUps {
    output: Output,
    are_shown: Arc<AtomicBool>,
}

impl Observer for LookUps {
    fn notice(&self, _: u64, event: Event<'_>) {
        let is_one = matches!(event, Event::LookedUp(_) | Event::PolicyFetched { .. });
        if is_one && self.are_shown.load(Ordering::SeqCst) {
            self.output.talk(&event.to_string());
        }
    }
}
