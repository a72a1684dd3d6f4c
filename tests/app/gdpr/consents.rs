//! The ledger of consents: added to, never changed; what counts is the newest word.

use super::{customer, days_ago};
use crate::support::talk::{ANA, BEN};
use crate::support::{TestApp, form, get};
use switchboard::customers::model::CustomerId;
use switchboard::gdpr::consents::model::{Channel, Purpose, may};

async fn with_ana() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Yes, send me offers"]).await;
    let ana = customer(&app, ANA);
    (app, ana)
}

fn said<'a>(state: &'a str, day: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("purpose", "marketing"),
        ("channel", "whatsapp"),
        ("state", state),
        ("lawful_basis", "consent"),
        ("source", "phone call"),
        ("evidence", "Said so to Bob"),
        ("occurred_on", day),
    ]
}

async fn allows(app: &TestApp, ana: &str) -> bool {
    let id: CustomerId = ana.parse().unwrap();
    app.within(move |conn, tenant| may(conn, tenant, id, Purpose::Marketing, Channel::Whatsapp)).await
}

#[actix_web::test]
async fn the_newest_word_counts_in_whatever_order_words_are_written_down() {
    let (app, ana) = with_ana().await;
    let path = format!("/customers/{ana}/consents");
    let (today, before) = (days_ago(0), days_ago(10));
    assert!(!allows(&app, &ana).await, "silence is no consent");

    assert_eq!(app.bob(form(&path, &said("given", &today))).await.status, 303);
    assert_eq!(app.bob(form(&path, &said("withdrawn", &before))).await.status, 303);

    assert!(allows(&app, &ana).await, "the withdrawal is older");
    app.bob(get(&path)).await.shows("Given").shows("Withdrawn").shows("Said so to Bob").shows("Bob Baker");
    app.ada(get("/gdpr/consents?state=withdrawn")).await.shows("Ana Alves").shows("Withdrawn");
    app.sql("UPDATE customers SET restricted_at = now()");
    assert!(!allows(&app, &ana).await, "restricted data is not used");
    assert!(app.audited().contains(&"agreed consents".to_owned()));
    app.take_jobs();
}

#[actix_web::test]
async fn a_message_of_theirs_is_evidence_and_another_is_not() {
    let (app, ana) = with_ana().await;
    let number = app.number("Store").await;
    app.conversation(number, BEN, &["Hi"]).await;
    let message =
        |phone: &str| app.text(&format!("SELECT id::text AS text FROM messages WHERE from_msisdn = '{phone}'"));
    let (hers, his, today) = (message(ANA), message(BEN), days_ago(0));
    let path = format!("/customers/{ana}/consents");
    let (with_his, with_hers) = (
        [said("given", &today), vec![("message", &*his)]].concat(),
        [said("given", &today), vec![("message", &*hers)]].concat(),
    );

    let refused = app.bob(form(&path, &with_his)).await;
    assert_eq!(refused.status, 422);
    refused.shows("This message is in no conversation with this customer.").shows("Said so to Bob");
    assert_eq!(app.bob(form(&path, &with_hers)).await.status, 303);

    assert_eq!(app.count("FROM consents WHERE message_id IS NOT NULL"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn bad_input_keeps_what_was_typed_and_auditors_write_nothing() {
    let (app, ana) = with_ana().await;
    let path = format!("/customers/{ana}/consents");
    let wrong = [("purpose", "everything"), ("source", "letter"), ("occurred_on", "9999-12-31")];

    let answer = app.bob(form(&path, &wrong)).await;

    assert_eq!(answer.status, 422);
    answer.shows("Choose one of the list.").shows("letter").shows("Enter a day that is not to come");
    assert_eq!(app.olga(form(&path, &said("given", &days_ago(0)))).await.status, 403);
    app.olga(get(&path)).await.hides("Write down what was said");
    assert_eq!(app.count("FROM consents"), 0);
    app.take_jobs();
}

#[actix_web::test]
async fn nobody_changes_the_ledger_but_whose_rows_they_are() {
    let (app, ana) = with_ana().await;
    app.bob(form(&format!("/customers/{ana}/consents"), &said("given", &days_ago(0)))).await;
    let fails = |sql: &str| {
        let sql =
            format!("DO $$ BEGIN {sql}; RAISE EXCEPTION 'it was possible'; EXCEPTION WHEN check_violation THEN END $$");
        app.sql(&sql)
    };

    fails("DELETE FROM consents");
    fails("UPDATE consents SET state = 'withdrawn'");
    fails("UPDATE consents SET evidence = NULL");
    fails("UPDATE consents SET occurred_at = now() - interval '1 year'");
    fails("UPDATE consents SET message_id = gen_random_uuid()");

    let other = "INSERT INTO customers (tenant_id, id, customer_type) SELECT tenant_id, gen_random_uuid(), 'anonymous' FROM customers";
    app.sql(other);
    let moved = "UPDATE consents SET customer_id = (SELECT id FROM customers WHERE customer_type = 'anonymous')";
    assert_eq!(app.sql(moved), 1, "a merge moves rows");
    app.sql("DELETE FROM users WHERE email = 'bob@acme.test'");
    assert_eq!(app.count("FROM consents WHERE user_id IS NULL"), 1, "people who leave take their name along");
    app.take_jobs();
}
