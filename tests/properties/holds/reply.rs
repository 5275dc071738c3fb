//! Replies: the same in whatever pieces they come, bounded, and printable where they are printed.

use super::{assert_printable, ways};
use ehlo::inside::meaning::Explanation;
use ehlo::inside::meaning::after::After;
use ehlo::inside::report::text::joined;
use ehlo_smtp::reply::{
    LONGEST_CHALLENGE, LONGEST_LINE, LONGEST_REPLY, MOST_LINES, Reply, ReplyLine, ReplyReader,
};
use ehlo_smtp::violation::Violation;

/// What came of one line: whether a reply ended with it, or why it is none.
type Read = (Vec<u8>, Option<Reply>);

pub fn holds(octets: &[u8]) {
    let [whole, single, own] = ways(octets).map(|pieces| read(&pieces));
    assert!(whole == single, "octet by octet it is another reply: {:?}, {:?}", whole.1, single.1);
    assert!(whole == own, "in other pieces it is another reply: {:?}, {:?}", whole.1, own.1);
    whole.0.iter().filter_map(|(_, reply)| reply.as_ref()).for_each(is_fit);
}

/// All lines up to the first violation, as a session reads them.
fn read(pieces: &[&[u8]]) -> (Vec<Read>, Option<Violation>) {
    let mut reader = ReplyReader::default();
    let (mut lines, mut pushed) = (Vec::new(), Vec::new());
    for piece in pieces {
        reader.push(piece);
        let seen = reader.has_reply();
        let mut came = false;
        loop {
            match reader.next_line() {
                Ok(None) => break,
                Ok(Some(ReplyLine::Broken(violation))) | Err(violation) => return (lines, Some(violation)),
                Ok(Some(line)) => {
                    assert!(reader.line().len() <= longest(reader.line()));
                    let reply = if let ReplyLine::Last(reply) = line { Some(reply) } else { None };
                    came |= reply.is_some();
                    lines.push((reader.line().to_vec(), reply));
                }
            }
        }
        assert_eq!(seen, came, "a whole reply is there, or is not");
        pushed.extend_from_slice(piece);
        let begun = &pushed[pushed.len() - reader.unread()..];
        assert!(begun.len() <= longest(begun) + 1, "{} octets of one line are kept", begun.len());
    }
    (lines, None)
}

/// A challenge may be longer than all other lines.
fn longest(line: &[u8]) -> usize {
    if line.starts_with(b"334 ") { 4 + LONGEST_CHALLENGE } else { LONGEST_LINE }
}

fn is_fit(reply: &Reply) {
    assert!((200..=599).contains(&reply.code()));
    assert!(reply.lines().len() <= MOST_LINES);
    assert!(reply.lines().iter().map(Vec::len).sum::<usize>() <= LONGEST_REPLY);
    assert!(reply.lines().iter().all(|line| !line.contains(&b'\n')));
    assert_printable(&joined(reply));
    for after in After::ALL.into_iter().map(Some).chain([None]) {
        assert_printable(&Explanation::of(reply, after).line());
    }
    if let Some(status) = reply.enhanced() {
        assert_eq!(u16::from(status.class), reply.code() / 100);
    }
    let mut hidden = reply.clone();
    hidden.hide(b"secret");
    assert!(!hidden.lines().iter().any(|line| super::contains(line, b"secret")));
}
