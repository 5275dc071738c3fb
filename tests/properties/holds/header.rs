//! Header sections and the lists of addresses in them.

use super::path;
use ehlo::inside::message::address::{Address, parse_list, parse_one, read_list};
use ehlo::inside::message::header::{Header, check_name, check_value};
use ehlo_smtp::path::Domain;

pub fn holds(octets: &[u8]) {
    if let Ok(text) = std::str::from_utf8(octets) {
        list(text);
        field(text);
    }
    let Ok(header) = Header::parse(octets) else { return };
    let mut before = header.front();
    let mut lines = 0;
    for field in header.fields() {
        let span = field.span();
        assert_eq!(span.start, before, "fields follow one another");
        assert!(!field.name.is_empty() && check_name(field.name).is_ok());
        assert!(field.line > lines);
        (before, lines) = (span.end, field.line);
    }
    if header.is_present() {
        assert_eq!(before, header.end());
    }
    for domain in [None, Domain::parse("alpha.arpa").ok()] {
        if let Ok(recipients) = header.recipients(domain.as_ref()) {
            recipients.iter().for_each(is_address);
        }
        let _ = header.sender(domain.as_ref());
    }
    let _ = header.message_id();
}

/// A list of addresses, and each of them printed and read again.
fn list(text: &str) {
    let domain = Domain::parse("alpha.arpa").ok();
    for domain in [None, domain.as_ref()] {
        match parse_list(text, domain) {
            Ok(list) => {
                list.iter().for_each(is_address);
                let read = read_list(text, domain).expect("it was read");
                assert_eq!((&read.addresses, read.nobody), (&list, None));
                let printed: Vec<String> = list.iter().map(Address::to_string).collect();
                assert_eq!(parse_list(&printed.join(", "), None), Ok(list));
            }
            Err(error) => {
                assert!((1..=text.chars().count() + 1).contains(&error.position), "{error} in {text:?}");
            }
        }
    }
}

fn is_address(address: &Address) {
    let printed = address.to_string();
    assert!(!printed.chars().any(char::is_control), "{printed:?}");
    assert_eq!(parse_one(&printed, None).as_ref(), Ok(address), "{printed:?}");
    path::holds(address.path.to_string().as_bytes());
}

/// A field that passes the checks is one line of a header.
fn field(text: &str) {
    let Some((name, value)) = text.split_once(':') else { return };
    if check_name(name).is_ok() && check_value(value).is_ok() {
        let line = format!("{name}:{value}\r\n\r\n");
        let header = Header::parse(line.as_bytes()).expect("a field");
        let fields: Vec<_> = header.fields().map(|field| (field.name, field.value)).collect();
        assert_eq!(fields, [(name, format!("{value}\r\n").as_bytes())]);
    }
}
