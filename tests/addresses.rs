//! The address parser against two others, mail-parser and mailparse: they agree on ordinary lists, and where they
//! are known to be wrong ours is right.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests, and so are their helpers")]

use ehlo::inside::message::address::parse_list;
use mail_parser::MessageParser;
use mailparse::MailAddr;

type Read = Vec<(Option<String>, String)>;

fn ours(list: &str) -> Read {
    let list = parse_list(list, None).unwrap_or_else(|error| panic!("{list:?}: {error}"));
    list.into_iter().map(|address| (address.name, address.path.to_string())).collect()
}

fn mail_parser(list: &str) -> Read {
    let message = format!("To: {list}\r\n\r\n");
    let message = MessageParser::new().parse(message.as_bytes()).unwrap();
    let Some(to) = message.to() else { return Read::new() };
    to.iter().map(|a| (a.name().map(str::to_owned), a.address().unwrap_or_default().to_owned())).collect()
}

fn mailparse(list: &str) -> Option<Read> {
    let mut read = Read::new();
    for address in mailparse::addrparse(list).ok()?.iter() {
        match address {
            MailAddr::Single(one) => read.push((one.display_name.clone(), one.addr.clone())),
            MailAddr::Group(group) => {
                read.extend(group.addrs.iter().map(|one| (one.display_name.clone(), one.addr.clone())));
            }
        }
    }
    Some(read)
}

#[test]
fn ordinary_lists_are_read_alike_by_all_three() {
    for list in [
        "a@b.example",
        "<a@b.example>",
        "a@b.example, c@d.example",
        "Name <a@b.example>",
        "Two Words <a@b.example>, Other <c@d.example>",
        "\"Last, First\" <a@b.example>",
        "\"a \\\"b\\\" c\" <a@b.example>, x@y.example",
        "a.b+tag@sub.domain.example",
        "o'neil!#$%&*/=?^_`{|}~-@b.example",
        "Name <a@b.example>, <c@d.example>, e@f.example",
        "group: a@b.example, c@d.example;",
        "Jürgen <a@b.example>",
    ] {
        assert_eq!(ours(list), mail_parser(list), "mail-parser: {list:?}");
        assert_eq!(Some(ours(list)), mailparse(list), "mailparse: {list:?}");
    }
}

#[test]
fn encoded_words_are_decoded_as_mail_parser_does() {
    for list in [
        "=?utf-8?Q?J=C3=BCrgen?= <a@b.example>",
        "=?iso-8859-1?Q?J=FCrgen?= Smith <a@b.example>",
        "=?utf-8?B?SsO8cmdlbg==?= =?utf-8?Q?_M=C3=BCller?= <a@b.example>, c@d.example",
    ] {
        assert_eq!(ours(list), mail_parser(list), "{list:?}");
    }
}

/// What mail-parser 0.11 makes of these is wrong; a recipient would be lost, mangled or invented.
#[test]
fn what_mail_parser_misreads_is_right_here() {
    for (list, path) in [
        ("\"quoted local\"@x.example", "\"quoted local\"@x.example"),
        ("pete(his account)@silly.test", "pete@silly.test"),
        ("<@r1.example,@r2.example:dd@x.example>", "dd@x.example"),
        ("x@[IPv6:::1]", "x@[IPv6:::1]"),
    ] {
        let right = vec![(None, path.to_owned())];
        assert_eq!(ours(list), right);
        assert_ne!(
            mail_parser(list),
            right,
            "mail-parser reads {list:?} well now: move it to the first test"
        );
    }
    assert!(parse_list("broken@", None).is_err());
    assert!(!mail_parser("broken@").is_empty());
}

/// What mailparse 0.18 makes of these is wrong.
#[test]
fn what_mailparse_misreads_is_right_here() {
    let list = "group: a@b.example;, e@f.example";
    let right = vec![(None, "a@b.example".to_owned()), (None, "e@f.example".to_owned())];
    assert_eq!(ours(list), right);
    assert_ne!(mailparse(list), Some(right), "mailparse reads {list:?} well now: move it to the first test");
}
