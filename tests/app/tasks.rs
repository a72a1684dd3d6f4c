//! Work in the background, as its pages show it.

use super::support::{TestApp, Who, form, get};
use serde_json::json;
use switchboard::tasks::model::{self, MadeFile, NewTask, Progress, TaskId};

async fn asked(app: &TestApp, who: Who) -> TaskId {
    let asked = app.within(move |conn, tenant| {
        let by = switchboard::users::model::by_email(conn, tenant, who.email())?.unwrap();
        model::create(
            conn,
            tenant,
            &NewTask { kind: "test", title: "Export of 10", total: Some(10), params: json!({}), by },
        )
    });
    asked.await
}

async fn further(app: &TestApp, task: TaskId, done: i64, refused: i64) -> bool {
    let progress = Progress { total: Some(10), done, refused };
    app.within(move |conn, tenant| model::progress(conn, tenant, task, progress)).await
}

#[actix_web::test]
async fn a_task_is_followed_from_waiting_to_done() {
    let app = TestApp::new().await;
    app.max(get("/tasks")).await.shows("Nothing yet");
    let task = asked(&app, Who::Max).await;
    let page = format!("/tasks/{task}");
    app.max(get(&page)).await.shows("Export of 10").shows("Waiting").shows("Stop");

    assert!(further(&app, task, 4, 1).await);
    app.max(get(&page)).await.shows("Under way").shows("4 of 10, 1 refused").shows(r#"value="40""#);

    app.parts.storage.put("tasks/a", b"a;b".to_vec()).await.unwrap();
    let file = MadeFile {
        file: "tasks/a".into(),
        name: "list.csv".into(),
        until: chrono::Utc::now() + chrono::TimeDelta::hours(1),
    };
    app.within(move |conn, tenant| model::complete(conn, tenant, task, &json!({ "rows_written": 9 }), Some(&file)))
        .await;

    app.max(get(&page)).await.shows("Done").shows("Rows written").shows("The file is ready.").hides("Stop");
    let answer = app.max(get(&format!("{page}/file"))).await;
    assert_eq!((answer.status, answer.html.as_str()), (200, "a;b"));
    assert!(answer.header("content-disposition").contains("list.csv"));
    assert_eq!(app.audited(), ["asked_for background_tasks", "ended background_tasks", "downloaded background_tasks"]);
    assert!(!further(&app, task, 10, 1).await, "what is over is not worked on");
}

#[actix_web::test]
async fn tasks_are_stopped_at_once_or_at_their_next_look() {
    let app = TestApp::new().await;
    let (waiting, running) = (asked(&app, Who::Max).await, asked(&app, Who::Max).await);
    further(&app, running, 1, 0).await;

    app.max(form(&format!("/tasks/{waiting}/cancellation"), &[])).await;
    app.max(form(&format!("/tasks/{running}/cancellation"), &[])).await;

    app.max(get(&format!("/tasks/{waiting}"))).await.shows("Stopped");
    app.max(get(&format!("/tasks/{running}"))).await.shows("Stopping").shows("What is done stays done.");
    assert!(!further(&app, running, 2, 0).await);
    app.within(move |conn, tenant| model::cancelled(conn, tenant, running, &json!({ "done": 2 }))).await;
    app.max(get(&format!("/tasks/{running}"))).await.shows("Stopped");
}

#[actix_web::test]
async fn everybody_sees_their_own_and_administrators_all() {
    let app = TestApp::new().await;
    let task = asked(&app, Who::Max).await;

    app.bob(get("/tasks")).await.hides("Export of 10");
    assert_eq!(app.bob(get(&format!("/tasks/{task}"))).await.status, 404);
    app.ada(get("/tasks")).await.shows("Export of 10").shows("Max Moser");
    assert_eq!(app.carol(get(&format!("/tasks/{task}"))).await.status, 404);
}

#[actix_web::test]
async fn a_file_is_gone_when_its_time_is_up() {
    let app = TestApp::new().await;
    let task = asked(&app, Who::Max).await;
    app.parts.storage.put("tasks/a", b"a".to_vec()).await.unwrap();
    let file = MadeFile {
        file: "tasks/a".into(),
        name: "a.csv".into(),
        until: chrono::Utc::now() - chrono::TimeDelta::hours(1),
    };
    app.within(move |conn, tenant| model::complete(conn, tenant, task, &json!({}), Some(&file))).await;

    assert_eq!(app.max(get(&format!("/tasks/{task}/file"))).await.status, 404);
    app.max(get(&format!("/tasks/{task}"))).await.shows("the file is gone");
    let expired = app.parts.db.platform().run(model::expired).await.unwrap();
    assert_eq!(expired.iter().map(|(.., file)| file.as_str()).collect::<Vec<_>>(), ["tasks/a"]);
}
