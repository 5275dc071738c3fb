//! What the DNS says of a key (RFC 6376, section 6.1.2), as the caller found it.

/// The answer to a question for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The TXT records, each with its strings joined. There should be one; of several the best counts.
    Records(Vec<Vec<u8>>),
    /// There is none: the name does not exist, or has no TXT record.
    None,
    /// It could not be found out now.
    Failed,
}
