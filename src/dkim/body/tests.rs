use super::*;
use crate::dkim::tests::Numbers;
use ring::digest::{SHA256, digest};

/// The octets that are hashed, with the body in these pieces.
fn form(form: Form, pieces: &[&[u8]]) -> Vec<u8> {
    let mut hashed = Vec::new();
    let mut out = |octets: &[u8]| hashed.extend_from_slice(octets);
    match form {
        Form::Simple => {
            let mut simple = Simple::default();
            pieces.iter().for_each(|piece| simple.push(piece, &mut out));
            simple.finish(&mut out);
        }
        Form::Relaxed => {
            let mut relaxed = Relaxed::new();
            pieces.iter().for_each(|piece| relaxed.push(piece, &mut out));
            relaxed.finish(&mut out);
        }
    }
    hashed
}

/// The same as plain as can be: line by line, as RFC 6376 says it.
fn plainly(form: Form, body: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap_or(rest.len());
        lines.push(rest[..end].to_vec());
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    if form == Form::Relaxed {
        for line in &mut lines {
            let mut reduced: Vec<u8> = Vec::new();
            for octet in line.iter() {
                match octet {
                    b' ' | b'\t' if reduced.last() == Some(&b' ') => {}
                    b' ' | b'\t' => reduced.push(b' '),
                    octet => reduced.push(*octet),
                }
            }
            if reduced.last() == Some(&b' ') {
                reduced.pop();
            }
            *line = reduced;
        }
    }
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    if lines.is_empty() && form == Form::Simple {
        lines.push(Vec::new());
    }
    lines.into_iter().flat_map(|line| [line, b"\r\n".to_vec()].concat()).collect()
}

#[test]
fn the_rfcs_example_is_as_the_rfc_has_it() {
    // Section 3.4.5.
    let body = b" C \r\nD \t E\r\n\r\n\r\n";
    assert_eq!(form(Form::Relaxed, &[body]), b" C\r\nD E\r\n");
    assert_eq!(form(Form::Simple, &[body]), b" C \r\nD \t E\r\n");
}

#[test]
fn each_form_is_what_the_rfc_says() {
    for (body, relaxed, simple) in [
        ("", "", "\r\n"),
        ("\r\n", "", "\r\n"),
        ("\r\n\r\n", "", "\r\n"),
        ("a", "a\r\n", "a\r\n"),
        ("a\r\n", "a\r\n", "a\r\n"),
        ("a\r\n\r\n\r\n", "a\r\n", "a\r\n"),
        // Blanks alone are an empty line when relaxed.
        (" \t\r\n", "", " \t\r\n"),
        ("a\r\n \r\n\t\r\n", "a\r\n", "a\r\n \r\n\t\r\n"),
        ("a\r\n \r\nb\r\n", "a\r\n\r\nb\r\n", "a\r\n \r\nb\r\n"),
        ("\r\n\r\na\r\n", "\r\n\r\na\r\n", "\r\n\r\na\r\n"),
        ("  a\tb  c \r\n", " a b c\r\n", "  a\tb  c \r\n"),
        // A CR or an LF alone is no line end, and no blank.
        ("a \rb \nc\r", "a \rb \nc\r\r\n", "a \rb \nc\r\r\n"),
        ("a\r\r\n", "a\r\r\n", "a\r\r\n"),
        ("a\n\n", "a\n\n\r\n", "a\n\n\r\n"),
        ("\r", "\r\r\n", "\r\r\n"),
        ("a\r\n\r", "a\r\n\r\r\n", "a\r\n\r\r\n"),
        (" \r \r\n", " \r\r\n", " \r \r\n"),
        // The line that no CRLF ends.
        ("a \t", "a\r\n", "a \t\r\n"),
        (" ", "", " \r\n"),
        // A vertical tab and a no-break space are no blanks.
        ("a\u{b} \u{a0}\r\n", "a\u{b} \u{a0}\r\n", "a\u{b} \u{a0}\r\n"),
    ] {
        assert_eq!(String::from_utf8(form(Form::Relaxed, &[body.as_bytes()])).unwrap(), relaxed, "{body:?}");
        assert_eq!(String::from_utf8(form(Form::Simple, &[body.as_bytes()])).unwrap(), simple, "{body:?}");
        assert_eq!(plainly(Form::Relaxed, body.as_bytes()), relaxed.as_bytes(), "{body:?}");
        assert_eq!(plainly(Form::Simple, body.as_bytes()), simple.as_bytes(), "{body:?}");
    }
}

