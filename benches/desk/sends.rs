//! `sends`: a queue of messages leaves over many numbers, without a pause between them, each exactly once.

use crate::desk::{Desk, free_address};
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use crate::http::Connection;
use crate::traffic::{CONNECTIONS, drive};
use crate::visitor::Visitor;
use anyhow::{Context, ensure};
use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use switchboard::conversations::model::MessageStatus;
use switchboard::demo::simulator::{self, Engine, Options, Timing};
use switchboard::schema::{conversations, messages, tenants, waha_sessions};
use tokio::time::sleep;
use uuid::Uuid;

const MESSAGES: usize = 2_000;
const CONVERSATIONS_PER_NUMBER: i64 = 20;
const PATIENCE: Duration = Duration::from_secs(180);
/// How the messages are told from those of the load.
const MARK: &str = "bench-";

/// A number, its tenant's administrator, and some of its conversations.
struct Line {
    session: String,
    tenant: String,
    conversations: Vec<Uuid>,
}

/// A message as the simulator says it was sent.
#[derive(Deserialize)]
struct Sent {
    body: Option<String>,
    repeats: u32,
}

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let options = Options { engine: Engine::Gows, timing: Timing::quick(), ..Options::default() };
    let waha = simulator::start(options).await?;
    let gateway: SocketAddr = waha.url.trim_start_matches("http://").parse()?;
    let address = free_address()?;
    let home = format!("http://{address}");
    let settings =
        [("WAHA_URL", waha.url.as_str()), ("SWITCHBOARD_WEBHOOK_URL", &home), ("SWITCHBOARD_SEND_GAP_MS", "0")];
    let lines = lines(ground)?;
    let desk = Desk::start_at(ground, address, "all", &settings).await?;
    pair(ground, gateway, &lines).await?;
    desk.stop().await?;

    let web = Desk::start_at(ground, address, "web", &settings).await?;
    let queued = queue(&web, &lines).await?;
    report.add("written by users and queued", queued, "messages/s", Mark::None);
    let begun = Instant::now();
    let worker = Desk::start(ground, "worker", &settings).await?;
    let left = wait_until_sent(ground, begun).await?;
    let took = begun.elapsed().as_secs_f64();
    report.add(
        "sent over 20 numbers, start of the worker included",
        (MESSAGES - left) as f64 / took,
        "messages/s",
        Mark::None,
    );
    report.add("still waiting in the end", left as f64, "messages", Mark::AtMost(0.0));
    let cpu = worker.cpu()?.as_secs_f64() / MESSAGES as f64 * 1_000.0;
    report.add("CPU of the worker for 1,000", cpu, "s", Mark::None);
    let (missing, twice) = compare(gateway, &lines).await?;
    report.add("that the gateway never got", missing as f64, "messages", Mark::AtMost(0.0));
    report.add("that the gateway got more than once", twice as f64, "messages", Mark::AtMost(0.0));
    worker.stop().await?;
    web.stop().await?;
    waha.stop().await
}

fn lines(ground: &Ground) -> anyhow::Result<Vec<Line>> {
    let mut conn = ground.connect()?;
    let numbers: Vec<(Uuid, String, String)> = waha_sessions::table
        .inner_join(tenants::table)
        .order(waha_sessions::id)
        .select((waha_sessions::id, waha_sessions::external_session_id, tenants::slug))
        .load(&mut conn)?;
    let with_conversations = |(id, session, tenant)| {
        let conversations = conversations::table
            .filter(conversations::session_id.eq(id))
            .order(conversations::id)
            .limit(CONVERSATIONS_PER_NUMBER)
            .select(conversations::id)
            .load(&mut conn)?;
        Ok(Line { session, tenant, conversations })
    };
    numbers.into_iter().map(with_conversations).collect()
}

/// Scans every number's code, and waits until the desk has heard that it works.
async fn pair(ground: &Ground, gateway: SocketAddr, lines: &[Line]) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut connection = Connection::open(gateway).await?;
    for line in lines {
        let request = format!(
            "POST /simulator/sessions/{}/scan HTTP/1.1\r\nHost: waha\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\n\r\n{{}}",
            line.session
        );
        while connection.ask(request.as_bytes()).await?.status != 201 {
            ensure!(begun.elapsed() < PATIENCE, "{} shows no code to scan", line.session);
            sleep(Duration::from_millis(100)).await;
        }
    }
    let mut conn = ground.connect()?;
    // The load says "working" from the start; WAHA's own word comes with its first report.
    let word = diesel::dsl::sql::<diesel::sql_types::Bool>("metadata ->> 'status' = 'WORKING'");
    let working = waha_sessions::table.filter(word).count();
    while (working.clone().get_result::<i64>(&mut conn)? as usize) < lines.len() {
        ensure!(begun.elapsed() < PATIENCE, "the numbers do not begin to work");
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Written through the pages' own form, while nobody sends. Returns messages per second.
async fn queue(web: &Desk, lines: &[Line]) -> anyhow::Result<f64> {
    let mut writers = Vec::new();
    for line in lines {
        let writer = Visitor::sign_in(web.address, &format!("admin@{}.test", line.tenant)).await?;
        writers.push((writer, line.conversations.clone()));
    }
    let writers = Arc::new(writers);
    let request = move |connection: usize, nth: usize| {
        let message = nth * CONNECTIONS + connection;
        let (writer, conversations) = &writers[message % writers.len()];
        let conversation = conversations[message / writers.len() % conversations.len()];
        (message < MESSAGES).then(|| writer.write(conversation, &format!("{MARK}{message}")))
    };
    Ok(drive(web.address, PATIENCE, 303, request).await?.per_second())
}

/// Returns how many have not left when patience ends.
async fn wait_until_sent(ground: &Ground, begun: Instant) -> anyhow::Result<usize> {
    let mut conn = ground.connect()?;
    let is_gone = messages::status.eq_any([MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read]);
    // The load's own messages are older.
    let ours = messages::created_at.gt(Utc::now() - TimeDelta::hours(1)).and(messages::body.like(format!("{MARK}%")));
    let gone = messages::table.filter(ours.and(is_gone));
    loop {
        let sent: i64 = gone.clone().count().get_result(&mut conn)?;
        if sent as usize >= MESSAGES || begun.elapsed() > PATIENCE {
            return Ok(MESSAGES.saturating_sub(sent as usize));
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Returns how many of the messages the gateway lacks, and how many it was given again.
async fn compare(gateway: SocketAddr, lines: &[Line]) -> anyhow::Result<(usize, usize)> {
    let mut connection = Connection::open(gateway).await?;
    let (mut bodies, mut twice) = (HashSet::new(), 0);
    for line in lines {
        let request = format!("GET /simulator/sessions/{}/deliveries HTTP/1.1\r\nHost: waha\r\n\r\n", line.session);
        let answer = connection.ask(request.as_bytes()).await?;
        let sent: Vec<Sent> = serde_json::from_slice(answer.body).context("the simulator's deliveries")?;
        for message in sent {
            let body = message.body.unwrap_or_default();
            let is_new = !body.starts_with(MARK) || bodies.insert(body);
            twice += message.repeats as usize + usize::from(!is_new);
        }
    }
    Ok((MESSAGES - bodies.len(), twice))
}
