//! Linking an account to oneself, renewing and unlinking it.

use super::{BOB, Desk, PASSWORD, told};
use crate::support::authority::DIRECTORY;
use crate::support::{Who, get, post};
use diesel::RunQueryDsl;
use switchboard::sign_in::refusal::Refusal;

#[actix_web::test]
async fn an_account_is_linked_to_whoever_is_signed_in() {
    let desk = Desk::new().await;
    let bob = desk.signed_in(BOB).await;
    bob.ask(get("/account/microsoft")).await.shows("Not linked").shows("Link a Microsoft account");

    let answer = desk.link(&bob).await;

    assert_eq!((answer.status, answer.location()), (303, "/account/microsoft"));
    bob.ask(get("/account/microsoft")).await.shows("Linked").shows("bob@acme.test").shows("never");
    let sql = "SELECT directory || ' ' || scopes || ' ' || (users.email) AS text FROM microsoft_accounts \
               JOIN users ON users.id = user_id";
    assert_eq!(desk.app.text(sql), format!("{DIRECTORY} openid profile email offline_access User.Read bob@acme.test"));
    assert_eq!(desk.app.audited().last().unwrap(), "linked microsoft_accounts");
}

#[actix_web::test]
async fn no_token_is_stored_logged_or_shown_in_the_clear() {
    let desk = Desk::new().await;
    let bob = desk.signed_in(BOB).await;
    desk.link(&bob).await;
    let pages = [bob.ask(get("/account/microsoft")).await.html, bob.ask(get("/inbox")).await.html].concat();
    let rows = "SELECT string_agg(row, ' ') AS text FROM (SELECT encode(access_token, 'escape') || \
                encode(refresh_token, 'escape') || microsoft_accounts::text AS row FROM microsoft_accounts \
                UNION ALL SELECT audit_entries::text FROM audit_entries) AS rows";
    let stored = desk.app.text(rows);

    let secrets = desk.microsoft.secrets();

    assert!(secrets.iter().any(|secret| secret.starts_with("refresh-")));
    for secret in secrets {
        assert!(!pages.contains(&secret) && !stored.contains(&secret), "{secret}");
    }
}

#[actix_web::test]
async fn who_looks_across_tenants_sees_whose_an_account_is_and_no_token() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let platform = desk.app.parts.db.platform();
    let ask = async |column: &'static str| {
        let sql = format!("SELECT {column} FROM microsoft_accounts");
        platform.run(move |conn| Ok(diesel::sql_query(sql).execute(conn)?)).await
    };

    assert_eq!(ask("user_id, directory, microsoft_id").await.unwrap(), 1);
    for column in ["access_token", "refresh_token", "address", "*"] {
        assert!(ask(column).await.is_err(), "{column}");
    }
}

#[actix_web::test]
async fn tokens_are_sealed_for_their_own_row() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    desk.app.sql("UPDATE microsoft_accounts SET id = gen_random_uuid()");
    let bob = desk.app.text("SELECT user_id::text AS text FROM microsoft_accounts").parse::<uuid::Uuid>().unwrap();

    let token = super::tokens::fresh(&desk, bob.into()).await;

    assert!(token.is_err_and(|error| error.to_string().contains("Something went wrong")));
}

#[actix_web::test]
async fn one_account_has_one_user_in_an_organisation() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let eve = desk.signed_in("eve@acme.test").await;

    let answer = desk.link(&eve).await;

    assert_eq!(answer.location(), "/account/microsoft?refused=taken");
    told(&eve, &answer, Refusal::Taken.sentence()).await;
    assert_eq!(desk.links(), 1);
    assert_eq!(desk.app.audited().last().unwrap(), "refused users");
}

