//! Media: from our gateway only, with the key only there, and never more than asked for.

use super::stub::{KEY, Stub, waha, wire};
use actix_web::HttpResponse;
use serde_json::json;
use switchboard::numbers::waha::Error;

#[actix_web::test]
async fn a_file_is_fetched_from_our_gateway_whatever_its_address_says() {
    let elsewhere = Stub::new(|_| (200, json!({}))).await;
    let stub = Stub::raw(|_| HttpResponse::Ok().content_type("image/jpeg").body("jpeg")).await;

    let file = stub.waha().download_media(&format!("{}/api/files/shop/3A.jpg", elsewhere.base), 100).await.unwrap();

    assert_eq!((file.mimetype.as_deref(), file.size), (Some("image/jpeg"), Some(4)));
    assert_eq!(file.bytes().await.unwrap(), b"jpeg");
    let seen = stub.only();
    assert_eq!((seen.target.as_str(), seen.key.as_deref()), ("/api/files/shop/3A.jpg", Some(KEY)));
    assert_eq!(elsewhere.count(), 0);
}

#[actix_web::test]
async fn a_redirect_does_not_carry_the_key_away() {
    let elsewhere = Stub::new(|_| (200, json!({}))).await;
    let target = elsewhere.base.clone();
    let stub = Stub::raw(move |_| HttpResponse::Found().insert_header(("location", target.clone())).finish()).await;

    let error = stub.waha().download_media("/api/files/shop/3A.jpg", 100).await.unwrap_err();

    assert_eq!((error.refused_with(), elsewhere.count()), (Some(302), 0));
}

#[actix_web::test]
async fn a_file_that_is_announced_too_large_is_not_read() {
    let stub = Stub::raw(|_| HttpResponse::Ok().body("0123456789")).await;

    let error = stub.waha().download_media("/api/files/shop/3A.jpg", 9).await.unwrap_err();

    assert_eq!(error, Error::TooLarge(9));
    assert!(stub.waha().download_media("/api/files/shop/3A.jpg", 10).await.is_ok());
}

#[actix_web::test]
async fn a_file_that_turns_out_too_large_is_cut_off() {
    let base =
        wire(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", false)
            .await;

    let file = waha(&base).download_media("/api/files/shop/3A.jpg", 9).await.unwrap();

    assert_eq!(file.bytes().await.unwrap_err(), Error::TooLarge(9));
}

#[actix_web::test]
async fn a_file_that_breaks_off_is_no_file() {
    let base = wire(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234", false).await;

    let file = waha(&base).download_media("/api/files/shop/3A.jpg", 100).await.unwrap();

    assert!(matches!(file.bytes().await, Err(Error::Unknown(_))));
}

#[actix_web::test]
async fn a_file_that_is_gone_is_a_404() {
    let stub = Stub::new(|_| (404, json!({"error": {"code": 404, "key": "FILE_NOT_FOUND"}}))).await;

    let error = stub.waha().download_media("/api/files/shop/3A.jpg", 100).await.unwrap_err();

    assert_eq!(error.refused_with(), Some(404));
}
