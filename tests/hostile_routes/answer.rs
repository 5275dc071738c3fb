//! What a resolver answers, from a line of a case file to the octets of a message (RFC 1035, section 4), right or wrong.
//!
//! ```text
//! MX 10 good.test + MX 20 other.test           two records of the name that was asked for
//! id=other MX 10 evil.test / MX 10 good.test   two datagrams, of which the first has another id
//! NXDOMAIN, SERVFAIL, NODATA, silence          without a record
//! additional good.test: A 127.0.0.9            a record of another name, in another section
//! ```
//!
//! Words before the type of a record change the message; all of them are in [`Draft::word`] and [`Record::word`].
//! A name may be a trick of [`Draft::name`], such as `@self`, a pointer to itself. `#` stands before hexadecimal digits.

use crate::certificates;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// A question, as it came.
pub struct Asked {
    /// Its id.
    pub id: [u8; 2],
    /// The name, in small letters.
    pub name: String,
    /// The type.
    pub kind: u16,
    /// The question section, octet by octet.
    pub question: Vec<u8>,
    /// It has an OPT record (RFC 6891).
    pub with_edns: bool,
    /// It came over TCP.
    pub by_tcp: bool,
}

/// How a message goes over TCP.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// Behind its length.
    #[default]
    Whole,
    /// Behind this number instead.
    Length(u16),
    /// Octet by octet, at once.
    Pieces,
    /// Octet by octet, slowly.
    Drip,
    /// Not at all: nothing is said, and the connection stays open.
    Hold,
    /// Not at all: the connection is closed.
    Close,
}

/// One message, and how it is sent.
#[derive(Default)]
pub struct Built {
    pub octets: Vec<u8>,
    /// Nothing is sent before so much time has passed.
    pub after: Duration,
    /// It comes so often more.
    pub more: usize,
    /// It comes from another port (RFC 5452, section 9.1).
    pub is_from_elsewhere: bool,
    pub framing: Framing,
}

/// The types of records, by name.
pub const KINDS: [(&str, u16); 9] = [
    ("A", 1),
    ("NS", 2),
    ("CNAME", 5),
    ("SOA", 6),
    ("MX", 15),
    ("TXT", 16),
    ("AAAA", 28),
    ("DNAME", 39),
    ("TLSA", 52),
];

/// The number of a type.
pub fn kind(name: &str) -> Option<u16> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}

/// The messages that a line says. With `is_signed` each is as if it had been validated, unless it says otherwise.
pub fn build(line: &str, asked: &Asked, is_signed: bool) -> Vec<Built> {
    line.split(" / ").filter_map(|reply| one(reply, asked, is_signed)).collect()
}

fn one(reply: &str, asked: &Asked, is_signed: bool) -> Option<Built> {
    if reply.trim() == "silence" {
        return None;
    }
    let mut draft = Draft::new(asked, is_signed);
    let mut records = Vec::new();
    for chunk in reply.split(" + ") {
        let words = words(chunk);
        let mut record = Record::default();
        for (at, word) in words.iter().enumerate() {
            if let Some(kind) = kind(word).or_else(|| (word == "POINTERS").then_some(16)) {
                (record.kind, record.data) = (kind, words[at + 1..].to_vec());
                record.is_chain = word == "POINTERS";
                records.push(record);
                break;
            }
            assert!(draft.word(word) || record.word(word), "'{word}' in '{reply}' means nothing");
        }
    }
    Some(draft.finish(&records))
}

/// Words, and texts between quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in text.split('"').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(format!("\"{part}")),
        }
    }
    words
}

/// A record, before it is octets.
struct Record {
    /// The name that it belongs to; without one it is the name that was asked for.
    owner: Option<String>,
    /// Where it stands: 0 answer, 1 authority, 2 additional.
    section: usize,
    times: usize,
    ttl: u32,
    class: u16,
    /// Said instead of its length.
    length: Option<u16>,
    kind: u16,
    data: Vec<String>,
    /// Pointers, each to the one before it.
    is_chain: bool,
}

impl Default for Record {
    fn default() -> Record {
        Record {
            owner: None,
            section: 0,
            times: 1,
            ttl: 60,
            class: 1,
            length: None,
            kind: 0,
            data: Vec::new(),
            is_chain: false,
        }
    }
}

impl Record {
    /// Whether a word before the type means something.
    fn word(&mut self, word: &str) -> bool {
        match word.split_once('=') {
            Some(("ttl", number)) => self.ttl = number.parse().unwrap(),
            Some(("class", number)) => self.class = number.parse().unwrap(),
            Some(("rdlength", number)) => self.length = number.parse().ok(),
            Some(("times", number)) => self.times = number.parse().unwrap(),
            _ => match word.strip_suffix(':') {
                Some(owner) => self.owner = Some(owner.to_owned()),
                None if word == "authority" => self.section = 1,
                None if word == "additional" => self.section = 2,
                None => return false,
            },
        }
        true
    }
}

