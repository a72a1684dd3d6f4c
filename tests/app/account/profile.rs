//! The profile: names, place, colours and notifications.

use crate::support::{Ask, TestApp, Who, form, get};

const ROBERT: [(&str, &str); 5] = [
    ("first_name", "Robert"),
    ("last_name", "Baker"),
    ("time_zone", "Asia/Tokyo"),
    ("locale", "de"),
    ("theme", "dark"),
];

fn bobs(app: &TestApp, column: &str) -> String {
    app.text(&format!("SELECT ({column})::text AS text FROM users WHERE email = 'bob@acme.test'"))
}

fn with(changes: &[(&str, &str)]) -> Ask {
    let kept = ROBERT.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form("/account", &kept.chain(changes).copied().collect::<Vec<_>>())
}

#[actix_web::test]
async fn everybody_has_a_profile_also_platform_administrators() {
    let app = TestApp::new().await;

    for who in Who::ALL {
        let page = app.ask(who, get("/account")).await;
        assert_eq!(page.status, 200, "{who:?}");
        page.shows(who.email()).shows("Profile").shows(r#"<option value="Europe/Berlin">"#);
        assert_eq!(app.ask(who, form("/account", &ROBERT)).await.status, 303, "{who:?}");
    }
    app.bob(get("/inbox")).await.shows(r#"href="/account""#);
    assert_eq!(app.anybody(get("/account")).await.status, 303);
}

#[actix_web::test]
async fn what_is_saved_counts_at_once_and_is_written_down() {
    let app = TestApp::new().await;

    let answer = app.bob(form("/account", &ROBERT).fields(&[("mention.sms", "on")])).await;

    assert_eq!((answer.status, answer.location()), (303, "/account?saved=yes"));
    let page = app.bob(get("/account?saved=yes")).await;
    page.shows("Your profile is saved.").shows("Robert Baker").shows(r#"data-theme="dark""#);
    page.shows(r#"value="Asia/Tokyo""#).shows(r#"<option value="de" selected>"#);
    let ticked = page.html.matches(r#"value="on" aria-label="#).count();
    assert_eq!((ticked, page.html.matches(" checked><span aria-hidden").count()), (24, 1));
    let entry = app.text("SELECT before || ' / ' || after AS text FROM (SELECT before::text, after::text FROM audit_entries WHERE action = 'changed') AS entry");
    assert!(entry.contains(r#""first_name": "Bob""#) && entry.contains(r#""first_name": "Robert""#), "{entry}");
    assert!(!entry.contains("last_name"), "only what changed: {entry}");
    app.eve(get("/account")).await.shows("Eve Evans").shows(r#"data-theme="system""#);
}

#[actix_web::test]
async fn saving_it_unchanged_leaves_no_trace() {
    let app = TestApp::new().await;
    app.bob(form("/account", &ROBERT)).await;

    app.bob(form("/account", &ROBERT)).await;

    assert_eq!(app.audited(), ["changed users"]);
}

#[actix_web::test]
async fn without_a_choice_the_organisations_counts() {
    let app = TestApp::new().await;
    app.bob(form("/account", &ROBERT)).await;

    app.bob(with(&[("time_zone", " "), ("locale", "")])).await;

    assert_eq!(bobs(&app, "(time_zone IS NULL AND locale IS NULL)"), "true");
    app.bob(get("/account")).await.shows("Empty: Europe/Berlin.").shows("As the organisation: English");
}

#[actix_web::test]
async fn the_first_choice_of_notifications_is_the_program_s() {
    let app = TestApp::new().await;

    let page = app.bob(get("/account")).await;

    for on in
        ["new_message.in_app", "mention.in_app", "assignment.in_app", "number_trouble.in_app", "number_trouble.email"]
    {
        let (_, rest) = page.html.split_once(&format!(r#"name="{on}""#)).unwrap();
        assert!(rest.split('>').next().unwrap().contains(" checked"), "{on}");
    }
    assert_eq!(page.html.matches(" checked><span aria-hidden").count(), 7);
}

#[actix_web::test]
async fn what_others_wrote_into_the_preferences_is_kept() {
    let app = TestApp::new().await;
    app.sql(r#"UPDATE users SET preferences = '{"tour": "seen", "notifications": {"moon": {"email": true}}}' WHERE email = 'bob@acme.test'"#);

    app.bob(form("/account", &ROBERT).fields(&[("assignment.push", "on"), ("nonsense.email", "on")])).await;

    let kept = bobs(&app, "preferences");
    assert!(kept.contains(r#""tour": "seen""#) && kept.contains(r#""moon": {"email": true}"#), "{kept}");
    assert_eq!(bobs(&app, "preferences -> 'notifications' -> 'assignment' -> 'push'"), "true");
    assert_eq!(bobs(&app, "preferences -> 'notifications' -> 'mention' -> 'in_app'"), "false");
    assert!(!kept.contains("nonsense"));
}

#[actix_web::test]
async fn a_rejected_profile_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let before = bobs(&app, "users");
    let long = "x".repeat(51);

    for (field, value, words) in [
        ("first_name", " ", "Enter your first name."),
        ("last_name", &*long, "At most 50 characters."),
        ("last_name", "a\0b", "characters that cannot be stored"),
        ("time_zone", "Europe/Atlantis", "There is no such time zone."),
        ("locale", "xx", "Choose one of the list."),
        ("theme", "pink", "Choose light, dark or system."),
    ] {
        let answer = app.bob(with(&[(field, value)]).fields(&[("mention.push", "on")])).await;
        assert_eq!(answer.shows(words).status, 422, "{field}");
        let tick = answer.html.split_once(r#"name="mention.push""#).unwrap().1;
        assert!(tick.split('>').next().unwrap().contains(" checked"), "{field}");
        if field != "first_name" {
            answer.shows(r#"value="Robert""#);
        }
    }

    assert_eq!(bobs(&app, "users"), before);
}

#[actix_web::test]
async fn role_address_and_company_are_not_ones_own_to_change() {
    let app = TestApp::new().await;
    let fields =
        [("role", "TENANT_ADMIN"), ("email", "boss@acme.test"), ("company_name", "Mine"), ("is_active", "false")];

    assert_eq!(app.bob(form("/account", &ROBERT).fields(&fields)).await.status, 303);

    assert_eq!(bobs(&app, "role || ' ' || COALESCE(company_name, 'none') || ' ' || is_active"), "AGENT none true");
}
