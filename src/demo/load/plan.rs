//! Who gets how much: tenants from one large to many small, and customers from silent to talkative.

use super::Load;
use super::dice::{About, Dice};
use super::words;
use chrono::{DateTime, TimeDelta, Utc};
use std::ops::Range;
use uuid::Uuid;

/// The load ends at this moment, and not now: the same seed gives the same rows on any day.
pub const END: DateTime<Utc> = DateTime::from_timestamp(1_793_534_400, 0).expect("1 November 2026 is a moment");
/// The first tenant came this long before.
const AGE: TimeDelta = TimeDelta::days(1_000);
/// Zipf's exponent: of ten tenants the largest has 40 % of the customers.
const STEEPNESS: f64 = 1.2;
/// One customer in a thousand writes this much more than the quietest, at most.
const MOST_TALKATIVE: f64 = 400.0;

#[derive(Debug, Clone)]
pub struct Tenant {
    pub rank: u64,
    pub id: Uuid,
    pub name: String,
    /// Unique among the loads of all seeds; also the domain of its users.
    pub slug: String,
    pub created_at: DateTime<Utc>,
    pub agents: Vec<Uuid>,
    pub numbers: Vec<Number>,
    /// Counted through all tenants, so that phones are unique.
    pub customers: Range<u64>,
}

#[derive(Debug, Clone)]
pub struct Number {
    pub id: Uuid,
    pub phone: String,
}

/// All tenants, largest first.
pub fn tenants(load: &Load) -> Vec<Tenant> {
    let weights = (1..=load.tenants).map(|rank| (rank as f64).powf(-STEEPNESS));
    let bounds = shares(weights.collect(), load.customers);
    (0..load.tenants).zip(bounds).map(|(rank, customers)| tenant(load.seed, rank, customers)).collect()
}

fn tenant(seed: u64, rank: u64, customers: Range<u64>) -> Tenant {
    let mut dice = Dice::of(seed, About::Tenant, rank);
    let created_at = END - AGE + TimeDelta::minutes(dice.between(0, 60 * 24 * 30));
    let id = dice.id(created_at);
    let name = format!("{} {seed}-{}", words::business(&mut dice), rank + 1);
    let agents = 2 + (customers.end - customers.start).isqrt().min(400) / 10;
    let numbers = 1 + u64::from(customers.end - customers.start > 1);
    Tenant {
        rank,
        id,
        name,
        slug: format!("load-{seed}-{}", rank + 1),
        created_at,
        agents: (0..agents).map(|_| dice.id(created_at)).collect(),
        numbers: (0..numbers).map(|n| number(seed, rank * 2 + n, created_at)).collect(),
        customers,
    }
}

fn number(seed: u64, index: u64, created_at: DateTime<Utc>) -> Number {
    let id = Dice::of(seed, About::Number, index).id(created_at);
    Number { id, phone: format!("4930{index:08}") }
}

/// Cuts 0..`total` into one range per weight; the last ends at `total` exactly.
fn shares(weights: Vec<f64>, total: u64) -> Vec<Range<u64>> {
    let whole: f64 = weights.iter().sum();
    let (mut start, mut sum) = (0, 0.0);
    let mut ranges = Vec::with_capacity(weights.len());
    for weight in weights {
        sum += weight;
        let end = (sum / whole * total as f64).round() as u64;
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// How many messages each customer's conversation has: at least one if there are enough, many for few, `load.messages` in
/// all.
pub fn message_counts(load: &Load) -> Vec<u64> {
    let least = u64::from(load.messages >= load.customers);
    let talkativeness = |customer| {
        let luck = Dice::of(load.seed, About::Talkativeness, customer).fraction();
        (1.0 - luck).powf(-0.8).min(MOST_TALKATIVE)
    };
    let weights = (0..load.customers).map(talkativeness).collect();
    let rest = load.messages - least * load.customers;
    shares(weights, rest).into_iter().map(|range| least + range.end - range.start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load() -> Load {
        Load { tenants: 10, customers: 3_000, messages: 20_000, seed: 7 }
    }

    #[test]
    fn the_largest_of_ten_tenants_has_two_fifths_of_the_customers() {
        let tenants = tenants(&load());
        let sizes: Vec<u64> = tenants.iter().map(|tenant| tenant.customers.end - tenant.customers.start).collect();
        assert_eq!(sizes.iter().sum::<u64>(), 3_000);
        assert!((1_150..1_250).contains(&sizes[0]), "{sizes:?}");
        assert!(sizes.is_sorted_by(|one, next| one >= next) && sizes[9] > 0, "{sizes:?}");
    }

    #[test]
    fn some_conversations_are_long_and_none_is_empty() {
        let counts = message_counts(&load());
        assert_eq!(counts.iter().sum::<u64>(), 20_000);
        assert!(counts.iter().all(|count| *count > 0));
        assert!(counts.iter().max().is_some_and(|most| *most > 100));
    }

    #[test]
    fn fewer_messages_than_customers_leave_some_silent() {
        let counts = message_counts(&Load { messages: 1_000, ..load() });
        assert_eq!((counts.iter().sum::<u64>(), counts.len()), (1_000, 3_000));
    }
}
