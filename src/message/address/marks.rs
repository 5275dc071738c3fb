//! Characters that come along with an address and are no part of it.

use ehlo_smtp::dialogue::is_unsafe;

/// What comes along when an address is copied: characters that show nothing, and typographic quotation marks.
/// The two that join letters, or keep them apart, belong to some scripts.
pub(super) fn is_mark(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}')
}

/// It shows nothing.
pub(super) fn is_invisible(c: char) -> bool {
    is_unsafe(c) && !c.is_control() && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{2028}' | '\u{2029}')
}
