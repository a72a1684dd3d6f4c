//! One tenant does not wait for another.

use super::*;

#[tokio::test]
async fn a_tenants_thousand_jobs_do_not_delay_anothers_first() {
    let desk = Desk::new().await;
    desk.within(desk.acme, |conn, tenant| {
        let many = Say { word: "acme".into(), millis: 50 };
        (0..1000).try_for_each(|_| enqueue(conn, tenant, &many))
    })
    .await
    .unwrap();
    let running = desk.runner().slots(4).start().await.unwrap();
    desk.log.heard("acme", Duration::from_secs(5)).await;

    let asked = Instant::now();
    desk.add(desk.globex, say("globex")).await;
    let waited = desk.log.heard("globex", Duration::from_secs(5)).await - asked;
    drop(running);

    println!("globex waited {waited:?} with {} of acme's done", desk.log.words().len());
    assert!(waited < Duration::from_millis(500), "{waited:?}");
}

#[tokio::test]
async fn a_tenants_stuck_jobs_do_not_hold_anothers() {
    let desk = Desk::new().await;
    desk.within(desk.acme, |conn, tenant| {
        let stuck = Say { word: "acme".into(), millis: 20_000 };
        (0..100).try_for_each(|_| enqueue(conn, tenant, &stuck))
    })
    .await
    .unwrap();
    let running = desk.runner().slots(4).start().await.unwrap();
    desk.until_running(8).await;

    let asked = Instant::now();
    for word in ["one", "two", "three", "four"] {
        desk.add(desk.globex, say(word)).await;
    }
    let waited = desk.log.heard("four", Duration::from_secs(5)).await - asked;
    drop(running);

    println!("globex waited {waited:?}");
    assert!(waited < Duration::from_millis(1500), "{waited:?}");
}
