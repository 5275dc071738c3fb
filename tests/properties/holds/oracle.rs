//! What a session may claim, found another way: commands and replies are counted, and nothing else is known of them.

use ehlo_smtp::session::Protocol;
use ehlo_smtp::transaction::{Status, Transaction};
use std::collections::VecDeque;

/// What one reply will answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Mail,
    Rcpt(usize),
    Message,
    MessageFor(usize),
    Another,
}

/// Who was accepted by which reply.
#[derive(Debug)]
pub struct Oracle {
    protocol: Protocol,
    asked: VecDeque<Asked>,
    mail: Option<bool>,
    rcpt: Vec<Option<bool>>,
    own: Vec<Option<bool>>,
    message: Option<bool>,
    ended: bool,
}

impl Oracle {
    /// The greeting is awaited.
    pub fn new(protocol: Protocol) -> Oracle {
        let asked = VecDeque::from([Asked::Another]);
        Oracle { protocol, asked, mail: None, rcpt: vec![], own: vec![], message: None, ended: false }
    }

    /// A transaction for so many begins.
    pub fn begins(&mut self, recipients: usize) {
        (self.mail, self.message, self.ended) = (None, None, false);
        (self.rcpt, self.own) = (vec![None; recipients], vec![None; recipients]);
    }

    /// The client says a line. Recipients are called `r0@`, `r1@` and so on.
    pub fn said(&mut self, line: &str) {
        let place = |name: &str| name.split('@').next().and_then(|number| number.parse().ok());
        match (line.strip_prefix("RCPT TO:<r").and_then(place), line.split([' ', '\r']).next()) {
            (Some(place), _) => self.asked.push_back(Asked::Rcpt(place)),
            (None, Some("MAIL")) => self.asked.push_back(Asked::Mail),
            (None, Some("BDAT")) => self.message_begins(),
            (None, _) => self.asked.push_back(Asked::Another),
        }
    }

    /// From now on its reply is awaited: one, or with LMTP one for each who was accepted.
    pub fn message_begins(&mut self) {
        match self.protocol {
            Protocol::Smtp => self.asked.push_back(Asked::Message),
            Protocol::Lmtp => {
                let accepted = self.accepted();
                self.asked.extend(accepted.into_iter().map(Asked::MessageFor));
            }
        }
    }

    /// Its end was written.
    pub fn message_ends(&mut self) {
        self.ended = true;
    }

    fn accepted(&self) -> Vec<usize> {
        (0..self.rcpt.len()).filter(|place| self.rcpt[*place] == Some(true)).collect()
    }

    /// Was everybody accepted?
    pub fn are_all_accepted(&self) -> bool {
        self.rcpt.iter().all(|rcpt| *rcpt == Some(true))
    }

    /// The server says a line; what ends a reply answers what was asked first.
    pub fn answered(&mut self, line: &[u8]) {
        let (Some(code), separator) = (line.get(..3), line.get(3)) else { return };
        if separator == Some(&b'-') || !code.iter().all(u8::is_ascii_digit) {
            return;
        }
        let good = Some(code[0] == b'2');
        match self.asked.pop_front() {
            Some(Asked::Mail) => self.mail = good,
            Some(Asked::Rcpt(place)) => self.rcpt[place] = good,
            // A reply for each, and then one for all (PRDR).
            Some(Asked::Message) if code == b"353" && self.own.iter().all(Option::is_none) => {
                self.asked.push_front(Asked::Message);
                self.accepted()
                    .into_iter()
                    .rev()
                    .for_each(|place| self.asked.push_front(Asked::MessageFor(place)));
            }
            Some(Asked::Message) => self.message = good,
            Some(Asked::MessageFor(place)) => self.own[place] = good,
            Some(Asked::Another) | None => {}
        }
    }

    /// Nobody is accepted without a 2xx to RCPT and one to the message, and once the message was written whole,
    /// nobody of whom no reply tells is anything but unknown.
    pub fn agrees(&self, transaction: &Transaction) {
        for place in 0..transaction.recipients.len() {
            let fate = transaction.fate(place);
            let rcpt = self.rcpt.get(place).copied().flatten();
            let own = self.own.get(place).copied().flatten();
            let (reply, is_good) = match self.protocol {
                Protocol::Lmtp => (own, own == Some(true)),
                Protocol::Smtp => (self.message.or(own), self.message == Some(true) && own != Some(false)),
            };
            if fate.status == Status::Accepted {
                assert!(rcpt == Some(true) && is_good && self.ended, "accepted by nobody: {self:?}");
            }
            let is_open = self.mail == Some(true) && rcpt == Some(true) && self.ended && reply.is_none();
            if is_open {
                assert_eq!(fate.status, Status::Unknown, "nobody knows: {self:?}");
            }
        }
    }
}
