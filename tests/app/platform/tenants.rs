//! Platform → Tenants: made, found, changed, shut and brought back by platform administrators alone.

use crate::support::talk::ANA;
use crate::support::{Answer, TestApp, Who, form, get, post};
use switchboard::kit::live::Listener;
use switchboard::messages::figures::count_days;

const HERE: &str = "/platform/tenants";

fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Initech Tools"),
        ("slug", ""),
        ("description", "Sells tools."),
        ("time_zone", "Europe/Lisbon"),
        ("locale", "pt"),
        ("max_users", "5"),
        ("max_numbers", ""),
        ("max_messages_per_day", "1,000"),
        ("max_storage", "0.5"),
        ("first_name", "Ida"),
        ("last_name", "Ivens"),
        ("email", "Ida@Initech.test"),
    ]
}

/// The same with another value for one field.
fn but(field: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    filled().into_iter().map(|(name, known)| (name, if name == field { value } else { known })).collect()
}

fn of(app: &TestApp) -> String {
    format!("{HERE}/{}", app.acme)
}

/// What the log of that tenant says, but for who came.
fn log(app: &TestApp, slug: &str) -> Vec<String> {
    app.texts(&format!(
        "SELECT action || ' ' || entity || ' by ' || COALESCE((SELECT first_name FROM users WHERE users.id = actor_id), 'nobody') \
         AS text FROM audit_entries WHERE tenant_id = (SELECT id FROM tenants WHERE slug = '{slug}') \
         AND entity IN ('tenants', 'users') AND action || entity <> 'createdusers' ORDER BY audit_entries.id"
    ))
}

#[actix_web::test]
async fn a_new_tenant_has_an_administrator_who_gets_in_by_a_link_that_is_shown_once() {
    let app = TestApp::new().await;

    let made = app.pat(form(HERE, &filled())).await;

    assert_eq!(made.shows("Ida Ivens is invited").status, 200);
    let link = made.html.split(r#"value=""#).find(|part| part.contains("/welcome/")).unwrap();
    let path = link.split('"').next().unwrap().trim_start_matches("http://desk.test").to_owned();
    app.anybody(get(&path)).await.shows("password");
    let row = "SELECT slug || time_zone || locale || max_users || max_messages_per_day || max_storage_bytes AS text \
               FROM tenants WHERE name = 'Initech Tools' AND max_numbers IS NULL AND status = 'active'";
    assert_eq!(app.text(row), "initech-toolsEurope/Lisbonpt51000500000000");
    assert_eq!(app.count("FROM users WHERE email = 'ida@initech.test' AND role = 'TENANT_ADMIN'"), 1);
    assert_eq!(log(&app, "initech-tools"), ["created tenants by Pat", "invited users by Pat"]);
    app.pat(get(HERE)).await.shows("Initech Tools").shows("1 of 5");
}

#[actix_web::test]
async fn with_mail_the_link_goes_by_mail_and_is_not_shown() {
    let (app, mailbox) = TestApp::with_mail().await;

    let made = app.pat(form(HERE, &filled())).await;

    made.shows("is on its way to").hides("/welcome/");
    app.run_jobs().await;
    let path = mailbox.to("ida@initech.test").link("/welcome/");
    app.anybody(get(&path)).await.shows("password");
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let before = app.count("FROM tenants");
    let cases = [
        ("name", "", "Enter the organisation"),
        ("name", "Acme Bikes", "Another tenant has this name."),
        ("slug", "acme", "Another tenant has this short name."),
        ("slug", "Not A Slug", "Use small letters and digits"),
        ("time_zone", "Mars/Olympus", "Choose a time zone"),
        ("locale", "xx", "Choose a language"),
        ("max_users", "none", "Enter a whole number from 1"),
        ("max_storage", "-1", "Enter gigabytes"),
        ("email", "nobody", "Enter an email address"),
        ("first_name", "", "Enter the first name."),
    ];

    for (field, value, message) in cases {
        let answer = app.pat(form(HERE, &but(field, value))).await;
        assert_eq!(answer.status, 422, "{field}: {value}");
        answer.shows(message).shows("Sells tools.").shows(r#"value="Ivens""#);
    }

    assert_eq!((app.count("FROM tenants"), app.count("FROM users WHERE email LIKE '%initech%'")), (before, 0));
}

#[actix_web::test]
async fn the_list_is_searched_by_name_and_state_and_goes_by_pages() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO tenants (id, name, slug, status) SELECT gen_random_uuid(), 'Shop ' || lpad(n::text, 3, '0'), \
         'shop-' || n, CASE WHEN n = 7 THEN 'inactive' ELSE 'active' END::tenant_status FROM generate_series(1, 60) n",
    );

    let first = app.pat(get(HERE)).await;
    first.shows("Acme Bikes").shows("Globex Travel").shows("Shop 048").hides("Shop 049").hides("Platform</a>");
    let next = first.html.split(r#"href=""#).find(|part| part.contains("after=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    app.pat(get(&next)).await.shows("Shop 049").shows("Shop 060").hides("Shop 048").hides("Next page");

    app.pat(get("/platform/tenants?q=glob")).await.shows("Globex Travel").hides("Acme Bikes");
    app.pat(get("/platform/tenants?state=inactive")).await.shows("Shop 007").hides("Shop 006");
    app.pat(get("/platform/tenants?q=100%25_")).await.shows("Nothing fits");
    app.pat(get("/platform/tenants?after=nonsense&state=nonsense")).await.shows("Acme Bikes");
}

#[actix_web::test]
async fn the_list_shows_what_the_count_of_days_has_found() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["One", "Two", "Three"]).await;
    app.sql("UPDATE messages SET created_at = now() - interval '40 days' WHERE body = 'One'");
    app.sql("UPDATE messages SET created_at = now() - interval '2 days' WHERE body = 'Two'");

    app.within(count_days).await;
    app.conversation(number, ANA, &["Four"]).await;
    app.within(count_days).await;

    assert_eq!(app.text("SELECT sum(messages_in)::text AS text FROM tenant_days"), "3", "not the one of 40 days ago");
    app.pat(get(&of(&app))).await.shows("Messages").shows(r#"<p class="stat-value">3</p>"#);
}

