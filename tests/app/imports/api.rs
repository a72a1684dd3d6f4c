//! Imports, as programs make them.

mod pages;

use super::{BOUNDARY, count, people, state};
use crate::api::{problem, refused};
use crate::support::{Answer, Ask, TestApp, Who, delete, get, post};
use actix_web::http::Method;
use serde_json::{Value, json};

const HERE: &str = "/api/v1/customers/imports";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const FILE: &str = "Vorname;Nachname;Telefon;E-Mail\n\
                    Ana;Silva;0151 23456789;Ana@Example.org\n\
                    Bernd;Müller;+49 1512 3456780;\n\
                    Cleo;;;cleo@example.org\n";

fn file(kind: &str, content: impl Into<Vec<u8>>) -> Ask {
    post(&format!("{HERE}?name=people.csv")).header("content-type", kind).body(content)
}

async fn max(app: &TestApp, ask: Ask) -> Answer {
    app.program(Who::Max, ask).await
}

/// A file that Max's program has brought and the desk has read: its address.
async fn read(app: &TestApp, content: &str) -> String {
    let answer = max(app, file("text/csv", content)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    app.run_jobs().await;
    answer.location().to_owned()
}

async fn change(app: &TestApp, here: &str, body: &Value) -> Answer {
    max(app, Ask::new(Method::PATCH, here).json(body)).await
}

/// Asks for a step, and for all that it makes due.
async fn step(app: &TestApp, here: &str, step: &str) {
    let answer = max(app, post(&format!("{here}/{step}"))).await;
    assert_eq!(answer.status, 202, "{step}: {answer:?}");
    app.run_jobs().await;
}

async fn show(app: &TestApp, here: &str) -> Value {
    max(app, get(here)).await.json()
}

#[actix_web::test]
async fn a_program_brings_a_file_and_takes_it_back() {
    let app = TestApp::new().await;

    let begun = max(&app, file("text/csv; charset=utf-8", FILE)).await;
    assert_eq!((begun.status, &begun.json()["state"]), (201, &json!("reading")), "{begun:?}");
    let here = begun.location().to_owned();
    app.run_jobs().await;
    let import = show(&app, &here).await;
    assert_eq!((&import["state"], &import["file_name"]), (&json!("mapping"), &json!("people.csv")));
    let column = |index: usize| import["columns"][index].clone();
    assert_eq!(column(2), json!({ "heading": "Telefon", "target": "phone", "guess": "phone" }));
    assert_eq!(import["format"]["delimiter"], ";");

    let columns = json!(["first_name", "ignore", "phone", "email"]);
    let changed = change(&app, &here, &json!({ "columns": columns, "mode": "create", "region": "DE" })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(
        changed.json()["columns"][1],
        json!({ "heading": "Nachname", "target": "ignore", "guess": "last_name" })
    );
    step(&app, &here, "check").await;
    let checked = show(&app, &here).await;
    assert_eq!((&checked["state"], &checked["counts"]["would_create"]), (&json!("checked"), &json!(3)));
    assert_eq!(app.count("FROM customers"), 0, "a check changes nothing");
    step(&app, &here, "run").await;

    let done = show(&app, &here).await;
    assert_eq!((&done["state"], &done["counts"]["created"]), (&json!("completed"), &json!(3)), "{done}");
    assert!(done["undo_until"].is_string() && done["ended_at"].is_string());
    assert_eq!(people(&app), ["Bernd 4915123456780", "Ana 4915123456789 ana@example.org", "Cleo cleo@example.org"]);
    step(&app, &here, "undoing").await;
    let undone = show(&app, &here).await;
    assert_eq!((&undone["state"], &undone["counts"]["undone"]), (&json!("undone"), &json!(3)));
    assert!(people(&app).is_empty());
    let list = max(&app, get(HERE)).await.json();
    assert_eq!((&list["data"][0]["id"], &list["data"][0]["columns"][0]["guess"]), (&undone["id"], &Value::Null));
    assert_eq!(max(&app, delete(&here)).await.status, 204);
    assert_eq!(max(&app, get(&here)).await.status, 404);
    for entry in ["created", "received", "changed", "moved", "imported", "deleted"] {
        assert!(app.audited().contains(&format!("{entry} customer_imports")), "{entry}");
    }
}

#[actix_web::test]
async fn a_form_with_the_file_is_taken_as_well() {
    let app = TestApp::new().await;
    let body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"kunden.csv\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{FILE}\r\n--{BOUNDARY}--\r\n"
    );

    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let answer = max(&app, post(HERE).header("content-type", &kind).body(body)).await;

    assert_eq!((answer.status, &answer.json()["file_name"]), (201, &json!("kunden.csv")), "{answer:?}");
    assert_eq!(answer.json()["bytes"], FILE.len());
    let empty = max(&app, post(HERE).header("content-type", &kind).body(format!("--{BOUNDARY}--\r\n"))).await;
    assert_eq!(refused(&empty), ["#/file: Send a file, with its name."]);
    app.take_jobs();
}

#[actix_web::test]
async fn what_is_no_file_or_another_than_it_is_said_to_be_leaves_nothing() {
    let app = TestApp::new().await;
    let told = async |ask: Ask| refused(&max(&app, ask).await).join("\n");

    for (kind, content, words) in [
        ("text/csv", "PK\u{3}\u{4}rest", "This was sent as CSV, and is a workbook."),
        (XLSX, FILE, "This was sent as a workbook, and is none."),
        ("text/csv", "", "This file is empty."),
        ("text/csv", "%PDF-1.7", "This is no table."),
    ] {
        let told = told(file(kind, content)).await;
        assert!(told.starts_with(&format!("#/file: {words}")), "{kind}: {told}");
    }
    for kind in ["application/json", "application/octet-stream", "text/plain", "", "multipart/form-data x"] {
        assert_eq!(problem(&max(&app, file(kind, FILE)).await).0, 415, "{kind}");
    }
    let packed = file("text/csv", FILE).header("content-encoding", "gzip");
    assert_eq!(problem(&max(&app, packed).await).0, 415);
    let long = post(&format!("{HERE}?name=a&name=b")).header("content-type", "text/csv").body(FILE);
    assert_eq!(told(long).await, "#/name: This parameter came twice.");

    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 0);
    assert!(!app.media().join("imports").exists() || files(&app.media().join("imports")) == 0);
}

