use super::super::tests::said;
use super::*;

/// Answers, and computes until there is an answer.
fn answer<S: Suite>(scram: &mut Scram<S>, challenge: &str) -> Result<String, ExchangeError> {
    let mut answer = scram.respond(challenge.as_bytes())?;
    while matches!(answer, Answer::Working) {
        answer = scram.work();
    }
    Ok(String::from_utf8(said(Ok(answer))).unwrap())
}

fn initial<S: Suite>(scram: &mut Scram<S>) -> String {
    String::from_utf8(scram.initial().unwrap().to_vec()).unwrap()
}

/// RFC 5802, section 5.
fn of_5802(binding: Binding<'_>) -> Scram<WithSha1> {
    Scram::new("user", "pencil", None, "fyko+d2lbbFgONRv9qkxdawL", binding)
}
const FIRST: &str = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";

#[test]
fn the_exchange_of_rfc_5802() {
    let mut scram = of_5802(Binding::None);
    assert_eq!(initial(&mut scram), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assert_eq!(
        answer(&mut scram, FIRST).unwrap(),
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    );
    assert!(!scram.is_complete());
    assert_eq!(answer(&mut scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").unwrap(), "");
    assert!(scram.is_complete());
    assert_eq!(answer(&mut scram, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").unwrap_err(), ExchangeError::Malformed);
}

/// RFC 7677, section 3.
#[test]
fn the_exchange_of_rfc_7677() {
    let mut scram = Scram::<WithSha256>::new("user", "pencil", None, "rOprNGfwEbeRWgbNEkqO", Binding::None);
    assert_eq!(initial(&mut scram), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    let first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    assert_eq!(
        answer(&mut scram, first).unwrap(),
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    assert_eq!(answer(&mut scram, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").unwrap(), "");
    assert!(scram.is_complete());
}

#[test]
fn what_the_log_in_is_bound_to_is_said_first_and_signed_later() {
    let exporter = ChannelBinding::Exporter(b"exported".to_vec());
    let end_point = ChannelBinding::EndPoint(b"\x00\xff".to_vec());
    for (binding, header, data, name) in [
        (Binding::None, "n,,", &b""[..], "SCRAM-SHA-1"),
        (Binding::NotOffered, "y,,", b"", "SCRAM-SHA-1"),
        (Binding::To(&exporter), "p=tls-exporter,,", b"exported", "SCRAM-SHA-1-PLUS"),
        (Binding::To(&end_point), "p=tls-server-end-point,,", b"\x00\xff", "SCRAM-SHA-1-PLUS"),
    ] {
        let mut scram = of_5802(binding);
        assert_eq!(scram.name(), name);
        assert!(initial(&mut scram).starts_with(&format!("{header}n=user,")));
        let encoded = encodify::base64::STANDARD.encode([header.as_bytes(), data].concat());
        let response = answer(&mut scram, FIRST).unwrap();
        assert!(response.starts_with(&format!("c={encoded},r=")), "{response}");
    }
}

#[test]
fn a_name_may_hold_anything() {
    let mut scram = Scram::<WithSha1>::new("a=b,c", "x", Some("d,e"), "nonce", Binding::None);
    assert_eq!(initial(&mut scram), "n,a=d=2Ce,n=a=3Db=2Cc,r=nonce");
}

#[test]
fn what_a_server_may_not_say() {
    let first = |challenge: &str| answer(&mut of_5802(Binding::None), challenge).unwrap_err();
    let unproved = ExchangeError::Unproved;
    let ours = "fyko+d2lbbFgONRv9qkxdawL";
    // Not our nonce, nothing behind it, or what is no nonce.
    for nonce in ["", "3rfc", "fyko+d2lbbFgONRv9qkxdaw", ours, &format!("{ours}\u{e9}"), &format!("{ours} x")]
    {
        assert_eq!(
            first(&format!("r={nonce},s=QSXCR+Q6sek8bf92,i=4096")),
            unproved(Unproved::Nonce),
            "{nonce}"
        );
    }
    for (count, trouble) in [
        ("0", unproved(Unproved::TooFew(0))),
        ("4095", unproved(Unproved::TooFew(4095))),
        ("10000001", unproved(Unproved::TooMany)),
        ("99999999999999999999999", unproved(Unproved::TooMany)),
        ("", ExchangeError::Malformed),
        ("-4096", ExchangeError::Malformed),
        ("+4096", ExchangeError::Malformed),
    ] {
        assert_eq!(first(&format!("r={ours}x,s=QSXCR+Q6sek8bf92,i={count}")), trouble, "{count}");
    }
    for malformed in [
        "x",
        "r=fyko+d2lbbFgONRv9qkxdawLx",
        "r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92",
        "r=fyko+d2lbbFgONRv9qkxdawLx,i=4096",
        "s=QSXCR+Q6sek8bf92,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawLx,s=,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawLx,s=?,i=4096",
        "s=QSXCR+Q6sek8bf92,r=fyko+d2lbbFgONRv9qkxdawLx,i=4096",
        "m=new,r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4096",
        "R=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=4096",
    ] {
        assert_eq!(first(malformed), ExchangeError::Malformed, "{malformed}");
    }
    assert_eq!(of_5802(Binding::None).respond(b"\xff").unwrap_err(), ExchangeError::Malformed);
}

#[test]
fn the_most_and_an_extension_that_may_be_left_alone() {
    let mut scram = of_5802(Binding::None);
    let most = "r=fyko+d2lbbFgONRv9qkxdawLx,s=QSXCR+Q6sek8bf92,i=10000000,x=new";
    assert!(matches!(scram.respond(most.as_bytes()), Ok(Answer::Working)));
    assert!(matches!(scram.work(), Answer::Working), "it is computed in slices");
}

#[test]
fn nothing_but_the_right_signature_proves_anything() {
    let proof_sent = || {
        let mut scram = of_5802(Binding::None);
        answer(&mut scram, FIRST).unwrap();
        scram
    };
    for (challenge, trouble) in [
        ("v=rmF9pqV8S7suAoZWja4dJRkFsKU=", ExchangeError::Unproved(Unproved::Signature)),
        ("v=", ExchangeError::Unproved(Unproved::Signature)),
        ("v=rmF9pqV8S7suAoZWja4=", ExchangeError::Unproved(Unproved::Signature)),
        ("v=?", ExchangeError::Malformed),
        ("", ExchangeError::Malformed),
        (FIRST, ExchangeError::Malformed),
    ] {
        let mut scram = proof_sent();
        assert_eq!(answer(&mut scram, challenge).unwrap_err(), trouble, "{challenge}");
        assert!(!scram.is_complete());
    }
    let mut scram = proof_sent();
    assert_eq!(answer(&mut scram, "e=invalid-proof").unwrap(), "");
    assert_eq!(scram.reason(), Some(&b"invalid-proof"[..]));
    assert!(!scram.is_complete());
}

#[test]
fn a_signature_on_the_235_is_as_good_as_one_before_it() {
    let missing = Err(ExchangeError::Unproved(Unproved::Missing));
    let mut scram = of_5802(Binding::None);
    assert_eq!(scram.late(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), missing);
    answer(&mut scram, FIRST).unwrap();
    assert_eq!(scram.late(b""), missing);
    assert_eq!(scram.late(b"v=AAAA"), Err(ExchangeError::Unproved(Unproved::Signature)));
    assert_eq!(scram.late(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Ok(()));
}

#[test]
fn nothing_of_it_is_printed() {
    let scram = of_5802(Binding::None);
    assert_eq!(format!("{scram:?}"), "Scram(SCRAM-SHA-1)");
}
