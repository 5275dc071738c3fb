use super::*;
use crate::dkim::algorithm::Algorithm;
use crate::dkim::body::Body;
use crate::dkim::header::write;
use crate::dkim::key::Key;
use crate::dkim::record::{RecordFault, record};
use crate::dkim::signature::SignatureFault;
use crate::dkim::tags::TagFault;
use crate::dkim::tests::{ED25519, NOW, RSA, RSA_1024_RECORD, key, verify};

const HEADER: &str = "From: Joe <joe@example.org>\r\nTo: a@b.example\r\nSubject: one\r\n two\r\n";
const BODY: &str = "Hello  there,\r\n\r\nwe won. \r\n\r\n";

/// Signs by hand, with whatever tags: `{h}` and `{bh}` are filled in, and `b=` is added.
fn sign_with(key: &Key, tags: &str, header: &str, body: &str) -> String {
    let form = |at: usize| {
        let c = tags.split("c=").nth(1).map_or("", |rest| rest.split(';').next().unwrap());
        let form = c.split('/').nth(at).unwrap_or("simple");
        if form == "relaxed" {
            super::super::algorithm::Form::Relaxed
        } else {
            super::super::algorithm::Form::Simple
        }
    };
    let length = tags.split(" l=").nth(1).map(|rest| rest.split(';').next().unwrap().parse().unwrap());
    let mut hashed = Body::new(form(1));
    hashed.want(length);
    hashed.push(body.as_bytes());
    let hash = encodify::base64::STANDARD.encode(hashed.finish().of(length).unwrap());
    let value = format!(" {};\r\n bh={hash}; b=", tags.replace("{h}", "From:To:Subject:From"));
    let fields = fields(header.as_bytes());
    let names = value.split("h=").nth(1).unwrap().split(';').next().unwrap();
    let mut octets = Vec::new();
    for field in Choice::new(&fields).fields(names.split(':').map(str::trim), None) {
        field.write(form(0), &mut octets);
    }
    write(form(0), b"DKIM-Signature:", value.as_bytes(), &mut octets);
    let b = encodify::base64::STANDARD.encode(key.sign(&octets).unwrap());
    format!("DKIM-Signature:{value}{b}\r\n")
}

const TAGS: &str = "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; h={h}";

/// A message that is signed with these tags.
fn signed(tags: &str) -> String {
    let key = key(if tags.contains("a=rsa") { RSA } else { ED25519 });
    format!("{}{HEADER}\r\n{BODY}", sign_with(&key, tags, HEADER, BODY))
}

fn records(texts: &[&str]) -> Answer {
    Answer::Records(texts.iter().map(|text| text.as_bytes().to_vec()).collect())
}

fn published(question: &str) -> Answer {
    match question {
        "ed._domainkey.example.org" => records(&[&record(&key(ED25519))]),
        "rsa._domainkey.example.org" => records(&[&record(&key(RSA))]),
        _ => Answer::None,
    }
}

/// The verdict about a message with one signature.
fn verdict(message: &str, answer: impl Fn(&str) -> Answer) -> Verdict {
    let judged = verify(message.as_bytes(), NOW, answer);
    assert_eq!(judged.len(), 1, "{message}");
    judged[0].verdict.clone()
}

#[test]
fn each_form_passes_with_either_algorithm() {
    for c in ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed", "relaxed"] {
        for (a, s) in [("rsa-sha256", "rsa"), ("ed25519-sha256", "ed")] {
            let tags = format!("v=1; a={a}; c={c}; d=example.org; s={s}; h={{h}}");
            assert_eq!(verdict(&signed(&tags), published), Verdict::Pass, "{tags}");
        }
    }
    // Without c=, and with all that there may be besides.
    let most = "v=1; a=ed25519-sha256; d=example.org; s=ed; h={h}; q=dns/txt; i=joe@example.org; t=5;\r\n \
                x=99999999999; z=From:x|To:y; u=1";
    assert_eq!(verdict(&signed(most), published), Verdict::Pass);
}

