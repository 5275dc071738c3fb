//! Replies at every split, and those that are none.

use super::*;

/// All replies in `octets`, which come cut at `at`.
fn read(octets: &[u8], at: usize) -> Result<Vec<Reply>, Violation> {
    let mut reader = ReplyReader::default();
    let mut replies = Vec::new();
    for piece in [&octets[..at], &octets[at..]] {
        reader.push(piece);
        while let Some(line) = reader.next_line()? {
            match line {
                ReplyLine::Part => {}
                ReplyLine::Last(reply) => replies.push(reply),
                ReplyLine::Broken(violation) => return Err(violation),
            }
        }
    }
    assert!(reader.is_empty(), "something is left of {octets:?}");
    Ok(replies)
}

#[test]
fn a_reply_is_shortened_to_a_size_and_says_so() {
    let shortened = |text: &str, size: usize| {
        let mut reply = Reply::new(550, text);
        reply.shorten(size);
        reply.text().collect::<Vec<_>>().join("|")
    };
    assert_eq!(shortened("one\ntwo\nthree", 200), "one|two|three");
    assert_eq!(shortened("one\ntwo\nthree", 3 * EACH_LINE + 11), "one|two|three");
    assert_eq!(shortened("one\ntwo\nthree", 3 * EACH_LINE + 10), "one|two|thre...");
    assert_eq!(shortened("one\ntwo\nthree", 2 * EACH_LINE + 6), "one|two");
    assert_eq!(shortened("one", 0), "...");
    assert_eq!(shortened("né", EACH_LINE + 2), "n...");
    assert_eq!(shortened("né", EACH_LINE + 3), "né");
    let mut latin = Reply { code: 550, lines: vec![vec![0xa9; 9]] };
    latin.shorten(EACH_LINE + 5);
    assert_eq!(latin.text().collect::<String>(), "©©©©©...");
    for size in 0..300 {
        let mut reply = Reply::new(550, &"é\n\nfour\n".repeat(20));
        reply.shorten(size);
        assert!(reply.size() <= size.max(EACH_LINE) + 3, "{size}");
    }
}

