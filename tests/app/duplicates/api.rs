//! Duplicates and merges, as programs meet them.

use crate::api::{problem, refused};
use crate::support::{Answer, TestApp, Who, delete, get, post};
use serde_json::{Value, json};
use switchboard::customers::model::CustomerId;

const PHONE: &str = "4915112345678";

fn at(customer: CustomerId, part: &str) -> String {
    format!("/api/v1/customers/{customer}/{part}")
}

/// Two records of one person.
async fn two(app: &TestApp) -> (CustomerId, CustomerId) {
    let one = [("first_name", "Ana"), ("last_name", "Alves"), ("email", "ana@example.org"), ("note", "Mornings")];
    let other = [("first_name", "Anna"), ("last_name", "Alves"), ("phone", PHONE), ("company", "Azulejo")];
    (app.customer(&one).await, app.customer(&other).await)
}

async fn join(app: &TestApp, kept: CustomerId, body: &Value) -> Answer {
    app.program(Who::Max, post(&at(kept, "merges")).json(body)).await
}

#[actix_web::test]
async fn who_may_be_the_same_person_is_listed_with_score_and_reasons() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    app.sql("UPDATE customers SET company = 'Azulejo'");

    let list = app.program(Who::Bob, get(&at(ana, "duplicates"))).await;

    let found = &list.json()["data"][0];
    assert_eq!((&found["customer"]["id"], &found["customer"]["phone"]), (&json!(anna), &json!(PHONE)), "{list:?}");
    assert!(found["score"].as_i64().is_some_and(|score| (1..=100).contains(&score)), "{list:?}");
    assert_eq!(found["reasons"], json!(["name_company"]));
    app.program(Who::Olga, get(&at(ana, "duplicates"))).await.shows("Anna").hides(PHONE);
    assert_eq!(app.program(Who::Carol, get(&at(ana, "duplicates"))).await.status, 404);
    app.program(Who::Max, post(&at(ana, "merges")).json(&json!({ "other": anna }))).await;
    let none = app.program(Who::Bob, get(&at(ana, "duplicates"))).await.json();
    assert_eq!(none, json!({ "data": [], "next_cursor": null }));
}

#[actix_web::test]
async fn two_become_one_field_by_field_and_two_again() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let before = (app.record(ana), app.record(anna));

    let fields = json!({ "first_name": "other", "company": "this" });
    let made = join(&app, ana, &json!({ "other": anna, "fields": fields, "note": "other" })).await;

    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    assert_eq!((&made["kept"], &made["joined"], &made["source"]), (&json!(ana), &json!(anna), &json!("api")));
    let kept = app.program(Who::Max, get(&format!("/api/v1/customers/{ana}"))).await.json();
    assert_eq!((&kept["first_name"], &kept["phone"]), (&json!("Anna"), &json!(PHONE)));
    assert_eq!((&kept["company"], &kept["note"]), (&Value::Null, &Value::Null), "nothing is a choice, too");
    let lost = app.program(Who::Max, get(&format!("/api/v1/customers/{anna}"))).await.json();
    assert_eq!((&lost["state"], &lost["merged_into"]), (&json!("deleted"), &json!(ana)));
    for customer in [ana, anna] {
        let list = app.program(Who::Olga, get(&at(customer, "merges"))).await.json();
        assert_eq!(list["data"], json!([made]), "either tells of it");
    }

    let id = made["id"].as_str().unwrap();
    let apart = app.program(Who::Max, post(&at(ana, &format!("merges/{id}/separation"))).json(&json!({}))).await;
    assert_eq!(apart.status, 200, "{apart:?}");
    assert!(apart.json()["separated_at"].is_string());
    let fields =
        |record: &Value| ["first_name", "email", "phone", "company", "state"].map(|field| record[field].clone());
    assert_eq!((fields(&app.record(ana)), fields(&app.record(anna))), (fields(&before.0), fields(&before.1)));
    let again = app.program(Who::Max, post(&at(anna, &format!("merges/{id}/separation")))).await;
    assert_eq!(problem(&again).0, 422);
    let audited = app.audited();
    assert!(audited.contains(&"merged customers".to_owned()) && audited.contains(&"split customers".to_owned()));
}

#[actix_web::test]
async fn merges_go_by_pages() {
    let app = TestApp::new().await;
    let kept = app.customer(&[("first_name", "Kim")]).await;
    for name in ["Kym", "Kimm", "Kimmy"] {
        let other = app.customer(&[("first_name", name)]).await;
        assert_eq!(join(&app, kept, &json!({ "other": other })).await.status, 201);
    }

    let first = app.program(Who::Bob, get(&at(kept, "merges?limit=2"))).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = app.program(Who::Bob, get(&at(kept, &format!("merges?limit=2&cursor={cursor}")))).await.json();

    let ids = |page: &Value| page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let mut all = [ids(&first), ids(&rest)].concat();
    assert_eq!((ids(&first).len(), all.len(), &rest["next_cursor"]), (2, 3, &Value::Null));
    all.dedup();
    assert_eq!(all.len(), 3);
}

