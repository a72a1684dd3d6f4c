//! One box over messages, customers and conversations.

use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, Who, form, get, queries};

fn asking(words: &str) -> String {
    format!("/search?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish())
}

/// The texts found, in order, as the page shows them; what was found in them is in brackets.
fn texts(html: &str) -> Vec<String> {
    let rows =
        html.split("search-text\" dir=\"auto\">").skip(1).map(|rest| rest.split("</span></span>").next().unwrap());
    rows.map(|row| {
        let text = row.split("</span> ").last().unwrap().replace("<mark>", "[").replace("</mark>", "]");
        text.replace("<em>", "").replace("</em>", "").trim().to_owned()
    })
    .collect()
}

async fn found_by(app: &TestApp, who: Who, words: &str) -> Vec<String> {
    let page = app.ask(who, get(&asking(words))).await;
    assert_eq!(page.status, 200, "{words}");
    texts(&page.html)
}

async fn found(app: &TestApp, words: &str) -> Vec<String> {
    found_by(app, Who::Ada, words).await
}

/// Two customers who have said some things, and an answer of Bob's.
async fn said_before(app: &TestApp) {
    let (workshop, shop) = (app.number("Workshop").await, app.number("Shop").await);
    let ana = app
        .conversation(
            workshop,
            ANA,
            &["Where is my grey parcel?", "Order AB-0077812 of Müller & Söhne", "小明 asked, too"],
        )
        .await;
    app.conversation(shop, BEN, &["The parcel came, but grey it is not", "See https://acme.test/parcels"]).await;
    let fields = [("message_id", uuid::Uuid::now_v7().to_string()), ("body", "Your parcel left on Monday".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.bob(form(&format!("/conversations/{ana}/messages"), &fields)).await;
    for (nth, body) in app.texts("SELECT body AS text FROM messages ORDER BY created_at, id").iter().enumerate() {
        app.sql(&format!("UPDATE messages SET occurred_at = now() - interval '1 hour' + {nth} * interval '1 minute' WHERE body = $b${body}$b$"));
    }
    app.take_jobs();
}

#[actix_web::test]
async fn messages_are_found_by_words_phrases_beginnings_and_numbers() {
    let app = TestApp::new().await;
    said_before(&app).await;

    for (words, expected) in [
        ("MULLER", vec!["Order AB-0077812 of [Müller] &#38; Söhne"]),
        ("mulle sohn", vec!["Order AB-0077812 of [Mülle]r &#38; [Söhn]e"]),
        ("\"grey parcel\"", vec!["Where is my [grey] [parcel]?"]),
        ("grey -where", vec!["The parcel came, but [grey] it is not"]),
        ("小明", vec!["[小明] asked, too"]),
        ("明小", vec![]),
        ("77812", vec!["Order AB-00[77812] of Müller &#38; Söhne"]),
        ("7781", vec!["Order AB-00[7781]2 of Müller &#38; Söhne"]),
        ("acme.test", vec!["See https://[acme].[test]/parcels"]),
        ("arcel", vec![]),
        ("parcel nowhere", vec![]),
        ("' | ! & :* <->", vec![]),
        ("%", vec![]),
        ("\\", vec![]),
    ] {
        assert_eq!(found(&app, words).await, expected, "{words}");
    }
    let newest = app.ada(get(&format!("{}&sort=newest", asking("parcel")))).await;
    let newest = texts(&newest.html);
    assert_eq!(newest.len(), 4);
    assert!(newest[0].contains("left on Monday") && newest[3].contains("Where is my"), "{newest:?}");
}

#[actix_web::test]
async fn operators_say_who_where_when_and_with_what() {
    let app = TestApp::new().await;
    said_before(&app).await;
    app.sql("UPDATE customers SET first_name = 'Ana', last_name = 'Alves' WHERE phone LIKE '351%'");
    app.sql(&format!(
        "INSERT INTO labels (tenant_id, id, name) VALUES ('{}', '{}', 'VIP')",
        app.acme,
        uuid::Uuid::now_v7()
    ));
    app.sql(
        "INSERT INTO customer_labels (tenant_id, customer_id, label_id) \
         SELECT c.tenant_id, c.id, l.id FROM customers c, labels l WHERE c.first_name = 'Ana' AND l.name = 'VIP'",
    );
    app.sql("UPDATE messages SET occurred_at = '2020-05-05 12:00Z' WHERE body LIKE 'The parcel%'");
    app.sql("UPDATE messages SET message_type = 'image' WHERE body LIKE '小明%'");
    app.sql("UPDATE conversations SET status = 'resolved' WHERE chat_id LIKE '351%'");
    app.take_jobs();

    for (words, count) in [
        ("parcel from:customers", 3),
        ("parcel from:us", 1),
        ("parcel from:bob", 1),
        ("from:ana", 3),
        ("from:\"ana alves\" parcel", 1),
        ("in:shop", 2),
        ("in:works", 4),
        ("parcel in:resolved", 2),
        ("label:vip parcel", 2),
        ("parcel before:2020-06-01", 1),
        ("parcel after:2020-06-01", 3),
        ("on:2020-05-05", 1),
        ("has:image", 1),
        ("has:link", 1),
        ("has:note", 0),
    ] {
        assert_eq!(found(&app, words).await.len(), count, "{words}");
    }
    assert_eq!(found_by(&app, Who::Bob, "from:me").await.len(), 1);
    for (words, why) in [
        ("from:nemo", "Nobody is called “nemo”."),
        ("in:nowhere", "“nowhere” is no number"),
        ("label:none", "There is no label “none”."),
        ("has:wings", "Messages have no “wings”"),
        ("before:soon", "“soon” is no day."),
    ] {
        let page = app.ada(get(&asking(&format!("parcel {words}")))).await;
        page.shows(why).hides("search-text");
    }
}

#[actix_web::test]
async fn people_and_threads_of_that_name_stand_above_the_messages() {
    let app = TestApp::new().await;
    said_before(&app).await;
    app.sql("UPDATE customers SET first_name = 'Grey', last_name = 'Parcel' WHERE phone LIKE '351%'");

    let page = app.ada(get(&asking("grey parcel"))).await;

    let id = app.text("SELECT id::text AS text FROM customers WHERE first_name = 'Grey'");
    let thread = app.conversation_with(ANA);
    page.shows(&format!(r#"href="/customers/{id}""#))
        .shows(&format!(r#"href="/inbox/{thread}""#))
        .shows("+351 912 345 678");
    app.olga(get(&asking("grey parcel"))).await.shows("Grey Parcel").hides("912 345 678");
    let nothing = app.ada(get(&asking("zebra"))).await;
    nothing.shows("Nothing found").shows("“zebra”");
    app.ada(get("/search")).await.shows("Find what was said").hides("Nothing found");
    app.ada(get(&asking("<b>"))).await.shows("&#60;b&#62;").hides("<b>");
}

#[actix_web::test]
async fn nobody_finds_what_they_may_not_see() {
    let app = TestApp::new().await;
    said_before(&app).await;
    app.assign(app.conversation_with(ANA), "eve@acme.test");

    assert_eq!(found_by(&app, Who::Bob, "parcel").await.len(), 2, "what is Eve's is not Bob's");
    assert_eq!(found_by(&app, Who::Eve, "parcel").await.len(), 4);
    assert_eq!(found_by(&app, Who::Max, "parcel").await.len(), 4);
    assert_eq!(found_by(&app, Who::Carol, "parcel").await, Vec::<String>::new());
    for words in [ANA, "912 345 678", "ana@example.org"] {
        let page = app.olga(get(&asking(words))).await;
        page.shows("Your role sees no phone numbers and addresses").hides("search-row");
    }
    app.sql("UPDATE messages SET revoked_at = now() WHERE body LIKE 'Where%'");
    app.sql("UPDATE messages SET deleted_at = now() WHERE body LIKE 'Your%'");
    assert_eq!(found(&app, "parcel").await.len(), 2, "what was taken back is not found");
}

#[actix_web::test]
async fn what_was_found_opens_where_it_stands() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let lines: Vec<String> = (1..=130).map(|nth| format!("Line {nth:03}.")).collect();
    let id = app.conversation(number, ANA, &lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
    app.take_jobs();
    let href =
        |html: &str| html.split("search-row\" href=\"").nth(1).unwrap().split(['"', '#']).next().unwrap().to_owned();

    let early = href(&app.ada(get(&asking("\"line 030\""))).await.html);
    let page = app.ada(get(&early)).await;

    assert!(early.starts_with(&format!("/inbox/{id}?at=")), "{early}");
    assert_eq!(page.html.matches("is-sought").count(), 1);
    page.shows("Line 030.").shows("Line 045.").shows("Line 012.").hides("Line 090.").shows("To the newest messages");
    let newer =
        page.html.split("Newer messages").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    app.ada(get(&newer.replace("&#38;", "&"))).await.shows("Line 060.").hides("Line 012.");
    let late = href(&app.ada(get(&asking("\"line 125\""))).await.html);
    app.ada(get(&late)).await.shows("is-sought").shows("Line 130.").hides("To the newest messages");
    assert_eq!(app.ada(get(&format!("/inbox/{id}?at={}", uuid::Uuid::now_v7()))).await.status, 404);
    app.ada(get(&format!("/inbox/{id}?at=nonsense"))).await.shows("Line 130.");
    app.take_jobs();
}

#[actix_web::test]
async fn all_of_many_are_found_page_by_page_and_by_as_many_statements() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["A needle at first"]).await;
    app.hears(number, said(ANA, "Something else")).await;
    let count = async |uri: &str| {
        queries::take(app.url());
        assert_eq!(app.ada(get(uri)).await.status, 200);
        queries::take(app.url()).len()
    };
    app.ada(get(&asking("needle"))).await;
    let few = count(&asking("needle")).await;
    app.sql(&format!(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, status, body, occurred_at) \
         SELECT '{}', gen_random_uuid(), '{id}', 'inbound', 'delivered', \
                CASE WHEN n % 10 = 0 THEN 'Needle ' || n ELSE 'Hay ' || n END, now() - (n / 3) * interval '1 second' \
         FROM generate_series(1, 1000) AS n",
        app.acme
    ));

    let (mut seen, mut next) = (0, Some(format!("{}&sort=newest", asking("needle"))));
    while let Some(path) = next {
        let page = app.ada(get(&path).htmx("search_more")).await;
        seen += texts(&page.html).len();
        next = super::inbox::next_page(&page.html, "search_more");
    }

    assert_eq!(seen, 101);
    assert_eq!(count(&asking("needle")).await, few);
    assert!(few <= 12, "{few} statements");
    app.take_jobs();
}
