//! What can be chosen about signatures.

/// What can be chosen about signatures. The default is what most want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Names of fields that are signed besides those that always are.
    pub extra: Vec<String>,
    /// Whether fields that are not there are signed as missing, so that nobody can add them. Not for messages
    /// to a server that adds Date or Message-ID.
    pub absent: bool,
    /// After how many seconds the signatures are no longer valid (`x=`).
    pub expire: Option<u64>,
}
