//! The domain that a signature should be of: that of the author. DMARC asks for it (RFC 7489, section 3.1.1), and the
//! envelope's may be that of bounces.

use crate::mailer::header_of::header_of;
use ehlo_smtp::content::Content;
use ehlo_smtp::path::{Domain, ForwardPath};

/// The domain of the first address in From.
pub fn domain(content: &dyn Content) -> Option<Domain> {
    match header_of(content)?.author()?.path {
        ForwardPath::Mailbox(mailbox) => Some(mailbox.domain().clone()).filter(|domain| !domain.is_literal()),
        ForwardPath::Postmaster => None,
    }
}
