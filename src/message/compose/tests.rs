use mail_parser::{MessageParser, MimeHeaders, PartType};

use super::super::address::{parse_list, parse_one};
use super::super::source::Source;
use super::super::{Attachment, Inline, Text};
use super::*;

/// A draft whose octets do not depend on the day.
fn draft() -> Draft {
    Draft {
        from: Some(parse_one("Me <me@x.example>", None).unwrap()),
        to: parse_list("you@y.example", None).unwrap(),
        subject: Some("Backup".to_owned()),
        text: Some(Text::Given("done\n".to_owned())),
        date: Some("Sat, 21 Nov 2026 10:00:00 +0100".to_owned()),
        message_id: Some("<1@x.example>".to_owned()),
        ..Draft::default()
    }
}

fn with_header(name: &str, value: &str) -> Draft {
    Draft { headers: vec![(name.to_owned(), value.to_owned())], ..draft() }
}

fn file(octets: &[u8], name: &str) -> Attachment {
    Attachment { source: Source::bytes(octets.to_vec()), media_type: None, name: Some(name.to_owned()) }
}

fn picture(octets: &[u8], name: &str) -> Inline {
    let Attachment { source, media_type, name } = file(octets, name);
    Inline { source, media_type, name, content_id: None }
}

/// The octets as they arrive; and what must be so of every composed message.
fn written(draft: Draft) -> Vec<u8> {
    let composed = draft.compose().unwrap_or_else(|error| panic!("{error}"));
    let (mut out, mut again) = (Vec::new(), Vec::new());
    composed.write_to(&mut out).unwrap();
    composed.write_to(&mut again).unwrap();
    assert!(out == again, "twice the same");
    let arrived = crlf(&out);
    assert_eq!(composed.facts().octets, arrived.len() as u64);
    assert_eq!(composed.facts().eight_bit, !out.is_ascii());
    assert!(arrived.ends_with(b"\r\n") && !arrived.contains(&0));
    for line in arrived.split(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        assert!(line.len() <= 998 && !line.contains(&b'\r'), "{}", String::from_utf8_lossy(line));
    }
    arrived
}

fn crlf(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, octet) in octets.iter().enumerate() {
        if *octet == b'\n' && (at == 0 || octets[at - 1] != b'\r') {
            out.push(b'\r');
        }
        out.push(*octet);
    }
    out
}

fn text_of(draft: Draft) -> String {
    String::from_utf8(written(draft)).unwrap()
}

/// The names of the header's fields.
fn names(message: &[u8]) -> Vec<String> {
    Header::parse(message).unwrap().fields().map(|field| field.name.to_owned()).collect()
}

/// Unfolded.
fn field(message: &[u8], name: &str) -> String {
    let header = Header::parse(message).unwrap();
    String::from_utf8_lossy(header.first(name).unwrap().value).replace("\r\n", "").trim().to_owned()
}

/// The tree: types by depth.
fn shape(message: &[u8]) -> Vec<String> {
    let message = MessageParser::new().parse(message).unwrap();
    let kind = |part: &mail_parser::MessagePart<'_>| {
        let kind = part.content_type().unwrap();
        format!("{}/{}", kind.c_type, kind.c_subtype.as_deref().unwrap_or_default())
    };
    message.parts.iter().map(kind).collect()
}

#[test]
fn a_text_alone_is_a_plain_message() {
    assert_eq!(
        text_of(draft()),
        "Date: Sat, 21 Nov 2026 10:00:00 +0100\r\n\
         From: \"Me\" <me@x.example>\r\n\
         To: <you@y.example>\r\n\
         Subject: Backup\r\n\
         Message-ID: <1@x.example>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=\"utf-8\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         done\r\n"
    );
}

