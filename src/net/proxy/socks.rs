//! SOCKS version 5 (RFC 1928), with user and password (RFC 1929).
//!
//! ```text
//!   5 1 0  |  5 2 0 2         ->    which ways to log in
//!                             <-    5 0  |  5 2          the one to take; 5 255 is none
//!   1 n USER m PASSWORD       ->                         if it is 2
//!                             <-    1 0
//!   5 1 0 TYPE ADDRESS PORT   ->    CONNECT
//!                             <-    5 0 0 TYPE ADDRESS PORT
//! ```

use std::net::IpAddr;

use zeroize::Zeroizing;

use super::error::{LogInFault, ProxyBreach, ProxyFault, Refusal};
use super::line::{Line, read};
use super::url::{Proxy, address};

const VERSION: u8 = 5;
const NO_LOG_IN: u8 = 0;
const PASSWORD: u8 = 2;
const NONE_ACCEPTABLE: u8 = 255;
/// The longest last reply: a name of 255 octets.
const LONGEST: usize = 4 + 1 + 255 + 2;

const NOT_SOCKS: ProxyFault = ProxyFault::Protocol(ProxyBreach::NotSocks);

/// Asks for a connection to `port` of `host`.
pub(super) fn ask(proxy: &Proxy, line: &mut dyn Line, host: &str, port: u16) -> Result<(), ProxyFault> {
    let ways: &[u8] = if proxy.user.is_some() { &[NO_LOG_IN, PASSWORD] } else { &[NO_LOG_IN] };
    line.say(&[&[VERSION, ways.len() as u8], ways].concat())?;
    let way = read(line, 2, |octets| match octets {
        [VERSION, way] => Ok(Some((2, *way))),
        [VERSION] => Ok(None),
        _ => Err(NOT_SOCKS),
    })?;
    match (way, &proxy.user, &proxy.password) {
        (NO_LOG_IN, ..) => {}
        (PASSWORD, Some(user), Some(password)) => log_in(line, user, password.reveal())?,
        (NONE_ACCEPTABLE, None, _) => return Err(ProxyFault::LogIn(LogInFault::Wanted(None))),
        (NONE_ACCEPTABLE, Some(_), _) => return Err(ProxyFault::LogIn(LogInFault::NoPasswords)),
        _ => return Err(ProxyFault::Protocol(ProxyBreach::WayNotOffered)),
    }
    line.say(&request(host, port)?)?;
    read(line, LONGEST, connected)
}

fn log_in(line: &mut dyn Line, user: &str, password: &str) -> Result<(), ProxyFault> {
    let mut request = Zeroizing::new(Vec::with_capacity(3 + user.len() + password.len()));
    request.push(1);
    for text in [user, password] {
        let length = u8::try_from(text.len()).ok().filter(|length| *length > 0);
        request.push(length.ok_or(ProxyFault::LogIn(LogInFault::Length))?);
        request.extend_from_slice(text.as_bytes());
    }
    line.say(&request)?;
    let status = read(line, 2, |octets| match octets {
        [1, status] => Ok(Some((2, *status))),
        [1] => Ok(None),
        // Some say their version where that of the log-in belongs.
        [VERSION, status] => Ok(Some((2, *status))),
        [VERSION] => Ok(None),
        _ => Err(NOT_SOCKS),
    })?;
    if status == 0 { Ok(()) } else { Err(ProxyFault::LogIn(LogInFault::RefusedUser(user.to_owned()))) }
}

/// CONNECT to an address, or to a name that the proxy looks up.
fn request(host: &str, port: u16) -> Result<Vec<u8>, ProxyFault> {
    let mut request = vec![VERSION, 1, 0];
    match address(host) {
        Some(IpAddr::V4(address)) => {
            request.push(1);
            request.extend(address.octets());
        }
        Some(IpAddr::V6(address)) => {
            request.push(4);
            request.extend(address.octets());
        }
        None => {
            let length = u8::try_from(host.len());
            request.push(3);
            request.push(length.map_err(|_| ProxyFault::Refused(Refusal::NameTooLong))?);
            request.extend(host.as_bytes());
        }
    }
    request.extend(port.to_be_bytes());
    Ok(request)
}

