//! Who is told how TLS went with a domain's hosts: the TXT of `_smtp._tls` (RFC 8460, section 3).
//!
//! ```abnf
//! tlsrpt-record = "v=TLSRPTv1" field-delim "rua=" uri *("," uri) …
//! ```

use super::asker::{Asker, Failed};

/// How a record begins; what does not is something else.
const BEGINNING: &[u8] = b"v=TLSRPTv1";

/// What is known of it.
#[derive(Debug, Default)]
pub struct TlsReports {
    /// The records, as they stand there.
    pub records: Vec<String>,
    /// The look-up that failed.
    pub failed: Option<Failed>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum ReportsFault<'a> {
    /// There is no record; with a policy for TLS, or without one.
    Missing {
        /// There is one.
        has_policy: bool,
    },
    /// There are so many.
    Several(usize),
    /// It names no place for reports.
    NoDestination,
    /// Reports cannot be sent there.
    Destination(&'a str),
}

pub(super) fn gather(domain: &str, asker: Asker<'_>, is_there: bool) -> TlsReports {
    if !is_there {
        return TlsReports::default();
    }
    match asker.texts(&format!("_smtp._tls.{domain}")) {
        Ok(texts) => {
            let records = texts.iter().filter(|text| is_record(text));
            let records = records.map(|text| String::from_utf8_lossy(text).into_owned()).collect();
            TlsReports { records, ..TlsReports::default() }
        }
        Err(failed) => TlsReports { failed: Some(failed), ..TlsReports::default() },
    }
}

fn is_record(text: &[u8]) -> bool {
    text.strip_prefix(BEGINNING).is_some_and(|rest| matches!(rest.first(), None | Some(b';' | b' ' | b'\t')))
}

/// The URIs behind `rua=`.
pub(super) fn destinations(record: &str) -> Vec<&str> {
    let blank = [' ', '\t'];
    let mut fields = record.split(';').skip(1).filter_map(|field| field.split_once('='));
    let value = fields.find(|(name, _)| name.trim_matches(blank) == "rua").map_or("", |(_, value)| value);
    value.split(',').map(|uri| uri.trim_matches(blank)).filter(|uri| !uri.is_empty()).collect()
}

/// Whether a report can be sent there (RFC 8460, section 3).
pub(super) fn is_usable(uri: &str) -> bool {
    let rest = |scheme: &str| {
        uri.get(..scheme.len()).filter(|own| own.eq_ignore_ascii_case(scheme)).and(uri.get(scheme.len()..))
    };
    let is_address = |text: &str| {
        text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
    };
    rest("mailto:").is_some_and(is_address) || rest("https://").is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_places() {
        for (text, is_one) in [
            ("v=TLSRPTv1; rua=mailto:a@b.org", true),
            ("v=TLSRPTv1;", true),
            ("v=TLSRPTv1", true),
            ("v=TLSRPTv10; rua=x", false),
            ("v=tlsrptv1; rua=x", false),
            ("", false),
        ] {
            assert_eq!(is_record(text.as_bytes()), is_one, "{text}");
        }
        let record = "v=TLSRPTv1; x=y; rua = mailto:a@b.org , https://c.org/x,;";
        assert_eq!(destinations(record), ["mailto:a@b.org", "https://c.org/x"]);
        assert!(destinations("v=TLSRPTv1; rua=").is_empty());
        for (uri, is_good) in [
            ("MAILTO:a@b.org", true),
            ("https://x", true),
            ("http://x.org", false),
            ("mailto:a", false),
            ("mailto:@b.org", false),
            ("https://", false),
            ("x", false),
        ] {
            assert_eq!(is_usable(uri), is_good, "{uri}");
        }
    }
}
