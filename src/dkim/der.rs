//! As much of DER (X.690) as keys need: values with their tags, one behind the other, and whole numbers.

/// A whole number.
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const NULL: u8 = 0x05;
pub const OBJECT: u8 = 0x06;
/// Several values as one.
pub const SEQUENCE: u8 = 0x30;

/// Takes the value that the octets begin with, if it has this tag.
pub fn take<'a>(octets: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (found, length, behind) = match **octets {
        [found, length @ 0..=0x7f, ref behind @ ..] => (found, usize::from(length), behind),
        [found, 0x81, length @ 0x80..=0xff, ref behind @ ..] => (found, usize::from(length), behind),
        [found, 0x82, high @ 1..=0xff, low, ref behind @ ..] => {
            (found, usize::from(high) << 8 | usize::from(low), behind)
        }
        // Nothing here is as long as 64 KiB.
        _ => return None,
    };
    let (value, rest) = behind.split_at_checked(length)?;
    (found == tag).then(|| {
        *octets = rest;
        value
    })
}

/// The value that the octets are, if it has this tag and nothing follows it.
pub fn only(mut octets: &[u8], tag: u8) -> Option<&[u8]> {
    take(&mut octets, tag).filter(|_| octets.is_empty())
}

/// Takes a whole number that is not negative, without the zeros in front.
pub fn number<'a>(octets: &mut &'a [u8]) -> Option<&'a [u8]> {
    let value = take(octets, INTEGER)?;
    let is_shortest = !matches!(value, [0, 0..=0x7f, ..]);
    if value.first().is_none_or(|first| *first > 0x7f) || !is_shortest {
        return None;
    }
    Some(value.strip_prefix(&[0]).unwrap_or(value))
}

/// A value with its tag and its length in front. It is shorter than 64 KiB.
pub fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let inside = parts.concat();
    let [.., high, low] = inside.len().to_be_bytes();
    let length = match inside.len() {
        0..=0x7f => vec![low],
        0x80..=0xff => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [&[tag], length.as_slice(), &inside].concat()
}

/// A whole number, as it is written.
pub fn integer(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number.first().is_none_or(|first| *first > 0x7f) { &[0] } else { &[] };
    value(INTEGER, &[sign, number])
}

/// How many bits a whole number has. There are no zeros in front.
pub fn bits(number: &[u8]) -> u32 {
    let first = number.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(number.len() * 8).unwrap_or(u32::MAX).saturating_sub(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        for length in [0, 1, 127, 128, 255, 256, 65535] {
            let inside = vec![7; length];
            let written = value(OCTET_STRING, &[&inside]);
            assert_eq!(only(&written, OCTET_STRING), Some(inside.as_slice()), "{length}");
            assert_eq!(only(&written, SEQUENCE), None);
            for end in 0..written.len().min(300) {
                assert_eq!(only(&written[..end], OCTET_STRING), None, "{length} cut at {end}");
            }
            assert_eq!(only(&[written.as_slice(), &[0]].concat(), OCTET_STRING), None);
        }
    }

    #[test]
    fn numbers_have_no_sign_and_no_zeros_in_front() {
        for (octets, read) in [
            (&[2, 1, 0][..], Some(&[][..])),
            (&[2, 1, 0x7f], Some(&[0x7f])),
            (&[2, 2, 0, 0x80], Some(&[0x80])),
            (&[2, 1, 0x80], None),
            (&[2, 2, 0, 0x7f], None),
            (&[2, 0], None),
            (&[2, 0x81, 1, 1], None),
            (&[2, 0x80], None),
        ] {
            assert_eq!(number(&mut &*octets), read, "{octets:?}");
            if let Some(read) = read {
                assert_eq!(integer(read), octets);
            }
        }
        assert_eq!([bits(&[]), bits(&[1]), bits(&[0xff]), bits(&[0x40, 0])], [0, 1, 8, 15]);
    }
}
