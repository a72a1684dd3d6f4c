//! Who hears what, and catching up.

use super::*;

#[tokio::test]
async fn a_change_reaches_both_processes_and_no_stranger() {
    let desk = Desk::new().await;
    let (one, two) = (desk.hub().await, desk.hub().await);
    let (acme, globex) = (desk.listener(desk.acme).await, desk.listener(Uuid::now_v7()).await);
    let (mut here, mut there) = (one.subscribe(acme, None), two.subscribe(acme, None));
    let mut stranger = one.subscribe(globex, None);
    for stream in [&mut here, &mut there, &mut stranger] {
        assert!(next(stream).await.unwrap().event.is_empty(), "first comes an id to come back with");
    }

    let message = desk.announce(desk.acme, "message").await;

    let (first, second) = (next(&mut here).await.unwrap(), next(&mut there).await.unwrap());
    assert!(tells(&first, "message", message) && first == second, "{first:?} {second:?}");
    assert!(is_quiet(&mut stranger).await);
}

#[tokio::test]
async fn equal_announcements_collapse_and_a_rollback_says_nothing() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let mut stream = hub.subscribe(desk.listener(desk.acme).await, None);
    next(&mut stream).await;
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());

    let refused = desk
        .within(desk.acme, move |conn, tenant| {
            announce(conn, tenant, "message", one)?;
            Err::<(), _>(Error::Forbidden)
        })
        .await;
    desk.within(desk.acme, move |conn, tenant| {
        (0..50).try_for_each(|n| announce(conn, tenant, "message", if n % 2 == 0 { one } else { two }))
    })
    .await
    .unwrap();

    let (first, second) = (next(&mut stream).await.unwrap(), next(&mut stream).await.unwrap());
    assert!(refused.is_err() && tells(&first, "message", one) && tells(&second, "message", two));
    assert_eq!(first.id, second.id);
    assert!(is_quiet(&mut stream).await);
}

#[tokio::test]
async fn a_returning_browser_catches_up_even_at_another_process() {
    let desk = Desk::new().await;
    let (one, two) = (desk.hub().await, desk.hub().await);
    let acme = desk.listener(desk.acme).await;
    let mut stream = one.subscribe(acme, None);
    next(&mut stream).await;
    desk.announce(desk.acme, "message").await;
    let last = next(&mut stream).await.unwrap();
    drop(stream);

    let other = desk.announce(Uuid::now_v7(), "message").await;
    let missed = desk.announce(desk.acme, "conversation").await;
    sleep(Duration::from_millis(200)).await;

    for hub in [&one, &two] {
        let mut back = hub.subscribe(acme, last.id.as_deref());
        assert_eq!(next(&mut back).await.unwrap(), last, "the last one's transaction is told whole");
        let frame = next(&mut back).await.unwrap();
        assert!(tells(&frame, "conversation", missed) && !tells(&frame, "message", other));
        assert!(is_quiet(&mut back).await);
    }
}

#[tokio::test]
async fn a_browser_that_heard_nothing_catches_up_too() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    let acme = desk.listener(desk.acme).await;
    let opening = next(&mut hub.subscribe(acme, None)).await.unwrap();

    let missed = desk.announce(desk.acme, "message").await;
    sleep(Duration::from_millis(200)).await;

    let mut back = hub.subscribe(acme, opening.id.as_deref());
    assert!(tells(&next(&mut back).await.unwrap(), "message", missed));
}

#[tokio::test]
async fn an_unknown_id_is_told_to_ask_for_everything() {
    let desk = Desk::new().await;
    let hub = desk.hub().await;
    for id in [Uuid::now_v7().to_string(), "nonsense".into()] {
        let mut stream = hub.subscribe(desk.listener(desk.acme).await, Some(&id));
        let frame = next(&mut stream).await.unwrap();
        assert!(frame.event == "resync" && frame.id.is_some(), "{frame:?}");
        assert!(is_quiet(&mut stream).await);
    }
}
