//! What `enqueue` promises: transactions, tenants, keys, order.

use chrono::Utc;
use diesel::sql_types::Text;
use switchboard::kit::jobs::OnRepeat;

use super::*;

#[tokio::test]
async fn a_job_exists_only_if_its_transaction_commits() {
    let desk = Desk::new().await;

    let refused = desk
        .within(desk.acme, |conn, tenant| {
            enqueue(conn, tenant, &say("never"))?;
            Err::<(), _>(Error::Forbidden)
        })
        .await;
    desk.add(desk.acme, say("once")).await;
    desk.run_due().await;

    assert!(matches!(refused, Err(Error::Forbidden)));
    assert_eq!(desk.log.words(), ["once"]);
    assert_eq!(desk.counts().await, Counts { due: 0, later: 0, running: 0, failed: 0, oldest_seconds: None });
}

#[tokio::test]
async fn a_tenant_cannot_enqueue_for_another() {
    let desk = Desk::new().await;
    let (acme, globex) = (desk.acme, desk.globex);

    let stolen = desk.db.platform().enter(acme, move |_, tenant| Ok(tenant)).await.unwrap();
    let refused = desk.within(globex, move |conn, _| enqueue(conn, stolen, &say("stolen"))).await;
    let unset = desk.within(globex, move |conn, tenant| {
        diesel::sql_query("SELECT set_config('app.tenant_id', '', true)").execute(conn)?;
        enqueue(conn, tenant, &say("unset"))
    });
    let direct = desk.within(acme, |conn, _| {
        diesel::sql_query("SELECT graphile_worker.add_job('say')").execute(conn)?;
        Ok(())
    });

    assert!(matches!(refused, Err(Error::Unexpected(cause)) if cause.to_string().contains("another tenant")));
    assert!(unset.await.is_err() && direct.await.is_err());
    assert_eq!(desk.counts().await.due, 0);
    // The platform may, for the tenant that a webhook's key has named.
    desk.db.platform().run(move |conn| enqueue(conn, stolen, &say("routed"))).await.unwrap();
    assert_eq!(desk.counts().await.due, 1);
}

#[tokio::test]
async fn one_key_is_one_waiting_job_per_tenant() {
    let desk = Desk::new().await;
    let keyed = |run_at, on_repeat| Options { key: Some("k".into()), run_at, on_repeat, ..Options::default() };
    let later = Utc::now() + chrono::Duration::hours(1);

    desk.add_with("first", keyed(None, OnRepeat::Replace)).await;
    desk.add_with("second", keyed(Some(later), OnRepeat::KeepTime)).await;
    let other = keyed(None, OnRepeat::Replace);
    desk.within(desk.globex, |conn, tenant| enqueue_with(conn, tenant, &say("other"), other)).await.unwrap();
    assert_eq!(desk.counts().await.due, 2);
    desk.add_with("third", keyed(Some(later), OnRepeat::Replace)).await;
    desk.run_due().await;
    assert_eq!(desk.log.words(), ["other"]);

    desk.pass_time();
    desk.run_due().await;
    assert_eq!(desk.log.words(), ["other", "third"]);
}

#[tokio::test]
async fn a_queue_runs_one_at_a_time_in_order() {
    let desk = Desk::new().await;
    let job = |n: u64| Say { word: n.to_string(), millis: 30 - 3 * n };
    let options = Options { queue: Some("number".into()), ..Options::default() };
    for n in 0..10 {
        let options = options.clone();
        desk.within(desk.acme, move |conn, tenant| enqueue_with(conn, tenant, &job(n), options)).await.unwrap();
    }

    let running = desk.runner().start().await.unwrap();
    desk.log.heard("9", Duration::from_secs(20)).await;
    running.stop().await;

    assert_eq!(desk.log.words(), (0..10).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_job_can_ask_for_another_run() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Thrice).await;

    desk.run_due().await;

    assert_eq!(desk.log.words().len(), 3);
    assert_eq!(desk.counts().await, Counts { due: 0, later: 0, running: 0, failed: 0, oldest_seconds: None });
}

#[tokio::test]
async fn migrations_run_twice_at_once_and_the_functions_can_be_taken_back() {
    let database = migrated();
    let url = database.url().to_owned();
    let (one, two) = tokio::join!(switchboard::kit::jobs::migrate(&url), switchboard::kit::jobs::migrate(&url));
    one.unwrap();
    two.unwrap();

    let mut conn = PgConnection::establish(&url).unwrap();
    let down = include_str!("../../../migrations/2026-11-21-000900_create_job_functions/down.sql");
    diesel::connection::SimpleConnection::batch_execute(&mut conn, down).unwrap();
    let left = diesel::dsl::sql::<Text>(
        "SELECT count(*)::text FROM pg_proc WHERE proname ~ '^switchboard_.*(enqueue|job|letter)' \
         AND proname <> 'switchboard_forget_job_errors'",
    );
    assert_eq!(left.get_result::<String>(&mut conn).unwrap(), "0");
}
