//! What an organisation's administrators may change of it, and what the database keeps them from.

use crate::support::{TestApp, form, get};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

const HERE: &str = "/settings/organisation";

const FILLED: [(&str, &str); 4] =
    [("description", "Bicycles."), ("time_zone", "Europe/Lisbon"), ("locale", "pt"), ("agents_see", "all")];

#[actix_web::test]
async fn an_administrator_changes_what_is_the_organisations_own() {
    let app = TestApp::new().await;
    app.ada(get(HERE)).await.shows("Acme Bikes").shows(r#"<option value="Europe/Berlin" selected>"#).shows("no limit");

    let answer = app.ada(form(HERE, &FILLED)).await;

    assert_eq!((answer.status, answer.location()), (303, "/settings/organisation?saved=1"));
    app.ada(get("/settings/organisation?saved=1")).await.shows("Saved.").shows("Bicycles.");
    let row = "SELECT description || time_zone || locale || (settings ->> 'agents_see_all') AS text FROM tenants WHERE slug = 'acme'";
    assert_eq!(app.text(row), "Bicycles.Europe/Lisbonpttrue");
    assert_eq!(app.audited(), ["changed tenants", "changed tenants"]);
    app.ada(form(HERE, &FILLED)).await;
    assert_eq!(app.audited().len(), 2, "nothing new is nothing to write down");
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed() {
    let app = TestApp::new().await;

    let answer = app.ada(form(HERE, &[("description", "Kept"), ("time_zone", "Mars"), ("locale", "xx")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("Kept").shows("Choose a time zone").shows("Choose a language").shows("Choose which conversations");
    assert_eq!(app.count("FROM tenants WHERE slug = 'acme' AND description IS NULL"), 1);
}

#[actix_web::test]
async fn an_auditor_reads_and_the_others_do_not() {
    let app = TestApp::new().await;

    let page = app.olga(get(HERE)).await;

    page.shows("Europe/Berlin").shows("Their own conversations").hides("<select").hides("Save");
    assert_eq!(app.olga(form(HERE, &FILLED)).await.status, 403);
    assert_eq!((app.max(get(HERE)).await.status, app.bob(get(HERE)).await.status), (403, 403));
    app.max(get("/settings/numbers")).await.hides(HERE);
    app.carol(get(HERE)).await.shows("Globex Travel").hides("Acme");
}

#[actix_web::test]
async fn the_database_keeps_a_tenant_from_giving_itself_more() {
    let app = TestApp::new().await;
    let mut conn = PgConnection::establish(app.url()).unwrap();
    conn.batch_execute(&format!("SET ROLE switchboard_app; SET app.tenant_id = '{}'", app.acme)).unwrap();
    let columns = "SELECT attname::text AS text FROM pg_attribute WHERE attrelid = 'tenants'::regclass AND attnum > 0";
    let own = ["description", "time_zone", "locale", "settings", "updated_at"];

    for column in app.texts(columns) {
        let changed = conn.batch_execute(&format!("UPDATE tenants SET {column} = {column}"));
        match own.contains(&column.as_str()) {
            true => changed.unwrap(),
            false => assert!(changed.unwrap_err().to_string().contains("permission denied"), "{column}"),
        }
    }
    for sql in ["DELETE FROM tenants", "INSERT INTO tenants (id, name, slug) VALUES (gen_random_uuid(), 'x', 'x')"] {
        assert!(conn.batch_execute(sql).unwrap_err().to_string().contains("permission denied"), "{sql}");
    }
}
