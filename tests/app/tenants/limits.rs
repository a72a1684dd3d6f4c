//! Limits: shown with their use, told before they are felt, and never exceeded.

use crate::support::talk::{ANA, said, with};
use crate::support::{TestApp, form, get, post};
use serde_json::json;
use switchboard::kit::access::Role;
use switchboard::kit::error::Error;
use switchboard::messages::media::{self, Fetched};
use switchboard::messages::model::MessageId;
use switchboard::users::model::{self as users, UserData};

fn limit(app: &TestApp, column: &str, most: i64) {
    assert_eq!(app.sql(&format!("UPDATE tenants SET {column} = {most} WHERE slug = 'acme'")), 1);
}

fn person(name: &str) -> UserData {
    UserData {
        email: format!("{name}@acme.test"),
        first_name: name.into(),
        last_name: "New".into(),
        role: Role::Agent,
        password_hash: None,
    }
}

#[actix_web::test]
async fn no_user_comes_in_beyond_the_limit_not_even_two_at_once() {
    let app = TestApp::new().await; // with five users
    limit(&app, "max_users", 6);
    let invite = async |name: &str| {
        let data = person(name);
        app.parts.db.platform().enter(app.acme, move |conn, tenant| users::create(conn, tenant, &data)).await
    };

    let made = futures_util::join!(invite("una"), invite("dua"), invite("tria"));

    let made = [made.0, made.1, made.2];
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    assert_eq!(app.count("FROM users WHERE email LIKE '%@acme.test'"), 6);
    for refused in made.into_iter().filter_map(Result::err) {
        assert!(
            matches!(&refused, Error::Refused(why) if why.starts_with("This organisation may have at most 6 users, and has 6.")),
            "{refused}"
        );
    }
    app.sql("UPDATE users SET is_active = false WHERE email = 'eve@acme.test'");
    assert!(invite("quarta").await.is_ok(), "who is deactivated takes no room");
}

#[actix_web::test]
async fn the_form_of_a_user_names_the_limit_and_keeps_what_was_typed() {
    let app = TestApp::new().await; // with five users
    app.sql("UPDATE users SET is_active = false WHERE email = 'eve@acme.test'");
    app.sql("UPDATE users SET deleted_at = now() WHERE email = 'bob@acme.test'");
    limit(&app, "max_users", 3);
    let fields = [("email", "una@acme.test"), ("first_name", "Una"), ("last_name", "New"), ("role", "AGENT")];

    let refused = app.ada(form("/settings/users", &fields)).await;

    refused.shows("This organisation may have at most 3 users, and has 3.").shows(r#"value="una@acme.test""#);
    assert_eq!((refused.status, app.count("FROM users WHERE email = 'una@acme.test'")), (422, 0));
    for (email, step) in [("eve@acme.test", "activation"), ("bob@acme.test", "restoration")] {
        let id = app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{email}'"));
        let back = app.ada(post(&format!("/settings/users/{id}/{step}"))).await;
        assert_eq!(back.shows("at most 3 users").status, 422, "{step}");
    }
    assert_eq!(app.count("FROM users WHERE email LIKE '%@acme.test' AND is_active AND deleted_at IS NULL"), 3);
}

#[actix_web::test]
async fn a_number_beyond_the_limit_is_refused_in_its_form() {
    let app = TestApp::new().await;
    limit(&app, "max_numbers", 1);
    let fields = |name: &'static str| {
        [("name", name), ("external_session_id", name), ("engine", "GOWS"), ("waha_url", "https://waha.acme.test")]
    };

    let both = futures_util::join!(
        app.ada(form("/settings/numbers", &fields("one"))),
        app.ada(form("/settings/numbers", &fields("two")))
    );

    let refused = if both.0.status == 422 { both.0 } else { both.1 };
    refused.shows("This organisation may have at most 1 number, and has 1.").shows("https://waha.acme.test");
    assert_eq!((refused.status, app.count("FROM waha_sessions")), (422, 1));
    assert_eq!(app.carol(form("/settings/numbers", &fields("hers"))).await.status, 303, "limits are a tenant's own");
    app.take_jobs();
}

#[actix_web::test]
async fn the_day_has_so_many_messages_and_what_was_written_is_kept() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello"]).await;
    let url = format!("/conversations/{conversation}/messages");
    limit(&app, "max_messages_per_day", 2);
    let id = "019b0000-0000-7000-8000-000000000001";
    for _ in 0..2 {
        let answer = app.bob(form(&url, &[("body", "First"), ("message_id", id)])).await;
        assert_eq!(answer.status, 303, "sent twice it counts once");
    }

    let both =
        futures_util::join!(app.bob(form(&url, &[("body", "Second")])), app.max(form(&url, &[("body", "Second")])));

    let refused = if both.0.status == 422 { both.0 } else { both.1 };
    refused
        .shows("This organisation may write at most 2 messages a day, and has written 2 today.")
        .shows("Second</textarea>");
    assert_eq!(refused.status, 422);
    assert_eq!(app.count("FROM messages WHERE direction = 'outbound'"), 2);
    assert_eq!(app.text("SELECT messages_queued::text AS text FROM tenant_days"), "2");
    app.sql("UPDATE tenant_days SET day = day - 1");
    assert_eq!(app.bob(form(&url, &[("body", "Tomorrow")])).await.status, 303);
    app.take_jobs();
}

