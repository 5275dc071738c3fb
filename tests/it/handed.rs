//! A message that a program hands over to `ehlo sendmail`, and what is in the queue behind that.

use crate::harness::{Done, Ehlo, ehlo};
use crate::queued::{PLACE, files};
use ehlo::inside::spool::Spool;
use serde_json::Value;
use std::process::Command;

/// An account whose server nobody reaches, and nothing of this machine.
pub const CONFIG: &str = "default = 'work'\n\
                          [account.work]\nserver = 'smtp://127.0.0.1:9'\n\
                          [sendmail]\ndomain = 'alpha.arpa'\naliases = 'aliases'\n";

/// `ehlo sendmail`, set up as [`CONFIG`] says.
pub fn sendmail(line: &str) -> Ehlo {
    ehlo(&format!("sendmail {line}")).config(CONFIG)
}

/// Who runs this.
pub fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What is in the queue of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Queued {
    pub sender: String,
    pub recipients: Vec<String>,
    /// As it is kept. What no two runs have in common, of fields that were added, is `NEW`.
    pub content: String,
    /// What is shown of it as JSON.
    pub json: Value,
}

impl Ehlo {
    /// It ends with this status, while nobody sends what is in the queue.
    #[track_caller]
    pub fn queues(self, status: i32) -> Done {
        let runner = files(&self).run_alone(false).unwrap();
        assert!(runner.is_some(), "the queue is new");
        self.exit(status)
    }
}

impl Done {
    /// The identifiers of all messages in the queue.
    pub fn ids(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.path(PLACE).join("q")) else { return Vec::new() };
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut ids: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(".msg")?.to_owned())).collect();
        ids.sort();
        ids
    }

    /// Nothing is in the queue, and no half of anything.
    #[track_caller]
    pub fn queued_nothing(&self) {
        for folder in ["q", "tmp"] {
            let names = std::fs::read_dir(self.path(PLACE).join(folder)).map(Iterator::collect::<Vec<_>>);
            assert!(names.is_err() || names.as_ref().is_ok_and(Vec::is_empty), "{folder}: {names:?}");
        }
    }

    /// `ehlo queue` over the same queue, by the same configuration.
    pub fn queue(&self, line: &str) -> Ehlo {
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let run = ehlo(&format!("queue {line}")).env("XDG_STATE_HOME", &path(".local/state"));
        run.env("XDG_CONFIG_HOME", &path(".config"))
    }

    /// The only message in the queue.
    #[track_caller]
    pub fn queued(&self) -> Queued {
        let ids = self.ids();
        assert_eq!(ids.len(), 1, "messages in the queue");
        let show = |how: &str| self.queue(&format!("show {} {how}", ids[0]));
        let json = show("--json").any_json().exit(0).json();
        let content = show("--message").any_stdout().exit(0).stdout().to_owned();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let recipients = json["recipients"].as_array().unwrap();
        Queued {
            sender: text(&json["sender"]),
            recipients: recipients.iter().map(|one| text(&one["address"])).collect(),
            content: settled(&content),
            json,
        }
    }
}

/// The Date and the Message-ID of today become `NEW`; those that callers wrote are of 1981.
fn settled(content: &str) -> String {
    let (head, text) = content.split_once("\n\n").map_or((content, ""), |(head, text)| (head, text));
    let mut out = String::new();
    for line in head.split('\n') {
        let random = line.strip_prefix("Message-ID: <").and_then(|rest| rest.split_once('@'));
        match random {
            Some((random, domain)) if random.len() == 33 => {
                out.push_str(&format!("Message-ID: <NEW@{domain}\n"));
            }
            _ if line.starts_with("Date: ") && !line.contains(" 1981 ") => out.push_str("Date: NEW\n"),
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    format!("{out}\n{text}")
}