#[test]
fn all_fields_stand_in_a_sensible_order() {
    let mut draft = draft();
    draft.cc = parse_list("c@y.example, Postmaster", None).unwrap();
    draft.reply_to = parse_list("r@x.example", None).unwrap();
    draft.in_reply_to = Some("<a@b> <c@d>".to_owned());
    draft.headers = vec![
        ("X-One".to_owned(), "1".to_owned()),
        ("references".to_owned(), "<a@b>".to_owned()),
        ("X-One".to_owned(), "2".to_owned()),
        ("mime-version".to_owned(), " 1.0 (as it is)".to_owned()),
    ];
    let message = written(draft);
    assert_eq!(
        names(&message),
        [
            "Date",
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Subject",
            "Message-ID",
            "In-Reply-To",
            "References",
            "X-One",
            "X-One",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding"
        ]
    );
    assert_eq!(field(&message, "In-Reply-To"), "<a@b> <c@d>");
    assert_eq!(field(&message, "Cc"), "<c@y.example>, \"Postmaster\":;");
}

#[test]
fn a_given_field_replaces_its_namesake_whatever_the_case() {
    for (name, value, expected) in [
        ("SUBJECT", "other", "other"),
        ("subject", "", ""),
        ("from", "Ü <u@x.example>", "=?utf-8?B?w5w=?= <u@x.example>"),
        ("from", "u@x.example (Ü)", "u@x.example (=?utf-8?B?w5w=?=)"),
        ("To", "undisclosed-recipients:;", "undisclosed-recipients:;"),
        ("to", "Postmaster", "\"Postmaster\":;"),
        ("To", "(all) a@b, g: c@d;", "(all) a@b, g: c@d;"),
        ("To", "Ü: a@b;", "=?utf-8?B?w5w=?= : a@b;"),
        ("To", "Ü:;", "=?utf-8?B?w5w=?= :;"),
        ("Message-ID", "<2@x.example> (Ü)", "<2@x.example> (=?utf-8?B?w5w=?=)"),
        ("Message-ID", "2@x.example (a)", "<2@x.example> (a)"),
        ("Message-ID", "(<2@x>) 2@x", "(<2@x>) <2@x>"),
        ("dAtE", "2026-11-21T10:00:00Z", "Sat, 21 Nov 2026 10:00:00 +0000"),
        ("message-id", "2@x.example", "<2@x.example>"),
    ] {
        let message = written(with_header(name, value));
        assert_eq!(field(&message, name), expected, "{name}");
        assert_eq!(names(&message).len(), 8, "{name}");
    }
    let composed = with_header("Message-Id", "<2@x.example>").compose().unwrap();
    assert_eq!(composed.message_id(), "2@x.example");
}

#[test]
fn from_may_come_as_a_field_and_gives_the_domain_of_the_identifier() {
    let mut draft = with_header("From", "Me <me@other.example>");
    draft.from = None;
    draft.message_id = None;
    assert!(draft.compose().unwrap().message_id().ends_with("@other.example"));
}

