//! Changes of many: what is changed, what is skipped with why, and undoing it.

use super::{TestApp, Who, change, crowd, five, form, get, id_of, label, people, post, shown, stick};

fn report(answer: &crate::support::Answer) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    assert!(answer.location().starts_with("/customers/changes/"), "{answer:?}");
    answer.location().to_owned()
}

#[actix_web::test]
async fn a_label_sticks_to_all_that_are_ticked_and_comes_off_again() {
    let app = TestApp::new().await;
    five(&app);
    let vip = label(&app, "VIP");
    stick(&app, &vip, "Zoe");

    let made = change(&app, Who::Bob, &format!("add_label:{vip}"), &["Ana", "José", "Zoe"], &[]).await;

    let page = app.bob(get(&report(&made))).await;
    page.shows("Add the label VIP").shows("Bob Baker").shows("carries the label already").shows("Zoe Smith");
    page.shows("<dt>Changed</dt><dd class=\"number\">2</dd>")
        .shows("<dt>Left as they were</dt><dd class=\"number\">1</dd>");
    assert_eq!(app.count("FROM customer_labels"), 3);
    assert_eq!(app.audited().iter().filter(|entry| *entry == "labelled customers").count(), 2);

    assert_eq!(app.bob(post(&format!("{}/undoing", report(&made)))).await.status, 303);
    assert_eq!(shown(&app, &format!("label={vip}")).await, ["Zoe Smith"]);
    app.bob(get(&report(&made))).await.shows("Undone by Bob Baker").hides("/undoing");
    let off = change(&app, Who::Bob, &format!("remove_label:{vip}"), &["Ana", "Zoe"], &[]).await;
    app.bob(get(&report(&off))).await.shows("does not carry the label");
    assert_eq!(app.count("FROM customer_labels"), 0);
}

#[actix_web::test]
async fn a_type_is_set_where_the_record_allows_it() {
    let app = TestApp::new().await;
    five(&app);
    people(&app, &[("Ben", "Both", "4915199988877", "ben@example.org", "", "unregistered")]);

    let made = change(&app, Who::Bob, "set_type:regular", &["Ana", "小明", "Ben"], &[]).await;

    let page = app.bob(get(&report(&made))).await;
    page.shows("Set the type to regular")
        .shows("needs a phone number and an email address")
        .shows("of that type already");
    assert_eq!(app.count("FROM customers WHERE customer_type = 'regular'"), 3);

    app.sql("UPDATE customers SET customer_type = 'new' WHERE first_name = 'Ben'");
    app.bob(post(&format!("{}/undoing", report(&made)))).await;
    app.bob(get(&report(&made))).await.shows("The type was changed since.").shows("Changed since, so kept");
    assert_eq!(app.count("FROM customers WHERE customer_type = 'new' AND first_name = 'Ben'"), 1);
}

#[actix_web::test]
async fn states_move_by_the_rules_and_back() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET state = 'archived' WHERE first_name = 'Zoe'");

    let made = change(&app, Who::Bob, "set_state:suspended", &["Ana", "Zoe", "José"], &[]).await;
    assert_eq!(shown(&app, "state=suspended").await, ["Ana Müller", "José García", "Zoe Smith"]);
    app.sql("UPDATE customers SET state = 'active' WHERE first_name = 'José'");
    app.bob(post(&format!("{}/undoing", report(&made)))).await;

    assert_eq!(shown(&app, "state=archived").await, ["Zoe Smith"]);
    assert_eq!(shown(&app, "state=suspended").await, Vec::<String>::new());
    app.bob(get(&report(&made))).await.shows("The state was changed since.").shows("José García");
    let steps = "FROM customer_state_changes WHERE user_id IS NOT NULL";
    assert_eq!(app.count(steps), 5);
    let again = app.bob(post(&format!("{}/undoing", report(&made)))).await;
    assert_eq!(again.status, 422, "{again:?}");
}

