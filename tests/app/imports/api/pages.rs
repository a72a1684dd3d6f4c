//! What is listed of imports and of their rows, and the table of those that were refused.

use super::{HERE, change, file, max, read, step};
use crate::support::{TestApp, Who, get};
use serde_json::{Value, json};

#[actix_web::test]
async fn refused_rows_are_listed_with_reasons_and_come_as_a_table() {
    let app = TestApp::new().await;
    let here = read(&app, "name;phone\nAna;0151 23456789\nBen;12\nCleo;12345\nDora;0151 23456780\n").await;
    change(&app, &here, &json!({ "columns": ["full_name", "phone"], "mode": "create", "region": "DE" })).await;
    step(&app, &here, "check").await;

    let first = max(&app, get(&format!("{here}/rows?state=refused&limit=1"))).await.json();
    let row = &first["data"][0];
    assert_eq!((&row["number"], &row["cells"]), (&json!(3), &json!(["Ben", "12"])), "{first}");
    assert_eq!((&row["problems"][0]["column"], &row["problems"][0]["heading"]), (&json!(1), &json!("phone")));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = max(&app, get(&format!("{here}/rows?state=refused&cursor={cursor}"))).await.json();
    assert_eq!((rest["data"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    assert_eq!(max(&app, get(&format!("{here}/rows"))).await.json()["data"].as_array().unwrap().len(), 4);
    for query in ["state=lost", "cursor=x", "limit=0"] {
        assert_eq!(max(&app, get(&format!("{here}/rows?{query}"))).await.status, 422, "{query}");
    }

    let report = max(&app, get(&format!("{here}/report"))).await;
    assert_eq!((report.status, report.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(report.header("content-disposition").contains("refused-people.csv"));
    let lines: Vec<&str> = report.html.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!((lines[0].trim_end(), lines.len()), ("Row,name,phone,Reason", 3), "{report:?}");
    assert!(lines[1].starts_with("3,Ben,12,phone: "), "{report:?}");
    assert!(app.audited().contains(&"exported customer_imports".to_owned()));
    step(&app, &here, "run").await;
    let made = max(&app, get(&format!("{here}/rows?state=created"))).await.json();
    assert!(made["data"].as_array().unwrap().iter().all(|row| row["customer"].is_string()), "{made}");
}

#[actix_web::test]
async fn a_token_that_may_see_no_addresses_gets_rows_masked_and_no_table() {
    let app = TestApp::new().await;
    let here = read(&app, "name;phone\nAna;0151 23456789\n").await;
    let blind = app.token_for(Who::Max, &["customers:import"]);

    let rows = app.anybody(get(&format!("{here}/rows")).bearer(&blind)).await;

    rows.shows("Ana").hides("23456789");
    let report = app.anybody(get(&format!("{here}/report")).bearer(&blind)).await;
    assert_eq!((report.status, &report.json()["permission"]), (403, &json!("customers:read_addresses")));
    max(&app, get(&format!("{here}/rows"))).await.shows("0151 23456789");
}

#[actix_web::test]
async fn the_list_goes_by_pages_newest_first() {
    let app = TestApp::new().await;
    for number in 0..3 {
        max(&app, file("text/csv", format!("phone\n0151 2345678{number}\n"))).await;
    }
    app.take_jobs();

    let first = max(&app, get(&format!("{HERE}?limit=2"))).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = max(&app, get(&format!("{HERE}?limit=2&cursor={cursor}"))).await.json();

    let ids = |page: &Value| page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let expected = app.texts("SELECT id::text AS text FROM customer_imports ORDER BY created_at DESC, id DESC");
    assert_eq!(json!([ids(&first), ids(&rest)].concat()), json!(expected));
}
