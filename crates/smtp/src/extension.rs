//! The extensions of SMTP: one row for each (RFC 5321, section 2.2; keywords: IANA's registry of SMTP service
//! extensions).
//!
//! What is known of an extension everywhere is here. What it is for in English, and the flag that asks for it,
//! are the program's.

mod offered;

pub use offered::Extensions;

use super::parameter::{ENVID, HOLDFOR, HOLDUNTIL, NOTIFY, NOTIFY_VALUES, ORCPT, RET};
use super::rows::rows;

/// A parameter of MAIL or RCPT: its keyword, and how its values begin. One that takes no value has none.
pub type Form = (&'static str, &'static [&'static str]);

/// Any value.
const ANY: &[&str] = &[""];

/// What is known of an extension.
struct Row {
    keyword: &'static str,
    mail: &'static [Form],
    rcpt: &'static [Form],
    needs_verified_tls: bool,
    is_served: bool,
}

const fn row(keyword: &'static str) -> Row {
    Row { keyword, mail: &[], rcpt: &[], needs_verified_tls: false, is_served: false }
}

impl Row {
    /// What it adds to MAIL.
    const fn mail(self, mail: &'static [Form]) -> Row {
        Row { mail, ..self }
    }

    /// What it adds to RCPT.
    const fn rcpt(self, rcpt: &'static [Form]) -> Row {
        Row { rcpt, ..self }
    }

    /// It means nothing in clear, or over TLS with a server that is not verified.
    const fn needs_verified_tls(self) -> Row {
        Row { needs_verified_tls: true, ..self }
    }

    /// The server of this crate (`serve`) offers it.
    const fn served(self) -> Row {
        Row { is_served: true, ..self }
    }
}

rows! {
    /// An extension. Its order is the one in which the server of this crate offers them.
    pub enum Extension: Row {
        /// Commands in groups, without waiting (RFC 2920).
        Pipelining = row("PIPELINING").served();
        /// The size of the message is told ahead (RFC 1870, section 6).
        Size = row("SIZE").mail(&[("SIZE", ANY)]).served();
        /// Octets above 127 in the content (RFC 6152, section 3).
        EightBitMime = row("8BITMIME").mail(&[("BODY", &["7BIT", "8BITMIME"])]).served();
        /// Content that has no lines (RFC 3030, section 3).
        BinaryMime = row("BINARYMIME").mail(&[("BODY", &["BINARYMIME"])]);
        /// Addresses and headers that are not ASCII (RFC 6531, section 3.4).
        Smtputf8 = row("SMTPUTF8").mail(&[("SMTPUTF8", &[])]).served();
        /// The message in chunks, by BDAT (RFC 3030, section 2).
        Chunking = row("CHUNKING").served();
        /// TLS begins within the session (RFC 3207, section 4).
        StartTls = row("STARTTLS").served();
        /// Reports on the delivery (RFC 3461, section 4; RFC 6533).
        Dsn = row("DSN")
            .mail(&[(RET, &["FULL", "HDRS"]), (ENVID, ANY)])
            .rcpt(&[(NOTIFY, NOTIFY_VALUES), (ORCPT, &["rfc822;"])])
            .served();
        /// A log-in (RFC 4954, sections 3 and 5).
        Auth = row("AUTH").mail(&[("AUTH", &["<>"])]).served();
        /// Verified TLS on every hop (RFC 8689, sections 2 and 4.1).
        RequireTls = row("REQUIRETLS").mail(&[("REQUIRETLS", &[])]).needs_verified_tls();
        /// A time by which it must be delivered (RFC 2852, section 4).
        DeliverBy = row("DELIVERBY").mail(&[("BY", ANY)]);
        /// A time before which it must not be (RFC 4865, section 4).
        FutureRelease = row("FUTURERELEASE").mail(&[(HOLDFOR, ANY), (HOLDUNTIL, ANY)]);
        /// A priority (RFC 6710, section 5).
        MtPriority = row("MT-PRIORITY").mail(&[("MT-PRIORITY", ANY)]);
        /// A reply for each recipient after the message (draft-hall-prdr, section 3).
        Prdr = row("PRDR").mail(&[("PRDR", &[])]);
        /// The way of a message can be asked for (RFC 3885).
        Mtrk = row("MTRK").mail(&[("MTRK", ANY)]);
        /// Leave to convert the content (RFC 4141).
        Conperm = row("CONPERM").mail(&[("CONPERM", &[])]);
        /// A transfer that goes on where it broke off (RFC 1845).
        Checkpoint = row("CHECKPOINT").mail(&[("TRANSID", ANY)]);
        /// Not to an address that has a new owner (RFC 7293).
        Rrvs = row("RRVS").rcpt(&[("RRVS", ANY)]);
        /// What the recipient can read (RFC 4141).
        Conneg = row("CONNEG").rcpt(&[("CONNEG", &[])]);
        /// How much the server takes at once (RFC 9422, section 3).
        Limits = row("LIMITS");
        /// Codes in replies that say more exactly why (RFC 2034; RFC 3463).
        EnhancedStatusCodes = row("ENHANCEDSTATUSCODES").served();
        /// An address can be asked about (RFC 5321, section 4.1.1.6).
        Vrfy = row("VRFY");
        /// The members of a list can be asked for (RFC 5321, section 4.1.1.7).
        Expn = row("EXPN");
        /// The server can be told whom to take the client for (Postfix's XCLIENT_README).
        Xclient = row("XCLIENT");
        /// What a program of a machine says to its mailer for which SMTP has no word: private to this project.
        Handover = row("XEHLO").mail(&[("XEHLO", ANY)]).rcpt(&[("XEHLO", &["NAME", "HEADER"])]).served();
    }
    named by keyword
}

impl Extension {
    /// The keyword that EHLO is answered with.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        self.row().keyword
    }

    /// The parameters that it adds to MAIL.
    #[must_use]
    pub fn mail_parameters(self) -> &'static [Form] {
        self.row().mail
    }

    /// The parameters that it adds to RCPT.
    #[must_use]
    pub fn rcpt_parameters(self) -> &'static [Form] {
        self.row().rcpt
    }

    /// The keyword of the first parameter that it adds to MAIL; its own, where it adds none.
    #[must_use]
    pub fn parameter(self) -> &'static str {
        self.mail_parameters().first().map_or(self.keyword(), |(keyword, _)| keyword)
    }

    /// The extension that a parameter of MAIL belongs to.
    #[must_use]
    pub fn of_mail(keyword: &str) -> Option<Extension> {
        Extension::ALL.iter().copied().find(|extension| has(extension.mail_parameters(), keyword))
    }

    /// The extension that a parameter of RCPT belongs to.
    #[must_use]
    pub fn of_rcpt(keyword: &str) -> Option<Extension> {
        Extension::ALL.iter().copied().find(|extension| has(extension.rcpt_parameters(), keyword))
    }

    /// Whether it means nothing in clear, or over TLS with a server that is not verified.
    #[must_use]
    pub fn needs_verified_tls(self) -> bool {
        self.row().needs_verified_tls
    }

    /// Whether the server of this crate (`serve`) offers it, if nothing else speaks against it.
    #[must_use]
    pub fn is_served(self) -> bool {
        self.row().is_served
    }
}

fn has(forms: &[Form], keyword: &str) -> bool {
    forms.iter().any(|(known, _)| known.eq_ignore_ascii_case(keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_tells_its_extension() {
        for (keyword, extension) in [
            ("size", Some(Extension::Size)),
            ("BODY", Some(Extension::EightBitMime)),
            ("HoldUntil", Some(Extension::FutureRelease)),
            ("NOTIFY", None),
            ("", None),
        ] {
            assert_eq!(Extension::of_mail(keyword), extension, "{keyword}");
        }
        assert_eq!(Extension::of_rcpt("notify"), Some(Extension::Dsn));
        assert_eq!(Extension::of_rcpt("RET"), None);
    }

    #[test]
    fn no_keyword_is_there_twice() {
        for extension in Extension::ALL {
            assert_eq!(Extension::named(&extension.keyword().to_lowercase()), Some(*extension));
        }
        assert_eq!(Extension::named("X-ODD"), None);
    }
}
