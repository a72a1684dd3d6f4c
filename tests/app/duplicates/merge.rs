//! Two records become one.

use crate::support::TestApp;
use crate::support::talk::{ANA, BEN, said};
use serde_json::json;
use switchboard::customers::model::CustomerState;
use switchboard::customers::states;
use switchboard::duplicates::choice::{Choice, NoteChoice, Side};
use switchboard::duplicates::moving::{STAYING, STAYING_IN_THREADS};
use switchboard::kit::error::Error;

pub fn refused(error: Error) -> String {
    match error {
        Error::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn everything_of_the_one_is_the_others_from_then_on() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello", "Again"]).await;
    let met = app.customer_of(ANA);
    let kept = app.customer(&[("first_name", "Ana"), ("last_name", "Alves"), ("email", "ana@x.test")]).await;
    app.sql(&format!(
        "INSERT INTO consents (tenant_id, id, customer_id, purpose, channel, state, lawful_basis, source, occurred_at) \
         SELECT tenant_id, gen_random_uuid(), id, 'marketing', 'whatsapp', 'given', 'consent', 'form', now() \
         FROM customers WHERE id = '{met}'"
    ));

    app.join(kept, met).await.unwrap();

    assert_eq!(app.customer_of(ANA), kept);
    let of_thread =
        app.text(&format!("SELECT customer_id::text AS text FROM conversations WHERE id = '{conversation}'"));
    assert_eq!(of_thread, kept.to_string());
    assert_eq!(app.count(&format!("FROM consents WHERE customer_id = '{kept}'")), 1);
    assert_eq!(app.count(&format!("FROM consent_states WHERE customer_id = '{kept}' AND state = 'given'")), 1);
    assert_eq!(app.count(&format!("FROM consent_states WHERE customer_id = '{met}'")), 0);
    let record = app.record(kept);
    assert_eq!((&record["phone"], &record["email"]), (&json!(ANA), &json!("ana@x.test")));
    assert_eq!(record["last_seen_at"], app.record(met)["last_seen_at"], "the later of the two");
    let gone = app.record(met);
    assert_eq!((&gone["state"], &gone["merged_into_id"]), (&json!("deleted"), &json!(kept)));
    assert!(app.audited().contains(&"merged customers".to_owned()));
}

#[actix_web::test]
async fn two_conversations_over_one_number_become_one() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let (one, other) =
        (app.conversation(number, ANA, &["One", "Two"]).await, app.conversation(number, BEN, &["Three"]).await);
    let reading = |who: &str, conversation| {
        format!(
            "INSERT INTO conversation_readers (tenant_id, conversation_id, user_id, inbound_seen) \
             SELECT tenant_id, '{conversation}', id, 1 FROM users WHERE email = '{who}'"
        )
    };
    app.sql(&reading("bob@acme.test", one));
    app.sql(&reading("eve@acme.test", other));
    app.sql(&format!("UPDATE conversations SET status = 'resolved', waiting_since = NULL WHERE id = '{one}'"));

    app.join(app.customer_of(ANA), app.customer_of(BEN)).await.unwrap();

    let row = |column: &str| app.text(&format!("SELECT {column}::text AS text FROM conversations WHERE id = '{one}'"));
    assert_eq!(app.count(&format!("FROM messages WHERE conversation_id = '{one}'")), 3);
    assert_eq!(
        (row("inbound_count"), row("status"), row("last_message_preview")),
        ("3".into(), "open".into(), "Three".into())
    );
    assert_eq!(row("chat_id"), format!("{BEN}@c.us"), "answers go to where the newest message came from");
    assert_eq!(row("(waiting_since = last_message_at)"), "true", "Ben's question is open, Ana's were resolved");
    let seen = app
        .texts(&format!("SELECT inbound_seen::text AS text FROM conversation_readers WHERE conversation_id = '{one}'"));
    assert_eq!(seen, ["1", "1"], "each has read one of the three");
    assert_eq!(app.count(&format!("FROM conversations WHERE id = '{other}' AND deleted_at IS NOT NULL")), 1);

    app.hears(number, said(BEN, "Four")).await;

    assert_eq!((row("inbound_count"), row("last_message_preview")), ("4".into(), "Four".into()));
}

#[actix_web::test]
async fn what_is_kept_of_each_field_is_a_choice() {
    let app = TestApp::new().await;
    let fields = |first, phone, email, note| {
        [("first_name", first), ("phone", phone), ("email", email), ("note", note), ("company", "Bike AG")]
    };
    let one = app.customer(&fields("Ana", "+351912345678", "ana@x.test", "Likes tea")).await;
    let other = app.customer(&fields("Anna", "+4915123456789", "anna@y.test", "Comes on Mondays")).await;
    let choice = Choice {
        fields: [("first_name".to_owned(), Side::Lost), ("phone".to_owned(), Side::Lost)].into(),
        note: NoteChoice::Both,
        ..Choice::default()
    };

    app.join_as(one, other, choice).await.unwrap();

    let record = app.record(one);
    assert_eq!((&record["first_name"], &record["phone"]), (&json!("Anna"), &json!("4915123456789")));
    assert_eq!(record["email"], json!("ana@x.test"));
    let note = switchboard::customers::changes::find;
    let (vault, note) = (app.parts.vault.clone(), app.within(move |conn, tenant| note(conn, tenant, one)).await);
    assert_eq!(note.note(&vault).unwrap().unwrap(), "Likes tea\n\nComes on Mondays");
    let primary = "SELECT value AS text FROM customer_identities WHERE is_primary AND deleted_at IS NULL ORDER BY 1";
    assert_eq!(app.texts(primary), ["4915123456789", "ana@x.test"]);
    assert_eq!(app.customer_of("351912345678"), one, "no address is lost");
}

