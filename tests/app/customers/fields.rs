//! Settings → Customer fields and → Labels.

use crate::support::{TestApp, form, get};

const FIELDS: &str = "/settings/customer-fields";
const LABELS: &str = "/settings/labels";

async fn field(app: &TestApp, name: &str, more: &[(&str, &str)]) -> String {
    let answer = app.ada(form(FIELDS, &[("name", name)]).fields(more)).await;
    assert_eq!((answer.status, answer.location()), (303, FIELDS), "{answer:?}");
    app.text(&format!("SELECT '{FIELDS}/' || id AS text FROM attribute_definitions WHERE name = '{name}'"))
}

#[actix_web::test]
async fn fields_appear_in_the_form_of_customers_in_their_order() {
    let app = TestApp::new().await;
    app.ada(get(FIELDS)).await.shows("No fields of your own yet");
    field(&app, "Birthday", &[("kind", "date")]).await;
    let tier = field(&app, "Tier", &[("kind", "choice"), ("choices", "Gold\r\nSilver\r\ngold")]).await;

    app.ada(form(&format!("{tier}/raise"), &[])).await;

    let page = app.bob(get("/customers/new")).await;
    page.shows(r#"name="attributes.birthday" type="date""#).shows(r#"<option value="Silver">"#);
    assert!(page.html.find("attributes.tier") < page.html.find("attributes.birthday"));
    let choices = "SELECT choices::text AS text FROM attribute_definitions WHERE key = 'tier'";
    assert_eq!(app.text(choices), r#"["Gold", "Silver"]"#);
}

#[actix_web::test]
async fn values_are_held_to_their_kind() {
    let app = TestApp::new().await;
    field(&app, "Birthday", &[("kind", "date")]).await;
    field(&app, "Orders", &[("kind", "number")]).await;

    for (name, value) in
        [("attributes.birthday", "0000-00-00"), ("attributes.birthday", "10000-01-01"), ("attributes.orders", "many")]
    {
        let answer = app.bob(form("/customers", &[("first_name", "Ana"), (name, value)])).await;
        assert_eq!(answer.status, 422, "{name} {value}");
        answer.shows(value);
    }
    app.bob(form("/customers", &[("first_name", "Ana"), ("attributes.orders", "12.50")])).await;
    assert_eq!(app.text("SELECT attributes::text AS text FROM customers"), r#"{"orders": 12.5}"#);
}

#[actix_web::test]
async fn a_deleted_field_is_out_of_sight_and_comes_back_with_its_values() {
    let app = TestApp::new().await;
    let tier = field(&app, "Tier", &[("kind", "text")]).await;
    app.bob(form("/customers", &[("first_name", "Ana"), ("attributes.tier", "Gold")])).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));

    app.ada(form(&format!("{tier}/deletion"), &[])).await;
    app.bob(get(&page)).await.hides("Gold");
    let again = app.ada(form(FIELDS, &[("name", "Tier"), ("kind", "number")])).await;
    again.shows("Another field has or had this key.");
    app.ada(form(&format!("{tier}/restoration"), &[])).await;

    app.bob(get(&page)).await.shows("Gold");
}

#[actix_web::test]
async fn an_edit_of_a_customer_keeps_what_hidden_fields_hold() {
    let app = TestApp::new().await;
    let tier = field(&app, "Tier", &[("kind", "text")]).await;
    app.bob(form("/customers", &[("first_name", "Ana"), ("attributes.tier", "Gold")])).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    app.ada(form(&format!("{tier}/deletion"), &[])).await;

    let seen = app.bob(get(&format!("{page}/edit"))).await.field("seen");
    assert_eq!(app.bob(form(&page, &[("first_name", "Anna"), ("seen", &seen)])).await.status, 303);
    app.ada(form(&format!("{tier}/restoration"), &[])).await;

    app.bob(get(&page)).await.shows("Anna").shows("Gold");
}

#[actix_web::test]
async fn labels_are_made_changed_deleted_and_restored_where_they_were() {
    let app = TestApp::new().await;
    app.ada(get(LABELS)).await.shows("No labels yet");
    app.ada(form(LABELS, &[("name", "VIP"), ("colour", "red")])).await;
    let label = app.text("SELECT id::text AS text FROM labels");
    app.bob(form("/customers", &[("first_name", "Ana"), (&format!("label.{label}"), "on")])).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    app.bob(get(&page)).await.shows("label-red").shows("VIP");

    let twice = app.ada(form(LABELS, &[("name", "VIP")])).await;
    assert_eq!(twice.status, 422);
    twice.shows("Another label has this name.");
    app.ada(form(&format!("{LABELS}/{label}"), &[("name", "Gold"), ("colour", "yellow")])).await;
    app.bob(get(&page)).await.shows("label-yellow").shows("Gold");
    app.ada(form(&format!("{LABELS}/{label}/deletion"), &[])).await;
    app.bob(get(&page)).await.hides("Gold");
    app.ada(form(&format!("{LABELS}/{label}/restoration"), &[])).await;
    app.bob(get(&page)).await.shows("Gold");
    assert_eq!(app.bob(get(LABELS)).await.status, 403);
}
