//! What WhatsApp tells.

use super::{ago, step};
use crate::support::TestApp;
use crate::support::talk::{ANA, event, with};
use serde_json::{Value, json};

/// What stands in the rows, without ids and our own clock.
fn rows(app: &TestApp) -> Vec<String> {
    app.texts(
        "SELECT concat_ws(' | ', waha_call_id, direction, calls.status, started_at, answered_at, rejected_at, ended_at, \
                duration_seconds, customers.phone) AS text \
         FROM calls LEFT JOIN customers ON customers.id = customer_id ORDER BY 1",
    )
}

#[actix_web::test]
async fn a_call_rings_is_taken_and_ends() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    let (rung, taken, over) = (ago(60), ago(50), ago(10));
    app.told(number, &step("received", "C1", ANA, rung)).await;
    assert_eq!(app.text("SELECT status::text AS text FROM calls"), "ongoing");
    assert_eq!(app.take_jobs(), ["calls:close"]);
    app.told(number, &step("accepted", "C1", ANA, taken)).await;
    assert_eq!(app.text("SELECT status || ' ' || (answered_at IS NOT NULL) AS text FROM calls"), "ongoing true");
    app.told(number, &step("rejected", "C1", ANA, over)).await;

    let told = app.text(
        "SELECT concat_ws(' ', direction, calls.status, duration_seconds = extract(epoch FROM rejected_at - answered_at), customers.phone, is_video) AS text \
         FROM calls JOIN customers ON customers.id = customer_id",
    );
    assert_eq!(told, format!("inbound completed t {ANA} f"));
    app.take_jobs();
}

#[actix_web::test]
async fn in_whatever_order_and_however_often_it_is_told_the_row_is_the_same() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let steps = ["received", "accepted", "rejected"];
    let begun = ago(60);
    let of = |index: usize| step(steps[index], "C1", ANA, begun + chrono::TimeDelta::seconds(index as i64 * 20));
    let events: Vec<Value> = (0..3).map(of).collect();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let mut seen = Vec::new();

    for order in orders {
        for repeated in 0..3 {
            for index in order.into_iter().chain([order[repeated]]) {
                // A repeat under a new id is told anew, too.
                let again = with(events[index].clone(), json!({ "id": format!("evt_{}", uuid::Uuid::now_v7()) }));
                app.told(number, &again).await;
            }
            seen.push(rows(&app));
            for table in ["calls", "webhook_events", "customers"] {
                app.sql(&format!("DELETE FROM {table}"));
            }
            app.take_jobs();
        }
    }

    assert_eq!(seen[0].len(), 1);
    assert!(seen[0][0].contains("completed") && seen[0][0].contains("| 20 |"), "{:?}", seen[0]);
    assert!(seen.iter().all(|rows| *rows == seen[0]), "{seen:#?}");
}

#[actix_web::test]
async fn many_tellings_at_once_make_one_call_and_one_customer() {
    let app = TestApp::with_connections(8).await;
    let number = app.number("Workshop").await;
    let events: Vec<Value> =
        (0..12).map(|index| step(["received", "accepted", "rejected"][index % 3], "C1", ANA, ago(30))).collect();

    futures_util::future::join_all(events.iter().map(|event| app.told(number, event))).await;

    assert_eq!((app.count("FROM calls"), app.count("FROM customers")), (1, 1));
    app.take_jobs();
}

#[actix_web::test]
async fn a_call_of_which_nothing_more_is_heard_was_missed() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.told(number, &step("received", "C1", ANA, ago(5))).await;

    app.pass_time();
    app.run_jobs().await;
    assert_eq!(app.text("SELECT status::text AS text FROM calls"), "ongoing", "it may still be taken");
    app.sql("UPDATE calls SET started_at = now() - interval '5 minutes'");
    app.pass_time();
    app.run_jobs().await;

    let told = app.text("SELECT status || ' ' || (ended_at - started_at) AS text FROM calls");
    assert_eq!(told, "failed 00:01:40");
    assert_eq!(app.take_jobs(), Vec::<String>::new());
}

#[actix_web::test]
async fn a_taken_call_without_an_end_is_over_after_hours_and_its_length_unknown() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.told(number, &step("received", "C1", ANA, ago(20_000))).await;
    app.told(number, &step("accepted", "C1", ANA, ago(19_990))).await;

    app.pass_time();
    app.run_jobs().await;

    let told = app.text("SELECT concat_ws(' ', status, duration_seconds IS NULL) AS text FROM calls");
    assert_eq!(told, "completed t");
}

#[actix_web::test]
async fn a_late_word_counts_after_the_call_was_given_up() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.told(number, &step("received", "C1", ANA, ago(300))).await;
    app.pass_time();
    app.run_jobs().await;
    assert_eq!(app.text("SELECT status::text AS text FROM calls"), "failed");

    let taken = ago(290);
    app.told(number, &step("accepted", "C1", ANA, taken)).await;
    app.told(number, &step("rejected", "C1", ANA, taken + chrono::TimeDelta::seconds(90))).await;

    assert_eq!(app.text("SELECT concat_ws(' ', status, duration_seconds) AS text FROM calls"), "completed 90");
    app.take_jobs();
}

#[actix_web::test]
async fn groups_and_hidden_callers_are_calls_too_and_our_own_are_none() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let called = |id: &str, from: &str, is_group: bool| {
        let payload =
            json!({ "id": id, "from": from, "timestamp": ago(9).timestamp(), "isVideo": true, "isGroup": is_group });
        event("call.received", payload)
    };

    app.told(number, &called("G1", "120363041234567890@g.us", true)).await;
    app.told(number, &called("H1", "99887766554433@lid", false)).await;
    app.told(number, &called("O1", "4930901820100@c.us", false)).await;
    app.told(number, &with(called("X1", "", false), json!({ "payload": { "id": "X1" } }))).await;

    let told = app.texts(
        "SELECT concat_ws(' ', waha_call_id, is_group, is_video, customer_type) AS text \
         FROM calls LEFT JOIN customers ON customers.id = customer_id ORDER BY 1",
    );
    assert_eq!(told, ["G1 t t", "H1 f t anonymous", "X1 f f"]);
    assert!(app.take_jobs().contains(&"messages:learn_phone".to_owned()));
}
