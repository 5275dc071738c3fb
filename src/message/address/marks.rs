//! Characters that come along with an address and are no part of it.

use ehlo_smtp::dialogue::is_unsafe;

/// Whether a character comes along when an address is copied: one that shows nothing, or a typographic
/// quotation mark. The two that join letters or keep them apart are not among them: some scripts need them.
pub(super) fn is_mark(c: char) -> bool {
    is_invisible(c) || matches!(c, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}')
}

/// Whether a character shows nothing.
pub(super) fn is_invisible(c: char) -> bool {
    is_unsafe(c) && !c.is_control() && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{2028}' | '\u{2029}')
}
