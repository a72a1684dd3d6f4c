//! The list, its filters and pages, the export, the thread and what others keep of calls.

use super::{local, spoken};
use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, Who, form, get, queries};
use switchboard::numbers::model::NumberId;

async fn desk() -> (TestApp, NumberId) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, said(ANA, "Hello")).await;
    app.hears(number, said(BEN, "Hallo")).await;
    app.missed(number, ANA, 300).await;
    app.missed(number, BEN, 200_000).await;
    let (bob, started, phone) = (app.user(Who::Bob), local(600), format!("+{ANA}"));
    app.bob(form("/calls", &spoken(&bob, &phone, &started))).await;
    app.take_jobs();
    (app, number)
}

#[actix_web::test]
async fn every_filter_finds_what_it_says() {
    let (app, number) = desk().await;
    let (ana, bob) = (app.customer_of(ANA), app.user(Who::Bob));
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    let found = [
        ("", [true, true, true]),
        ("status=failed", [true, true, false]),
        ("status=completed", [false, false, true]),
        ("direction=outbound", [false, false, true]),
        (&format!("number={number}"), [true, true, false]),
        (&format!("customer={ana}"), [true, false, true]),
        (&format!("user={bob}"), [false, false, true]),
        ("view=mine", [false, false, false]),
        ("view=missed", [true, true, false]),
        ("q=refund", [false, false, true]),
        ("q=ben", [false, true, false]),
        ("q=91%25", [false, false, false]),
        (&format!("from={today}&q=ben"), [false, false, false]),
    ];

    for (query, expected) in found {
        let page = app.max(get(&format!("/calls?{query}"))).await;
        let rows: Vec<&str> = page.html.split(r#"<li class="line call-line">"#).skip(1).collect();
        let has = |who: &str, what: &str| rows.iter().any(|row| row.contains(who) && row.contains(what));
        let seen = [has("Ana", "Incoming"), has("Ben", "Incoming"), has("Ana", "Outgoing")];
        assert_eq!(seen, expected, "{query}");
    }
    for wrong in ["status=x", "from=yesterday", "after=x", "view=x"] {
        assert_eq!(app.max(get(&format!("/calls?{wrong}"))).await.status, 422, "{wrong}");
    }
    app.max(get("/calls?q=nobody")).await.shows("Nothing fits");
}

#[actix_web::test]
async fn pages_go_by_key_with_the_same_queries_however_many_calls_there_are() {
    let (app, _) = desk().await;
    let few = asked(&app).await;
    app.sql(
        "INSERT INTO calls (tenant_id, id, direction, status, started_at, ended_at, customer_id, session_id) \
         SELECT tenant_id, gen_random_uuid(), 'inbound', 'failed', now() - n * interval '1 hour', now(), customer_id, session_id \
         FROM calls, generate_series(1, 120) AS n WHERE waha_call_id LIKE 'CALL351%'",
    );

    let many = asked(&app).await;
    let (mut href, mut seen) = ("/calls".to_owned(), 0);
    loop {
        let page = app.max(get(&href)).await;
        seen += page.html.matches("call-line\"").count();
        let Some((_, next)) =
            page.html.split_once(r#"rel="next""#).map(|(before, _)| before.rsplit_once("href=\"").unwrap())
        else {
            break;
        };
        href = next.trim_end_matches("\" ").replace("&#38;", "&").replace("&amp;", "&");
    }

    assert_eq!((seen, many), (123, few));
    app.max(get("/calls")).await.shows(r#"<span class="count">99+</span>"#);
}

async fn asked(app: &TestApp) -> usize {
    app.max(get("/calls")).await;
    queries::take(app.url());
    app.max(get("/calls")).await;
    queries::take(app.url()).len()
}

#[actix_web::test]
async fn the_file_has_what_the_filter_finds_and_is_written_down() {
    let (app, _) = desk().await;

    let file = app.max(get("/calls/export.csv?q=refund")).await;

    assert!(file.header("content-disposition").contains("calls-"), "{file:?}");
    let lines: Vec<&str> = file.html.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains("outbound,completed,voice,Ana Alves") && lines[1].contains(",90,Wants a refund,no,"));
    assert!(app.audited().contains(&"exported calls".to_owned()));
    for who in [Who::Bob, Who::Olga] {
        assert_eq!(app.ask(who, get("/calls/export.csv")).await.status, 403);
    }
}

#[actix_web::test]
async fn a_call_stands_among_the_messages_and_the_auditor_sees_it_masked() {
    let (app, _) = desk().await;
    app.sql("UPDATE customers SET display_name = NULL WHERE phone LIKE '351%'");
    let call = app.text("SELECT id::text AS text FROM calls WHERE waha_call_id LIKE 'CALL351%'");

    let thread = app.bob(get(&format!("/inbox/{}", app.conversation_with(ANA)))).await;

    thread.shows(&format!("/calls/{call}")).shows("Incoming call").shows("Missed");
    let (before, after) = thread.html.split_once("Incoming call").unwrap();
    assert!(!before.contains("Hello</p>") && after.contains("Hello"), "it came before the message");
    app.bob(get(&format!("/calls/{call}"))).await.shows("+351 912 345 678").shows("/inbox/");
    app.olga(get(&format!("/calls/{call}"))).await.hides("912 345").shows("+35 ••• 78").hides("I call back");
    app.olga(get("/calls")).await.hides("912 345").hides("Call back").hides("Write down a call");
    app.take_jobs();
}

#[actix_web::test]
async fn what_happens_with_calls_is_announced() {
    let (app, _) = desk().await;
    let mut events = app.parts.hub.watch();
    app.hub_is_up().await;

    let call = app.text("SELECT id::text AS text FROM calls WHERE waha_call_id LIKE 'CALL351%'");
    app.bob(crate::support::post(&format!("/calls/{call}/callback"))).await;

    let mut kinds = Vec::new();
    while kinds.iter().all(|kind| kind != "call") {
        if let switchboard::kit::live::Signal::Event(event) =
            tokio::time::timeout(crate::support::app::PATIENCE, events.recv()).await.unwrap().unwrap()
        {
            kinds.push(event.kind.to_string());
        }
    }
}

#[actix_web::test]
async fn joined_customers_have_each_others_calls_until_they_are_taken_apart() {
    let (app, _) = desk().await;
    let (ana, ben) = (app.customer_of(ANA), app.customer_of(BEN));
    let of = |app: &TestApp, who| app.count(&format!("FROM calls WHERE customer_id = '{who}'"));

    let merge = app.join(ana, ben).await.unwrap();
    assert_eq!((of(&app, ana), of(&app, ben)), (3, 0));
    app.part(merge).await.unwrap();

    assert_eq!((of(&app, ana), of(&app, ben)), (2, 1));
    app.take_jobs();
}
