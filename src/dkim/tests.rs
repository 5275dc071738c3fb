//! Samples for the tests of this room, and tests of all of it together.

use super::*;

/// Keys that sign nothing but tests.
pub(super) const RSA: &str = include_str!("../../tests/dkim/keys/rsa2048.pem");
pub(super) const RSA_PKCS1: &str = include_str!("../../tests/dkim/keys/rsa2048-pkcs1.pem");
pub(super) const ED25519: &str = include_str!("../../tests/dkim/keys/ed25519.pem");

/// The key record of `test._domainkey.football.example.com` (RFC 8463, appendix A.2).
pub(super) const RSA_1024_RECORD: &str = "v=DKIM1; k=rsa; \
    p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR\
    iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC\
    DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3\
    Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
/// That of `brisbane` there.
pub(super) const ED25519_RECORD: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

pub(super) fn key(text: &str) -> Key {
    Key::read(text.as_bytes()).unwrap()
}

/// Numbers that look random and are the same every time (xorshift).
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The message that RFC 8463, appendix A.3, and RFC 6376, appendix A, have.
const MESSAGE: &str = "From: Joe SixPack <joe@football.example.com>\r\n\
    To: Suzie Q <suzie@shopping.example.net>\r\n\
    Subject: Is dinner ready?\r\n\
    Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
    Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\
    \r\n\
    Hi.\r\n\
    \r\n\
    We lost the game.  Are you hungry yet?\r\n\
    \r\n\
    Joe.\r\n";

/// Both signatures of RFC 8463, appendix A.3.
const SIGNATURES: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n \
    d=football.example.com; i=@football.example.com;\r\n \
    q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n \
    subject : date : message-id : from : subject : date;\r\n \
    bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n \
    b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n \
    Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n\
    DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n \
    d=football.example.com; i=@football.example.com;\r\n \
    q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n \
    date : message-id : from : subject : date;\r\n \
    bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n \
    b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n \
    DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n \
    dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n";

/// The signature of RFC 6376, appendix A.2, with the field that it signs besides, and the key of appendix C.
const OLD_SIGNATURE: &str = "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n      \
    c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n      \
    h=Received : From : To : Subject : Date : Message-ID;\r\n      \
    bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n      \
    b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n      \
    4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n      \
    KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n      \
    4bmp/YzhwvcubU4=;\r\n\
    Received: from client1.football.example.com  [192.0.2.1]\r\n      \
    by submitserver.example.com with SUBMISSION;\r\n      \
    Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n";
const OLD_RECORD: &str = "v=DKIM1; \
    p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt\
    IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi\
    tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";

/// A time at which all of them are old, and none has expired.
pub(super) const NOW: u64 = 1_750_000_000;

/// Judges a message as it stands there, with an answer to each question.
pub(super) fn verify(message: &[u8], now: u64, answer: impl Fn(&str) -> Answer) -> Vec<Judgement> {
    let mut head = Head::default();
    let body = head.push(message).unwrap();
    let mut verifier = Verifier::new(head.octets(), now).unwrap();
    for question in verifier.questions() {
        verifier.answer(&question, &answer(&question));
    }
    body.chunks(7).for_each(|piece| verifier.push(piece));
    verifier.finish()
}

fn published(question: &str) -> Answer {
    let record = match question {
        "brisbane._domainkey.football.example.com" => ED25519_RECORD,
        "test._domainkey.football.example.com" => RSA_1024_RECORD,
        "brisbane._domainkey.example.com" => OLD_RECORD,
        _ => return Answer::None,
    };
    Answer::Records(vec![record.as_bytes().to_vec()])
}