fn files(folder: &std::path::Path) -> usize {
    let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[actix_web::test]
async fn a_file_over_the_limit_is_refused_by_its_size() {
    let app = TestApp::new().await;
    let ask = file("text/csv", FILE).bearer(&app.token(Who::Max));

    let answer = app.send(ask.build(None).insert_header(("content-length", "200100000"))).await;

    assert_eq!(problem(&answer), (413, "about:blank".into()));
    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 0);
}

#[actix_web::test]
async fn the_same_file_twice_names_the_first() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;

    let again = max(&app, file("text/csv", FILE)).await;

    assert_eq!(problem(&again), (409, "file_known".into()));
    assert!(here.ends_with(again.json()["import"].as_str().unwrap()));
    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 1);
}

#[actix_web::test]
async fn an_import_that_is_started_twice_runs_once() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    change(&app, &here, &json!({ "mode": "create", "region": "DE" })).await;
    step(&app, &here, "check").await;
    let run = || max(&app, post(&format!("{here}/run")));

    let (one, other) = futures_util::join!(run(), run());

    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [202, 422], "{one:?} {other:?}");
    app.run_jobs().await;
    assert_eq!(problem(&run().await).0, 422, "it is done");
    assert_eq!((state(&app).as_str(), count(&app, "created"), people(&app).len()), ("completed", 3, 3));
}

#[actix_web::test]
async fn what_was_checked_with_other_choices_is_checked_anew() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    change(&app, &here, &json!({ "mode": "create", "region": "DE" })).await;
    step(&app, &here, "check").await;

    let changed = change(&app, &here, &json!({ "columns": ["ignore", "ignore", "ignore", "email"] })).await.json();

    assert_eq!((&changed["state"], &changed["counts"]["would_create"]), (&json!("mapping"), &json!(0)));
    assert_eq!((&changed["mode"], &changed["region"]), (&json!("create"), &json!("DE")), "what is absent stays");
    assert_eq!(problem(&max(&app, post(&format!("{here}/run"))).await).0, 422);
    step(&app, &here, "check").await;
    let counts = show(&app, &here).await["counts"].clone();
    assert_eq!((&counts["rows"], &counts["would_create"], &counts["refused"]), (&json!(3), &json!(2), &json!(1)));
}

