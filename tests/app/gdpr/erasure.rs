//! Erasure as its users meet it; what is left of it is `traces`.

use super::{customer, days_ago, work};
use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, form, get, post};
use serde_json::Value;
use switchboard::customers::data::{Typed, read};
use switchboard::customers::{changes, erased};
use switchboard::kit::error::Error;

/// Ana, who wrote twice, and Ben, who stays.
async fn with_both() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello, Ana Alves here", "My number is +351 912 345 678"]).await;
    app.conversation(number, BEN, &["Ben stays"]).await;
    let ana = customer(&app, ANA);
    app.take_jobs();
    (app, ana)
}

async fn erase(app: &TestApp, ana: &str, messages: &str) -> String {
    let fields = [("messages", messages), ("name", "ana alves")];
    let begun = app.ada(form(&format!("/customers/{ana}/erasure"), &fields)).await;
    assert_eq!(begun.status, 303, "{}", begun.html);
    begun.location().to_owned()
}

#[actix_web::test]
async fn it_is_previewed_confirmed_by_name_and_certified() {
    let (app, ana) = with_both().await;
    let path = format!("/customers/{ana}/erasure");
    app.ada(get(&path)).await.shows("Messages in groups").shows("Type “Ana Alves”");
    let wrong = app.ada(form(&path, &[("messages", "keep"), ("name", "Ben")])).await;
    assert_eq!(wrong.status, 422);
    wrong.shows("value=\"Ben\"").shows("Type Ana Alves to say that you mean it.");
    assert_eq!(app.count("FROM erasures"), 0);

    let certificate = erase(&app, &ana, "delete").await;
    app.ada(get(&certificate)).await.shows("Erasure under way");
    let led = app.ada(get(&path)).await;
    assert_eq!((led.status, led.location()), (303, &*certificate), "it was asked for already");
    work(&app).await;

    app.olga(get(&certificate)).await.shows("Certificate of erasure").shows("Messages were deleted.").hides("Ana");
    let json: Value = app.ada(get(&format!("{certificate}/certificate.json"))).await.json();
    assert_eq!((&json["counts"]["messages"], &json["counts"]["customers"]), (&2.into(), &1.into()));
    assert_eq!(app.count("FROM messages"), 1, "Ben's");
    assert_eq!(app.text("SELECT state::text AS text FROM customers WHERE phone IS NULL"), "erased");
    assert!(app.audited().contains(&"erased customers".to_owned()));
    app.ada(get(&format!("/customers/{ana}/privacy"))).await.shows("Erased person").hides("Restrict</button>");
    let done = app.count("FROM background_tasks WHERE kind = 'gdpr_erasure' AND state = 'completed' AND done = 2");
    assert_eq!(done, 1);
}

#[actix_web::test]
async fn messages_can_be_kept_without_the_person() {
    let (app, ana) = with_both().await;

    let certificate = erase(&app, &ana, "keep").await;
    work(&app).await;

    let bodies = app.texts("SELECT body AS text FROM messages ORDER BY occurred_at, id");
    assert!(bodies.contains(&"Hello, ••• ••• here".to_owned()), "{bodies:?}");
    assert!(bodies.contains(&"My number is •••".to_owned()) && bodies.contains(&"Ben stays".to_owned()), "{bodies:?}");
    let thread = app.text("SELECT id::text AS text FROM conversations WHERE status = 'archived'");
    app.ada(get(&format!("/inbox/{thread}"))).await.shows("Erased person").shows("Hello, ••• ••• here");
    app.ada(get(&certificate)).await.shows("kept without the person");
}

#[actix_web::test]
async fn no_import_brings_them_back_and_their_own_message_does() {
    let (app, ana) = with_both().await;
    erase(&app, &ana, "delete").await;
    work(&app).await;
    let vault = app.parts.vault.clone();
    let typed = Typed { first_name: "Ana".into(), phone: format!("+{ANA}"), ..Typed::default() };
    let data = read(&typed, None, &[]).unwrap();
    let other = Typed { first_name: "Zoe".into(), phone: "+351 912 345 679".into(), ..Typed::default() };
    let other = read(&other, None, &[]).unwrap();

    let tried = app.within(move |conn, tenant| {
        let barred = changes::create(conn, tenant, &vault, &data, "import", None);
        let free = erased::is_barred(conn, tenant, &vault, &other)?;
        Ok((matches!(barred, Err(Error::Refused(why)) if why == erased::BARRED), free))
    });
    assert_eq!(tried.await, (true, false));

    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse::<uuid::Uuid>().unwrap().into();
    app.hears(number, said(ANA, "It is me again")).await;
    assert_ne!(customer(&app, ANA), ana, "a new customer");
    assert_eq!(app.count("FROM conversations WHERE customer_id IS NOT NULL"), 2);
    app.take_jobs();
}

