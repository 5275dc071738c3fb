use mail_builder::headers::Header as _;

use super::super::word;
use super::*;

/// A field as it is written, folds undone and with what is encoded in braces.
fn written(name: &str, value: &str) -> String {
    decoded(name, &field(name, value).unwrap())
}

fn decoded(name: &str, value: &HeaderType<'_>) -> String {
    let mut out = Vec::new();
    value.write_header(&mut out, name.len() + 2);
    let text = String::from_utf8(out).unwrap();
    let longest = text.split("\r\n").filter(|line| line.contains("=?")).map(str::len).max();
    assert!(longest.is_none_or(|longest| longest <= 76), "{text}");
    let text = text.replace("\r\n", "");
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some((before, word)) = rest.split_once("=?utf-8?") {
        let end = word.get(2..).and_then(|payload| payload.find("?=")).unwrap() + 4;
        let read = word::decode(&format!("=?utf-8?{}", &word[..end])).unwrap();
        // Between two encoded words a blank means nothing.
        if before == " " && shown.ends_with('}') {
            shown.pop();
            shown.push_str(&format!("{read}}}"));
        } else {
            shown.push_str(&format!("{before}{{{read}}}"));
        }
        rest = &word[end..];
    }
    shown + rest
}

#[test]
fn addresses_identifiers_and_uris_stay_as_they_are() {
    for (name, value, expected) in [
        ("Errors-To", "Zoë <z@x.example>", "{Zoë} <z@x.example>"),
        ("errors-to", "z@x.example (Zoë)", "z@x.example ({Zoë})"),
        ("Mail-Followup-To", "Zoë <z@x>, \"Ö, P\" <p@x>", "{Zoë} <z@x>, {Ö, P} <p@x>"),
        ("Return-Receipt-To", "Zoë<z@x>", "{Zoë} <z@x>"),
        ("Resent-From", "z@zoë.example", "z@xn--zo-ija.example"),
        ("Resent-Cc", "Zoë: a@b, \"c d\"@e;", "{Zoë} : a@b, \"c d\"@e;"),
        ("X-Approved-By", "Zoë <z@x>", "{Zoë} <z@x>"),
        ("X-Approved-By", "zoë@x.example, a@zoë.example", "zoë@x.example, a@xn--zo-ija.example"),
        ("X-Approved-By", "Zoë z@x.example", "{Zoë} z@x.example"),
        ("X-Seen-By", "für z@x.example, (p@x.example).", "{für} z@x.example, (p@x.example)."),
        ("Errors-To", "a@b(ü)c@d,(ü)e@f,ü<g@h>", "a@b ({ü}) c@d, ({ü}) e@f, {ü} <g@h>"),
        ("Resent-Sender", "John Q. Public <j@x>", "\"John Q. Public\" <j@x>"),
        ("X-Copy-To", "j@x, k@x", "j@x, k@x"),
        ("X-Copy-To", "John Q. Public", "John Q. Public"),
        ("X-Ref", "Ü<1.2@x.example>ü", "{Ü} <1.2@x.example> {ü}"),
        ("X-Page", "größer: https://x.example/a.", "{größer:} https://x.example/a."),
        ("X-Page", "mailto:z@x.example?subject=ü", "mailto:z@x.example?subject=%C3%BC"),
        ("X-Page", "<https://x.example/ü> ü", "<https://x.example/%C3%BC> {ü}"),
        ("Supersedes", "<a@b> (älter)", "<a@b> ({älter})"),
        ("List-Post", "NO (zurück (nie))", "NO ({zurück (nie)})"),
        ("List-Help", "<mailto:a@b?x=ü>, <https://x/>", "<mailto:a@b?x=%C3%BC>, <https://x/>"),
        ("List-ID", "Für \"alle\" <all.x.example>", "{Für alle} <all.x.example>"),
        ("Auto-Submitted", "auto-replied (Müller)", "auto-replied ({Müller})"),
        (
            "Auto-Submitted",
            "auto-replied; owner-email=\"jörg@x.example\"",
            "auto-replied; owner-email=\"jörg@x.example\"",
        ),
        (
            "Auto-Submitted",
            "no; a=jörg@zoë.example; b=\"ü x\"",
            "no; a=jörg@zoë.example; b*=UTF-8''%C3%BC%20x",
        ),
        ("X-Handle", "größe@home", "größe@home"),
        ("Content-Language", "de (österreichisch)", "de ({österreichisch})"),
        ("Content-Location", "https://x/ü", "https://x/%C3%BC"),
        ("Expires", "Fri, 4 Mar 2033 10:00:00 +0100 (Köln)", "Fri, 4 Mar 2033 10:00:00 +0100 ({Köln})"),
        ("Resent-Date", "4 Mar 33 10:00 EST (Köln)", "Fri, 4 Mar 2033 10:00:00 -0500"),
        ("Resent-Date", "soon", "soon"),
        ("Keywords", "grün, \"a, ö\"", "{grün} , {a, ö}"),
        ("Disposition-Notification-To", "=?utf-8?Q?Zo=C3=AB?= Müller <z@x>", "{Zoë Müller} <z@x>"),
    ] {
        assert_eq!(written(name, value), expected, "{name}: {value}");
    }
}

