//! Numbers that look like chance and depend on nothing but their seed: the same product on the same day has the same data,
//! whenever it is asked for (C58).

use aws_lc_rs::digest::{SHA256, digest};

/// The digest of the seed, stretched by `SplitMix64`.
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as `seed` says.
    #[must_use]
    pub fn of(seed: &str) -> Self {
        let digest = digest(&SHA256, seed.as_bytes());
        Self(digest.as_ref().iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte)))
    }

    /// Any number.
    #[expect(clippy::should_implement_trait, reason = "they never end, and are no iterator")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `limit`.
    pub fn below(&mut self, limit: i64) -> i64 {
        i64::try_from(self.next() % limit.unsigned_abs().max(1)).unwrap_or(0)
    }

    /// One of these, of which there is at least one.
    pub fn pick<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[usize::try_from(self.next() % these.len() as u64).unwrap_or(0)]
    }

    /// An identifier of 32 hexadecimal digits.
    pub fn id(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}
