//! Which fields a list of names means (RFC 6376, section 5.4.2): of several of one name the lowest first,
//! each once, and nothing where there is none left.

use super::Field;
use std::collections::HashMap;

/// The fields of a header section by their names.
#[derive(Debug)]
pub struct Choice<'a> {
    /// Under each name in small letters, from top to bottom.
    by_name: HashMap<Vec<u8>, Vec<Field<'a>>>,
}

impl<'a> Choice<'a> {
    pub fn new(fields: &[Field<'a>]) -> Choice<'a> {
        let mut by_name: HashMap<Vec<u8>, Vec<Field<'a>>> = HashMap::new();
        for field in fields.iter().filter(|field| field.is_field()) {
            by_name.entry(field.name.to_ascii_lowercase()).or_default().push(*field);
        }
        Choice { by_name }
    }

    /// How many fields have the name. Case does not matter.
    pub fn count(&self, name: &str) -> usize {
        self.by_name.get(&name.as_bytes().to_ascii_lowercase()).map_or(0, Vec::len)
    }

    /// The fields that the names mean, in the order of the names. The field that holds the signature itself
    /// is none of them.
    pub fn fields<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
        without: Option<&Field<'a>>,
    ) -> Vec<Field<'a>> {
        let mut left = HashMap::new();
        let mut found = Vec::new();
        for name in names {
            let name = name.as_bytes().to_ascii_lowercase();
            let Some(fields) = self.by_name.get(&name) else { continue };
            let left = left.entry(name).or_insert_with(|| fields.iter().rev());
            found.extend(left.find(|field| without.is_none_or(|it| it.line != field.line)));
        }
        found
    }
}
