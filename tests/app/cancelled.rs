//! Requests that are given up half way leave nothing open behind them.

use super::support::talk::ANA;
use super::support::{TestApp, get};
use futures_util::future::join_all;
use std::time::Duration;
use switchboard::kit::db::Db;
use tokio::time::timeout;

const IDLE: &str = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                    AND state LIKE 'idle in transaction%'";

#[actix_web::test]
async fn given_up_requests_leave_no_open_transaction() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;

    for round in 0..10_u64 {
        let asked = (0..20_u64).map(|n| {
            // Some are given up before they begin, some while they wait, some while PostgreSQL works.
            let patience = Duration::from_micros((round * 20 + n) * 377 % 60_000);
            timeout(patience, app.bob(get("/inbox")))
        });
        join_all(asked).await;
    }

    app.until("all turns are free", async || app.parts.db.gauge().2 == 4).await;
    assert_eq!(app.count(IDLE), 0);
    assert_eq!(app.bob(get("/inbox")).await.status, 200);
}

#[actix_web::test]
async fn thousands_that_are_given_up_are_finished_or_undone_and_never_half_done() {
    let app = TestApp::new().await;
    let db: Db = app.parts.db.clone();
    let acme = app.acme;
    let write = |n: u64| {
        let db = db.clone();
        async move {
            let work = move |conn: &mut diesel::PgConnection, _| {
                use diesel::RunQueryDsl;
                for half in ["first", "second"] {
                    let sql = format!(
                        "INSERT INTO audit_entries (tenant_id, id, action, entity) \
                         VALUES ('{acme}', gen_random_uuid(), '{half} {n}', 'halves')"
                    );
                    diesel::sql_query(sql).execute(conn)?;
                }
                Ok(())
            };
            db.platform().enter(acme, work).await
        }
    };

    for round in 0..40_u64 {
        let given_up = (0..100).map(|n| timeout(Duration::from_micros(n * 61 % 9_000), write(round * 100 + n)));
        join_all(given_up).await;
    }

    app.until("all turns are free", async || db.gauge().2 == 4).await;
    assert_eq!(app.count(IDLE), 0);
    let halves = "FROM (SELECT FROM audit_entries WHERE entity = 'halves' GROUP BY split_part(action, ' ', 2) \
                  HAVING count(*) <> 2) AS half";
    assert_eq!(app.count(halves), 0);
}

#[actix_web::test]
async fn what_one_transaction_set_the_next_does_not_see() {
    let app = TestApp::with_connections(1).await;
    let asked = "SELECT current_setting('app.tenant_id', true) || current_setting('app.actor', true) || current_user";
    let ask = move |conn: &mut diesel::PgConnection| {
        use diesel::RunQueryDsl;
        let told = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(asked.trim_start_matches("SELECT ")));
        Ok(told.get_result::<String>(conn)?)
    };
    app.within(|_, _| Ok(())).await;
    assert_eq!(app.bob(get("/inbox")).await.status, 200);

    let seen = app.parts.db.platform().run(ask).await.unwrap();

    assert_eq!(seen, "switchboard_platform");
}
