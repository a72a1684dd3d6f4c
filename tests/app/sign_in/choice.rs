//! One address in several organisations.

use super::Browser;
use crate::support::cast::PASSWORD;
use crate::support::{Answer, TestApp, form, get};

/// Bob works at Globex too, with the same password.
async fn bob_at_both() -> TestApp {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO users (tenant_id, id, email, password_hash, first_name, last_name, role, is_verified) \
         SELECT globex.id, gen_random_uuid(), bob.email, bob.password_hash, 'Bob', 'Abroad', 'AGENT', true \
         FROM tenants AS globex, users AS bob WHERE globex.slug = 'globex' AND bob.email = 'bob@acme.test'",
    );
    app
}

fn option(page: &Answer, name: &str) -> String {
    let (before, _) = page.html.split_once(&format!(">{name}</button>")).expect(name);
    before.rsplit_once(r#"name="tenant" value=""#).unwrap().1.split_once('"').unwrap().0.to_owned()
}

#[actix_web::test]
async fn whoever_fits_in_both_chooses() {
    let app = bob_at_both().await;
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await;
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD), ("next", "/inbox"), ("stay", "on")];

    let page = browser.ask(form("/login", &fields)).await;
    page.shows("Which organisation?").shows("Acme Bikes").shows("Globex Travel");
    assert_eq!(app.count("FROM user_sessions"), 0);
    let (choice, globex) = (page.field("choice"), option(&page, "Globex Travel"));
    let answer = browser.ask(form("/login/tenant", &[("choice", &choice), ("tenant", &globex)])).await;

    assert_eq!((answer.status, answer.location()), (303, "/inbox"));
    browser.ask(get("/inbox")).await.shows("Globex Travel").hides("Acme Bikes");
    assert_eq!(app.count("FROM user_sessions WHERE stays_signed_in"), 1);
}

#[actix_web::test]
async fn a_wrong_password_names_no_organisation() {
    let app = bob_at_both().await;

    let answer = Browser::new(&app).sign_in("bob@acme.test", "not his password").await;

    assert_eq!(answer.status, 401);
    answer.hides("Acme Bikes").hides("Globex").hides("Which organisation?");
}

#[actix_web::test]
async fn a_choice_is_the_choosers_own_and_not_for_long() {
    let app = bob_at_both().await;
    let browser = Browser::new(&app);
    let page = browser.sign_in("bob@acme.test", PASSWORD).await;
    let (choice, acme) = (page.field("choice"), option(&page, "Acme Bikes"));
    let platform = "00000000-0000-0000-0000-000000000000";
    let thief = Browser::new(&app);
    thief.ask(get("/login")).await;

    let send = |choice: &str, tenant: &str| form("/login/tenant", &[("choice", choice), ("tenant", tenant)]);
    assert_eq!(thief.ask(send(&choice, &acme)).await.status, 403, "another browser");
    assert_eq!(browser.ask(send(&choice, platform)).await.status, 400, "no account there");
    assert_eq!(browser.ask(send(&choice, "nonsense")).await.status, 400);
    for bad in ["", "00", &choice.replace('a', "b"), "zz"] {
        assert_eq!(browser.ask(send(bad, &acme)).await.status, 403, "{bad}");
    }
    app.sql("UPDATE users SET is_active = false WHERE last_name = 'Baker'");
    assert_eq!(browser.ask(send(&choice, &acme)).await.status, 404, "deactivated meanwhile");
    assert_eq!(app.count("FROM user_sessions"), 0);
}
