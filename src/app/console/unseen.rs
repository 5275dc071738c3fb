//! A secret that is typed: its keys are taken before the line editor makes anything of them. So they are not
//! shown, and are in no line, no history, no undo and no kill ring.

use crate::config::secret::Secret;
use rustyline::{
    Cmd, ConditionalEventHandler, Event, EventContext, KeyCode, KeyEvent, Modifiers, RepeatCount,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::{Zeroize, Zeroizing};

/// Room for a secret that need not move while it grows, so that no part of it is left behind.
const ROOM: usize = 1024;

/// What is being typed unseen, if anything is.
#[derive(Clone, Default)]
pub struct Unseen(Arc<Mutex<Option<Zeroizing<String>>>>);

impl Unseen {
    /// From now on keys are taken.
    pub fn begin(&self) {
        *self.lock() = Some(Zeroizing::new(String::with_capacity(ROOM)));
    }

    /// Keys are the editor's again; what was taken.
    pub fn end(&self) -> Secret {
        let mut typed = self.lock().take().unwrap_or_default();
        Secret::new(std::mem::take(&mut *typed))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Zeroizing<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConditionalEventHandler for Unseen {
    fn handle(&self, event: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        match event {
            Event::KeySeq(keys) => take(self.lock().as_mut()?, keys.last()?),
            _ => self.lock().as_ref().map(|_| Cmd::Noop),
        }
    }
}

/// One key, and what the editor is to do, which sees none of them.
fn take(typed: &mut String, KeyEvent(code, modifiers): &KeyEvent) -> Option<Cmd> {
    let control = *modifiers == Modifiers::CTRL;
    Some(match code {
        KeyCode::Enter => Cmd::AcceptLine,
        KeyCode::Char('J' | 'M') if control => Cmd::AcceptLine,
        KeyCode::Char('C') if control => Cmd::Interrupt,
        KeyCode::Char('D') if control && typed.is_empty() => Cmd::EndOfFile,
        KeyCode::Char('U') if control => {
            typed.zeroize();
            Cmd::Noop
        }
        KeyCode::Backspace => {
            typed.pop();
            Cmd::Noop
        }
        KeyCode::Char('H') if control => {
            typed.pop();
            Cmd::Noop
        }
        KeyCode::Char(key) if modifiers.is_empty() || *modifiers == Modifiers::SHIFT => {
            typed.push(*key);
            Cmd::Noop
        }
        _ => Cmd::Noop,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_and_the_editor_gets_none_of_them() {
        let mut typed = String::from("x");
        let control = |key| KeyEvent(KeyCode::Char(key), Modifiers::CTRL);
        let plain = |key| KeyEvent(KeyCode::Char(key), Modifiers::NONE);
        for (key, left) in [
            (control('U'), ""),
            (plain('ä'), "ä"),
            (plain('b'), "äb"),
            (control('W'), "äb"),
            (control('D'), "äb"),
            (KeyEvent(KeyCode::Tab, Modifiers::NONE), "äb"),
            (KeyEvent(KeyCode::Up, Modifiers::NONE), "äb"),
            (KeyEvent(KeyCode::Backspace, Modifiers::NONE), "ä"),
            (control('H'), ""),
            (control('H'), ""),
        ] {
            assert_eq!(take(&mut typed, &key), Some(Cmd::Noop), "{key:?}");
            assert_eq!(typed, left, "{key:?}");
        }
        for (key, asked) in [
            (control('D'), Cmd::EndOfFile),
            (control('C'), Cmd::Interrupt),
            (control('J'), Cmd::AcceptLine),
            (KeyEvent(KeyCode::Enter, Modifiers::NONE), Cmd::AcceptLine),
        ] {
            assert_eq!(take(&mut typed, &key), Some(asked), "{key:?}");
        }
    }
}
