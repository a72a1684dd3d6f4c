//! Support access: granted by the organisation for some hours, used in the open, over at once when either side says so.

use super::support::cast::SignedIn;
use super::support::talk::ANA;
use super::support::{Answer, Ask, TestApp, Who, form, get, post};
use actix_web::body::to_bytes;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use switchboard::app::Parts;

const HERE: &str = "/settings/support";

/// Acme with a conversation, and access granted by Ada.
async fn granted() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello from Ana"]).await;
    let answer = app.ada(form(HERE, &[("hours", "2"), ("reason", "Look at the inbox")])).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    (app, conversation.to_string())
}

/// A browser of Pat's, which keeps the cookie that it was given last.
struct Pat<'a> {
    app: &'a TestApp,
    parts: &'a Parts,
    signed_in: SignedIn,
}

impl<'a> Pat<'a> {
    fn of(app: &'a TestApp) -> Self {
        Self { app, parts: &app.parts, signed_in: app.signed_in(Who::Pat) }
    }

    async fn ask(&self, ask: Ask) -> Answer {
        let req = ask.cookie(self.signed_in.cookie.clone()).build(Some(&self.signed_in.csrf));
        TestApp::send_to(self.parts, req).await
    }

    /// Takes a step that renews the session.
    async fn renew(&mut self, ask: Ask) -> Answer {
        let answer = self.ask(ask).await;
        assert_eq!(answer.status, 303, "{}", answer.html);
        self.signed_in.cookie = answer.cookie("switchboard").expect("a new cookie");
        let page = self.ask(get("/")).await;
        let csrf = page.html.split(r#"name="csrf-token" content=""#).nth(1).unwrap();
        self.signed_in.csrf = csrf.split('"').next().unwrap().to_owned();
        answer
    }

    async fn enter(&mut self) -> Answer {
        self.renew(post(&format!("/platform/tenants/{}/support", self.app.acme))).await
    }
}

fn log(app: &TestApp) -> Vec<String> {
    app.texts(
        "SELECT action || ' by ' || COALESCE((SELECT first_name FROM users WHERE users.id = actor_id), 'nobody') AS text \
         FROM audit_entries WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'acme') \
         AND (entity = 'support_grants' OR action = 'refused') ORDER BY audit_entries.id",
    )
}

#[actix_web::test]
async fn without_a_grant_nothing_of_a_tenant_is_to_be_seen() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello"]).await;
    let pat = Pat::of(&app);

    let entered = pat.ask(post(&format!("/platform/tenants/{}/support", app.acme))).await;

    assert_eq!(entered.shows("There is no support access now.").status, 422);
    for page in ["/inbox", &format!("/inbox/{conversation}"), "/settings/numbers", HERE, "/settings/organisation"] {
        assert_eq!(pat.ask(get(page)).await.status, 403, "{page}");
    }
    app.pat(get(&format!("/platform/tenants/{}", app.acme)))
        .await
        .shows("None. An administrator")
        .hides("Enter</button>");
}