#[actix_web::test]
async fn deleting_asks_first_and_is_for_those_who_may() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET state = 'archived' WHERE first_name = 'Zoe'");

    assert_eq!(change(&app, Who::Bob, "set_state:deleted", &["Ana"], &[("confirmed", "on")]).await.status, 403);
    let asked = change(&app, Who::Max, "set_state:deleted", &["Ana", "Zoe"], &[]).await;
    assert_eq!(asked.status, 200);
    asked.shows("Delete: 2 customers?").shows("under “Deleted”");
    assert_eq!(app.count("FROM customers WHERE deleted_at IS NOT NULL"), 0, "nothing yet");
    let made = change(&app, Who::Max, "set_state:deleted", &["Ana", "Zoe"], &[("confirmed", "on")]).await;
    assert_eq!(shown(&app, "state=deleted").await, ["Ana Müller", "Zoe Smith"]);

    assert_eq!(app.max(post(&format!("{}/undoing", report(&made)))).await.status, 303);
    assert_eq!(
        (shown(&app, "state=archived").await, shown(&app, "state=deleted").await.len()),
        (vec!["Zoe Smith".into()], 0)
    );
    app.bob(get("/customers")).await.hides("set_state:deleted").hides("/customers/exports");
}

#[actix_web::test]
async fn an_agent_brings_nobody_back() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET state = 'deleted', deleted_at = now() WHERE first_name = 'Ana'");

    let made = change(&app, Who::Bob, "set_state:active", &["Ana"], &[]).await;

    app.bob(get(&report(&made))).await.shows("Your role does not allow to restore");
    assert_eq!(shown(&app, "state=deleted").await, ["Ana Müller"]);
    change(&app, Who::Max, "set_state:active", &["Ana"], &[]).await;
    assert_eq!(shown(&app, "q=ana").await, ["Ana Müller"]);
}

