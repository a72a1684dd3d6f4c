//! The look through all customers.

use crate::support::TestApp;
use switchboard::duplicates::jobs;
use switchboard::duplicates::scan;

fn found(app: &TestApp) -> Vec<String> {
    let sql = "SELECT concat_ws(' ', l.first_name, r.first_name, p.score, array_to_string(p.reasons, ',')) AS text \
               FROM duplicate_pairs p JOIN customers l ON l.id = p.left_id JOIN customers r ON r.id = p.right_id \
               WHERE p.state = 'open' ORDER BY p.score DESC, l.id, r.id";
    app.texts(sql)
}

async fn look(app: &TestApp) {
    app.within(|conn, tenant| jobs::scan(conn, tenant, None)).await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn every_pair_is_found_with_its_reasons() {
    let app = TestApp::new().await;
    app.customer(&[("first_name", "Ana"), ("email", "ana.alves@gmail.com")]).await;
    app.customer(&[("first_name", "Anna"), ("email", "anaalves@gmail.com")]).await;
    app.customer(&[("first_name", "Ben"), ("external_id", "C-1a")]).await;
    app.customer(&[("first_name", "Benno"), ("external_id", "c-1A")]).await;
    app.customer(&[
        ("first_name", "John"),
        ("last_name", "Smith"),
        ("company", "Bike AG"),
        ("phone", "+4915123456789"),
    ])
    .await;
    app.customer(&[("first_name", "Jon"), ("last_name", "Smyth"), ("company", "bike ag"), ("phone", "+351912345678")])
        .await;
    app.customer(&[("first_name", "John"), ("last_name", "Smith"), ("company", "Other"), ("phone", "+351962345678")])
        .await;

    look(&app).await;

    assert_eq!(found(&app), ["Ana Anna 90 email", "Ben Benno 90 external_id", "John Jon 70 name_company"]);
    let scan = app.within(scan::latest).await.unwrap();
    assert!(scan.ended_at.is_some() && scan.found == 3 && scan.percent() == 100, "{scan:?}");
}

#[actix_web::test]
async fn what_is_no_longer_alike_goes_and_what_was_decided_stays() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("email", "ana@gmail.com")]).await;
    app.customer(&[("first_name", "Anna"), ("email", "a.na@gmail.com")]).await;
    let ben = app.customer(&[("first_name", "Ben"), ("email", "ben@gmail.com")]).await;
    let benno = app.customer(&[("first_name", "Benno"), ("email", "b.en@gmail.com")]).await;
    look(&app).await;
    assert_eq!(found(&app).len(), 2);

    app.sql(&format!("UPDATE customer_identities SET deleted_at = now() WHERE customer_id = '{ana}'"));
    app.within(move |conn, tenant| switchboard::duplicates::pairs::dismiss(conn, tenant, ben, benno, None)).await;
    look(&app).await;

    assert!(found(&app).is_empty());
    assert_eq!(app.text("SELECT state::text AS text FROM duplicate_pairs"), "dismissed");
}

#[actix_web::test]
async fn who_was_told_apart_from_a_record_is_so_from_what_it_became() {
    let app = TestApp::new().await;
    let one = app.customer(&[("first_name", "Ana"), ("email", "ana@gmail.com")]).await;
    let other = app.customer(&[("first_name", "Anna"), ("email", "a.na@gmail.com")]).await;
    let third = app.customer(&[("first_name", "Annabel")]).await;
    app.within(move |conn, tenant| switchboard::duplicates::pairs::dismiss(conn, tenant, one, other, None)).await;
    app.join(third, one).await.unwrap();

    look(&app).await;

    assert!(found(&app).is_empty(), "{:?}", found(&app));
}

#[actix_web::test]
async fn one_scan_at_a_time_goes_on_where_it_was_stopped() {
    let app = TestApp::new().await;
    app.customer(&[("first_name", "Ana"), ("email", "ana@gmail.com")]).await;
    app.customer(&[("first_name", "Anna"), ("email", "a.na@gmail.com")]).await;
    app.within(|conn, tenant| jobs::scan(conn, tenant, None)).await;
    app.take_jobs();
    assert!(app.within(scan::go_on).await, "there is more to look at");

    look(&app).await;

    assert_eq!(app.count("FROM duplicate_scans"), 1);
    assert_eq!(found(&app).len(), 1);
}
