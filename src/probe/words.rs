//! What keywords, mechanisms and sizes mean, in a few words.

/// What an extension is for; nothing for one that is not known. Keywords: IANA's registry of SMTP service
/// extensions, and what servers offer beside it.
#[must_use]
pub fn meaning(keyword: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 47] = [
        ("8BITMIME", "8-bit text is taken (RFC 6152)"),
        ("ATRN", "mail is fetched by turning round (RFC 2645)"),
        ("AUTH", "log-in, by these mechanisms (RFC 4954)"),
        ("BINARYMIME", "binary content is taken (RFC 3030)"),
        ("BURL", "content fetched from an IMAP server (RFC 4468)"),
        ("CHECKPOINT", "transfers that go on where they broke off (RFC 1845)"),
        ("CHUNKING", "messages in chunks, by BDAT (RFC 3030)"),
        ("CONNEG", "what the recipient can read (RFC 4141)"),
        ("CONPERM", "leave to convert content (RFC 4141)"),
        ("DELIVERBY", "delivery by a given time (RFC 2852)"),
        ("DSN", "reports on the delivery, as asked for (RFC 3461)"),
        ("ENHANCEDSTATUSCODES", "replies say more exactly why (RFC 2034)"),
        ("ETRN", "the queue for a domain is started (RFC 1985)"),
        ("EXPN", "a list's members can be asked for (RFC 5321)"),
        ("FUTURERELEASE", "delivery after a given time (RFC 4865)"),
        ("HELP", "help is given (RFC 5321)"),
        ("LIMITS", "how much it takes at once (RFC 9422)"),
        ("MT-PRIORITY", "messages have a priority (RFC 6710)"),
        ("MTRK", "messages can be tracked (RFC 3885)"),
        ("ONEX", "one message a session (sendmail)"),
        ("NO-SOLICITING", "what kinds of advertising are refused (RFC 3865)"),
        ("PIPECONNECT", "EHLO and more may come before the greeting (Exim)"),
        ("PIPELINING", "commands in groups, without waiting (RFC 2920)"),
        ("PIPE_CONNECT", "EHLO and more may come before the greeting (Exim)"),
        ("PRDR", "after the message a reply for each recipient"),
        ("REQUIRETLS", "TLS on every hop can be demanded (RFC 8689)"),
        ("RRVS", "not to an address that has a new owner (RFC 7293)"),
        ("SAML", "mail and a message to the terminal (RFC 821, obsolete)"),
        ("SEND", "a message to the terminal (RFC 821, obsolete)"),
        ("SIZE", "the size is told ahead (RFC 1870)"),
        ("SMTPUTF8", "addresses and headers in any script (RFC 6531)"),
        ("SOML", "mail or a message to the terminal (RFC 821, obsolete)"),
        ("STARTTLS", "TLS can begin (RFC 3207)"),
        ("SUBMITTER", "who is responsible for the message (RFC 4405)"),
        ("TURN", "client and server change places (RFC 821, obsolete)"),
        ("VERB", "the server tells what it does (sendmail)"),
        ("VRFY", "an address can be asked about (RFC 5321)"),
        ("X-ANONYMOUSTLS", "TLS between servers of one organization (Exchange)"),
        ("X-EXPS", "log-in between servers of one organization (Exchange)"),
        ("X-LINK2STATE", "routes between servers (Exchange, old)"),
        ("XADR", "an address can be asked about (PMDF)"),
        ("XCLIENT", "a trusted client may speak for another (Postfix)"),
        ("XEXCH50", "properties between servers (Exchange, old)"),
        ("XFORWARD", "a trusted client tells where mail came from (Postfix)"),
        ("XRDST", "routes between servers (Exchange)"),
        ("XSHADOW", "copies between servers (Exchange)"),
        ("XUSR", "a user's first submission of a message (sendmail)"),
    ];
    // `AUTH=LOGIN` is the form of servers older than the standard.
    if keyword.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("AUTH=")) {
        return Some("log-in, in a form older than the standard");
    }
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(keyword)).map(|(_, words)| *words)
}

/// The keyword at the beginning of a line that EHLO was answered with.
#[must_use]
pub fn keyword(line: &str) -> &str {
    line.split([' ', '\t']).next().unwrap_or(line)
}

/// Whether whoever listens can read the password, or a token as good as it, when this mechanism is used.
#[must_use]
pub fn shows_password(mechanism: &str) -> bool {
    ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"].iter().any(|known| known.eq_ignore_ascii_case(mechanism))
}

/// A number of octets for people: `10.2 MB`.
#[must_use]
pub fn size(octets: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(unit, _)| octets >= *unit) {
        Some((unit, name)) => {
            let tenths = octets / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{octets} octets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_have_a_meaning_in_any_case_and_strange_ones_have_none() {
        assert_eq!(meaning("size"), Some("the size is told ahead (RFC 1870)"));
        assert_eq!(meaning("auth=LOGIN"), Some("log-in, in a form older than the standard"));
        assert_eq!(meaning("pipeconnect"), Some("EHLO and more may come before the greeting (Exim)"));
        assert_eq!(meaning("X-ODD"), None);
        assert_eq!(meaning("été=x"), None);
        assert_eq!(keyword("SIZE 1000"), "SIZE");
    }

    #[test]
    fn sizes_are_cut_and_not_rounded_up() {
        for (octets, words) in [
            (0, "0 octets"),
            (999, "999 octets"),
            (1_000, "1.0 kB"),
            (10_240_000, "10.2 MB"),
            (999_999, "999.9 kB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(size(octets), words);
        }
    }
}
