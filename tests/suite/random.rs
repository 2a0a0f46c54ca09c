//! Chance that can be repeated: a seed means the same for ever (SplitMix64).

/// A small generator.
pub struct Random(pub u64);

impl Random {
    /// Of the variable `SEED`; 7 without it.
    pub fn seeded() -> Self {
        Random(std::env::var("SEED").map_or(7, |s| s.parse().expect("a number")))
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 33) % bound
    }

    /// True once in `bound` times.
    pub fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}