#[actix_web::test]
async fn who_cannot_be_joined_is_told_why_and_nothing_changes() {
    let app = TestApp::new().await;
    let one = app.customer(&[("first_name", "Ana")]).await;
    let other = app.customer(&[("first_name", "Ben")]).await;
    let regular = app.customer(&[("first_name", "Cleo"), ("phone", ANA), ("email", "c@x.test")]).await;
    let restricted = app.customer(&[("first_name", "Dora")]).await;
    app.sql(&format!("UPDATE customers SET restricted_at = now() WHERE id = '{restricted}'"));
    let deleted = app.customer(&[("first_name", "Emil")]).await;
    app.within(move |conn, tenant| states::go(conn, tenant, deleted, CustomerState::Deleted, None, None)).await;
    let vault = app.parts.vault.clone();
    let fay = move |conn: &mut diesel::PgConnection, tenant| {
        super::make(conn, tenant, &vault, &super::typed(&[("first_name", "Fay")]))
    };
    let globex = app.parts.db.platform().enter(app.globex, fay).await.unwrap();

    let why = |result: switchboard::kit::error::Result<_>| refused(Result::unwrap_err(result.map(|_| ())));
    assert_eq!(why(app.join(one, one).await), "These are one and the same record.");
    assert!(why(app.join(one, restricted).await).contains("Dora's data is restricted"));
    assert_eq!(why(app.join(deleted, one).await), "Emil was deleted and cannot be joined.");
    assert!(matches!(app.join(one, globex).await, Err(Error::NotFound)), "another tenant's is nobody's");
    let no_mail = Choice { fields: [("email".to_owned(), Side::Lost)].into(), ..Choice::default() };
    assert!(why(app.join_as(regular, other, no_mail).await).starts_with("A regular customer needs"));
    let nobody = [("first_name".to_owned(), Side::Lost)];
    let nameless = app.customer(&[("customer_type", "anonymous")]).await;
    let nobody = Choice { fields: nobody.into(), ..Choice::default() };
    assert!(why(app.join_as(one, nameless, nobody).await).starts_with("Keep at least a name"));

    assert_eq!(app.count("FROM customer_merges") + app.count("FROM customer_merge_rows"), 0);
    assert_eq!(app.record(other)["state"], json!("active"));
}

#[actix_web::test]
async fn a_joined_record_is_not_restored_by_its_state() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(&[("first_name", "Ana")]).await, app.customer(&[("first_name", "Ana")]).await);
    app.join(one, other).await.unwrap();

    let platform = app.parts.db.platform();
    let restored = platform
        .enter(app.acme, move |conn, tenant| states::go(conn, tenant, other, CustomerState::Active, None, None));

    assert!(refused(restored.await.unwrap_err()).contains("joined with another"));
}

/// A table of the future moves as well, or somebody has said why it does not.
#[actix_web::test]
async fn every_column_that_points_at_a_customer_moves_or_says_why_not() {
    let app = TestApp::new().await;
    let columns = |table: &str| {
        app.texts(&format!(
            "SELECT DISTINCT conrelid::regclass::text AS text FROM pg_constraint \
             WHERE contype = 'f' AND confrelid = '{table}'::regclass ORDER BY 1"
        ))
    };
    for (table, staying) in [("customers", STAYING), ("conversations", STAYING_IN_THREADS)] {
        let pointing = columns(table);
        for (stays, why) in staying {
            assert!(pointing.iter().any(|table| table == stays) && !why.is_empty(), "{stays} is named in vain");
        }
        assert!(pointing.len() > staying.len());
    }
    let simple = "SELECT conname::text AS text FROM pg_constraint WHERE contype = 'f' \
                  AND confrelid IN ('customers'::regclass, 'conversations'::regclass) AND cardinality(conkey) <> 2";
    assert!(app.texts(simple).is_empty(), "moving knows columns beside the tenant's only");
}

#[actix_web::test]
async fn labels_that_both_have_are_had_once() {
    let app = TestApp::new().await;
    let (one, other) = (app.customer(&[("first_name", "Ana")]).await, app.customer(&[("first_name", "Ana")]).await);
    app.sql(
        "INSERT INTO labels (tenant_id, id, name) SELECT id, gen_random_uuid(), word FROM tenants, \
             (VALUES ('VIP'), ('Late')) AS words (word) WHERE slug = 'acme'",
    );
    let stick = |customer, label: &str| {
        app.sql(&format!(
            "INSERT INTO customer_labels (tenant_id, customer_id, label_id) \
             SELECT tenant_id, '{customer}', id FROM labels WHERE name = '{label}'"
        ))
    };
    stick(one, "VIP");
    stick(other, "VIP");
    stick(other, "Late");

    let merge = app.join(one, other).await.unwrap();
    assert_eq!(app.count(&format!("FROM customer_labels WHERE customer_id = '{one}'")), 2);

    app.part(merge).await.unwrap();
    assert_eq!(app.count(&format!("FROM customer_labels WHERE customer_id = '{one}'")), 1);
    assert_eq!(app.count(&format!("FROM customer_labels WHERE customer_id = '{other}'")), 2);
}
