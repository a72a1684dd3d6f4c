//! The list as a table for a spreadsheet.

use super::{TestApp, get};

#[actix_web::test]
async fn the_export_holds_what_the_list_shows_and_is_written_down() {
    let app = TestApp::new().await;

    let answer = app.ada(get("/settings/users/export.csv?role=AGENT")).await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"users.csv\"");
    let lines: Vec<&str> = answer.html.lines().collect();
    assert!(lines[0].starts_with("id,email,first_name,last_name,role,state,"));
    assert!(lines[1].contains(",bob@acme.test,Bob,Baker,AGENT,active,"), "{lines:?}");
    assert!(lines[2].contains(",eve@acme.test,Eve,Evans,"));
    assert_eq!(lines.len(), 3);
    answer.hides("argon2");
    let entry =
        app.text("SELECT after::text AS text FROM audit_entries WHERE action = 'exported' AND entity = 'users'");
    assert!(entry.contains(r#""rows": 2"#) && entry.contains(r#""role": "AGENT""#), "{entry}");
}

#[actix_web::test]
async fn no_cell_is_a_formula() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET first_name = '=1+1', company_name = '@SUM(A1)' WHERE first_name = 'Bob'");

    app.ada(get("/settings/users/export.csv")).await.shows(",'=1+1,").shows(",'@SUM(A1),");
}

#[actix_web::test]
async fn everybody_is_in_it_however_many_they_are() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO users (tenant_id, id, email, first_name, last_name, role) \
         SELECT tenant_id, gen_random_uuid(), 'agent' || n || '@acme.test', 'Agent', 'No ' || n, 'AGENT' \
         FROM users, generate_series(1, 1200) AS n WHERE email = 'ada@acme.test'",
    );

    let answer = app.ada(get("/settings/users/export.csv")).await;

    assert_eq!(answer.html.lines().count(), 1 + 1205);
}

#[actix_web::test]
async fn only_administrators_take_it_out() {
    let app = TestApp::new().await;

    for answer in [app.max(get("/settings/users/export.csv")).await, app.olga(get("/settings/users/export.csv")).await]
    {
        assert_eq!(answer.status, 403);
    }
    assert_eq!(app.anybody(get("/settings/users/export.csv")).await.status, 303);
}
