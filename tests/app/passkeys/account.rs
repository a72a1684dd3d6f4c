//! One's own passkeys, and nobody else's.

use super::*;
use crate::support::Who;

#[actix_web::test]
async fn a_rejected_form_keeps_the_name_and_stores_nothing() {
    let app = desk().await;
    let bob = signed_in(&app, BOB).await;

    let nameless = begin(&bob, " ").await;
    assert_eq!(nameless.shows("Enter a name").status, 422);
    let long = begin(&bob, &"x".repeat(61)).await;
    assert_eq!(long.shows("At most 60 characters").shows(&"x".repeat(61)).status, 422);
    let fields = [("name", "Blue <key>"), ("password", "not his password")];
    let unproven = bob.ask(form("/account/passkeys/challenge", &fields)).await;
    assert_eq!(unproven.shows("This is not your password.").shows("Blue &#60;key&#62;").status, 422);
    unproven.hides("not his password");
    assert_eq!(app.count("FROM passkey_ceremonies"), 0);

    for credential in ["", "nonsense", "{}", "[1]", "null", "{\"id\":\"\\u0000\"}"] {
        let answer = bob.ask(form("/account/passkeys", &[("credential", credential)])).await;
        assert_eq!(answer.shows("Nothing was kept").status, 422, "{credential}");
    }
    assert_eq!(app.count("FROM passkeys"), 0);
    assert_eq!(app.count("FROM users WHERE second_factor_since IS NOT NULL"), 0);
}

#[actix_web::test]
async fn guessing_the_password_there_is_slowed_down() {
    let app = desk().await;
    let bob = signed_in(&app, BOB).await;
    let wrong = [("name", "Laptop"), ("password", "not his password")];
    for _ in 0..5 {
        assert_eq!(bob.ask(form("/account/passkeys/challenge", &wrong)).await.status, 422);
    }
    app.sql("UPDATE tries SET last_at = now()");

    assert_eq!(begin(&bob, "Laptop").await.status, 429);
}

#[actix_web::test]
async fn a_passkey_is_renamed() {
    let app = desk().await;
    bobs_device(&app).await;
    let path = format!("/account/passkeys/{}", id(&app));

    app.bob(get(&path)).await.shows(r#"value="Laptop""#).shows("Remove Laptop?");
    let long = app.bob(form(&path, &[("name", &"ü".repeat(61))])).await;
    assert_eq!(long.shows("At most 60 characters").shows(&"ü".repeat(61)).status, 422);
    assert_eq!(app.bob(form(&path, &[("name", " Desk ")])).await.location(), "/account/security");

    app.bob(get("/account/security")).await.shows("<strong>Desk</strong>").hides("Laptop");
    assert_eq!(app.audited().last().unwrap(), "renamed passkeys");
    app.ada(get("/audit")).await.shows("renamed a passkey");
}

#[actix_web::test]
async fn a_registration_belongs_to_the_session_that_asked_for_it_and_counts_once() {
    let app = desk().await;
    let (bob, eve) = (signed_in(&app, BOB).await, signed_in(&app, "eve@acme.test").await);
    let made = Authenticator::new().create(&options(&begin(&bob, "Laptop").await));
    let finish = || form("/account/passkeys", &[("credential", &made)]);

    assert_eq!(eve.ask(finish()).await.shows("Nothing was kept").status, 422);
    assert_eq!(app.count("FROM passkeys"), 0);
    let (one, two) = futures_util::join!(bob.ask(finish()), bob.ask(finish()));

    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    assert_eq!(bob.ask(finish()).await.status, 422);
    assert_eq!(app.count("FROM passkeys"), 1);
}

#[actix_web::test]
async fn a_device_that_lies_is_not_added() {
    let app = desk().await;
    let bob = signed_in(&app, BOB).await;
    for (what, mut device) in [
        ("another origin", Authenticator { origin: "https://evil.test".into(), ..Authenticator::new() }),
        ("another name", Authenticator { name: "evil.test".into(), ..Authenticator::new() }),
        ("nobody verified", Authenticator { verifies: false, ..Authenticator::new() }),
    ] {
        assert_eq!(add(&bob, &mut device, "Laptop").await.shows("Nothing was kept").status, 422, "{what}");
    }
    let page = begin(&bob, "Laptop").await;
    let mut other = options(&page);
    other["challenge"] = "AAAA".into();
    let made = Authenticator::new().create(&other);
    assert_eq!(bob.ask(form("/account/passkeys", &[("credential", &made)])).await.status, 422);
    app.sql("UPDATE passkey_ceremonies SET expires_at = now()");
    let late = Authenticator::new().create(&options(&page));
    assert_eq!(bob.ask(form("/account/passkeys", &[("credential", &late)])).await.status, 422);

    assert_eq!(app.count("FROM passkeys"), 0);
}

#[actix_web::test]
async fn one_passkey_is_one_persons() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let (eve, carol) = (signed_in(&app, "eve@acme.test").await, signed_in(&app, "carol@globex.test").await);

    for other in [eve, carol] {
        let answer = add(&other, &mut device.clone(), "Also mine").await;
        assert_eq!(answer.shows("known already").status, 422);
    }

    assert_eq!(app.count("FROM passkeys"), 1);
    assert_eq!(sign_in(&Browser::new(&app), &mut device, "").await.location(), "/");
}