#[test]
fn nothing_can_be_injected() {
    for (name, value) in [
        ("X-A\r\nBcc: e@e", "v"),
        ("X-A: x", "v"),
        ("X A", "v"),
        ("", "v"),
        ("X-A", "v\r\nBcc: e@e"),
        ("X-A", "v\nBcc: e@e"),
        ("X-A", "v\rBcc: e@e"),
        ("X-A", "v\0"),
        ("Subject", "v\r\n\r\nbody"),
        ("From", "a@b\r\nBcc: e@e"),
        ("To", "a@b>,<c"),
        ("Message-ID", "<a@b>\r\nBcc: e@e"),
        ("In-Reply-To", "<a@b>\r\nBcc: e@e"),
        ("References", "a b"),
        ("Date", "now\r\nBcc: e@e"),
        ("Date", "soon"),
    ] {
        assert!(with_header(name, value).compose().is_err(), "{name:?} {value:?}");
    }
    let refused: [fn(&mut Draft); 11] = [
        |draft| draft.subject = Some("a\r\nBcc: e@e".to_owned()),
        |draft| draft.message_id = Some("a@b>\r\nBcc: <e@e".to_owned()),
        |draft| draft.in_reply_to = Some("a@b\r\nBcc:e@e".to_owned()),
        |draft| draft.date = Some("Sat, 21 Nov 2026 10:00:00 +0100\r\nBcc: e@e".to_owned()),
        |draft| draft.from.as_mut().unwrap().name = Some("a\r\nBcc: e@e".to_owned()),
        |draft| draft.to[0].name = Some("a\nb".to_owned()),
        |draft| draft.attachments = vec![file(b"", "a\r\nBcc: e@e")],
        |draft| {
            draft.attachments =
                vec![Attachment { media_type: Some("a/b\r\nBcc: e@e".to_owned()), ..file(b"", "a") }]
        },
        |draft| {
            draft.attachments =
                vec![Attachment { media_type: Some("multipart/mixed".to_owned()), ..file(b"", "a") }]
        },
        |draft| draft.inline = vec![picture(b"", "a.png")],
        |draft| {
            draft.html = Some(Text::Given(String::new()));
            draft.inline =
                vec![Inline { content_id: Some("a>\r\nBcc: e@e".to_owned()), ..picture(b"", "a") }];
        },
    ];
    for (index, spoil) in refused.iter().enumerate() {
        let mut draft = draft();
        spoil(&mut draft);
        assert!(draft.compose().is_err(), "{index}");
    }
}

#[test]
fn what_would_spoil_the_message_is_refused_by_name() {
    assert!(matches!(with_header("bcc", "a@b").compose(), Err(DraftError::Blind { .. })));
    assert!(matches!(with_header("RESENT-BCC", "a@b").compose(), Err(DraftError::Blind { .. })));
    assert!(matches!(with_header("content-type", "text/html").compose(), Err(DraftError::Reserved { .. })));
    assert!(matches!(with_header("MIME-Version", "2.0").compose(), Err(DraftError::Reserved { .. })));
    let mut twice = with_header("Subject", "a");
    twice.headers.push(("subject".to_owned(), "b".to_owned()));
    assert!(matches!(twice.compose(), Err(DraftError::Twice { .. })));
    assert!(matches!(Draft { from: None, ..draft() }.compose(), Err(DraftError::NoFrom)));
    let postmaster = parse_one("Postmaster", None).ok();
    assert!(matches!(Draft { from: postmaster, ..draft() }.compose(), Err(DraftError::NoFrom)));
    let long = with_header(&"X".repeat(1000), "a").compose().unwrap_err();
    assert!(long.to_string().contains("XXXXXXXX...'"), "{long}");
    let address = format!("{}@x.example", "a".repeat(1100));
    assert!(matches!(with_header("To", &address).compose(), Err(DraftError::LongLine { .. })));
    let mut same = draft();
    same.html = Some(Text::Given(String::new()));
    same.inline = vec![picture(b"1", "a.png"), picture(b"2", "a.png")];
    assert!(matches!(same.compose(), Err(DraftError::SameContentId { .. })));
}

#[test]
fn long_and_foreign_values_are_folded_and_encoded() {
    let words = "word ".repeat(300);
    let token = "x".repeat(1200);
    let umlauts = "Grüße ".repeat(100);
    for value in [words.trim(), &token, umlauts.trim(), "a\tb", "=?utf-8?Q?given?="] {
        for name in ["Subject", "X-Custom"] {
            let message = written(with_header(name, value));
            let parsed = MessageParser::new().parse(&message).unwrap();
            let read = parsed.header_raw(name).unwrap().to_owned();
            assert!(read.is_ascii());
            if name == "Subject" && !value.contains(['=', '\t']) {
                assert_eq!(parsed.subject().unwrap(), value);
            }
            let limit = if value.contains(' ') || value == token { 78 } else { 998 };
            assert!(read.lines().skip(1).all(|line| line.len() <= limit), "{read}");
        }
    }
    let folded = text_of(with_header("Subject", words.trim()));
    assert!(!folded.contains("=?"));
}

