//! `/platform/health`, and another chance for jobs that were given up.

use super::model;
use super::screens::{DeadLetter, GatewayLine, Health};
use crate::kit::access::{MendJobs, Platform, ViewHealth};
use crate::kit::db::Db;
use crate::kit::error::Result;
use crate::kit::html::{Fact, Pill, Stat, Tone};
use crate::kit::jobs::letters::{self, Letter};
use crate::kit::live::Hub;
use crate::kit::words;
use crate::numbers::gateway::Gateways;
use crate::numbers::waha::Waha;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::time::{Duration, Instant};

/// When this process began.
#[derive(Debug, Clone, Copy)]
pub struct Started(pub DateTime<Utc>);

/// A page does not wait longer for a gateway.
const PATIENCE: Duration = Duration::from_secs(2);

pub async fn index(
    platform: Platform<ViewHealth>,
    db: Data<Db>,
    hub: Data<Hub>,
    gateways: Data<Gateways>,
    started: Data<Started>,
) -> Result<HttpResponse> {
    let health = platform.db.run(model::health).await?;
    let gateway = default_gateway(&gateways, health.gateway_numbers).await;
    let zone = platform.access.who().time_zone;
    platform.access.show(&Health {
        stats: stats(&health),
        process: process(&started, &hub),
        database: database(&db),
        webhooks: webhooks(&health),
        gateways: gateway.into_iter().collect(),
        dead_letters: health.letters.iter().map(|letter| dead_letter(letter, &health, zone)).collect(),
    })
}

pub async fn retry(platform: Platform<MendJobs>, id: Path<i64>) -> Result<HttpResponse> {
    platform.db.run(move |conn| letters::retry(conn, *id)).await?;
    platform.access.go("/platform/health")
}

fn stats(health: &model::Health) -> Vec<Stat> {
    let jobs = &health.jobs;
    let oldest =
        jobs.oldest_seconds.map(|seconds| format!("oldest {}", words::span(chrono::TimeDelta::seconds(seconds))));
    let tone = |bad: bool| if bad { Tone::Bad } else { Tone::Quiet };
    let stat = |label: &str, value: i64, detail: String, icon, tone| Stat {
        label: label.into(),
        value: value.to_string(),
        detail,
        icon,
        tone,
        href: None,
    };
    vec![
        stat("Jobs waiting", jobs.due, oldest.unwrap_or_default(), "stack-2", tone(jobs.oldest_seconds > Some(60))),
        stat("Jobs running", jobs.running, format!("{} for later", jobs.later), "player-play", Tone::Quiet),
        stat("Jobs given up", jobs.failed, String::new(), "alert-circle", tone(jobs.failed > 0)),
        stat(
            "Webhooks waiting",
            health.webhooks_waiting,
            String::new(),
            "message-2-down",
            tone(health.webhooks_waiting > 0),
        ),
    ]
}

fn process(started: &Started, hub: &Hub) -> Vec<Fact> {
    vec![
        Fact { label: "Version", value: env!("CARGO_PKG_VERSION").into() },
        Fact { label: "Running for", value: words::span(Utc::now() - started.0) },
        Fact { label: "Memory", value: memory().map_or("unknown".into(), words::size) },
        Fact { label: "Live line", value: if hub.is_up() { "up".into() } else { "down".into() } },
    ]
}

/// Resident bytes, where the system tells.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn database(db: &Db) -> Vec<Fact> {
    let (open, idle, turns) = db.gauge();
    vec![
        Fact { label: "Connections in use", value: (open - idle.min(open)).to_string() },
        Fact { label: "Connections idle", value: idle.to_string() },
        Fact { label: "Turns free", value: turns.to_string() },
    ]
}

fn webhooks(health: &model::Health) -> Vec<Fact> {
    let oldest = health.oldest_webhook.map(|at| words::span(Utc::now() - at));
    vec![
        Fact { label: "Stored in 24 h", value: health.webhooks_today.to_string() },
        Fact { label: "Waiting", value: health.webhooks_waiting.to_string() },
        Fact { label: "Oldest waiting", value: oldest.unwrap_or_else(|| "–".into()) },
    ]
}

async fn default_gateway(gateways: &Gateways, numbers: i64) -> Option<GatewayLine> {
    let url = gateways.default_url.clone()?;
    let waha = match Waha::new(&url, gateways.default_key.clone()) {
        Ok(waha) => waha,
        Err(error) => return Some(gateway_line(url, numbers, Err(error.to_string()), None)),
    };
    let asked = Instant::now();
    let answer = tokio::time::timeout(PATIENCE, waha.version()).await;
    let version = match answer {
        Ok(Ok(version)) => Ok(format!(
            "{} {}",
            version.version.unwrap_or_default(),
            version.engine.as_ref().map(|engine| engine.as_str()).unwrap_or_default()
        )),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("No answer within {} seconds.", PATIENCE.as_secs())),
    };
    Some(gateway_line(url, numbers, version, Some(asked.elapsed())))
}

fn gateway_line(url: String, numbers: i64, version: Result<String, String>, latency: Option<Duration>) -> GatewayLine {
    let state = if version.is_ok() { Pill::new(Tone::Good, "Reachable") } else { Pill::new(Tone::Bad, "Unreachable") };
    GatewayLine {
        url,
        state,
        error: version.as_ref().err().cloned(),
        version: version.unwrap_or_default(),
        numbers: numbers.to_string(),
        latency: latency.map(|latency| format!("{} ms", latency.as_millis())).unwrap_or_default(),
    }
}

fn dead_letter(letter: &Letter, health: &model::Health, zone: Tz) -> DeadLetter {
    let tenant = health.tenant_names.iter().find(|(id, _)| Some(*id) == letter.tenant);
    DeadLetter {
        id: letter.id.to_string(),
        task: letter.job.clone(),
        tenant: tenant.map_or("–".into(), |(_, name)| name.clone()),
        error: letter.last_error.clone().unwrap_or_default(),
        tries: letter.attempts.to_string(),
        failed_at: words::when(letter.failed_at, zone, Utc::now()),
    }
}
