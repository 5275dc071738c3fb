//! Lists of tags, `v=DMARC1; p=none` (RFC 9989, section 4.8), read as RFC 6376, section 3.2, has them: names in small letters,
//! each once.

/// No list has more of them.
const MOST: usize = 64;

/// Why a text is no list of tags: what stands between two semicolons, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATag(pub String);

/// Names and values, in the order in which they stand; blanks around them are left out.
pub fn tags(text: &str) -> Result<Vec<(&str, &str)>, NotATag> {
    let wrong = |part: &str| NotATag(part.trim().chars().take(40).collect());
    let mut tags: Vec<(&str, &str)> = Vec::new();
    let parts: Vec<&str> = text.split(';').collect();
    for (at, part) in parts.iter().enumerate() {
        let trimmed = part.trim_matches([' ', '\t']);
        // A semicolon may end it.
        if trimmed.is_empty() && at > 0 && at + 1 == parts.len() {
            break;
        }
        let (name, value) = trimmed.split_once('=').ok_or_else(|| wrong(part))?;
        let (name, value) = (name.trim_end_matches([' ', '\t']), value.trim_start_matches([' ', '\t']));
        let is_name =
            !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_');
        let is_twice = tags.iter().any(|(known, _)| *known == name);
        if !is_name || is_twice || tags.len() == MOST {
            return Err(wrong(part));
        }
        tags.push((name, value));
    }
    Ok(tags)
}
