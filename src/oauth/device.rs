//! Waiting until somebody has typed the code of a device (RFC 8628, sections 3.4 and 3.5): when to ask again, and when to
//! stop. There is no clock in here.

use super::answer::Token;
use super::error::OauthError;
use std::time::Duration;

/// What `slow_down` adds to each pause.
const SLOWER: Duration = Duration::from_secs(5);
/// The longest pause: a provider cannot make us wait longer for the answer than the code is good.
const LONGEST: Duration = Duration::from_secs(120);

/// How often a provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polling {
    interval: Duration,
}

/// What is to be done after an answer.
#[derive(Debug)]
pub enum Next {
    /// Ask again, after the pause.
    Wait,
    /// There is a token.
    Done(Token),
    /// There will be none.
    Over(OauthError),
}

impl Polling {
    /// With this pause at first.
    #[must_use]
    pub fn new(interval: Duration) -> Polling {
        Polling { interval }
    }

    /// The pause before the next question.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.interval
    }

    /// What an answer means.
    pub fn next(&mut self, said: Result<Token, OauthError>) -> Next {
        match said {
            Ok(token) => Next::Done(token),
            Err(OauthError::Refused(request, refusal)) => match refusal.code.as_str() {
                "authorization_pending" => Next::Wait,
                "slow_down" => {
                    self.interval = (self.interval + SLOWER).min(LONGEST);
                    Next::Wait
                }
                "expired_token" => Next::Over(OauthError::Expired),
                _ => Next::Over(OauthError::Refused(request, refusal)),
            },
            // Section 3.5: a provider that cannot be reached is asked less often.
            Err(error) if error.is_temporary() => {
                self.interval = (self.interval * 2).min(LONGEST);
                Next::Wait
            }
            Err(error) => Next::Over(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::https::HttpsError;
    use crate::net::Error as NetError;
    use crate::oauth::error::{Refusal, Request};

    fn refused(code: &str) -> Result<Token, OauthError> {
        let refusal = Refusal { code: code.to_owned(), description: String::new() };
        Err(OauthError::Refused(Request::Token, refusal))
    }

    #[test]
    fn the_pause_grows_as_the_rfc_has_it_and_the_end_is_the_end() {
        let mut polling = Polling::new(Duration::from_secs(5));
        let mut pauses = Vec::new();
        let lost = || Err(OauthError::Https(Request::Token, HttpsError::Network(NetError::Timeout)));
        let unavailable = || Err(OauthError::Status(Request::Token, 503));
        let pending = || refused("authorization_pending");
        for said in [pending(), refused("slow_down"), pending(), lost(), unavailable(), refused("slow_down")]
        {
            assert!(matches!(polling.next(said), Next::Wait));
            pauses.push(polling.pause().as_secs());
        }
        assert_eq!(pauses, [5, 10, 10, 20, 40, 45]);
        for _ in 0..100 {
            assert!(matches!(polling.next(refused("slow_down")), Next::Wait));
        }
        assert_eq!(polling.pause(), LONGEST);
        assert!(matches!(polling.next(refused("expired_token")), Next::Over(OauthError::Expired)));
        assert!(matches!(polling.next(refused("access_denied")), Next::Over(OauthError::Refused(..))));
        assert!(matches!(polling.next(Err(OauthError::NotBearer)), Next::Over(OauthError::NotBearer)));
        let garbled = Err(OauthError::Garbled(Request::Token));
        assert!(matches!(polling.next(garbled), Next::Over(OauthError::Garbled(_))));
        let lost = Err(OauthError::Https(Request::Token, HttpsError::NotHttp));
        assert!(matches!(polling.next(lost), Next::Over(OauthError::Https(..))));
    }
}
