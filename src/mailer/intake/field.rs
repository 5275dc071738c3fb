//! Whether a line is a field of the header section, as far as its octets have come. A CR alone means something else
//! there than in the text.

/// No name that matters here is longer, in octets: `From` of an mbox line, quoted a few times.
const ENOUGH: usize = 16;

/// What the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Line {
    /// Nothing of it came.
    #[default]
    Start,
    /// A name so far.
    Name,
    /// A name and a blank.
    Blank,
    /// A field, or more of one.
    Field,
    /// An mbox line in front of the fields.
    Front,
    /// No field: the header section is over.
    Text,
}

/// Follows the lines of a message from its start.
#[derive(Debug, Default)]
pub struct InField {
    line: Line,
    /// How the name begins.
    name: Vec<u8>,
    has_fields: bool,
}

impl InField {
    /// Goes on by octets of the same line.
    pub fn take(&mut self, text: &[u8]) {
        for octet in text {
            match self.line {
                Line::Start | Line::Name | Line::Blank => self.step(*octet),
                Line::Field | Line::Front | Line::Text => return,
            }
        }
    }

    fn step(&mut self, octet: u8) {
        self.line = match (self.line, octet) {
            (Line::Start, b' ' | b'\t') => {
                if self.has_fields {
                    Line::Field
                } else {
                    Line::Text
                }
            }
            // A byte order mark.
            (Line::Start, 0xef | 0xbb | 0xbf) if !self.has_fields => Line::Start,
            (Line::Name | Line::Blank, b':') => Line::Field,
            (Line::Name | Line::Blank, b' ' | b'\t') => Line::Blank,
            (Line::Start | Line::Name, octet) if octet.is_ascii_graphic() && octet != b':' => Line::Name,
            (Line::Blank, _) if !self.has_fields && is_from(&self.name) => Line::Front,
            _ => Line::Text,
        };
        if self.line == Line::Name && self.name.len() < ENOUGH {
            self.name.push(octet);
        }
    }

    /// The line ends.
    pub fn end_line(&mut self) {
        self.name.clear();
        self.line = match self.line {
            Line::Field => {
                self.has_fields = true;
                Line::Start
            }
            Line::Front => Line::Start,
            Line::Start | Line::Name | Line::Blank | Line::Text => Line::Text,
        };
    }

    /// Whether the line is a field, or more of one.
    #[must_use]
    pub fn is_field(&self) -> bool {
        self.line == Line::Field
    }
}

/// Whether a name is an mbox line's, quoted or not.
fn is_from(name: &[u8]) -> bool {
    let unquoted = name.iter().position(|octet| *octet != b'>').unwrap_or(name.len());
    name.get(unquoted..) == Some(b"From")
}