#[test]
fn text_is_encoded_whole_and_ascii_stays() {
    for (name, value, expected) in [
        ("X-Note", "Grüße, wie: immer; (ja)", "{Grüße, wie: immer; (ja)}"),
        ("Subject", "ü <a@b>", "{ü <a@b>}"),
        ("Comments", "ü <a@b>", "{ü <a@b>}"),
        ("Content-Description", "Größe: 1", "{Größe: 1}"),
        ("X-Note", "a (b) \"c\" <d> e@f =?x?", "a (b) \"c\" <d> e@f =?x?"),
        ("X-Note", "é @ <", "{é @ <}"),
        ("X-Note", "„a@b“", "{„} a@b {“}"),
        (
            "X-Vars",
            "{\"name\": \"Jörg\", \"mail\": \"j@x.example\"}",
            "{\"name\": {\"Jörg\",} \"mail\": \"j@x.example\"}",
        ),
        ("X-Vars", "{\"to\":[\"Jörg <j@x.example>\"]}", "{{\"to\":[\"Jörg} <j@x.example>\"]}"),
        ("X-Msg", "key=\"Größe\"; url=\"https://x.example/\"", "{key=\"Größe\";} url=\"https://x.example/\""),
        ("X-Msg", "https://x.example/a. Grüße von mir", "https://x.example/a. {Grüße} von mir"),
        ("X-Msg", "j@x.example: ü", "j@x.example: {ü}"),
        ("X-Msg", "(j@x.example) ü  ö", "(j@x.example) {ü  ö}"),
        ("X-Msg", "(j@x.example,ü) x", "(j@x.example {,ü)} x"),
        ("X-Msg", "ü =?x?= j@x", "{ü =?x?=} j@x"),
        ("X-Msg", "„https://x.example/ü“ ja", "{„} https://x.example/%C3%BC {“} ja"),
        ("X-Msg", "ü <<a@b>>", "{ü} <<a@b>>"),
        ("X-Note", "", ""),
    ] {
        assert_eq!(written(name, value), expected, "{name}: {value}");
    }
    let uri = format!("<https://x.example/{}>", "a".repeat(940));
    assert_eq!(written("List-Unsubscribe", &uri).trim(), uri);
}

#[test]
fn long_values_take_no_longer_than_their_length_asks_for() {
    // One that searched to the end from every place would not be done within minutes.
    for piece in ["<<‹", "<a‹", "<http:", "a-", "ü:a ", "@ü", "mailto:", "data:,<", "\"<", "a@", "(", "ü<a@b"]
    {
        let value = format!("ü{}", piece.repeat(100_000 / piece.len()));
        assert!(written("X-Note", &value).contains('ü'), "{piece}");
        assert!(written("List-Help", &value).contains('ü'), "{piece}");
    }
}

#[test]
fn long_words_of_a_field_with_a_structure_are_not_encoded() {
    let key = "QUJD".repeat(300);
    let written = |name: &str, value: &str| {
        let mut out = Vec::new();
        field(name, value)
            .map(|value| value.write_header(&mut out, name.len() + 2))
            .map_err(|e| e.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    };
    for (name, begin) in [("Autocrypt", "addr=j@x.example; keydata="), ("face", ""), ("X-Face", "")] {
        let out: Result<String, String> = written(name, &format!("{begin}{key}"));
        let out = out.unwrap();
        assert!(out.lines().all(|line| line.len() <= 80) && !out.contains("=?"), "{out}");
        let bare: String = out.split_whitespace().collect();
        assert_eq!(bare, format!("{begin}{key}").replace(' ', ""), "{name}");
    }
    assert_eq!(
        written("List-ID", &key),
        Err("List-ID: it contains a word that is too long for a line".to_owned())
    );
    assert!(written("X-Note", &key).unwrap().contains("=?"));
}

#[test]
fn a_disposition_has_its_name_in_the_form_of_parameters() {
    assert_eq!(
        written("Content-Disposition", "Inline; filename=\"ü.pdf\""),
        "inline; filename*=UTF-8''%C3%BC.pdf"
    );
}

#[test]
fn a_list_of_addresses_is_written_as_it_must_be() {
    let written = |value: &str| decoded("To", &super::list("To", value).unwrap());
    for (value, expected) in [
        ("John Q. Public <j@x>", "\"John Q. Public\" <j@x>"),
        ("[Team] Foo <f@x>", "\"[Team] Foo\" <f@x>"),
        ("a@b <a@b>", "\"a@b\" <a@b>"),
        ("\"a\" b <c@d>", "\"a\" b <c@d>"),
        ("g: a@b", "g: a@b;"),
        ("undisclosed-recipients:;", "undisclosed-recipients:;"),
        ("(all) a@b, =?utf-8?Q?=C3=BC?= <c@d>", "(all) a@b, {ü} <c@d>"),
        ("Empfänger:;", "{Empfänger} :;"),
    ] {
        assert_eq!(written(value), expected, "{value}");
    }
    let many: Vec<String> = (0..200).map(|n| format!("Jörg {n} <j{n}@x.example>")).collect();
    let list = many.join(", ");
    let mut out = Vec::new();
    super::list("To", &list).unwrap().write_header(&mut out, 4);
    let out = String::from_utf8(out).unwrap();
    assert_eq!(parse_list(out.trim_end(), None), parse_list(&list, None));
}
