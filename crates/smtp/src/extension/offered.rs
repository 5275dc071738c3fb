//! What a server offered in its reply to EHLO (RFC 5321, section 4.1.1.1).
//!
//! Keywords are compared without case. Unknown ones are kept: the report shows what was said. A line that is no
//! keyword (servers add a session id, or an empty line) is kept in the list and means nothing.

use super::Extension;
use crate::reply::{Reply, characters};

/// The extensions of one server in one state; forgotten when TLS begins (RFC 3207, section 4.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    lines: Vec<String>,
}

impl Extensions {
    /// Reads the reply to EHLO or LHLO: its first line is the greeting, each other one an extension.
    #[must_use]
    pub fn from_reply(reply: &Reply) -> Extensions {
        let lines = reply.lines().iter().skip(1);
        Extensions { lines: lines.map(|line| characters(line).trim().to_owned()).collect() }
    }

    /// Each line as it came, without blanks around it.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Whether the extension is offered.
    #[must_use]
    pub fn offers(&self, extension: Extension) -> bool {
        self.parameters(extension).is_some()
    }

    /// What stands behind the keyword, if the extension is offered.
    #[must_use]
    pub fn parameters(&self, extension: Extension) -> Option<&str> {
        self.lines.iter().find_map(|line| {
            let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
            word.eq_ignore_ascii_case(extension.keyword()).then(|| rest.trim())
        })
    }

    /// The largest message in octets (RFC 1870, section 3), if SIZE names a limit: 0 and nothing are none.
    #[must_use]
    pub fn size_limit(&self) -> Option<u64> {
        self.parameters(Extension::Size)?.split_whitespace().next()?.parse().ok().filter(|limit| *limit > 0)
    }

    /// A limit of LIMITS (RFC 9422, section 3): `RCPTMAX`, `MAILMAX`, `RCPTDOMAINMAX`. Nought is none.
    #[must_use]
    pub fn limit(&self, name: &str) -> Option<usize> {
        let limits =
            self.parameters(Extension::Limits)?.split_whitespace().filter_map(|limit| limit.split_once('='));
        let (_, value) = limits.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        value.parse().ok().filter(|limit| *limit > 0)
    }

    /// The log-in mechanisms, in capitals, in the server's order (RFC 4954, section 3). `AUTH=LOGIN`, the form of
    /// servers older than the standard, counts too.
    #[must_use]
    pub fn mechanisms(&self) -> Vec<String> {
        let mut mechanisms: Vec<String> = Vec::new();
        for line in &self.lines {
            let Some((keyword, names)) = line.split_once([' ', '=']) else { continue };
            if !keyword.eq_ignore_ascii_case(Extension::Auth.keyword()) {
                continue;
            }
            for name in names.split_whitespace().map(str::to_ascii_uppercase) {
                if !mechanisms.contains(&name) {
                    mechanisms.push(name);
                }
            }
        }
        mechanisms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(text: &str) -> Extensions {
        Extensions::from_reply(&Reply::new(250, text))
    }

    #[test]
    fn keywords_are_found_in_any_case_and_nothing_is_lost() {
        let extensions = offered("beta\npipelining\nsize 1000\nX-Odd thing\n\nOk SESSIONID=<1>");
        assert!(extensions.offers(Extension::Pipelining));
        assert!(
            !offered("size\npipeliningg\nprdr-1").offers(Extension::Size),
            "the first line is the greeting"
        );
        assert!(!offered("size\npipeliningg\nprdr-1").offers(Extension::Pipelining));
        assert!(!offered("size\npipeliningg\nprdr-1").offers(Extension::Prdr));
        assert_eq!(extensions.size_limit(), Some(1000));
        assert_eq!(extensions.lines(), ["pipelining", "size 1000", "X-Odd thing", "", "Ok SESSIONID=<1>"]);
    }

    #[test]
    fn size_without_a_number_and_zero_are_no_limit() {
        for text in ["beta\nSIZE", "beta\nSIZE 0", "beta\nSIZE many", "beta"] {
            assert_eq!(offered(text).size_limit(), None, "{text:?}");
        }
    }

    #[test]
    fn limits_are_found_by_their_names() {
        let extensions = offered("beta\nlimits RcptMax=20 MAILMAX=5 ODD RCPTDOMAINMAX=0 X=y");
        assert_eq!(extensions.limit("RCPTMAX"), Some(20));
        assert_eq!(extensions.limit("MAILMAX"), Some(5));
        for none in ["RCPTDOMAINMAX", "ODD", "X", "OTHER"] {
            assert_eq!(extensions.limit(none), None, "{none}");
        }
        assert_eq!(offered("beta\nSIZE").limit("RCPTMAX"), None);
    }

    #[test]
    fn mechanisms_come_from_both_forms() {
        assert_eq!(
            offered("b\nauth plain Login\nAUTH=LOGIN CRAM-MD5").mechanisms(),
            ["PLAIN", "LOGIN", "CRAM-MD5"]
        );
        assert!(offered("b\nAUTH").mechanisms().is_empty());
        assert!(offered("b\n\u{e9}\u{e9}\u{e9}").mechanisms().is_empty());
    }
}
