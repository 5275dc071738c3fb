use super::super::Nonce;
use super::*;
use ehlo_smtp::auth::ChannelBinding;

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn smith(means: Means, mechanisms: &[&str]) -> Credentials {
    Credentials {
        user: "smith".to_owned(),
        identity: None,
        means,
        mechanisms: owned(mechanisms),
        allow_clear: false,
        allow_unverified: false,
        server: ("beta.arpa".to_owned(), 587),
        nonce: Nonce::Random,
    }
}

fn password() -> Means {
    Means::Password(Secret::new("secret".to_owned()))
}

fn token() -> Means {
    Means::Token(Secret::new("token".to_owned()))
}

fn choose(login: &mut Credentials, offered: &[&str], terms: Terms<'_>) -> Result<&'static str, NoMechanism> {
    let offered = owned(offered);
    login.choose(&Terms { offered: &offered, ..terms }).map(|mechanism| mechanism.name())
}

fn over(channel: Channel) -> Terms<'static> {
    Terms { offered: &[], channel, binding: None, tried: &[] }
}

const VERIFIED: Channel = Channel::Verified;
const ALL: [&str; 10] = KNOWN;

#[test]
fn the_strongest_that_is_offered_and_usable_is_chosen() {
    let binding = ChannelBinding::Exporter(b"x".to_vec());
    let bound = Terms { binding: Some(&binding), ..over(VERIFIED) };
    assert_eq!(choose(&mut smith(password(), &[]), &ALL, bound), Ok("SCRAM-SHA-256-PLUS"));
    assert_eq!(choose(&mut smith(password(), &[]), &ALL, over(VERIFIED)), Ok("SCRAM-SHA-256"));
    assert_eq!(choose(&mut smith(token(), &[]), &ALL, over(VERIFIED)), Ok("OAUTHBEARER"));
    for (at, name) in ["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"].iter().enumerate() {
        assert_eq!(choose(&mut smith(password(), &[]), &ALL[at + 2..], over(VERIFIED)), Ok(*name));
    }
    assert_eq!(choose(&mut smith(token(), &[]), &["PLAIN", "XOAUTH2"], over(VERIFIED)), Ok("XOAUTH2"));
}

#[test]
fn the_users_word_counts() {
    assert_eq!(choose(&mut smith(password(), &["LOGIN", "PLAIN"]), &ALL, over(VERIFIED)), Ok("LOGIN"));
    let why = NoMechanism::NotWanted { offered: owned(&["PLAIN"]) };
    assert_eq!(choose(&mut smith(password(), &["LOGIN"]), &["PLAIN"], over(VERIFIED)), Err(why));
    let lacking = |mechanism, lack| Err(NoMechanism::Lacking { mechanism, lack });
    assert_eq!(
        choose(&mut smith(password(), &["SCRAM-SHA-1-PLUS"]), &ALL, over(VERIFIED)),
        lacking("SCRAM-SHA-1-PLUS", Lack::Binding)
    );
    assert_eq!(
        choose(&mut smith(token(), &[]), &["PLAIN"], over(VERIFIED)),
        lacking("PLAIN", Lack::Password)
    );
    assert_eq!(
        choose(&mut smith(password(), &[]), &["XOAUTH2"], over(VERIFIED)),
        lacking("XOAUTH2", Lack::Token)
    );
}

#[test]
fn external_is_used_when_it_is_asked_for() {
    let offered = ["EXTERNAL", "PLAIN"];
    assert_eq!(choose(&mut smith(password(), &[]), &offered, over(VERIFIED)), Ok("PLAIN"));
    assert_eq!(choose(&mut smith(password(), &["EXTERNAL"]), &offered, over(VERIFIED)), Ok("EXTERNAL"));
    let why = NoMechanism::Lacking { mechanism: "EXTERNAL", lack: Lack::Request };
    assert_eq!(choose(&mut smith(Means::Outside, &[]), &["EXTERNAL"], over(VERIFIED)), Err(why));
}

#[test]
fn an_identity_goes_only_where_there_is_a_place_for_it() {
    let acting = |means| Credentials { identity: Some("jones".to_owned()), ..smith(means, &[]) };
    for (means, offered, chosen) in [
        (password(), &["CRAM-MD5", "LOGIN", "PLAIN"][..], Some("PLAIN")),
        (password(), &["CRAM-MD5", "LOGIN"], None),
        (token(), &["XOAUTH2"], None),
        (token(), &["XOAUTH2", "OAUTHBEARER"], Some("OAUTHBEARER")),
    ] {
        let choice = choose(&mut acting(means), offered, over(VERIFIED));
        match chosen {
            Some(name) => assert_eq!(choice, Ok(name)),
            None => assert!(
                matches!(choice, Err(NoMechanism::Lacking { lack: Lack::Identity, .. })),
                "{choice:?}"
            ),
        }
    }
}

