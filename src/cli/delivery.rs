//! What a sender may ask of the servers on the way: reports (RFC 3461), TLS (RFC 8689), times (RFC 2852, RFC
//! 4865), a priority (RFC 6710).

use super::duration;
use super::group::Group;
use super::values::{Words, one_of};
use clap::Args;
use ehlo_smtp::parameter::{Late, Notify};
use std::time::Duration;

/// The group of [`DeliveryArgs`].
pub(super) static DELIVERY_FLAGS: Group = Group {
    name: "delivery",
    flags: Some(
        "--notify --return --envelope-id --original-recipient --require-tls-onward --tls-required-no \
         --deliver-by --hold-for --hold-until --priority",
    ),
    define: DeliveryArgs::augment_args,
};

/// `--notify`: what the sender wants to hear of; none is `never`.
const NOTIFY: Words<Option<Notify>> = &[
    ("never", "nothing", None),
    ("success", "it was delivered", Some(Notify::Success)),
    ("failure", "it was not, and will not be", Some(Notify::Failure)),
    ("delay", "it takes longer than usual", Some(Notify::Delay)),
];

/// `--return`: what of the message comes back with a report of a failure.
const RETURN: Words<Return> =
    &[("full", "all of it", Return::Full), ("headers", "its header", Return::Headers)];

/// What of the message comes back with a report of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Return {
    /// All of it.
    Full,
    /// Its header.
    Headers,
}

/// `--deliver-by`: a time, and what happens after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliverBy {
    /// Within this time.
    pub within: Duration,
    /// What happens to it later.
    pub late: Late,
}

/// `ehlo send`: what is asked of the servers on the way. Each is refused clearly if the first of them does
/// not offer it.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "delivery")]
pub struct DeliveryArgs {
    /// when to report to the sender: never, or success, failure, delay, separated by commas
    #[arg(long, value_name = "WHEN", value_delimiter = ',', hide_possible_values = true)]
    #[arg(value_parser = one_of(NOTIFY))]
    pub notify: Vec<Option<Notify>>,
    /// how much of the message a failure report includes: full or headers
    #[arg(long = "return", value_name = "WHAT", hide_possible_values = true, value_parser = one_of(RETURN))]
    pub ret: Option<Return>,
    /// an identifier of the message for reports
    #[arg(long, value_name = "ID")]
    pub envelope_id: Option<String>,
    /// the recipient's original address for reports; for tests, with one recipient
    #[arg(long, value_name = "ADDRESS")]
    pub original_recipient: Option<String>,
    /// require verified TLS on every hop to the mailbox
    #[arg(long)]
    pub require_tls_onward: bool,
    /// let it go out even where TLS is not as the recipient's domain wants it (TLS-Required: No)
    #[arg(long, conflicts_with = "require_tls_onward")]
    pub tls_required_no: bool,
    /// deliver it within this time, or return it; with ',notify', deliver it late and tell the sender
    #[arg(long, value_name = "TIME", value_parser = deliver_by)]
    pub deliver_by: Option<DeliverBy>,
    /// hold it for this time before delivery: 30m, 8h
    #[arg(long, value_name = "TIME", value_parser = duration::parse, conflicts_with = "hold_until")]
    pub hold_for: Option<Duration>,
    /// hold it until this moment: 2026-12-24T18:00:00+01:00
    #[arg(long, value_name = "DATE")]
    pub hold_until: Option<String>,
    /// the priority, from -9 (lowest) to 9 (highest)
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = priority)]
    pub priority: Option<i8>,
}

fn priority(text: &str) -> Result<i8, &'static str> {
    text.parse().ok().filter(|number| (-9..=9).contains(number)).ok_or("needs a number from -9 to 9")
}

/// Reads `2h`, `2h,return` or `2h,notify`.
fn deliver_by(text: &str) -> Result<DeliverBy, String> {
    let (time, late) = match text.split_once(',') {
        None => (text, Late::Return),
        Some((time, "return")) => (time, Late::Return),
        Some((time, "notify")) => (time, Late::Notify),
        Some((_, other)) => {
            return Err(format!("needs a time, then perhaps ',return' or ',notify', not '{other}'"));
        }
    };
    Ok(DeliverBy { within: duration::parse(time)?, late })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_say_what_happens_after_it() {
        let by = |seconds, late| Ok(DeliverBy { within: Duration::from_secs(seconds), late });
        assert_eq!(deliver_by("2h"), by(7200, Late::Return));
        assert_eq!(deliver_by("90,return"), by(90, Late::Return));
        assert_eq!(deliver_by("5m,notify"), by(300, Late::Notify));
        for bad in ["", "2h,", "2h,never", "0", ",notify", "2h,notify,return"] {
            assert!(deliver_by(bad).is_err(), "{bad}");
        }
    }
}