#[actix_web::test]
async fn inside_the_platform_reads_as_an_auditor_and_changes_nothing() {
    let (app, conversation) = granted().await;
    let mut pat = Pat::of(&app);
    pat.ask(get(&format!("/platform/tenants/{}", app.acme))).await.shows("Look at the inbox").shows("Enter</button>");

    assert_eq!(pat.enter().await.location(), "/");

    for page in ["/", "/inbox", "/settings/numbers", "/settings/organisation", HERE] {
        let answer = pat.ask(get(page)).await;
        assert_eq!(answer.status, 200, "{page}");
        answer.shows("Support access to <strong>Acme Bikes</strong> until").shows(r#"action="/support/leaving""#);
        answer.hides("/platform/tenants\"");
    }
    let thread = pat.ask(get(&format!("/inbox/{conversation}"))).await;
    thread.shows("Hello from Ana").hides("351912345678").hides("912 345 678").hides("/messages\"");
    for (ask, status) in [
        (post(&format!("/conversations/{conversation}/resolution")), 403),
        (form(&format!("/conversations/{conversation}/messages"), &[("body", "Hi")]), 403),
        (form(HERE, &[("hours", "72"), ("reason", "More")]), 403),
        (form("/settings/organisation", &[("description", "Mine")]), 403),
        (get("/platform/tenants"), 403),
        (post(&format!("/conversations/{conversation}/reading")), 204),
    ] {
        assert_eq!(pat.ask(ask.clone()).await.status, status, "{}", ask.uri);
    }
    assert_eq!(app.count("FROM conversation_readers"), 0, "nobody of the tenant has read it");
    assert_eq!(app.carol(get(&format!("/inbox/{conversation}"))).await.status, 404);
    let refused = ["refused by Pat"; 5];
    assert_eq!(log(&app)[..2], ["granted by Ada", "entered by Pat"]);
    assert_eq!(log(&app)[2..], refused);
}

#[actix_web::test]
async fn ones_own_account_stays_ones_own_inside() {
    let (app, _) = granted().await;
    let mut pat = Pat::of(&app);
    pat.enter().await;

    assert_eq!(pat.ask(form("/account/theme", &[("theme", "dark")])).await.status, 303);

    assert_eq!(app.count("FROM users WHERE email = 'pat@switchboard.test' AND preferences ->> 'theme' = 'dark'"), 1);
    assert_eq!(app.count("FROM users WHERE preferences ->> 'theme' = 'dark'"), 1);
}

#[actix_web::test]
async fn the_session_is_another_one_inside_and_outside_again() {
    let (app, _) = granted().await;
    let mut pat = Pat::of(&app);
    app.sql("UPDATE user_sessions SET ends_at = now() + interval '90 minutes'");
    let before = pat.signed_in.clone();

    pat.enter().await;
    let inside = pat.signed_in.clone();
    assert!(inside.cookie.value() != before.cookie.value() && inside.csrf != before.csrf);
    let old = get("/").cookie(before.cookie.clone()).build(None);
    assert_eq!(app.send(old).await.status, 303, "the old cookie opens nothing");
    let left = pat.renew(post("/support/leaving")).await;

    assert_eq!(left.location(), format!("/platform/tenants/{}", app.acme));
    assert!(pat.signed_in.cookie.value() != inside.cookie.value() && pat.signed_in.csrf != inside.csrf);
    let old = get("/inbox").cookie(inside.cookie).build(None);
    assert_eq!(app.send(old).await.status, 303, "nor does the one from inside");
    assert_eq!(pat.ask(get("/inbox")).await.status, 403);
    pat.ask(get("/platform/tenants")).await.hides("Support access to");
    let late = "FROM user_sessions JOIN users ON users.id = user_id WHERE email = 'pat@switchboard.test' AND ends_at > now() + interval '91 minutes'";
    assert_eq!(app.count(late), 0, "going in and out makes no session longer");
    assert_eq!(log(&app), ["granted by Ada", "entered by Pat", "left by Pat"]);
    assert_eq!(pat.ask(post("/support/leaving")).await.location(), "/", "leaving twice leads home");
}

#[actix_web::test]
async fn both_sides_see_who_is_inside() {
    let (app, _) = granted().await;
    let mut pat = Pat::of(&app);
    app.ada(get(HERE)).await.shows("Look at the inbox").shows("Ada Arnold").hides("Pat Petrov");

    pat.enter().await;

    app.ada(get(HERE)).await.shows("Pat Petrov").shows("inside now");
    app.olga(get(HERE)).await.shows("inside now").hides("End now");
    app.sql("UPDATE support_visits SET seen_at = now() - interval '10 minutes'");
    app.ada(get(HERE)).await.shows("last seen").hides("inside now");
    app.sql("UPDATE user_sessions SET last_seen_at = now() - interval '10 minutes'");
    app.parts.sessions.forget();
    pat.ask(get("/inbox")).await;
    app.ada(get(HERE)).await.shows("inside now");
    assert_eq!(pat.ask(post("/logout")).await.status, 303);
    app.ada(get(HERE)).await.shows("left ").hides("inside now");
}

#[actix_web::test]
async fn an_end_by_the_tenant_counts_on_the_next_request_on_every_process_and_ends_streams() {
    let (app, conversation) = granted().await;
    app.hub_is_up().await;
    let other = app.another_process();
    app.until("the other line is up", async || other.hub.is_up()).await;
    let mut pat = Pat::of(&app);
    pat.enter().await;
    let there = Pat { app: &app, parts: &other, signed_in: pat.signed_in.clone() };
    let thread = format!("/inbox/{conversation}");
    assert_eq!((pat.ask(get(&thread)).await.status, there.ask(get(&thread)).await.status), (200, 200));
    let events = get("/events").cookie(pat.signed_in.cookie.clone()).build(None);
    let stream = app.open(events).await.into_body();

    let grant = app.text("SELECT id::text AS text FROM support_grants");
    assert_eq!(app.ada(post(&format!("{HERE}/{grant}/ending"))).await.status, 303);

    assert_eq!(pat.ask(get(&thread)).await.status, 403);
    app.until("the other process knows", async || there.ask(get(&thread)).await.status == 403).await;
    let heard = String::from_utf8_lossy(&to_bytes(stream).await.unwrap()).into_owned();
    assert!(heard.contains("signed_out"), "{heard}");
    pat.ask(get("/platform/tenants")).await.shows("Acme Bikes").hides("Support access to");
    app.ada(get(HERE)).await.shows("Ended by you").shows("Pat Petrov");
    assert_eq!(log(&app), ["granted by Ada", "entered by Pat", "ended by Ada"]);
}

#[actix_web::test]
async fn when_the_time_is_up_it_is_over_whatever_is_kept_in_mind() {
    let (app, conversation) = granted().await;
    app.hub_is_up().await;
    let mut pat = Pat::of(&app);
    app.sql("UPDATE support_grants SET expires_at = now() + interval '2 seconds'");
    pat.enter().await;
    let thread = format!("/inbox/{conversation}");
    assert_eq!(pat.ask(get(&thread)).await.status, 200);
    let events = get("/events").cookie(pat.signed_in.cookie.clone()).build(None);
    let stream = app.open(events).await.into_body();

    let heard = String::from_utf8_lossy(&to_bytes(stream).await.unwrap()).into_owned();

    assert!(heard.contains("signed_out"), "{heard}");
    assert_eq!(pat.ask(get(&thread)).await.status, 403, "though the session was read less than five seconds ago");
    app.ada(get(HERE)).await.shows("Time was up").shows("Grant support access");
    assert_eq!(app.ada(form(HERE, &[("hours", "1"), ("reason", "Again")])).await.status, 303);
    assert_eq!(pat.ask(get(&thread)).await.status, 403, "a new grant is entered anew");
}

#[actix_web::test]
async fn the_platform_gives_it_back_and_a_deactivated_tenant_has_none() {
    let (app, _) = granted().await;
    let mut pat = Pat::of(&app);
    pat.enter().await;
    pat.renew(post("/support/leaving")).await;
    let page = format!("/platform/tenants/{}", app.acme);

    assert_eq!(pat.ask(post(&format!("{page}/support/ending"))).await.status, 303);
    app.ada(get(HERE)).await.shows("Ended by the platform");
    app.ada(form(HERE, &[("hours", "1"), ("reason", "Again")])).await;
    pat.enter().await;
    pat.renew(post("/support/leaving")).await;
    assert_eq!(pat.ask(post(&format!("{page}/deactivation"))).await.status, 303);

    assert_eq!(app.count("FROM support_grants WHERE ended_at IS NULL"), 0);
    assert_eq!(pat.ask(post(&format!("{page}/support"))).await.status, 422);
    let whole = ["granted by Ada", "entered by Pat", "left by Pat", "ended by Pat"];
    assert_eq!(log(&app), [whole, whole].concat());
}

#[actix_web::test]
async fn a_rejected_grant_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;

    for (hours, reason, message) in [
        ("0", "Kept words", "from 1 to 72"),
        ("73", "Kept words", "from 1 to 72"),
        ("", "Kept words", "from 1 to 72"),
        ("4", " ", "Say what support is to look at."),
    ] {
        let answer = app.ada(form(HERE, &[("hours", hours), ("reason", reason)])).await;
        assert_eq!(answer.shows(message).status, 422);
        answer.shows(&format!(r#"value="{hours}""#)).shows(&format!("{reason}</textarea>"));
    }

    assert_eq!(app.count("FROM support_grants"), 0);
}

#[actix_web::test]
async fn one_grant_stands_at_a_time_also_when_two_are_given_at_once() {
    let app = TestApp::new().await;
    let ask = || form(HERE, &[("hours", "4"), ("reason", "Help")]);

    let both = futures_util::join!(app.ada(ask()), app.ada(ask()));

    let refused = if both.0.status == 422 { both.0 } else { both.1 };
    assert_eq!(refused.shows("Support access is granted already.").status, 422);
    assert_eq!(app.count("FROM support_grants"), 1);
    let grant = app.text("SELECT id::text AS text FROM support_grants");
    assert_eq!(app.carol(post(&format!("{HERE}/{grant}/ending"))).await.status, 404);
    assert_eq!((app.max(ask()).await.status, app.olga(ask()).await.status), (403, 403));
    assert_eq!(app.ada(post(&format!("{HERE}/{grant}/ending"))).await.status, 303);
    assert_eq!(app.ada(post(&format!("{HERE}/{grant}/ending"))).await.status, 303, "twice is once");
    assert_eq!(log(&app).iter().filter(|line| line.starts_with("ended")).count(), 1);
}

#[actix_web::test]
async fn only_the_platforms_sessions_can_visit() {
    let (app, _) = granted().await;
    let mut pat = Pat::of(&app);
    pat.enter().await;

    let sql = "UPDATE user_sessions SET support_tenant_id = (SELECT id FROM tenants WHERE slug = 'globex'), \
               support_grant_id = gen_random_uuid() WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'acme')";
    app.signed_in(Who::Bob);
    let mut owner = PgConnection::establish(app.url()).unwrap();
    let refused = owner.batch_execute(sql).unwrap_err();

    assert!(refused.to_string().contains("user_sessions_platform_visits"), "{refused}");
    app.sql("UPDATE user_sessions SET support_grant_id = gen_random_uuid() WHERE support_grant_id IS NOT NULL");
    app.parts.sessions.forget();
    assert_eq!(pat.ask(get("/inbox")).await.status, 403, "a grant that is none opens nothing");
}