#[test]
fn names_of_any_kind_survive() {
    for name in ["Müller, Jürgen", "a \"b\" c", "a@b, c", "x.y (z)", "=x?", "语言", "back\\slash"] {
        let mut draft = draft();
        draft.to[0].name = Some(name.to_owned());
        draft.cc = draft.to.clone();
        let message = written(draft);
        let read = Header::parse(&message).unwrap().recipients(None).unwrap();
        assert_eq!(read.len(), 2);
        assert!(
            read.iter().all(|a| a.name.as_deref() == Some(name) && a.path.to_string() == "you@y.example")
        );
    }
}

#[test]
fn many_recipients_are_folded() {
    let list: Vec<String> = (0..500).map(|n| format!("\"Name, {n}\" <user{n}@y.example>")).collect();
    let mut draft = draft();
    draft.to = parse_list(&list.join(","), None).unwrap();
    let to = draft.to.clone();
    let message = written(draft);
    assert_eq!(Header::parse(&message).unwrap().recipients(None).unwrap(), to);
}

#[test]
fn utf8_addresses_are_told() {
    let mut draft = draft();
    draft.to = parse_list("ü@müller.example", None).unwrap();
    let facts = draft.compose().unwrap().facts();
    assert!(facts.eight_bit && facts.utf8_headers);
}

#[test]
fn texts_arrive_as_they_are_whatever_is_in_them() {
    let long = "x".repeat(5000);
    for text in [
        "",
        "a",
        "one\ntwo\r\nthree\rfour",
        "trailing blank \nx",
        ".\n..\nFrom here\n",
        "Grüße\nvon hier",
        "语言语言语言语言\n第二行",
        "nul \0 bel \x07 esc \x1b[0m ff \x0c del \x7f",
        "\0\r\0\n",
        &long,
    ] {
        let expected = text.replace("\r\n", "\n");
        let expected = expected.strip_suffix('\n').unwrap_or(&expected).replace('\n', "\r\n");
        let expected = if text.is_empty() { String::new() } else { expected + "\r\n" };
        for html in [false, true] {
            let mut draft = draft();
            draft.text = Some(Text::Octets(Source::bytes(text.as_bytes().to_vec())));
            if html {
                draft.html = draft.text.replace(Text::Given("plain".to_owned()));
            }
            let message = written(draft);
            let parsed = MessageParser::new().parse(&message).unwrap();
            let read = match &parsed.parts.last().unwrap().body {
                PartType::Text(text) | PartType::Html(text) => text.clone(),
                other => panic!("{other:?}"),
            };
            // In a multipart the last line end before a boundary is the boundary's.
            assert_eq!(read, expected, "{text:?}");
            let controls =
                message.iter().filter(|octet| octet.is_ascii_control() && !b"\t\r\n".contains(octet));
            assert_eq!(controls.count(), 0);
        }
    }
}

#[test]
fn the_charset_of_the_body_is_translated() {
    let mut draft = draft();
    draft.text = Some(Text::Octets(Source::bytes(b"Gr\xfc\xdfe".to_vec())));
    draft.charset = Some("latin1".to_owned());
    let message = written(draft);
    assert_eq!(MessageParser::new().parse(&message).unwrap().body_text(0).unwrap(), "Grüße\r\n");
}

#[test]
fn the_tree_is_as_it_should_be() {
    let build = |text: bool, html: bool, inline: bool, attachment: bool| {
        let mut draft = draft();
        draft.text = text.then(|| Text::Given("text".to_owned()));
        draft.html = html.then(|| Text::Given("<p>html".to_owned()));
        draft.inline = if inline { vec![picture(b"png", "logo.png")] } else { Vec::new() };
        draft.attachments = if attachment { vec![file(b"pdf", "a.pdf")] } else { Vec::new() };
        shape(&written(draft)).join(" ")
    };
    assert_eq!(build(false, false, false, false), "text/plain");
    assert_eq!(build(false, true, false, false), "text/html");
    assert_eq!(build(true, true, false, false), "multipart/alternative text/plain text/html");
    assert_eq!(build(false, false, false, true), "multipart/mixed application/pdf");
    assert_eq!(build(true, false, false, true), "multipart/mixed text/plain application/pdf");
    assert_eq!(build(false, true, true, false), "multipart/related text/html image/png");
    assert_eq!(
        build(true, true, true, true),
        "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png \
         application/pdf"
    );
}