#[test]
fn replies_are_read_whole_and_at_every_split() {
    let octets =
        b"220 beta\r\n250-one\r\n250-\r\n250 three\r\n250\r\n354 go\n550-a\n550 b\n252 \xe9t\xe9\r\n";
    let texts: Vec<(u16, Vec<&str>)> = vec![
        (220, vec!["beta"]),
        (250, vec!["one", "", "three"]),
        (250, vec![""]),
        (354, vec!["go"]),
        (550, vec!["a", "b"]),
        (252, vec!["été"]),
    ];
    for at in 0..=octets.len() {
        let replies = read(octets, at).unwrap();
        let read: Vec<(u16, Vec<Cow<'_, str>>)> =
            replies.iter().map(|reply| (reply.code(), reply.text().collect())).collect();
        assert_eq!(read.len(), texts.len());
        for ((code, lines), (expected, text)) in read.iter().zip(&texts) {
            assert_eq!((code, lines), (expected, &text.iter().map(|t| Cow::Borrowed(*t)).collect()));
        }
    }
}

#[test]
fn what_is_no_reply_is_a_violation_at_every_split() {
    for (octets, violation) in [
        (&b"25 OK\r\n"[..], Violation::NotAReply),
        (b"2500 OK\r\n", Violation::NotAReply),
        (b"650 OK\r\n", Violation::NotAReply),
        (b"150 OK\r\n", Violation::NotAReply),
        (b"\r\n", Violation::NotAReply),
        (b" 250 OK\r\n", Violation::NotAReply),
        (b"2 0 OK\r\n", Violation::NotAReply),
        (b"+50 OK\r\n", Violation::NotAReply),
        (b"250\tOK\r\n", Violation::NotAReply),
        (b"\0\0\0\r\n", Violation::NotAReply),
        (b"250-one\r\n251 two\r\n", Violation::TwoCodes),
    ] {
        for at in 0..=octets.len() {
            assert_eq!(read(octets, at), Err(violation), "{octets:?} at {at}");
        }
    }
}

#[test]
fn a_long_line_is_taken_and_an_endless_one_is_not() {
    let mut octets = b"250 ".to_vec();
    octets.resize(2000, b'x');
    octets.extend_from_slice(b"\r\n");
    assert_eq!(read(&octets, 1000).unwrap()[0].lines()[0].len(), 1996);
    let mut reader = ReplyReader::default();
    for _ in 0..LONGEST_LINE {
        reader.push(b"2");
        assert!(reader.next_line().unwrap().is_none());
    }
    reader.push(b"2");
    assert!(matches!(reader.next_line(), Err(Violation::LineTooLong)));
}

#[test]
fn the_longest_line_is_taken_at_every_split() {
    for (begin, longest) in [("250 ", LONGEST_LINE), ("334-", LONGEST_LINE), ("334 ", LONGEST_CHALLENGE + 4)]
    {
        let mut octets = begin.as_bytes().to_vec();
        octets.resize(longest, b'x');
        let mut longer = octets.clone();
        octets.extend_from_slice(b"\r\n334 \r\n");
        let end = longest + 2;
        for at in (0..8).chain(LONGEST_LINE - 1..LONGEST_LINE + 3).chain(longest - 1..=octets.len()) {
            let replies = if begin.ends_with('-') { 1 } else { 2 };
            assert_eq!(read(&octets, at).unwrap().len(), replies, "{begin} cut at {at}");
            let mut reader = ReplyReader::default();
            reader.push(&octets[..at.min(end)]);
            assert_eq!(reader.has_reply(), at >= end && replies == 2, "{begin} cut at {at}");
        }
        longer.extend_from_slice(b"x\r\n");
        for at in (0..8).chain(longest - 1..=longer.len()) {
            assert_eq!(read(&longer, at), Err(Violation::LineTooLong), "{begin} cut at {at}");
        }
    }
}

#[test]
fn a_reply_without_end_is_a_violation() {
    let mut reader = ReplyReader::default();
    let mut lines = 0;
    let violation = loop {
        reader.push(b"250-more\r\n");
        match reader.next_line().unwrap().unwrap() {
            ReplyLine::Part => lines += 1,
            ReplyLine::Last(reply) => panic!("{reply:?}"),
            ReplyLine::Broken(violation) => break violation,
        }
    };
    assert_eq!((lines, violation), (MOST_LINES, Violation::ReplyTooLong));
    let mut wide = b"250-".to_vec();
    wide.resize(LONGEST_LINE - 1, b'x');
    wide.extend_from_slice(b"\r\n");
    let mut reader = ReplyReader::default();
    let mut total = 0;
    while let ReplyLine::Part = {
        reader.push(&wide);
        reader.next_line().unwrap().unwrap()
    } {
        total += wide.len();
    }
    assert!(total <= LONGEST_REPLY);
}

#[test]
fn a_whole_reply_is_seen_without_reading_it() {
    let mut reader = ReplyReader::default();
    for (piece, seen) in
        [("55", false), ("2-full\r", false), ("\n", false), ("552 stop", false), ("\r\n", true)]
    {
        reader.push(piece.as_bytes());
        assert_eq!(reader.has_reply(), seen, "after {piece:?}");
    }
}

#[test]
fn a_bare_lf_is_noticed_at_every_split_and_nothing_else_is() {
    for (octets, seen) in
        [(&b"250-a\r\n250 b\r\n"[..], false), (b"250-a\n250 b\r\n", true), (b"250 a\rb\r\n", false)]
    {
        for at in 0..=octets.len() {
            let mut reader = ReplyReader::default();
            for piece in [&octets[..at], &octets[at..]] {
                reader.push(piece);
                while reader.next_line().unwrap().is_some() {}
            }
            assert_eq!(reader.saw_bare_lf(), seen, "{octets:?} at {at}");
        }
    }
}

#[test]
fn a_secret_that_is_repeated_is_starred_out() {
    let mut reply = Reply::new(500, "what is AHUAc2VjcmV0?\nsecretsecret");
    for secret in [&b"AHUAc2VjcmV0"[..], b"secret", b"is", b"****"] {
        reply.hide(secret);
    }
    assert_eq!(reply.text().collect::<Vec<_>>(), ["what is ************?", "************"]);
}

#[test]
fn an_enhanced_status_counts_if_its_class_is_the_codes() {
    assert_eq!(Reply::new(550, "5.1.1 No such user").enhanced().unwrap().to_string(), "5.1.1");
    assert_eq!(Reply::new(250, "5.1.1 No such user").enhanced(), None);
    assert_eq!(Reply::new(250, "OK").enhanced(), None);
}
