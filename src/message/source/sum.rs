//! A sum that tells whether octets are still the same: of eight lanes of 64 bits, at memory speed.
//!
//! Two words are mixed into a lane with a turn between them, then the lane is multiplied. Each of these steps
//! can be undone, so that a single word that differs never gets lost; and none of them is linear together
//! with the others, so that words which change places do not make up for each other.
//!
//! It guards against accidents, not against somebody who means to deceive: whoever can write to a file can do
//! so before it is opened.

/// How many octets are added at a time. Every piece but the last must be a multiple of it.
pub(super) const STRIDE: usize = 128;
/// The golden ratio, as an odd fraction of 2^64: its bits have no pattern.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// The lower bits of a product depend on the fewest bits, so they are moved up, and the upper ones down.
const TURN: u32 = 29;

/// The sum of what was added so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    octets: u64,
    lanes: [u64; 8],
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
        let (pairs, _) = stride.as_chunks::<16>();
        for (pair, lane) in pairs.iter().zip(&mut self.lanes) {
            let pair = u128::from_le_bytes(*pair);
            let (first, second) = (pair as u64, (pair >> 64) as u64);
            *lane = (*lane ^ first).rotate_left(TURN).wrapping_add(second).wrapping_mul(FACTOR);
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
    fn records_that_change_places_do_not_make_up_for_each_other() {
        let (a, b) = ([b'A'; STRIDE], [b'B'; STRIDE]);
        assert_ne!(sum(&[&a, &b, &b, &a]), sum(&[&b, &a, &a, &b]));
        for count in [2, 4, 8, 64] {
            // Thue and Morse's sequence and its opposite have equal sums of many powers.
            let records = |odd: bool| -> Vec<u8> {
                let is_a = |n: u32| n.count_ones().is_multiple_of(2) != odd;
                (0..count).flat_map(|n| if is_a(n) { a } else { b }).collect()
            };
            assert_ne!(sum(&[&records(false)]), sum(&[&records(true)]), "{count}");
        }
        let zeros = [0; 4 * STRIDE];
        assert_ne!(sum(&[&zeros]), sum(&[&zeros[STRIDE..]]));
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
