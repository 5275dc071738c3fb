//! What tests/dkim/judges needs of us, and what signing costs. All of it is asked for by name:
//!
//!     EHLO_DKIM=FOLDER cargo test --test dkim -- --ignored signs      NAME.eml -> NAME.signed, records
//!     EHLO_DKIM=FOLDER cargo test --test dkim -- --ignored verifies   NAME.signed, records -> verdicts
//!     cargo test --release --test dkim -- --ignored --nocapture costs
//!
//! The messages have CRLF line ends, as DATA sends them. Without FOLDER nothing is done.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, clippy::disallowed_types, clippy::disallowed_macros)] // A test may.

use ehlo::inside::dkim::{
    Answer, BodyHasher, Head, Key, Message, Settings, Signer, SigningKey, Verifier, record,
};
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Instant, SystemTime};

const DOMAIN: &str = "example.org";
const KEYS: [(&str, &str); 2] =
    [("rsa", include_str!("keys/rsa2048.pem")), ("ed", include_str!("keys/ed25519.pem"))];

fn signer() -> Signer {
    let keys = KEYS.map(|(selector, text)| {
        SigningKey::new(Key::read(text.as_bytes()).unwrap(), DOMAIN, selector).unwrap()
    });
    Signer::new(keys.into(), Settings::default()).unwrap()
}

fn now() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

/// The files of the folder with this ending, in order.
fn files(ending: &str) -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("EHLO_DKIM") else { return Vec::new() };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

#[test]
#[ignore = "for tests/dkim/judges"]
fn signs() {
    let signer = signer();
    for file in files("eml") {
        let message = std::fs::read(&file).unwrap();
        let mut signing = Message::new(&signer);
        message.chunks(4096).for_each(|piece| signing.push(piece).unwrap());
        match signing.finish(now()) {
            Ok(fields) => {
                std::fs::write(file.with_extension("signed"), [fields.as_bytes(), &message].concat())
                    .unwrap();
            }
            Err(error) => println!("{}: {error}", file.display()),
        }
        let records = KEYS.map(|(selector, text)| {
            format!("{selector}._domainkey.{DOMAIN} {}\n", record(&Key::read(text.as_bytes()).unwrap()))
        });
        std::fs::write(file.with_file_name("records"), records.concat()).unwrap();
    }
}

/// Records are lines: a name, a blank, and the text.
#[test]
#[ignore = "for tests/dkim/judges"]
fn verifies() {
    let mut verdicts = String::new();
    for file in files("signed") {
        let records = std::fs::read_to_string(file.with_file_name("records")).unwrap();
        let message = std::fs::read(&file).unwrap();
        let mut head = Head::default();
        let body = head.push(&message).unwrap();
        let mut verifier = Verifier::new(head.octets(), now()).unwrap();
        for question in verifier.questions() {
            let found =
                records.lines().filter_map(|line| line.split_once(' ')).filter(|(name, _)| *name == question);
            let found = found.map(|(_, text)| text.as_bytes().to_vec()).collect();
            verifier.answer(&question, &Answer::Records(found));
        }
        verifier.push(body);
        let words: Vec<String> =
            verifier.finish().iter().map(|judgement| format!("{:?}", judgement.verdict)).collect();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        writeln!(verdicts, "{name} {}", words.join(" ")).unwrap();
    }
    if let Some(folder) = std::env::var_os("EHLO_DKIM") {
        std::fs::write(PathBuf::from(folder).join("verdicts"), verdicts).unwrap();
    }
}

/// A gigabyte in pieces of 64 KiB, by SHA-256 alone and as a body that is signed. The octets are the same
/// piece again and again, so that the disk is not measured.
#[test]
#[ignore = "it takes seconds, and means something in a release only"]
fn costs() {
    const PIECE: usize = 1 << 16;
    let repeated = |line: &[u8]| line.iter().copied().cycle().take(PIECE).collect::<Vec<u8>>();
    let base64 =
        [&b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3"[..76], b"\r\n"]
            .concat();
    let prose = b"It was a bright cold day in April, and the clocks were striking again.\r\nNobody \
                  had expected that, least of all those who had wound them. So they sat down,\r\nand \
                  waited.\r\n\r\n";
    let typist =
        b"Two blanks follow a sentence.  So it was taught.  Once, at least, it was.\r\n  And a paragraph is \
                   indented.\r\n";
    let code = b"fn main() {\r\n    let text = read();\r\n    \
                 if text.is_empty() {\r\n        return;\r\n    }\r\n}\r\n";
    for (name, text) in [
        ("base64", repeated(&base64)),
        ("prose", repeated(prose)),
        ("two blanks", repeated(typist)),
        ("code", repeated(code)),
        ("blanks", repeated(b" \t")),
        ("empty lines", repeated(b"\r\n")),
        ("a blank in two", repeated(b"a  ")),
    ] {
        let pieces = (1 << 30) / PIECE;
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let start = Instant::now();
        (0..pieces).for_each(|_| context.update(&text));
        std::hint::black_box(context.finish());
        let alone = start.elapsed();
        let mut body: BodyHasher = signer().body();
        let start = Instant::now();
        (0..pieces).for_each(|_| body.push(&text));
        std::hint::black_box(body.finish());
        let signed = start.elapsed();
        let ratio = signed.as_secs_f64() / alone.as_secs_f64();
        println!("{name}: SHA-256 {alone:.3?}, body {signed:.3?}, ratio {ratio:.2}");
    }
    let message = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: c\r\nDate: d\r\n\r\ntext\r\n";
    let signer = signer();
    let start = Instant::now();
    for _ in 0..100 {
        let mut signing = Message::new(&signer);
        signing.push(message).unwrap();
        std::hint::black_box(signing.finish(now()).unwrap());
    }
    println!("a short message with both keys: {:.3?}", start.elapsed() / 100);
    // 10 kB by Ed25519, and what the signature alone takes.
    let signing = SigningKey::new(Key::read(KEYS[1].1.as_bytes()).unwrap(), DOMAIN, "ed").unwrap();
    let signer = Signer::new(vec![signing], Settings::default()).unwrap();
    let text: Vec<u8> = base64.iter().copied().cycle().take(10_000).collect();
    let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let start = Instant::now();
    for _ in 0..10_000 {
        std::hint::black_box(pair.sign(std::hint::black_box(&[7; 32])));
    }
    let alone = start.elapsed() / 10_000;
    let start = Instant::now();
    for _ in 0..10_000 {
        let mut signing = Message::new(&signer);
        signing.push(message).unwrap();
        signing.push(&text).unwrap();
        std::hint::black_box(signing.finish(now()).unwrap());
    }
    let whole = start.elapsed() / 10_000;
    let rate = alone.as_secs_f64() / whole.as_secs_f64();
    println!("10 kB by Ed25519: the signature {alone:.3?}, all of it {whole:.3?}, {rate:.2} of its rate");
}
