//! Legal holds and restrictions.

use super::{customer, days_ago};
use crate::support::talk::ANA;
use crate::support::{TestApp, form, get};

async fn with_ana() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    let ana = customer(&app, ANA);
    app.take_jobs();
    (app, ana)
}

#[actix_web::test]
async fn a_held_customer_is_neither_deleted_nor_erased_until_the_hold_is_released() {
    let (app, ana) = with_ana().await;
    let hold = form(&format!("/customers/{ana}/holds"), &[("hold_reason", "Claim 7"), ("until", "")]);
    assert_eq!(app.ada(hold).await.status, 303);
    let erase = || form(&format!("/customers/{ana}/erasure"), &[("messages", "delete"), ("name", "Ana Alves")]);

    app.ada(get(&format!("/customers/{ana}/erasure"))).await.shows("A legal hold keeps this data.");
    let refused = app.ada(erase()).await;
    assert_eq!(refused.status, 422);
    let deleted = app.ada(form(&format!("/customers/{ana}/state"), &[("state", "deleted")])).await;
    assert_eq!(deleted.status, 422);
    assert_eq!(app.text("SELECT state::text AS text FROM customers"), "active");

    app.olga(get("/gdpr/holds")).await.shows("Claim 7").shows("Ana Alves").hides("/release");
    let id = app.text("SELECT id::text AS text FROM legal_holds");
    let path = format!("/gdpr/holds/{id}/release");
    let without = app.ada(form(&path, &[("reason", "")])).await;
    assert_eq!(without.status, 422, "a release has a reason");
    assert_eq!(app.count("FROM legal_holds WHERE ended_at IS NULL"), 1);
    for _ in 0..2 {
        assert_eq!(app.ada(form(&path, &[("reason", "Settled")])).await.status, 303);
    }
    app.ada(get("/gdpr/holds?state=over")).await.shows("Settled").shows("Released");
    assert_eq!(app.ada(erase()).await.status, 303);
    let audited = app.audited();
    assert!(audited.contains(&"held legal_holds".to_owned()));
    assert_eq!(audited.iter().filter(|entry| *entry == "released legal_holds").count(), 1, "released once");
    app.take_jobs();
}

#[actix_web::test]
async fn a_hold_ends_by_itself_after_its_last_day() {
    let (app, ana) = with_ana().await;
    let past =
        app.ada(form(&format!("/customers/{ana}/holds"), &[("hold_reason", "x"), ("until", &days_ago(1))])).await;
    assert_eq!(past.status, 422);
    past.shows("Enter a day that is not over");
    let today = chrono::Utc::now().date_naive() + chrono::Days::new(1);
    app.ada(form(&format!("/customers/{ana}/holds"), &[("hold_reason", "x"), ("until", &today.to_string())])).await;
    app.ada(get("/gdpr/holds")).await.shows("Stands");

    app.sql("UPDATE legal_holds SET until = current_date - 1");

    app.ada(get("/gdpr/holds")).await.shows("No holds here");
    app.ada(get("/gdpr/holds?state=over")).await.shows("Time is up");
    assert_eq!(app.ada(get(&format!("/customers/{ana}/erasure"))).await.status, 200);
}

#[actix_web::test]
async fn nobody_writes_to_a_restricted_customer() {
    let (app, ana) = with_ana().await;
    let path = format!("/customers/{ana}/restriction");
    assert_eq!(app.ada(form(&path, &[("reason", "")])).await.status, 422);
    assert_eq!(app.ada(form(&path, &[("reason", "They contest it")])).await.status, 303);
    let thread = app.conversation_with(ANA);

    let answer = app.bob(form(&format!("/conversations/{thread}/messages"), &[("body", "Hi")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("restricted").shows("Hi");
    assert_eq!(app.count("FROM messages WHERE direction = 'outbound'"), 0);
    app.ada(get(&format!("/customers/{ana}/privacy"))).await.shows("Restricted");
    assert_eq!(app.bob(form(&path, &[("reason", "x")])).await.status, 403);
    assert_eq!(app.ada(form(&format!("{path}/lifting"), &[("reason", "Settled")])).await.status, 303);
    assert_eq!(app.count("FROM customers WHERE restricted_at IS NOT NULL"), 0);
    let audited = app.audited();
    assert!(audited.contains(&"restricted customers".to_owned()));
    assert!(audited.contains(&"unrestricted customers".to_owned()));
    app.take_jobs();
}

#[actix_web::test]
async fn who_saw_whom_is_told_by_user_and_by_customer() {
    let (app, ana) = with_ana().await;
    app.bob(get(&format!("/customers/{ana}"))).await;
    app.max(get(&format!("/inbox/{}", app.conversation_with(ANA)))).await;
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");

    app.ada(get("/gdpr/accesses")).await.shows("Bob Baker").shows("Max Moser").shows("Ana Alves");
    let only = app.ada(get(&format!("/gdpr/accesses?user={bob}"))).await;
    only.shows("Bob Baker").hides("Max Moser</strong>");
    app.ada(get("/gdpr/accesses?customer=%2B351912345678")).await.shows("Max Moser");
    app.ada(get("/gdpr/accesses?what=exported")).await.shows("Nothing here");
    let nobody = app.ada(get("/gdpr/accesses?customer=nobody")).await;
    assert_eq!(nobody.status, 422);
    nobody.shows("No customer has this").hides("Max Moser <");
    app.olga(get(&format!("/customers/{ana}/accesses"))).await.shows("Bob Baker").shows("looked at");
    assert_eq!(app.max(get(&format!("/customers/{ana}/accesses"))).await.status, 403);
    app.take_jobs();
}
