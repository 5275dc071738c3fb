//! Questions to resolvers: over UDP, all at once, and over TCP where an answer does not fit (RFC 1035, section 4.2; RFC
//! 7766).
//!
//! Whoever wants to forge an answer has to guess two random numbers, the port and the id, and to come before the resolver
//! (RFC 5452). A datagram that does not answer the question is thrown away, and waiting goes on.
//!
//! ```text
//!   Asked { turn: 0 } --silence, an error--> the next resolver --> … --> the last error
//!                     --EDNS is not known--> the same, without EDNS
//!                     --cut----------------> the same, over TCP
//!                     --an answer----------> done
//! ```

use super::error::DnsError;
use super::message::{Verdict, Wanted, judge, question};
use super::record::Answer;
use crate::net::{Deadline, Error as NetError, connect_to, wait_readable_of};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::ops::ControlFlow;
use std::os::fd::AsFd;
use std::time::Duration;

/// The code of a resolver that does not understand the question (RFC 1035, section 4.1.1): it may not know EDNS.
const FORMAT: u16 = 1;
/// The same from one that says so in another way.
const NOT_IMPLEMENTED: u16 = 4;
/// The same from one that knows another version of EDNS (RFC 6891, section 6.1.3).
const BAD_VERSION: u16 = 16;
/// Room for one datagram: no resolver sends more than was asked for.
const ROOM: usize = 4096;
/// So many datagrams are read in a row: whoever sends more keeps no other question waiting.
const IN_A_ROW: usize = 50;

/// Who is asked, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    /// The resolvers, in turn.
    pub(super) servers: &'a [SocketAddr],
    /// Whose turn is the first, by its place.
    pub(super) first: usize,
    /// How often all of them are asked.
    pub(super) attempts: u32,
    /// How long each is waited for.
    pub(super) timeout: Duration,
    /// When everything must be over.
    pub(super) until: Deadline,
}

impl Rules<'_> {
    /// Who is asked at this turn.
    fn server(&self, turn: usize) -> Option<SocketAddr> {
        let turns = self.servers.len().saturating_mul(usize::try_from(self.attempts).unwrap_or(1));
        let place = self.first.wrapping_add(turn) % self.servers.len().max(1);
        self.servers.get(place).filter(|_| turn < turns).copied()
    }
}

/// What came of a question, and from whom.
pub(super) type Came = Result<(SocketAddr, Answer), DnsError>;

/// Asks all of them, and returns what came of each, in their order.
pub(super) fn ask_all(wanted: &[Wanted], rules: Rules<'_>) -> Vec<Came> {
    let mut all: Vec<State<'_>> = wanted.iter().map(|wanted| Asked::begin(wanted, 0, true, rules)).collect();
    let mut room = vec![0; ROOM];
    loop {
        let waiting: Vec<(usize, &Asked<'_>)> = all
            .iter()
            .enumerate()
            .filter_map(|(place, state)| Some((place, state.as_ref().err()?)))
            .collect();
        let Some(soonest) = waiting.iter().map(|(_, asked)| asked.until).reduce(Deadline::min) else { break };
        let sockets: Vec<_> = waiting.iter().map(|(_, asked)| asked.socket.as_fd()).collect();
        let ready = wait_readable_of(&sockets, soonest);
        let places: Vec<usize> = match &ready {
            Ok(at) => waiting.get(*at).map(|(place, _)| *place).into_iter().collect(),
            // All whose time is over.
            Err(NetError::Timeout) => {
                waiting.iter().filter(|(_, asked)| asked.until.is_over()).map(|(place, _)| *place).collect()
            }
            Err(_) => waiting.iter().map(|(place, _)| *place).collect(),
        };
        let is_interrupted = !matches!(ready, Ok(_) | Err(NetError::Timeout));
        for place in places {
            let Some(state) = all.get_mut(place) else { continue };
            let before = std::mem::replace(state, Ok(Err(DnsError::NoResolver)));
            let Err(asked) = before else { continue };
            *state = match ready {
                Ok(_) => asked.hear(&mut room, rules),
                Err(_) if is_interrupted => Ok(Err(DnsError::Network(asked.server, NetError::Interrupted))),
                // What has come while another question was at TCP is in time.
                Err(_) => asked.hear(&mut room, rules).or_else(|asked| {
                    let error = DnsError::Network(asked.server, NetError::Timeout);
                    asked.next(error, rules)
                }),
            };
        }
    }
    all.into_iter().map(|state| state.unwrap_or_else(|asked| Err(asked.lost(NetError::Timeout)))).collect()
}

/// What came of a question, or that it is out.
type State<'a> = Result<Came, Asked<'a>>;

/// A question that is out, over a socket of its own, with a port that the system chooses.
#[derive(Debug)]
struct Asked<'a> {
    wanted: &'a Wanted,
    /// How many questions were asked before.
    turn: usize,
    server: SocketAddr,
    with_edns: bool,
    question: Vec<u8>,
    socket: UdpSocket,
    until: Deadline,
}