/// A message, before it is octets.
struct Draft<'a> {
    asked: &'a Asked,
    id: [u8; 2],
    flags: [u8; 2],
    question: Vec<u8>,
    questions: u16,
    /// Said instead of the number of answers.
    answers: Option<u16>,
    /// The upper bits of the code, in an OPT record (RFC 6891, section 6.1.3).
    extended: Option<u8>,
    /// No more octets than these.
    first: Option<usize>,
    /// Not a message at all, but so many octets.
    junk: Option<usize>,
    built: Built,
    /// Where the last of a chain of pointers is.
    chain: u16,
}

impl<'a> Draft<'a> {
    fn new(asked: &'a Asked, is_signed: bool) -> Draft<'a> {
        // An answer (RFC 1035, section 4.1.1) by one that recurses; AD (RFC 4035, section 3.2.3).
        let flags = [0x81, 0x80 | if is_signed { 0x20 } else { 0 }];
        Draft {
            asked,
            id: asked.id,
            flags,
            question: asked.question.clone(),
            questions: 1,
            answers: None,
            extended: None,
            first: None,
            junk: None,
            built: Built::default(),
            chain: 12,
        }
    }

    /// Whether a word means something to the message as a whole.
    fn word(&mut self, word: &str) -> bool {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let number = || value.parse::<u16>().unwrap_or_else(|_| panic!("'{word}' has no number"));
        match name {
            "NODATA" => {}
            "FORMERR" => self.flags[1] |= 1,
            "SERVFAIL" => self.flags[1] |= 2,
            "NXDOMAIN" => self.flags[1] |= 3,
            "NOTIMP" => self.flags[1] |= 4,
            "REFUSED" => self.flags[1] |= 5,
            "code" => self.flags[1] |= u8::try_from(number()).unwrap(),
            "extended" => self.extended = Some(u8::try_from(number()).unwrap()),
            "id" => self.id[1] ^= 0xff,
            "qr" => self.flags[0] &= 0x7f,
            "opcode" => self.flags[0] |= u8::try_from(number()).unwrap() << 3,
            "aa" => self.flags[0] |= 0x04,
            "tc" => self.flags[0] |= 0x02,
            "ra" => self.flags[1] &= 0x7f,
            "ad" if value.is_empty() => self.flags[1] |= 0x20,
            "ad" => self.flags[1] &= !0x20,
            "question" => {
                self.question.clear();
                let mut question = Vec::new();
                self.name(value, &mut question);
                question.extend_from_slice(&self.asked.question[self.asked.question.len() - 4..]);
                self.question = question;
            }
            "qtype" => {
                let at = self.question.len() - 4;
                self.question[at..at + 2].copy_from_slice(&number().to_be_bytes());
            }
            "questions" => {
                self.questions = number();
                self.question = self.asked.question.repeat(usize::from(self.questions));
            }
            "answers" => self.answers = Some(number()),
            "first" => self.first = Some(usize::from(number())),
            "junk" => self.junk = Some(usize::from(number())),
            "after" => self.built.after = Duration::from_millis(u64::from(number())),
            "length" => self.built.framing = Framing::Length(number()),
            "more" => self.built.more = usize::from(number()),
            "elsewhere" => self.built.is_from_elsewhere = true,
            "pieces" => self.built.framing = Framing::Pieces,
            "drip" => self.built.framing = Framing::Drip,
            "hold" => self.built.framing = Framing::Hold,
            "close" => self.built.framing = Framing::Close,
            _ => return false,
        }
        true
    }

    fn finish(mut self, records: &[Record]) -> Built {
        let mut out = [&self.id[..], &self.flags, &self.questions.to_be_bytes(), &[0; 6]].concat();
        out.extend_from_slice(&self.question);
        let mut counts = [0_u16; 3];
        for (section, count) in counts.iter_mut().enumerate() {
            for record in records.iter().filter(|record| record.section == section) {
                for number in 0..record.times {
                    self.record(record, number, &mut out);
                }
                *count += u16::try_from(record.times).unwrap();
            }
        }
        if let Some(upper) = self.extended {
            out.extend([0, 0, 41, 4, 208, upper, 0, 0, 0, 0, 0]);
            counts[2] += 1;
        }
        counts[0] = self.answers.unwrap_or(counts[0]);
        for (place, count) in counts.iter().enumerate() {
            out[6 + 2 * place..8 + 2 * place].copy_from_slice(&count.to_be_bytes());
        }
        out.truncate(self.first.unwrap_or(usize::MAX));
        if let Some(count) = self.junk {
            out = vec![0x99; count];
        }
        Built { octets: out, ..self.built }
    }

    fn record(&mut self, record: &Record, number: usize, out: &mut Vec<u8>) {
        match &record.owner {
            Some(owner) => self.name(&owner.replace('%', &number.to_string()), out),
            None => out.extend([0xc0, 12]),
        }
        out.extend(record.kind.to_be_bytes());
        out.extend(record.class.to_be_bytes());
        out.extend(record.ttl.to_be_bytes());
        let at = out.len();
        out.extend([0, 0]);
        self.data(record, number, out);
        let length = u16::try_from(out.len() - at - 2).unwrap();
        out[at..at + 2].copy_from_slice(&record.length.unwrap_or(length).to_be_bytes());
    }

    fn data(&mut self, record: &Record, number: usize, out: &mut Vec<u8>) {
        let words: Vec<String> =
            record.data.iter().map(|word| word.replace('%', &number.to_string())).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (record.kind, words.as_slice()) {
            (_, [hex]) if hex.starts_with('#') => out.extend(from_hex(&hex[1..])),
            (_, [count]) if record.is_chain => {
                for _ in 0..count.parse::<usize>().unwrap() {
                    let to = self.chain;
                    self.chain = u16::try_from(out.len()).unwrap();
                    out.extend((0xc000 | to).to_be_bytes());
                }
            }
            (1, [ip]) => out.extend(ip.parse::<Ipv4Addr>().unwrap().octets()),
            (28, [ip]) => out.extend(ip.parse::<Ipv6Addr>().unwrap().octets()),
            (2 | 5 | 39, [name]) => self.name(name, out),
            (6, []) => out.extend([0; 22]),
            (15, [preference, name]) => {
                out.extend(preference.parse::<u16>().unwrap().to_be_bytes());
                self.name(name, out);
            }
            (16, texts) => {
                for text in texts {
                    let octets = unescaped(text.trim_start_matches('"'));
                    out.push(u8::try_from(octets.len()).unwrap());
                    out.extend(octets);
                }
            }
            (52, [usage, selector, matching, data]) => {
                let [usage, selector, matching] =
                    [usage, selector, matching].map(|word| word.parse::<u8>().unwrap());
                out.extend([usage, selector, matching]);
                out.extend(certificates::association(data, selector, matching));
            }
            _ => panic!("{words:?} is no record"),
        }
    }

    /// A name, as in a zone or as a trick.
    fn name(&self, text: &str, out: &mut Vec<u8>) {
        let at = u16::try_from(out.len()).unwrap();
        match text {
            "." => out.push(0),
            "@self" => out.extend((0xc000 | at).to_be_bytes()),
            "@forward" => out.extend((0xc000 | (at + 2)).to_be_bytes()),
            "@far" => out.extend([0xff, 0xff]),
            "@chain" => out.extend((0xc000 | self.chain).to_be_bytes()),
            // 64 is no length: these two bits mean something else (section 4.1.4).
            "@label64" => out.extend([&[64][..], &[b'x'; 64], b"\x04test\0"].concat()),
            "@long" => out.extend([b"\x3f".to_vec(), vec![b'x'; 63]].concat().repeat(4).iter().chain(&[0])),
            _ => {
                for label in labels(text) {
                    out.push(u8::try_from(label.len()).unwrap());
                    out.extend(label);
                }
                out.push(0);
            }
        }
    }
}

/// The labels of a name, with its escapes (RFC 1035, section 5.1).
fn labels(text: &str) -> Vec<Vec<u8>> {
    let mut labels = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let octets = rest.as_bytes();
        let mut end = 0;
        while end < octets.len() && octets[end] != b'.' {
            end += if octets[end] == b'\\' { 2 } else { 1 };
        }
        labels.push(unescaped(&rest[..end]));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    labels
}

/// `\DDD` and `\X` become what they stand for.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        (rest, _) = match (first, after) {
            (b'\\', [a @ b'0'..=b'2', b, c, after @ ..]) => {
                let digits = String::from_utf8_lossy(&[*a, *b, *c]).into_owned();
                (after, out.push(digits.parse().unwrap()))
            }
            (b'\\', [other, after @ ..]) => (after, out.push(*other)),
            _ => (after, out.push(*first)),
        };
    }
    out
}

