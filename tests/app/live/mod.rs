//! Hubs on one database, and streams read as a browser would.

mod endings;
mod events;
mod http;

use diesel::prelude::*;
use futures_util::StreamExt;
use std::time::Duration;
use switchboard::kit::db::Db;
use switchboard::kit::error::{Error, Result};
use switchboard::kit::live::{Hub, Listener, Stream, announce};
use switchboard::kit::tenant::TenantId;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::support::cluster::Database;
use super::support::database::migrated;

struct Desk {
    url: String,
    db: Db,
    acme: Uuid,
    _database: Database,
}

/// One frame as a browser would see it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Frame {
    event: String,
    id: Option<String>,
    data: String,
}

impl Desk {
    async fn new() -> Self {
        let database = migrated();
        let url = database.url().to_owned();
        Self { db: Db::connect(&url, 4, 1).unwrap(), url, acme: Uuid::now_v7(), _database: database }
    }

    async fn hub(&self) -> Hub {
        let hub = Hub::start(&self.url);
        up(&hub).await;
        hub
    }

    async fn within<T: Send + 'static>(
        &self,
        tenant: Uuid,
        work: impl FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.platform().enter(tenant, work).await
    }

    async fn announce(&self, tenant: Uuid, kind: &'static str) -> Uuid {
        let subject = Uuid::now_v7();
        self.within(tenant, move |conn, tenant| announce(conn, tenant, kind, subject)).await.unwrap();
        subject
    }

    async fn listener(&self, tenant: Uuid) -> Listener {
        let tenant = self.within(tenant, |_, tenant| Ok(tenant)).await.unwrap();
        Listener { tenant: Some(tenant), session: Uuid::now_v7() }
    }

    fn cut_the_lines(&self) {
        let mut conn = PgConnection::establish(&self.url).unwrap();
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE application_name = 'switchboard live' AND datname = current_database()";
        diesel::sql_query(sql).execute(&mut conn).unwrap();
    }
}

async fn up(hub: &Hub) {
    for _ in 0..500 {
        if hub.is_up() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the line did not come up");
}

/// The next frame with an event or an id, within three seconds; `None` at the end of the stream.
async fn next(stream: &mut Stream) -> Option<Frame> {
    loop {
        let bytes = timeout(Duration::from_secs(3), stream.next()).await.expect("a frame")?;
        let mut frame = Frame::default();
        for line in std::str::from_utf8(&bytes).unwrap().lines() {
            match line.split_once(": ") {
                Some(("event", value)) => frame.event = value.into(),
                Some(("id", value)) => frame.id = Some(value.into()),
                Some(("data", value)) => frame.data = value.into(),
                _ => {}
            }
        }
        if frame != Frame::default() {
            return Some(frame);
        }
    }
}

async fn is_quiet(stream: &mut Stream) -> bool {
    timeout(Duration::from_millis(300), stream.next()).await.is_err()
}

fn tells(frame: &Frame, kind: &str, subject: Uuid) -> bool {
    let told: serde_json::Value = serde_json::from_str(&frame.data).unwrap_or_default();
    frame.event == "live" && told == serde_json::json!({ "kind": kind, "id": subject })
}
