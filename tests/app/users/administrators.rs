//! A tenant is never left without somebody who can look after its people.

use super::{TestApp, Who, get, page_of, post, rows, typed};
use crate::support::Answer;

/// Makes Max a second administrator.
async fn two(app: &TestApp) {
    assert_eq!(app.ada(typed(app, Who::Max, &[("role", "TENANT_ADMIN")]).await).await.status, 303);
}

#[actix_web::test]
async fn nobody_shuts_themselves_out() {
    let app = TestApp::new().await;
    two(&app).await;
    let (url, before) = (page_of(&app, Who::Ada), rows(&app));

    for (step, words) in
        [("deactivation", "You cannot deactivate yourself"), ("deletion", "You cannot delete yourself")]
    {
        let answer = app.ada(post(&format!("{url}/{step}"))).await;
        assert_eq!(answer.shows(words).status, 422);
    }

    assert_eq!(rows(&app), before);
    app.ada(get(&url)).await.hides("/deactivation").hides("/deletion");
}

#[actix_web::test]
async fn the_last_administrator_stays_one() {
    let app = TestApp::new().await;
    let before = rows(&app);

    let answer = app.ada(typed(&app, Who::Ada, &[("role", "AGENT"), ("last_name", "Abel")]).await).await;

    assert_eq!(answer.status, 422);
    answer.shows("Ada Arnold is the only active administrator. Make somebody else one first.").shows(r#"value="Abel""#);
    assert_eq!(rows(&app), before);
}

#[actix_web::test]
async fn an_administrator_who_cannot_sign_in_counts_for_nothing() {
    for state in ["is_active = false", "is_verified = false", "deleted_at = now()"] {
        let app = TestApp::new().await;
        two(&app).await;
        app.sql(&format!("UPDATE users SET {state} WHERE first_name = 'Max'"));

        let answer = app.ada(typed(&app, Who::Ada, &[("role", "AGENT")]).await).await;

        assert_eq!(answer.shows("the only active administrator").status, 422, "{state}");
    }
}

#[actix_web::test]
async fn one_of_two_may_step_down_and_is_led_where_they_may_be() {
    let app = TestApp::new().await;
    two(&app).await;

    let answer = app.ada(typed(&app, Who::Ada, &[("role", "AGENT")]).await).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert_eq!(app.ada(get("/settings/users")).await.status, 403);
    assert_eq!(app.max(get("/settings/users")).await.status, 200);
}

#[actix_web::test]
async fn of_two_who_demote_each_other_at_once_one_stays() {
    for round in 0..4 {
        let app = TestApp::new().await;
        two(&app).await;
        let demote_max = typed(&app, Who::Max, &[("role", "AGENT")]).await;
        let demote_ada = typed(&app, Who::Ada, &[("role", "AGENT")]).await;

        let (by_ada, by_max) = futures_util::join!(app.ada(demote_max), app.max(demote_ada));

        let statuses = [by_ada.status, by_max.status];
        assert!(statuses.contains(&303) && statuses != [303, 303], "round {round}: {statuses:?}");
        let left = format!("FROM users WHERE role = 'TENANT_ADMIN' AND tenant_id = '{}'", app.acme);
        assert_eq!(app.count(&left), 1, "round {round}");
    }
}

#[actix_web::test]
async fn of_two_who_delete_each_other_at_once_one_stays() {
    let app = TestApp::new().await;
    two(&app).await;
    let (ada, max) = (page_of(&app, Who::Ada), page_of(&app, Who::Max));

    let (by_ada, by_max) =
        futures_util::join!(app.ada(post(&format!("{max}/deletion"))), app.max(post(&format!("{ada}/deactivation"))));

    // The other is refused, or comes so late that nobody is signed in any more who asks.
    let is_done = |answer: &Answer| answer.status == 303 && !answer.location().starts_with("/login");
    assert!(is_done(&by_ada) != is_done(&by_max), "{by_ada:?} {by_max:?}");
    let left = "FROM users WHERE role = 'TENANT_ADMIN' AND is_active AND deleted_at IS NULL";
    assert_eq!(app.count(&format!("{left} AND tenant_id = '{}'", app.acme)), 1);
}