/// What is broken, how, and what comes of it.
#[test]
fn what_is_broken_is_told_as_what_it_is() {
    use Failure::{Body as BodyChanged, Both, Expired, FromTheFuture, Signature as Changed};
    let fail = Verdict::Fail;
    let fault = |fault| Verdict::PermError(Fault::Signature(fault));
    let change = |from: &str, to: &str| {
        let whole = signed(TAGS);
        assert!(whole.contains(from), "{from}");
        whole.replacen(from, to, 1)
    };
    let tags = |from: &str, to: &str| signed(&TAGS.replace(from, to));
    let simple = |from: &str, to: &str| {
        signed(&TAGS.replace("relaxed/relaxed", "simple/simple")).replacen(from, to, 1)
    };
    // Where the value of a tag begins.
    let behind = |whole: &str, tag: &str| whole.find(tag).unwrap() + tag.len();
    let spoilt = |tag: &str| {
        let mut whole = signed(TAGS);
        let at = behind(&whole, tag);
        let new = if &whole[at..=at] == "A" { "B" } else { "A" };
        whole.replace_range(at..=at, new);
        whole
    };
    // Of the signature only so many characters are left.
    let cut = |length: usize| {
        let mut whole = signed(TAGS);
        let at = behind(&whole, " b=");
        whole.replace_range(at + length..at + 88, "");
        whole
    };
    let folded = || {
        let mut whole = signed(TAGS);
        let at = behind(&whole, " b=");
        whole.insert_str(at + 10, "\r\n\t");
        whole
    };
    let rows: Vec<(&str, String, Verdict)> = vec![
        ("nothing", signed(TAGS), Verdict::Pass),
        ("a blank in the body, relaxed", change("Hello  there", "Hello \t  there"), Verdict::Pass),
        ("a blank in the body, simple", simple("Hello  there", "Hello there"), fail(BodyChanged)),
        ("a blank at the end of a line, relaxed", change("won. \r\n", "won.\r\n"), Verdict::Pass),
        ("a blank at the end of a line, simple", simple("won. \r\n", "won.\r\n"), fail(BodyChanged)),
        ("empty lines at the end", format!("{}\r\n\r\n", signed(TAGS)), Verdict::Pass),
        ("empty lines at the end, simple", simple("won. \r\n\r\n", "won. \r\n"), Verdict::Pass),
        ("a line at the end", format!("{}Unsubscribe\r\n", signed(TAGS)), fail(BodyChanged)),
        ("no body any more", change(BODY, ""), fail(BodyChanged)),
        ("an octet of the body", change("won", "one"), fail(BodyChanged)),
        ("a fold of a field, relaxed", change("one\r\n two", "one \r\n\ttwo"), Verdict::Pass),
        ("a fold of a field, simple", simple("one\r\n two", "one two"), fail(Changed)),
        ("the case of a name, relaxed", change("\nSubject:", "\nSUBJECT:"), Verdict::Pass),
        ("the case of a name, simple", simple("\nSubject:", "\nSUBJECT:"), fail(Changed)),
        ("a tag in front of the subject", change("Subject: one", "Subject: [list] one"), fail(Changed)),
        ("From", change("joe@", "moe@"), fail(Changed)),
        ("a field that was signed", change("To: a@b.example\r\n", ""), fail(Changed)),
        ("another From on top", format!("From: x@y.z\r\n{}", signed(TAGS)), fail(Changed)),
        ("another From below", change("\r\n\r\nHello", "\r\nFrom: x@y.z\r\n\r\nHello"), fail(Changed)),
        ("another To on top, not oversigned", format!("To: x@y.z\r\n{}", signed(TAGS)), Verdict::Pass),
        ("a field that was not signed", format!("Received: x\r\n{}", signed(TAGS)), Verdict::Pass),
        (
            "the order of fields",
            change(
                "To: a@b.example\r\nSubject: one\r\n two\r\n",
                "Subject: one\r\n two\r\nTo: a@b.example\r\n",
            ),
            Verdict::Pass,
        ),
        ("field and body", change("joe@", "moe@").replace("won", "one"), fail(Both)),
        (
            "the hash of the body",
            change("bh=", "bh=A").replacen("=; b=", "; b=", 1),
            fault(SignatureFault::BodyHash),
        ),
        ("another hash of the body", spoilt("bh="), fail(Both)),
        ("an octet of the signature", spoilt(" b="), fail(Changed)),
        ("the signature's length", change(" b=", " b=AAAA"), fail(Changed)),
        ("a signature that is cut off", cut(80), fail(Changed)),
        ("no signature", cut(0), fault(SignatureFault::Base64)),
        ("a tag of the signature", change("h=From:To:Subject:From", "h=From:To:From"), fail(Changed)),
        ("a blank around the signature's value, simple", simple("; b=", "; b= "), Verdict::Pass),
        ("a blank between its tags, simple", simple("; d=", ";  d="), fail(Changed)),
        ("a blank between its tags, relaxed", change("; d=", ";  d="), Verdict::Pass),
        ("a fold of the signature's value", folded(), Verdict::Pass),
        ("another selector", change("s=ed;", "s=ed2;"), Verdict::PermError(Fault::NoRecord)),
        (
            "another domain's key",
            change("d=example.org", "d=example.net"),
            Verdict::PermError(Fault::NoRecord),
        ),
        (
            "a key of another kind",
            tags("s=ed", "s=rsa"),
            Verdict::PermError(Fault::OtherKey(Algorithm::RsaSha256)),
        ),
        ("rsa-sha1", change("a=ed25519-sha256", "a=rsa-sha1"), fault(SignatureFault::Sha1)),
        (
            "an unknown algorithm",
            change("a=ed25519-sha256", "a=x"),
            fault(SignatureFault::Algorithm("x".to_owned())),
        ),
        ("the version", change("v=1", "v=2"), fault(SignatureFault::Version)),
        (
            "a tag that is there twice",
            change("v=1;", "v=1; v=1;"),
            fault(SignatureFault::Tags(TagFault::Twice("v".to_owned()))),
        ),
        ("From is not in h=", tags("{h}", "To:Subject"), fault(SignatureFault::FromNotSigned)),
        ("i= of another domain", tags("h={h}", "h={h}; i=@example.com"), fault(SignatureFault::Elsewhere)),
        ("it has expired", tags("h={h}", "h={h}; t=5; x=6"), fail(Expired)),
        ("it expires before it was made", tags("h={h}", "h={h}; t=6; x=6"), fault(SignatureFault::Expiry)),
        ("it is from tomorrow", tags("h={h}", &format!("h={{h}}; t={}", NOW + 86_400)), fail(FromTheFuture)),
        ("it is from a clock ahead", tags("h={h}", &format!("h={{h}}; t={}", NOW + 200)), Verdict::Pass),
        (
            "a line that is no field",
            change("\r\nSubject", "\r\nstray\r\nSubject"),
            Verdict::PermError(Fault::NotAField { line: 5 }),
        ),
        ("LF alone in the body", change("won. \r\n", "won. \n"), fail(BodyChanged)),
        ("a way to look up that is not known", tags("h={h}", "h={h}; q=http"), fault(SignatureFault::Query)),
    ];
    for (what, message, wanted) in rows {
        assert_eq!(verdict(&message, published), wanted, "{what}:\n{message}");
    }
}

