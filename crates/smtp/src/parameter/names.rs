//! The keywords of parameters that are not called as their extension is, and the values of NOTIFY. The table of
//! extensions and the parameters themselves both have them from here.

/// What a report of a failure holds of the message (RFC 3461, section 4.3).
pub const RET: &str = "RET";
/// What reports call the message by (RFC 3461, section 4.4).
pub const ENVID: &str = "ENVID";
/// What is reported of a recipient (RFC 3461, section 4.1).
pub const NOTIFY: &str = "NOTIFY";
/// Its value for nothing at all.
pub(super) const NEVER: &str = "NEVER";
/// All values that it can have; those but the first go together, with commas.
pub const NOTIFY_VALUES: &[&str] =
    &[NEVER, Notify::Success.name(), Notify::Failure.name(), Notify::Delay.name()];
/// The recipient as the sender knew them (RFC 3461, section 4.2).
pub const ORCPT: &str = "ORCPT";
/// Release the message after this time (RFC 4865, section 4).
pub const HOLDFOR: &str = "HOLDFOR";
/// Release the message after this moment (RFC 4865, section 4).
pub const HOLDUNTIL: &str = "HOLDUNTIL";

/// What a sender can be told of (RFC 3461, section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// It was delivered.
    Success,
    /// It was not, and will not be.
    Failure,
    /// It takes longer than usual.
    Delay,
}

impl Notify {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Notify::Success => "SUCCESS",
            Notify::Failure => "FAILURE",
            Notify::Delay => "DELAY",
        }
    }
}