#[actix_web::test]
async fn nobody_touches_anothers_passkey() {
    let app = desk().await;
    bobs_device(&app).await;
    let path = format!("/account/passkeys/{}", id(&app));
    let removal = format!("{path}/removal");

    for who in [Who::Ada, Who::Eve, Who::Carol, Who::Pat] {
        assert_eq!(app.ask(who, get(&path)).await.status, 404, "{who:?}");
        assert_eq!(app.ask(who, form(&path, &[("name", "Mine")])).await.status, 404, "{who:?}");
        assert_eq!(app.ask(who, form(&removal, &[("password", PASSWORD)])).await.status, 404, "{who:?}");
    }
    assert_eq!(app.bob(post(&removal).without_token()).await.status, 403);
    assert_eq!(app.bob(post("/account/passkeys").without_token()).await.status, 403);
    assert!(app.anybody(post(&removal)).await.location().starts_with("/login"));
    let wrong = app.bob(form(&removal, &[("password", "not his password")])).await;
    assert_eq!(wrong.shows("This is not your password.").status, 422);
    assert_eq!(app.text("SELECT name AS text FROM passkeys"), "Laptop");
}

#[actix_web::test]
async fn there_is_an_end_to_passkeys() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let sql = "INSERT INTO passkeys (tenant_id, id, user_id, name, user_handle, credential_id, credential) \
               SELECT tenant_id, gen_random_uuid(), user_id, 'Copy', user_handle, decode(lpad(to_hex(n), 8, '0'), 'hex'), \
               credential FROM passkeys, generate_series(1, 19) AS n";
    app.sql(sql);
    let bob = Browser::new(&app);
    sign_in(&bob, &mut device, "").await;
    bob.ask(get("/account/security")).await;

    let answer = add(&bob, &mut Authenticator::new(), "One more").await;

    assert_eq!(answer.shows("You have 20 passkeys").status, 422);
    assert_eq!(app.count("FROM passkeys"), 20);
}

#[actix_web::test]
async fn whoever_has_no_password_proves_it_by_a_code_or_a_fresh_sign_in() {
    let app = desk().await;
    let mut device = bobs_device(&app).await;
    let removal = format!("/account/passkeys/{}/removal", id(&app));
    app.sql("UPDATE users SET password_hash = NULL WHERE email = 'bob@acme.test'");
    let bob = Browser::new(&app);
    sign_in(&bob, &mut device, "").await;
    bob.ask(get("/account/security")).await.shows("or a recovery code");
    assert_eq!(bob.ask(form(&removal, &[("code", "wrong")])).await.shows("not the code").status, 422);

    app.sql("DELETE FROM recovery_codes");
    app.sql("UPDATE user_sessions SET created_at = now() - interval '16 minutes'");
    assert_eq!(bob.ask(post(&removal)).await.shows("Sign out and in again").status, 422);
    assert_eq!(app.count("FROM passkeys"), 1);
    let fresh = Browser::new(&app);
    sign_in(&fresh, &mut device, "").await;
    fresh.ask(get("/account/security")).await;

    assert_eq!(fresh.ask(post(&removal)).await.location(), "/account/security");
    assert_eq!(app.count("FROM passkeys"), 0);
}
