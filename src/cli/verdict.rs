//! What the sink should say to a recipient: `green@beta.arpa=550 No such user here`.

/// A reply for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The recipient, as typed.
    pub address: String,
    /// The reply's code, 400 to 599.
    pub code: u16,
    /// The reply's text, if one was given.
    pub text: Option<String>,
}

/// Reads `--reject ADDRESS=CODE[ TEXT]`.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the flag's name.
pub(super) fn reject(typed: &str) -> Result<Verdict, String> {
    parse(typed).ok_or_else(|| {
        format!("needs ADDRESS=CODE with a code from 400 to 599 and perhaps a text, not '{typed}'")
    })
}

/// Reads `--defer ADDRESS[=CODE[ TEXT]]`; the code is 450 if there is none.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the flag's name.
pub(super) fn defer(typed: &str) -> Result<Verdict, String> {
    let wrong = || format!("needs ADDRESS or ADDRESS=CODE with a code from 400 to 499, not '{typed}'");
    let domain = typed.rsplit('@').next().unwrap_or_default();
    if typed.is_empty() {
        return Err(wrong());
    }
    // No domain has an equals sign, a local part may: a=b@example.org is a whole address.
    if !domain.contains(['=', ' ']) {
        return Ok(Verdict { address: typed.to_owned(), code: 450, text: None });
    }
    parse(typed).filter(|verdict| verdict.code < 500).ok_or_else(wrong)
}

/// The first equals sign that a code follows is ours: others may stand in the local part or in the text.
fn parse(typed: &str) -> Option<Verdict> {
    typed.match_indices('=').find_map(|(at, _)| {
        let (address, reply) = (&typed[..at], &typed[at + 1..]);
        let (code, text) = match reply.split_once(' ') {
            Some((code, text)) => (code, Some(text.to_owned())),
            None => (reply, None),
        };
        let good = code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()) && !address.is_empty();
        let code = code.parse().ok().filter(|code| good && (400..600).contains(code))?;
        // The text goes into a reply line: it must stay one line.
        let line = !text.as_ref().is_some_and(|text| text.chars().any(char::is_control));
        line.then(|| Verdict { address: address.to_owned(), code, text })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(address: &str, code: u16, text: Option<&str>) -> Result<Verdict, String> {
        Ok(Verdict { address: address.to_owned(), code, text: text.map(str::to_owned) })
    }

    #[test]
    fn a_recipient_and_its_reply() {
        let green = "green@beta.arpa";
        assert_eq!(reject("green@beta.arpa=550"), verdict(green, 550, None));
        assert_eq!(
            reject("green@beta.arpa=550 No such user here"),
            verdict(green, 550, Some("No such user here"))
        );
        assert_eq!(reject("green@beta.arpa=452 a=b c@d"), verdict(green, 452, Some("a=b c@d")));
        assert_eq!(reject("SRS0=ab=cd=x@beta.arpa=550"), verdict("SRS0=ab=cd=x@beta.arpa", 550, None));
        assert_eq!(reject("postmaster=550"), verdict("postmaster", 550, None));
        assert_eq!(defer(green), verdict(green, 450, None));
        assert_eq!(defer("green@beta.arpa=451"), verdict(green, 451, None));
        assert_eq!(defer("green@beta.arpa=421 Later @ noon"), verdict(green, 421, Some("Later @ noon")));
        assert_eq!(defer("a=b@beta.arpa"), verdict("a=b@beta.arpa", 450, None));
    }

    #[test]
    fn no_address_no_code_or_a_wrong_one() {
        for text in [
            "",
            "green@beta.arpa",
            "green@beta.arpa=",
            "g@b=250",
            "g@b=55",
            "g@b=5500",
            "=550",
            "g@b=550 a\r\nb",
        ] {
            assert!(reject(text).is_err(), "{text}");
        }
        for text in ["", "g@b=550", "g@b=", "g@b=abc", "g@b some text"] {
            assert!(defer(text).is_err(), "{text}");
        }
    }
}