#[test]
fn files_arrive_octet_for_octet_with_their_names_and_types() {
    for length in [0, 1, 2, 56, 57, 58, 1000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 100] {
        let octets: Vec<u8> = (0..length).map(|n| (n * 7 % 256) as u8).collect();
        let mut draft = draft();
        draft.attachments = vec![file(&octets, "Prüfung, \"1\".bin"), file(b"a\r\nb\nc\rd", "x.log")];
        draft.html = Some(Text::Given("<img src=cid:logo.png>".to_owned()));
        draft.inline = vec![picture(&octets, "logo.png")];
        let message = written(draft);
        let parsed = MessageParser::new().parse(&message).unwrap();
        let by_name = |name: &str| {
            parsed
                .parts
                .iter()
                .find(|part| part.attachment_name() == Some(name))
                .unwrap_or_else(|| panic!("{name}"))
        };
        assert!(by_name("Prüfung, \"1\".bin").contents() == octets, "{length}");
        assert_eq!(by_name("x.log").contents(), b"a\r\nb\nc\rd");
        assert_eq!(by_name("x.log").content_type().unwrap().attribute("charset"), Some("us-ascii"));
        let logo = by_name("logo.png");
        assert!(logo.contents() == octets);
        let id = logo.content_id().unwrap();
        assert!(id.starts_with("logo.png.") && id.ends_with("@x.example"), "{id}");
        assert_eq!(parsed.body_html(0).unwrap(), format!("<img src=cid:{id}>\r\n"));
        assert_eq!(logo.content_disposition().unwrap().c_type, "inline");
        assert_eq!(by_name("x.log").content_disposition().unwrap().c_type, "attachment");
    }
}

#[test]
fn a_message_goes_along_as_it_is_or_as_octets() {
    for (message, kind, encoding) in [
        (&b"Subject: inner\n\ntext\n"[..], "message/rfc822", "7bit"),
        (b"Subject: inner\r\n\r\n--=_x\r\nno line end", "message/rfc822", "7bit"),
        (b"Subject: inner\n\n\xc3\xbc\n", "message/rfc822", "8bit"),
        (b"Subject: inner\n\n\xfc\r\n", "message/rfc822", "8bit"),
        (b"Subject: inner\n\na\rb\n", "application/octet-stream", "base64"),
    ] {
        let mut draft = draft();
        draft.attachments = vec![file(message, "inner.eml"), file(b"next", "next.bin")];
        let composed =
            Draft { attachments: vec![file(message, "inner.eml")], ..self::draft() }.compose().unwrap();
        let is_eight_bit = encoding == "8bit";
        assert_eq!(composed.facts().eight_bit, is_eight_bit);
        assert!(!composed.facts().utf8_headers);
        assert_eq!(composed.eight_bit_files().concat(), if is_eight_bit { "inner.eml" } else { "" });
        assert_eq!(composed.remarks().len(), usize::from(encoding == "base64"));
        let out = written(draft);
        let whole = is_eight_bit.then(|| "8bit".to_owned());
        let header = Header::parse(&out).unwrap();
        assert_eq!(
            header.has("Content-Transfer-Encoding").then(|| field(&out, "Content-Transfer-Encoding")),
            whole
        );
        let parsed = MessageParser::new().parse(&out).unwrap();
        let part = parsed.attachment(0).unwrap();
        let found = part.content_type().unwrap();
        assert_eq!(format!("{}/{}", found.c_type, found.c_subtype.as_deref().unwrap()), kind);
        assert_eq!(part.content_transfer_encoding(), Some(encoding));
        assert_eq!(parsed.attachment(1).unwrap().contents(), b"next");
        if kind == "message/rfc822" {
            assert_eq!(parsed.attachment(0).unwrap().message().unwrap().subject(), Some("inner"));
        } else {
            assert_eq!(part.contents(), message);
        }
    }
}

