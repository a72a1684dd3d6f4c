//! The pages of a customer's timeline, and the newest one fetched anew.

use super::record::made;
use crate::support::talk::ANA;
use crate::support::{TestApp, form, get};

/// Ana with 50 messages of hers, the last one number 50.
async fn ana(app: &TestApp) -> String {
    let number = app.number("Workshop").await;
    let said: Vec<String> = (1..=50).map(|nth| format!("Line {nth:02}.")).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    app.conversation(number, ANA, &said).await;
    format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"))
}

/// The address of the older ones.
fn older(html: &str) -> String {
    let (_, rest) = html.split_once(r#"<a class="btn" href=""#).expect("older ones");
    rest.split_once('"').unwrap().0.to_owned()
}

#[actix_web::test]
async fn older_happenings_follow_without_a_gap_and_name_their_day_once() {
    let app = TestApp::new().await;
    let page = ana(&app).await;
    let newest = app.bob(get(&page)).await;
    let last = (1..=50).rev().find(|nth| !newest.has(&format!("Line {nth:02}."))).unwrap();

    let next = app.bob(get(&older(&newest.html)).htmx("timeline_older")).await;

    next.shows(&format!("Line {last:02}.")).shows("Line 01.").hides(&format!("Line {:02}.", last + 1));
    next.hides("timeline-day").hides("<h1");
    let alone = app.bob(get(&older(&newest.html))).await;
    alone.shows("timeline-day").shows("<h1");
}

#[actix_web::test]
async fn the_newest_page_fetched_anew_still_meets_the_older_ones() {
    let app = TestApp::new().await;
    let page = ana(&app).await;
    let newest = app.bob(get(&page)).await;
    let from = newest.field("from");
    let shown: Vec<String> = (1..=50).map(|nth| format!("Line {nth:02}.")).filter(|line| newest.has(line)).collect();
    app.ada(form(&format!("{page}/state"), &[("state", "archived"), ("reason", "Moved away")])).await;

    let again = app.bob(get(&format!("{page}?from={from}")).htmx("customer")).await;

    again.shows("Moved away").hides("<html");
    for line in &shown {
        again.shows(line);
    }
    assert_eq!(again.field("from"), from, "the older ones begin where they began");
    assert_eq!(older(&again.html), older(&newest.html));
    again.shows(&format!("timeline_before_{from}"));
}

#[actix_web::test]
async fn what_is_no_place_in_the_timeline_is_its_beginning() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;

    for nonsense in ["from=x", "from=", "before=%00", "from=AAAA&before=BBBB"] {
        app.bob(get(&format!("{page}?{nonsense}")))
            .await
            .shows("Became a customer here")
            .shows(r#"id="timeline_from" name="from" value="""#);
    }
}