/// Octets out of pairs of digits.
pub fn from_hex(digits: &str) -> Vec<u8> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn a_line_becomes_the_octets_that_it_says() {
    let asked = Asked {
        id: [1, 2],
        name: "beta.test".to_owned(),
        kind: 15,
        question: b"\x04beta\x04test\0\0\x0f\0\x01".to_vec(),
        with_edns: true,
        by_tcp: false,
    };
    let built = build(
        "id=other NXDOMAIN / ad MX 10 a\\.b\\000.test + additional ttl=1 x.test: A 127.0.0.9 / silence",
        &asked,
        false,
    );
    let head = |id: u8, flags: u8, answers: u8, others: u8| {
        [&[1, id, 0x81, flags, 0, 1, 0, answers, 0, 0, 0, others][..], &asked.question].concat()
    };
    let octets: Vec<&[u8]> = built.iter().map(|built| built.octets.as_slice()).collect();
    let mx = b"\xc0\x0c\0\x0f\0\x01\0\0\0\x3c\0\x0d\0\x0a\x04a.b\0\x04test\0";
    let a = b"\x01x\x04test\0\0\x01\0\x01\0\0\0\x01\0\x04\x7f\0\0\x09";
    assert_eq!(octets, [head(0xfd, 0x83, 0, 0), [&head(2, 0xa0, 1, 1)[..], mx, a].concat()]);
    let pointers = build("x.test: POINTERS 2 + MX 1 @chain", &asked, true).remove(0).octets;
    assert_eq!(pointers[pointers.len() - 2..], [0xc0, 47]);
    assert_eq!(pointers[45..49], [0xc0, 12, 0xc0, 45]);
}
