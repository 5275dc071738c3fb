//! What a dialogue cannot say: replies that come before what they answer has gone out.

use super::*;
use crate::auth::{Channel, Login, Mechanism, Unproved};
use crate::command::EhloName;
use crate::session::{Protocol, Settings, StartTls, Step};

/// A log-in whose server always fails the test.
#[derive(Debug)]
struct Distrustful;

impl Login for Distrustful {
    fn choose(&mut self, _: &Terms<'_>) -> Result<Box<dyn Mechanism>, NoMechanism> {
        Ok(Box::new(Distrustful))
    }

    fn secret(&self) -> SecretOctets {
        SecretOctets::default()
    }
}

impl Mechanism for Distrustful {
    fn name(&self) -> &'static str {
        "SCRAM-SHA-256"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        None
    }

    fn respond(&mut self, _: &[u8]) -> Result<Answer, ExchangeError> {
        Err(ExchangeError::Unproved(Unproved::Signature))
    }

    fn is_complete(&self) -> bool {
        false
    }
}

/// A log-in by a token, which can be renewed.
#[derive(Debug)]
struct Token;

impl Login for Token {
    fn choose(&mut self, _: &Terms<'_>) -> Result<Box<dyn Mechanism>, NoMechanism> {
        Ok(Box::new(Token))
    }

    fn secret(&self) -> SecretOctets {
        SecretOctets::default()
    }

    fn has_token(&self) -> bool {
        true
    }

    fn renew(&mut self, _: &SecretOctets) -> bool {
        true
    }
}

impl Mechanism for Token {
    fn name(&self) -> &'static str {
        "XOAUTH2"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        Some(SecretOctets::new(b"token".to_vec()))
    }

    fn respond(&mut self, _: &[u8]) -> Result<Answer, ExchangeError> {
        Err(ExchangeError::Malformed)
    }

    fn is_complete(&self) -> bool {
        true
    }
}

/// What becomes of a session in which the server says each of these when it is waited for.
fn played(login: impl Login + 'static, said: &[&str]) -> Failure {
    let mut session = Session::new(Settings {
        protocol: Protocol::Smtp,
        ehlo_name: EhloName::parse("alpha.arpa").unwrap(),
        start_tls: StartTls::Never,
        channel: Channel::Verified,
        binding: None,
        xclient: None,
        login: Some(Box::new(login)),
        pipelining: true,
        chunking: true,
        helo: false,
        until: crate::expect::Stage::Message,
        force_8bit: false,
    });
    let mut said = said.iter();
    loop {
        match session.advance() {
            Ok(Step::Receive) => match said.next() {
                Some(text) => session.receive(text.as_bytes()),
                None => session.hung_up(),
            },
            Ok(Step::RenewToken) => {
                let token = SecretOctets::new(b"another".to_vec());
                session.token_renewed(Some(&token)).unwrap();
            }
            Ok(step) => assert!(!matches!(step, Step::Ready | Step::Closed), "{step:?}"),
            Err(failure) => return failure,
        }
    }
}

#[test]
fn whatever_comes_with_a_failed_test_the_test_has_failed() {
    for with_it in
        ["235 ok\r\n", "235 ok\r\n235 ok\r\n", "junk\r\n", "421 bye\r\n", "235-ok\r\n501 no\r\n", ""]
    {
        let failed = format!("334 \r\n{with_it}");
        let failure = played(Distrustful, &["220 beta\r\n", "250-beta\r\n250 AUTH X\r\n", &failed]);
        assert_eq!(failure, Failure::Unproved(Unproved::Signature), "{with_it:?}");
    }
}

#[test]
fn whatever_comes_behind_the_refusal_of_a_token_it_was_refused() {
    let refusal = Reply::new(535, "5.7.8 no");
    let hello = ["220 beta\r\n", "250-beta\r\n250 AUTH X\r\n"];
    let played = |said: &[&str]| match played(Token, &[&hello, said].concat()) {
        Failure::LogIn { reply, .. } => reply,
        failure => panic!("{failure:?} behind {said:?}"),
    };
    for behind in
        ["421 bye\r\n", "535 5.7.8 no\r\n", "junk\r\n", "454 later\r\n", "334 \r\n", "235 ok\r\n", "535-"]
    {
        assert_eq!(played(&[&format!("535 5.7.8 no\r\n{behind}")]), refusal, "{behind:?} in the same write");
    }
    for behind in ["421 bye\r\n", "junk\r\n", "535-", ""] {
        assert_eq!(played(&["535 5.7.8 no\r\n", behind]), refusal, "{behind:?} in place of the next answer");
    }
    assert_eq!(played(&["535 5.7.8 no\r\n", "454 later\r\n"]), refusal, "no verdict on the other token");
    assert_eq!(played(&["535 5.7.8 no\r\n", "535 nor this\r\n"]), Reply::new(535, "nor this"));
}