#[actix_web::test]
async fn a_change_is_in_the_tenants_own_log_field_by_field() {
    let app = TestApp::new().await;
    let page = app.pat(get(&format!("{}/edit", of(&app)))).await;
    assert_eq!((page.field("name"), page.field("slug")), ("Acme Bikes".into(), "acme".into()));

    let changed =
        but("name", "Acme Cycles").into_iter().map(|field| if field.0 == "slug" { ("slug", "acme") } else { field });
    let answer = app.pat(form(&of(&app), &changed.collect::<Vec<_>>())).await;

    assert_eq!((answer.status, answer.location()), (303, of(&app).as_str()));
    assert_eq!(log(&app, "acme"), ["changed tenants by Pat"]);
    let entry = app.text("SELECT before::text || after::text AS text FROM audit_entries WHERE action = 'changed'");
    assert!(entry.contains("Acme Bikes") && entry.contains("Acme Cycles") && !entry.contains("slug"), "{entry}");
    app.ada(get("/settings/organisation")).await.shows("Acme Cycles");
    let taken = app.pat(form(&of(&app), &but("name", "Globex Travel"))).await;
    assert_eq!(taken.shows("Another tenant has this name.").status, 422);
}

#[actix_web::test]
async fn deactivating_signs_everybody_out_at_once_on_every_process_and_ends_their_streams() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let other = app.another_process();
    let bob = app.signed_in(Who::Bob);
    let as_bob = || get("/inbox").cookie(bob.cookie.clone()).build(Some(&bob.csrf));
    assert_eq!(TestApp::send_to(&other, as_bob()).await.status, 200);
    let listener = app.within({
        let session = bob.session;
        move |_, tenant| Ok(Listener { tenant: Some(tenant), session })
    });
    let mut stream = app.parts.hub.subscribe(listener.await, None);

    let answer = app.pat(post(&format!("{}/deactivation", of(&app)))).await;

    assert_eq!(answer.status, 303);
    let mut heard = String::new();
    while let Some(frame) = futures_util::StreamExt::next(&mut stream).await {
        heard += &String::from_utf8_lossy(&frame);
    }
    assert!(heard.contains("signed_out"), "{heard}");
    assert_eq!(app.bob(get("/inbox")).await.status, 303);
    app.until("the other process knows", async || TestApp::send_to(&other, as_bob()).await.status == 303).await;
    assert_eq!(app.carol(get("/inbox")).await.status, 200, "others work on");
    assert_eq!(log(&app, "acme"), ["deactivated tenants by Pat"]);
    app.pat(get(&of(&app))).await.shows("Inactive");
    assert_eq!(app.pat(post(&format!("{}/deactivation", of(&app)))).await.status, 303, "twice is once");
    app.pat(post(&format!("{}/activation", of(&app)))).await;
    assert_eq!(log(&app, "acme"), ["deactivated tenants by Pat", "activated tenants by Pat"]);
    assert_eq!(app.bob(get("/inbox")).await.status, 303, "who was signed out signs in anew");
}

