//! `ehlo send`: one message, and what became of each recipient.

use super::early_exit::{EarlyExit, Result};
use super::lists::Lists;
use super::log;
use super::message_out;
use super::plan::{self, Planned, Way};
use super::target::mx::Routing;
use super::target::trust;
use super::tlsrpt::TlsLog;
use super::transcript_file::Observers;
use crate::cli::SendArgs;
use crate::client::{Observer, Target};
use crate::delivery::outcome::Address;
use crate::delivery::{self, MailObject, Outcome};
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::{Report, Skipped};
use crate::words;
use ehlo_smtp::envelope::Recipient;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::reply::Reply;

/// Sends the message, and returns the exit status.
pub fn run(args: &SendArgs) -> ExitStatus {
    let output = Output::new(args.output.quiet, args.output.json, args.output.color);
    let sent = send(args, &output).map_err(|exit| match args.policy.queue {
        true => exit.of_queue(),
        false => exit,
    });
    let report = sent.unwrap_or_else(|exit| Report { prevented: Some(exit.report()), ..Report::default() });
    // The mail is on its way whatever becomes of its report.
    let _ = output.report(&report);
    report.exit_status()
}

fn send(args: &SendArgs, output: &Output) -> Result<Report> {
    let plan = match plan::resolve(args, output)? {
        Planned::Message(plan) => plan,
        Planned::Nothing(nobody) => {
            if !output.quiet {
                output.say("the text is empty: nothing was sent (--skip-empty)");
            }
            return Ok(skipped(Skipped::Empty, nobody));
        }
    };
    let mut on_stdout = false;
    if let Some(path) = &args.output.message_out {
        on_stdout = message_out::write(&plan.content(), path, &args.output)?;
    }
    if args.output.dry_run {
        if !output.json && !output.quiet && !on_stdout {
            let way = plan.routes().map_or(String::new(), |(routes, like)| {
                routes.describe(&plan.envelope, plan.policies, like, output.columns())
            });
            output
                .data(&(plan.describe(output.columns()) + &way))
                .map_err(|error| EarlyExit::io(error, "cannot write the plan".to_owned()))?;
        }
        return Ok(skipped(Skipped::DryRun, plan.envelope.recipients));
    }
    let connect = match &plan.way {
        Way::Now(connect) => connect,
        Way::Queue(queue) => {
            return queue.take(&plan.envelope, &plan.content(), plan.message.id(), output);
        }
    };
    let mut observers = Observers::open(&args.output)?;
    let lists = Lists::open(&args.output)?;
    let tlsrpt = plan.tlsrpt.map(|path| TlsLog::open(path, output)).transpose()?;
    if let Some(file) = &connect.passed_over {
        observers.all.remark(&format!("{} is not for this user to read: left out", file.display()));
    }
    let target = &connect.target;
    trust::warn_of_insecure(&target.tls, output);
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let content = plan.content();
    let message = MailObject {
        envelope: &plan.envelope,
        content: &content,
        id: plan.message.id(),
        all_or_none: plan.all_or_none,
    };
    let outcome = match &connect.routes {
        None => delivery::deliver(target, &connect.others, &message, &mut observers.all),
        Some(routes) => {
            let routing = Routing { routes, like: target, tlsrpt: tlsrpt.as_ref() };
            let looks_on = !observers.all.is_empty();
            let observer = looks_on.then_some(&mut observers.all as &mut dyn Observer);
            delivery::deliver_to_all(&routing, &message, &content, plan.policies, routes.jobs, observer)
        }
    };
    tlsrpt.iter().for_each(|log| log.outcome(&outcome));
    observers.end(output);
    warn_of_unverified(target, &outcome, output);
    hint_at_login(target, &outcome, output);
    say_that_nothing_was_sent(&outcome, output);
    lists.write(&plan.listed, &outcome, output);
    let eight_bit_files = plan.message.eight_bit_files().to_vec();
    let report = Report { explain: args.output.explain, eight_bit_files, ..Report::of(outcome) };
    if let Some(place) = &plan.log {
        log::write(place, &report, output);
    }
    Ok(report)
}

/// Nothing was to be sent to these.
fn skipped(why: Skipped, recipients: Vec<Recipient>) -> Report {
    let outcome = Outcome::untried(recipients.into_iter().map(|recipient| Address::Path(recipient.path)));
    Report { skipped: Some(why), ..Report::of(outcome) }
}

/// Opportunistic TLS protects against those who only listen. Servers of strangers are known to nobody here: of those it is
/// told where the domain itself would have it otherwise.
pub fn warn_of_unverified(target: &Target, outcome: &Outcome, output: &Output) {
    if outcome.routed {
        for view in outcome.transactions().filter(|view| view.transaction.mail.is_some()) {
            let server = view.server;
            let said = [words::route::against_tested_policy(server), words::route::in_clear(server)];
            said.into_iter().flatten().for_each(|said| output.warn(&said));
        }
        return;
    }
    let warning =
        outcome.servers().find_map(|one| trust::unverified(target, one.tls.as_ref()?, &one.address));
    if let Some(fault) = warning {
        output.warn(&format!("the connection was encrypted, but {fault}"));
    }
}

/// `--stop-after`: nobody must take the replies to RCPT for a delivery.
fn say_that_nothing_was_sent(outcome: &Outcome, output: &Output) {
    let Some(stage) = outcome.stopped.filter(|_| !output.quiet) else { return };
    let why = match stage {
        Stage::Data => ": after a 354, only closing the connection leaves the message unsent",
        _ => "",
    };
    output.say(&format!("nothing was sent (--stop-after {}){why}", stage.name()));
}

/// 530 says what is missing (RFC 4954, section 6). Nobody logs in at servers of strangers.
pub fn hint_at_login(target: &Target, outcome: &Outcome, output: &Output) {
    if outcome.routed {
        return;
    }
    let wanting = || outcome.fates().filter_map(|(_, fate)| fate.reply().filter(|reply| reply.code() == 530));
    let encrypted = outcome.servers().any(|server| server.tls.is_some());
    // What it says of TLS comes first: a log-in would be refused in clear.
    let says_tls = |reply: &Reply| {
        reply.text().any(|line| line.to_ascii_uppercase().contains(Extension::StartTls.keyword()))
    };
    if !encrypted && wanting().any(says_tls) {
        output.warn("the server requires TLS: use --tls starttls");
    } else if target.login.is_none() && wanting().next().is_some() {
        output.warn("the server requires a log-in: use -u (--user)");
    }
}
