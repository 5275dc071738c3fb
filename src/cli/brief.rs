//! The help of `-h`, where all flags of a subcommand do not fit on a screen: the flags that are used most, an
//! example, and where the others are. `--help` has them all, and is clap's alone.

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{Arg, Command};

/// What `-h` shows of one subcommand.
struct Brief {
    name: &'static str,
    /// The flags by their ids, in this order, each with what fits on a line of 80 columns.
    flags: &'static [(&'static str, &'static str)],
    example: &'static str,
}

static BRIEFS: &[Brief] = &[
    Brief {
        name: "send",
        flags: &[
            ("server", "the server: host, host:port, a URL, or mx:"),
            ("account", "an account of the configuration"),
            ("from", "the sender"),
            ("to", "a recipient; so is each TO"),
            ("cc", "a recipient of a copy"),
            ("bcc", "a recipient of a blind copy"),
            ("subject", "the subject"),
            ("body", "the text [default: standard input]"),
            ("attach", "attach a file; may be repeated"),
            ("message", "send a whole message from a file as it is"),
            ("user", "log in as this user"),
            ("password_file", "a file with the password [default: ask]"),
            ("verbose", "show the dialogue with the server"),
            ("quiet", "print only the recipients who did not get it"),
            ("json", "print the report as JSON"),
            ("dry_run", "show what would be done"),
        ],
        example: "echo done | ehlo send -S mail.example.org -f me@example.org \\\n      \
                  -s 'Backup' ops@example.org",
    },
    Brief {
        name: "verify",
        flags: &[
            ("server", "the server: host, host:port, or a URL"),
            ("addresses", "the addresses to ask about"),
            ("recipients_from", "a file with more addresses, one per line"),
            ("vrfy", "ask by VRFY instead of RCPT"),
            ("expn", "ask by EXPN for the members of a list"),
            ("envelope_from", "the sender [default: <>]"),
            ("user", "log in as this user"),
            ("password_file", "a file with the password [default: ask]"),
            ("failed_to", "write those not accepted to a file"),
            ("verbose", "show the dialogue with the server"),
            ("quiet", "print only the addresses not accepted"),
            ("json", "print the report as JSON"),
        ],
        example: "ehlo verify mail.example.org you@example.org boss@example.org",
    },
    Brief {
        name: "probe",
        flags: &[
            ("server", "the server: host, host:port, or a URL"),
            ("port", "the port, if SERVER has none"),
            ("ipv4", "connect by IPv4 only"),
            ("ipv6", "connect by IPv6 only"),
            ("tls", "when to encrypt: off, starttls, implicit"),
            ("tls_name", "the name that the certificate should be for"),
            ("ca_file", "trust the certificates in this file (PEM)"),
            ("min_days", "the fewest days that a certificate should last"),
            ("deadline", "how long the whole run may take"),
            ("verbose", "show the dialogue with the server"),
            ("quiet", "print only the findings"),
            ("json", "print the report as JSON"),
        ],
        example: "ehlo probe submission://mail.example.org",
    },
    Brief {
        name: "check",
        flags: &[
            ("domain", "the domain: what stands behind the @"),
            ("selectors", "a selector of its DKIM keys; may be repeated"),
            ("clients", "an address from which it sends mail"),
            ("blocklists", "ask this blocklist about each --from-ip"),
            ("message", "whether this message would pass"),
            ("no_connect", "connect to no mail server"),
            ("resolver", "the DNS resolver to ask"),
            ("deadline", "how long the whole run may take"),
            ("verbose", "show the dialogues with the servers"),
            ("quiet", "print only the findings"),
            ("json", "print the report as JSON"),
        ],
        example: "ehlo check --from-ip 192.0.2.1 example.org",
    },
    Brief {
        name: "console",
        flags: &[
            ("place", "the server: host, host:port, or a URL"),
            ("port", "the port, if SERVER has none"),
            ("tls", "off, opportunistic, starttls or implicit"),
            ("ca_file", "trust the certificates in this file (PEM)"),
            ("insecure", "do not check the server's certificate"),
            ("user", "log in as this user"),
            ("password_file", "a file with the password [default: ask]"),
            ("send", "send this line, print the reply, and quit"),
            ("verbose", "show the dialogue on standard error, too"),
        ],
        example: "ehlo console mail.example.org",
    },
    Brief {
        name: "dkim",
        flags: &[
            ("action", "record or verify"),
            ("file", "the key or the message; - is standard input"),
            ("selector", "record: the key's name in the domain"),
            ("domain", "record: the domain that signs"),
            ("records", "verify: take the records out of a file"),
            ("resolvers", "verify: ask this resolver"),
            ("timeout", "verify: how long to wait for each key"),
            ("json", "verify: print JSON"),
        ],
        example: "ehlo dkim record key.pem --selector mail --domain example.org",
    },
    Brief {
        name: "queue",
        flags: &[
            ("action", "list, show, run, hold, release, retry, remove, delivered, check, metrics"),
            ("ids", "messages, by their IDs or the first letters"),
            ("all", "all messages"),
            ("account", "those of this account"),
            ("state", "those in this state"),
            ("to", "those to such an address"),
            ("from", "those from such an address"),
            ("older", "those that have waited longer"),
            ("message", "show: the whole message"),
            ("log", "show: all that happened to it"),
            ("notify", "remove: tell the sender"),
            ("json", "print JSON"),
        ],
        example: "ehlo queue list --state unknown",
    },
    Brief {
        name: "sink",
        flags: &[
            ("listen", "the address to listen on [default: 127.0.0.1:0]"),
            ("once", "exit after one session"),
            ("maildir", "keep mail in this directory"),
            ("mbox", "keep mail in this file"),
            ("reject", "refuse a recipient: ADDRESS=CODE[ TEXT]"),
            ("defer", "defer a recipient: ADDRESS[=CODE[ TEXT]]"),
            ("max_size", "refuse messages larger than this"),
            ("script", "play the server's part of a dialogue"),
            ("tls", "off, starttls or implicit [default: starttls]"),
            ("user", "offer AUTH to this user"),
            ("password_file", "a file with the user's password"),
            ("verbose", "show the dialogue on standard error"),
        ],
        example: "ehlo sink --listen 127.0.0.1:2525 --mbox caught.mbox",
    },
];

