//! The help of `ehlo sendmail`, and its place among the commands of `ehlo`.

use clap::{Arg, ArgAction, Command};

/// The subcommand.
pub const NAME: &str = "sendmail";

/// What it is for, in a line.
const ABOUT: &str = "take a message from a program, put it into the queue, and send it";

/// It is short: people rarely type this, and ehlo-sendmail(8) has all of it.
pub const HELP: &str = "\
take a message from a program, put it into the queue, and send it

usage: ehlo sendmail [OPTIONS] [ADDRESS]...

The message comes on standard input. When the exit status is 0, it is on the disk; what becomes of it then is
shown by 'ehlo queue'. By the names sendmail, mailq and newaliases, the program is this one, too.

options:
  -t                 To, Cc and Bcc of the message name recipients, too
  -i, -oi            a line that is a dot alone does not end the message
  -f, -r ADDRESS     the reverse-path; '' is the null one
  -F NAME            the sender's name, where the message has no From
  -a, --account NAME the account to send by
  -bs                speak SMTP on standard input and output
  -bp                list the queue, as mailq does
  -bv                ask whether the addresses are accepted, and send nothing
  -q                 run the queue now
  -odb, -odi, -odq   send in the background, the same, or when the queue is run next
  -N, -R, -V         what the sender wants to be told (DSN)
      --no-queue     send it at once; the exit status says what became of it
      --dkim-key, --dkim-selector, --dkim-domain, --dkim-header, --dkim-expire, --dkim-check, --resolver
                     sign it, as with ehlo send
  -v                 say what is passed over
      --help         print help
      --version      print the version

Other options of sendmail are accepted, and mean nothing here. See ehlo-sendmail(8).
";

/// It as one of the commands: what help, completion and a slip of the pen need. Its words are not read by this.
pub fn command() -> Command {
    let flag = |name: &'static str, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    Command::new(NAME)
        .about(ABOUT)
        .disable_help_flag(true)
        .arg(
            Arg::new("account")
                .short('a')
                .visible_short_alias('A')
                .long("account")
                .value_name("ACCOUNT")
                .help("the account to send by"),
        )
        .arg(flag("no-queue", "send it at once; the exit status says what became of it"))
        .arg(flag("help", "print help"))
        .arg(flag("version", "print the version"))
        .arg(Arg::new("ADDRESS").action(ArgAction::Append).help("a recipient"))
}
