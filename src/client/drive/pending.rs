//! What is to be written, gathered. A secret that was among it is overwritten, wherever the buffer has been.

use ehlo_smtp::command::Line;
use std::ops::{Deref, DerefMut};
use zeroize::Zeroize;

/// The octets.
#[derive(Default)]
pub(super) struct Pending {
    octets: Vec<u8>,
    /// A secret is among them.
    secret: bool,
}

impl Pending {
    /// A command line behind what is there. With a secret in it, a buffer that must grow is overwritten
    /// before it is given back, which `Vec` would not do.
    pub(super) fn line(&mut self, line: &Line) {
        self.secret |= line.secret().is_some();
        let octets = line.octets();
        if self.secret && self.octets.capacity() - self.octets.len() < octets.len() {
            let mut larger = Vec::with_capacity((self.octets.len() + octets.len()) * 2);
            larger.extend_from_slice(&self.octets);
            self.octets.zeroize();
            self.octets = larger;
        }
        self.octets.extend_from_slice(octets);
    }

    /// Nothing is left, and of a secret not in memory either.
    pub(super) fn wipe(&mut self) {
        if std::mem::take(&mut self.secret) {
            self.octets.zeroize();
        }
        self.octets.clear();
    }
}

impl Deref for Pending {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.octets
    }
}

/// For the content; it holds no secret, and none waits when it begins.
impl DerefMut for Pending {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.octets
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ehlo_smtp::command::Command;

    #[test]
    fn lines_stand_one_behind_the_other_and_a_secret_does_not_outlive_the_writing() {
        let mut pending = Pending::default();
        let mut line = Line::default();
        let mut all = Vec::new();
        for command in
            [Command::Rset, Command::Response("cA=="), Command::Response("AAAAAAAAAAAA"), Command::Quit]
        {
            line.write(command).unwrap();
            pending.line(&line);
            all.extend_from_slice(line.octets());
            assert_eq!(*pending, all);
        }
        assert!(pending.secret);
        pending.wipe();
        assert!(!pending.secret && pending.is_empty());
    }
}
