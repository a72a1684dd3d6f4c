//! `sign-in`: pages of those who are signed in, while fifty others sign in at once; and what knowing who asks costs.

use crate::cost::Cost;
use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use crate::traffic::{Outcome, drive};
use crate::visitor::{AS_BROWSER, Visitor, agents, somebody};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(10);
const STORM: i64 = 50;

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    // Whoever signs in comes from an address of their own: one alone is slowed down.
    let desk = Desk::start(ground, "web", &[("SWITCHBOARD_TRUSTED_PROXIES", "127.0.0.1")]).await?;
    let visitors = Arc::new(agents(ground, desk.address, 4, 1).await?);
    let calm = pages(&desk, &visitors).await?;
    let (stormy, signed_in) = storm(ground, &desk, &visitors).await?;
    let idle = calm.percentile(0.99);
    report.add("pages alone", calm.per_second(), "pages/s", Mark::None);
    report.add("99 of 100 answers within", idle, "ms", Mark::None);
    report.add("pages while 50 sign in at once", stormy.per_second(), "pages/s", Mark::None);
    report.add("99 of 100 answers within", stormy.percentile(0.99), "ms", Mark::None);
    report.add("as a multiple of the calm", stormy.percentile(0.99) / idle, "times", Mark::AtMost(3.0));
    report.add("sign-ins meanwhile", signed_in, "/s", Mark::None);
    // A page for those between the factors sends everybody else away at once: with a session and without one.
    let known = check(ground, &desk, visitors[0].get("/login/factor", "")).await?;
    let unknown = check(ground, &desk, b"GET /login/factor HTTP/1.1\r\nHost: desk\r\n\r\n".to_vec()).await?;
    report.add("CPU for knowing who asks, per request", (known - unknown) * 1_000.0, "µs", Mark::AtMost(300.0));
    desk.stop().await
}

async fn pages(desk: &Desk, visitors: &Arc<Vec<Visitor>>) -> anyhow::Result<Outcome> {
    let visitors = visitors.clone();
    let request = move |connection: usize, _| Some(visitors[connection % visitors.len()].get("/inbox", AS_BROWSER));
    drive(desk.address, TIME, 200, request).await
}

/// The same pages, and how many signed in per second.
async fn storm(ground: &Ground, desk: &Desk, visitors: &Arc<Vec<Visitor>>) -> anyhow::Result<(Outcome, f64)> {
    let is_over = Arc::new(AtomicBool::new(false));
    let count = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let storm: Vec<_> = somebody(ground, STORM)?
        .into_iter()
        .enumerate()
        .map(|(nth, email)| {
            let (is_over, count, address) = (is_over.clone(), count.clone(), desk.address);
            tokio::spawn(async move {
                let from = format!("X-Forwarded-For: 198.51.100.{nth}\r\n");
                while !is_over.load(Ordering::Relaxed) {
                    Visitor::sign_in_from(address, &email, &from).await?;
                    count.fetch_add(1, Ordering::Relaxed);
                }
                anyhow::Ok(())
            })
        })
        .collect();
    let outcome = pages(desk, visitors).await?;
    is_over.store(true, Ordering::Relaxed);
    for one in storm {
        one.await??;
    }
    Ok((outcome, count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()))
}

/// Milliseconds of CPU, of the desk and PostgreSQL together, for one such request.
async fn check(ground: &Ground, desk: &Desk, request: Vec<u8>) -> anyhow::Result<f64> {
    let cost = Cost::begin(ground, desk)?;
    let outcome = drive(desk.address, TIME / 2, 303, move |_, _| Some(request.clone())).await?;
    let cost = cost.end(ground, desk)?;
    Ok((cost.desk + cost.postgres).as_secs_f64() * 1_000.0 / outcome.count() as f64)
}