#[test]
fn it_does_not_matter_where_a_body_is_cut() {
    let mut numbers = Numbers::new(1);
    let parts: [&[u8]; 9] = [b" ", b"\t", b"\r\n", b"\r\n", b"\r", b"\n", b"a", b"bc", b"  "];
    for _ in 0..3000 {
        let body: Vec<u8> =
            (0..numbers.below(14)).flat_map(|_| parts[numbers.below(parts.len())].to_vec()).collect();
        for kind in [Form::Simple, Form::Relaxed] {
            let plain = plainly(kind, &body);
            for one in 0..=body.len() {
                assert_eq!(form(kind, &[&body[..one], &body[one..]]), plain, "{body:?} at {one}");
            }
            let singly: Vec<&[u8]> = body.chunks(1).collect();
            assert_eq!(form(kind, &singly), plain, "{body:?} octet by octet");
            let two = (numbers.below(body.len() + 1), numbers.below(body.len() + 1));
            let (one, other) = (two.0.min(two.1), two.0.max(two.1));
            let pieces = [&body[..one], &body[one..other], b"", &body[other..]];
            assert_eq!(form(kind, &pieces), plain, "{body:?} at {one} and {other}");
        }
    }
}

#[test]
fn long_bodies_are_no_other() {
    let mut numbers = Numbers::new(2);
    let parts: [&[u8]; 8] = [
        b"a line of some length, as prose has it.  Two spaces.\r\n",
        b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODkr\r\n",
        b"\tcode\t= 1;   \r\n",
        b"\r\n",
        b" ",
        b"\r",
        b"--=20\r\n",
        b"\xc3\xa9\x00\xff",
    ];
    for _ in 0..20 {
        let body: Vec<u8> = (0..4000).flat_map(|_| parts[numbers.below(parts.len())].to_vec()).collect();
        for kind in [Form::Simple, Form::Relaxed] {
            let plain = plainly(kind, &body);
            assert_eq!(form(kind, &[&body]), plain);
            let size = 1 + numbers.below(50_000);
            assert_eq!(form(kind, &body.chunks(size).collect::<Vec<_>>()), plain, "in pieces of {size}");
        }
    }
}

#[test]
fn hashes_are_of_as_many_octets_as_were_asked_for() {
    let text = b"one  two\r\n\r\nthree\r\n\r\n";
    let whole = b"one two\r\n\r\nthree\r\n";
    for piece in 1..=text.len() {
        let mut body = Body::new(Form::Relaxed);
        let lengths = [None, Some(0), Some(3), Some(9), Some(whole.len() as u64), Some(u64::MAX)];
        lengths.iter().for_each(|length| body.want(*length));
        // Asked for twice, it is hashed once.
        body.want(None);
        text.chunks(piece).for_each(|piece| body.push(piece));
        let hashes = body.finish();
        assert_eq!(hashes.octets, whole.len() as u64);
        for length in lengths {
            let end = length.map_or(whole.len(), |length| whole.len().min(length as usize));
            let hash = digest(&SHA256, &whole[..end]);
            assert_eq!(
                hashes.of(length).as_ref().map(<[u8; 32]>::as_slice),
                Some(hash.as_ref()),
                "{length:?}"
            );
        }
        assert_eq!(hashes.of(Some(1)), None);
    }
}

#[test]
fn many_empty_lines_are_a_number() {
    let mut body = BodyHasher::new();
    body.push(b"a");
    for _ in 0..10_000 {
        body.push(b"\r\n\t \r\n");
    }
    let mut other = BodyHasher::new();
    other.push(b"a\r\n");
    assert_eq!(body.finish(), other.finish());
}
