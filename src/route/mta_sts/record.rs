//! The record that says that a domain has a policy, and which (RFC 8461, section 3.1). It is the TXT of `_mta-sts` in the
//! domain; its id changes whenever the policy does.

use std::fmt;

/// How the record begins; what does not is something else.
const BEGINNING: &[u8] = b"v=STSv1;";
/// The most letters and digits of an id.
const LONGEST_ID: usize = 32;

/// Why a record is there, and no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFault {
    /// There is more than one: so many.
    Several(usize),
    /// It is not `name=value` between its semicolons.
    Malformed,
    /// It has no id.
    NoId,
    /// The id is not 1 to 32 letters and digits.
    Id,
}

/// The id in these texts, each of which is one record, its strings joined; nothing if none of them is about MTA-STS.
///
/// # Errors
/// [`RecordFault`]: senders have to do as if there were no policy.
pub fn id(texts: &[Vec<u8>]) -> Result<Option<String>, RecordFault> {
    let mut records = texts.iter().filter_map(|text| text.strip_prefix(BEGINNING));
    let Some(record) = records.next() else { return Ok(None) };
    match records.count() {
        0 => id_of(record).map(Some),
        more => Err(RecordFault::Several(more + 1)),
    }
}

/// The id in what stands behind the version.
fn id_of(record: &[u8]) -> Result<String, RecordFault> {
    let record = std::str::from_utf8(record).map_err(|_| RecordFault::Malformed)?;
    let blank = [' ', '\t'];
    let mut id = None;
    let mut fields = record.split(';').map(|field| field.trim_matches(blank)).peekable();
    while let Some(field) = fields.next() {
        // A semicolon may end it.
        if field.is_empty() && fields.peek().is_none() {
            break;
        }
        let (name, value) = field.split_once('=').ok_or(RecordFault::Malformed)?;
        let (name, value) = (name.trim_end_matches(blank), value.trim_start_matches(blank));
        if !is_field_name(name) {
            return Err(RecordFault::Malformed);
        }
        if name == "id" {
            // Of several the first counts, as in a policy.
            id.get_or_insert(value);
        } else if value.is_empty() || !value.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'=') {
            return Err(RecordFault::Malformed);
        }
    }
    let id = id.ok_or(RecordFault::NoId)?;
    if is_id(id) { Ok(id.to_owned()) } else { Err(RecordFault::Id) }
}

/// Whether it can be an id.
pub(super) fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_alphanumeric())
}

/// The name of a field, of the record and of a policy (RFC 8461, sections 3.1 and 3.2).
pub(super) fn is_field_name(name: &str) -> bool {
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'_' | b'-' | b'.');
    (1..=32).contains(&name.len())
        && name.bytes().all(fits)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordFault::Several(count) => write!(f, "there are {count} records of MTA-STS, not one"),
            RecordFault::Malformed => f.write_str("the record of MTA-STS is malformed"),
            RecordFault::NoId => f.write_str("the record of MTA-STS has no id"),
            RecordFault::Id => {
                f.write_str("the id in the record of MTA-STS is not 1 to 32 letters and digits")
            }
        }
    }
}

impl std::error::Error for RecordFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_with_one_id_or_no_policy() {
        let long = "a".repeat(32);
        let (fits, too_long) = (format!("v=STSv1; id={long}"), format!("v=STSv1; id={long}a"));
        let name = "n".repeat(33);
        for (texts, found) in [
            (&[][..], Ok(None)),
            (&["v=spf1 -all"], Ok(None)),
            (&["v=STSv1"], Ok(None)),
            (&["v=STSv1 ; id=1"], Ok(None)),
            (&["v=stsv1; id=1"], Ok(None)),
            (&[" v=STSv1; id=1"], Ok(None)),
            (&["v=STSv2; id=1"], Ok(None)),
            (&["v=STSv1; id=20160831085700Z;"], Ok(Some("20160831085700Z"))),
            (&["v=STSv1;id=1"], Ok(Some("1"))),
            (&["v=STSv1;\tid \t=\t 1 \t;\t "], Ok(Some("1"))),
            (&["v=STSv1; id=1; x.y-z_1=a:b/c; a=b"], Ok(Some("1"))),
            (&["v=STSv1; a=b; id=1"], Ok(Some("1"))),
            (&["v=STSv1; id=1; id=2"], Ok(Some("1"))),
            (&["v=spf1", "v=STSv1; id=1", "other"], Ok(Some("1"))),
            (&[&fits], Ok(Some(long.as_str()))),
            (&[&too_long], Err(RecordFault::Id)),
            (&["v=STSv1; id=1", "v=STSv1; id=1"], Err(RecordFault::Several(2))),
            (&["v=STSv1; id=1", "v=STSv1;", "v=STSv1;x"], Err(RecordFault::Several(3))),
            (&["v=STSv1;"], Err(RecordFault::NoId)),
            (&["v=STSv1; ID=1"], Err(RecordFault::NoId)),
            (&["v=STSv1; a=b"], Err(RecordFault::NoId)),
            (&["v=STSv1; id="], Err(RecordFault::Id)),
            (&["v=STSv1; id=a-b"], Err(RecordFault::Id)),
            (&["v=STSv1; id=é"], Err(RecordFault::Id)),
            (&["v=STSv1; id=1=2"], Err(RecordFault::Id)),
            (&["v=STSv1; id"], Err(RecordFault::Malformed)),
            (&["v=STSv1;; id=1"], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1;;"], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1; a=b c"], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1; a="], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1; _a=b"], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1; =b"], Err(RecordFault::Malformed)),
            (&["v=STSv1; id=1\n"], Err(RecordFault::Id)),
        ] {
            let octets: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
            assert_eq!(id(&octets), found.map(|id: Option<&str>| id.map(str::to_owned)), "{texts:?}");
        }
        assert_eq!(id(&[b"v=STSv1; id=1; a=\xff".to_vec()]), Err(RecordFault::Malformed));
        let long_name = format!("v=STSv1; id=1; {name}=b");
        assert_eq!(id(&[long_name.into_bytes()]), Err(RecordFault::Malformed));
    }
}
