//! The demo's bicycle shop: what a newcomer finds among its customers.

use crate::support::{TestApp, get};
use std::time::Duration;
use switchboard::demo::{data, shop};
use uuid::Uuid;

/// The demo's people and stories, and their shop.
async fn opened() -> (TestApp, Uuid) {
    let app = TestApp::with_gateway().await;
    let number = data::seed(&app.parts.db, &app.parts.vault).await.unwrap().expect("the demo's number");
    app.take_jobs();
    assert!(shop::seed(&app.parts.db, &app.parts.vault, number.tenant).await.unwrap());
    app.run_jobs().await;
    (app, number.tenant)
}

async fn import(app: &TestApp, tenant: Uuid, is_new: bool) {
    let worker = async {
        loop {
            app.run_jobs().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        imported = shop::import(&app.parts.db, &app.parts.storage, tenant, is_new) => imported.unwrap(),
        () = worker => unreachable!("it goes on for ever"),
    }
}

#[actix_web::test]
async fn there_are_customers_of_every_kind_to_look_at() {
    let (app, tenant) = opened().await;
    import(&app, tenant, true).await;

    let customers = app.count("FROM customers");
    assert!((50..=70).contains(&customers), "{customers}");
    for (least, what) in [
        (6, "labels WHERE deleted_at IS NULL"),
        (1, "attribute_definitions WHERE is_sensitive"),
        (20, "customers WHERE attributes ? 'bike'"),
        (3, "customers WHERE sealed_attributes IS NOT NULL"),
        (10, "customers WHERE sealed_note IS NOT NULL"),
        (10, "customers WHERE company IS NOT NULL"),
        (2, "customers WHERE state = 'suspended'"),
        (2, "customers WHERE state = 'archived'"),
        (2, "customers WHERE customer_type = 'anonymous'"),
        (2, "customers WHERE customer_type = 'new'"),
        (20, "customers WHERE customer_type = 'regular'"),
        (30, "consents WHERE state = 'given'"),
        (2, "consents WHERE state = 'withdrawn'"),
        (2, "duplicate_pairs"),
        (1, "saved_filters WHERE is_shared"),
        (1, "privacy_cases WHERE closed_at IS NULL AND due_on BETWEEN current_date AND current_date + 8"),
        (1, "customer_imports WHERE state = 'completed' AND (counts ->> 'created')::int >= 8"),
        (1, "customer_imports WHERE (counts ->> 'faulty')::int >= 3"),
    ] {
        let found = app.count(&format!("FROM {what}"));
        assert!(found >= least, "{found} {what}");
    }
    app.max(get("/customers?q=lindqvist")).await.shows("Mara Lindqvist").shows("VIP").shows("Nordlys Studio");
    app.max(get("/customers/duplicates")).await.shows("Kathrin").shows("Katrin");
    app.ada(get("/gdpr")).await.shows("Lena Schuster");
    app.max(get("/customers/imports")).await.shows("spring-fair.csv");
}

#[actix_web::test]
async fn those_who_have_written_are_not_made_twice() {
    let (app, _) = opened().await;

    assert_eq!(app.count("FROM customers WHERE phone = '46701740605'"), 1);
    assert_eq!(app.text("SELECT title AS text FROM conversations WHERE title LIKE 'Mara%'"), "Mara Lindqvist");
    assert_eq!(app.text("SELECT company AS text FROM customers WHERE phone = '46701740605'"), "Nordlys Studio");
}

#[actix_web::test]
async fn a_second_start_finds_it_all() {
    let (app, tenant) = opened().await;
    import(&app, tenant, true).await;
    let counts = |app: &TestApp| {
        let tables = ["customers", "labels", "consents", "privacy_cases", "saved_filters", "customer_imports"];
        tables.map(|table| app.count(&format!("FROM {table}")))
    };
    let before = counts(&app);

    let is_new = shop::seed(&app.parts.db, &app.parts.vault, tenant).await.unwrap();
    import(&app, tenant, is_new).await;

    assert!(!is_new);
    assert_eq!(counts(&app), before);
}

#[actix_web::test]
async fn what_a_user_has_set_up_is_left_alone() {
    let app = TestApp::with_gateway().await;
    let number = data::seed(&app.parts.db, &app.parts.vault).await.unwrap().expect("the demo's number");
    app.take_jobs();
    app.ada(crate::support::form("/settings/labels", &[("name", "Mine"), ("colour", "red")])).await;
    let before = app.count("FROM customers");

    assert!(!shop::seed(&app.parts.db, &app.parts.vault, number.tenant).await.unwrap());

    assert_eq!(app.count("FROM customers"), before);
    assert_eq!(app.count("FROM labels"), 1);
}
