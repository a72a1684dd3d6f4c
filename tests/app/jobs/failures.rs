//! Attempts, letters, lost leases.

use super::*;

#[tokio::test]
async fn a_failure_is_tried_again_then_becomes_a_letter() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Fail { by_panic: false, millis: 0 }).await;

    desk.run_due().await;
    assert_eq!((desk.counts().await.later, desk.letters().await.len()), (1, 0));
    desk.run_due().await;
    assert_eq!(desk.log.words(), ["1false"], "it waits before the second attempt");
    desk.pass_time();
    desk.run_due().await;

    let letter = desk.letters().await.remove(0);
    assert_eq!((letter.job.as_str(), letter.tenant, letter.attempts), ("fail", Some(desk.acme), 2));
    assert_eq!(letter.last_error.as_deref(), Some("not today, https://host/?…"));
    desk.db.platform().run(move |conn| letters::retry(conn, letter.id)).await.unwrap();
    desk.run_due().await;
    assert_eq!(desk.log.words(), ["1false", "2true", "1false"]);
}

#[tokio::test]
async fn a_panic_is_a_failure_and_a_letter_can_be_discarded() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Fail { by_panic: true, millis: 0 }).await;
    desk.run_due().await;
    desk.pass_time();
    desk.run_due().await;

    let letter = desk.letters().await.remove(0);
    assert_eq!(letter.last_error.as_deref(), Some("panic: oh no"));
    let refused = desk.within(desk.acme, |conn, _| letters::counts(conn)).await;
    assert!(refused.is_err(), "only the platform reads letters");
    let id = letter.id;
    desk.db.platform().run(move |conn| letters::discard(conn, id)).await.unwrap();
    assert!(matches!(desk.db.platform().run(move |conn| letters::retry(conn, id)).await, Err(Error::NotFound)));
    assert_eq!(desk.counts().await.failed, 0);
}

#[tokio::test]
async fn a_job_that_is_replaced_and_then_fails_leaves_only_its_successor() {
    let desk = Desk::new().await;
    let first = |conn: &mut PgConnection, tenant| enqueue_with(conn, tenant, &Restart { left: 2 }, Restart::options());
    desk.within(desk.acme, first).await.unwrap();

    desk.run_due().await;

    assert_eq!(desk.log.words(), ["2", "1", "0"]);
    assert_eq!(desk.counts().await, Counts { due: 0, later: 0, running: 0, failed: 0, oldest_seconds: None });
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_does_not_touch_the_row() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Fail { by_panic: false, millis: 500 }).await;
    let (runner, taken) = (desk.runner(), async {
        desk.until_running(1).await;
        desk.alter("UPDATE graphile_worker._private_jobs SET locked_by = 'another'");
    });

    let (ran, ()) = tokio::join!(runner.run_due(), taken);

    ran.unwrap();
    let counts = desk.counts().await;
    assert_eq!((counts.running, counts.later, counts.failed), (1, 0, 0));
}
