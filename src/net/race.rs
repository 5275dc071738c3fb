//! Which of several addresses answers first (RFC 8305, "Happy Eyeballs", section 5): the next one is tried a
//! quarter of a second after the one before, or at once when that has failed, and the first connection made
//! is used.
//!
//! One thread, and one `poll(2)` over all that are pending. Nothing is written to any of them: those that
//! come too late are closed without a word.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with, sockopt};

use super::socket::{WRITE, wait_for_any};
use super::{ConnectError, Deadline, Error, Tried};

/// How long the next address waits for the one before it (RFC 8305, section 5: 250 ms).
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection that is being made.
struct Pending {
    address: SocketAddr,
    fd: OwnedFd,
    until: Deadline,
}

/// What came of beginning to connect.
enum Begun {
    Connected(OwnedFd),
    Pending(OwnedFd),
    Failed(Error),
}

/// The first of these addresses that can be connected to, and those before it that could not: each is tried
/// for at most `patience`, all before `deadline`, from the address `bind` if there is one.
pub(super) fn race(
    addresses: &[SocketAddr],
    bind: Option<SocketAddr>,
    patience: Duration,
    deadline: Deadline,
) -> Result<(OwnedFd, SocketAddr, Vec<Tried>), ConnectError> {
    let mut waiting = VecDeque::from(interleaved(addresses));
    let mut pending: Vec<Pending> = Vec::new();
    let mut tried: Vec<Tried> = Vec::new();
    let mut turn = Deadline::never();
    loop {
        // The next one has its turn when nobody is ahead of it, or the one ahead had its head start.
        while let Some(address) = waiting.front().copied()
            && (pending.is_empty() || turn.is_over())
        {
            waiting.pop_front();
            match begin(address, bind)? {
                Begun::Connected(fd) => return Ok((fd, address, with_slower(tried, &pending))),
                Begun::Pending(fd) => {
                    pending.push(Pending { address, fd, until: Deadline::after(patience).min(deadline) });
                    turn = Deadline::after(HEAD_START);
                }
                Begun::Failed(error) => tried.push(Tried { address, error: Some(error) }),
            }
            if deadline.is_over() {
                waiting.clear();
            }
        }
        if pending.is_empty() {
            return Err(ConnectError::Failed(tried));
        }
        let turn_comes = if waiting.is_empty() { Deadline::never() } else { turn };
        let until = pending.iter().fold(turn_comes, |until, one| until.min(one.until));
        let fds: Vec<BorrowedFd<'_>> = pending.iter().map(|one| one.fd.as_fd()).collect();
        let ready = match wait_for_any(&fds, WRITE, until, true) {
            Ok(place) => Some(place),
            Err(Error::Timeout) => None,
            Err(Error::Interrupted) => return Err(ConnectError::Interrupted),
            // Nothing can be waited for: nothing will come of any of them.
            Err(error) => {
                let address = pending.swap_remove(0).address;
                tried.push(Tried { address, error: Some(error) });
                return Err(ConnectError::Failed(tried));
            }
        };
        if let Some(place) = ready {
            let Pending { address, fd, .. } = pending.remove(place);
            match sockopt::socket_error(&fd).and_then(|error| error) {
                Ok(()) => return Ok((fd, address, with_slower(tried, &pending))),
                Err(error) => tried.push(Tried { address, error: Some(Error::Io(error.into())) }),
            }
            // It has failed, and is not waited for any more.
            turn = Deadline::after(Duration::ZERO);
            continue;
        }
        for late in pending.extract_if(.., |one| one.until.is_over()) {
            tried.push(Tried { address: late.address, error: Some(Error::Timeout) });
        }
        if deadline.is_over() {
            waiting.clear();
        }
    }
}

/// Those that were still silent when another one answered are told of as well: they are what took the time.
fn with_slower(mut tried: Vec<Tried>, pending: &[Pending]) -> Vec<Tried> {
    tried.extend(pending.iter().map(|slower| Tried { address: slower.address, error: None }));
    tried
}

/// The families by turns, beginning with the first address's; within one the order stays (RFC 8305, section
/// 4).
fn interleaved(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let of = |ipv4: bool| addresses.iter().copied().filter(move |address| address.is_ipv4() == ipv4);
    let (mut one, mut other) = (of(first), of(!first));
    let mut order = Vec::with_capacity(addresses.len());
    while order.len() < addresses.len() {
        order.extend(one.next());
        order.extend(other.next());
    }
    order
}

/// Begins to connect. An error is about our own end, and another address would not help.
fn begin(address: SocketAddr, bind: Option<SocketAddr>) -> Result<Begun, ConnectError> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let fd = match new_socket(family) {
        Ok(fd) => fd,
        Err(error) => return Ok(Begun::Failed(Error::Io(error))),
    };
    if let Some(own) = bind {
        // A port of our own serves one address after the other, and one run after the other.
        let reuse = if own.port() == 0 { Ok(()) } else { sockopt::set_socket_reuseaddr(&fd, true) };
        reuse
            .and_then(|()| rustix::net::bind(&fd, &own))
            .map_err(|error| ConnectError::Bind(own, error.into()))?;
    }
    Ok(match rustix::net::connect(&fd, &address) {
        Ok(()) => Begun::Connected(fd),
        Err(Errno::INPROGRESS) => Begun::Pending(fd),
        Err(error) => Begun::Failed(Error::Io(error.into())),
    })
}

