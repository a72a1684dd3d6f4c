//! Chance that depends on nothing but the seed and the place it is asked for, so that any row can be made again.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// What is diced for; each has chances of its own.
#[derive(Debug, Clone, Copy)]
pub enum About {
    Tenant,
    User,
    Number,
    Customer,
    Talkativeness,
    Thread,
    Message,
}

/// SplitMix64: small, quick, and the same in every release of every library.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64, about: About, index: u64) -> Self {
        let mut dice = Self(seed ^ (about as u64 + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let start = dice.roll() ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = Self(start);
        dice.0 = dice.roll();
        dice
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 up to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.roll()) * u128::from(end)) >> 64) as u64
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1).unsigned_abs()).cast_signed()
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// 0.0 up to 1.0, without it.
    pub fn fraction(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len() as u64) as usize]
    }

    /// An id as it would have been made at that moment.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.roll().to_be_bytes());
        random[8..].copy_from_slice(&self.roll().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(at.timestamp_millis().unsigned_abs(), &random).into_uuid()
    }

    /// A message's bare id in the form that WhatsApp Web makes.
    pub fn message_key(&mut self) -> String {
        format!("3EB0{:016X}{:02X}", self.roll(), self.roll() >> 56)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_has_the_same_chances_and_another_place_others() {
        let rolls = |seed, about, index| Dice::of(seed, about, index).roll();
        assert_eq!(rolls(7, About::Thread, 1), rolls(7, About::Thread, 1));
        let others = [rolls(8, About::Thread, 1), rolls(7, About::Message, 1), rolls(7, About::Thread, 2)];
        assert!(!others.contains(&rolls(7, About::Thread, 1)));
    }

    #[test]
    fn ids_are_of_version_7_and_sort_by_time() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let mut dice = Dice::of(1, About::Message, 1);
        let (early, late) = (dice.id(at(1_000)), dice.id(at(1_001)));
        assert_eq!(early.get_version_num(), 7);
        assert!(early < late);
    }

    #[test]
    fn chances_are_even() {
        let mut dice = Dice::of(1, About::Customer, 1);
        let hits = (0..10_000).filter(|_| dice.percent(30)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
        assert!((0..1_000).all(|_| (3..=5).contains(&dice.between(3, 5))));
    }
}
