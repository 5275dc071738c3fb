//! Comments: `(text (nested) \) text)` (RFC 5322, section 3.2.2).

/// The length in octets of the comment that `text` begins with, brackets and nested comments included; none
/// if it begins with none, or with one that does not end.
pub(super) fn length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth = depth.checked_sub(1)?,
            '\\' => _ = characters.next()?,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    None
}

/// A text with a blank in place of each comment; none if one does not end. No quoted string is looked for:
/// dates and identifiers have none.
pub(super) fn without(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('(') {
        let (before, comment) = rest.split_at(at);
        out.push_str(before);
        out.push(' ');
        rest = comment.get(length(comment)?..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// What is quoted with backslashes, without them.
pub(super) fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        out.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_measured_with_what_is_nested_and_quoted_in_them() {
        for (text, expected) in [
            ("(a)", Some(3)),
            ("()b", Some(2)),
            ("(a (b) c) d)", Some(9)),
            ("(a \\) b) c", Some(8)),
            ("(ü)x", Some(4)),
            ("(\\ü)x", Some(5)),
            ("(a", None),
            ("(a (b)", None),
            ("(a\\", None),
            ("a (b)", None),
            (")", None),
            ("", None),
        ] {
            assert_eq!(length(text), expected, "{text:?}");
        }
    }

    #[test]
    fn comments_become_blanks() {
        assert_eq!(without("a(b (c))d").as_deref(), Some("a d"));
        assert_eq!(without("(a)(b) c").as_deref(), Some("   c"));
        assert_eq!(without("a").as_deref(), Some("a"));
        assert_eq!(without("a (b"), None);
        assert_eq!(unquoted("a\\)b\\\\c\\"), "a)b\\c");
    }
}
