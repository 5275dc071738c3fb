//! What EHLO offers: any lines at all behind its first one.

use super::assert_printable;
use ehlo::inside::meaning::extension;
use ehlo::inside::report::probe::keyword;
use ehlo::inside::report::text::printable;
use ehlo_smtp::extension::{Extension, Extensions};
use ehlo_smtp::reply::{ReplyLine, ReplyReader};

pub fn holds(octets: &[u8]) {
    let mut reader = ReplyReader::default();
    reader.push(b"250-beta.arpa\r\n");
    for line in octets.split(|octet| *octet == b'\n') {
        reader.push(&[b"250-", line, b"\n"].concat());
    }
    reader.push(b"250 \r\n");
    let mut reply = None;
    while let (None, Ok(Some(line @ (ReplyLine::Part | ReplyLine::Last(_))))) = (&reply, reader.next_line()) {
        if let ReplyLine::Last(whole) = line {
            reply = Some(whole);
        }
    }
    let Some(reply) = reply else { return };
    let extensions = Extensions::from_reply(&reply);
    assert_eq!(extensions.lines().len() + 1, reply.lines().len());
    for line in extensions.lines() {
        assert!(!line.contains('\n'));
        assert_printable(&printable(line));
        let keyword = keyword(line);
        let _ = extension(keyword);
        assert!(keyword.is_empty() || line.starts_with(keyword));
    }
    for extension in Extension::ALL {
        let begins = |line: &String| keyword(line).eq_ignore_ascii_case(extension.keyword());
        assert_eq!(extensions.offers(*extension), extensions.lines().iter().any(begins), "{extension:?}");
    }
    assert_ne!(extensions.size_limit(), Some(0));
    for limit in ["RCPTMAX", "MAILMAX", "RCPTDOMAINMAX"] {
        assert_ne!(extensions.limit(limit), Some(0));
    }
    let mechanisms = extensions.mechanisms();
    for (place, name) in mechanisms.iter().enumerate() {
        assert!(
            !name.is_empty() && !name.contains(char::is_whitespace) && *name == name.to_ascii_uppercase()
        );
        assert!(!mechanisms[..place].contains(name), "{name} is there twice");
    }
}