#[actix_web::test]
async fn a_deleted_tenant_still_receives_and_is_on_no_list_but_its_own() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let url = format!("{}/deletion", of(&app));

    let refused = app.pat(form(&url, &[("name", "Acme")])).await;
    assert_eq!(refused.shows("Type the name “Acme Bikes”").shows(r#"value="Acme""#).status, 422);
    assert_eq!(app.pat(form(&url, &[("name", "Acme Bikes")])).await.status, 303);

    app.pat(get(HERE)).await.hides("Acme Bikes");
    app.pat(get("/platform/tenants?state=deleted")).await.shows("Acme Bikes").hides("Globex");
    assert_eq!(app.ada(get("/inbox")).await.status, 303);
    app.conversation(number, ANA, &["Hello"]).await;
    assert_eq!(app.count("FROM messages WHERE body = 'Hello'"), 1);
    assert_eq!(app.pat(form(&of(&app), &but("slug", "acme"))).await.status, 422, "restore it first");
    app.pat(post(&format!("{}/restoration", of(&app)))).await;
    app.pat(get(HERE)).await.shows("Acme Bikes");
    assert_eq!(log(&app, "acme"), ["deleted tenants by Pat", "restored tenants by Pat"]);
}

#[actix_web::test]
async fn a_name_that_was_given_away_meanwhile_keeps_a_tenant_deleted() {
    let app = TestApp::new().await;
    app.pat(form(&format!("{}/deletion", of(&app)), &[("name", "Acme Bikes")])).await;
    app.pat(form(HERE, &but("name", "Acme Bikes"))).await.shows("is invited");

    let answer = app.pat(post(&format!("{}/restoration", of(&app)))).await;

    assert_eq!(answer.shows("Another tenant is called “Acme Bikes”").status, 422);
    assert_eq!(app.count("FROM tenants WHERE name = 'Acme Bikes' AND deleted_at IS NULL"), 1);
}

#[actix_web::test]
async fn who_has_not_used_the_link_gets_another_one() {
    let app = TestApp::new().await;
    app.pat(form(HERE, &filled())).await;
    let row = "SELECT '/platform/tenants/' || tenant_id || '/administrators/' || id || '/invitation' AS text FROM users \
               WHERE email = ";
    let ida = app.text(&format!("{row}'ida@initech.test'"));

    let again = app.pat(post(&ida)).await;

    again.shows("Ida Ivens is invited").shows("/welcome/");
    app.sql("UPDATE users SET is_verified = true");
    assert_eq!(app.pat(post(&ida)).await.shows("cannot be invited").status, 422);
    let bob = app.text(&format!("{row}'bob@acme.test'"));
    assert_eq!(app.pat(post(&bob)).await.status, 404, "no administrator");
}

#[actix_web::test]
async fn an_id_that_is_nobodys_and_the_platforms_own_are_not_found() {
    let app = TestApp::new().await;

    for id in ["00000000-0000-0000-0000-000000000000", "019b0000-0000-7000-8000-000000000000", "nonsense"] {
        for ask in [
            get(&format!("{HERE}/{id}")),
            get(&format!("{HERE}/{id}/edit")),
            post(&format!("{HERE}/{id}/deactivation")),
        ] {
            assert_eq!(app.pat(ask).await.status, 404, "{id}");
        }
    }
    assert_eq!(app.pat(get(HERE)).await.status, 200, "and nobody was signed out");
}

#[actix_web::test]
async fn the_page_shows_figures_and_nothing_that_was_written() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["A secret of Ana's"]).await;

    let page: Answer = app.pat(get(&of(&app))).await;

    page.shows("Ada Arnold").shows("ada@acme.test").hides("secret").hides("Bob Baker").hides(ANA).hides("Workshop");
}
