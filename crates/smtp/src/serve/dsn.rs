//! What a client asks for by the parameters of DSN (RFC 3461, section 4; RFC 6533, section 3). It is checked here,
//! for the server that gets it later can only refuse the message for it.

use crate::parameter::{ENVID, NOTIFY, NOTIFY_VALUES, ORCPT, Parameter, RET};

/// What is wrong with the value of such a parameter, which is one of these; its keyword is in capitals.
pub(super) fn fault(keyword: &str, value: &str, all: &[Parameter]) -> Option<&'static str> {
    if all.iter().filter(|parameter| parameter.is(keyword)).count() > 1 {
        return Some("Syntax error: a parameter is given twice");
    }
    let (fits, fault) = match keyword {
        RET => (is_one_of(value, &["FULL", "HDRS"]), "Syntax error: RET is FULL or HDRS"),
        ENVID => {
            (value.len() <= 100 && is_xtext(value), "Syntax error: ENVID is xtext of at most 100 octets")
        }
        NOTIFY => (is_notify(value), "Syntax error: NOTIFY is NEVER, or some of SUCCESS, FAILURE, DELAY"),
        ORCPT => (is_address(value), "Syntax error: ORCPT is a type, a semicolon, and an address in xtext"),
        _ => return None,
    };
    (!fits).then_some(fault)
}

fn is_one_of(value: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(value))
}

/// `NEVER` stands alone.
fn is_notify(value: &str) -> bool {
    let Some((never, others)) = NOTIFY_VALUES.split_first() else { return false };
    value.eq_ignore_ascii_case(never) || value.split(',').all(|one| is_one_of(one, others))
}

/// `rfc822;me@example.org`
fn is_address(value: &str) -> bool {
    let is_atom =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match value.split_once(';') {
        Some((kind, address)) => {
            value.len() <= 500
                && is_atom(kind)
                && !address.is_empty()
                && (kind.eq_ignore_ascii_case("utf-8") || is_xtext(address))
        }
        None => false,
    }
}

/// A `+` has two hexadecimal digits behind it, in capitals.
fn is_xtext(text: &str) -> bool {
    let is_digit = |b: &u8| matches!(b, b'0'..=b'9' | b'A'..=b'F');
    let mut pieces = text.split('+');
    pieces.next();
    pieces.all(|piece| piece.as_bytes().get(..2).is_some_and(|start| start.iter().all(is_digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_the_next_server_takes() {
        for (keyword, values) in [
            (RET, &["FULL", "hdrs"][..]),
            (ENVID, &["a", "QQ+20314+2B159"]),
            (NOTIFY, &["never", "SUCCESS", "success,DELAY,FAILURE"]),
            (ORCPT, &["rfc822;Bob+2Bx@Example.COM", "utf-8;j\\x{FC}@x.y", "X-400;/c=us"]),
        ] {
            for value in values {
                assert_eq!(fault(keyword, value, &[]), None, "{keyword}={value}");
            }
        }
        let long = "a".repeat(101);
        for (keyword, values) in [
            (RET, &["", "ALL"][..]),
            (ENVID, &["a+", "a+2", "a+2b", "a+GG", &long]),
            (NOTIFY, &["", "NEVER,DELAY", "SUCCESS,", "SOON"]),
            (ORCPT, &["", "me@example.org", ";me@example.org", "rfc822;", "rfc822;a+b@c", "rfc 822;x"]),
        ] {
            for value in values {
                assert!(fault(keyword, value, &[]).is_some(), "{keyword}={value}");
            }
        }
    }
}
