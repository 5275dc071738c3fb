//! What tests/dkim/judges needs of us, and what signing costs. All of it is asked for by name:
//!
//!     EHLO_DKIM=FOLDER cargo test --test dkim -- --ignored signs      NAME.eml -> NAME.signed, records; at every split
//!     cargo test --release --test dkim -- --ignored --nocapture costs
//!
//! The messages have CRLF line ends, as DATA sends them. Without FOLDER nothing is done.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, clippy::disallowed_types, clippy::disallowed_macros)] // A test may.

use ehlo::inside::dkim::{BodyHasher, Key, Message, Settings, Signer, SigningKey, record};
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

/// What is signed does not depend on where the message is cut: at every octet, or at two hundred places of a long one.
fn splits(message: &[u8]) {
    let key = SigningKey::new(Key::read(KEYS[1].1.as_bytes()).unwrap(), DOMAIN, KEYS[1].0).unwrap();
    let signer = Signer::new(vec![key], Settings::default()).unwrap();
    let fields = |pieces: [&[u8]; 2]| {
        let mut signing = Message::new(&signer);
        pieces.iter().try_for_each(|piece| signing.push(piece)).and_then(|()| signing.finish(0)).ok()
    };
    let whole = fields([message, b""]);
    for at in (0..message.len()).step_by(message.len() / 200 + 1) {
        assert_eq!(fields(message.split_at(at).into()), whole, "cut at {at}");
    }
}

#[test]
#[ignore = "for tests/dkim/judges"]
fn signs() {
    let signer = signer();
    for file in files("eml") {
        let message = std::fs::read(&file).unwrap();
        splits(&message);
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
