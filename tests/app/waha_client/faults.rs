//! A gateway that is down must not hold anybody up, and one that says no is not down.

use super::stub::{KEY, Stub, nobody, waha, wire};
use actix_web::HttpResponse;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use switchboard::numbers::waha::Error;

#[actix_web::test]
async fn after_failures_in_a_row_calls_fail_at_once() {
    let waha = waha(&wire(b"", true).await);
    for _ in 0..3 {
        assert!(matches!(waha.ping().await, Err(Error::Unknown(_))));
    }

    let start = Instant::now();
    let error = waha.ping().await.unwrap_err();

    assert!(waha.is_down() && start.elapsed() < Duration::from_millis(50));
    assert!(matches!(&error, Error::Unreachable(why) if why.contains("next try")), "{error:?}");
}

#[actix_web::test]
async fn a_gateway_that_comes_back_is_found_by_the_next_probe() {
    let up = Arc::new(AtomicBool::new(false));
    let is_up = up.clone();
    let stub = Stub::raw(move |_| match is_up.load(Ordering::Relaxed) {
        true => HttpResponse::Ok().json(json!({"message": "pong"})),
        false => HttpResponse::BadGateway().body("<h1>502</h1>"),
    })
    .await;
    let waha = stub.waha();
    for _ in 0..3 {
        assert!(waha.ping().await.is_err());
    }
    assert!(waha.is_down());

    up.store(true, Ordering::Relaxed);
    assert!(waha.ping().await.is_err());
    tokio::time::sleep(Duration::from_millis(120)).await;

    assert!(waha.ping().await.is_ok() && !waha.is_down());
    assert_eq!(stub.count(), 4);
}

#[actix_web::test]
async fn a_no_is_an_answer() {
    for (status, body) in [
        (422, json!({"error": "not ready"})),
        (401, json!({"message": "Unauthorized"})),
        (501, json!({"message": "not in this engine"})),
        (500, json!({"statusCode": 500, "exception": {"message": "boom"}})),
    ] {
        let waha = Stub::new(move |_| (status, body.clone())).await.waha();
        for _ in 0..5 {
            assert!(!matches!(waha.session("shop").await, Ok(_) | Err(Error::Unreachable(_))));
        }
        assert!(!waha.is_down(), "{status}");
    }
}

#[actix_web::test]
async fn everybody_who_talks_to_one_gateway_shares_its_breaker() {
    let base = nobody().await;
    let another = switchboard::numbers::waha::Waha::new(&base, None).unwrap();
    for _ in 0..5 {
        let same = switchboard::numbers::waha::Waha::new(&format!("{base}/"), None).unwrap();
        assert!(same.ping().await.is_err());
    }

    assert!(another.is_down());
}

#[actix_web::test]
async fn no_error_shows_the_key_or_what_was_asked() {
    let stub = Stub::new(|seen| {
        (500, json!({"statusCode": 500, "exception": {"message": "boom"}, "request": {"headers": {"x-api-key": seen.key}}}))
    })
    .await;

    let waha = stub.waha();
    let error = waha.session("shop").await.unwrap_err();

    assert_eq!(stub.only().key.as_deref(), Some(KEY));
    assert!(!format!("{waha:?} {error:?} {error}").contains(KEY));
}
