//! Roles, tokens and strangers.

use super::table::{Line, TABLE};
use super::{Acme, is_unsafe, routes};
use crate::support::{Answer, TestApp, Who};

/// The askers in the table's order.
const ASKERS: [Option<Who>; 7] =
    [None, Some(Who::Ada), Some(Who::Max), Some(Who::Bob), Some(Who::Olga), Some(Who::Carol), Some(Who::Pat)];

#[actix_web::test]
async fn the_table_and_the_program_have_the_same_routes() {
    let app = TestApp::new().await;
    let mut table: Vec<_> = TABLE.iter().map(|line| (line.method.to_owned(), line.path.to_owned())).collect();
    table.sort();

    assert_eq!(routes(&app).await, table);
}

#[actix_web::test]
async fn every_route_answers_each_role_as_the_table_says() {
    let acme = Acme::new().await;
    let mut wrong = Vec::new();

    for line in TABLE {
        for (who, expected) in ASKERS.into_iter().zip(line.answers) {
            acme.reset();
            let status = acme.status(who, line, acme.ask(line)).await;
            if status != expected {
                wrong.push(format!("{} {} for {who:?}: {status} and not {expected}", line.method, line.path));
            }
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
    acme.reset();
}

#[actix_web::test]
async fn htmx_is_sent_to_sign_in_as_it_understands_it() {
    let acme = Acme::new().await;

    // Whoever comes from Microsoft without having gone there is told so, signed in or not.
    let from_elsewhere = |line: &&Line| line.path.starts_with("/login/microsoft/");
    for line in TABLE.iter().filter(|line| line.answers[0] == 303 && !from_elsewhere(line)) {
        let answer = acme.app.anybody(acme.ask(line).htmx("screen")).await;
        let led = answer.header("hx-redirect").starts_with("/login?next=");
        assert!(answer.status == 401 && led && answer.html.is_empty(), "{} {}: {answer:?}", line.method, line.path);
    }
    acme.reset();
}

#[actix_web::test]
async fn without_the_sessions_own_token_nothing_changes() {
    let acme = Acme::new().await;
    acme.reset();
    let foreign = acme.app.signed_in(Who::Eve).csrf;
    let before = acme.checksum();

    // Whoever is signed in is nobody between the factors, with a token or without. Programs have no such token.
    let others = ["/webhooks/", "/login/factor", "/api/"];
    let asks_for_one = |line: &&Line| !others.iter().any(|path| line.path.starts_with(path));
    for line in TABLE.iter().filter(|line| is_unsafe(line)).filter(asks_for_one) {
        for who in [Who::Ada, Who::Pat] {
            for ask in [acme.ask(line).without_token(), acme.ask(line).token(&foreign), acme.ask(line).token("")] {
                for ask in [ask.clone(), ask.htmx("screen")] {
                    let status = acme.status(Some(who), line, ask).await;
                    assert_eq!(status, 403, "{} {} for {who:?}", line.method, line.path);
                }
            }
        }
    }

    assert_eq!(acme.checksum(), before);
}

/// What looking may leave behind: that somebody has looked.
const TRACES: [&str; 4] = ["audit_entries", "conversation_readers", "notifications", "user_sessions"];

#[actix_web::test]
async fn looking_changes_nothing() {
    let acme = Acme::new().await;
    acme.reset();
    for who in [Who::Ada, Who::Olga, Who::Pat] {
        acme.app.signed_in(who);
    }
    let before = acme.checksum_but(&TRACES);

    for line in TABLE.iter().filter(|line| line.method == "GET" && !line.is_api()) {
        for who in [None, Some(Who::Ada), Some(Who::Olga), Some(Who::Pat)] {
            acme.status(who, line, acme.ask(line)).await;
            assert_eq!(acme.checksum_but(&TRACES), before, "{} by {who:?}", line.path);
        }
    }
    acme.reset();
}

#[actix_web::test]
async fn a_stranger_is_told_the_same_of_a_row_as_of_no_row() {
    let acme = Acme::new().await;
    // A page names its place in the events, which begins anew when the line is made.
    acme.app.hub_is_up().await;
    acme.reset();
    let before = acme.checksum();
    let lines = TABLE.iter().filter(|line| acme.ids.iter().any(|(name, _)| line.path.contains(name)));

    // Tenants as such are the platform's, whoever else asks is refused as for any of its pages.
    let asks = |line: &&Line| !["/webhooks/", "/platform/"].iter().any(|path| line.path.starts_with(path));
    for line in lines.filter(asks) {
        for htmx in [false, true] {
            let as_asked = |ask: crate::support::Ask| if htmx { ask.htmx("screen") } else { ask };
            let hers = acme.asks(Who::Carol, line, as_asked(acme.ask(line))).await;
            let none = acme.asks(Who::Carol, line, as_asked(acme.ask_at_random(line))).await;
            assert_eq!((hers.status, none.status), (404, 404), "{} {}", line.method, line.path);
            assert_eq!(words(&hers), words(&none), "{} {}", line.method, line.path);
        }
    }

    assert_eq!(acme.checksum(), before);
}

#[actix_web::test]
async fn a_cookie_opens_nothing_to_programs() {
    let acme = Acme::new().await;

    for line in TABLE.iter().filter(|line| line.is_api() && line.answers[0] == 401) {
        for who in [Who::Ada, Who::Pat] {
            let answer = acme.app.ask(who, acme.ask(line)).await;
            assert_eq!(answer.status, 401, "{} {} for {who:?}", line.method, line.path);
            assert!(answer.has("token_missing") && answer.header("set-cookie").is_empty(), "{answer:?}");
        }
    }
    acme.reset();
}

/// The answer without what is new each time.
fn words(answer: &Answer) -> String {
    let html = answer.html.replace(answer.header("x-request-id"), "");
    match html.split_once(r#"data-live=""#) {
        Some((before, rest)) => format!("{before}{}", rest.split_once('"').unwrap().1),
        None => html,
    }
}
