use super::*;
use crate::dkim::algorithm::Algorithm;
use crate::dkim::header::{HeadTooLong, LONGEST};
use crate::dkim::key::KeyFault;
use crate::dkim::names::NameFault;
use crate::dkim::tests::{ED25519, RSA, key};

const HEADER: &str = "Received: from a by b\r\nFrom: Joe <joe@example.org>\r\nSender: x@example.org\r\n\
                      To: a@b.example\r\nSubject: one\r\n two\r\nX-Mine: 1\r\nList-Id: <l.example.org>\r\n\
                      subject: another\r\n";

fn signer(keys: &[&str], settings: Settings) -> Signer {
    let signing = |text: &&str| SigningKey::new(key(text), "example.org", "s1").unwrap();
    Signer::new(keys.iter().map(signing).collect(), settings).unwrap()
}

fn sign(settings: Settings, header: &str) -> Result<String, SignError> {
    let signer = signer(&[ED25519], settings);
    let mut body = signer.body();
    body.push(b"text\r\n");
    signer.sign(header.as_bytes(), body.finish(), 1_700_000_000)
}

/// The names of `h=` in a field.
fn names(field: &str) -> String {
    let h = field.split("h=").nth(1).unwrap().split(';').next().unwrap();
    h.split_whitespace().collect::<String>()
}

#[test]
fn a_signature_is_written_for_people_too() {
    let field = sign(Settings::default(), HEADER).unwrap();
    let (before, b) = field.split_once("\r\n b=").unwrap();
    assert_eq!(
        before,
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=s1;\r\n \
         t=1700000000; h=From:From:To:To:Subject:Subject:Subject:List-Id:List-Id;\r\n \
         bh=eDCyaw7m810RhFf0TmGWGkTYiT/1GwL4/PCOGIr3ew4=;"
    );
    // 64 octets in base64, 75 of them behind `b=`.
    assert_eq!(b.split("\r\n").map(str::len).collect::<Vec<_>>(), [75, 14, 0]);
    assert!(b.ends_with("==\r\n"));
}

#[test]
fn no_line_is_longer_than_78_columns() {
    let all = Settings { absent: true, expire: Some(604_800), extra: vec!["X-Mine".to_owned()] };
    for domain in ["a.example", "a-rather-long-name-of-a-department.of-a-rather-long-company.example"] {
        let keys = [RSA, ED25519].map(|text| SigningKey::new(key(text), domain, "selector-2026").unwrap());
        let signer = Signer::new(keys.into(), all.clone()).unwrap();
        let fields = signer.sign(HEADER.as_bytes(), signer.body().finish(), 1_700_000_000).unwrap();
        for line in fields.strip_suffix("\r\n").unwrap().split("\r\n") {
            assert!(line.len() <= 78 && line == line.trim_end(), "{line}");
        }
        assert!(fields.contains(" x=1700604800;"));
    }
}

#[test]
fn what_is_there_is_signed_once_more_than_it_is() {
    let names = |settings, header| sign(settings, header).map(|field| names(&field)).unwrap();
    assert_eq!(names(Settings::default(), HEADER), "From:From:To:To:Subject:Subject:Subject:List-Id:List-Id");
    let extra = |extra: &[&str]| extra.iter().map(|name| (*name).to_owned()).collect();
    let some = Settings { extra: extra(&["x-mine", "FROM", "X-Other"]), ..Settings::default() };
    assert_eq!(
        names(some.clone(), HEADER),
        "From:From:To:To:Subject:Subject:Subject:List-Id:List-Id:x-mine:x-mine"
    );
    assert_eq!(
        names(Settings { absent: true, ..some }, HEADER),
        "From:From:To:To:Cc:Subject:Subject:Subject:Date:Reply-To:MIME-Version:Content-Type:\
         Content-Transfer-Encoding:Message-ID:In-Reply-To:References:List-Unsubscribe:\
         List-Unsubscribe-Post:List-Id:List-Id:x-mine:x-mine:X-Other"
    );
    let lists =
        "From: a@b.c\r\nLIST-UNSUBSCRIBE: <https://a.example>\r\nlist-unsubscribe-post: x\r\nList-X: y\r\n";
    assert_eq!(
        names(Settings::default(), lists),
        "From:From:List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post:List-Unsubscribe-Post:\
         List-X:List-X"
    );
}

