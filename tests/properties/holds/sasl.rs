//! Log-in mechanisms against any challenges: they come to an end, and SCRAM never without the server's proof.

use ehlo::inside::config::secret::Secret;
use ehlo::inside::sasl::{Credentials, KNOWN, Means, Nonce};
use ehlo_smtp::auth::{Answer, Channel, ChannelBinding, Login, Mechanism, Terms};

/// The challenges of RFC 5802, section 5, and of RFC 7677, section 3, to the user and the nonce below.
const FIRST: [&[u8]; 2] = [
    b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    b"r=fyko+d2lbbFgONRv9qkxdawL%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
];
/// The slices of work that are given to one exchange: the fewest iterations take one.
const MOST_WORK: usize = 2;

/// The first octet names the mechanism; challenges are lines.
pub fn holds(octets: &[u8]) {
    let Some((choice, challenges)) = octets.split_first() else { return };
    let name = KNOWN[usize::from(choice.wrapping_sub(b'0')) % KNOWN.len()];
    let Some(mut mechanism) = mechanism(name, choice / 64) else { return };
    assert_eq!(mechanism.name(), name);
    let _ = mechanism.initial();
    let mut said: Vec<&[u8]> = Vec::new();
    for challenge in challenges.split(|octet| *octet == b'\n').take(12) {
        let mut late = challenge.strip_prefix(b"235 ");
        if let Some(data) = late.take() {
            // What came too late may have been a reason.
            said.push(data);
            let _ = mechanism.late(data);
        } else {
            let Ok(answer) = mechanism.respond(challenge) else { break };
            said.push(challenge);
            if !has_worked(&mut *mechanism, answer) {
                break;
            }
        }
        is_proved_rightly(&*mechanism, &said);
        assert!(!format!("{mechanism:?}").contains("pencil"), "the password is in Debug");
    }
}

fn mechanism(name: &str, means: u8) -> Option<Box<dyn Mechanism>> {
    let mut credentials = Credentials {
        user: "user".to_owned(),
        identity: None,
        means: match (name, means % 2) {
            ("EXTERNAL", 0) => Means::Outside,
            ("OAUTHBEARER" | "XOAUTH2" | "EXTERNAL", _) => Means::Token(Secret::new("pencil".to_owned())),
            _ => Means::Password(Secret::new("pencil".to_owned())),
        },
        mechanisms: vec![name.to_owned()],
        allow_clear: false,
        allow_unverified: false,
        server: ("beta.arpa".to_owned(), 587),
        nonce: Nonce::Fixed(if name.starts_with("SCRAM-SHA-1") {
            "fyko+d2lbbFgONRv9qkxdawL".to_owned()
        } else {
            "rOprNGfwEbeRWgbNEkqO".to_owned()
        }),
    };
    let offered = [name.to_owned()];
    let terms = Terms {
        offered: &offered,
        channel: Channel::Verified,
        binding: Some(&ChannelBinding::Exporter(vec![7; 32])),
        tried: &[],
    };
    credentials.choose(&terms).ok()
}

/// Lets it compute, as long as somebody would wait for it.
fn has_worked(mechanism: &mut dyn Mechanism, answer: Answer) -> bool {
    let mut answer = answer;
    for _ in 0..MOST_WORK {
        match answer {
            Answer::Say(_) => return true,
            Answer::Working => answer = mechanism.work(),
        }
    }
    false
}

/// SCRAM is complete only with a signature; and nobody makes one by chance.
fn is_proved_rightly(mechanism: &dyn Mechanism, said: &[&[u8]]) {
    if mechanism.name().starts_with("SCRAM") && mechanism.is_complete() {
        let last = said.last().copied().unwrap_or_default();
        assert!(last.starts_with(b"v="), "complete without a signature");
        let challenge = said.iter().find(|challenge| !challenge.is_empty());
        assert!(FIRST.iter().any(|first| Some(first) == challenge), "a signature out of nothing");
    }
    if let Some(reason) = mechanism.reason() {
        assert!(said.iter().any(|challenge| super::contains(challenge, reason) || reason.is_empty()));
    }
}
