//! What holds of every input, whatever it is: each property takes octets and panics where it does not hold.
//!
//! They are driven from two sides: by libFuzzer (fuzz/, one target for each), and by proptest and the committed corpora
//! (main.rs) in `cargo test`.

pub mod certificate;
pub mod compose;
pub mod config;
pub mod content;
pub mod dialogue;
pub mod dkim_record;
pub mod dkim_signature;
pub mod dmarc;
pub mod dns;
pub mod dns_query;
pub mod explain;
pub mod extensions;
pub mod header;
pub mod message;
pub mod mta_sts;
pub mod notice;
pub mod oauth;
pub mod oracle;
pub mod path;
pub mod queue;
pub mod reply;
pub mod sasl;
pub mod say;
pub mod serve;
pub mod session;
pub mod spf;
pub mod tlsa;
pub mod tlsrpt;

/// Whatever the octets are, it does not panic.
pub type Property = fn(&[u8]);

/// All of them, by the names of their fuzz targets and corpora.
#[allow(dead_code, reason = "each fuzz target names one of them")]
pub const ALL: [(&str, Property); 27] = [
    ("certificate", certificate::holds),
    ("compose", compose::holds),
    ("config", config::holds),
    ("content", content::holds),
    ("dialogue", dialogue::holds),
    ("dkim_record", dkim_record::holds),
    ("dkim_signature", dkim_signature::holds),
    ("dmarc", dmarc::holds),
    ("dns", dns::holds),
    ("dns_query", dns_query::holds),
    ("explain", explain::holds),
    ("extensions", extensions::holds),
    ("header", header::holds),
    ("message", message::holds),
    ("mta_sts", mta_sts::holds),
    ("notice", notice::holds),
    ("oauth", oauth::holds),
    ("path", path::holds),
    ("queue", queue::holds),
    ("reply", reply::holds),
    ("sasl", sasl::holds),
    ("say", say::holds),
    ("serve", serve::holds),
    ("session", session::holds),
    ("spf", spf::holds),
    ("tlsa", tlsa::holds),
    ("tlsrpt", tlsrpt::holds),
];

/// The octets in pieces whose lengths they say themselves: each is as long as its first octet, from 1 to 16, or it is
/// all the rest. So a corpus is the plain text, and a fuzzer can move every cut.
pub fn pieces(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = octets;
    std::iter::from_fn(move || {
        let length = match rest.first()? % 17 {
            0 => rest.len(),
            length => usize::from(length).min(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(piece)
    })
}

/// The ways in which octets may come: at once, one by one, in pieces of their own choice.
pub fn ways(octets: &[u8]) -> [Vec<&[u8]>; 3] {
    [vec![octets], octets.chunks(1).collect(), pieces(octets).collect()]
}

/// Nothing that moves the cursor, ends a line or hides other characters.
pub fn assert_printable(text: &str) {
    assert!(!text.chars().any(ehlo_smtp::dialogue::is_unsafe), "{text:?} moves or hides characters");
}

/// One command line and nothing else: a CRLF at its end, and no other control character.
pub fn assert_one_line(octets: &[u8]) {
    let text = std::str::from_utf8(octets).expect("a command is UTF-8");
    let line = text.strip_suffix("\r\n").unwrap_or_else(|| panic!("{text:?} has no CRLF"));
    assert!(!line.chars().any(char::is_control), "{text:?} holds a control character");
}

/// Does it stand in there?
pub fn contains(octets: &[u8], word: &[u8]) -> bool {
    word.is_empty() || octets.windows(word.len()).any(|window| window == word)
}
