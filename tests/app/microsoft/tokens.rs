//! Access to Microsoft Graph is refreshed by itself, one at a time, and ends in the open.

use super::{BOB, Desk};
use crate::support::authority::Lie;
use crate::support::get;
use std::time::Duration;
use switchboard::kit::error::Result;
use switchboard::kit::secret::Secret;
use switchboard::microsoft::Microsoft;
use switchboard::microsoft::tokens::fresh_token;
use switchboard::users::model::UserId;
use uuid::Uuid;

pub async fn fresh(desk: &Desk, user: UserId) -> Result<Secret<String>> {
    let tenant = desk.app.within(|_, tenant| Ok(tenant)).await;
    let authority = desk.app.parts.microsoft.authority().unwrap();
    fresh_token(&desk.app.parts.db, tenant, &desk.app.parts.vault, authority, user).await
}

/// Bob's link, with a token that is about to end.
async fn linked(desk: &Desk) -> UserId {
    desk.microsoft.life(60);
    desk.bob_is_linked().await;
    desk.microsoft.life(3600);
    bob(desk)
}

fn bob(desk: &Desk) -> UserId {
    desk.app.text("SELECT user_id::text AS text FROM microsoft_accounts").parse::<Uuid>().unwrap().into()
}

fn sealed(desk: &Desk) -> String {
    desk.app.text("SELECT md5(refresh_token) AS text FROM microsoft_accounts")
}

#[actix_web::test]
async fn a_good_token_is_handed_out_as_it_is() {
    let desk = Desk::new().await;
    desk.bob_is_linked().await;

    let (one, two) = (fresh(&desk, bob(&desk)).await.unwrap(), fresh(&desk, bob(&desk)).await.unwrap());

    assert!(one.expose().starts_with("access-") && one.expose() == two.expose());
    assert_eq!(desk.microsoft.asked("token"), 1, "when it was linked");
}

#[actix_web::test]
async fn an_old_token_is_refreshed_and_the_refresh_token_with_it() {
    let desk = Desk::new().await;
    let bob = linked(&desk).await;
    let before = sealed(&desk);

    let first = fresh(&desk, bob).await.unwrap();
    assert_ne!(sealed(&desk), before);
    desk.app.sql("UPDATE microsoft_accounts SET token_expires_at = now()");
    let second = fresh(&desk, bob).await.unwrap();

    assert_ne!(first.expose(), second.expose());
    assert_eq!(desk.microsoft.asked("token"), 3);
}

#[actix_web::test]
async fn many_who_need_it_at_once_refresh_it_once() {
    let desk = Desk::new().await;
    let bob = linked(&desk).await;

    let all = futures_util::future::join_all((0..8).map(|_| fresh(&desk, bob))).await;

    let tokens: Vec<String> = all.into_iter().map(|token| token.unwrap().expose().clone()).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
    assert_eq!(desk.microsoft.asked("token"), 2, "linked, and refreshed once");
}

#[actix_web::test]
async fn what_microsoft_took_back_is_gone_and_the_page_says_so() {
    let desk = Desk::new().await;
    let user = linked(&desk).await;
    let stolen = "SELECT encode(refresh_token, 'hex') AS text FROM microsoft_accounts";
    let old = desk.app.text(stolen);
    fresh(&desk, user).await.unwrap();
    desk.app.sql(&format!(
        "UPDATE microsoft_accounts SET refresh_token = decode('{old}', 'hex'), token_expires_at = now()"
    ));

    let refused = fresh(&desk, user).await.unwrap_err();

    assert!(refused.to_string().contains("has ended"), "{refused}");
    let none = "FROM microsoft_accounts WHERE access_token IS NULL AND refresh_token IS NULL AND ended_at IS NOT NULL";
    assert_eq!(desk.app.count(none), 1);
    assert_eq!(desk.app.audited().last().unwrap(), "ended microsoft_accounts");
    let bob = desk.browser();
    assert_eq!(desk.sign_in(&bob, "").await.location(), "/", "who it is does not depend on it");
    bob.ask(get("/account/microsoft")).await.shows("Access ended").shows("Renew permission");
    let asked = desk.microsoft.asked("token");
    assert!(fresh(&desk, user).await.is_err());
    assert_eq!(desk.microsoft.asked("token"), asked, "nobody is asked again");

    desk.link(&bob).await;
    assert!(fresh(&desk, user).await.is_ok());
    bob.ask(get("/account/microsoft")).await.hides("Access ended");
}

#[actix_web::test]
async fn when_the_answer_is_lost_so_are_the_tokens() {
    for lie in [Lie::Slow, Lie::NotJson] {
        let mut desk = Desk::new().await;
        desk.app
            .change(|parts| parts.microsoft = Microsoft::new(desk.microsoft.registration(Duration::from_millis(400))));
        let bob = linked(&desk).await;
        desk.microsoft.tell(lie);

        assert!(fresh(&desk, bob).await.unwrap_err().to_string().contains("has ended"), "{lie:?}");

        let why = "SELECT after ->> 'why' AS text FROM audit_entries WHERE action = 'ended'";
        assert!(desk.app.text(why).starts_with("its answer"), "{lie:?}");
    }
}

#[actix_web::test]
async fn a_failure_that_passes_costs_nothing() {
    let desk = Desk::new().await;
    let bob = linked(&desk).await;
    let before = sealed(&desk);

    for lie in [Lie::Failing, Lie::Busy, Lie::BadClient] {
        desk.microsoft.tell(lie);
        assert!(fresh(&desk, bob).await.unwrap_err().to_string().contains("busy"), "{lie:?}");
        assert_eq!(sealed(&desk), before, "{lie:?}");
    }

    desk.microsoft.tell(Lie::None);
    assert!(fresh(&desk, bob).await.is_ok());
}

#[actix_web::test]
async fn the_lease_of_a_process_that_died_runs_out() {
    let desk = Desk::new().await;
    let bob = linked(&desk).await;
    desk.app.sql("UPDATE microsoft_accounts SET refresh_lease = gen_random_uuid(), refresh_until = now()");

    assert!(fresh(&desk, bob).await.is_ok());
    assert_eq!(desk.app.count("FROM microsoft_accounts WHERE refresh_lease IS NULL"), 1);
}

#[actix_web::test]
async fn what_is_no_longer_wanted_is_not_kept() {
    let desk = Desk::new().await;
    let user = linked(&desk).await;
    let bob = desk.signed_in(BOB).await;
    bob.ask(crate::support::post("/account/microsoft/unlinking")).await;

    assert!(fresh(&desk, user).await.unwrap_err().to_string().contains("does not exist"));
}
