//! The list: search, filters, orders and pages.

use super::{TestApp, Who, get, id_of};

/// The names in the list, in order.
async fn names(app: &TestApp, query: &str) -> Vec<String> {
    let page = app.ada(get(&format!("/settings/users{query}"))).await;
    assert_eq!(page.status, 200, "{query}");
    let rows = page.html.split("data-row><strong>").skip(1);
    rows.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn everybody_is_listed_by_name() {
    let app = TestApp::new().await;

    assert_eq!(names(&app, "").await, ["Ada Arnold", "Bob Baker", "Eve Evans", "Max Moser", "Olga Orlow"]);
    app.ada(get("/settings/users")).await.shows(">you<").shows("New user").shows("bob@acme.test");
    app.max(get("/settings/users")).await.hides("New user").hides("export.csv");
}

#[actix_web::test]
async fn words_find_names_and_addresses_and_are_no_patterns() {
    let app = TestApp::new().await;

    assert_eq!(names(&app, "?q=BOB+b").await, ["Bob Baker"]);
    assert_eq!(names(&app, "?q=olga%40acme").await, ["Olga Orlow"]);
    for nobody in ["%25", "_", "%5C", "zzz", "%00zzz"] {
        assert_eq!(names(&app, &format!("?q={nobody}")).await, Vec::<String>::new(), "{nobody}");
    }
    assert_eq!(names(&app, "?q=%00").await.len(), 5, "what cannot be stored counts as nothing");
    app.ada(get("/settings/users?q=zzz")).await.shows("No user fits").shows(r#"value="zzz""#);
}

#[actix_web::test]
async fn an_auditor_cannot_find_out_addresses_by_searching() {
    let app = TestApp::new().await;

    app.olga(get("/settings/users?q=bob%40")).await.hides("Bob Baker");
    app.olga(get("/settings/users?q=bob")).await.shows("Bob Baker").shows("b•••@acme.test").hides("bob@acme.test");
}

#[actix_web::test]
async fn roles_and_states_narrow_the_list() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET is_active = false WHERE first_name = 'Bob'");
    app.sql("UPDATE users SET is_verified = false WHERE first_name = 'Eve'");
    app.sql("UPDATE users SET deleted_at = now() WHERE first_name = 'Max'");

    assert_eq!(names(&app, "?role=AGENT").await, ["Bob Baker", "Eve Evans"]);
    assert_eq!(names(&app, "?state=active").await, ["Ada Arnold", "Olga Orlow"]);
    assert_eq!(names(&app, "?state=invited").await, ["Eve Evans"]);
    assert_eq!(names(&app, "?state=deactivated").await, ["Bob Baker"]);
    assert_eq!(names(&app, "?state=deleted").await, ["Max Moser"]);
    assert_eq!(names(&app, "?state=deactivated&role=MANAGER").await, Vec::<String>::new());
    assert_eq!(names(&app, "").await, ["Ada Arnold", "Bob Baker", "Eve Evans", "Olga Orlow"]);
    assert_eq!(names(&app, "?state=nonsense&role=KING&sort=worst&after=x&rows=-1").await.len(), 4);
    let page = app.ada(get("/settings/users?role=AGENT&state=invited")).await;
    page.shows(r#"Everybody<span class="count">4</span>"#).shows(r#"Deleted<span class="count">1</span>"#);
    page.shows(r#"<option value="AGENT" selected>"#).shows("/settings/users/export.csv?role=AGENT&#38;state=invited");
}

#[actix_web::test]
async fn pages_follow_each_other_without_a_gap_in_every_order() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO users (tenant_id, id, email, first_name, last_name, role, last_login_at) \
         SELECT tenant_id, gen_random_uuid(), 'agent' || n || '@acme.test', 'Agent', 'No ' || (n % 7), 'AGENT', \
                CASE WHEN n % 3 = 0 THEN now() - (n % 5) * interval '1 day' END \
         FROM users, generate_series(1, 120) AS n WHERE email = 'ada@acme.test'",
    );

    for sort in ["name", "newest", "seen"] {
        let (mut seen, mut query) = (Vec::new(), format!("?sort={sort}"));
        for _ in 0..3 {
            let page = app.ada(get(&format!("/settings/users{query}")).htmx("user_more")).await;
            assert_eq!(page.status, 200, "{page:?}");
            page.hides("<html").hides("user_search");
            let rows = page.html.split(r#"href="/settings/users/"#).skip(1);
            seen.extend(rows.map(|rest| rest.split('"').next().unwrap().to_owned()).filter(|id| id.len() == 36));
            let more = page.html.split("/settings/users?").nth(1).and_then(|rest| rest.split('"').next());
            query = more.map(|more| format!("?{}", more.replace("&#38;", "&"))).unwrap_or_default();
        }
        assert_eq!((seen.len(), query.as_str()), (125, ""), "{sort}");
        let order = match sort {
            "name" => "lower(first_name || ' ' || last_name), id",
            "newest" => "id DESC",
            _ => "COALESCE(last_login_at, 'epoch') DESC, id DESC",
        };
        let sql = format!("SELECT id::text AS text FROM users WHERE tenant_id = '{}' ORDER BY {order}", app.acme);
        assert_eq!(seen, app.texts(&sql), "{sort}");
    }
}

#[actix_web::test]
async fn a_list_asked_for_anew_brings_as_many_rows_as_were_shown() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO users (tenant_id, id, email, first_name, last_name, role) \
         SELECT tenant_id, gen_random_uuid(), 'agent' || n || '@acme.test', 'Agent', 'No ' || n, 'AGENT' \
         FROM users, generate_series(1, 120) AS n WHERE email = 'ada@acme.test'",
    );

    assert_eq!(names(&app, "").await.len(), 50);
    assert_eq!(names(&app, "?rows=100").await.len(), 100);
    assert_eq!(names(&app, "?rows=999999").await.len(), 125);
    let part = app.ada(get("/settings/users?q=no+1").htmx("user_list")).await;
    part.shows("Agent No 1").hides("Ada Arnold").hides("<h1>");
}

#[actix_web::test]
async fn whoever_signed_in_last_comes_first() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET last_login_at = now() - interval '2 days' WHERE first_name = 'Olga'");
    app.sql("UPDATE users SET last_login_at = now() WHERE first_name = 'Eve'");

    let seen = names(&app, "?sort=seen").await;

    assert_eq!(seen[..2], ["Eve Evans", "Olga Orlow"]);
    app.ada(get("/settings/users")).await.shows(">Never<");
    assert_eq!(names(&app, "?sort=newest").await.len(), 5);
    assert!(!id_of(&app, Who::Eve).is_empty());
}