/// The record, and what comes of a message whose signature is good.
#[test]
fn the_record_decides_too() {
    let data = encodify::base64::STANDARD.encode(key(ED25519).public().octets());
    let good = record(&key(ED25519));
    let of = |rest: &str| format!("v=DKIM1; k=ed25519; {rest}p={data}");
    let below = TAGS.replace("h={h}", "h={h}; i=joe@mail.example.org");
    let perm = Verdict::PermError;
    let broken = |fault| perm(Fault::Record(fault));
    for (tags, answer, wanted) in [
        (TAGS, records(&[&good]), Verdict::Pass),
        (TAGS, records(&[]), perm(Fault::NoRecord)),
        (TAGS, Answer::None, perm(Fault::NoRecord)),
        (TAGS, Answer::Failed, Verdict::TempError),
        (TAGS, records(&["v=DKIM1; k=ed25519; p="]), broken(RecordFault::Revoked)),
        (TAGS, records(&["v=spf1 -all"]), broken(RecordFault::Version)),
        (TAGS, records(&["v=DKIM1; k=ed25519"]), broken(RecordFault::NoKey)),
        (TAGS, records(&["v=DKIM1; p=MAA="]), broken(RecordFault::Key)),
        (TAGS, records(&[RSA_1024_RECORD]), perm(Fault::OtherKey(Algorithm::RsaSha256))),
        (TAGS, records(&[&of("h=sha1; ")]), perm(Fault::HashNotAllowed)),
        (TAGS, records(&[&of("h=sha1:sha256; ")]), Verdict::Pass),
        (TAGS, records(&[&of("s=other; ")]), perm(Fault::NotForEmail)),
        (TAGS, records(&[&of("s=other:email; ")]), Verdict::Pass),
        (TAGS, records(&[&of("t=s; ")]), Verdict::Pass),
        (&below, records(&[&of("")]), Verdict::Pass),
        (&below, records(&[&of("t=y:s; ")]), perm(Fault::NotForSubdomains)),
        // Of several the best counts, wherever it stands.
        (TAGS, records(&["v=spf1 -all", &good]), Verdict::Pass),
        (TAGS, records(&[&good, "v=DKIM1; p="]), Verdict::Pass),
        (TAGS, records(&["a=1", "v=DKIM1; p="]), broken(RecordFault::NoKey)),
        (TAGS, records(&["a=1", "a=1", "a=1", "a=1", &good]), broken(RecordFault::NoKey)),
        (
            TAGS,
            records(&["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]),
            Verdict::Fail(Failure::Signature),
        ),
    ] {
        assert_eq!(verdict(&signed(tags), |_| answer.clone()), wanted, "{answer:?}");
    }
    // Nobody answered.
    let message = signed(TAGS);
    let judged = Verifier::new(message.as_bytes(), NOW).unwrap().finish();
    assert_eq!(judged[0].verdict, Verdict::TempError);
}

#[test]
fn remarks_tell_what_a_verdict_does_not() {
    let several =
        |_: &str| records(&["a=1", &format!("t=y; {}", record(&key(RSA)).replace("v=DKIM1; ", ""))]);
    let judged = verify(signed(&TAGS.replace("ed25519", "rsa")).as_bytes(), NOW, several);
    assert_eq!(judged[0].verdict, Verdict::Pass);
    assert_eq!((judged[0].bits, judged[0].is_test), (Some(2048), true));
    assert_eq!(judged[0].remarks, [Remark::SeveralRecords { count: 2 }]);
    assert_eq!(judged[0].verdict.word(), "pass");
}

#[test]
fn a_part_of_the_body_may_be_signed() {
    // In its relaxed form the body has 25 octets.
    for (length, more, body, verdict) in [
        (25, 0, BODY.to_owned(), Verdict::Pass),
        (25, 8, format!("{BODY}more"), Verdict::Pass),
        (0, 25, BODY.to_owned(), Verdict::Pass),
        (6, 19, BODY.to_owned(), Verdict::Pass),
        (16, 10, BODY.replace("we won", "he lost"), Verdict::Pass),
        (26, 0, BODY.to_owned(), Verdict::Fail(Failure::BodyTooShort)),
        (6, 19, BODY.replace("Hello", "Hallo"), Verdict::Fail(Failure::Body)),
    ] {
        let tags = TAGS.replace("h={h}", &format!("h={{h}}; l={length}"));
        let message = format!("{}{HEADER}\r\n{body}", sign_with(&key(ED25519), &tags, HEADER, BODY));
        let judged = verify(message.as_bytes(), NOW, published);
        assert_eq!(judged[0].verdict, verdict, "{length} of {body:?}");
        assert_eq!(judged[0].remarks, [Remark::Length { signed: length, more }], "{length} of {body:?}");
    }
}

#[test]
fn each_signature_has_its_own_verdict() {
    let one = sign_with(&key(ED25519), TAGS, HEADER, BODY);
    let two = sign_with(
        &key(RSA),
        &TAGS.replace("ed25519", "rsa").replace("s=ed", "s=rsa").replace("relaxed", "simple"),
        HEADER,
        BODY,
    );
    let broken = "DKIM-Signature: v=1; d=Other.example; s=x\r\n";
    let message = format!("Received: x\r\n y\r\n{one}X-Y: z\r\n{broken}{two}{HEADER}\r\n{BODY}");
    let judged = verify(message.as_bytes(), NOW, published);
    let lines: Vec<usize> = judged.iter().map(|judgement| judgement.line).collect();
    assert_eq!(lines, [3, 6, 7]);
    assert_eq!(judged[0].verdict, Verdict::Pass);
    assert_eq!(judged[1].verdict, Verdict::PermError(Fault::Signature(SignatureFault::Missing("a"))));
    assert_eq!(judged[1].claims.domain.as_deref(), Some("other.example"));
    assert_eq!(judged[2].verdict, Verdict::Pass);
    // A signature may sign those that were there before it.
    let tags = TAGS.replace("{h}", "From:DKIM-Signature");
    let outer = sign_with(&key(ED25519), &tags, &format!("{two}{HEADER}"), BODY);
    let message = format!("{outer}{two}{HEADER}\r\n{BODY}");
    let judged = verify(message.as_bytes(), NOW, published);
    assert!(judged.iter().all(|judgement| judgement.verdict == Verdict::Pass), "{judged:?}");
}

#[test]
fn questions_are_asked_once_and_only_if_they_matter() {
    let one = sign_with(&key(ED25519), TAGS, HEADER, BODY);
    let old = sign_with(&key(ED25519), &TAGS.replace("s=ed", "s=old; x=5"), HEADER, BODY);
    let message = format!("{one}{old}{one}DKIM-Signature: x\r\n{HEADER}");
    let verifier = Verifier::new(message.as_bytes(), NOW).unwrap();
    assert_eq!(verifier.questions(), ["ed._domainkey.example.org"]);
    assert_eq!(verifier.left_out(), 0);
    let many = format!("{}{HEADER}", one.repeat(MOST_SIGNATURES + 3));
    let verifier = Verifier::new(many.as_bytes(), NOW).unwrap();
    assert_eq!((verifier.left_out(), verifier.finish().len()), (3, MOST_SIGNATURES));
    assert!(verify(format!("{HEADER}\r\n{BODY}").as_bytes(), NOW, published).is_empty());
    assert!(Verifier::new(&[b'a'; LONGEST + 1], NOW).is_err());
}
