//! WhatsApp shows that a hidden id and a phone are one person's.

use crate::support::TestApp;
use crate::support::talk::{ANA, said, with};
use serde_json::{Value, json};
use switchboard::numbers::model::NumberId;

const LID: &str = "204000111222333@lid";

/// A message from the hidden id, which tells the phone behind it, too.
fn both(text: &str) -> Value {
    let message = said(ANA, text);
    let info =
        json!({ "_data": { "Info": { "PushName": "Ana Alves", "SenderAlt": format!("{ANA}@s.whatsapp.net") } } });
    with(with(message, json!({ "id": format!("false_{LID}_3C{:014X}", text.len()), "from": LID })), info)
}

/// One who wrote from the hidden id alone, and one who wrote from the phone.
async fn two(app: &TestApp) -> NumberId {
    let number = app.number("Workshop").await;
    let hidden = with(said(ANA, "Hidden"), json!({ "id": format!("false_{LID}_3D00000000000001"), "from": LID }));
    app.hears(number, hidden).await;
    app.take_jobs();
    app.hears(number, said(ANA, "Phone")).await;
    assert_ne!(app.customer_of(LID), app.customer_of(ANA));
    number
}

#[actix_web::test]
async fn two_that_nobody_has_written_into_are_joined_by_themselves() {
    let app = TestApp::new().await;
    let number = two(&app).await;
    let (by_phone, by_lid) = (app.customer_of(ANA), app.customer_of(LID));

    app.hears(number, both("It is me")).await;
    app.run_jobs().await;

    assert_eq!((app.customer_of(LID), app.customer_of(ANA)), (by_phone, by_phone));
    assert_eq!(app.record(by_lid)["merged_into_id"], json!(by_phone));
    assert_eq!(app.text("SELECT source AS text FROM customer_merges"), "whatsapp");
    let threads = "SELECT inbound_count::text AS text FROM conversations WHERE deleted_at IS NULL";
    assert_eq!(app.texts(threads), ["3"], "one thread with all");
    assert!(app.audited().contains(&"merged customers".to_owned()));
}

#[actix_web::test]
async fn a_record_that_somebody_keeps_is_the_one_that_stays() {
    let app = TestApp::new().await;
    let number = two(&app).await;
    let by_lid = app.customer_of(LID);
    app.sql(&format!("UPDATE customers SET first_name = 'Ana', company = 'Bike AG' WHERE id = '{by_lid}'"));

    app.hears(number, both("It is me")).await;
    app.run_jobs().await;

    assert_eq!((app.customer_of(ANA), app.record(by_lid)["phone"].clone()), (by_lid, json!(ANA)));
    assert_eq!(app.record(by_lid)["customer_type"], json!("new"), "with a phone nobody is anonymous");
}

#[actix_web::test]
async fn two_records_that_are_kept_are_left_to_a_person() {
    let app = TestApp::new().await;
    let number = two(&app).await;
    let (by_phone, by_lid) = (app.customer_of(ANA), app.customer_of(LID));
    app.sql("UPDATE customers SET first_name = 'Ana'");

    app.hears(number, both("It is me")).await;
    app.run_jobs().await;
    app.hears(number, both("It is me again")).await;

    assert_eq!((app.customer_of(ANA), app.customer_of(LID)), (by_phone, by_lid));
    let pair = "SELECT concat_ws(' ', score, reasons, state) AS text FROM duplicate_pairs";
    assert_eq!(app.texts(pair), ["100 {whatsapp} open"]);
    let offered = app.within(move |conn, tenant| switchboard::duplicates::candidates::of(conn, tenant, by_phone)).await;
    assert_eq!((offered.len(), offered[0].id, offered[0].score), (1, by_lid, 100));
}

#[actix_web::test]
async fn two_who_were_taken_apart_are_not_joined_again() {
    let app = TestApp::new().await;
    let number = two(&app).await;
    app.hears(number, both("It is me")).await;
    app.run_jobs().await;
    let merge = app.text("SELECT id::text AS text FROM customer_merges").parse().unwrap();
    app.part(merge).await.unwrap();
    let (by_phone, by_lid) = (app.customer_of(ANA), app.customer_of(LID));
    assert_ne!(by_phone, by_lid);

    app.hears(number, both("It is me, really")).await;

    assert_eq!((app.customer_of(ANA), app.customer_of(LID)), (by_phone, by_lid));
    assert_eq!(app.count("FROM customer_merges"), 1);
}
