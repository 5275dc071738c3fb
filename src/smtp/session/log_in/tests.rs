//! What a dialogue cannot say: replies that come before what they answer has gone out.

use super::*;
use crate::smtp::auth::{Channel, Login, Unproved};
use crate::smtp::command::EhloName;
use crate::smtp::session::{Protocol, Settings, StartTls, Step};

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

    fn respond(&mut self, _: &[u8]) -> Result<Answer, Trouble> {
        Err(Trouble::Unproved(Unproved::Signature))
    }

    fn is_complete(&self) -> bool {
        false
    }
}

/// What becomes of a session in which the server says each of these when it is waited for.
fn played(said: &[&str]) -> Failure {
    let mut session = Session::new(Settings {
        protocol: Protocol::Smtp,
        ehlo_name: EhloName::parse("alpha.arpa").unwrap(),
        start_tls: StartTls::Never,
        channel: Channel::Verified,
        binding: None,
        xclient: None,
        login: Some(Box::new(Distrustful)),
        pipelining: true,
        chunking: true,
        helo: false,
        until: crate::smtp::expect::Stage::Message,
        force_8bit: false,
    });
    let mut said = said.iter();
    loop {
        match session.advance() {
            Ok(Step::Receive) => match said.next() {
                Some(text) => session.receive(text.as_bytes()),
                None => session.hung_up(),
            },
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
        let failure = played(&["220 beta\r\n", "250-beta\r\n250 AUTH X\r\n", &format!("334 \r\n{with_it}")]);
        assert_eq!(failure, Failure::Unproved(Unproved::Signature), "{with_it:?}");
    }
}
