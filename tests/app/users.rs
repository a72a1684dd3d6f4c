//! Settings → Users: what its pages show and refuse.

mod administrators;
mod export;
mod invitations;
mod list;
mod states;

use super::support::{Answer, Ask, TestApp, Who, form, get, post};

/// Somebody of the cast.
fn id_of(app: &TestApp, who: Who) -> String {
    app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{}'", who.email()))
}

fn page_of(app: &TestApp, who: Who) -> String {
    format!("/settings/users/{}", id_of(app, who))
}

const ROSA: [(&str, &str); 4] =
    [("first_name", "Rosa"), ("last_name", "Ríos"), ("email", " Rosa@Acme.test "), ("role", "AGENT")];

/// The form of somebody of the cast as it is shown, with some fields typed over.
async fn typed(app: &TestApp, who: Who, changes: &[(&str, &str)]) -> Ask {
    let url = page_of(app, who);
    let page = app.ada(get(&url)).await;
    let shown = ["first_name", "last_name", "email", "company_name", "time_zone"].map(|name| (name, page.field(name)));
    let role = app.text(&format!("SELECT role::text AS text FROM users WHERE email = '{}'", who.email()));
    let mut fields: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("role", role.as_str()), ("locale", "")]);
    for (name, value) in changes {
        fields.retain(|(other, _)| other != name);
        fields.push((name, value));
    }
    form(&url, &fields)
}

/// Everything that stands in the table about everybody.
fn rows(app: &TestApp) -> String {
    app.text("SELECT md5(string_agg(users::text, '' ORDER BY id)) AS text FROM users")
}

#[actix_web::test]
async fn an_edit_changes_what_was_typed_and_says_so_field_by_field() {
    let app = TestApp::new().await;
    let changes =
        [("last_name", "Brown"), ("company_name", "Bikes & Co"), ("time_zone", "Asia/Tokyo"), ("locale", "de")];

    let answer = app.ada(typed(&app, Who::Bob, &changes).await).await;

    assert_eq!((answer.status, answer.location()), (303, "/settings/users"));
    app.ada(get(&page_of(&app, Who::Bob))).await.shows("Bob Brown").shows("Bikes &#38; Co").shows("Asia/Tokyo");
    let entry = app.text("SELECT before || after AS text FROM (SELECT before::text, after::text FROM audit_entries WHERE action = 'changed') AS entry");
    assert!(entry.contains(r#""last_name": "Baker""#) && entry.contains(r#""last_name": "Brown""#), "{entry}");
    assert!(!entry.contains("first_name") && !entry.contains("hash"), "only what changed: {entry}");
    let frame = app.bob(get("/inbox")).await;
    frame.shows("Bob Brown");
}

#[actix_web::test]
async fn an_edit_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::new().await;
    let before = rows(&app);

    assert_eq!(app.ada(typed(&app, Who::Bob, &[]).await).await.status, 303);

    assert_eq!((rows(&app), app.audited()), (before, Vec::new()));
}

#[actix_web::test]
async fn a_rejected_edit_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let before = rows(&app);
    let changes =
        [("first_name", ""), ("email", "bob at acme"), ("time_zone", "Europe/Atlantis"), ("role", "PLATFORM_ADMIN")];

    let answer = app.ada(typed(&app, Who::Bob, &changes).await).await;

    assert_eq!(answer.status, 422);
    answer.shows("Enter a first name.").shows("This is no email address").shows("There is no such time zone");
    answer.shows("Choose a role.").shows(r#"value="bob at acme""#).shows(r#"value="Europe/Atlantis""#);
    assert_eq!(rows(&app), before);
}

#[actix_web::test]
async fn texts_that_cannot_be_stored_are_told_beside_their_field() {
    let app = TestApp::new().await;
    let before = rows(&app);
    let long = "x".repeat(51);

    for (field, value) in [("first_name", "B\0b"), ("last_name", &long), ("company_name", "a\nb"), ("locale", "xx")] {
        let answer = app.ada(typed(&app, Who::Bob, &[(field, value)]).await).await;
        assert_eq!(answer.status, 422, "{field}");
        answer.shows("field-error");
    }

    let url = page_of(&app, Who::Bob);
    let twice = app.ada(typed(&app, Who::Bob, &[]).await.fields(&[("role", "MANAGER")])).await;
    assert_eq!(twice.status, 400);
    assert_eq!(app.ada(post(&url).htmx("screen").body("first_name=%ff&role=AGENT").token("x")).await.status, 403);
    assert_eq!(app.ada(get("/settings/users/not-an-id")).await.status, 404);
    assert_eq!(rows(&app), before);
}

#[actix_web::test]
async fn an_address_is_taken_once_within_a_tenant() {
    let app = TestApp::new().await;

    let answer = app.ada(typed(&app, Who::Bob, &[("email", "MAX@acme.test")]).await).await;

    assert_eq!(answer.status, 422);
    answer.shows("Somebody in your organisation has this address.").shows(r#"value="MAX@acme.test""#);
    let foreign = app.ada(typed(&app, Who::Bob, &[("email", "carol@globex.test")]).await).await;
    assert_eq!(foreign.status, 303, "the same address may be at another organisation");
}

#[actix_web::test]
async fn a_role_counts_on_the_next_request() {
    let app = TestApp::new().await;
    assert_eq!(app.bob(get("/settings/numbers")).await.status, 403);

    app.ada(typed(&app, Who::Bob, &[("role", "MANAGER")]).await).await;

    assert_eq!(app.bob(get("/settings/numbers")).await.status, 200);
    app.ada(typed(&app, Who::Bob, &[("role", "AUDITOR")]).await).await;
    app.bob(get("/inbox")).await.shows("Auditor");
}

#[actix_web::test]
async fn managers_and_auditors_read_and_agents_see_none_of_it() {
    let app = TestApp::new().await;
    let url = page_of(&app, Who::Bob);

    for page in [app.max(get(&url)).await, app.olga(get(&url)).await] {
        assert_eq!(page.status, 200);
        page.shows("Bob Baker")
            .shows("Last signed in")
            .hides("<form method=\"post\" action=\"/settings")
            .hides("/deletion");
    }
    app.max(get(&url)).await.shows("bob@acme.test");
    app.olga(get(&url)).await.shows("b•••@acme.test").hides("bob@acme.test");
    for url in [&url, "/settings/users", "/settings/teams", "/settings/roles"] {
        assert_eq!(app.bob(get(url)).await.status, 403, "{url}");
    }
    app.bob(get("/inbox")).await.hides("/settings/users");
}

#[actix_web::test]
async fn a_stranger_finds_nobody_and_changes_nothing() {
    let app = TestApp::new().await;
    let (url, before) = (page_of(&app, Who::Bob), rows(&app));
    let carol = async |ask: Ask| -> Answer { app.carol(ask).await };

    carol(get("/settings/users")).await.hides("Bob").shows("Carol Costa");
    carol(get("/settings/users?q=bob")).await.hides("Bob");
    carol(get("/settings/users/export.csv")).await.hides("bob@acme.test").shows("carol@globex.test");
    assert_eq!(carol(get(&url)).await.status, 404);
    assert_eq!(carol(form(&url, &ROSA)).await.status, 404);
    for step in ["invitation", "activation", "deactivation", "deletion", "restoration"] {
        assert_eq!(carol(post(&format!("{url}/{step}"))).await.status, 404, "{step}");
    }

    assert_eq!((rows(&app), app.count("FROM sign_in_links")), (before, 0));
}
