use super::*;
use crate::dkim::algorithm::Form;

fn form(form: Form, header: &str) -> String {
    let mut out = Vec::new();
    fields(header.as_bytes()).iter().for_each(|field| field.write(form, &mut out));
    String::from_utf8(out).unwrap()
}

#[test]
fn the_rfcs_example_is_as_the_rfc_has_it() {
    // Section 3.4.5.
    let header = "A: X\r\nB : Y\t\r\n\tZ  \r\n";
    assert_eq!(form(Form::Relaxed, header), "a:X\r\nb:Y Z\r\n");
    assert_eq!(form(Form::Simple, header), header);
}

#[test]
fn relaxed_fields_have_one_line_and_single_spaces() {
    for (field, relaxed) in [
        ("SubJect:\tAbC\r\n", "subject:AbC\r\n"),
        ("a:\r\n", "a:\r\n"),
        ("a: \t \r\n", "a:\r\n"),
        ("a:\r\n b\r\n", "a:b\r\n"),
        ("a: b\r\n \r\n c\r\n", "a:b c\r\n"),
        ("a \t: b:c : d\r\n", "a:b:c : d\r\n"),
        // The message ends behind it.
        ("a: b", "a:b\r\n"),
        // Alone they are octets like any others.
        ("a: b\rc\nd\r\n", "a:b\rc\nd\r\n"),
        ("a: \u{e9}  \u{a0}\r\n", "a:\u{e9} \u{a0}\r\n"),
    ] {
        assert_eq!(form(Form::Relaxed, field), relaxed, "{field:?}");
    }
}

#[test]
fn fields_are_found_with_their_lines() {
    let header = "A: 1\r\nB: 2\r\n  3\r\n\t4\r\nstray\r\n: 5\r\na b: 6\r\nC:7\r\n\r\nD: no\r\n";
    let found: Vec<(usize, String, String)> = fields(header.as_bytes())
        .iter()
        .map(|field| (field.line, lossy(field.name), lossy(field.value())))
        .collect();
    let wanted = [
        (1, "A", " 1"),
        (2, "B", " 2\r\n  3\r\n\t4"),
        (5, "", "stray"),
        (6, "", ": 5"),
        (7, "", "a b: 6"),
        (8, "C", "7"),
    ];
    assert_eq!(found, wanted.map(|(line, name, value)| (line, name.to_owned(), value.to_owned())));
    assert!(fields(b"").is_empty() && fields(b"\r\nA: 1\r\n").is_empty());
    // With nothing before it, a continuation is no field.
    assert!(!fields(b" A: 1\r\n")[0].is_field());
}

fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

#[test]
fn names_mean_the_lowest_field_first_and_each_once() {
    let header = fields(b"A: 1\r\nb: 2\r\na: 3\r\nA : 4\r\n");
    let choice = Choice::new(&header);
    let chosen = |names: &[&str], without| -> Vec<String> {
        choice.fields(names.iter().copied(), without).iter().map(|field| lossy(field.value())).collect()
    };
    assert_eq!(chosen(&["a", "x", "B", "A", "a", "a", "a", "b"], None), [" 4", " 2", " 3", " 1"]);
    // The signature's own field is not there.
    assert_eq!(chosen(&["a", "a", "a"], Some(&header[2])), [" 4", " 1"]);
    assert_eq!([choice.count("a"), choice.count("B"), choice.count("c")], [3, 1, 0]);
}

#[test]
fn a_header_section_ends_where_it_ends_in_any_pieces() {
    for (message, header, body) in [
        ("A: 1\r\nB: 2\r\n\r\nbody\r\n\r\n", "A: 1\r\nB: 2\r\n", Some("body\r\n\r\n")),
        ("A: 1\r\n\r\n", "A: 1\r\n", Some("")),
        ("\r\nbody", "", Some("body")),
        ("\r\n\r\nbody", "", Some("\r\nbody")),
        ("A: 1\r\n", "A: 1\r\n", None),
        ("A: 1\n\nB: 2\r\n", "A: 1\n\nB: 2\r\n", None),
        ("", "", None),
    ] {
        for one in 0..=message.len() {
            for other in one..=message.len() {
                let (mut head, mut rest) = (Head::default(), Vec::new());
                for piece in [&message[..one], &message[one..other], &message[other..]] {
                    rest.extend_from_slice(head.push(piece.as_bytes()).unwrap());
                }
                assert_eq!(lossy(head.octets()), header, "{message:?} at {one} and {other}");
                assert_eq!(head.is_complete(), body.is_some());
                assert_eq!(lossy(&rest), body.unwrap_or_default(), "{message:?} at {one} and {other}");
            }
        }
    }
}

#[test]
fn a_header_section_has_a_bound() {
    let line = |length: usize| [b"A: ".as_slice(), &vec![b'a'; length - 7], b"\r\n\r\n"].concat();
    for (length, fits) in [(LONGEST + 2, true), (LONGEST + 3, false)] {
        let message = [line(length).as_slice(), b"body"].concat();
        for piece in [1 << 13, 4095, usize::MAX] {
            let mut head = Head::default();
            let pushed: Result<Vec<_>, _> =
                message.chunks(piece.min(message.len())).map(|piece| head.push(piece)).collect();
            assert_eq!(
                pushed.map(|pieces| pieces.concat()),
                if fits { Ok(b"body".to_vec()) } else { Err(HeadTooLong) }
            );
            assert!(head.octets().len() <= LONGEST + 2);
        }
    }
}
