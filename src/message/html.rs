//! Where HTML refers to other parts: the values of some attributes, and style sheets (HTML, section 13.2; RFC
//! 2392).
//!
//! Tags are told from text, comments and scripts; nothing else is looked at.

use std::ops::Range;

/// A place that may hold references.
#[derive(Debug)]
pub(super) struct Place {
    pub range: Range<usize>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// One URL, and nothing else.
    Url,
    /// URLs with commas between.
    Set,
    /// Style sheets, with URLs in `url()`.
    Style,
}

impl Place {
    /// Whether a URL begins at `at`.
    pub fn has_reference_at(&self, html: &str, at: usize) -> bool {
        let Some(before) = html.get(self.range.start..at) else { return false };
        let ends = |marks: &[char]| before.ends_with(|c: char| c.is_whitespace() || marks.contains(&c));
        let quoted = ["&quot;", "&apos;", "&#34;", "&#39;"];
        match self.kind {
            Kind::Url => before.trim().is_empty(),
            Kind::Set => before.is_empty() || ends(&[',']),
            Kind::Style => {
                before.is_empty()
                    || ends(&['(', '"', '\''])
                    || quoted.iter().any(|quote| before.ends_with(quote))
            }
        }
    }
}

/// All such places, in order.
pub(super) fn places(html: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = find(html, at, "<") {
        let rest = html.get(start + 1..).unwrap_or_default();
        at = if rest.starts_with("!--") {
            find(html, start + 4, "-->").map_or(html.len(), |end| end + 3)
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            element(html, start + 1, &mut found)
        } else if rest.starts_with(['/', '!', '?']) {
            find(html, start, ">").map_or(html.len(), |end| end + 1)
        } else {
            start + 1
        };
    }
    found
}

fn find(html: &str, at: usize, wanted: &str) -> Option<usize> {
    Some(at + html.get(at..)?.find(wanted)?)
}

/// A tag whose name begins at `at`, and what is no HTML behind it; returns where it ends.
fn element(html: &str, at: usize, found: &mut Vec<Place>) -> usize {
    let mut tag = Cursor { html, at };
    let name = tag.take_until(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>')).to_ascii_lowercase();
    loop {
        tag.take_until(|c| !c.is_ascii_whitespace() && c != '/');
        if matches!(tag.next(), None | Some('>')) {
            break;
        }
        let start = tag.at;
        let attribute = tag.take_until(|c| c.is_ascii_whitespace() || matches!(c, '=' | '/' | '>'));
        tag.take_until(|c| !c.is_ascii_whitespace());
        if tag.next() == Some('=') {
            tag.at += 1;
            let range = tag.value();
            if let Some(kind) = kind_of(attribute) {
                found.push(Place { range, kind });
            }
        } else if tag.at == start {
            break;
        }
    }
    let behind = (tag.at + 1).min(html.len());
    if !matches!(name.as_str(), "script" | "style" | "textarea" | "title" | "xmp") {
        return behind;
    }
    let end = end_of(html, behind, &name);
    if name == "style" {
        found.push(Place { range: behind..end, kind: Kind::Style });
    }
    end
}

/// Where the end tag of this name begins.
fn end_of(html: &str, at: usize, name: &str) -> usize {
    let is_end = |start: usize| {
        html.get(start + 2..start + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    let mut at = at;
    while let Some(start) = find(html, at, "</") {
        if is_end(start) {
            return start;
        }
        at = start + 2;
    }
    html.len()
}

fn kind_of(attribute: &str) -> Option<Kind> {
    // With a prefix in SVG and VML.
    let name = attribute.rsplit(':').next().unwrap_or_default();
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match () {
        () if ["src", "href", "background", "poster", "data"].into_iter().any(is) => Some(Kind::Url),
        () if is("srcset") => Some(Kind::Set),
        () if is("style") => Some(Kind::Style),
        () => None,
    }
}

struct Cursor<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take_until(&mut self, is_end: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let (taken, _) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        self.at += taken.len();
        taken
    }

    /// The value of an attribute, in quotation marks or without.
    fn value(&mut self) -> Range<usize> {
        self.take_until(|c| !c.is_ascii_whitespace());
        let quote = self.next().filter(|c| matches!(c, '"' | '\''));
        self.at += usize::from(quote.is_some());
        let start = self.at;
        self.take_until(|c| quote.map_or(c.is_ascii_whitespace() || c == '>', |quote| c == quote));
        let end = self.at;
        self.at = (end + usize::from(quote.is_some())).min(self.html.len());
        start..end
    }
}
