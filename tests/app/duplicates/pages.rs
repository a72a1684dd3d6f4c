//! Customers → Duplicates, the page that joins two, and what was joined.

use crate::support::{TestApp, Who, form, get};
use serde_json::json;
use switchboard::customers::model::CustomerId;

const PHONE: &str = "+351912345678";

async fn two(app: &TestApp) -> (CustomerId, CustomerId) {
    let ana = [("first_name", "Ana"), ("last_name", "Alves"), ("email", "ana@gmail.com"), ("phone", PHONE)];
    let anna = [("first_name", "Anna"), ("last_name", "Alves"), ("email", "a.na@gmail.com"), ("note", "Likes tea")];
    (app.customer(&ana).await, app.customer(&anna).await)
}

#[actix_web::test]
async fn a_manager_looks_for_pairs_and_finds_them_on_the_page() {
    let app = TestApp::new().await;
    two(&app).await;
    let empty = app.max(get("/customers/duplicates")).await;
    assert!(empty.html.contains("No duplicates") && empty.html.contains("Not looked for yet"));

    let answer = app.max(form("/customers/duplicates/scans", &[])).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/customers/duplicates"));
    let running = app.max(get("/customers/duplicates")).await;
    assert!(running.html.contains("Looking…"), "how far it is");
    app.run_jobs().await;

    let page = app.max(get("/customers/duplicates")).await;
    for text in ["Ana Alves", "Anna Alves", "Same mailbox", "Similar name", "Compare and join", "1 pair"] {
        assert!(page.html.contains(text), "{text}");
    }
    let by_reason = app.max(get("/customers/duplicates?reason=email")).await;
    assert!(by_reason.html.contains("Ana Alves"));
    let other = app.max(get("/customers/duplicates?reason=whatsapp")).await;
    assert!(other.html.contains("No pair for that reason"));
}

#[actix_web::test]
async fn agents_and_auditors_read_and_decide_nothing() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    app.max(form("/customers/duplicates/scans", &[])).await;
    app.run_jobs().await;

    for who in [Who::Bob, Who::Olga] {
        let page = app.ask(who, get("/customers/duplicates")).await;
        assert!(
            page.html.contains("Anna Alves")
                && !page.html.contains("Not the same person")
                && !page.html.contains("Look now")
        );
        let compared = app.ask(who, get(&format!("/customers/{ana}/merge/{anna}"))).await;
        assert!(
            compared.status == 200
                && !compared.html.contains("Join records")
                && !compared.html.contains("type=\"radio\"")
        );
        for (path, fields) in [
            (format!("/customers/{ana}/merge/{anna}"), vec![("keep", "left")]),
            (format!("/customers/{ana}/duplicates/{anna}/dismissal"), vec![]),
            ("/customers/duplicates/scans".into(), vec![]),
        ] {
            assert_eq!(app.ask(who, form(&path, &fields)).await.status, 403, "{path}");
        }
    }

    assert_eq!(app.record(anna)["state"], json!("active"));
}

#[actix_web::test]
async fn the_auditor_learns_no_address() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    app.max(form("/customers/duplicates/scans", &[])).await;
    app.run_jobs().await;
    let merge = app.join(ana, anna).await.unwrap();
    let pages = [
        "/customers/duplicates".to_owned(),
        format!("/customers/{ana}/duplicates"),
        format!("/customers/{ana}/merges"),
    ];
    for page in pages.into_iter().chain([format!("/customers/{ana}/merge/{anna}")]) {
        let (hers, his) = (app.olga(get(&page)).await, app.max(get(&page)).await);
        assert_eq!((hers.status, his.status), (200, 200), "{page}");
        for secret in ["912345678", "912 345 678", "ana@gmail", "a.na@gmail"] {
            assert!(!hers.html.contains(secret), "{secret} on {page}");
        }
    }
    app.part(merge).await.unwrap();
    let compared = app.max(get(&format!("/customers/{ana}/merge/{anna}"))).await.html;
    assert!(compared.contains("+351 912 345 678") && compared.contains("a.na@gmail.com"));
}