/// What is printed for the subcommand of this name in place of clap's answer to `-h`; none if that was not
/// asked for, or if all flags fit on a screen.
pub(super) fn help(name: &str, command: &Command, answer: &clap::Error) -> Option<StyledStr> {
    if answer.kind() != ErrorKind::DisplayHelp {
        return None;
    }
    let brief = BRIEFS.iter().find(|brief| brief.name == name)?;
    // Which of the two helps it is, clap tells by its text alone.
    let is_short = answer.render().to_string() == command.clone().render_help().to_string();
    is_short.then(|| render(brief, command))
}

fn render(brief: &Brief, command: &Command) -> StyledStr {
    let mut short = command.clone().mut_args(|arg| {
        let place = brief.flags.iter().position(|(id, _)| arg.get_id() == id);
        match place.and_then(|place| brief.flags.get(place).map(|(_, text)| (place, text))) {
            Some((place, text)) => shown(arg, text).display_order(place),
            None => arg.hide_short_help(true),
        }
    });
    let Brief { name, example, .. } = brief;
    short = short.after_help(format!(
        "example:\n  {example}\n\n'ehlo {name} --help' has all flags; 'man ehlo-{name}' says more."
    ));
    short.render_help()
}

/// A flag with its text alone. A value that has to be explained is explained by the text.
fn shown(arg: Arg, text: &'static str) -> Arg {
    let arg = match arg.get_id().as_str() {
        "reject" | "defer" => arg.value_name("REPLY"),
        _ => arg,
    };
    arg.help(text)
        .help_heading("most used")
        .hide_env(true)
        .hide_default_value(true)
        .hide_possible_values(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{SUBCOMMANDS, Subcommand};

    /// As wide and as high as a small terminal.
    const COLUMNS: usize = 80;
    const LINES: usize = 27;

    #[test]
    fn what_is_shown_is_defined_and_not_hidden() {
        for brief in BRIEFS {
            let Some(subcommand) = SUBCOMMANDS.iter().find(|one| one.name == brief.name) else { continue };
            let mut command = Subcommand::command(subcommand);
            command.build();
            for (flag, _) in brief.flags {
                let found = command.get_arguments().find(|arg| arg.get_id() == flag);
                assert!(found.is_some_and(|arg| !arg.is_hide_set()), "{}: {flag}", brief.name);
            }
        }
    }

    #[test]
    fn the_help_of_every_subcommand_fits_on_a_screen() {
        for subcommand in SUBCOMMANDS {
            let name = format!("ehlo {}", subcommand.name);
            let mut command = Subcommand::command(subcommand).bin_name(name).term_width(COLUMNS);
            command.build();
            let brief = BRIEFS.iter().find(|brief| brief.name == subcommand.name);
            let help = brief.map_or_else(|| command.clone().render_help(), |brief| render(brief, &command));
            let help = help.to_string();
            assert!(help.lines().count() <= LINES, "{help}");
            let widest = help.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(COLUMNS), "{help}");
        }
    }
}