#[actix_web::test]
async fn it_can_be_cancelled_until_something_is_gone() {
    let (app, ana) = with_both().await;
    erase(&app, &ana, "delete").await;
    let task = app.text("SELECT id::text AS text FROM background_tasks");

    app.ada(post(&format!("/tasks/{task}/cancellation"))).await;
    work(&app).await;

    assert_eq!((app.count("FROM erasures"), app.count("FROM erased_addresses"), app.count("FROM messages")), (0, 0, 3));
    let restored = app.ada(form(&format!("/customers/{ana}/state"), &[("state", "active")])).await;
    assert_eq!(restored.status, 303, "the record can be restored");
    assert_eq!(customer(&app, ANA), ana);
}

#[actix_web::test]
async fn a_hold_that_is_placed_meanwhile_stops_the_last_step() {
    let (app, ana) = with_both().await;
    erase(&app, &ana, "delete").await;
    app.sql(&format!(
        "INSERT INTO legal_holds (tenant_id, id, customer_id, reason) VALUES ('{}', gen_random_uuid(), '{ana}', 'x')",
        app.acme
    ));

    app.pass_time();
    app.run_jobs().await;

    assert_eq!(app.count("FROM customers WHERE state = 'erased'"), 0);
    assert_eq!(app.count("FROM messages"), 3, "and the first ones");
    app.sql("UPDATE legal_holds SET ended_at = now()");
    work(&app).await;
    assert_eq!(app.count("FROM customers WHERE state = 'erased'"), 1);
}

#[actix_web::test]
async fn a_process_that_dies_in_any_place_loses_and_doubles_nothing() {
    let (app, ana) = with_both().await;
    app.sql(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, status, body, occurred_at) \
         SELECT tenant_id, gen_random_uuid(), conversation_id, 'inbound', 'delivered', 'Ana ' || n, now() - n * interval '1 minute' \
         FROM messages, generate_series(1, 1100) AS n WHERE body LIKE 'My number%'",
    );
    let certificate = erase(&app, &ana, "keep").await;
    let erasure: switchboard::gdpr::erasures::model::ErasureId = super::id_of(&certificate).parse().unwrap();
    let vault = app.parts.vault.clone();
    // Found twice and forgotten once, as by a worker that was slow and its successor.
    for _ in 0..2 {
        let vault = vault.clone();
        app.within(move |conn, tenant| {
            use switchboard::gdpr::erasures::work::{Next, forget_messages, next};
            if let Next::Messages(found) = next(conn, tenant, &vault, erasure)? {
                forget_messages(conn, tenant, erasure, &found)?;
                forget_messages(conn, tenant, erasure, &found)?;
            }
            Ok(())
        })
        .await;
    }
    work(&app).await;

    assert_eq!(app.count("FROM messages WHERE body LIKE '%Ana%'"), 0);
    assert_eq!(app.count("FROM messages WHERE body LIKE '••• %'"), 1100);
    assert_eq!(app.count("FROM erasures WHERE stage = 'done'"), 1);
}

#[actix_web::test]
async fn a_request_for_erasure_leads_there_and_notes_the_end() {
    let (app, ana) = with_both().await;
    let fields = [("kind", "erasure"), ("requester", "Ana Alves"), ("customer", &ana), ("received_on", &days_ago(1))];
    let case = app.ada(form("/gdpr/requests", &fields)).await.location().to_owned();
    let id = super::id_of(&case);
    app.ada(get(&case)).await.shows(&format!("/customers/{ana}/erasure?case={id}"));

    let fields = [("messages", "delete"), ("name", "Ana Alves"), ("case", &id)];
    assert_eq!(app.ada(form(&format!("/customers/{ana}/erasure"), &fields)).await.status, 303);
    work(&app).await;

    app.ada(get(&case)).await.shows("had the customer erased").shows("Erased person").hides("Ana Alves");
    for other in [
        app.max(post(&format!("/customers/{ana}/erasure"))).await,
        app.olga(get(&format!("/customers/{ana}/erasure"))).await,
    ] {
        assert_eq!(other.status, 403);
    }
}
