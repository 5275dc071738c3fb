//! What can be written as a field: a name and a value (RFC 5322, section 2.2).

use std::fmt;

/// Why a field cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldFault {
    /// The name is empty.
    EmptyName,
    /// A character that a name cannot have.
    Name(char),
    /// A CR or an LF in the value: it would begin another field.
    LineEnd,
    /// A NUL or another control character in the value.
    Control,
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldFault::EmptyName => f.write_str("the field name is missing"),
            FieldFault::Name(c) if c.is_control() => f.write_str("a control character in the field name"),
            FieldFault::Name(c) => write!(f, "'{c}' is not allowed in a field name"),
            FieldFault::LineEnd => f.write_str("a line break in the value"),
            FieldFault::Control => f.write_str("a control character in the value"),
        }
    }
}

impl std::error::Error for FieldFault {}

/// Whether this can be the name of a field: 33 to 126 without the colon (RFC 5322, section 2.2).
///
/// # Errors
/// [`FieldFault::EmptyName`] or [`FieldFault::Name`].
pub fn check_name(name: &str) -> Result<(), FieldFault> {
    match name.chars().find(|c| !c.is_ascii_graphic() || *c == ':') {
        Some(c) => Err(FieldFault::Name(c)),
        None if name.is_empty() => Err(FieldFault::EmptyName),
        None => Ok(()),
    }
}

/// Whether this can be the value of a field, before it is encoded and folded. UTF-8 can, and TAB.
///
/// # Errors
/// [`FieldFault::LineEnd`] or [`FieldFault::Control`].
pub fn check_value(value: &str) -> Result<(), FieldFault> {
    match value.chars().find(|c| c.is_control() && *c != '\t') {
        Some('\r' | '\n') => Err(FieldFault::LineEnd),
        Some(_) => Err(FieldFault::Control),
        None => Ok(()),
    }
}
