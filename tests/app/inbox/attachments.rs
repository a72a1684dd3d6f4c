//! Files with an answer: attached, looked at, sent once.

use crate::support::talk::ANA;
use crate::support::{Answer, Ask, TestApp, Who, form, get, post};
use switchboard::conversations::model::ConversationId;
use switchboard::kit::jobs::{Options, Runner, enqueue_platform};
use switchboard::messages::jobs::PurgeAttachments;

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what else a picture holds";
const BOUNDARY: &str = "----desk";

/// A form with a file, as a browser sends it.
fn upload(id: ConversationId, name: &str, content: &[u8], token: &str) -> Ask {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    post(&format!("/conversations/{id}/attachments")).header("content-type", &kind).body(body)
}

async fn attach_as(app: &TestApp, who: Who, id: ConversationId, name: &str, content: &[u8]) -> Answer {
    let token = app.signed_in(who).csrf;
    app.ask(who, upload(id, name, content, &token)).await
}

/// Bob attaches a file, which is taken; its id.
pub async fn attached(app: &TestApp, id: ConversationId, name: &str, content: &[u8]) -> String {
    let answer = attach_as(app, Who::Bob, id, name, content).await;
    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}").as_str()), "{}", answer.html);
    app.text("SELECT id::text AS text FROM attachments ORDER BY id DESC LIMIT 1")
}

pub fn send(id: ConversationId, body: &str, files: &[&str]) -> Ask {
    let files = files.iter().map(|file| format!("file_{file}"));
    let fields: Vec<(String, &str)> = files.map(|name| (name, "on")).chain([("body".to_owned(), body)]).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    form(&format!("/conversations/{id}/messages"), &fields)
}

async fn thread(app: &TestApp) -> ConversationId {
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Is it ready?"]).await
}

fn files_kept(app: &TestApp) -> usize {
    let folder = app.media().join(app.acme.to_string()).join("media");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn bytes_kept(app: &TestApp) -> String {
    app.texts("SELECT bytes::text AS text FROM tenant_storage").pop().unwrap_or_default()
}

#[actix_web::test]
async fn a_picture_is_looked_at_first_and_goes_with_its_words() {
    let app = TestApp::new().await;
    let id = thread(&app).await;

    let file = attached(&app, id, "bike.png", PNG).await;

    let composer = app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await;
    composer.shows("bike.png").shows(&format!(r#"<img class="attached-shown" src="/attachments/{file}""#));
    composer.shows("at most 33.6 MB").hides("attached-caption");
    let preview = app.bob(get(&format!("/attachments/{file}"))).await;
    assert_eq!((preview.status, preview.header("content-type")), (200, "image/png"));
    assert_eq!(app.eve(get(&format!("/attachments/{file}"))).await.status, 404, "it is Bob's until it is sent");
    assert_eq!(app.bob(send(id, "Here it is", &[&file])).await.status, 303);
    let sent = "SELECT message_type || '|' || body || '|' || (metadata #>> '{file,name}') AS text FROM messages \
                WHERE direction = 'outbound'";
    assert_eq!(app.texts(sent), ["image|Here it is|bike.png"]);
    assert_eq!((app.count("FROM attachments"), app.take_jobs()), (0, vec!["messages:deliver".to_owned()]));
    let shown = app.eve(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    shown.shows(&format!(r#"href="/messages/{file}/media""#)).shows("Here it is");
    assert_eq!(app.eve(get(&format!("/messages/{file}/media"))).await.status, 200);
    assert_eq!(app.carol(get(&format!("/messages/{file}/media"))).await.status, 404);
    app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.hides("bike.png");
}

#[actix_web::test]
async fn several_files_have_a_caption_each_and_the_words_come_first() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let one = attached(&app, id, "one.png", PNG).await;
    let two = attached(&app, id, "bill.pdf", b"%PDF-1.7").await;
    app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.shows(&format!(r#"name="caption_{two}""#));

    let caption = format!("caption_{two}");
    let ask = send(id, "Two files", &[&one, &two]).fields(&[(caption.as_str(), "Your bill")]);
    assert_eq!(app.bob(ask).await.status, 303);

    let sent = "SELECT message_type || '|' || body AS text FROM messages WHERE direction = 'outbound' ORDER BY occurred_at, id";
    assert_eq!(app.texts(sent), ["text|Two files", "image|", "document|Your bill"]);
    assert_eq!(app.text("SELECT last_message_preview AS text FROM conversations"), "Your bill");
    app.take_jobs();
}

#[actix_web::test]
async fn a_file_alone_is_an_answer_and_the_list_names_its_kind() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let file = attached(&app, id, "one.png", PNG).await;

    assert_eq!(app.bob(send(id, "", &[&file])).await.status, 303);

    app.eve(get("/inbox")).await.shows("Photo");
    app.take_jobs();
}

#[actix_web::test]
async fn a_form_with_files_sent_twice_is_sent_once() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let file = attached(&app, id, "bike.png", PNG).await;
    let ask = send(id, "Once", &[&file]).fields(&[("message_id", "0193b0a0-0000-7000-8000-000000000001")]);

    let (one, two) = tokio::join!(app.bob(ask.clone()), app.bob(ask.clone()));
    let again = app.bob(ask).await;

    assert_eq!((one.status, two.status, again.status), (303, 303, 303));
    assert_eq!(app.texts("SELECT body AS text FROM messages WHERE direction = 'outbound'"), ["Once"]);
    assert_eq!(app.take_jobs(), ["messages:deliver"]);
}

#[actix_web::test]
async fn what_is_no_file_to_send_is_refused_beside_the_draft() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    app.bob(Ask::new("PUT".parse().unwrap(), &format!("/conversations/{id}/draft")).fields(&[("body", "Dear Ana")]))
        .await;
    let large = vec![b'x'; 33 * 1024 * 1024];

    for (name, content, why) in [
        ("nothing.png", &b""[..], "nothing.png is empty"),
        ("bike.png", b"<!doctype html><script>alert(1)</script>", "bike.png is not what its name says (text/html)"),
        ("bike.jpg", b"<svg onload=alert(1)>", "(image/svg+xml)"),
        ("large.txt", &large, "at most 33.6 MB"),
        ("", PNG, "Choose a file."),
    ] {
        let answer = attach_as(&app, Who::Bob, id, name, content).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.html);
        answer.shows(why).shows(">Dear Ana</textarea>");
    }

    assert_eq!((app.count("FROM attachments"), files_kept(&app), bytes_kept(&app).as_str()), (0, 0, ""));
}

#[actix_web::test]
async fn a_web_page_is_a_file_to_download_and_never_shown() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let file = attached(&app, id, "page.html", b"<!doctype html><script>alert(1)</script>").await;

    app.bob(send(id, "", &[&file])).await;

    let answer = app.bob(get(&format!("/messages/{file}/media"))).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/octet-stream"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"page.html\""));
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    app.take_jobs();
}

