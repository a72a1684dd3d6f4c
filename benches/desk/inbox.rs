//! `inbox`: the list of conversations and a thread, in turn, as fast as 32 visitors can ask for them.

use crate::compare::pgbench;
use crate::cost::Cost;
use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use crate::http::Connection;
use crate::statements::{Listening, Statement};
use crate::traffic::{CONNECTIONS, Outcome, drive};
use crate::visitor::{AS_BROWSER, Visitor, agents};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

const TIME: Duration = Duration::from_secs(15);
const SHORT: Duration = Duration::from_secs(5);
const AGENTS: i64 = 4;
const THREADS: i64 = 250;
/// Threads whose statements are looked at, and given to pgbench.
const SAMPLES: usize = 20;

/// Which page a visitor asks for.
#[derive(Debug, Clone, Copy)]
enum Page {
    List,
    Thread,
    /// Only the thread, as htmx asks when a row of the list is clicked.
    Part,
}

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::start(ground, "web", &[]).await?;
    let visitors = Arc::new(agents(ground, desk.address, AGENTS, THREADS).await?);
    let first = open_all(&desk, &visitors).await?;
    let ours = pages(ground, &desk, &visitors, report).await?;
    report.add("a thread's first opening (marks it as read)", first.per_second(), "pages/s", Mark::None);
    for (name, headers, pages) in [
        ("only the list", AS_BROWSER, &[Page::List][..]),
        ("only the thread", AS_BROWSER, &[Page::Thread]),
        ("the thread alone, by htmx", AS_BROWSER, &[Page::Part]),
        ("list and thread, uncompressed", "", &[Page::List, Page::Thread]),
    ] {
        let outcome = drive(desk.address, SHORT, 200, requests(&visitors, pages, headers)).await?;
        report.add(name, outcome.per_second(), "pages/s", Mark::None);
    }
    let samples = count_statements(ground, &desk, &visitors[0], report).await?;
    desk.stop().await?;
    if let Some(scripts) = pgbench(ground, CONNECTIONS, &samples)? {
        report.add("pgbench with the same SQL", scripts * 2.0, "pages/s", Mark::None);
        report.add("ours, as a share of pgbench's", ours / (scripts * 2.0), "", Mark::None);
    }
    Ok(())
}

/// The same traffic without figures.
pub async fn read(ground: &Ground, desk: &Desk, time: Duration) -> anyhow::Result<()> {
    let visitors = Arc::new(agents(ground, desk.address, AGENTS, THREADS).await?);
    drive(desk.address, time, 200, requests(&visitors, &[Page::List, Page::Thread], AS_BROWSER)).await.map(drop)
}

/// The figures that count.
async fn pages(ground: &Ground, desk: &Desk, visitors: &Arc<Vec<Visitor>>, report: &mut Report) -> anyhow::Result<f64> {
    let cost = Cost::begin(ground, desk)?;
    let outcome = drive(desk.address, TIME, 200, requests(visitors, &[Page::List, Page::Thread], AS_BROWSER)).await?;
    let cost = cost.end(ground, desk)?;
    report.add("list and thread in turn, 32 connections", outcome.per_second(), "pages/s", Mark::AtLeast(1_000.0));
    report.add("half of the answers within", outcome.percentile(0.5), "ms", Mark::None);
    report.add("99 of 100 answers within", outcome.percentile(0.99), "ms", Mark::AtMost(50.0));
    report.cost(&cost, outcome.count(), "pages", Mark::AtMost(0.6));
    Ok(outcome.per_second())
}

/// Every thread once: the first opening writes.
async fn open_all(desk: &Desk, visitors: &Arc<Vec<Visitor>>) -> anyhow::Result<Outcome> {
    let visitors = visitors.clone();
    let each = CONNECTIONS / visitors.len();
    let request = move |connection: usize, nth: usize| {
        let visitor = &visitors[connection / each];
        let thread = visitor.threads.get(nth * each + connection % each)?;
        Some(visitor.get(&format!("/inbox/{thread}"), AS_BROWSER))
    };
    drive(desk.address, Duration::from_secs(120), 200, request).await
}

/// Connections share the visitors among them; each goes through the threads from a place of its own.
fn requests(
    visitors: &Arc<Vec<Visitor>>,
    pages: &'static [Page],
    headers: &'static str,
) -> impl Fn(usize, usize) -> Option<Vec<u8>> + use<> {
    let visitors = visitors.clone();
    move |connection, nth| {
        let visitor = &visitors[connection % visitors.len()];
        let thread = visitor.threads[(connection * 31 + nth) % visitor.threads.len()];
        Some(match pages[nth % pages.len()] {
            Page::List => visitor.get("/inbox", headers),
            Page::Thread => visitor.get(&format!("/inbox/{thread}"), headers),
            Page::Part => {
                let htmx = format!("HX-Request: true\r\nHX-Target: thread\r\n{headers}");
                visitor.get(&format!("/inbox/{thread}"), &htmx)
            }
        })
    }
}

/// A page must not ask more because it shows more. Returns what list and thread ask, for several threads.
async fn count_statements(
    ground: &Ground,
    desk: &Desk,
    visitor: &Visitor,
    report: &mut Report,
) -> anyhow::Result<Vec<Vec<Statement>>> {
    let listening = Listening::begin(ground).await?;
    let mut connection = Connection::open(desk.address).await?;
    let mut samples = Vec::new();
    let mut counts: HashMap<&str, Vec<usize>> = HashMap::new();
    for thread in visitor.threads.iter().take(SAMPLES) {
        let thread = format!("/inbox/{thread}");
        let mut sample = Vec::new();
        for (name, path) in [("list", "/inbox"), ("thread", &thread)] {
            let request = visitor.get(path, "");
            let heard = listening.hear(async || connection.ask(&request).await.map(drop)).await?;
            counts.entry(name).or_default().push(heard.len());
            sample.extend(heard);
        }
        samples.push(sample);
    }
    for name in ["list", "thread"] {
        let counts = &counts[name];
        let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
        report.add(format!("statements of a {name} page, BEGIN and COMMIT too"), most as f64, "", Mark::None);
        // Reactions and authors are not asked for where there can be none.
        report.add(
            format!("between the fewest and the most of a {name} page"),
            (most - least) as f64,
            "",
            Mark::AtMost(2.0),
        );
    }
    let statements: Vec<_> = samples.first().into_iter().flatten().collect();
    let unprepared = statements.iter().filter(|statement| !statement.is_prepared).count();
    report.add("of a list and a thread page, sent unprepared", unprepared as f64, "", Mark::None);
    report.note("statements", json!(statements.iter().map(|statement| &statement.sql).collect::<Vec<_>>()));
    Ok(samples)
}