#[actix_web::test]
async fn choices_that_make_no_sense_are_named_and_not_kept() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    let before = app.text("SELECT choices::text AS text FROM customer_imports");
    let wrong = [
        (json!({ "columns": ["phone"] }), "#/columns: This file has 4 columns. Say of each what it is."),
        (json!({ "columns": ["phone", "shoe", "ignore", "email"] }), "#/columns/1: Choose one of the list."),
        (json!({ "columns": ["phone", "phone", "ignore", "email"] }), "#/columns/1: Column 1 is that already."),
        (
            json!({ "columns": ["ignore", "ignore", "ignore", "ignore"], "mode": "create" }),
            "#/columns: Say which column",
        ),
        (json!({ "mode": "destroy" }), "#/mode: Choose one of the list."),
        (json!({ "match_by": "shoe", "mode": "update" }), "#/match_by: Choose one of the list."),
        (json!({ "region": "XX" }), "#/region: There is no such country."),
        (json!({ "empty_cells": "burn" }), "#/empty_cells: Empty cells keep or clear."),
        (json!({ "label": uuid::Uuid::now_v7() }), "#/label: This label is gone."),
        (json!({ "colour": "red" }), "#/colour: "),
    ];

    for (body, told) in wrong {
        let answer = change(&app, &here, &body).await;
        assert!(refused(&answer).first().is_some_and(|first| first.starts_with(told)), "{body}: {answer:?}");
    }
    assert_eq!(app.text("SELECT choices::text AS text FROM customer_imports"), before);

    // What was guessed is checked by the same rules.
    app.sql(r#"UPDATE customer_imports SET choices = '{"columns": ["ignore", "ignore", "ignore", "ignore"]}'"#);
    let answer = max(&app, post(&format!("{here}/check"))).await;
    assert!(refused(&answer)[0].starts_with("#/columns: "), "{answer:?}");
    assert_eq!(state(&app), "mapping");
}

#[actix_web::test]
async fn what_is_under_way_can_be_stopped_and_goes_on() {
    let app = TestApp::new().await;
    let rows: String = (0..2500).map(|row| format!("+49151{:08}\n", 20_000_000 + row)).collect();
    let here = read(&app, &format!("phone\n{rows}")).await;
    change(&app, &here, &json!({ "mode": "create" })).await;
    step(&app, &here, "check").await;
    let begun = max(&app, post(&format!("{here}/run"))).await.json();
    assert_eq!(begun["progress"], json!({ "done": 0, "total": 2500, "is_stopping": false }));
    assert_eq!(problem(&change(&app, &here, &json!({ "mode": "update" })).await).0, 422, "not while it runs");
    assert_eq!(problem(&max(&app, delete(&here)).await).0, 422);

    step(&app, &here, "cancellation").await;

    assert_eq!((state(&app).as_str(), count(&app, "created")), ("cancelled", 0));
    assert_eq!(problem(&max(&app, post(&format!("{here}/cancellation"))).await).0, 422, "nothing is under way");
    step(&app, &here, "run").await;
    assert_eq!((state(&app).as_str(), count(&app, "created")), ("completed", 2500));
}

#[actix_web::test]
async fn imports_are_for_those_who_may_and_of_their_own() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;

    for who in [Who::Bob, Who::Olga, Who::Pat] {
        assert_eq!(app.program(who, file("text/csv", "phone\n1\n")).await.status, 403, "{who:?}");
        assert_eq!(app.program(who, get(&here)).await.status, 403, "{who:?}");
    }
    for ask in [get(&here), delete(&here), post(&format!("{here}/check")), get(&format!("{here}/report"))] {
        assert_eq!(app.program(Who::Carol, ask).await.status, 404);
    }
    assert_eq!(app.program(Who::Carol, get(HERE)).await.json()["data"], json!([]));
    let narrow = app.token_for(Who::Max, &["customers:read", "customers:write"]);
    let refusal = app.anybody(file("text/csv", "phone\n1\n").bearer(&narrow)).await;
    assert_eq!((refusal.status, &refusal.json()["permission"]), (403, &json!("customers:import")));
    assert_eq!(app.anybody(file("text/csv", "phone\n1\n")).await.status, 401);
    assert_eq!(app.count("FROM customer_imports"), 1);
}
