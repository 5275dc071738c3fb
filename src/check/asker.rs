//! Questions to the DNS, and what a failure is: broken, or bogus. A resolver that validates answers code 2 to both. Bogus is a
//! name whose records come without validation (CD; RFC 4035, section 3.2.2), and that fails again with it.

use crate::dmarc;
use crate::dns::{Answer, Data, DnsError, Kind, Question, Resolver};
use crate::net::Deadline;
use crate::spf;
use std::cell::RefCell;
use std::net::IpAddr;
use std::sync::Arc;

/// The code of a resolver that has failed (RFC 1035, section 4.1.1).
const FAILURE: u16 = 2;

/// Asks a resolver for as long as there is time.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// Who is asked.
    pub resolver: &'a Resolver,
    /// When it must be over.
    pub until: Deadline,
}

/// A look-up that failed.
#[derive(Debug, Clone)]
pub struct Failed {
    /// What was asked for.
    pub name: String,
    /// Which records of it.
    pub kind: Kind,
    /// Why there is no answer.
    pub error: Arc<DnsError>,
    /// The records are there, and are not signed as the domain above says: whoever validates never sees them.
    pub is_bogus: bool,
    /// The time for the whole run was over: nobody else is to blame.
    pub is_late: bool,
}

impl Asker<'_> {
    /// What there is of a name; no record, if it does not exist.
    ///
    /// # Errors
    /// [`Failed`]: nobody knows.
    pub fn ask(&self, name: &str, kind: Kind) -> Result<Answer, Failed> {
        let answer = self.resolver.ask_one(Question::new(name, kind), self.until);
        self.judged(name, kind, answer)
    }

    /// The same for many, all at once.
    pub fn ask_all(&self, questions: &[(String, Kind)]) -> Vec<Result<Answer, Failed>> {
        let asked: Vec<Question> =
            questions.iter().map(|(name, kind)| Question::new(name.as_str(), *kind)).collect();
        let answers = self.resolver.ask(&asked, self.until);
        questions.iter().zip(answers).map(|((name, kind), came)| self.judged(name, *kind, came)).collect()
    }

    fn judged(&self, name: &str, kind: Kind, answer: Result<Answer, DnsError>) -> Result<Answer, Failed> {
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) if error.is_certain() => Ok(Answer::default()),
            Err(error) => Err(self.failed(name, kind, error)),
        }
    }

    /// What a failure is.
    #[must_use]
    pub fn failed(&self, name: &str, kind: Kind, error: DnsError) -> Failed {
        let is_bogus = matches!(error, DnsError::Code(server, FAILURE) if self.resolver.is_trusted(server))
            && self.is_answered(Question { unchecked: true, ..Question::new(name, kind) })
            // A server that failed for a moment answers now whoever asks.
            && !self.is_answered(Question::new(name, kind));
        Failed {
            name: name.to_owned(),
            kind,
            error: Arc::new(error),
            is_bogus,
            is_late: self.until.is_over(),
        }
    }

    fn is_answered(&self, question: Question) -> bool {
        match self.resolver.ask_one(question, self.until) {
            Ok(_) => true,
            Err(error) => error.is_certain(),
        }
    }

    /// The addresses of a name.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn addresses(&self, name: &str, is_v6: bool) -> Result<Vec<IpAddr>, Failed> {
        Ok(self.ask(name, if is_v6 { Kind::Aaaa } else { Kind::A })?.addresses().collect())
    }

    /// The texts of a name.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn texts(&self, name: &str) -> Result<Vec<Vec<u8>>, Failed> {
        Ok(self.ask(name, Kind::Txt)?.texts().map(<[u8]>::to_vec).collect())
    }

    /// The names of an address.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn names(&self, ip: IpAddr) -> Result<Vec<String>, Failed> {
        let answer = self.ask(&spf::reverse_name(ip), Kind::Ptr)?;
        Ok(answer.records.into_iter().filter_map(name).collect())
    }
}

fn name(data: Data) -> Option<String> {
    match data {
        Data::Name(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    }
}

/// The same for SPF and DMARC, which only want to know that something failed; what, is kept here.
#[derive(Debug)]
pub struct Looker<'a> {
    asker: Asker<'a>,
    failed: RefCell<Vec<Failed>>,
}

impl<'a> Looker<'a> {
    /// Asks by this one.
    #[must_use]
    pub fn new(asker: Asker<'a>) -> Looker<'a> {
        Looker { asker, failed: RefCell::default() }
    }

    /// What failed, each once.
    #[must_use]
    pub fn into_failed(self) -> Vec<Failed> {
        self.failed.into_inner()
    }

    fn keep<T>(&self, came: Result<T, Failed>) -> Result<T, spf::Unknown> {
        came.map_err(|failed| {
            let mut all = self.failed.borrow_mut();
            if !all.iter().any(|known| known.name == failed.name && known.kind == failed.kind) {
                all.push(failed);
            }
            spf::Unknown
        })
    }

    /// What is found by walking up from a domain.
    pub fn walk(&self, domain: &str) -> dmarc::Found {
        dmarc::walk(domain, &mut |name| {
            self.keep(self.asker.texts(name)).map_err(|spf::Unknown| dmarc::Unknown)
        })
    }
}

impl spf::LookUp for Looker<'_> {
    fn texts(&mut self, name: &str) -> Result<Vec<Vec<u8>>, spf::Unknown> {
        self.keep(self.asker.texts(name))
    }

    fn addresses(&mut self, name: &str, is_v6: bool) -> Result<Vec<IpAddr>, spf::Unknown> {
        self.keep(self.asker.addresses(name, is_v6))
    }

    fn exchangers(&mut self, name: &str) -> Result<Vec<String>, spf::Unknown> {
        let host = |data| match data {
            Data::Mx { host, .. } => Some(host),
            _ => None,
        };
        let answer = self.keep(self.asker.ask(name, Kind::Mx))?;
        Ok(answer.records.into_iter().filter_map(host).collect())
    }

    fn names(&mut self, ip: IpAddr) -> Result<Vec<String>, spf::Unknown> {
        self.keep(self.asker.names(ip))
    }
}