#[actix_web::test]
async fn the_day_begins_by_the_tenants_own_clock() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let conversation = app.conversation(number, ANA, &["Hello"]).await;
    app.sql("UPDATE tenants SET time_zone = 'Pacific/Kiritimati' WHERE slug = 'acme'");

    app.bob(form(&format!("/conversations/{conversation}/messages"), &[("body", "Hi")])).await;

    let today = "FROM tenant_days WHERE day = (now() AT TIME ZONE 'Pacific/Kiritimati')::date AND messages_queued = 1";
    assert_eq!(app.count(today), 1);
    app.take_jobs();
}

/// A message with a file that waits to be fetched.
async fn with_file(app: &TestApp) -> MessageId {
    let number = app.number("Workshop").await;
    let media = json!({"hasMedia": true, "media": {"url": "http://waha.test/api/files/f", "mimetype": "image/jpeg"}});
    app.hears(number, with(said(ANA, ""), media)).await;
    assert_eq!(app.take_jobs(), ["messages:fetch_media"]);
    app.text("SELECT id::text AS text FROM messages").parse().unwrap()
}

#[actix_web::test]
async fn a_file_without_room_is_not_stored_and_can_be_asked_for_later() {
    let app = TestApp::new().await;
    let id = with_file(&app).await;
    limit(&app, "max_storage_bytes", 1_000);
    let keep = async |bytes: usize| {
        let file = Fetched::of("somewhere".into(), &vec![b'x'; bytes], None);
        app.within(move |conn, tenant| media::keep(conn, tenant, id, &file)).await
    };

    assert!(!keep(1_001).await);

    let thread = format!("/inbox/{}", app.conversation_with(ANA));
    let page = app.bob(get(&thread)).await;
    page.shows("This photo was not stored. The organisation").shows("at most 1 kB of files").shows("Fetch again");
    app.olga(get(&thread)).await.shows("was not stored").hides("Fetch again");
    assert_eq!(app.count("FROM tenant_storage"), 0);
    let again = post(&format!("/messages/{id}/media"));
    app.take_jobs(); // Bob has read it
    assert_eq!(app.bob(again.clone()).await.location(), thread);
    assert_eq!(app.take_jobs(), ["messages:fetch_media"]);
    app.bob(get(&thread)).await.shows("This photo is being fetched.");
    assert!(keep(1_000).await && keep(1_000).await, "the job's second run counts nothing");
    assert_eq!(app.text("SELECT bytes::text AS text FROM tenant_storage"), "1000");
    assert_eq!(app.bob(again).await.status, 422, "it is here");
}

#[actix_web::test]
async fn a_full_storage_is_not_even_asked_for() {
    let app = TestApp::new().await;
    let id = with_file(&app).await;
    limit(&app, "max_storage_bytes", 0);

    assert!(!app.within(move |conn, tenant| media::has_room(conn, tenant, id)).await);

    let thread = format!("/inbox/{}", app.conversation_with(ANA));
    app.olga(get(&thread)).await.shows("was not stored");
    let again = app.bob(post(&format!("/messages/{id}/media"))).await;
    assert_eq!(again.shows("storage is full").status, 422);
    assert_eq!(app.carol(post(&format!("/messages/{id}/media"))).await.status, 404);
}

#[actix_web::test]
async fn use_is_shown_to_both_sides_and_told_from_four_fifths_on() {
    let app = TestApp::new().await; // with five users
    limit(&app, "max_users", 7);
    app.ada(get("/")).await.hides("See the limits");
    app.ada(get("/settings/organisation")).await.shows("5 of 7");

    limit(&app, "max_users", 6);
    app.ada(get("/")).await.shows("Users: 5 of 6 used.");
    app.bob(get("/")).await.hides("See the limits");
    limit(&app, "max_users", 5);
    app.ada(get("/")).await.shows("may have at most 5 users, and has 5.");
    app.ada(get("/settings/organisation")).await.shows("5 of 5").shows("tone-bad");
    app.pat(get(&format!("/platform/tenants/{}", app.acme))).await.shows("5 of 5").shows("tone-bad");
    app.pat(get("/platform/tenants")).await.shows("5 of 5");
}
