//! However often and in whatever order WAHA tells a history, the rows it leaves are the same.

mod history;

use super::support::TestApp;
use super::support::talk::sign;
use futures_util::future::join_all;
use history::{History, histories};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;
use std::cell::RefCell;
use switchboard::numbers::model::{self as numbers, EngineName, NumberData, NumberId};
use uuid::Uuid;

/// How many histories are told. More find more: PROPTEST_CASES says how many.
const CASES: u32 = 24;

/// What is the same for both tenants, without ids and without our own clock.
const ROWS: &str = "
    SELECT 'message ' || concat_ws(' | ', message_key, direction, messages.status, body, message_type, from_msisdn, to_msisdn,
           occurred_at, edited_at, revoked_at IS NOT NULL, error_message, conversations.chat_id) AS text
        FROM messages JOIN conversations USING (tenant_id) WHERE conversations.id = conversation_id AND tenant_id = $$
    UNION ALL SELECT 'reaction ' || concat_ws(' | ', message_key, sender, emoji, occurred_at)
        FROM message_reactions WHERE tenant_id = $$
    UNION ALL SELECT 'parked ' || concat_ws(' | ', message_key, ack, edited_body, edited_at, revoked_at IS NOT NULL)
        FROM message_signals WHERE tenant_id = $$
    UNION ALL SELECT 'conversation ' || concat_ws(' | ', conversations.chat_id, title, conversations.status, is_group, inbound_count,
           'last', last_message_at, last_message_direction, last_message_status, last_message_preview, m.message_key)
        FROM conversations LEFT JOIN messages AS m ON m.id = last_message_id WHERE conversations.tenant_id = $$
    UNION ALL SELECT 'customer ' || concat_ws(' | ', phone, customer_type, display_name) FROM customers WHERE tenant_id = $$
    UNION ALL SELECT 'identity ' || concat_ws(' | ', kind, value, is_primary) FROM customer_identities WHERE tenant_id = $$
    UNION ALL SELECT 'number ' || concat_ws(' | ', status, status_event_at, phone) FROM waha_sessions WHERE tenant_id = $$
    ORDER BY 1";

/// Two tenants, each with a number of the same name.
struct Desks {
    app: TestApp,
    once: (Uuid, NumberId),
    often: (Uuid, NumberId),
}

impl Desks {
    async fn new() -> Self {
        let app = TestApp::with_connections(8).await;
        let (once, often) = (number(&app, app.acme).await, number(&app, app.globex).await);
        Self { once: (app.acme, once), often: (app.globex, often), app }
    }

    fn forget(&self) {
        for table in
            ["webhook_events", "message_signals", "message_reactions", "messages", "conversations", "customers"]
        {
            self.app.sql(&format!("DELETE FROM {table}"));
        }
        self.app.sql(
            "UPDATE waha_sessions SET status = 'stopped', status_event_at = NULL, phone = NULL, error_message = NULL, \
                      metadata = '{}'",
        );
        self.app.take_jobs();
    }

    async fn tell(&self, (tenant, number): (Uuid, NumberId), key: &[u8], event: &Value) {
        let _ = tenant;
        let body = event.to_string();
        let ask = super::support::post(&format!("/webhooks/waha/{number}"));
        let answer = self.app.anybody(ask.header("x-webhook-hmac", &sign(key, body.as_bytes())).body(body)).await;
        assert_eq!(answer.status, 200, "{event}");
    }

    fn rows(&self, tenant: Uuid) -> Vec<String> {
        self.app.texts(&ROWS.replace("$$", &format!("'{tenant}'")))
    }
}

async fn number(app: &TestApp, tenant: Uuid) -> NumberId {
    let data = NumberData {
        name: "Workshop".into(),
        external_session_id: "workshop".into(),
        engine: EngineName::Gows,
        waha_url: None,
        waha_api_key: None,
    };
    let vault = app.parts.vault.clone();
    let make = move |conn: &mut diesel::PgConnection, tenant| numbers::create(conn, tenant, &vault, &data);
    app.parts.db.platform().enter(tenant, make).await.unwrap()
}

async fn key(app: &TestApp, (tenant, number): (Uuid, NumberId)) -> Vec<u8> {
    let find = move |conn: &mut diesel::PgConnection, tenant| numbers::find(conn, tenant, number);
    let number = app.parts.db.platform().enter(tenant, find).await.unwrap();
    number.hmac_key(&app.parts.vault).unwrap().expose().clone()
}

#[test]
fn any_order_and_any_repetition_leave_the_same_rows() {
    let system = actix_web::rt::System::new();
    let desks = system.block_on(Desks::new());
    let keys = system.block_on(async { (key(&desks.app, desks.once).await, key(&desks.app, desks.often).await) });
    let system = RefCell::new(system);
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() });

    let told = runner.run(&histories(), |history: History| {
        system.borrow_mut().block_on(async {
            desks.forget();
            for event in &history.events {
                desks.tell(desks.once, &keys.0, event).await;
            }
            for together in history.jumbled() {
                join_all(together.iter().map(|event| desks.tell(desks.often, &keys.1, event))).await;
            }
        });
        let (once, often) = (desks.rows(desks.once.0), desks.rows(desks.often.0));
        let only = |these: &[String], those: &[String]| {
            these.iter().filter(|row| !those.contains(row)).cloned().collect::<Vec<_>>()
        };
        let (lost, odd) = (only(&once, &often), only(&often, &once));
        match once == often {
            true => Ok(()),
            false => Err(TestCaseError::fail(format!("in order {lost:#?}, jumbled {odd:#?}"))),
        }
    });

    desks.forget();
    told.unwrap_or_else(|error| panic!("{error}"));
}
