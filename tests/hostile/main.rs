//! The program against servers that are broken, in between, or out for harm.
//!
//! Each case is a row of data: its name is a claim; a script says what the server does and which commands it must hear
//! ([`server`]); and what must hold is stated: the exit status, what became of each recipient, the lines of error. Of
//! every case alike it is checked ([`check`]) that the run ends in time and within a bound of memory, that nothing on
//! standard output, on standard error or in the transcript could move a cursor, and that the password stands in none of
//! them, nor went over the wire in clear.
//!
//! `HOSTILE=greeting_ cargo test --test hostile` plays the cases whose names hold
//! `greeting_`, and tells what each took.

#![cfg(feature = "rustls")] // The words about TLS are this backend's.
#![allow(clippy::disallowed_types)] // Sockets, clocks and files: this is the outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A fault here is a failed test.

mod cases;
mod certificates;
mod check;
mod run;
mod scram;
mod server;

use server::Script;

/// The password of all who log in.
const PASSWORD: &str = "a known secret";

/// One server, one run of the program, and what must hold.
#[derive(Clone)]
pub struct Case {
    name: String,
    command: &'static str,
    args: String,
    to: &'static str,
    message: usize,
    in_text: bool,
    without_transcript: bool,
    script: Script,
    exit: i32,
    summary: String,
    stdout: Option<String>,
    stderr: String,
}

/// A claim, and the server that puts it to the test: `ehlo send`, a word from Smith to Jones. Each wait is for four
/// seconds, if nothing else is said.
pub fn case(name: impl Into<String>, script: Script) -> Case {
    Case {
        name: name.into(),
        command: "send",
        args: String::new(),
        to: "-S 127.0.0.1:PORT",
        message: 0,
        in_text: false,
        without_transcript: false,
        script,
        exit: -1,
        summary: String::new(),
        stdout: None,
        stderr: String::new(),
    }
}

impl Case {
    /// More words on the command line.
    pub fn args(mut self, args: &str) -> Case {
        self.args.push(' ');
        self.args.push_str(args);
        self
    }

    /// Another subcommand, with all its words.
    pub fn command(mut self, command: &'static str) -> Case {
        self.command = command;
        self
    }

    /// As a server's URL, or so.
    pub fn to(mut self, to: &'static str) -> Case {
        self.to = to;
        self
    }

    /// TLS from the first octet, by a name, and the authority's file.
    pub fn smtps(self) -> Case {
        self.to("-S smtps://localhost:PORT -4 --ca-file ca.pem")
    }

    /// STARTTLS is demanded, by a name, and the authority's file is there.
    pub fn starttls(self) -> Case {
        self.to("-S localhost:PORT -4 --ca-file ca.pem --tls starttls")
    }

    /// Smith logs in.
    pub fn log_in(self) -> Case {
        self.args("-u smith --password-env PASSWORD")
    }

    /// The message is a file of so many octets.
    pub fn message(mut self, octets: usize) -> Case {
        self.message = octets;
        self
    }

    /// So much is said that a transcript, in hex, would be nothing but slow.
    pub fn without_transcript(mut self) -> Case {
        self.without_transcript = true;
        self
    }

    /// How it must end: the status; the outcome, each recipient's status and code and the kind of error, as `--json`
    /// has them; and what is said, without `ehlo: ` before it, line by line.
    pub fn ends(mut self, exit: i32, summary: &str, stderr: &str) -> Case {
        (self.exit, self.summary, self.stderr) = (exit, summary.to_owned(), stderr.to_owned());
        self
    }

    /// All is well, whatever the server did.
    pub fn is_taken(self) -> Case {
        self.ends(0, "all, accepted 250, -", "")
    }

    /// The program is run once more without `--json`, and this is what it prints.
    pub fn stdout(mut self, text: &str) -> Case {
        (self.in_text, self.stdout) = (true, Some(text.to_owned()));
        self
    }
}

/// The message was written to the end, and nobody knows.
pub const NOBODY_KNOWS: &str =
    "it is unknown whether the message was accepted: sending it again may deliver it twice";

#[test]
fn every_case_holds() {
    run::all(cases::all());
}

#[test]
fn there_are_enough_of_them_and_no_two_have_the_same_name() {
    let mut names: Vec<String> = cases::all().into_iter().map(|case| case.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(count >= 150, "{count}");
}