#[actix_web::test]
async fn choices_that_make_no_sense_are_named() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let carols = app.text(&format!(
        "WITH made AS (INSERT INTO customers (tenant_id, id, first_name, customer_type) \
         VALUES ('{}', gen_random_uuid(), 'Ana', 'unregistered') RETURNING id) SELECT id::text AS text FROM made",
        app.globex
    ));
    let wrong = [
        (json!({}), "#/other: Say who is to be joined."),
        (json!({ "other": "x" }), "#/other: This is no id."),
        (json!({ "other": ana }), "#/other: These are one and the same record."),
        (json!({ "other": carols }), "#/other: There is no such customer."),
        (json!({ "other": uuid::Uuid::now_v7() }), "#/other: There is no such customer."),
        (
            json!({ "other": anna, "fields": { "shoe": "this" } }),
            "#/fields/shoe: There is no such field that could be chosen.",
        ),
        (
            json!({ "other": anna, "fields": { "state": "this" } }),
            "#/fields/state: There is no such field that could be chosen.",
        ),
        (json!({ "other": anna, "attributes": { "tier": "this" } }), "#/attributes/tier: There is no such field."),
    ];

    for (body, told) in wrong {
        assert_eq!(refused(&join(&app, ana, &body).await), [told], "{body}");
    }
    for (body, pointer) in [
        (json!({ "other": anna, "fields": { "phone": "both" } }), "#/fields/phone: "),
        (json!({ "other": anna, "note": "neither" }), "#/note: "),
        (json!({ "other": anna, "keep": "left" }), "#/keep: "),
    ] {
        assert!(refused(&join(&app, ana, &body).await)[0].starts_with(pointer), "{body}");
    }
    assert_eq!(app.count("FROM customer_merges"), 0);
}

#[actix_web::test]
async fn those_whose_data_may_not_be_touched_are_not_joined() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let states = [
        ("UPDATE customers SET restricted_at = now() WHERE id = $", "UPDATE customers SET restricted_at = NULL"),
        (
            "UPDATE customers SET state = 'deleted', deleted_at = now() WHERE id = $",
            "UPDATE customers SET state = 'active', deleted_at = NULL",
        ),
    ];

    for (state, undo) in states {
        app.sql(&state.replace('$', &format!("'{anna}'")));
        let answer = join(&app, ana, &json!({ "other": anna })).await;
        assert_eq!(problem(&answer).0, 422, "{state}: {answer:?}");
        app.sql(undo);
    }
    app.sql(&format!("UPDATE customers SET state = 'deleted', deleted_at = now() WHERE id = '{anna}'"));
    app.sql(&format!("UPDATE customers SET state = 'erased' WHERE id = '{anna}'"));
    assert_eq!(problem(&join(&app, ana, &json!({ "other": anna })).await).0, 422);

    assert_eq!(app.count("FROM customer_merges"), 0);
    assert_eq!(app.record(ana)["phone"], Value::Null);
}

#[actix_web::test]
async fn a_legal_hold_goes_along_with_what_it_keeps() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    app.sql(&format!(
        "INSERT INTO legal_holds (tenant_id, id, customer_id, reason) VALUES ('{}', gen_random_uuid(), '{anna}', 'Claim')",
        app.acme
    ));

    assert_eq!(join(&app, ana, &json!({ "other": anna })).await.status, 201);

    assert_eq!(app.text("SELECT customer_id::text AS text FROM legal_holds"), ana.to_string());
    let deleted = app.program(Who::Max, delete(&format!("/api/v1/customers/{ana}"))).await;
    assert_eq!(problem(&deleted).0, 422);
    deleted.shows("legal hold");
}

#[actix_web::test]
async fn a_refusal_tells_no_address_to_a_token_that_may_see_none() {
    let app = TestApp::new().await;
    let (ana, nameless) = (app.customer(&[("first_name", "Ana")]).await, app.customer(&[("phone", PHONE)]).await);
    app.sql(&format!("UPDATE customers SET restricted_at = now() WHERE id = '{nameless}'"));
    let ask = || post(&at(ana, "merges")).json(&json!({ "other": nameless }));

    let blind = app.token_for(Who::Max, &["customers:merge"]);
    let masked = app.anybody(ask().bearer(&blind)).await;

    assert_eq!(problem(&masked).0, 422);
    masked.shows("data is restricted").hides(PHONE);
    app.program(Who::Max, ask()).await.shows(PHONE);
}

#[actix_web::test]
async fn only_those_join_who_may_and_only_what_is_theirs() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let body = json!({ "other": anna });
    let made = join(&app, ana, &body).await.json();
    let apart = at(ana, &format!("merges/{}/separation", made["id"].as_str().unwrap()));

    for who in [Who::Bob, Who::Olga, Who::Pat] {
        assert_eq!(app.program(who, post(&at(ana, "merges")).json(&body)).await.status, 403, "{who:?}");
        assert_eq!(app.program(who, post(&apart)).await.status, 403, "{who:?}");
    }
    assert_eq!(app.program(Who::Carol, post(&at(ana, "merges")).json(&body)).await.status, 404);
    assert_eq!(app.program(Who::Carol, post(&apart)).await.status, 404);
    let narrow = app.token_for(Who::Max, &["customers:write", "customers:read"]);
    let refusal = app.anybody(post(&apart).bearer(&narrow)).await;
    assert_eq!(refusal.json()["permission"], "customers:merge");
    let third = app.customer(&[("first_name", "Zoe")]).await;
    let through_third = apart.replace(&ana.to_string(), &third.to_string());
    assert_eq!(app.program(Who::Max, post(&through_third)).await.status, 404, "it is none of hers");
    assert_eq!(app.count("FROM customer_merges WHERE split_at IS NULL"), 1);
}

#[actix_web::test]
async fn two_programs_that_join_the_same_at_once_join_them_once() {
    let app = TestApp::new().await;
    let (ana, anna) = two(&app).await;
    let (there, back) = (json!({ "other": anna }), json!({ "other": ana }));

    let (one, other) = futures_util::join!(join(&app, ana, &there), join(&app, anna, &back));

    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [201, 422], "{one:?} {other:?}");
    assert_eq!(app.count("FROM customer_merges"), 1);
}
