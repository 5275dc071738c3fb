//! A field that is folded while it is written (RFC 5322, section 2.2.3; RFC 6376, section 3.2).

/// No line is longer, if it can be folded at all (RFC 5322, section 2.1.1).
const COLUMNS: usize = 78;

/// A field as far as it is written.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    column: usize,
}

impl Folded {
    /// `name` has its colon.
    pub(super) fn new(name: &str) -> Folded {
        Folded { text: name.to_owned(), column: name.len() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Adds a word, behind a blank or on a line of its own.
    pub(super) fn word(&mut self, word: &str) {
        if self.column + 1 + word.len() > COLUMNS {
            self.line(word);
        } else {
            self.text.push(' ');
            self.add(word);
            self.column += 1;
        }
    }

    /// Adds what may stand right behind what is there, or on the next line.
    pub(super) fn part(&mut self, part: &str) {
        if self.column + part.len() > COLUMNS { self.line(part) } else { self.add(part) }
    }

    /// Adds a word on a line of its own.
    pub(super) fn line(&mut self, word: &str) {
        self.text.push_str("\r\n ");
        self.column = 1;
        self.add(word);
    }

    /// Adds octets in base64, in as many lines as they need.
    pub(super) fn base64(&mut self, octets: &[u8]) {
        let text = encodify::base64::STANDARD.encode(octets);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            if self.column >= COLUMNS {
                self.line("");
            }
            let room = COLUMNS.saturating_sub(self.column).min(rest.len());
            let (line, behind) = rest.split_at_checked(room).unwrap_or((rest, ""));
            self.add(line);
            rest = behind;
        }
    }

    /// The field with its CRLF.
    pub(super) fn finish(mut self) -> String {
        self.text.push_str("\r\n");
        self.text
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }
}