/// The last reply. A refusal is understood by its code, however much follows it.
fn connected(octets: &[u8]) -> Result<Option<(usize, ())>, ProxyFault> {
    match octets {
        [] | [VERSION] => return Ok(None),
        [VERSION, 0, ..] => {}
        // Its rules, the command, the type of address: it will say the same tomorrow.
        [VERSION, code @ (2 | 7 | 8), ..] => return Err(ProxyFault::Refused(Refusal::Socks(*code))),
        [VERSION, code, ..] => return Err(ProxyFault::Failed(Refusal::Socks(*code))),
        _ => return Err(NOT_SOCKS),
    }
    let length = match octets.get(3..) {
        Some([1, ..]) => 4 + 4 + 2,
        Some([3, name, ..]) => 4 + 1 + usize::from(*name) + 2,
        Some([4, ..]) => 4 + 16 + 2,
        None | Some([] | [3]) => return Ok(None),
        Some(_) => return Err(ProxyFault::Protocol(ProxyBreach::AddressType)),
    };
    Ok((octets.len() >= length).then_some((length, ())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::proxy::played::{Played, named};

    /// Asks a proxy that gives these replies, and then 220. Returns what was said to it, and the result.
    fn asked(url: &str, host: &str, replies: &[u8]) -> (Vec<u8>, Result<(), String>) {
        let all = [replies, b"220 beta\r\n"].concat();
        let mut first: Option<(Vec<u8>, Result<(), String>)> = None;
        for cut in 0..=all.len() {
            let mut line = Played::new(&all, cut);
            let result = ask(&named(url), &mut line, host, 25).map_err(|fault| fault.to_string());
            if result.is_ok() {
                assert_eq!(line.left(), b"220 beta\r\n", "cut at {cut}");
            }
            let now = (line.said, result);
            assert_eq!(first.get_or_insert_with(|| now.clone()), &now, "cut at {cut}");
        }
        first.unwrap()
    }

    const V4: &[u8] = &[5, 0, 0, 1, 10, 0, 0, 1, 4, 56];

    #[test]
    fn the_proxy_looks_the_name_up_and_what_follows_is_the_servers() {
        let (said, result) = asked("socks5://proxy", "mail.example", &[&[5, 0], V4].concat());
        assert_eq!(result, Ok(()));
        assert_eq!(said, b"\x05\x01\x00\x05\x01\x00\x03\x0cmail.example\x00\x19");
        let (said, result) = asked("socks5://proxy", "192.0.2.1", b"\x05\x00\x05\x00\x00\x03\x02ab\x00\x19");
        assert_eq!(result, Ok(()));
        assert_eq!(said, b"\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x19");
        let reply = [&[5, 0, 5, 0, 0, 4][..], &[0; 18]].concat();
        let (said, result) = asked("socks5://proxy", "::1%lo", &reply);
        assert_eq!(result, Ok(()));
        assert_eq!(said.len(), 3 + 4 + 16 + 2);
    }

    #[test]
    fn a_user_logs_in_where_the_proxy_wants_it() {
        let (said, result) = asked("socks5://joe@proxy", "a", &[&[5, 2, 1, 0], V4].concat());
        assert_eq!(result, Ok(()));
        assert_eq!(said, b"\x05\x02\x00\x02\x01\x03joe\x0bopen sesame\x05\x01\x00\x03\x01a\x00\x19");
        let (said, result) = asked("socks5://joe@proxy", "a", &[&[5, 0], V4].concat());
        assert_eq!(result, Ok(()));
        assert!(!said.windows(6).any(|six| six == b"sesame"), "it did not want the password");
    }

    #[test]
    fn whatever_it_refuses_has_its_words() {
        for (url, replies, text) in [
            ("socks5://proxy", &[5, 255][..], "requires a log-in"),
            ("socks5://joe@proxy", &[5, 255], "does not accept a log-in by password"),
            ("socks5://joe@proxy", &[5, 2, 1, 9], "refused the log-in of joe"),
            ("socks5://proxy", &[5, 2], "broke the protocol: it chose a log-in that was not offered"),
            ("socks5://proxy", &[5, 0, 5, 1], "could not connect: general failure"),
            ("socks5://proxy", &[5, 0, 5, 2, 0, 1], "refused: its rules do not allow this connection"),
            ("socks5://proxy", &[5, 0, 5, 5, 0], "could not connect: connection refused"),
            ("socks5://proxy", &[5, 0, 5, 8], "refused: it does not support this type of address"),
            ("socks5://proxy", &[5, 0, 5, 99], "could not connect: for an unknown reason (code 99)"),
            ("socks5://proxy", &[5, 0, 5, 0, 0, 2], "broke the protocol: an address of an unknown type"),
            ("socks5://proxy", &[5, 0, 4, 0], "broke the protocol: this is not SOCKS5"),
            ("socks5://proxy", b"", "broke the protocol: this is not SOCKS5"),
        ] {
            assert_eq!(asked(url, "a", replies).1, Err(text.to_owned()), "{replies:?}");
        }
    }

    #[test]
    fn one_that_closes_is_told_from_one_that_refuses() {
        for replies in [&b""[..], &[5], &[5, 0], &[5, 0, 5], &[5, 0, 5, 0, 0, 1, 1]] {
            let fault = ask(&named("socks5://proxy"), &mut Played::new(replies, 0), "a", 25).unwrap_err();
            assert!(matches!(fault, ProxyFault::Closed), "{replies:?}: {fault}");
        }
    }
}
