//! Signatures: any message can be verified, comes out the same in any pieces, and passes if it was signed by
//! us.

use super::dkim_record::KEY;
use super::ways;
use ehlo::inside::dkim::{
    Answer, Head, Judgement, Key, MOST_SIGNATURES, Message, Settings, Signature, Signer, SigningKey, Verdict,
    Verifier, record,
};

const NOW: u64 = 1_796_000_000;

/// A message, whose octets are a signature, and a key record, too.
pub fn holds(octets: &[u8]) {
    let (_, read) = Signature::parse(octets);
    if let Ok(signature) = read {
        let question = signature.question();
        assert!(
            question.is_ascii()
                && question.len() <= 253
                && !question.contains("..")
                && !question.contains(' ')
        );
        assert!(signature.names.iter().any(|name| name == "from") && !signature.signature.is_empty());
        assert!(signature.identity.ends_with(&signature.domain));
        let is_late = |expires| signature.signed.is_none_or(|signed| expires > signed);
        assert!(signature.expires.is_none_or(is_late));
    }

    let [whole, others @ ..] = ways(octets).map(|pieces| judged(&pieces, octets));
    assert!(whole.len() <= MOST_SIGNATURES);
    assert!(whole.iter().is_sorted_by_key(|judgement| judgement.line));
    for other in others {
        assert_eq!(other, whole);
    }

    let key = Key::read(KEY.as_bytes()).expect("a key");
    let published = record(&key);
    let keys = vec![SigningKey::new(key, "example.org", "s").expect("names")];
    let settings = Settings { absent: octets.len() % 2 == 1, ..Settings::default() };
    let signer = Signer::new(keys, settings).expect("a signer");
    let fields = ways(octets).map(|pieces| {
        let mut message = Message::new(&signer);
        pieces.iter().try_for_each(|piece| message.push(piece))?;
        message.finish(NOW)
    });
    assert_eq!(fields[0], fields[1]);
    assert_eq!(fields[0], fields[2]);
    let [Ok(fields), ..] = fields else { return };
    let mut lines = fields.split_inclusive("\r\n");
    assert!(lines.next().is_some_and(|line| line.starts_with("DKIM-Signature: v=1; ")));
    assert!(lines.all(|line| line.starts_with(' ') && line.ends_with("\r\n")), "one field");
    let signed = [fields.as_bytes(), octets].concat();
    let judged = judged(&[&signed], published.as_bytes());
    assert_eq!(judged.first().map(|judgement| &judgement.verdict), Some(&Verdict::Pass), "{fields}");
}

fn judged(pieces: &[&[u8]], record: &[u8]) -> Vec<Judgement> {
    let mut head = Head::default();
    let mut body = Vec::new();
    for piece in pieces {
        body.push(head.push(piece).expect("it is short"));
    }
    let mut verifier = Verifier::new(head.octets(), NOW).expect("it is short");
    for question in verifier.questions() {
        verifier.answer(&question, &Answer::Records(vec![record.to_vec()]));
    }
    body.iter().for_each(|piece| verifier.push(piece));
    verifier.finish()
}
