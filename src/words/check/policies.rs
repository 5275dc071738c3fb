//! Of MTA-STS and of reports on TLS.

use super::said::Said;
use crate::check::{MtaStsFault, ReportsFault};
use crate::net::tls::certificate::short;
use crate::route::mta_sts::{FetchError, Mode, Remark};

pub(super) fn mta_sts(fault: &MtaStsFault<'_>) -> Said {
    match fault {
        MtaStsFault::Missing => (
            "mta_sts_missing",
            "there is no MTA-STS policy".to_owned(),
            "somebody in between can take STARTTLS away: publish a policy (RFC 8461), in testing mode at first, or use \
             DANE",
        ),
        MtaStsFault::Broken(remark) => broken(remark),
        MtaStsFault::Uncovered(host, Mode::Enforce) => (
            "mta_sts_uncovered",
            format!("the MTA-STS policy does not list {host}"),
            "senders that look at it deliver nothing there: add an mx line to the policy, and give the record a new id",
        ),
        MtaStsFault::Uncovered(host, _) => (
            "mta_sts_uncovered",
            format!("the MTA-STS policy does not list {host}"),
            "once the policy is enforced, nothing is delivered there: add an mx line, and give the record a new id",
        ),
        MtaStsFault::Testing => (
            "mta_sts_testing",
            "the MTA-STS policy is only a test (mode: testing)".to_owned(),
            "it protects nothing yet: once the TLS reports show no failures, set mode: enforce and a new id",
        ),
        MtaStsFault::None => (
            "mta_sts_none",
            "the MTA-STS policy says that there is none any longer (mode: none)".to_owned(),
            "record and policy can go when the longest max_age that was ever published has passed",
        ),
        MtaStsFault::Short(time) => (
            "mta_sts_short",
            format!("the MTA-STS policy holds for {} seconds only", time.as_secs()),
            "a sender that writes seldom has dropped it before its next message: set max_age to weeks, such as 2592000",
        ),
    }
}

fn broken(remark: &Remark) -> Said {
    const RECORD: &str = "senders do as if there were no policy: publish v=STSv1; id=…; once";
    match remark {
        Remark::Record(fault) => ("mta_sts_record", short(&fault.to_string()), RECORD),
        Remark::Policy(error) => (
            "mta_sts_policy",
            format!("the MTA-STS policy cannot be read: {}", short(&error.to_string())),
            "senders do as if there were none: correct it (RFC 8461, section 3.2)",
        ),
        Remark::Fetch(error) => (
            "mta_sts_fetch",
            format!("the MTA-STS policy cannot be fetched: {}", short(&error.to_string())),
            match error {
                FetchError::Guarded(..) => {
                    "nobody outside can connect there; if this is your own network, --mx-allow private or loopback \
                     fetches it all the same"
                }
                _ => {
                    "senders do as if there were none: it must be at https://mta-sts.DOMAIN/.well-known/mta-sts.txt, as \
                     text/plain, with a certificate for that name and without a redirect"
                }
            },
        ),
        other => ("mta_sts_other", short(&format!("{other:?}")), RECORD),
    }
}

pub(super) fn tls_reports(fault: &ReportsFault<'_>) -> Said {
    match fault {
        ReportsFault::Missing { has_policy: true } => (
            "tls_rpt_missing",
            "nobody gets reports on TLS, though there is a policy for it".to_owned(),
            "without them you do not see whose mail the policy stops: publish v=TLSRPTv1; rua=mailto:ADDRESS at \
             _smtp._tls (RFC 8460)",
        ),
        ReportsFault::Missing { has_policy: false } => (
            "tls_rpt_missing",
            "nobody gets reports on TLS".to_owned(),
            "large senders report failures of TLS to who asks: publish v=TLSRPTv1; rua=mailto:ADDRESS at _smtp._tls \
             (RFC 8460)",
        ),
        ReportsFault::Several(count) => (
            "tls_rpt_several",
            format!("there are {count} records for reports on TLS, not one"),
            "no report is sent then: leave one",
        ),
        ReportsFault::NoDestination => (
            "tls_rpt_no_destination",
            "the record for reports on TLS names no place (rua=)".to_owned(),
            "no report is sent: write v=TLSRPTv1; rua=mailto:ADDRESS",
        ),
        ReportsFault::Destination(uri) => (
            "tls_rpt_destination",
            format!("reports on TLS cannot be sent to '{}'", short(uri)),
            "write mailto: and an address, or https: (RFC 8460, section 3)",
        ),
    }
}
