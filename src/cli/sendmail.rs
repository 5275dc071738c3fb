//! `ehlo sendmail`, and sendmail(8) by its own name: what programs write on its command line.
//!
//! This is no interface of ours, so clap does not read it. One table says what each option is. Options and operands
//! stand in any order up to `--`; a letter's value is joined to it, or the next word; letters without values can be
//! written together. An option that is not known is passed over, since a refusal would lose the mail of a program
//! that nobody watches.

mod help;
mod table;

pub use help::{NAME, command};
pub use table::{LONG, OPTIONS};

use super::exit::Exit;
use super::signing::SigningArgs;
use help::HELP;
use std::ffi::OsString;
use table::{Value, means};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SendmailMode {
    /// A message on standard input goes into the queue.
    #[default]
    Deliver,
    /// SMTP on standard input and output (`-bs`).
    Serve,
    /// The queue is listed (`-bp`, `mailq`).
    List,
    /// Nothing: there is no database of aliases (`-bi`, `newaliases`).
    Aliases,
    /// The addresses are asked about, and nothing is sent (`-bv`).
    Verify,
    /// The queue is run (`-q`).
    Run,
}

/// How soon a message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// At once, by a runner that goes on alone (`-odb`).
    #[default]
    Background,
    /// The same; where the configuration says so, the caller waits for it (`-odi`).
    Interactive,
    /// When the queue is run the next time (`-odq`, `-odd`).
    Later,
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SendmailArgs {
    /// What is done.
    pub mode: SendmailMode,
    /// How soon it is sent.
    pub delivery: Delivery,
    /// To, Cc and Bcc name recipients (`-t`).
    pub from_header: bool,
    /// A dot alone does not end the message (`-i`, `-oi`).
    pub ignore_dots: bool,
    /// The reverse-path; empty for the null one (`-f`, `-r`).
    pub sender: Option<String>,
    /// The reverse-path is whom the header names as the author (`--read-envelope-from`).
    pub sender_from_header: bool,
    /// The sender's name (`-F`).
    pub full_name: Option<String>,
    /// The account (`-a`, `-A`, `--account`).
    pub account: Option<String>,
    /// It is sent at once, and the exit status says what became of it (`--no-queue`).
    pub no_queue: bool,
    /// When the sender is told (`-N`).
    pub notify: Option<String>,
    /// What of the message a notice has (`-R`).
    pub ret: Option<String>,
    /// The envelope's identifier (`-V`).
    pub envid: Option<String>,
    /// Who signs it (`--dkim-key` and its like).
    pub signing: SigningArgs,
    /// Say more (`-v`).
    pub verbose: bool,
    /// The operands.
    pub recipients: Vec<String>,
    /// Options that were passed over.
    pub ignored: Vec<String>,
    /// Options at the end that lack their value, and are passed over, too.
    pub without_value: Vec<String>,
}

/// The names that stand for a mode.
const NAMES: [(&str, SendmailMode); 3] =
    [(NAME, SendmailMode::Deliver), ("mailq", SendmailMode::List), ("newaliases", SendmailMode::Aliases)];

/// The mode that goes with the name by which the program was called, if it is one of sendmail's.
#[must_use]
pub fn mode_of_name(name: &OsString) -> Option<SendmailMode> {
    let name = std::path::Path::new(name).file_name()?.to_str()?;
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode)
}

/// Reads the words behind the name.
///
/// # Errors
/// Help or the version was asked for; or a mode that there is not.
pub fn read(mode: SendmailMode, words: &[OsString]) -> Result<SendmailArgs, Exit> {
    let mut args = SendmailArgs { mode, ..SendmailArgs::default() };
    // In the user's locale, where that is not UTF-8; what fits none is shown as such.
    let mut words = words.iter().map(|word| match word.to_str() {
        Some(word) => word.to_owned(),
        None => super::locale::in_locale(word).unwrap_or_else(|| word.to_string_lossy().into_owned()),
    });
    while let Some(word) = words.next() {
        if word == "--" {
            args.recipients.extend(words.by_ref());
        } else if let Some(long) = word.strip_prefix("--") {
            args.read_long(long, &mut words)?;
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            args.read_letters(letters, &mut words)?;
        } else {
            args.recipients.push(word);
        }
    }
    args.recipients.retain(|one| !one.trim().is_empty());
    if args.from_header {
        // Some crond writes `-ti oem`, with the dash of `-oem` forgotten.
        args.recipients.retain(|one| !matches!(one.as_str(), "oem" | "oep" | "oeq" | "oew" | "oee" | "oi"));
    }
    Ok(args)
}

