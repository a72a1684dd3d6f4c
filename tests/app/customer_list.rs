//! Customers by the many: the list, changes of many at once, exports.

mod api;
mod bulk;
mod export;
mod list;
mod saved;
mod search;

use super::support::{Answer, TestApp, Who, form, get, post};

/// Customers of Acme's, one line each: first name, last name, phone, email, company, type.
fn people(app: &TestApp, rows: &[(&str, &str, &str, &str, &str, &str)]) {
    for (first, last, phone, email, company, kind) in rows {
        app.sql(&format!(
            "INSERT INTO customers (tenant_id, id, first_name, last_name, phone, email, company, customer_type) \
             VALUES ('{}', '{}', NULLIF('{first}', ''), NULLIF('{last}', ''), NULLIF('{phone}', ''), \
                     NULLIF('{email}', ''), NULLIF('{company}', ''), '{kind}')",
            app.acme,
            uuid::Uuid::now_v7()
        ));
    }
}

/// Five that every test knows.
fn five(app: &TestApp) {
    people(
        app,
        &[
            ("Ana", "Müller", "4915112345678", "ana@example.org", "Rad GmbH", "regular"),
            ("José", "García", "34600111222", "jose@example.es", "", "regular"),
            ("小明", "李", "8613812345678", "", "", "new"),
            ("Zoe", "Smith", "", "zoe@example.com", "Acorn Ltd", "unregistered"),
            ("", "", "", "", "", "anonymous"),
        ],
    );
}

/// So many more, each with a phone.
fn crowd(app: &TestApp, count: usize) {
    app.sql(&format!(
        "INSERT INTO customers (tenant_id, id, first_name, last_name, phone, customer_type, company, last_seen_at) \
         SELECT '{}', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Crowd', 'No ' || (n % 7), \
                (90000000000 + n)::text, 'new', CASE WHEN n % 3 = 0 THEN 'Firm ' || (n % 5) END, \
                CASE WHEN n % 4 > 0 THEN now() - (n % 9) * interval '1 day' END \
         FROM generate_series(1, {count}) AS n",
        app.acme
    ));
}

/// The id of the one with that first name.
fn id_of(app: &TestApp, first: &str) -> String {
    app.text(&format!("SELECT id::text AS text FROM customers WHERE first_name = '{first}'"))
}

fn label(app: &TestApp, name: &str) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    app.sql(&format!("INSERT INTO labels (tenant_id, id, name) VALUES ('{}', '{id}', '{name}')", app.acme));
    id
}

fn stick(app: &TestApp, label: &str, first: &str) {
    let customer = id_of(app, first);
    app.sql(&format!(
        "INSERT INTO customer_labels (tenant_id, customer_id, label_id) VALUES ('{}', '{customer}', '{label}')",
        app.acme
    ));
}

/// A field of the tenant's own.
fn field(app: &TestApp, key: &str, kind: &str, choices: &str) {
    app.sql(&format!(
        "INSERT INTO attribute_definitions (tenant_id, id, key, name, kind, choices) \
         VALUES ('{}', '{}', '{key}', 'Own {key}', '{kind}', '{choices}')",
        app.acme,
        uuid::Uuid::now_v7()
    ));
}

fn set(app: &TestApp, first: &str, attributes: &str) {
    app.sql(&format!("UPDATE customers SET attributes = '{attributes}' WHERE first_name = '{first}'"));
}

/// The names in the list, in order.
fn names(page: &Answer) -> Vec<String> {
    let rows = page.html.split("data-row><strong>").skip(1);
    rows.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// The names that somebody is shown for a query.
async fn shown_to(app: &TestApp, who: Who, query: &str) -> Vec<String> {
    let page = app.ask(who, get(&format!("/customers?{query}"))).await;
    assert_eq!(page.status, 200, "{query}");
    names(&page)
}

async fn shown(app: &TestApp, query: &str) -> Vec<String> {
    shown_to(app, Who::Ada, query).await
}

/// Sends a change of those with these first names; a fresh form's.
async fn change(app: &TestApp, who: Who, what: &str, firsts: &[&str], more: &[(&str, &str)]) -> Answer {
    let id = uuid::Uuid::now_v7().to_string();
    let picks: Vec<String> = firsts.iter().map(|first| format!("pick.{}", id_of(app, first))).collect();
    let mut fields = vec![("id", id.as_str()), ("change", what)];
    fields.extend(picks.iter().map(|pick| (pick.as_str(), "on")));
    fields.extend(more);
    app.ask(who, form("/customers/changes", &fields)).await
}