#[actix_web::test]
async fn a_user_has_one_account_and_may_renew_it() {
    let desk = Desk::new().await;
    let bob = desk.signed_in(BOB).await;
    desk.link(&bob).await;
    let tokens = "SELECT md5(access_token) AS text FROM microsoft_accounts";
    let before = desk.app.text(tokens);

    desk.microsoft.person("bob@elsewhere.test");
    let answer = desk.link(&bob).await;
    told(&bob, &answer, Refusal::LinkedOtherwise.sentence()).await;
    assert_eq!(desk.app.text(tokens), before);

    desk.microsoft.person(BOB);
    assert_eq!(desk.link(&bob).await.location(), "/account/microsoft");
    assert_ne!(desk.app.text(tokens), before);
    assert_eq!(desk.app.audited().last().unwrap(), "renewed microsoft_accounts");
    assert_eq!(desk.links(), 1);
}

#[actix_web::test]
async fn an_attempt_belongs_to_the_session_that_began_it() {
    let desk = Desk::new().await;
    let bob = desk.signed_in(BOB).await;
    let back = desk.callback(&bob, post("/account/microsoft")).await;
    let attempt = bob.cookie("switchboard_microsoft").unwrap();

    // Eve sits down at the same browser, or has Bob's cookie.
    let eve = desk.signed_in("eve@acme.test").await;
    let answer = eve.ask(get(&back).cookie(attempt)).await;

    assert_eq!(answer.location(), "/account/microsoft?refused=expired");
    assert_eq!(desk.links(), 0);
}

#[actix_web::test]
async fn a_foreign_page_can_neither_link_nor_unlink() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;

    for path in ["/account/microsoft", "/account/microsoft/unlinking"] {
        assert_eq!(desk.app.bob(post(path).without_token()).await.status, 403, "{path}");
        assert_eq!(desk.app.bob(post(path).token(&desk.app.signed_in(Who::Eve).csrf)).await.status, 403, "{path}");
    }
    assert_eq!(desk.microsoft.asked("authorize"), 1, "when Bob linked it");
    assert_eq!(desk.links(), 1);
}

#[actix_web::test]
async fn an_unlinked_account_opens_nothing_any_more() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    let bob = desk.signed_in(BOB).await;
    bob.ask(get("/account/microsoft")).await.shows("Unlink bob@acme.test?");

    let answer = bob.ask(post("/account/microsoft/unlinking")).await;

    assert_eq!((answer.status, answer.location()), (303, "/account/microsoft"));
    assert_eq!(desk.app.audited().last().unwrap(), "unlinked microsoft_accounts");
    assert_eq!(bob.ask(post("/account/microsoft/unlinking")).await.status, 404, "the second time");
    assert_eq!(desk.sign_in(&desk.browser(), "").await.location(), "/login?refused=unlinked");
    assert_eq!(desk.browser().sign_in(BOB, PASSWORD).await.status, 303);
}

#[actix_web::test]
async fn nobody_unlinks_their_only_way_in() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;
    desk.app.sql("UPDATE users SET password_hash = NULL WHERE email = 'bob@acme.test'");
    let bob = desk.browser();
    desk.sign_in(&bob, "").await;
    bob.ask(get("/account/microsoft")).await.shows("your only way in").hides("Unlink bob");

    let answer = bob.ask(post("/account/microsoft/unlinking")).await;

    assert_eq!(answer.status, 422);
    answer.shows("Choose a password first");
    assert_eq!(desk.links(), 1);
}

#[actix_web::test]
async fn two_links_at_once_are_one() {
    let desk = Desk::new().await;
    let (one, two) = (desk.signed_in(BOB).await, desk.signed_in("eve@acme.test").await);
    let first = desk.callback(&one, post("/account/microsoft")).await;
    let second = desk.callback(&two, post("/account/microsoft")).await;

    let (first, second) = tokio::join!(one.ask(get(&first)), two.ask(get(&second)));

    let mut to = [first.location().to_owned(), second.location().to_owned()];
    to.sort();
    assert_eq!(to, ["/account/microsoft", "/account/microsoft?refused=taken"]);
    assert_eq!(desk.links(), 1);
}
