//! The list: types, states, filters, orders, columns and pages.

use super::{TestApp, Who, crowd, field, five, form, get, id_of, label, names, people, set, shown, stick};
use crate::support::queries;

#[actix_web::test]
async fn active_customers_are_listed_by_name_without_regard_to_case_and_accents() {
    let app = TestApp::new().await;
    five(&app);
    people(&app, &[("josé", "Abad", "", "", "", "unregistered"), ("Öz", "", "", "", "", "unregistered")]);
    app.sql("UPDATE customers SET state = 'suspended' WHERE first_name = 'Zoe'");

    assert_eq!(shown(&app, "").await, ["Ana Müller", "josé Abad", "José García", "Öz", "小明 李", "Unknown"]);
    let page = app.ada(get("/customers")).await;
    page.shows("+49 1511 2345678").shows("ana@example.org").shows("Rad GmbH").shows("New customer");
    page.shows(r#"All<span class="count">6</span>"#).shows(r#"Regular<span class="count">2</span>"#);
}

#[actix_web::test]
async fn whoever_may_not_know_addresses_sees_them_masked() {
    let app = TestApp::new().await;
    five(&app);
    people(&app, &[("", "", "4915199999977", "", "", "new")]);

    let page = app.olga(get("/customers")).await;

    page.shows("+49 ••• 78").shows("a•••@example.org").shows("+49 ••• 77");
    page.hides("15112345678").hides("1511 2345678").hides("ana@example.org").hides("99999977");
    page.hides("New customer").hides("/customers/exports").hides("/customers/changes").hides("data-pick");
}

#[actix_web::test]
async fn another_tenants_customers_are_not_there() {
    let app = TestApp::new().await;
    five(&app);

    let page = app.carol(get("/customers?q=ana")).await;
    page.shows("No customer fits").hides("Müller").shows(r#"All<span class="count">0</span>"#);
    app.carol(get("/customers")).await.shows("Customers appear by themselves");
    assert_eq!(app.anybody(get("/customers")).await.status, 303);
    assert_eq!(app.pat(get("/customers")).await.status, 403);
}

#[actix_web::test]
async fn states_and_types_narrow_the_list_and_the_counts_follow() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET state = 'archived' WHERE first_name = 'José'");
    app.sql("UPDATE customers SET state = 'deleted', deleted_at = now() WHERE first_name = 'Zoe'");

    assert_eq!(shown(&app, "state=archived").await, ["José García"]);
    assert_eq!(shown(&app, "state=deleted").await, ["Zoe Smith"]);
    assert_eq!(shown(&app, "state=all").await, ["Ana Müller", "José García", "小明 李", "Unknown"]);
    assert_eq!(shown(&app, "type=regular&state=all").await, ["Ana Müller", "José García"]);
    assert_eq!(shown(&app, "type=anonymous").await, ["Unknown"]);
    assert_eq!(shown(&app, "type=unregistered").await, Vec::<String>::new());
    let page = app.ada(get("/customers?state=all")).await;
    page.shows(r#"All<span class="count">4</span>"#).shows(r#"Regular<span class="count">2</span>"#);
    app.ada(get("/customers?state=archived")).await.shows(r#"All<span class="count">1</span>"#);
    app.sql("DELETE FROM customers WHERE first_name = 'Ana'");
    app.within(switchboard::customers::counts::sum_up).await;
    let count = "FROM (SELECT 1 FROM customer_counts HAVING sum(amount) = 5) AS x";
    assert_eq!(app.count(count), 1, "a row that the owner deletes for no tenant is not counted out");
}

#[actix_web::test]
async fn counts_stay_right_when_they_are_added_up() {
    let app = TestApp::new().await;
    for _ in 0..12 {
        five(&app);
        app.sql("UPDATE customers SET customer_type = 'anonymous' WHERE first_name = 'Zoe'");
        app.sql("UPDATE customers SET state = 'archived' WHERE first_name = '小明' AND state = 'active'");
        app.sql(
            "UPDATE customers SET phone = NULL, email = NULL, customer_type = 'unregistered' \
                 WHERE first_name IN ('Ana', 'José')",
        );
        app.sql("UPDATE customers SET phone = NULL, email = NULL");
    }
    let sums = "SELECT string_agg(concat(customer_type, ' ', state, ' ', sum), ', ') AS text FROM (SELECT customer_type, state, \
                sum(amount) FROM customer_counts GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1, 2) AS x";
    let truth = "SELECT string_agg(concat(customer_type, ' ', state, ' ', count), ', ') AS text FROM (SELECT customer_type, \
                 state, count(*) FROM customers GROUP BY 1, 2 ORDER BY 1, 2) AS x";
    let before = app.text(sums);
    assert!(app.count("FROM customer_counts") > 50);

    app.within(switchboard::customers::counts::sum_up).await;

    assert_eq!((app.text(sums), app.text(truth)), (before.clone(), before));
    assert!(app.count("FROM customer_counts") < 6);
}

#[actix_web::test]
async fn labels_consents_and_times_narrow_the_list() {
    let app = TestApp::new().await;
    five(&app);
    let (vip, wholesale) = (label(&app, "VIP"), label(&app, "Wholesale"));
    stick(&app, &vip, "Ana");
    stick(&app, &vip, "Zoe");
    stick(&app, &wholesale, "Zoe");
    for (first, state) in [("Ana", "given"), ("José", "withdrawn")] {
        app.sql(&format!(
            "INSERT INTO consents (tenant_id, id, customer_id, purpose, channel, state, lawful_basis, source, occurred_at) \
             SELECT tenant_id, gen_random_uuid(), id, 'marketing', 'email', '{state}', 'consent', 'test', now() \
             FROM customers WHERE first_name = '{first}'"
        ));
    }
    app.sql("UPDATE customers SET last_seen_at = now() - interval '3 days' WHERE first_name = 'Ana'");
    app.sql("UPDATE customers SET last_seen_at = now() - interval '30 days' WHERE first_name = 'José'");

    assert_eq!(shown(&app, &format!("label={vip}")).await, ["Ana Müller", "Zoe Smith"]);
    assert_eq!(shown(&app, &format!("label={vip}&label={wholesale}")).await, ["Zoe Smith"]);
    let consent = "purpose=marketing&channel=email&consent";
    assert_eq!(shown(&app, &format!("{consent}=given")).await, ["Ana Müller"]);
    assert_eq!(shown(&app, &format!("{consent}=withdrawn")).await, ["José García"]);
    assert_eq!(shown(&app, &format!("{consent}=none")).await, ["Zoe Smith", "小明 李", "Unknown"]);
    assert_eq!(shown(&app, "purpose=marketing&channel=sms&consent=given").await, Vec::<String>::new());
    assert_eq!(shown(&app, "seen=within&days=7").await, ["Ana Müller"]);
    assert_eq!(shown(&app, "seen=not_within&days=7").await, ["José García", "Zoe Smith", "小明 李", "Unknown"]);
    assert_eq!(shown(&app, "seen=never").await, ["Zoe Smith", "小明 李", "Unknown"]);
    let today = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Berlin).format("%Y-%m-%d");
    assert_eq!(shown(&app, &format!("from={today}")).await.len(), 5);
    assert_eq!(shown(&app, "until=2026-01-01").await.len(), 0);
}

#[actix_web::test]
async fn the_organisations_own_fields_narrow_the_list() {
    let app = TestApp::new().await;
    five(&app);
    field(&app, "tier", "choice", r#"["gold", "silver"]"#);
    field(&app, "city", "text", "[]");
    field(&app, "age", "number", "[]");
    field(&app, "since", "date", "[]");
    field(&app, "member", "boolean", "[]");
    set(&app, "Ana", r#"{"tier": "gold", "city": "Berlin_Mitte", "age": 30, "since": "2020-05-01", "member": true}"#);
    set(&app, "Zoe", r#"{"tier": "silver", "city": "Bonn", "age": 41.5, "since": "2024-05-01", "member": false}"#);

    for (query, expected) in [
        ("field.tier.is=gold", vec!["Ana Müller"]),
        ("field.tier.is=Silver", vec!["Zoe Smith"]),
        ("field.city.is=Bonn", vec!["Zoe Smith"]),
        ("field.city.is=bon", vec![]),
        ("field.city.has=_mit", vec!["Ana Müller"]),
        ("field.city.has=%25", vec![]),
        ("field.age.from=30&field.age.until=41", vec!["Ana Müller"]),
        ("field.age.from=41", vec!["Zoe Smith"]),
        ("field.age.until=30", vec!["Ana Müller"]),
        ("field.since.from=2024-01-01", vec!["Zoe Smith"]),
        ("field.since.until=2023-01-01", vec!["Ana Müller"]),
        ("field.member.is=no", vec!["Zoe Smith"]),
        ("field.tier.empty=on", vec!["José García", "小明 李", "Unknown"]),
        ("field.tier.is=gold&field.member.is=yes&type=regular&q=berlin", vec!["Ana Müller"]),
        ("field.tier.is=gold&field.member.is=no", vec![]),
    ] {
        assert_eq!(shown(&app, query).await, expected, "{query}");
    }
}

#[actix_web::test]
async fn what_cannot_be_looked_for_is_said_and_kept() {
    let app = TestApp::new().await;
    five(&app);
    field(&app, "age", "number", "[]");

    let page = app.ada(get("/customers?from=2026-02-31&field.age.from=old&days=x&seen=within&state=gone")).await;

    page.shows("please correct what is marked")
        .shows(r#"value="2026-02-31""#)
        .shows(r#"value="old""#)
        .shows("Enter a number of days");
    assert_eq!(names(&page), Vec::<String>::new());
    assert_eq!(shown(&app, "after=nonsense&rows=-1&unknown=1&sort=worst%3Aup&q=%00").await.len(), 5);
}

/// Everybody in the list, page by page.
async fn through(app: &TestApp, query: &str) -> Vec<String> {
    let (mut seen, mut next) = (Vec::new(), Some(format!("/customers?{query}")));
    while let Some(path) = next {
        let page = app.ada(get(&path).htmx("customer_more")).await;
        page.hides("<html").hides("customer_search");
        let rows = page.html.split(r#"name="pick."#).skip(1);
        seen.extend(rows.map(|rest| rest.split('"').next().unwrap().to_owned()));
        next = super::super::inbox::next_page(&page.html, "customer_more");
    }
    seen
}

#[actix_web::test]
async fn pages_follow_each_other_without_a_gap_in_every_order() {
    let app = TestApp::new().await;
    crowd(&app, 120);

    for (sort, order) in [
        ("name", "sort_name, id"),
        ("name:desc", "sort_name DESC, id DESC"),
        ("company", "sort_company, id"),
        ("company:desc", "sort_company DESC, id DESC"),
        ("last_seen", "sort_seen DESC, id DESC"),
        ("last_seen:asc", "sort_seen, id"),
        ("created", "id DESC"),
        ("created:asc", "id"),
    ] {
        let seen = through(&app, &format!("sort={sort}")).await;
        let sql = format!("SELECT id::text AS text FROM customers WHERE tenant_id = '{}' ORDER BY {order}", app.acme);
        assert_eq!(seen, app.texts(&sql), "{sort}");
    }
    assert_eq!(shown(&app, "rows=100").await.len(), 100);
    assert_eq!(shown(&app, "rows=99999").await.len(), 120);
}

#[actix_web::test]
async fn many_who_stand_together_are_found_behind_many_others() {
    let app = TestApp::new().await;
    crowd(&app, 5000);
    app.sql("UPDATE customers SET first_name = 'Zed', company = 'Zoo', customer_type = 'unregistered' WHERE phone > '90000002500'");

    for (query, order) in [
        ("type=unregistered&sort=name", "sort_name, id"),
        ("q=zed&sort=name:desc", "sort_name DESC, id DESC"),
        ("q=zoo&type=unregistered&sort=company", "sort_company, id"),
    ] {
        let sql = format!("SELECT id::text AS text FROM customers WHERE first_name = 'Zed' ORDER BY {order}");
        let expected = app.texts(&sql);
        assert_eq!(expected.len(), 2500);
        assert!(through(&app, query).await == expected, "{query}");
    }
}

#[actix_web::test]
async fn a_page_asks_no_more_because_it_shows_more() {
    let app = TestApp::new().await;
    five(&app);
    let vip = label(&app, "VIP");
    stick(&app, &vip, "Ana");
    let count = async |query: &str| {
        app.ada(get("/customers")).await;
        queries::take(app.url());
        app.ada(get(&format!("/customers?{query}"))).await;
        queries::take(app.url()).len()
    };
    let queries = ["", "q=a", "sort=company", "type=new&seen=never", "rows=500"];
    let mut few = Vec::new();
    for query in queries {
        few.push(count(query).await);
    }

    crowd(&app, 300);
    app.sql(&format!(
        "INSERT INTO customer_labels (tenant_id, customer_id, label_id) \
         SELECT tenant_id, id, '{vip}' FROM customers WHERE first_name = 'Crowd'"
    ));

    for (query, few) in queries.into_iter().zip(few) {
        assert_eq!(count(query).await, few, "{query}");
        assert!(few <= 11, "{query}: {few} statements");
    }
}

#[actix_web::test]
async fn everybody_chooses_their_columns() {
    let app = TestApp::new().await;
    five(&app);
    field(&app, "tier", "text", "[]");
    set(&app, "Ana", r#"{"tier": "platinum"}"#);

    let columns = [("column.field.tier", "on"), ("column.external_id", "on"), ("query", "type=regular&state=active")];
    let answer = app.olga(form("/customers/columns", &columns)).await;

    assert_eq!((answer.status, answer.location()), (303, "/customers?type=regular"));
    app.olga(get("/customers")).await.shows("platinum").shows(">External id<").hides("a•••@example.org");
    app.ada(get("/customers")).await.hides("platinum").shows("ana@example.org");
    let empty = app.olga(form("/customers/columns", &[("query", "https://evil.test/")])).await;
    assert_eq!((empty.status, empty.location()), (303, "/customers"));
    assert_eq!(shown(&app, "").await.len(), 5);
    app.olga(get("/customers")).await.hides("platinum");
}

#[actix_web::test]
async fn a_row_leads_to_its_customer() {
    let app = TestApp::new().await;
    five(&app);

    let id = id_of(&app, "Ana");

    app.bob(get("/customers?q=ana")).await.shows(&format!(r#"href="/customers/{id}""#));
    assert_eq!(app.ask(Who::Bob, get(&format!("/customers/{id}"))).await.status, 200);
}
