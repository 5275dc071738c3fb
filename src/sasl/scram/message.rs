//! What a SCRAM server says (RFC 5802, section 7), attribute by attribute, in the order that the grammar has.

/// The answer to the client's first message.
pub(super) enum First<'a> {
    Offer(Offer<'a>),
    /// It goes no further, for this reason.
    Refusal(&'a str),
}

/// What the proof is made from.
pub(super) struct Offer<'a> {
    /// Ours, and the server's behind it.
    pub nonce: &'a str,
    pub salt: Vec<u8>,
    /// How many iterations; a count that is too large becomes the largest number.
    pub count: u64,
}

/// The answer to the client's proof.
pub(super) enum Final<'a> {
    Signature(Vec<u8>),
    Refusal(&'a str),
}

/// `r=nonce,s=salt,i=count`, and perhaps extensions, which are ignored. A mandatory one, `m=`, would come
/// first, and is no nonce (section 5.1).
pub(super) fn first(text: &str) -> Option<First<'_>> {
    let mut attributes = text.split(',');
    let attribute = attributes.next()?;
    if let Some(reason) = attribute.strip_prefix("e=") {
        return Some(First::Refusal(reason));
    }
    let nonce = attribute.strip_prefix("r=")?;
    let salt = encodify::base64::STANDARD.decode(attributes.next()?.strip_prefix("s=")?.as_bytes()).ok()?;
    let digits = attributes.next()?.strip_prefix("i=")?;
    if salt.is_empty() || digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    Some(First::Offer(Offer { nonce, salt, count: digits.parse().unwrap_or(u64::MAX) }))
}

/// `v=signature` or `e=reason`, and perhaps extensions.
pub(super) fn last(text: &str) -> Option<Final<'_>> {
    let attribute = text.split(',').next()?;
    match attribute.strip_prefix("v=") {
        Some(signature) => encodify::base64::STANDARD.decode(signature.as_bytes()).ok().map(Final::Signature),
        None => attribute.strip_prefix("e=").map(Final::Refusal),
    }
}

/// Whether it is printable, and not empty.
pub(super) fn is_nonce(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic() && octet != b',')
}
