//! Which resolvers are asked, in which order, for how long, and whether their word counts that an answer was validated.

use super::ask::{Rules, ask_all};
use super::error::DnsError;
use super::message::Wanted;
use super::record::{Answer, Kind, Question};
use super::resolv_conf::ResolvConf;
use crate::net::Deadline;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Whether a resolver is believed that it has validated an answer (RFC 4035, section 4.9.3): whoever sits between us and
/// it could say so too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// If it is on this host, or resolv.conf has `options trust-ad`.
    #[default]
    Auto,
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Asks resolvers.
#[derive(Debug, Clone)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    timeout: Duration,
    attempts: u32,
    trust: Trust,
    /// What resolv.conf says of it.
    trusts_ad: bool,
    /// The place of the one that answered last: it is asked first, so that a silent one costs its time once.
    answers: Arc<AtomicUsize>,
}

impl Resolver {
    /// Asks these, in turn.
    #[must_use]
    pub fn of(servers: Vec<SocketAddr>) -> Resolver {
        Resolver { servers, ..Resolver::by(ResolvConf::read("")) }
    }

    /// Asks those of /etc/resolv.conf.
    #[must_use]
    pub fn of_system() -> Resolver {
        let text = std::fs::read("/etc/resolv.conf").unwrap_or_default();
        Resolver::by(ResolvConf::read(&String::from_utf8_lossy(&text)))
    }

    fn by(conf: ResolvConf) -> Resolver {
        let ResolvConf { servers, timeout, attempts, trust_ad } = conf;
        let answers = Arc::default();
        Resolver { servers, timeout, attempts, trust: Trust::Auto, trusts_ad: trust_ad, answers }
    }

    /// The same, believed like this.
    #[must_use]
    pub fn trusted(self, trust: Trust) -> Resolver {
        Resolver { trust, ..self }
    }

    /// Who is asked, in turn.
    #[must_use]
    pub fn servers(&self) -> &[SocketAddr] {
        &self.servers
    }

    /// Whether this one is believed that it has validated an answer.
    #[must_use]
    pub fn is_trusted(&self, server: SocketAddr) -> bool {
        match self.trust {
            Trust::Yes => true,
            Trust::No => false,
            Trust::Auto => self.trusts_ad || server.ip().to_canonical().is_loopback(),
        }
    }

    /// Asks all questions at once, and returns what came of each, in their order.
    ///
    /// # Errors
    /// [`DnsError`], for each. A name without such records is no error.
    #[must_use]
    pub fn ask(&self, questions: &[Question], until: Deadline) -> Vec<Result<Answer, DnsError>> {
        let first = self.answers.load(Ordering::Relaxed);
        let rules =
            Rules { servers: &self.servers, first, attempts: self.attempts, timeout: self.timeout, until };
        let wanted: Vec<Option<Wanted>> = questions.iter().map(Wanted::of).collect();
        let asked: Vec<Wanted> = wanted.iter().flatten().cloned().collect();
        let came = ask_all(&asked, rules);
        if let Some((server, _)) = came.iter().flatten().next()
            && let Some(place) = self.servers.iter().position(|known| known == server)
        {
            self.answers.store(place, Ordering::Relaxed);
        }
        let mut came = came.into_iter();
        let mut next = || {
            let (server, answer) = came.next().unwrap_or(Err(DnsError::NoResolver))?;
            Ok(Answer { secure: answer.secure && self.is_trusted(server), ..answer })
        };
        wanted.iter().map(|wanted| wanted.as_ref().map_or(Err(DnsError::Name), |_| next())).collect()
    }

    /// Asks one question.
    ///
    /// # Errors
    /// [`DnsError`].
    pub fn ask_one(&self, question: Question, until: Deadline) -> Result<Answer, DnsError> {
        self.ask(&[question], until).pop().unwrap_or(Err(DnsError::NoResolver))
    }

    /// The TXT records of a name in A-labels; each is one text, whose strings are joined.
    ///
    /// # Errors
    /// [`DnsError`]; [`DnsError::NoRecord`] if there are none.
    pub fn texts(&self, name: &str, until: Deadline) -> Result<Vec<Vec<u8>>, DnsError> {
        let answer = self.ask_one(Question::new(name, Kind::Txt), until)?;
        let texts: Vec<Vec<u8>> = answer.texts().map(<[u8]>::to_vec).collect();
        if texts.is_empty() { Err(DnsError::NoRecord) } else { Ok(texts) }
    }
}
