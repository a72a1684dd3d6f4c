//! Calls that people write down.

use super::{local, spoken};
use crate::support::talk::ANA;
use crate::support::{TestApp, Who, form, get, post};
use uuid::Uuid;

#[actix_web::test]
async fn a_call_is_written_down_by_the_customers_phone_or_id() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("phone", "+351 912 345 678")]).await.to_string();
    let (bob, started) = (app.user(Who::Bob), local(600));
    app.bob(get(&format!("/calls/new?customer={ana}"))).await.shows("Ana").shows("Write down a call");

    for customer in ["+351 912 345 678", &ana] {
        let made = app.bob(form("/calls", &spoken(&bob, customer, &started))).await;
        assert_eq!(made.status, 303, "{}", made.html);
        app.bob(get(made.location())).await.shows("Ana").shows("1:30").shows("Wants a refund").shows("Bob Baker");
    }

    app.bob(get("/calls")).await.shows("Outgoing call").shows("Ana");
    app.bob(get(&format!("/customers/{ana}"))).await.shows("Outgoing call, 1:30").shows("Wants a refund");
    assert_eq!(app.count(&format!("FROM calls WHERE customer_id = '{ana}' AND created_by = '{bob}'")), 2);
    let logged = app.text("SELECT string_agg(after::text, '') AS text FROM audit_entries WHERE entity = 'calls'");
    assert!(!logged.contains("refund"), "notes are about somebody: {logged}");
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_is_one_call() {
    let app = TestApp::new().await;
    app.customer(&[("phone", "+351 912 345 678")]).await;
    let (bob, started, id) = (app.user(Who::Bob), local(600), Uuid::now_v7().to_string());
    let mut fields = spoken(&bob, ANA, &started);
    let phone = format!("+{ANA}");
    fields[1].1 = &phone;
    fields.push(("id", &id));

    for _ in 0..2 {
        let made = app.bob(form("/calls", &fields)).await;
        assert_eq!((made.status, made.location()), (303, format!("/calls/{id}").as_str()));
    }

    assert_eq!(app.count("FROM calls"), 1);
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let (bob, eve, started) = (app.user(Who::Bob), app.user(Who::Eve), local(600));
    app.customer(&[("phone", "+351 912 345 678")]).await;
    let phone = format!("+{ANA}");
    let with = |name: &'static str, value: &str| {
        let mut fields: Vec<(String, String)> =
            spoken(&bob, &phone, &started).into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        fields.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.to_owned();
        fields
    };
    let cases = [
        (with("length", "soon"), "Enter how long you spoke"),
        (with("started", "2999-01-01T10:00"), "It cannot lie ahead."),
        (with("customer", "+1 202 555 0199"), "No customer has this phone number"),
        (with("direction", "sideways"), "Choose who called."),
        (with("note", &format!("Wants a refund{}", "x".repeat(2000))), "At most 2,000 characters."),
        (with("user", &eve), "You can write down your own calls only."),
    ];

    for (fields, words) in cases {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = app.bob(form("/calls", &fields)).await;
        assert_eq!(answer.shows(words).shows("Wants a refund").status, 422, "{words}");
    }

    assert_eq!(app.count("FROM calls"), 0);
    assert_eq!(app.olga(get("/calls/new")).await.status, 403);
    assert_eq!(app.olga(form("/calls", &[])).await.status, 403);
    assert_eq!(app.anybody(get("/calls/new")).await.status, 303);
}

#[actix_web::test]
async fn colleagues_call_each_other_and_only_they_and_managers_see_it() {
    let app = TestApp::new().await;
    let (bob, eve, started) = (app.user(Who::Bob), app.user(Who::Eve), local(60));
    let fields = [
        ("direction", "internal"),
        ("user", &*bob),
        ("colleague", &*eve),
        ("started", &*started),
        ("outcome", "nobody"),
    ];

    let made = app.bob(form("/calls", &fields)).await;

    let call = made.location().to_owned();
    app.eve(get(&call)).await.shows("Bob Baker → Eve Evans").shows("No answer");
    app.max(get("/calls?direction=internal")).await.shows("Bob Baker → Eve Evans");
    let max = app.user(Who::Max);
    let mine: Vec<_> =
        [("user", &*max)].into_iter().chain(fields).filter(|(name, value)| *name != "user" || *value == max).collect();
    let other = app.max(form("/calls", &mine)).await.location().to_owned();
    assert_eq!(app.bob(get(&other)).await.status, 404, "neither his nor nobody's");
    assert_eq!(app.carol(get(&other)).await.status, 404);
}

#[actix_web::test]
async fn what_one_has_written_is_changed_and_deleted_by_oneself_or_a_manager() {
    let app = TestApp::new().await;
    app.customer(&[("first_name", "Ana"), ("phone", "+351 912 345 678")]).await;
    let (bob, started, phone) = (app.user(Who::Bob), local(600), format!("+{ANA}"));
    let call = app.bob(form("/calls", &spoken(&bob, &phone, &started))).await.location().to_owned();
    let mut fields = spoken(&bob, &phone, &started);
    fields[5].1 = "3";

    app.bob(get(&format!("{call}/edit"))).await.shows("Edit the call").shows(r#"value="1:30""#);
    assert_eq!(app.bob(form(&call, &fields)).await.status, 303);
    app.bob(get(&call)).await.shows("3:00");
    // Eve sees everybody's, and may change her own only.
    app.sql("UPDATE tenants SET settings = settings || '{\"agents_see_all\": true}'");
    app.parts.sessions.forget();
    app.eve(get(&call)).await.hides("/edit");
    for ask in [get(&format!("{call}/edit")), form(&call, &fields), post(&format!("{call}/deletion"))] {
        assert_eq!(app.eve(ask).await.status, 403);
    }
    assert_eq!(app.max(form(&call, &spoken(&bob, &phone, &started))).await.status, 303);
    assert_eq!(app.bob(post(&format!("{call}/deletion"))).await.status, 303);

    assert_eq!(app.bob(get(&call)).await.status, 404);
    app.bob(get("/calls")).await.shows("No calls yet");
    assert_eq!(app.audited().iter().filter(|entry| entry.ends_with(" calls")).count(), 4);
}

#[actix_web::test]
async fn what_whatsapp_told_is_nobodys_to_change() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let call = app.missed(number, ANA, 300).await;

    for who in [Who::Ada, Who::Bob] {
        assert_eq!(app.ask(who, get(&format!("/calls/{call}/edit"))).await.status, 403);
        assert_eq!(app.ask(who, post(&format!("/calls/{call}/deletion"))).await.status, 403);
    }
    assert_eq!(app.count("FROM calls WHERE deleted_at IS NULL"), 1);
}
