//! The record by which a domain asks for reports (RFC 8460, section 3): the TXT of `_smtp._tls` in it.

use ehlo_smtp::path::Mailbox;
use std::fmt;

/// How the record begins; what does not is something else.
const BEGINNING: &[u8] = b"v=TLSRPTv1;";
/// The most places that reports are sent to.
const MOST: usize = 10;

/// Where a domain wants its reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rua {
    /// By mail to these.
    pub mailboxes: Vec<Mailbox>,
    /// How many are to be had by HTTPS.
    pub https: usize,
    /// How many are nothing of either, or an address that cannot be one.
    pub other: usize,
}

/// Why a record is there, and says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFault {
    /// There is more than one: so many.
    Several(usize),
    /// It is not text, or not `name=value` between its semicolons.
    Malformed,
    /// It does not say where the reports go.
    NoRua,
}

/// Where reports go by these texts, each of which is one record, its strings joined; nothing if none of them is about TLSRPT.
/// At most ten addresses count.
///
/// # Errors
/// [`RecordFault`]: then nobody wants any.
pub fn rua(texts: &[Vec<u8>]) -> Result<Option<Rua>, RecordFault> {
    let mut records = texts.iter().filter_map(|text| text.strip_prefix(BEGINNING));
    let Some(record) = records.next() else { return Ok(None) };
    match records.count() {
        0 => rua_of(record).map(Some),
        more => Err(RecordFault::Several(more + 1)),
    }
}

fn rua_of(record: &[u8]) -> Result<Rua, RecordFault> {
    let record = std::str::from_utf8(record).map_err(|_| RecordFault::Malformed)?;
    let blank = [' ', '\t'];
    let mut uris = None;
    for field in record.split(';').map(|field| field.trim_matches(blank)).filter(|field| !field.is_empty()) {
        let (name, value) = field.split_once('=').ok_or(RecordFault::Malformed)?;
        // Extensions are passed over.
        if name.trim_end_matches(blank) == "rua" {
            uris.get_or_insert(value);
        }
    }
    let mut rua = Rua::default();
    for uri in uris.ok_or(RecordFault::NoRua)?.split(',').map(|uri| uri.trim_matches(blank)) {
        match uri.split_once(':') {
            Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto") => match mailbox(address) {
                Some(mailbox) if rua.mailboxes.len() < MOST && !rua.mailboxes.contains(&mailbox) => {
                    rua.mailboxes.push(mailbox);
                }
                Some(_) => {}
                None => rua.other += 1,
            },
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => rua.https += 1,
            _ => rua.other += 1,
        }
    }
    Ok(rua)
}

/// The address of a `mailto` (RFC 6068), without what stands behind it. It has to be ASCII, for it is put into a header.
fn mailbox(address: &str) -> Option<Mailbox> {
    let address = unescaped(address.split('?').next()?)?;
    Mailbox::parse(&address).ok().filter(|mailbox| mailbox.is_ascii() && !mailbox.domain().is_literal())
}

/// Without its percent signs (RFC 3986, section 2.1); nothing if what stands for a character is none.
fn unescaped(text: &str) -> Option<String> {
    let mut octets = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            octets.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        octets.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(octets).ok()
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordFault::Several(count) => write!(f, "there are {count} records of TLSRPT, not one"),
            RecordFault::Malformed => f.write_str("the record of TLSRPT is malformed"),
            RecordFault::NoRua => f.write_str("the record of TLSRPT does not say where reports go"),
        }
    }
}

impl std::error::Error for RecordFault {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses, and how many of the others there are.
    type Found = (Vec<&'static str>, usize, usize);
    /// The records, and what is found in them.
    type Case = (&'static [&'static str], Result<Option<Found>, RecordFault>);

    #[test]
    fn one_record_says_where_reports_go() {
        let found = |mailboxes: &[&'static str], https, other| Ok(Some((mailboxes.to_vec(), https, other)));
        let cases: Vec<Case> = vec![
            (&[], Ok(None)),
            (&["v=spf1 -all", "v=TLSRPTv2; rua=mailto:a@b", "v=tlsrptv1; rua=mailto:a@b"], Ok(None)),
            (&["v=TLSRPTv1"], Ok(None)),
            (&["v=TLSRPTv1; rua=mailto:a@b.example"], found(&["a@b.example"], 0, 0)),
            (&["v=TLSRPTv1;rua=mailto:a@b.example;"], found(&["a@b.example"], 0, 0)),
            (&["v=TLSRPTv1; x=y; rua=MAILTO:a@b.example , mailto:c@d"], found(&["a@b.example", "c@d"], 0, 0)),
            (&["v=TLSRPTv1; rua=mailto:a@b,mailto:a@b"], found(&["a@b"], 0, 0)),
            (&["v=TLSRPTv1; rua=mailto:a@b; rua=mailto:c@d"], found(&["a@b"], 0, 0)),
            (&["v=TLSRPTv1; rua=https://b/tls,mailto:a@b"], found(&["a@b"], 1, 0)),
            (&["v=TLSRPTv1; rua=https://b/tls?x=mailto:a@b"], found(&[], 1, 0)),
            (&["v=TLSRPTv1; rua=http://b/tls,ftp:x,a@b,"], found(&[], 0, 4)),
            (&["v=TLSRPTv1; rua=mailto:a%2Bc%40b@d?subject=x"], found(&[], 0, 1)),
            (&["v=TLSRPTv1; rua=mailto:a%2bc@b?subject=x"], found(&["a+c@b"], 0, 0)),
            (&["v=TLSRPTv1; rua=mailto:a@b%0d%0aBcc:c@d,mailto:a%0a@b"], found(&[], 0, 2)),
            (&["v=TLSRPTv1; rua=mailto:a%@b,mailto:a%+1@b,mailto:a%zz@b"], found(&[], 0, 3)),
            (&["v=TLSRPTv1; rua=mailto:é@b,mailto:a@[192.0.2.1]"], found(&[], 0, 2)),
            (&["v=TLSRPTv1; rua="], found(&[], 0, 1)),
            (&["v=TLSRPTv1;"], Err(RecordFault::NoRua)),
            (&["v=TLSRPTv1; RUA=mailto:a@b"], Err(RecordFault::NoRua)),
            (&["v=TLSRPTv1; rua"], Err(RecordFault::Malformed)),
            (&["v=TLSRPTv1; rua=mailto:a@b", "v=TLSRPTv1; x"], Err(RecordFault::Several(2))),
        ];
        for (texts, expected) in cases {
            let octets: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
            let expected = expected.map(|found| {
                found.map(|(mailboxes, https, other)| {
                    let mailboxes = mailboxes.into_iter().map(str::to_owned).collect::<Vec<_>>();
                    (mailboxes, https, other)
                })
            });
            let found = rua(&octets).map(|found| {
                found.map(|Rua { mailboxes, https, other }| {
                    (mailboxes.iter().map(ToString::to_string).collect::<Vec<_>>(), https, other)
                })
            });
            assert_eq!(found, expected, "{texts:?}");
        }
        assert_eq!(rua(&[b"v=TLSRPTv1; rua=\xff".to_vec()]), Err(RecordFault::Malformed));
    }

    #[test]
    fn no_more_than_ten_get_a_report() {
        let all: Vec<String> = (0..50).map(|number| format!("mailto:a{number}@b")).collect();
        let text = format!("v=TLSRPTv1; rua={}", all.join(","));
        assert_eq!(rua(&[text.into_bytes()]).unwrap().unwrap().mailboxes.len(), MOST);
    }
}