/// A socket that neither blocks nor is handed down to the programs we start.
pub(super) fn new_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    #[cfg(not(target_vendor = "apple"))]
    let fd = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK, None)?;
    #[cfg(target_vendor = "apple")]
    let fd = {
        let fd = socket_with(family, SocketType::STREAM, SocketFlags::empty(), None)?;
        rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
        rustix::io::ioctl_fionbio(&fd, true)?;
        fd
    };
    Ok(fd)
}

#[cfg(test)]
#[allow(clippy::disallowed_types)] // The servers are here too.
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(10))
    }

    /// A listener whose queue is full: who connects to it hears nothing. What fills it must be kept.
    #[cfg(target_os = "linux")]
    fn dead(last: u8) -> (OwnedFd, SocketAddr, Vec<OwnedFd>) {
        let fd = new_socket(AddressFamily::INET).unwrap();
        rustix::net::bind(&fd, &SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0))).unwrap();
        rustix::net::listen(&fd, 0).unwrap();
        let address = SocketAddr::try_from(rustix::net::getsockname(&fd).unwrap()).unwrap();
        let mut kept = Vec::new();
        loop {
            let one = new_socket(AddressFamily::INET).unwrap();
            let _ = rustix::net::connect(&one, &address);
            let answer = wait_for_any(&[one.as_fd()], WRITE, Deadline::after(HEAD_START), false);
            kept.push(one);
            if answer.is_err() {
                return (fd, address, kept);
            }
        }
    }

    fn refused() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_dead_address_costs_a_head_start_and_not_its_patience() {
        let (_listener, silent, _kept) = dead(9);
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = server.local_addr().unwrap();
        // With a patience longer than the deadline, only a race can end well.
        let (_, address, tried) = race(&[silent, alive], None, Duration::from_secs(60), soon()).unwrap();
        assert_eq!(address, alive);
        let said: Vec<String> = tried.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("{silent}: no answer so far")]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn all_that_fail_are_named_each_with_its_reason() {
        let (_listener, silent, _kept) = dead(10);
        let closed = refused();
        let error = race(&[silent, closed], None, Duration::from_millis(400), soon()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot connect to {closed}: connection refused; {silent}: timed out")
        );
        let error = race(&[silent, closed], None, PATIENCE, Deadline::after(Duration::from_millis(50)));
        assert_eq!(error.unwrap_err().to_string(), format!("cannot connect to {silent}: timed out"));
    }

    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn one_that_fails_makes_room_at_once() {
        let closed = refused();
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = server.local_addr().unwrap();
        let (_, address, tried) = race(&[closed, alive], None, PATIENCE, soon()).unwrap();
        assert_eq!((address, tried.len()), (alive, 1));
        assert_eq!(tried[0].to_string(), format!("{closed}: connection refused"));
    }

    #[test]
    fn only_the_first_that_answers_is_connected_to() {
        let servers = ["127.0.0.1:0"; 2].map(|address| TcpListener::bind(address).unwrap());
        let addresses = [0, 1].map(|place: usize| servers[place].local_addr().unwrap());
        let (_, address, tried) = race(&addresses, None, PATIENCE, soon()).unwrap();
        assert_eq!((address, tried.len()), (addresses[0], 0));
        servers[1].set_nonblocking(true).unwrap();
        assert!(servers[1].accept().is_err(), "the second was connected to as well");
    }

    #[test]
    fn families_take_turns_and_the_first_stays_the_first() {
        let all = |texts: &[&str]| -> Vec<SocketAddr> { texts.iter().map(|t| t.parse().unwrap()).collect() };
        assert_eq!(
            interleaved(&all(&["[::1]:1", "[::2]:1", "1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"])),
            all(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "3.3.3.3:1"])
        );
        assert_eq!(interleaved(&all(&["1.1.1.1:1", "[::1]:1"])), all(&["1.1.1.1:1", "[::1]:1"]));
    }

    #[test]
    fn our_own_end_is_where_it_was_bound() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let own: SocketAddr = "127.0.0.1:0".parse().unwrap();
        race(&[address], Some(own), PATIENCE, soon()).unwrap();
        let elsewhere: SocketAddr = "192.0.2.1:0".parse().unwrap();
        let error = race(&[address], Some(elsewhere), PATIENCE, soon()).unwrap_err();
        assert!(matches!(error, ConnectError::Bind(..)), "{error}");
        #[cfg(target_os = "linux")]
        {
            assert_eq!(
                error.to_string(),
                "cannot use the address 192.0.2.1: cannot assign requested address"
            );
            // A port of our own serves for one server, and at once for another.
            let own = SocketAddr::from(([127, 0, 0, 8], refused().port()));
            let other = TcpListener::bind("127.0.0.1:0").unwrap();
            for address in [address, other.local_addr().unwrap()] {
                let (fd, ..) = race(&[address], Some(own), PATIENCE, soon()).unwrap();
                assert_eq!(TcpStream::from(fd).local_addr().unwrap(), own);
            }
        }
    }
}
