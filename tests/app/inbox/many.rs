//! One change of many conversations.

use super::many_conversations;
use crate::support::{Answer, TestApp, Who, form, get, post};

/// Six conversations, of which the last is Eve's.
async fn six(app: &TestApp) -> Vec<String> {
    let number = app.number("Workshop").await;
    many_conversations(app, number, 6);
    let all = app.texts("SELECT id::text AS text FROM conversations ORDER BY last_message_at DESC, id DESC");
    app.assign(all[5].parse().unwrap(), "eve@acme.test");
    all
}

async fn change(app: &TestApp, ids: &[String], change: &str, target: Option<&str>) -> Answer {
    let picks: Vec<String> = ids.iter().map(|id| format!("pick.{id}")).collect();
    let mut fields: Vec<(&str, &str)> = picks.iter().map(|name| (name.as_str(), "on")).collect();
    fields.push(("change", change));
    let ask = form("/conversations/changes", &fields);
    app.bob(match target {
        Some(target) => ask.htmx(target),
        None => ask,
    })
    .await
}

fn undo(html: &str) -> String {
    let (_, rest) = html.split_once(r#"action="/activities/"#).expect("a way back");
    format!("/activities/{}", rest.split('"').next().unwrap())
}

#[actix_web::test]
async fn ticked_conversations_change_together_and_are_taken_back_together() {
    let app = TestApp::new().await;
    let all = six(&app).await;
    app.bob(form(&format!("/conversations/{}/priority", all[0]), &[("to", "high")])).await;
    app.bob(get("/inbox")).await.shows(&format!("pick.{}", all[0])).shows("Take them");

    let told = change(&app, &all, "priority:high", Some("toasts")).await;

    told.shows("4 conversations changed. 1 was so before. 1 conversation not:").shows("Undo").hides("<html");
    assert_eq!(app.count("FROM conversations WHERE priority = 'high'"), 5, "but not Eve's");
    assert_eq!(app.count("FROM audit_entries WHERE action = 'changed' AND entity = 'conversations'"), 5);
    app.bob(post(&undo(&told.html)).htmx("toasts")).await.shows("4 changes taken back.");
    assert_eq!(app.count("FROM conversations WHERE priority = 'high'"), 1, "what was so before stays");
    app.take_jobs();
}

#[actix_web::test]
async fn every_change_can_be_made_of_many() {
    let app = TestApp::new().await;
    let all = six(&app).await;
    let (bob, team) = (app.user(Who::Bob), app.team("Service", &[Who::Bob]).await);
    app.ada(form("/settings/labels", &[("name", "VIP")])).await;
    let label = app.text("SELECT id::text AS text FROM labels");
    for (wish, then) in [
        (format!("owner:{bob}"), format!("assignee_id = '{bob}'")),
        (format!("team:{team}"), format!("team_id = '{team}'")),
        (format!("add:{label}"), "EXISTS (SELECT FROM conversation_labels l WHERE l.conversation_id = c.id)".into()),
        (
            format!("remove:{label}"),
            "NOT EXISTS (SELECT FROM conversation_labels l WHERE l.conversation_id = c.id)".into(),
        ),
        ("snooze:reply".into(), "status = 'snoozed' AND snoozed_until IS NULL".into()),
        ("status:open".into(), "status = 'open'".into()),
        ("status:resolved".into(), "status = 'resolved'".into()),
        ("owner:".into(), "assignee_id IS NULL".into()),
    ] {
        let page = change(&app, &all[..3], &wish, None).await;
        assert_eq!(page.shows("3 conversations changed.").shows("Undo").status, 200, "{wish}");
        let ids = all[..3].iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
        assert_eq!(app.count(&format!("FROM conversations c WHERE id IN ({ids}) AND {then}")), 3, "{wish}");
    }
    app.take_jobs();
}

#[actix_web::test]
async fn what_one_refuses_the_others_do_all_the_same() {
    let app = TestApp::new().await;
    let all = six(&app).await;
    app.bob(post(&format!("/conversations/{}/resolution", all[0]))).await;

    let page = change(&app, &all[..3], "snooze:tomorrow", None).await;

    page.shows("2 conversations changed.").shows("resolved cannot become snoozed");
    assert_eq!(app.count("FROM conversations WHERE status = 'snoozed'"), 2);
    assert_eq!(app.take_jobs().len(), 2);
}

#[actix_web::test]
async fn nothing_ticked_nothing_chosen_and_nobody_known_change_nothing() {
    let app = TestApp::new().await;
    let all = six(&app).await;
    app.bob(get("/inbox")).await;
    let before = app.count("FROM conversation_activities");

    assert_eq!(change(&app, &[], "status:resolved", None).await.shows("Tick the conversations").status, 422);
    assert_eq!(change(&app, &all, "", None).await.shows("Choose what to do").status, 422);
    let olga = app.user(Who::Olga);
    change(&app, &all[..2], &format!("owner:{olga}"), None).await.shows("0 conversations changed.").hides("Undo");
    let strangers = app
        .ask(
            Who::Carol,
            form("/conversations/changes", &[("change", "status:resolved"), (&format!("pick.{}", all[0]), "on")]),
        )
        .await;
    strangers.shows("0 conversations changed.").shows("not there for you");
    app.ask(Who::Olga, get("/inbox")).await.hides("data-pick").hides("Take them");

    assert_eq!(app.count("FROM conversation_activities"), before);
}