impl<'a> Asked<'a> {
    /// Asks, beginning with this turn. A resolver that cannot be asked gives its turn to the next.
    fn begin(wanted: &'a Wanted, mut turn: usize, mut with_edns: bool, rules: Rules<'_>) -> State<'a> {
        let mut last = DnsError::NoResolver;
        while let Some(server) = rules.server(turn) {
            let mut id = [0; 2];
            if getrandom::fill(&mut id).is_err() {
                return Ok(Err(DnsError::NoRandom));
            }
            let Some(question) = question(wanted, u16::from_be_bytes(id), with_edns) else {
                return Ok(Err(DnsError::Name));
            };
            match send(server, &question) {
                Ok(socket) => {
                    let until = Deadline::after(rules.timeout).min(rules.until);
                    return Err(Asked { wanted, turn, server, with_edns, question, socket, until });
                }
                Err(error) => last = DnsError::Network(server, NetError::Io(error)),
            }
            (turn, with_edns) = (turn + 1, true);
        }
        Ok(Err(last))
    }

    /// There may be something to read.
    fn hear(self, room: &mut [u8], rules: Rules<'_>) -> State<'a> {
        for _ in 0..IN_A_ROW {
            let verdict = match self.socket.recv(room) {
                Ok(count) => judge(&self.question, room.get(..count).unwrap_or_default()),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => break,
                Err(error) => {
                    let error = self.lost(NetError::Io(error));
                    return self.next(error, rules);
                }
            };
            match verdict {
                Verdict::Other => {}
                Verdict::Cut => {
                    return match by_tcp(self.server, &self.question, self.until) {
                        Ok(verdict) => self.heard(verdict, rules),
                        Err(error) => {
                            let error = self.lost(error);
                            self.next(error, rules)
                        }
                    };
                }
                verdict => return self.heard(verdict, rules),
            }
        }
        Err(self)
    }

    /// The resolver has answered.
    fn heard(self, verdict: Verdict, rules: Rules<'_>) -> State<'a> {
        match verdict {
            Verdict::Answer(answer) => Ok(Ok((self.server, answer))),
            Verdict::NoSuchName => Ok(Err(DnsError::NoSuchName)),
            Verdict::Code(FORMAT | NOT_IMPLEMENTED | BAD_VERSION) if self.with_edns => {
                Asked::begin(self.wanted, self.turn, false, rules)
            }
            Verdict::Code(code) => {
                let error = DnsError::Code(self.server, code);
                self.next(error, rules)
            }
            Verdict::Other | Verdict::Cut | Verdict::Malformed => {
                let error = DnsError::Malformed(self.server);
                self.next(error, rules)
            }
        }
    }

    fn lost(&self, error: NetError) -> DnsError {
        DnsError::Network(self.server, error)
    }

    /// Asks the next resolver, if there is time and another turn; else this error stands.
    fn next(self, error: DnsError, rules: Rules<'_>) -> State<'a> {
        let is_over = rules.until.is_over() || matches!(error, DnsError::Network(_, NetError::Interrupted));
        if is_over || rules.server(self.turn + 1).is_none() {
            return Ok(Err(error));
        }
        Asked::begin(self.wanted, self.turn + 1, true, rules)
    }
}

fn send(server: SocketAddr, question: &[u8]) -> io::Result<UdpSocket> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    // Connected: the system throws away what comes from anywhere else, and tells if nobody listens.
    socket.connect(server)?;
    socket.set_nonblocking(true)?;
    socket.send(question)?;
    Ok(socket)
}

/// A message behind its length, both ways.
fn by_tcp(server: SocketAddr, question: &[u8], until: Deadline) -> Result<Verdict, NetError> {
    let patience = until.remaining().unwrap_or(crate::net::connect::PATIENCE);
    let mut stream =
        connect_to(server, None, patience, until).map_err(|error| NetError::Io(io::Error::other(error)))?;
    let length = u16::try_from(question.len()).unwrap_or_default().to_be_bytes();
    stream.write_all(&[&length, question].concat(), until, &mut |_| ControlFlow::Break(()))?;
    let mut said = Vec::new();
    let mut piece = vec![0; ROOM];
    loop {
        let whole =
            said.get(..2).map(|length: &[u8]| 2 + usize::from(u16::from_be_bytes([length[0], length[1]])));
        if let Some(whole) = whole
            && said.len() >= whole
        {
            return Ok(match judge(question, said.get(2..whole).unwrap_or_default()) {
                // There is nothing larger, and nobody else can have sent it.
                Verdict::Cut | Verdict::Other => Verdict::Malformed,
                verdict => verdict,
            });
        }
        let count = stream.read(&mut piece, until)?;
        if count == 0 {
            return Err(NetError::Io(ErrorKind::UnexpectedEof.into()));
        }
        said.extend_from_slice(piece.get(..count).unwrap_or_default());
    }
}