#[test]
fn every_multipart_around_8_bits_says_so() {
    let mut draft = draft();
    draft.html = Some(Text::Given("<p>".to_owned()));
    draft.inline = vec![picture(b"Subject: x\n\n\xfc\n", "x.eml")];
    draft.attachments = vec![file(b"Subject: y\n\ny\n", "y.eml")];
    let message = written(draft);
    let parsed = MessageParser::new().parse(&message).unwrap();
    let encodings: Vec<_> = parsed.parts.iter().map(|part| part.content_transfer_encoding()).collect();
    assert_eq!(encodings[..3], [Some("8bit"), Some("8bit"), Some("7bit")], "mixed, alternative, plain");
    assert_eq!(
        encodings[3..],
        [Some("8bit"), Some("7bit"), Some("8bit"), Some("7bit")],
        "related, its two, y"
    );
}

#[test]
fn a_message_that_quotes_our_boundary_goes_along() {
    let attached = |message: &[u8]| Draft { attachments: vec![file(message, "inner.eml")], ..draft() };
    let first = written(attached(b"Subject: inner\n\ntext\n"));
    let second = written(attached(&first));
    let parsed = MessageParser::new().parse(&second).unwrap();
    assert_eq!(parsed.attachment(0).unwrap().message().unwrap().subject(), Some("Backup"));
    assert_eq!(parsed.attachment_count(), 1);
}

#[test]
fn identifiers_of_pictures_are_of_one_message_only() {
    let build = |id: &str, given: Option<&str>| {
        let mut draft = draft();
        draft.message_id = Some(id.to_owned());
        draft.html = Some(Text::Octets(Source::bytes(b"<img src=\"cid:my%20logo.png\"> \xfc".to_vec())));
        draft.charset = Some("latin1".to_owned());
        draft.inline =
            vec![Inline { content_id: given.map(str::to_owned), ..picture(b"png", "my logo.png") }];
        let message = written(draft);
        let parsed = MessageParser::new().parse(&message).unwrap();
        let id = parsed.parts[4].content_id().unwrap().to_owned();
        (id, parsed.body_html(0).unwrap().into_owned())
    };
    let ((one, html), (two, _)) = (build("1@x.example", None), build("2@x.example", None));
    assert_ne!(one, two);
    assert!(one.starts_with("my-logo.png.") && one.ends_with("@x.example"), "{one}");
    assert_eq!(html, format!("<img src=\"cid:{one}\"> ü\r\n"));
    let (id, html) = build("1@x.example", Some("<logo>"));
    assert_eq!((id.as_str(), html.as_str()), ("logo", "<img src=\"cid:my%20logo.png\"> ü\r\n"));
}

#[test]
fn an_answer_refers_to_what_it_answers() {
    let answer = |in_reply_to: Option<&str>, headers: &[(&str, &str)]| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let draft = Draft { in_reply_to: in_reply_to.map(str::to_owned), headers, ..draft() };
        let message = written(draft);
        Header::parse(&message).unwrap().has("References").then(|| field(&message, "References"))
    };
    assert_eq!(answer(Some("1@x"), &[]).as_deref(), Some("<1@x>"));
    assert_eq!(answer(Some("<1@x> (his) <2@x>"), &[]).as_deref(), Some("<1@x> <2@x>"));
    assert_eq!(answer(Some("<1@x>"), &[("references", "<0@x> <1@x>")]).as_deref(), Some("<0@x> <1@x>"));
    assert_eq!(answer(None, &[("In-Reply-To", "<1@x>")]).as_deref(), Some("<1@x>"));
    assert_eq!(answer(None, &[]), None);
}

