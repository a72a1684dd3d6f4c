//! Cut lines, slow browsers, ended sessions and stops.

use switchboard::kit::live::{SESSION_ENDED, Signal, announce_platform};

use super::*;

#[tokio::test]
async fn a_cut_line_comes_back_and_everybody_asks_again() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let acme = desk.listener(desk.acme).await;
    let mut stream = hub.subscribe(acme, None);
    let mut watch = hub.watch();
    let before = next(&mut stream).await.unwrap();

    desk.cut_the_lines();

    assert_eq!(next(&mut stream).await.unwrap().event, "resync");
    assert!(matches!(watch.recv().await.unwrap(), Signal::Resync));
    up(&hub).await;
    let mut back = hub.subscribe(acme, before.id.as_deref());
    assert_eq!(next(&mut back).await.unwrap().event, "resync", "nobody knows what was said in the gap");
    let message = desk.announce(desk.acme, "message").await;
    assert!(tells(&next(&mut stream).await.unwrap(), "message", message));
}

#[tokio::test]
async fn a_slow_browser_asks_for_everything_instead_of_its_backlog() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let mut stream = hub.subscribe(desk.listener(desk.acme).await, None);
    next(&mut stream).await;

    desk.within(desk.acme, |conn, tenant| (0..600).try_for_each(|_| announce(conn, tenant, "message", Uuid::now_v7())))
        .await
        .unwrap();
    sleep(Duration::from_millis(500)).await;

    assert_eq!(next(&mut stream).await.unwrap().event, "resync");
}

#[tokio::test]
async fn an_ended_session_ends_its_own_stream_only() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let (mine, other) = (desk.listener(desk.acme).await, desk.listener(desk.acme).await);
    let pat = Listener { tenant: None, session: Uuid::now_v7() };
    let mut streams = [hub.subscribe(mine, None), hub.subscribe(other, None), hub.subscribe(pat, None)];
    for stream in &mut streams {
        next(stream).await;
    }
    let [mut mine_stream, mut other_stream, mut pat_stream] = streams;

    desk.within(desk.acme, move |conn, tenant| announce(conn, tenant, SESSION_ENDED, mine.session)).await.unwrap();

    let bye = next(&mut mine_stream).await.unwrap();
    assert!(bye.event == "bye" && bye.data.contains("signed_out"));
    assert_eq!(next(&mut mine_stream).await, None);
    assert!(is_quiet(&mut other_stream).await && is_quiet(&mut pat_stream).await);
    desk.db.platform().run(move |conn| announce_platform(conn, SESSION_ENDED, pat.session)).await.unwrap();
    assert_eq!(next(&mut pat_stream).await.unwrap().event, "bye");
}

#[tokio::test]
async fn a_stop_says_bye_to_all_and_to_latecomers() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let acme = desk.listener(desk.acme).await;
    let mut stream = hub.subscribe(acme, None);
    next(&mut stream).await;

    hub.stop();

    assert_eq!(next(&mut stream).await.unwrap().event, "bye");
    assert_eq!(next(&mut stream).await, None);
    let mut late = hub.subscribe(acme, None);
    next(&mut late).await;
    assert_eq!(next(&mut late).await.unwrap().event, "bye");
    assert_eq!(next(&mut late).await, None);
}

#[tokio::test]
async fn an_answer_is_neither_stored_nor_held_back() {
    let desk = Desk::new().await;
    let answer = desk.hub().await.subscribe(desk.listener(desk.acme).await, None).answer();

    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/event-stream"));
    assert_eq!((header("cache-control"), header("x-accel-buffering")), ("no-store".into(), "no".into()));
    assert_eq!(header("content-encoding"), "identity");
}
