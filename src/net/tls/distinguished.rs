//! Distinguished names, in the form for people (RFC 4514): `CN=mail.example.org,O=Example`.
//!
//! The library that reads certificates can write names too, but with a table of all object identifiers: 50 KB
//! of pointers, which would cost time at every start.

use std::fmt::Write as _;

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::{Encode, Tag, Tagged};
use x509_cert::name::Name;

/// A name as text, its last part first (RFC 4514, section 2.1). Controls are escaped; whoever prints it takes
/// care of what else is not fit for a terminal.
pub(super) fn in_words(name: &Name) -> String {
    let mut text = String::new();
    let parts: Vec<_> = name.iter_rdn().collect();
    for part in parts.into_iter().rev() {
        for (at, attribute) in part.iter().enumerate() {
            match at {
                0 if text.is_empty() => {}
                0 => text.push(','),
                _ => text.push('+'),
            }
            write_attribute(attribute, &mut text);
        }
    }
    text
}

/// Writes `type=value` (section 2.3): by name and text where the type is known and the value is text, else as
/// object identifier and octets. Writing to a String does not fail.
fn write_attribute(attribute: &AttributeTypeAndValue, text: &mut String) {
    match (short_name(&attribute.oid.to_string()), value(attribute)) {
        (Some(name), Some(value)) => {
            let _ = write!(text, "{name}=");
            write_value(&value, text);
        }
        _ => {
            let _ = write!(text, "{}=#", attribute.oid);
            for octet in attribute.value.to_der().unwrap_or_default() {
                let _ = write!(text, "{octet:02x}");
            }
        }
    }
}

/// The short names of section 3, and two others that are common.
fn short_name(oid: &str) -> Option<&'static str> {
    match oid {
        "2.5.4.3" => Some("CN"),
        "2.5.4.5" => Some("serialNumber"),
        "2.5.4.6" => Some("C"),
        "2.5.4.7" => Some("L"),
        "2.5.4.8" => Some("ST"),
        "2.5.4.9" => Some("STREET"),
        "2.5.4.10" => Some("O"),
        "2.5.4.11" => Some("OU"),
        "0.9.2342.19200300.100.1.1" => Some("UID"),
        "0.9.2342.19200300.100.1.25" => Some("DC"),
        "1.2.840.113549.1.9.1" => Some("emailAddress"),
        _ => None,
    }
}

/// A value as text, if it is one of the string types (RFC 5280, appendix A.1).
fn value(attribute: &AttributeTypeAndValue) -> Option<String> {
    let octets = attribute.value.value();
    match attribute.value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            std::str::from_utf8(octets).ok().map(str::to_owned)
        }
        // T.61 by the standard, Latin-1 in practice.
        Tag::TeletexString => Some(octets.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let units =
                octets.chunks(2).map(|pair| pair.iter().fold(0, |unit, &octet| unit << 8 | u16::from(octet)));
            String::from_utf16(&units.collect::<Vec<_>>()).ok()
        }
        _ => None,
    }
}

/// Writes a value, with what would be read as syntax escaped (section 2.4).
fn write_value(value: &str, text: &mut String) {
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        let escaped = match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            '#' => at == 0,
            ' ' => at == 0 || at == last,
            _ => false,
        };
        if escaped {
            text.push('\\');
        }
        if c.is_ascii_control() {
            let _ = write!(text, "\\{:02x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_cert::der::asn1::ObjectIdentifier;
    use x509_cert::der::{Any, Decode};
    use x509_cert::name::{RdnSequence, RelativeDistinguishedName};

    fn attribute(oid: &str, tag: Tag, octets: &[u8]) -> AttributeTypeAndValue {
        AttributeTypeAndValue {
            oid: ObjectIdentifier::new(oid).unwrap(),
            value: Any::new(tag, octets).unwrap(),
        }
    }

    /// A name with these parts, each with its attributes, read from DER as a certificate has it.
    fn written(parts: &[&[(&str, &str)]]) -> String {
        let mut name = RdnSequence::default();
        for part in parts {
            let attributes = part.iter().map(|(oid, text)| attribute(oid, Tag::Utf8String, text.as_bytes()));
            name.push(RelativeDistinguishedName::try_from(attributes.collect::<Vec<_>>()).unwrap());
        }
        in_words(&Name::from_der(&name.to_der().unwrap()).unwrap())
    }

    const CN: &str = "2.5.4.3";
    const OU: &str = "2.5.4.11";
    const UID: &str = "0.9.2342.19200300.100.1.1";
    const DC: &str = "0.9.2342.19200300.100.1.25";

    #[test]
    fn the_examples_of_rfc_4514_section_4() {
        let of_example_net = |part: &[(&str, &str)]| written(&[&[(DC, "net")], &[(DC, "example")], part]);
        assert_eq!(of_example_net(&[(UID, "jsmith")]), "UID=jsmith,DC=example,DC=net");
        assert_eq!(
            of_example_net(&[(OU, "Sales"), (CN, "J.  Smith")]),
            "OU=Sales+CN=J.  Smith,DC=example,DC=net"
        );
        assert_eq!(
            of_example_net(&[(CN, "James \"Jim\" Smith, III")]),
            r#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#
        );
        assert_eq!(of_example_net(&[(CN, "Before\rAfter")]), r"CN=Before\0dAfter,DC=example,DC=net");
        assert_eq!(written(&[&[(CN, "Lu\u{10d}i\u{107}")]]), "CN=Lu\u{10d}i\u{107}");
        let mut text = String::new();
        write_attribute(&attribute("1.3.6.1.4.1.1466.0", Tag::OctetString, b"Hi"), &mut text);
        assert_eq!(text, "1.3.6.1.4.1.1466.0=#04024869");
    }

    #[test]
    fn what_would_be_read_as_syntax_is_escaped() {
        assert_eq!(written(&[&[(CN, r"#a+b;c<d>e\f#g")]]), r"CN=\#a\+b\;c\<d\>e\\f#g");
        assert_eq!(written(&[&[(CN, " a b ")], &[(OU, " ")]]), r"OU=\ ,CN=\ a b\ ");
        assert_eq!(written(&[]), "");
    }

    #[test]
    fn other_kinds_of_text() {
        let text = |tag, octets: &[u8]| {
            let mut text = String::new();
            write_attribute(&attribute("2.5.4.10", tag, octets), &mut text);
            text
        };
        assert_eq!(text(Tag::TeletexString, b"M\xfcller"), "O=Müller");
        assert_eq!(text(Tag::BmpString, b"\x00M\x00\xfc"), "O=Mü");
        // Half a pair, and octets that are no UTF-8: as octets.
        assert_eq!(text(Tag::BmpString, b"\xd8\x00"), "2.5.4.10=#1e02d800");
        assert_eq!(text(Tag::Utf8String, b"\xff"), "2.5.4.10=#0c01ff");
    }
}