#[actix_web::test]
async fn a_form_without_anybody_or_anything_to_do_comes_back_as_it_was() {
    let app = TestApp::new().await;
    five(&app);
    let ana = id_of(&app, "Ana");

    let nothing = change(&app, Who::Bob, "", &["Ana"], &[("query", "type=regular")]).await;
    assert_eq!(nothing.status, 422);
    nothing
        .shows("Choose what is to be done")
        .shows(&format!(r#"name="pick.{ana}" value="on" data-pick aria-label="Tick Ana Müller" checked"#));
    nothing.hides("Zoe Smith");
    assert_eq!(change(&app, Who::Bob, "set_type:new", &[], &[]).await.status, 422);
    for wrong in ["set_type:royal", "set_state:erased", "add_label:x", "explode"] {
        assert_eq!(change(&app, Who::Bob, wrong, &["Ana"], &[]).await.status, 422, "{wrong}");
    }
    let unknown = format!("add_label:{}", uuid::Uuid::now_v7());
    assert_eq!(change(&app, Who::Bob, &unknown, &["Ana"], &[]).await.status, 404);
    assert_eq!(change(&app, Who::Olga, "set_type:new", &["Ana"], &[]).await.status, 403);
    assert_eq!(app.count("FROM bulk_changes"), 0);
}

#[actix_web::test]
async fn a_form_sent_twice_is_one_change() {
    let app = TestApp::new().await;
    five(&app);
    let (id, pick) = (uuid::Uuid::now_v7().to_string(), format!("pick.{}", id_of(&app, "Ana")));
    let fields = [("id", id.as_str()), ("change", "set_state:archived"), (pick.as_str(), "on")];

    let (one, two) =
        (app.bob(form("/customers/changes", &fields)).await, app.bob(form("/customers/changes", &fields)).await);

    assert_eq!((one.location(), two.status), (two.location(), 303));
    assert_eq!((app.count("FROM bulk_changes"), app.count("FROM bulk_change_rows WHERE outcome = 'changed'")), (1, 1));
}

#[actix_web::test]
async fn a_strangers_customers_are_not_touched_and_reports_are_their_makers() {
    let app = TestApp::new().await;
    five(&app);

    let theirs = change(&app, Who::Carol, "set_state:archived", &["Ana"], &[]).await;
    assert_eq!(app.count("FROM customers WHERE state = 'archived'"), 0);
    app.carol(get(&report(&theirs))).await.hides("Müller");
    let made = change(&app, Who::Bob, "set_state:archived", &["Ana"], &[]).await;

    for (who, status) in [(Who::Bob, 200), (Who::Ada, 200), (Who::Eve, 404), (Who::Carol, 404), (Who::Olga, 403)] {
        assert_eq!(app.ask(who, get(&report(&made))).await.status, status, "{who:?}");
    }
    assert_eq!(app.eve(post(&format!("{}/undoing", report(&made)))).await.status, 404);
}

#[actix_web::test]
async fn all_that_match_are_changed_in_the_background_and_back() {
    let app = TestApp::new().await;
    crowd(&app, 1200);
    five(&app);
    let id = uuid::Uuid::now_v7().to_string();
    let everyone = |confirmed: &str| {
        let fields = [
            ("id", id.as_str()),
            ("change", "set_state:archived"),
            ("query", "q=crowd"),
            ("everyone", "on"),
            ("confirmed", confirmed),
        ];
        form("/customers/changes", &fields)
    };

    app.bob(everyone("")).await.shows("Archive: 1,200 customers?");
    let made = app.bob(everyone("on")).await;
    app.bob(get(&report(&made))).await.shows("Under way").shows("/tasks/").hides("/undoing");
    let early = app.bob(post(&format!("{}/undoing", report(&made)))).await;
    assert_eq!(early.status, 422);
    app.run_jobs().await;

    assert_eq!(app.count("FROM customers WHERE state = 'archived'"), 1200);
    assert_eq!(app.count("FROM bulk_change_rows WHERE outcome = 'changed'"), 1200, "each once");
    let task = "FROM background_tasks WHERE state = 'completed' AND total = 1200 AND done = 1200 AND result->>'changed' = '1200'";
    assert_eq!(app.count(task), 1);
    app.bob(get(&report(&made))).await.shows("Done").shows("1,200").shows("/undoing");
    app.bob(post(&format!("{}/undoing", report(&made)))).await;
    app.run_jobs().await;
    assert_eq!(app.count("FROM customers WHERE state = 'archived'"), 0);
    assert_eq!(app.count("FROM bulk_change_rows WHERE outcome = 'undone'"), 1200);
}

#[actix_web::test]
async fn what_is_stopped_stays_half_done_and_can_be_undone() {
    let app = TestApp::new().await;
    crowd(&app, 1200);
    let id = uuid::Uuid::now_v7().to_string();
    let fields = [("id", id.as_str()), ("change", "set_type:anonymous"), ("everyone", "on"), ("confirmed", "on")];
    let made = app.bob(form("/customers/changes", &fields)).await;
    // The first run is over, as when the process died after it.
    app.within({
        let id = id.parse().unwrap();
        move |conn, tenant| switchboard::bulk_changes::work::advance(conn, tenant, id)
    })
    .await;
    assert_eq!(app.count("FROM customers WHERE customer_type = 'anonymous'"), 500);

    let task = app.text("SELECT id::text AS text FROM background_tasks");
    app.bob(post(&format!("/tasks/{task}/cancellation"))).await;
    app.run_jobs().await;

    assert_eq!(app.count("FROM customers WHERE customer_type = 'anonymous'"), 500);
    assert_eq!(app.count("FROM background_tasks WHERE state = 'cancelled'"), 1);
    app.bob(post(&format!("{}/undoing", report(&made)))).await;
    assert_eq!(app.count("FROM customers WHERE customer_type = 'anonymous'"), 0);
}