#[actix_web::test]
async fn only_who_may_answer_attaches() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    app.assign(id, "eve@acme.test");

    for (who, status) in [(Who::Olga, 403), (Who::Carol, 404), (Who::Bob, 404), (Who::Pat, 403)] {
        assert_eq!(attach_as(&app, who, id, "bike.png", PNG).await.status, status, "{who:?}");
    }
    assert_eq!(app.anybody(upload(id, "bike.png", PNG, "x")).await.status, 303);
    let token = app.signed_in(Who::Eve).csrf;
    assert_eq!(app.eve(upload(id, "bike.png", PNG, "wrong")).await.status, 403);
    assert_eq!(app.eve(upload(id, "bike.png", PNG, &token)).await.status, 303);

    assert_eq!((app.count("FROM attachments"), files_kept(&app)), (1, 1));
}

#[actix_web::test]
async fn a_file_is_taken_away_again_and_an_answer_without_it_is_not_sent() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let (one, two) = (attached(&app, id, "a.png", PNG).await, attached(&app, id, "b.png", PNG).await);
    let removal = post(&format!("/attachments/{one}/removal"));
    assert_eq!(app.eve(removal.clone()).await.status, 404);

    assert_eq!(app.bob(removal.clone()).await.location(), format!("/inbox/{id}"));

    assert_eq!((files_kept(&app), bytes_kept(&app)), (1, PNG.len().to_string()));
    assert_eq!(app.bob(removal).await.status, 404);
    let refused = app.bob(send(id, "Both", &[&one, &two]).htmx("composer")).await;
    refused.shows("A file is not there any more.").shows(">Both</textarea>").shows("b.png");
    assert_eq!((refused.status, app.count("FROM messages WHERE direction = 'outbound'")), (422, 0));
    assert!(app.take_jobs().is_empty());
}

#[actix_web::test]
async fn a_script_gets_the_list_of_files_alone() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let token = app.signed_in(Who::Bob).csrf;

    let files = app.bob(upload(id, "bike.png", PNG, &token).htmx("composer_files")).await;
    let refused = app.bob(upload(id, "empty.png", b"", &token).htmx("composer_files")).await;

    files.shows("bike.png").hides("<textarea").hides("<html");
    assert_eq!((files.status, refused.status), (200, 422));
    refused.shows("empty.png is empty, so it was not attached.");
}

#[actix_web::test]
async fn a_player_gets_the_part_it_asks_for() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let file = attached(&app, id, "bike.png", PNG).await;
    let part = async |range: &str| app.bob(get(&format!("/attachments/{file}")).header("range", range)).await;

    let some = part("bytes=1-3").await;
    assert_eq!((some.status, some.html.as_str()), (206, "PNG"));
    assert_eq!(some.header("content-range"), format!("bytes 1-3/{}", PNG.len()));
    assert_eq!((part("bytes=900-").await.status, part("bytes=0-1,3-4").await.status), (416, 200));
}

#[actix_web::test]
async fn what_nobody_has_sent_for_a_week_is_thrown_away() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    attached(&app, id, "old.png", PNG).await;
    app.sql("UPDATE attachments SET created_at = now() - interval '8 days'");
    attached(&app, id, "new.png", PNG).await;

    app.parts.db.platform().run(|conn| enqueue_platform(conn, &PurgeAttachments {}, Options::default())).await.unwrap();
    let runner = Runner::new(app.url(), app.parts.db.clone()).with(app.parts.storage.clone().into());
    runner.platform_job::<PurgeAttachments>().run_due().await.unwrap();

    assert_eq!(app.texts("SELECT name AS text FROM attachments"), ["new.png"]);
    assert_eq!((files_kept(&app), bytes_kept(&app)), (1, PNG.len().to_string()));
}
