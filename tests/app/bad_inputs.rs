//! tests/data/bad-inputs.json against every form: into each of its fields, and as whole bodies.

use super::support::bad_inputs::inputs;
use super::support::{Answer, Ask, TestApp, Who, form, post};
use url::form_urlencoded::byte_serialize;

/// A form and who may send it, filled in as it would be taken.
struct Sheet(Who, &'static str, &'static [(&'static str, &'static str)]);

const SHEETS: &[Sheet] = &[
    Sheet(
        Who::Ada,
        "/settings/users",
        &[
            ("first_name", "Nina"),
            ("last_name", "Novak"),
            ("email", "nina@acme.test"),
            ("role", "AGENT"),
            ("company_name", "Acme"),
            ("time_zone", "Europe/Berlin"),
            ("locale", "de"),
        ],
    ),
    Sheet(Who::Ada, "/settings/teams", &[("name", "Service"), ("description", "Answers"), ("lead", "")]),
    Sheet(Who::Ada, "/settings/numbers", &[("name", "Shop"), ("external_session_id", "shop"), ("engine", "GOWS")]),
    Sheet(Who::Ada, "/settings/security", &[("session_idle_hours", "12"), ("session_days", "30"), ("agent", "")]),
    Sheet(
        Who::Ada,
        "/settings/organisation",
        &[("description", "Bikes"), ("time_zone", "Europe/Berlin"), ("locale", "de"), ("agents_see", "own")],
    ),
    Sheet(Who::Ada, "/settings/support", &[("hours", "many"), ("reason", "A number does not pair")]),
    Sheet(Who::Ada, "/audit/retention", &[("days", "365")]),
    Sheet(Who::Bob, "/account", &[("first_name", "Bob"), ("last_name", "Baker"), ("time_zone", ""), ("locale", "")]),
    Sheet(Who::Bob, "/account/theme", &[("theme", "dark")]),
    Sheet(Who::Bob, "/account/password", &[("current", "not his password"), ("password", "four unrelated words")]),
    Sheet(Who::Bob, "/account/second-factor/removal", &[("password", "not his password")]),
    Sheet(Who::Bob, "/account/passkeys/challenge", &[("name", "Laptop"), ("password", "not his password")]),
    Sheet(Who::Bob, "/account/passkeys", &[("credential", "{}")]),
    Sheet(Who::Bob, "/account/api-tokens", &[("name", "Sync"), ("expires", "30"), ("expires_on", "")]),
    Sheet(
        Who::Pat,
        "/platform/tenants",
        &[
            ("name", "Initech"),
            ("slug", "initech"),
            ("description", ""),
            ("time_zone", "UTC"),
            ("locale", "en"),
            ("max_users", "5"),
            ("max_storage", "1"),
            ("first_name", "Ina"),
            ("last_name", "Itani"),
            ("email", "ina@initech.test"),
        ],
    ),
];

/// Refused plainly or taken; never a failure of ours.
#[track_caller]
fn is_plain(answer: &Answer, at: &str) {
    assert!(answer.status < 500, "{at}: {answer:?}");
    for word in ["panicked", "diesel", "byte index", "SQLSTATE"] {
        answer.hides(word);
    }
}

#[actix_web::test]
async fn every_field_of_every_form_bears_every_input() {
    let app = TestApp::new().await;
    let values: Vec<_> = inputs().iter().filter_map(|input| Some((input.id.clone(), input.value()?))).collect();
    assert!(values.len() > 60);

    for Sheet(who, path, fields) in SHEETS {
        for (nth, (field, _)) in fields.iter().enumerate() {
            for (id, value) in &values {
                let mut filled = fields.to_vec();
                filled[nth].1 = value;
                let answer = app.ask(*who, form(path, &filled)).await;
                is_plain(&answer, &format!("{path} {field} {id}"));
            }
        }
    }
    app.take_jobs();
}

#[actix_web::test]
async fn names_that_deceive_are_refused_and_odd_ones_are_kept() {
    let app = TestApp::new().await;
    let send = async |field: &str, value: &str| {
        let name = if field == "first_name" { value } else { "Nina" };
        let email = if field == "email" { value } else { "nina@acme.test" };
        let fields = [("first_name", name), ("last_name", "Novak"), ("email", email), ("role", "AGENT")];
        app.ada(form("/settings/users", &fields)).await.status
    };
    let find = |id: &str| inputs().iter().find(|input| input.id == id).and_then(|input| input.value()).unwrap();

    for id in ["name-hangul-filler", "name-rtl-override", "name-1mib"] {
        assert!([413, 422].contains(&send("first_name", &find(id)).await), "{id}");
    }
    for id in ["email-two-at", "email-256", "email-comma-list"] {
        assert!([413, 422].contains(&send("email", &find(id)).await), "{id}");
    }
    assert_eq!(app.count("FROM users WHERE last_name = 'Novak'"), 0);

    for id in ["name-html", "name-apostrophe", "name-template"] {
        let name: String = find(id).chars().take(50).collect();
        let email = format!("{id}@acme.test");
        let fields = [("first_name", name.as_str()), ("last_name", "Novak"), ("email", &email), ("role", "AGENT")];
        assert!(app.ada(form("/settings/users", &fields)).await.status < 400, "{id}");
        let sql = format!("SELECT first_name AS text FROM users WHERE email = '{email}'");
        assert_eq!(app.text(&sql), name.trim(), "{id}");
    }
    app.ada(super::support::get("/settings/users")).await.hides("<img src=x").shows("{{7*7}}");
    app.take_jobs();
}

#[actix_web::test]
async fn bodies_that_are_no_forms_are_refused_by_every_form() {
    let app = TestApp::new().await;
    let bodies: Vec<_> = inputs().into_iter().filter_map(|input| input.body().map(|body| (input.id, body))).collect();
    assert!(bodies.len() >= 10);

    for Sheet(who, path, fields) in SHEETS {
        let token = app.signed_in(*who).csrf;
        let name = fields[0].0;
        let twice = format!("{name}=a&{name}=b");
        let bad = format!("{name}=a%ffb&x={}", byte_serialize("\u{202E}".as_bytes()).collect::<String>());
        let own = [("twice", twice), ("bad utf-8", bad)]
            .map(|(id, body)| (id.to_owned(), (body.into_bytes(), "application/x-www-form-urlencoded".to_owned())));
        for (id, (body, kind)) in bodies.iter().chain(&own) {
            let ask: Ask = post(path).header("content-type", kind).header("x-csrf-token", &token);
            let answer = app.ask(*who, ask.body(body.clone())).await;
            is_plain(&answer, &format!("{path} {id}"));
        }
    }
    app.take_jobs();
}