#[test]
fn a_message_to_nobody_who_is_shown_says_so() {
    let to = |to: &str, cc: &str, given: &[(&str, &str)]| {
        let headers = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let list = |text| parse_list(text, None).unwrap();
        let message = written(Draft { to: list(to), cc: list(cc), headers, ..draft() });
        let has_to = Header::parse(&message).unwrap().has("To");
        assert!(!has_to || names(&message)[..3] == ["Date", "From", "To"], "{:?}", names(&message));
        has_to.then(|| field(&message, "To"))
    };
    assert_eq!(to("", "", &[]).as_deref(), Some("undisclosed-recipients:;"));
    assert_eq!(to("", "", &[("to", "")]).as_deref(), Some("undisclosed-recipients:;"));
    assert_eq!(to("a@b", "", &[]).as_deref(), Some("<a@b>"));
    assert_eq!(to("", "", &[("To", "a@b")]).as_deref(), Some("a@b"));
    assert_eq!(to("", "c@d", &[]), None);
    assert_eq!(to("", "", &[("CC", "c@d")]), None);
}

#[test]
fn the_same_draft_gives_the_same_octets() {
    let build = |id: &str| {
        let mut draft = draft();
        draft.html = Some(Text::Given("<p>".to_owned()));
        draft.attachments = vec![file(b"x", "x.bin")];
        draft.message_id = Some(id.to_owned());
        written(draft)
    };
    assert_eq!(build("1@x"), build("1@x"));
    assert_eq!(build("1@x").len(), build("2@x").len());
    assert_ne!(build("1@x"), build("2@x"));
    let mut random = draft();
    random.message_id = None;
    random.date = None;
    let message = text_of(random);
    assert!(!message.contains("localhost") && message.contains("@x.example>\r\nMIME-Version"));
}

#[test]
fn a_file_that_changes_breaks_the_message_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    std::fs::write(&path, "as it was").unwrap();
    let mut draft = draft();
    let source = Source::open(&path).unwrap();
    draft.attachments = vec![Attachment { source, media_type: None, name: None }];
    let composed = draft.compose().unwrap();
    std::fs::write(&path, "as it is now").unwrap();
    let error = composed.write_to(&mut Vec::new()).unwrap_err();
    assert!(super::super::source::is_changed(&error));
}

#[test]
fn missing_fields_are_made_and_no_others() {
    let from = parse_one("Me <me@x.example>", None).unwrap();
    let make = |message: &str| {
        let header = Header::parse(message.as_bytes()).unwrap();
        let date = Some("Sat, 21 Nov 2026 10:00:00 +0100");
        missing(&header, Some(&from), date, Some("1@x")).map(|lines| String::from_utf8(lines).unwrap())
    };
    assert_eq!(
        make("To: a@b\n\n").unwrap(),
        "Date: Sat, 21 Nov 2026 10:00:00 +0100\r\nFrom: \"Me\" <me@x.example>\r\nMessage-ID: <1@x>\r\n"
    );
    assert_eq!(make("From: a@b\nmessage-id: <2@x>\nDATE: x\n\n").unwrap(), "");
    let bare = Header::parse(b"To: a@b\n\n").unwrap();
    assert!(matches!(missing(&bare, None, None, None), Err(DraftError::NoFrom)));
    let lines = String::from_utf8(missing(&bare, Some(&from), None, None).unwrap()).unwrap();
    assert!(lines.ends_with("@x.example>\r\n"));
    // One that has a From gets its identifier there.
    let own = Header::parse(b"From: A <a@own.example>\n\n").unwrap();
    let lines = String::from_utf8(missing(&own, Some(&from), None, None).unwrap()).unwrap();
    assert!(lines.ends_with("@own.example>\r\n"), "{lines}");
    let unread = Header::parse(b"From: <>\n\n").unwrap();
    let lines = String::from_utf8(missing(&unread, Some(&from), None, None).unwrap()).unwrap();
    assert!(lines.ends_with("@x.example>\r\n"), "{lines}");
}
