//! `Hi` of RFC 5802, section 2.2: a password made expensive to guess (PBKDF2, one block), in slices.
//!
//! The server says how many rounds, up to seconds of work. There is no clock here: each slice takes
//! milliseconds, and whoever has the clock asks for the next one, or does not.

use ehlo_smtp::auth::SecretOctets;
use hmac::{KeyInit, Mac};

/// The rounds of one slice: some milliseconds.
const SLICE: u64 = 10_000;

/// A computation under way.
pub(super) struct Stretch<M> {
    keyed: M,
    last: SecretOctets,
    sum: SecretOctets,
    left: u64,
}

impl<M: Mac + KeyInit + Clone> Stretch<M> {
    /// `rounds` of them, from 1.
    pub(super) fn new(password: &[u8], salt: &[u8], rounds: u64) -> Option<Stretch<M>> {
        let keyed = <M as KeyInit>::new_from_slice(password).ok()?;
        let mut first = keyed.clone();
        first.update(salt);
        first.update(&1_u32.to_be_bytes());
        let last = SecretOctets::new(first.finalize().into_bytes().to_vec());
        Some(Stretch { keyed, sum: last.clone(), last, left: rounds.saturating_sub(1) })
    }

    /// One slice; the result when it is done.
    pub(super) fn work(&mut self) -> Option<SecretOctets> {
        let slice = self.left.min(SLICE);
        for _ in 0..slice {
            let mut hmac = self.keyed.clone();
            hmac.update(&self.last);
            let octets = hmac.finalize().into_bytes();
            self.last.copy_from_slice(&octets);
            self.sum.iter_mut().zip(octets).for_each(|(sum, octet)| *sum ^= octet);
        }
        self.left -= slice;
        (self.left == 0).then(|| std::mem::take(&mut self.sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::Hmac;
    use sha1::Sha1;

    fn stretched(rounds: u64) -> (u32, String) {
        let mut stretch = Stretch::<Hmac<Sha1>>::new(b"password", b"salt", rounds).unwrap();
        for slices in 1.. {
            if let Some(done) = stretch.work() {
                return (slices, done.iter().map(|octet| format!("{octet:02x}")).collect());
            }
        }
        unreachable!()
    }

    /// RFC 6070, section 2.
    #[test]
    fn the_vectors_of_the_rfc() {
        assert_eq!(stretched(1), (1, "0c60c80f961f0e71f3a9b524af6012062fe037a6".to_owned()));
        assert_eq!(stretched(2), (1, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957".to_owned()));
        assert_eq!(stretched(4096), (1, "4b007901b765489abead49d926f721d065a429c1".to_owned()));
    }

    #[test]
    fn it_takes_as_many_slices_as_it_has_rounds_for() {
        assert_eq!(stretched(SLICE + 1).0, 1);
        assert_eq!(stretched(2 * SLICE + 2).0, 3);
    }
}
