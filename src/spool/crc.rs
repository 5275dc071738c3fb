//! CRC-32C (Castagnoli), eight octets at a time: it finds what a disk has changed, not what a person has.

/// What the eight tables are made of.
const POLYNOMIAL: u32 = 0x82f6_3b78;

const TABLES: [[u32; 256]; 8] = {
    let mut tables = [[0; 256]; 8];
    let mut octet = 0;
    while octet < 256 {
        let mut sum = octet as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
            bit += 1;
        }
        tables[0][octet] = sum;
        octet += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut octet = 0;
        while octet < 256 {
            let before = tables[table - 1][octet];
            tables[table][octet] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            octet += 1;
        }
        table += 1;
    }
    tables
};

/// The sum of octets that come in pieces.
#[derive(Debug, Clone, Copy)]
pub struct Crc32c(u32);

impl Default for Crc32c {
    fn default() -> Crc32c {
        Crc32c(!0)
    }
}

impl Crc32c {
    /// Takes a piece.
    pub fn push(&mut self, piece: &[u8]) {
        let (blocks, rest) = piece.as_chunks::<8>();
        let mut sum = self.0;
        for block in blocks {
            let low = sum ^ u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
            let [a, b, c, d] = low.to_le_bytes();
            sum = TABLES[7][usize::from(a)]
                ^ TABLES[6][usize::from(b)]
                ^ TABLES[5][usize::from(c)]
                ^ TABLES[4][usize::from(d)]
                ^ TABLES[3][usize::from(block[4])]
                ^ TABLES[2][usize::from(block[5])]
                ^ TABLES[1][usize::from(block[6])]
                ^ TABLES[0][usize::from(block[7])];
        }
        for octet in rest {
            let [low, ..] = sum.to_le_bytes();
            sum = (sum >> 8) ^ TABLES[0][usize::from(low ^ octet)];
        }
        self.0 = sum;
    }

    /// The sum of all that was pushed.
    #[must_use]
    pub fn sum(self) -> u32 {
        !self.0
    }
}

/// The sum of these.
#[must_use]
pub fn crc32c(octets: &[u8]) -> u32 {
    let mut crc = Crc32c::default();
    crc.push(octets);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_that_others_compute_at_every_split() {
        // RFC 3720, section B.4.
        let counting: Vec<u8> = (0..32).collect();
        for (octets, sum) in
            [(&b"123456789"[..], 0xe306_9283), (&[0; 32], 0x8a91_36aa), (&counting, 0x46dd_794e)]
        {
            assert_eq!(crc32c(octets), sum);
            for at in 0..=octets.len() {
                let mut crc = Crc32c::default();
                crc.push(&octets[..at]);
                crc.push(&octets[at..]);
                assert_eq!(crc.sum(), sum, "split at {at}");
            }
        }
    }
}
