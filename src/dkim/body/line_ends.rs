//! Line ends that were held back as a count.

/// Hands on as many line ends.
pub(super) fn line_ends(count: u64, out: &mut impl FnMut(&[u8])) {
    let many = b"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
    let mut left = count.saturating_mul(2);
    while left > 0 {
        let some = many.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(many);
        out(some);
        left = left.saturating_sub(some.len() as u64);
    }
}
