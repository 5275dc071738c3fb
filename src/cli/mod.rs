//! What can be typed: `ehlo send`, `ehlo verify`, `ehlo probe`, `ehlo console`, `ehlo explain`, `ehlo sink`,
//! `ehlo demo`.
//!
//! This only reads the command line: it opens no file, asks no host name and decides nothing; `app` makes a
//! plan of what was typed. A flag's name and its help are here and nowhere else: completions/ and man/ are
//! made from them by tests/generated.rs.

mod attachments;
mod commands;
#[cfg(feature = "console")]
mod console;
mod delivery;
#[cfg(feature = "sink")]
mod demo;
mod duration;
mod exit;
mod explain;
mod group;
mod habits;
mod in_order;
mod locale;
mod probe;
mod recipients;
mod send;
mod server;
mod session;
#[cfg(feature = "sink")]
mod sink;
mod slips;
mod stop;
#[cfg(test)]
mod tests;
mod values;
#[cfg(feature = "sink")]
mod verdict;
mod verify;

pub use self::commands::{Invocation, command, parse};
#[cfg(feature = "console")]
pub use self::console::ConsoleArgs;
pub use self::delivery::{DeliveryArgs, Return};
#[cfg(feature = "sink")]
pub use self::demo::DemoArgs;
pub use self::explain::ExplainArgs;
pub use self::locale::in_locale;
pub use self::probe::ProbeArgs;
pub use self::recipients::RecipientArg;
pub use self::send::{EXIT_STATUS, OutputArgs, SendArgs, WhoArgs};
pub use self::server::looks_like_server;
pub use self::session::{LoginArgs, ProtocolArgs, ServerArgs, SessionArgs, TlsArgs};
#[cfg(feature = "sink")]
pub use self::sink::SinkArgs;
pub use self::stop::StopArgs;
pub use self::values::When;
#[cfg(feature = "sink")]
pub use self::verdict::Verdict;
pub use self::verify::{AskedArgs, VerifyArgs};
