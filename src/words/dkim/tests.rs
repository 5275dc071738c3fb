use super::*;
use crate::dkim::{NameFault, OtherKind, TagFault};

#[test]
fn what_to_do_about_a_key_stands_behind_what_is_wrong_with_it() {
    for (fault, said) in [
        (KeyFault::NoKey, "no private key; make one with openssl genpkey"),
        (KeyFault::Encrypted, "the key is encrypted: decrypt it into a file"),
        (KeyFault::Public, "a public key; the private key is needed"),
        (KeyFault::Certificate, "a certificate; the private key is needed"),
        (KeyFault::OpenSsh, "a key in OpenSSH's own form: make one for DKIM with"),
        (KeyFault::Other(OtherKind::Ec), "a key of the kind EC: DKIM takes RSA and Ed25519; make one with"),
        (
            KeyFault::TooShort { bits: 1024 },
            "an RSA key of 1024 bits, which is fewer than 2048: make another",
        ),
        (KeyFault::Malformed, "not a key that can be read: copy it anew"),
        (KeyFault::Unfit { reason: "X".to_owned() }, "not a key that can be used: X: copy it anew"),
    ] {
        assert!(key(&fault).starts_with(said), "{}", key(&fault));
    }
    let domain = SignError::Domain(NameFault::OneLabel);
    assert_eq!(sign(&domain), "the signing domain: a domain of one label: give one such as example.org");
}

#[test]
fn a_verdict_has_a_reason_unless_it_passes() {
    let perm = Verdict::PermError;
    let fault = |fault| perm(Fault::Signature(fault));
    let none = DnsError::NoSuchName;
    for (given, lookup, said) in [
        (perm(Fault::NoRecord), None, "there is no key record"),
        (perm(Fault::NoRecord), Some(&none), "there is no key record: the name does not exist in the DNS"),
        (Verdict::TempError, None, "the key could not be looked up"),
        (
            fault(SignatureFault::Tags(TagFault::Twice("b".to_owned()))),
            None,
            "the signature is not a list of tags: the tag b= is there twice",
        ),
        (
            fault(SignatureFault::Algorithm("rsa-md5".to_owned())),
            None,
            "the algorithm is not known: 'rsa-md5'",
        ),
        (perm(Fault::Record(RecordFault::Revoked)), None, "the key was revoked: its p= is empty"),
    ] {
        assert_eq!(verdict(&given, lookup).as_deref(), Some(said));
    }
    assert_eq!(verdict(&Verdict::Pass, None), None);
}
