//! A sum that tells whether octets are still the same: of eight lanes of 64 bits, as Fletcher's, at memory
//! speed.
//!
//! It is against accidents, not against somebody who means to deceive: whoever can write to a file can do so
//! before it is opened.

/// So many octets at a time. Every piece but the last must be a multiple of it.
pub(super) const STRIDE: usize = 64;

/// The sum of what was added so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    octets: u64,
    /// The sum of the words of each lane.
    words: [u64; 8],
    /// The sum of those sums: it tells in which order they came.
    order: [u64; 8],
}

impl Sum {
    /// Adds the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.octets += piece.len() as u64;
        let (strides, rest) = piece.as_chunks::<STRIDE>();
        strides.iter().for_each(|stride| self.add_stride(stride));
        if !rest.is_empty() {
            let mut stride = [0; STRIDE];
            stride.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.add_stride(&stride);
        }
    }

    fn add_stride(&mut self, stride: &[u8; STRIDE]) {
        let (words, _) = stride.as_chunks::<8>();
        for ((word, sum), order) in words.iter().zip(&mut self.words).zip(&mut self.order) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*word));
            *order = order.wrapping_add(*sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(pieces: &[&[u8]]) -> Sum {
        let mut sum = Sum::default();
        pieces.iter().for_each(|piece| sum.add(piece));
        sum
    }

    #[test]
    fn every_octet_counts_and_so_does_its_place() {
        let octets: Vec<u8> = (0..300_u32).map(|n| (n * 7 % 251) as u8).collect();
        let whole = sum(&[&octets]);
        for at in 0..octets.len() {
            let mut other = octets.clone();
            other[at] ^= 1;
            assert_ne!(sum(&[&other]), whole, "{at}");
            other.copy_from_slice(&octets);
            let next = (at + 1) % octets.len();
            other.swap(at, next);
            assert_ne!(sum(&[&other]), whole, "{at} and the next");
        }
        let strides: Vec<&[u8]> = octets.chunks(STRIDE).rev().collect();
        assert_ne!(sum(&[&strides.concat()]), whole);
        assert_ne!(sum(&[&octets, b"\0"]), whole);
        assert_ne!(sum(&[b"\0"]), sum(&[b""]));
    }

    #[test]
    fn it_is_the_same_at_every_split_between_strides() {
        let octets: Vec<u8> = (0..=255).cycle().take(STRIDE * 5 + 7).collect();
        for one in (0..=STRIDE * 5).step_by(STRIDE) {
            for two in (one..=STRIDE * 5).step_by(STRIDE) {
                let pieces = [&octets[..one], &octets[one..two], &octets[two..]];
                assert_eq!(sum(&pieces), sum(&[&octets]), "{one} and {two}");
            }
        }
    }
}