#[test]
fn rsa_comes_first() {
    for keys in [[RSA, ED25519], [ED25519, RSA]] {
        let signer = signer(&keys, Settings::default());
        let algorithms = signer.keys().iter().map(|signing| signing.key().algorithm());
        assert!(algorithms.eq([Algorithm::RsaSha256, Algorithm::Ed25519Sha256]));
        let fields = signer.sign(HEADER.as_bytes(), signer.body().finish(), 0).unwrap();
        let first = fields.find("a=rsa-sha256").unwrap();
        assert!(first < fields.find("a=ed25519-sha256").unwrap());
        assert_eq!(fields.matches("DKIM-Signature:").count(), 2);
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let many = format!("From: a@b.c\r\n{}", "To: a@b.c\r\n".repeat(1000));
    let long = format!("From: a@b.c\r\nX: {}\r\n", "x".repeat(LONGEST));
    for (header, error) in [
        ("", SignError::NoFrom),
        ("To: a@b.c\r\n", SignError::NoFrom),
        ("\r\nFrom: a@b.c\r\n", SignError::NoFrom),
        ("From: a@b.c\r\nfrom\r\n", SignError::NotAField { line: 2 }),
        (" From: a@b.c\r\n", SignError::NotAField { line: 1 }),
        (&many, SignError::TooManyFields),
        (&long, SignError::Head(HeadTooLong)),
    ] {
        assert_eq!(sign(Settings::default(), header), Err(error), "{:.40}", header);
    }
    assert_eq!(Signer::new(Vec::new(), Settings::default()).unwrap_err(), SignError::NoKeys);
    for name in ["", "a b", "a:b", "\u{e9}", "Received", "return-path", "DKIM-Signature", "Bcc", "a;b"] {
        let settings = Settings { extra: vec![name.to_owned()], ..Settings::default() };
        let keys = vec![SigningKey::new(key(ED25519), "a.b", "s").unwrap()];
        assert_eq!(Signer::new(keys, settings).unwrap_err(), SignError::Name(name.to_owned()));
    }
    let new = |domain: &str, selector: &str| {
        SigningKey::new(key(ED25519), domain, selector).map(|key| key.question())
    };
    assert_eq!(new("M\u{fc}ller.example", "S"), Ok("s._domainkey.xn--mller-kva.example".to_owned()));
    assert_eq!(new("localhost", "s"), Err(SignError::Domain(NameFault::OneLabel)));
    assert_eq!(new("a.b", ""), Err(SignError::Selector(NameFault::EmptyLabel)));
    assert_eq!(new("a.b", "a b"), Err(SignError::Selector(NameFault::NotAName)));
    let long = ["a".repeat(60).as_str(); 3].join(".");
    assert_eq!(new(&long, &long), Err(SignError::Selector(NameFault::TooLong)));
    assert_eq!(crate::dkim::Key::read(b"").unwrap_err(), KeyFault::NoKey);
}

#[test]
fn a_message_may_come_in_any_pieces() {
    let signer = signer(&[ED25519], Settings::default());
    let message = format!("{HEADER}\r\nsome  text \r\n\r\n\r\nand more\r\n\r\n");
    let sign = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let mut signing = Message::new(&signer);
        pieces.for_each(|piece| signing.push(piece).unwrap());
        signing.finish(1).unwrap()
    };
    let whole = sign(&mut [message.as_bytes()].into_iter());
    for at in 0..message.len() {
        let (one, other) = message.as_bytes().split_at(at);
        assert_eq!(sign(&mut [one, other].into_iter()), whole, "cut at {at}");
    }
    assert_eq!(sign(&mut message.as_bytes().chunks(1)), whole);
    let mut signing = Message::new(&signer);
    assert_eq!(signing.push(&[b'a'; LONGEST + 2]), Err(SignError::Head(HeadTooLong)));
}
