//! A message's identifier in the queue: seven letters of time, which sort, and six that are random.
//!
//! The letters are those of Crockford's base 32 (no I, L, O, U), so that one can be read out on the phone. A
//! process number or an inode alone would come again.

use std::fmt;
use std::str::FromStr;

/// The letters, in their order.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters say the time.
const OF_TIME: usize = 7;
/// How many letters there are in all.
pub const LENGTH: usize = 13;

/// An identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; LENGTH]);

/// A text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an identifier has {LENGTH} letters and digits")
    }
}

impl std::error::Error for NotAnId {}

impl Id {
    /// Of a moment, in seconds since 1970, and 30 random bits.
    #[must_use]
    pub fn new(seconds: i64, random: u32) -> Id {
        let mut letters = [0; LENGTH];
        let digit = |number: u64| LETTERS.get((number % 32) as usize).copied().unwrap_or(b'0');
        let (mut time, mut random) = (seconds.max(0).cast_unsigned(), u64::from(random));
        let (of_time, of_chance) = letters.split_at_mut(OF_TIME);
        for letter in of_time.iter_mut().rev() {
            *letter = digit(time);
            time /= 32;
        }
        for letter in of_chance.iter_mut().rev() {
            *letter = digit(random);
            random /= 32;
        }
        Id(letters)
    }

    /// When it was made, in seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        let digit = |letter: &u8| LETTERS.iter().position(|known| known == letter).unwrap_or_default() as i64;
        self.0.iter().take(OF_TIME).fold(0, |seconds, letter| seconds * 32 + digit(letter))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    /// Small letters count as well: people type them.
    fn from_str(text: &str) -> Result<Id, NotAnId> {
        let mut letters = [0; LENGTH];
        if text.len() != LENGTH {
            return Err(NotAnId);
        }
        for (letter, octet) in letters.iter_mut().zip(text.bytes()) {
            *letter = octet.to_ascii_uppercase();
            if !LETTERS.contains(letter) {
                return Err(NotAnId);
            }
        }
        Ok(Id(letters))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_time_and_read_back() {
        let one = Id::new(1_796_000_000, 0);
        assert_eq!(one.as_str(), "1NGSJ80000000");
        let later = Id::new(1_796_000_001, 0);
        assert_eq!(
            (one.seconds(), Id::new(1_796_000_001, u32::MAX).seconds()),
            (1_796_000_000, 1_796_000_001)
        );
        assert!(one < Id::new(1_796_000_000, 1) && Id::new(1_796_000_000, u32::MAX) < later);
        assert_eq!(one.as_str().to_lowercase().parse(), Ok(one));
        for text in
            ["", "1NGT5M000000", "1NGT5M00000000", "1NGT5M000000U", "1NGT5M00000\u{e9}", "../../../etc/x"]
        {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }
}
