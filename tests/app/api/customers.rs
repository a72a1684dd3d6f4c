//! Customers and their addresses.

use super::{problem, refused};
use crate::support::talk::ANA;
use crate::support::{Ask, TestApp, Who, delete, form, get, post};
use actix_web::http::Method;
use serde_json::{Value, json};

const HERE: &str = "/api/v1/customers";

fn patch(uri: &str, body: &Value) -> Ask {
    Ask::new(Method::PATCH, uri).json(body)
}

async fn made(app: &TestApp, body: Value) -> Value {
    let answer = app.program(Who::Bob, post(HERE).json(&body)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

#[actix_web::test]
async fn a_program_makes_reads_changes_and_deletes_a_customer() {
    let app = TestApp::new().await;
    app.ada(form("/settings/customer-fields", &[("name", "Orders"), ("kind", "number")])).await;
    app.ada(form("/settings/customer-fields", &[("name", "Health"), ("kind", "text"), ("is_sensitive", "on")])).await;
    let customer = made(
        &app,
        json!({
            "first_name": "Ana", "phone": "+351 912 345 678", "email": "Ana@Example.org", "note": "Mornings",
            "external_id": "K-17", "attributes": { "orders": 12, "health": "nuts" },
        }),
    )
    .await;
    assert_eq!((&customer["phone"], &customer["type"]), (&json!(ANA), &json!("regular")));
    assert_eq!(customer["attributes"], json!({ "orders": 12, "health": "nuts" }));
    let at = format!("{HERE}/{}", customer["id"].as_str().unwrap());

    let change = json!({ "company": "Azulejo", "note": null, "attributes": { "orders": null }, "state": "archived" });
    let changed = app.program(Who::Bob, patch(&at, &change)).await.json();

    assert_eq!(
        (&changed["company"], &changed["note"], &changed["state"]),
        (&json!("Azulejo"), &Value::Null, &json!("archived"))
    );
    assert_eq!(changed["attributes"], json!({ "health": "nuts" }), "what is not named stays");
    let auditor = app.program(Who::Olga, get(&at)).await;
    assert!(!auditor.has(ANA) && !auditor.has("ana@example.org") && !auditor.has("nuts"), "{auditor:?}");
    assert_eq!(app.program(Who::Bob, delete(&at)).await.status, 403);
    assert_eq!(app.program(Who::Max, delete(&at)).await.status, 204);
    assert_eq!(app.program(Who::Max, get(&at)).await.json()["state"], "deleted");
    assert_eq!(app.program(Who::Carol, get(&at)).await.status, 404);
}

#[actix_web::test]
async fn an_address_in_a_name_is_one_to_whoever_may_see_none() {
    let app = TestApp::new().await;
    let named = json!({
        "first_name": "Ana +351 912 345 678", "last_name": "(ana@example.org)", "company": "+351912345678",
        "external_id": "351912345678",
    });
    let customer = made(&app, named.clone()).await;
    let again = made(
        &app,
        json!({ "first_name": named["first_name"], "last_name": named["last_name"], "company": named["company"] }),
    )
    .await;
    app.sql(&format!("UPDATE customers SET display_name = '+{ANA}' WHERE id = '{}'", customer["id"].as_str().unwrap()));
    let at = format!("{HERE}/{}", customer["id"].as_str().unwrap());

    for uri in [at.clone(), HERE.into(), format!("{at}/duplicates")] {
        let told = app.program(Who::Olga, get(&uri)).await;
        assert!(told.has("Ana "), "{uri}: {told:?}");
        for address in [ANA, "912 345 678", "ana@example.org"] {
            assert!(!told.has(address), "{uri}: {told:?}");
        }
        assert!(app.program(Who::Max, get(&uri)).await.has("912 345 678"), "{uri}");
    }
    assert_eq!(
        app.program(Who::Max, get(&format!("{at}/duplicates"))).await.json()["data"][0]["customer"]["id"],
        again["id"]
    );
}

#[actix_web::test]
async fn what_does_not_fit_is_named_by_pointer() {
    let app = TestApp::new().await;
    app.ada(form("/settings/customer-fields", &[("name", "Orders"), ("kind", "number")])).await;

    let body = json!({ "phone": "12", "email": "nobody", "attributes": { "orders": "many", "shoes": 1 } });
    let answer = app.program(Who::Bob, post(HERE).json(&body)).await;

    assert_eq!(problem(&answer), (422, "invalid_values".into()));
    let told = refused(&answer).join("\n");
    for pointer in ["#/phone:", "#/email:", "#/attributes/orders:", "#/attributes/shoes:"] {
        assert!(told.contains(pointer), "{told}");
    }
    made(&app, json!({ "phone": ANA })).await;
    let again = app.program(Who::Bob, post(HERE).json(&json!({ "phone": ANA }))).await;
    assert_eq!(refused(&again), ["#/phone: Another customer has this phone number."]);
}

#[actix_web::test]
async fn lists_are_searched_and_go_by_pages() {
    let app = TestApp::new().await;
    for name in ["Ana", "Ben", "Cleo"] {
        made(&app, json!({ "first_name": name, "note": format!("{name} likes tea") })).await;
    }
    let names = |answer: &Value| -> Vec<String> {
        answer["data"].as_array().unwrap().iter().map(|one| one["first_name"].as_str().unwrap().to_owned()).collect()
    };

    let first = app.program(Who::Bob, get(&format!("{HERE}?limit=2"))).await.json();
    assert_eq!(names(&first), ["Ana", "Ben"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = app.program(Who::Bob, get(&format!("{HERE}?limit=2&cursor={cursor}"))).await.json();
    assert_eq!((names(&rest), &rest["next_cursor"]), (vec!["Cleo".to_owned()], &Value::Null));
    let found = app.program(Who::Bob, get(&format!("{HERE}?q=cleo"))).await.json();
    assert_eq!(names(&found), ["Cleo"]);
    let by_note = app.program(Who::Bob, get(&format!("{HERE}?q=tea"))).await.json();
    assert_eq!(names(&by_note).len(), 3);
    for query in ["type=royal", "state=erased", "label=x"] {
        assert_eq!(app.program(Who::Bob, get(&format!("{HERE}?{query}"))).await.status, 422, "{query}");
    }
}

#[actix_web::test]
async fn addresses_are_added_and_taken_away() {
    let app = TestApp::new().await;
    let customer = made(&app, json!({ "first_name": "Ana", "phone": ANA })).await;
    let at = format!("{HERE}/{}/identities", customer["id"].as_str().unwrap());

    let added = app.program(Who::Bob, post(&at).json(&json!({ "address": "work@example.org" }))).await;
    assert_eq!(added.status, 201);
    let list = app.program(Who::Olga, get(&at)).await;
    assert_eq!(list.json()["data"].as_array().unwrap().len(), 2);
    assert!(!list.has("work@example.org") && !list.has(ANA));
    let twice = app.program(Who::Bob, post(&at).json(&json!({ "address": "Work@Example.org" }))).await;
    assert_eq!(refused(&twice), ["#/address: A customer is known by this address already."]);

    let one = |kind: &str| {
        let rows = app.texts(&format!("SELECT id::text AS text FROM customer_identities WHERE kind = '{kind}'"));
        format!("{at}/{}", rows[0])
    };
    assert_eq!(app.program(Who::Bob, delete(&one("email"))).await.status, 204);
    assert_eq!(app.program(Who::Bob, delete(&one("phone"))).await.status, 422, "it stands in the record");
}
