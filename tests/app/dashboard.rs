//! The first page: today's load for those who answer, the installation for who looks after it.

use super::inbox_rows::waiting;
use super::support::talk::{ANA, BEN};
use super::support::{TestApp, get};

#[actix_web::test]
async fn the_desk_shows_who_waits_and_what_came_today() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello", "Anybody?"]).await;
    app.conversation(number, BEN, &["Good morning"]).await;
    waiting(&app, ana, 65);

    let page = app.bob(get("/")).await;

    page.shows("Bob").shows("Ana Alves").shows("1 h 5 min").shows("Workshop").shows("Working");
    page.shows(&format!(r#"href="/inbox/{ana}""#));
    let part = app.bob(get("/").htmx("dashboard")).await;
    part.shows("Ana Alves").hides("<html").hides("<h1>");
}

#[actix_web::test]
async fn an_agent_does_not_see_who_waits_for_a_colleague() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello"]).await;
    app.assign(ana, "eve@acme.test");

    app.bob(get("/")).await.hides("Ana Alves").shows("Nobody is waiting");
    app.eve(get("/")).await.shows("Ana Alves");
    app.max(get("/")).await.shows("Ana Alves");
    app.carol(get("/")).await.hides("Ana Alves").hides("Workshop").shows("No number yet");
}

#[actix_web::test]
async fn the_platforms_administrator_sees_figures_and_no_words_of_tenants() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["A secret of Acme"]).await;

    let page = app.pat(get("/")).await;

    page.shows("Tenants").shows("Numbers").hides("A secret of Acme").hides("Ana Alves").hides("Workshop");
}

#[actix_web::test]
async fn each_role_gets_its_own_rail() {
    let app = TestApp::new().await;
    let goes = |html: &str, to: &str| html.contains(&format!(r#"class="rail-item" href="{to}""#));

    let (ada, bob, pat) = (app.ada(get("/")).await, app.bob(get("/")).await, app.pat(get("/")).await);

    assert!(goes(&ada.html, "/inbox") && goes(&ada.html, "/settings/numbers") && !goes(&ada.html, "/platform/health"));
    assert!(goes(&bob.html, "/inbox") && !goes(&bob.html, "/settings/numbers"));
    assert!(!goes(&pat.html, "/inbox") && goes(&pat.html, "/platform/tenants"));
    assert!(bob.has("/settings/numbers/health") && !pat.has("/settings/numbers/health"));
}