#[test]
fn nothing_is_risked_unasked() {
    for name in ALL {
        let mut login = smith(if takes(name, &token()) { token() } else { password() }, &[name]);
        assert_eq!(choose(&mut login, &[name], over(Channel::Clear)), Err(NoMechanism::Clear));
        assert_eq!(choose(&mut login, &[name], over(Channel::Unverified)), Err(NoMechanism::Unverified));
    }
    assert_eq!(choose(&mut smith(password(), &[]), &["LOGIN"], over(Channel::Local)), Ok("LOGIN"));
    assert_eq!(
        choose(&mut smith(password(), &[]), &[], over(VERIFIED)),
        Err(NoMechanism::NotOffered { encrypted: true })
    );
    let offered = owned(&["GSSAPI"]);
    let why = Err(NoMechanism::NoneUsable { offered });
    assert_eq!(choose(&mut smith(password(), &[]), &["GSSAPI"], over(VERIFIED)), why);
}

#[test]
fn after_a_refusal_nothing_that_reveals_more_goes_to_whom_nobody_knows() {
    let mut daring = Credentials { allow_clear: true, allow_unverified: true, ..smith(password(), &[]) };
    let offered = ["PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"];
    for channel in [Channel::Clear, Channel::Unverified] {
        let after = |tried| Terms { tried, ..over(channel) };
        assert_eq!(choose(&mut daring, &offered, after(&["SCRAM-SHA-256"])), Ok("SCRAM-SHA-1"));
        let both = &["SCRAM-SHA-256", "SCRAM-SHA-1"];
        assert_eq!(choose(&mut daring, &offered, after(both)), Err(NoMechanism::Exhausted));
        assert_eq!(choose(&mut daring, &["PLAIN", "LOGIN"], after(&["PLAIN"])), Ok("LOGIN"));
    }
    let both = Terms { tried: &["SCRAM-SHA-256", "SCRAM-SHA-1"], ..over(VERIFIED) };
    assert_eq!(choose(&mut daring, &offered, both), Ok("CRAM-MD5"));
}

#[test]
fn the_flag_of_channel_binding_is_as_rfc_5802_section_6_has_it() {
    let flag = |mechanisms: &[&str], offered: &[&str], binding: Option<&ChannelBinding>| {
        let offered = owned(offered);
        let terms = Terms { offered: &offered, binding, ..over(VERIFIED) };
        let mut mechanism = smith(password(), mechanisms).choose(&terms).unwrap();
        let initial = mechanism.initial().unwrap().to_vec();
        String::from_utf8(initial).unwrap().split(',').next().unwrap().to_owned()
    };
    let binding = Some(&ChannelBinding::EndPoint(vec![1]));
    assert_eq!(flag(&[], &["SCRAM-SHA-1"], None), "n");
    assert_eq!(flag(&[], &["SCRAM-SHA-1"], binding), "y");
    assert_eq!(flag(&[], &["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"], binding), "p=tls-server-end-point");
    assert_eq!(flag(&[], &["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"], None), "n");
    assert_eq!(flag(&["SCRAM-SHA-1"], &["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"], binding), "n");
}

#[test]
fn name_and_password_are_prepared() {
    let login = |user: &str, password: &str| Credentials {
        user: user.to_owned(),
        nonce: Nonce::Fixed("nonce".to_owned()),
        ..smith(Means::Password(Secret::new(password.to_owned())), &["SCRAM-SHA-256"])
    };
    let offered = owned(&["SCRAM-SHA-256"]);
    let terms = Terms { offered: &offered, ..over(VERIFIED) };
    // RFC 4013, section 3: a soft hyphen is nothing, a Roman nine is I and X, a control character is
    // forbidden.
    for (user, initial) in [("I\u{ad}X", "n,,n=IX,r=nonce"), ("\u{2168}", "n,,n=IX,r=nonce")] {
        let mut mechanism = login(user, "x").choose(&terms).unwrap();
        assert_eq!(mechanism.initial().unwrap().as_slice(), initial.as_bytes());
    }
    for (user, password) in [("\u{7}", "x"), ("x", "\u{7}"), ("x", "\u{ad}"), ("\u{627}1", "x")] {
        let why = login(user, password).choose(&terms).unwrap_err();
        assert_eq!(why, NoMechanism::Lacking { mechanism: "SCRAM-SHA-256", lack: Lack::Prepared });
    }
}

#[test]
fn a_token_is_renewed_by_another_only() {
    let mut login = smith(token(), &[]);
    let octets = |text: &str| SecretOctets::new(text.as_bytes().to_vec());
    assert!(login.has_token());
    assert!(!login.renew(&octets("token")));
    assert!(!login.renew(&octets("")));
    assert!(login.renew(&octets("other")));
    assert_eq!(login.secret().as_slice(), b"other");
    assert!(!smith(password(), &[]).renew(&octets("other")));
}