#[actix_web::test]
async fn not_the_same_person_is_remembered_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let suggestions = format!("/customers/{ana}/duplicates");
    let card = app.max(get(&suggestions).htmx("customer_duplicates")).await;
    assert!(card.html.contains("Anna Alves") && !card.html.contains("<h1>"));

    let dismissal = format!("/customers/{ana}/duplicates/{anna}/dismissal");
    let answer = app.max(form(&dismissal, &[]).htmx("customer_duplicates")).await;
    assert!(answer.status == 200 && answer.html.contains("No other record looks like the same person."));
    let twice = app.max(form(&dismissal, &[])).await;
    assert_eq!((twice.status, twice.header("location")), (303, "/customers/duplicates"));
    let told_apart = app.max(get("/customers/duplicates?state=dismissed")).await;
    assert!(told_apart.html.contains("Told apart by Max Moser") && told_apart.html.contains("Offer again"));

    app.max(form(&format!("/customers/{ana}/duplicates/{anna}/restoration"), &[])).await;
    assert!(app.max(get(&suggestions)).await.html.contains("Anna Alves"));
    assert!(app.max(get("/customers/duplicates")).await.html.contains("No duplicates"), "no scan has found them yet");
}

#[actix_web::test]
async fn a_merge_is_made_and_undone() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let path = format!("/customers/{ana}/merge/{anna}");
    let page = app.max(get(&path)).await;
    assert!(page.html.contains("Likes tea") && page.html.contains("the same in both"), "Alves");

    let picks = [("keep", "right"), ("field.first_name", "left"), ("field.email", "right"), ("note", "both")];
    let answer = app.max(form(&path, &picks)).await;

    let landed = answer.header("location").to_owned();
    assert!(answer.status == 303 && landed.starts_with(&format!("/customers/{anna}/merges?done=")), "{landed}");
    let record = app.record(anna);
    assert_eq!(
        (&record["first_name"], &record["email"], &record["phone"]),
        (&json!("Ana"), &json!("a.na@gmail.com"), &json!("351912345678"))
    );
    let page = app.max(get(&landed)).await;
    assert!(page.html.contains("Merged.") && page.html.contains("Undo") && page.html.contains("Joined by Max Moser"));
    let swapped = app.max(get(&landed).htmx("screen")).await;
    assert!(swapped.html.contains(r##"hx-swap-oob="beforeend:#toasts""##), "a toast");

    let merge = app.text("SELECT id::text AS text FROM customer_merges");
    let undo = app.max(form(&format!("/customers/merges/{merge}/separation"), &[])).await;
    let landed = undo.header("location").to_owned();
    assert!(undo.status == 303 && app.max(get(&landed)).await.html.contains("Taken apart by Max Moser"));
    assert_eq!(
        (app.record(anna)["first_name"].clone(), app.record(ana)["state"].clone()),
        (json!("Anna"), json!("active"))
    );
    let again = app.max(form(&format!("/customers/merges/{merge}/separation"), &[])).await;
    assert!(again.status == 422 && again.html.contains("taken apart already"));
}

#[actix_web::test]
async fn a_rejected_page_keeps_what_was_chosen() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let path = format!("/customers/{ana}/merge/{anna}");

    let none = app.max(form(&path, &[("field.first_name", "right")])).await;
    assert!(none.status == 422 && none.html.contains("Choose which of the two records stays."));
    let right = r#"name="field.first_name" value="right" checked"#;
    assert!(none.html.contains(right), "{}", none.html);
    let impossible = app.max(form(&path, &[("keep", "left"), ("field.phone", "right"), ("field.email", "left")])).await;
    assert!(impossible.status == 422 && impossible.html.contains("A regular customer needs"));

    assert_eq!(app.count("FROM customer_merges"), 0);
}

#[actix_web::test]
async fn two_who_join_the_same_pair_at_once_join_it_once() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let path = format!("/customers/{ana}/merge/{anna}");
    let ask = || form(&path, &[("keep", "left")]);

    let (one, other) = futures_util::join!(app.max(ask()), app.ada(ask()));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(app.count("FROM customer_merges"), 1);
}

#[actix_web::test]
async fn pages_of_pairs_follow_one_another() {
    let app = TestApp::new().await;
    for count in 0..35 {
        app.customer(&[("first_name", "Ana"), ("email", &format!("ana{count}@gmail.com"))]).await;
        app.customer(&[("first_name", "Ana"), ("email", &format!("a.na{count}@gmail.com"))]).await;
    }
    app.max(form("/customers/duplicates/scans", &[])).await;
    app.run_jobs().await;

    let first = app.max(get("/customers/duplicates")).await.html;
    let next = first.split("href=\"").find(|part| part.contains("after=")).unwrap().split('"').next().unwrap();
    let second = app.max(get(&next.replace("&amp;", "&").replace("&#38;", "&"))).await.html;

    let rows = |html: &str| html.matches("class=\"card-box pair\"").count();
    assert_eq!((rows(&first), rows(&second)), (30, 5));
}
