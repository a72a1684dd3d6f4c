//! No entry holds what nobody may know, whatever the cast does.

use crate::sign_in::Browser;
use crate::support::cast::PASSWORD;
use crate::support::talk::ANA;
use crate::support::{TestApp, form, get, post};
use switchboard::users::model as users;

const KEY: &str = "the-gateway-key-of-acme";
const CHOSEN: &str = "another horse battery staple";

#[actix_web::test]
async fn nothing_that_the_cast_does_writes_a_secret_down() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello"]).await;
    let fields = [
        ("name", "Support"),
        ("external_session_id", "acme-support"),
        ("engine", "GOWS"),
        ("waha_url", "https://waha.acme.test"),
        ("waha_api_key", KEY),
    ];
    assert_eq!(app.ada(form("/settings/numbers", &fields)).await.status, 303);
    let bob =
        app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'").parse::<uuid::Uuid>().unwrap();
    let link = app.within(move |conn, tenant| users::invite(conn, tenant, bob.into())).await;

    let browser = Browser::new(&app);
    let welcome = format!("/welcome/{}", link.expose());
    browser.ask(get(&welcome)).await;
    assert_eq!(browser.ask(form(&welcome, &[("password", CHOSEN)])).await.status, 303);
    browser.ask(post("/logout")).await;
    Browser::new(&app).sign_in("eve@acme.test", PASSWORD).await;
    Browser::new(&app).sign_in("max@acme.test", "not the password").await;
    app.until("the failure is written down", async || {
        app.count("FROM audit_entries WHERE action = 'sign_in_failed'") == 1
    })
    .await;
    app.bob(form(&format!("/conversations/{conversation}/messages"), &[("body", "My word is hunter2")])).await;
    app.ada(form("/account/theme", &[("theme", "dark")])).await;
    for step in ["stop", "start", "restart", "logout", "deletion"] {
        app.ada(post(&format!("/settings/numbers/{number}/{step}"))).await;
    }
    app.olga(post(&format!("/settings/numbers/{number}/stop"))).await;
    app.ada(form("/audit/retention", &[("days", "365")])).await;
    app.take_jobs();

    let entries = app.texts("SELECT entry::text AS text FROM audit_entries AS entry").join("\n");
    assert!(entries.lines().count() > 25, "{entries}");
    let mut secrets: Vec<String> = [KEY, CHOSEN, PASSWORD, "not the password", "hunter2", "$argon2", link.expose()]
        .iter()
        .map(|text| (*text).to_owned())
        .collect();
    secrets.extend(app.texts("SELECT password_hash AS text FROM users WHERE password_hash IS NOT NULL"));
    for column in ["token_hash FROM user_sessions", "token_hash FROM sign_in_links", "hmac_key FROM waha_sessions"] {
        let (column, from) = column.split_once(' ').unwrap();
        secrets.extend(app.texts(&format!("SELECT encode({column}, 'hex') AS text {from}")));
        secrets.extend(app.texts(&format!("SELECT encode({column}, 'base64') AS text {from}")));
    }
    for secret in &secrets {
        assert!(!entries.contains(secret.as_str()), "{secret} is written down");
    }
    assert!(secrets.len() > 15);
}