impl SendmailArgs {
    fn read_long(&mut self, long: &str, words: &mut impl Iterator<Item = String>) -> Result<(), Exit> {
        let (name, joined) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let Some((_, has_value)) = LONG.iter().find(|(known, _)| *known == name) else {
            // Its value may be a secret.
            self.ignored.push(format!("--{name}"));
            return Ok(());
        };
        let value = if *has_value { joined.or_else(|| words.next()) } else { Some(String::new()) };
        let Some(value) = value else {
            self.without_value.push(format!("--{name}"));
            return Ok(());
        };
        match name {
            "help" => return Err(Exit::answer(HELP)),
            "version" => return Err(Exit::version()),
            "no-queue" => self.no_queue = true,
            "account" => self.account = Some(value),
            "from" => self.set_sender(value),
            "read-envelope-from" => self.sender_from_header = true,
            "read-recipients" => self.from_header = true,
            name => {
                let taken = self.signing.take(name, &value);
                taken.map_err(|why| Exit::usage(&format!("--{name} {why}")))?;
            }
        }
        Ok(())
    }

    fn read_letters(&mut self, letters: &str, words: &mut impl Iterator<Item = String>) -> Result<(), Exit> {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            let behind = rest.get(letter.len_utf8()..).unwrap_or_default();
            let value = match means(letter) {
                None => {
                    self.ignored.push(format!("-{letter}"));
                    return Ok(());
                }
                Some(Value::None) => {
                    self.apply(letter, String::new())?;
                    rest = behind;
                    continue;
                }
                Some(Value::Joined) => behind.to_owned(),
                Some(Value::Either) if !behind.is_empty() => behind.to_owned(),
                // As getopt(3) does, the next word is taken whatever it looks like: with `-f $SENDER -t` and nothing in
                // SENDER, `-t` is the sender. Only where there is none can it be told that a value is missing.
                Some(Value::Either) => match words.next() {
                    Some(value) => value,
                    None => {
                        self.without_value.push(format!("-{letter}"));
                        return Ok(());
                    }
                },
            };
            return self.apply(letter, value);
        }
        Ok(())
    }

    fn apply(&mut self, letter: char, value: String) -> Result<(), Exit> {
        match letter {
            't' => self.from_header = true,
            'i' => self.ignore_dots = true,
            'v' => self.verbose = true,
            'f' | 'r' => self.set_sender(value),
            'F' => self.full_name = Some(value).filter(|name| !name.is_empty()),
            'I' => self.mode = SendmailMode::Aliases,
            'N' => self.notify = Some(value),
            'R' => self.ret = Some(value),
            'V' => self.envid = Some(value),
            'a' => self.account = Some(value),
            // Which of sendmail's configurations counts, or an account.
            'A' if !matches!(value.as_str(), "m" | "c") => self.account = Some(value),
            'q' => self.mode = SendmailMode::Run,
            'b' => return self.set_mode(&value),
            'o' => self.set_option(&value),
            // The long forms of -od and -oi.
            'O' => match value.split_once('=') {
                Some((name, how)) if name.eq_ignore_ascii_case("DeliveryMode") => {
                    self.set_option(&format!("d{}", how.get(..1).unwrap_or_default()));
                }
                Some((name, how)) if name.eq_ignore_ascii_case("IgnoreDots") => {
                    self.ignore_dots = how.to_lowercase().starts_with(['t', 'y']);
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// The reverse-path; brackets around it are left out.
    fn set_sender(&mut self, value: String) {
        let bare = value.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        self.sender = Some(bare.map_or_else(|| value.clone(), str::to_owned));
    }

    /// `-bX`.
    fn set_mode(&mut self, value: &str) -> Result<(), Exit> {
        self.mode = match value {
            "m" | "" => SendmailMode::Deliver,
            "s" => SendmailMode::Serve,
            "p" => SendmailMode::List,
            "i" => SendmailMode::Aliases,
            "v" => SendmailMode::Verify,
            "q" => {
                self.delivery = Delivery::Later;
                SendmailMode::Deliver
            }
            "d" | "D" => {
                return Err(Exit::usage(&format!(
                    "-b{value}: there is no daemon to start; the queue is run by 'ehlo queue run'"
                )));
            }
            other => {
                return Err(Exit::usage(&format!("-b{other}: no such mode; see 'ehlo sendmail --help'")));
            }
        };
        Ok(())
    }

    /// `-oX`.
    fn set_option(&mut self, value: &str) {
        match value {
            "i" => self.ignore_dots = true,
            "db" => self.delivery = Delivery::Background,
            "di" => self.delivery = Delivery::Interactive,
            "dq" | "dd" => self.delivery = Delivery::Later,
            // How errors are told (-oem and others), and sendmail's own settings.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
