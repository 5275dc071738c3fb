//! The tokens of a value with a structure (RFC 5322, section 3.2): what of it can be encoded, and what
//! cannot.

use super::comment;

/// A piece of a value. All pieces together are the value again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Blanks and TABs.
    Blank(&'a str),
    /// With its brackets.
    Comment(&'a str),
    /// With its quotation marks.
    Quoted(&'a str),
    /// `<…>`: an address, an identifier or a URI.
    Angle(&'a str),
    /// A comma, a semicolon or a colon.
    Delimiter(&'a str),
    /// Anything else up to the next of these; an address literal and a bare URI are of one piece.
    Word(&'a str),
}

impl<'a> Token<'a> {
    /// As the value has it.
    pub fn text(self) -> &'a str {
        match self {
            Token::Blank(text)
            | Token::Comment(text)
            | Token::Quoted(text)
            | Token::Angle(text)
            | Token::Delimiter(text)
            | Token::Word(text) => text,
        }
    }
}

/// The tokens of a value; none if a comment, a quoted string or a `<` in it does not end.
pub(super) fn tokens<'a>(value: &'a str) -> Option<Vec<Token<'a>>> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let (length, make): (usize, fn(&'a str) -> Token<'a>) = match first {
            ' ' | '\t' => (rest.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(rest.len()), Token::Blank),
            '(' => (comment::length(rest)?, Token::Comment),
            '"' => (quoted(rest)?, Token::Quoted),
            '<' => (angle(rest)?, Token::Angle),
            ',' | ';' | ':' => (1, Token::Delimiter),
            _ => (word(rest), Token::Word),
        };
        let (token, behind) = rest.split_at(length);
        found.push(make(token));
        rest = behind;
    }
    Some(found)
}

/// The length of the quoted string that `text` begins with.
fn quoted(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    loop {
        match characters.next()? {
            (at, '"') => return Some(at + 1),
            (_, '\\') => _ = characters.next()?,
            _ => {}
        }
    }
}

/// The length of what is between `<` and `>`; a quoted local part can hold a `>`.
fn angle(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = text.get(at..)?;
        match rest.chars().next()? {
            '>' => return Some(at + 1),
            '"' => at += quoted(rest)?,
            c => at += c.len_utf8(),
        }
    }
}

/// The length of a word. It is never 0.
fn word(text: &str) -> usize {
    if is_uri(text) {
        let end = text.find([' ', '\t', '<', '>', '"']).unwrap_or(text.len());
        let uri = text.get(..end).unwrap_or_default();
        return uri.trim_end_matches([',', ';']).len().max(1);
    }
    let mut literal = false;
    let end = text.find(|c: char| {
        match c {
            '[' => literal = true,
            ']' => literal = false,
            _ => {}
        }
        matches!(c, ' ' | '\t' | '(' | '"' | '<') || (matches!(c, ',' | ';' | ':') && !literal)
    });
    end.unwrap_or(text.len()).max(text.chars().next().map_or(0, char::len_utf8))
}

/// Whether it begins with a URI: one with `://`, or of a scheme that mail uses without.
pub(super) fn is_uri(text: &str) -> bool {
    const BARE: [&str; 10] = ["mailto", "tel", "sip", "sips", "urn", "cid", "mid", "news", "xmpp", "data"];
    /// No scheme is longer; without a bound a text of many words would be searched once for each.
    const LONGEST_SCHEME: usize = 32;
    let colon = text.bytes().take(LONGEST_SCHEME + 1).position(|octet| octet == b':');
    let Some((scheme, rest)) = colon.and_then(|colon| Some((text.get(..colon)?, text.get(colon + 1..)?)))
    else {
        return false;
    };
    let is_name = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
    let is_bare = BARE.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_name && (rest.starts_with("//") || (is_bare && rest.starts_with(|c: char| !c.is_whitespace())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> Option<Vec<String>> {
        let show = |token: Token<'_>| match token {
            Token::Blank(_) => "_".to_owned(),
            Token::Comment(text) => format!("C{text}"),
            Token::Quoted(text) => format!("Q{text}"),
            Token::Angle(text) => format!("A{text}"),
            Token::Delimiter(text) => text.to_owned(),
            Token::Word(text) => format!("W{text}"),
        };
        tokens(value).map(|tokens| tokens.into_iter().map(show).collect())
    }

    #[test]
    fn tokens_are_found_and_lose_nothing() {
        for (value, expected) in [
            ("Jörg <j@x>, a@b", "WJörg _ A<j@x> , _ Wa@b"),
            ("\"a, \\\" b\"<c@d>(e (f))", "Q\"a, \\\" b\" A<c@d> C(e (f))"),
            ("<\"a>b\"@c>;", "A<\"a>b\"@c> ;"),
            ("g: a@[IPv6:::1], b;", "Wg : _ Wa@[IPv6:::1] , _ Wb ;"),
            ("https://x/a,b;c:d, mailto:a@b", "Whttps://x/a,b;c:d , _ Wmailto:a@b"),
            ("Note: 1", "WNote : _ W1"),
            (">a", "W>a"),
            ("]a,b", "W]a , Wb"),
            ("", ""),
        ] {
            let tokens = shown(value).unwrap();
            assert_eq!(tokens.join(" "), expected, "{value:?}");
        }
        for value in ["(a", "\"a", "<a", "a \"b\\", "<\"a>"] {
            assert_eq!(shown(value), None, "{value:?}");
        }
        for value in ["a ( b ) \"c\" <d> e:f;g,h", "ü[:ü(ü)ü\tü"] {
            let whole: String = tokens(value).unwrap().into_iter().map(Token::text).collect();
            assert_eq!(whole, value);
        }
    }
}
