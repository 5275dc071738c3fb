//! `ehlo send`: one message, and what became of each recipient.

use super::lists::Lists;
use super::message_out;
use super::plan;
use super::stop::{Result, Stop};
use super::target::trust;
use super::transcript_file::Observers;
use crate::cli::SendArgs;
use crate::client::Target;
use crate::delivery::{self, Message};
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::{RecipientReport, Report};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Need;
use ehlo_smtp::reply::Reply;

/// Sends the message, and returns the exit status.
pub fn run(args: &SendArgs) -> ExitStatus {
    let output = Output::new(args.output.quiet, args.output.json, args.output.color);
    let report =
        send(args, &output).unwrap_or_else(|stop| Report { error: Some(stop.report()), ..Report::default() });
    // The mail is on its way whatever becomes of its report.
    let _ = output.report(&report);
    report.exit_status()
}

fn send(args: &SendArgs, output: &Output) -> Result<Report> {
    let plan = match plan::resolve(args, output)? {
        Ok(plan) => plan,
        Err(nobody) => {
            if !output.quiet {
                output.say("the text is empty: nothing was sent (--skip-empty)");
            }
            let recipients = delivery::untried(&nobody);
            return Ok(Report { skipped: Some("empty"), recipients, ..Report::default() });
        }
    };
    let mut on_stdout = false;
    if let Some(path) = &args.output.message_out {
        on_stdout = message_out::write(&plan.message, path, &args.output)?;
    }
    if args.output.dry_run {
        if !output.json && !output.quiet && !on_stdout {
            output
                .data(&plan.describe())
                .map_err(|error| Stop::io(error, "cannot write the plan".to_owned()))?;
        }
        let recipients = delivery::untried(&plan.envelope.recipients);
        return Ok(Report { skipped: Some("dry-run"), recipients, ..Report::default() });
    }
    let mut observers = Observers::open(&args.output)?;
    let lists = Lists::open(&args.output)?;
    let target = &plan.connect.target;
    trust::warn_of_insecure(&target.tls, output);
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let message = Message {
        envelope: &plan.envelope,
        content: &plan.message,
        id: plan.message.id(),
        all_or_none: plan.all_or_none,
    };
    let mut report = delivery::deliver(target, &message, &mut observers.all);
    report.explain = args.output.explain;
    name_eight_bit_files(&mut report, plan.message.eight_bit_files());
    observers.end(output);
    warn_of_unverified(target, &report, output);
    hint_at_login(target, &report, output);
    say_that_nothing_was_sent(&report, output);
    lists.write(&plan.listed, &report, output);
    Ok(report)
}

/// A server without 8BITMIME: which of the files is why, and what can be done about an attached message.
fn name_eight_bit_files(report: &mut Report, files: &[String]) {
    let general = Need::EightBit.to_string();
    if files.is_empty() || report.error.as_ref().is_none_or(|error| error.text != general) {
        return;
    }
    let names: Vec<String> = files.iter().map(|name| format!("'{name}'")).collect();
    let said = format!(
        "the attached message {} holds 8-bit octets and the server does not offer 8BITMIME; attach it as \
         octets (--attach-type application/octet-stream), or send it all the same with --force-8bit",
        names.join(", ")
    );
    let recipients = report.recipients.iter_mut().map(|recipient| &mut recipient.why);
    let messages = report.transactions.iter_mut().map(|transaction| &mut transaction.message_why);
    let error = report.error.iter_mut().map(|error| &mut error.text);
    for text in recipients.chain(messages).chain(error) {
        *text = text.replace(&general, &said);
    }
}

/// Opportunistic TLS protects against those who only listen.
pub fn warn_of_unverified(target: &Target, report: &Report, output: &Output) {
    let mut servers = report.transactions.iter().map(|transaction| &transaction.server);
    let warning = servers.find_map(|server| trust::unverified(target, server.tls.as_ref()?, &server.address));
    if let Some(fault) = warning {
        output.warn(&format!("the connection was encrypted, but {fault}"));
    }
}

/// `--stop-after`: nobody must take the replies to RCPT for a delivery.
fn say_that_nothing_was_sent(report: &Report, output: &Output) {
    let Some(stage) = report.stopped.filter(|_| !output.quiet) else { return };
    let why = match stage {
        Stage::Data => ": after a 354 only a connection that is closed leaves the message unsent",
        _ => "",
    };
    output.say(&format!("nothing was sent (--stop-after {}){why}", stage.name()));
}

/// 530 says what is missing (RFC 4954, section 6).
pub fn hint_at_login(target: &Target, report: &Report, output: &Output) {
    let wants_login =
        |recipient: &RecipientReport| recipient.reply.as_ref().is_some_and(|reply| reply.code() == 530);
    let encrypted = report.transactions.iter().any(|transaction| transaction.server.tls.is_some());
    // What it says of TLS comes first: a log-in would be refused in clear.
    let wants_tls = |recipient: &RecipientReport| {
        let says = |reply: &Reply| reply.text().any(|line| line.to_ascii_uppercase().contains("STARTTLS"));
        wants_login(recipient) && recipient.reply.as_ref().is_some_and(says)
    };
    if !encrypted && report.recipients.iter().any(wants_tls) {
        output.warn("the server wants TLS: use --tls starttls");
    } else if target.login.is_none() && report.recipients.iter().any(wants_login) {
        output.warn("the server wants a log-in: use -u (--user)");
    }
}
