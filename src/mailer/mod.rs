//! What makes a queue into a mailer: messages as programs hand them over, the runner that sends them, and
//! notices to the senders of those that do not arrive (RFC 3464).

pub mod notice;
