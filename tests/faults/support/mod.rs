//! What the tests stand on: a house with its cluster and simulator, desks as processes, and browsers.

pub mod browser;
pub mod database;
pub mod desk;
pub mod house;
pub mod phones;
pub mod writing;

use std::future::Future;
use std::time::{Duration, Instant};

/// Says how long something took, for whoever reads the tests' output.
pub fn tell(what: &str, took: Duration) {
    println!("measured: {what}: {:.1} s", took.as_secs_f64());
}

/// Asks until the answer is yes; fails with what was waited for. Returns how long that took.
pub async fn until<F, Answer>(what: &str, seconds: u64, mut ask: F) -> Duration
where
    F: FnMut() -> Answer,
    Answer: Future<Output = bool>,
{
    let begun = Instant::now();
    while !ask().await {
        assert!(begun.elapsed().as_secs() < seconds, "{what}: not within {seconds} s");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}
