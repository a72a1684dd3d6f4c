//! What is kept for a time only.

use super::support::TestApp;
use super::support::talk::{ANA, said};
use chrono::{TimeDelta, Utc};
use switchboard::webhooks::model::{WebhookEventId, purge};

#[actix_web::test]
async fn old_events_go_and_what_is_young_or_still_waits_stays() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let (now, week) = (Utc::now(), TimeDelta::days(7));
    for (days, words) in [(9, "Old"), (8, "Stuck"), (6, "Young")] {
        app.hears(number, said(ANA, words)).await;
        let id = WebhookEventId::at(now - TimeDelta::days(days));
        app.sql(&format!("UPDATE webhook_events SET id = '{id}' WHERE payload::text LIKE '%{words}%'"));
    }
    app.sql("UPDATE webhook_events SET processed_at = NULL WHERE payload::text LIKE '%Stuck%'");

    let purged = app.within(move |conn, tenant| purge(conn, tenant, now - week)).await;

    assert_eq!(purged, 1);
    let left = app.texts("SELECT payload -> 'payload' ->> 'body' AS text FROM webhook_events ORDER BY id");
    assert_eq!(left, ["Stuck", "Young"]);
}
