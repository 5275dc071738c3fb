//! What a signature says of itself, true or not: to name it where it cannot be used.

use crate::dkim::names;
use crate::dkim::tags::Tags;

/// What a signature says of itself. Nothing of it is proved, and texts are as others wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// `d=`, if it is a domain.
    pub domain: Option<String>,
    /// `s=`, if it is a selector.
    pub selector: Option<String>,
    /// `a=`, also one that is not known.
    pub algorithm: Option<String>,
}

impl Claims {
    pub(super) fn of(tags: &Tags<'_>) -> Claims {
        Claims {
            domain: tags.value("d").and_then(|value| names::domain(value).ok()),
            selector: tags.value("s").and_then(|value| names::selector(value).ok()),
            algorithm: tags.value("a").map(|value| String::from_utf8_lossy(value).into_owned()),
        }
    }
}