#[test]
fn the_signatures_of_rfc_8463_pass() {
    let message = [SIGNATURES, MESSAGE].concat();
    let judged = verify(message.as_bytes(), NOW, published);
    let wanted = [
        (1, "ed25519-sha256", "brisbane", 256, vec![]),
        (8, "rsa-sha256", "test", 1024, vec![Remark::ShortKey { bits: 1024 }]),
    ];
    assert_eq!(judged.len(), 2);
    for (judgement, (line, algorithm, selector, bits, remarks)) in judged.iter().zip(wanted) {
        assert_eq!(judgement.verdict, Verdict::Pass);
        assert_eq!((judgement.line, judgement.bits, judgement.is_test), (line, Some(bits), false));
        assert_eq!(judgement.claims.algorithm.as_deref(), Some(algorithm));
        assert_eq!(judgement.claims.selector.as_deref(), Some(selector));
        assert_eq!(judgement.claims.domain.as_deref(), Some("football.example.com"));
        assert_eq!(judgement.remarks, remarks);
        let signature = judgement.signature.as_ref().unwrap();
        assert_eq!(
            (signature.identity.as_str(), signature.signed),
            ("@football.example.com", Some(1_528_637_909))
        );
    }
}

#[test]
fn the_signature_of_rfc_6376_passes() {
    // Its text has one blank where that of RFC 8463 has two.
    let message = [OLD_SIGNATURE, &MESSAGE.replace("  ", " ")].concat();
    let judged = verify(message.as_bytes(), NOW, published);
    assert_eq!(judged[0].verdict, Verdict::Pass);
    assert_eq!(judged[0].signature.as_ref().unwrap().identity, "joe@football.example.com");
}

/// Whatever is signed passes, whole and octet by octet, and does not when anything of it is changed.
#[test]
fn what_is_signed_passes() {
    let keys = [(RSA, "rsa"), (ED25519, "ed")];
    let signing = keys.map(|(text, selector)| SigningKey::new(key(text), "example.org", selector).unwrap());
    let records = [
        ("rsa._domainkey.example.org", record(&key(RSA))),
        ("ed._domainkey.example.org", record(&key(ED25519))),
    ];
    let published = |question: &str| {
        let found = records.iter().find(|(name, _)| *name == question);
        Answer::Records(found.map(|(_, record)| record.as_bytes().to_vec()).into_iter().collect())
    };
    let settings = Settings { expire: Some(60), ..Settings::default() };
    let signer = Signer::new(signing.into(), settings).unwrap();
    for message in [
        MESSAGE,
        "From: a@b.c\r\n",
        "From: a@b.c\r\n\r\n",
        "From: a@b.c\r\n\r\n\r\n\r\n",
        "From: a@b.c\r\n\r\n \t\r\n",
        "From: a@b.c\r\n\r\nno end",
        "From:a@b.c\r\nfrom :  d@e.f \r\n\tg\r\nSubject:\r\nSubject: \u{e9}\r\n\r\n\tx  y\r\n\r\n",
    ] {
        let mut whole = Message::new(&signer);
        whole.push(message.as_bytes()).unwrap();
        let fields = whole.finish(NOW).unwrap();
        let signed = [&fields, message].concat();
        let verdicts = |message: &[u8], now| -> Vec<Verdict> {
            verify(message, now, published).into_iter().map(|judgement| judgement.verdict).collect()
        };
        assert_eq!(verdicts(signed.as_bytes(), NOW), [Verdict::Pass, Verdict::Pass], "{message:?}");
        assert_eq!(verdicts(signed.as_bytes(), NOW + 60), [Verdict::Pass, Verdict::Pass]);
        let expired = Verdict::Fail(Failure::Expired);
        assert_eq!(verdicts(signed.as_bytes(), NOW + 61), [expired.clone(), expired]);
        // On the way a field came on top, blanks were added, and lines folded anew.
        let trace = format!("Received: from x\r\n{}", signed.replace("\r\nFrom:", "\r\nFROM :\r\n\t"));
        assert_eq!(verdicts(trace.as_bytes(), NOW), [Verdict::Pass, Verdict::Pass], "{message:?}");
        let other = signed.replacen("\r\nFrom:", "\r\nFrom: z", 1);
        assert_eq!(
            verdicts(other.as_bytes(), NOW),
            [Failure::Signature, Failure::Signature].map(Verdict::Fail)
        );
        let more = format!("{}{fields}\r\nmore\r\n", "From: a@b.c\r\n");
        assert!(verdicts(more.as_bytes(), NOW).iter().all(|verdict| *verdict != Verdict::Pass));
    }
}
