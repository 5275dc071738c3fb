//! STD 10's example: Smith at Alpha.ARPA writes to Jones, Green and Brown at Beta.ARPA; Green does not exist.

use super::super::early_exit::{EarlyExit, Result};
use super::stage::{self, unfit};
use crate::client::{Conversation, Observer, Patience, Target};
use crate::delivery::{self, MailObject};
use crate::net::{Deadline, Endpoint};
use crate::output::Output;
use crate::report::Report;
use crate::report::exit::ExitStatus;
use crate::report::transcript::{Detail, Transcript};
use crate::sink::{self, Sink};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::path::Domain;
use ehlo_smtp::serve::RuleError;
use std::io;

/// STD 10's message.
const CONTENT: &str = "Blah blah blah...\r\n...etc. etc. etc.\r\n";
/// Its recipients.
const RECIPIENTS: [&str; 3] = ["Jones@Beta.ARPA", "Green@Beta.ARPA", "Brown@Beta.ARPA"];

/// Plays the example, and returns the exit status: 0 if it went as it should.
pub(super) fn run(output: &Output) -> ExitStatus {
    stage::run(
        output,
        play,
        "This is the report: one line for each recipient and one for the message (on standard output).",
        "Jones and Brown have the message. Green does not, and \
         the report says so.",
        |output, status| {
            output.talk("");
            output.tell("Next, send a message of your own:");
            output.talk("  echo done | ehlo send -S mail.example.org -f me@example.org ops@example.org");
            if status == ExitStatus::PARTIAL { ExitStatus::OK } else { status }
        },
    )
}

fn play(output: &Output) -> Result<Report> {
    output.tell(
        "The example of STD 10, the SMTP standard: Smith at Alpha.ARPA writes to Jones, Green and Brown at \
         Beta.ARPA, and Green does not exist. The client is the real one; the server is 'ehlo sink'.",
    );
    output.talk("");
    let mut settings = sink::Settings::new(Domain::parse("Beta.ARPA").map_err(unfit)?);
    settings.tls = sink::Tls::Off;
    settings.withheld = stage::WITHHELD.to_vec();
    settings
        .rules
        .add("Green@Beta.ARPA", 550, None)
        .map_err(|error: RuleError| EarlyExit::data(error.to_string()))?;
    let sink = stage::sink(settings)?;
    let envelope = stage::envelope("Smith@Alpha.ARPA", &RECIPIENTS)?;
    let content = stage::content(CONTENT)?;
    let target = client(&sink, EhloName::parse("Alpha.ARPA").map_err(unfit)?);
    let message = MailObject { envelope: &envelope, content: &content, id: None, all_or_none: false };
    stage::play(&sink, CONTENT, 1, || {
        let mut observers: Vec<Box<dyn Observer>> =
            vec![Box::new(Transcript::new(io::stderr(), Detail::Lines))];
        Ok(delivery::deliver(&target, &[], &message, &mut observers))
    })
}

fn client(sink: &Sink, ehlo_name: EhloName) -> Target {
    let address = sink.address();
    let endpoint = Endpoint::Tcp { host: address.ip().to_string(), port: Some(address.port()) };
    Target {
        session: Conversation { ehlo_name: Some(ehlo_name), ..Conversation::default() },
        patience: Patience {
            message: stage::WHOLE,
            whole: Deadline::after(stage::WHOLE),
            ..Patience::default()
        },
        ..Target::new(endpoint)
    }
}
