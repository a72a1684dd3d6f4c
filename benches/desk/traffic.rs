//! Many connections that ask without a pause, and how long each answer took.

use crate::http::Connection;
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One answer after the other, on as many connections.
pub const CONNECTIONS: usize = 32;

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    pub took: Duration,
    /// Of each answer, shortest first.
    latencies: Vec<Duration>,
}

impl Outcome {
    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    pub fn per_second(&self) -> f64 {
        self.count() as f64 / self.took.as_secs_f64()
    }

    /// In milliseconds, of the given share of answers: 0.99 is what one in a hundred exceeds.
    pub fn percentile(&self, share: f64) -> f64 {
        let at = ((self.count() as f64 * share) as usize).min(self.count().saturating_sub(1));
        self.latencies.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    }
}

/// Asks for `time` on [`CONNECTIONS`] connections. `request` makes the `n`-th request of a connection; every answer must
/// have `status`.
pub async fn drive<R>(address: SocketAddr, time: Duration, status: u16, request: R) -> anyhow::Result<Outcome>
where
    R: Fn(usize, usize) -> Option<Vec<u8>> + Send + Sync + 'static,
{
    let request = Arc::new(request);
    let begun = Instant::now();
    let visits: Vec<_> = (0..CONNECTIONS)
        .map(|connection| tokio::spawn(visit(address, begun + time, status, connection, request.clone())))
        .collect();
    let mut latencies = Vec::new();
    for visit in visits {
        latencies.append(&mut visit.await??);
    }
    let took = begun.elapsed();
    latencies.sort_unstable();
    Ok(Outcome { took, latencies })
}

/// Until the time is over or there is nothing more to ask.
async fn visit<R>(
    address: SocketAddr,
    until: Instant,
    status: u16,
    number: usize,
    request: Arc<R>,
) -> anyhow::Result<Vec<Duration>>
where
    R: Fn(usize, usize) -> Option<Vec<u8>>,
{
    let mut connection = Connection::open(address).await.context("cannot connect to the desk")?;
    let mut latencies = Vec::new();
    for nth in 0.. {
        let begun = Instant::now();
        let Some(request) = request(number, nth).filter(|_| begun < until) else { break };
        let answer = connection.ask(&request).await?;
        latencies.push(begun.elapsed());
        ensure!(answer.status == status, "{}\n{}", String::from_utf8_lossy(&request), answer.head);
    }
    Ok(latencies)
}
