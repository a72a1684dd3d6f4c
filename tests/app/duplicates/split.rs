//! One record becomes two again.

use super::merge::refused;
use crate::support::TestApp;
use crate::support::talk::{ANA, BEN};
use serde_json::json;
use switchboard::customers::model::CustomerState;
use switchboard::customers::states;
use switchboard::duplicates::candidates;
use switchboard::kit::error::Error;

#[actix_web::test]
async fn what_was_changed_since_is_kept_and_the_rest_goes_back() {
    let app = TestApp::new().await;
    let one = app.customer(&[("first_name", "Ana"), ("company", "Bike AG"), ("note", "Tea")]).await;
    let other = app.customer(&[("last_name", "Alves"), ("phone", "+351912345678"), ("note", "Mondays")]).await;
    let merge = app.join(one, other).await.unwrap();
    app.sql(&format!("UPDATE customers SET company = 'Bike & Co' WHERE id = '{one}'"));

    app.part(merge).await.unwrap();

    let (one_now, other_now) = (app.record(one), app.record(other));
    assert_eq!((&one_now["first_name"], &one_now["last_name"]), (&json!("Ana"), &json!(null)));
    assert_eq!((&one_now["company"], &one_now["phone"]), (&json!("Bike & Co"), &json!(null)));
    assert_eq!((&other_now["phone"], &other_now["state"]), (&json!("351912345678"), &json!("active")));
    assert_eq!(other_now["merged_into_id"], json!(null));
    assert_eq!(app.customer_of("351912345678"), other);
    let find = switchboard::customers::changes::find;
    let note = app.within(move |conn, tenant| find(conn, tenant, one)).await.note(&app.parts.vault).unwrap();
    assert_eq!(note.unwrap(), "Tea");
    assert!(app.audited().contains(&"split customers".to_owned()));
}

#[actix_web::test]
async fn a_suspended_record_is_suspended_again_and_its_history_tells_of_it() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(&[("first_name", "Ana")]).await, app.customer(&[("first_name", "Ben")]).await);
    app.within(move |conn, tenant| states::go(conn, tenant, other, CustomerState::Suspended, None, None)).await;
    let merge = app.join(one, other).await.unwrap();

    app.part(merge).await.unwrap();

    assert_eq!(app.record(other)["state"], json!("suspended"));
    let steps = app.within(move |conn, tenant| states::history(conn, tenant, other)).await;
    let told: Vec<_> = steps.iter().map(|step| (step.old_state, step.new_state)).collect();
    use CustomerState::{Active, Deleted, Suspended};
    assert_eq!(told[..3], [(Some(Deleted), Suspended), (Some(Suspended), Deleted), (Some(Active), Suspended)]);
}

#[actix_web::test]
async fn merges_are_undone_in_reverse_order() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("phone", "+351912345678")]).await;
    let ben = app.customer(&[("first_name", "Ben"), ("email", "b@x.test")]).await;
    let cleo = app.customer(&[("first_name", "Cleo"), ("phone", "+4915123456789")]).await;
    let first = app.join(ben, ana).await.unwrap();
    let second = app.join(cleo, ben).await.unwrap();
    assert_eq!(app.record(ana)["merged_into_id"], json!(cleo), "whoever was joined leads to the living one");

    let early = refused(app.part(first).await.unwrap_err());
    assert!(early.contains("reverse order"), "{early}");

    app.part(second).await.unwrap();
    assert_eq!((app.record(ana)["merged_into_id"].clone(), app.customer_of("351912345678")), (json!(ben), ben));
    app.part(first).await.unwrap();
    assert_eq!((app.customer_of("351912345678"), app.customer_of("4915123456789")), (ana, cleo));
    let again = refused(app.part(first).await.unwrap_err());
    assert_eq!(again, "These two were taken apart already.");
}

#[actix_web::test]
async fn two_who_were_taken_apart_are_told_apart() {
    let app = TestApp::new().await;
    let one = app.customer(&[("first_name", "Ana"), ("email", "ana@gmail.com")]).await;
    let other = app.customer(&[("first_name", "Ana"), ("email", "a.na@gmail.com")]).await;
    let merge = app.join(one, other).await.unwrap();

    app.part(merge).await.unwrap();

    let offered = app.within(move |conn, tenant| candidates::of(conn, tenant, one)).await;
    assert!(offered.is_empty(), "{offered:?}");
}

#[actix_web::test]
async fn an_address_that_is_somebody_elses_by_now_is_named() {
    let app = TestApp::new().await;
    let one = app.customer(&[("first_name", "Ana")]).await;
    let other = app.customer(&[("first_name", "Ben"), ("phone", "+351912345678")]).await;
    let merge = app.join(one, other).await.unwrap();
    app.sql(&format!("UPDATE customers SET phone = NULL WHERE id = '{one}'"));
    app.sql("UPDATE customer_identities SET deleted_at = now() WHERE kind = 'phone'");
    app.customer(&[("first_name", "Cleo"), ("phone", "+351912345678")]).await;

    let why = refused(app.part(merge).await.unwrap_err());

    assert!(why.starts_with("The other record's phone number belongs to another customer by now."), "{why}");
    assert_eq!(app.record(other)["state"], json!("deleted"), "nothing was changed");
}

#[actix_web::test]
async fn a_merge_of_another_tenant_is_nobodys() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(&[("first_name", "Ana")]).await, app.customer(&[("first_name", "Ben")]).await);
    let merge = app.join(one, other).await.unwrap();
    let vault = app.parts.vault.clone();

    let platform = app.parts.db.platform();
    let parted = platform.enter(app.globex, move |conn, tenant| {
        switchboard::duplicates::splitting::split(conn, tenant, &vault, merge, None)
    });

    assert!(matches!(parted.await, Err(Error::NotFound)));
}

#[actix_web::test]
async fn what_was_joined_over_two_numbers_is_two_conversations_again() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let one = app.conversation(number, ANA, &["One", "Two"]).await;
    let other = app.conversation(number, BEN, &["Three"]).await;
    let before = app.texts(
        "SELECT to_jsonb(c)::text AS text FROM (SELECT id, status, title, chat_id, customer_id, \
        last_message_id, last_message_at, last_message_preview, inbound_count, waiting_since, deleted_at \
        FROM conversations ORDER BY id) c",
    );
    let merge = app.join(app.customer_of(ANA), app.customer_of(BEN)).await.unwrap();

    app.part(merge).await.unwrap();

    let after = app.texts(
        "SELECT to_jsonb(c)::text AS text FROM (SELECT id, status, title, chat_id, customer_id, \
        last_message_id, last_message_at, last_message_preview, inbound_count, waiting_since, deleted_at \
        FROM conversations ORDER BY id) c",
    );
    assert_eq!(after, before);
    assert_eq!(app.count(&format!("FROM messages WHERE conversation_id = '{one}'")), 2);
    assert_eq!(app.count(&format!("FROM messages WHERE conversation_id = '{other}'")), 1);
}
