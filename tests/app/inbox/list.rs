//! Queues, counts, pages and search.

use super::{ids, many_conversations, next_page};
use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, get, post, queries};
use std::collections::HashSet;

#[actix_web::test]
async fn without_a_number_the_inbox_says_what_to_do() {
    let app = TestApp::new().await;

    app.ada(get("/inbox")).await.shows("No number yet").shows("/settings/numbers/new");
    app.bob(get("/inbox")).await.shows("An administrator connects one");
    app.number("Workshop").await;
    app.bob(get("/inbox")).await.shows("All done here");
}

#[actix_web::test]
async fn who_wrote_last_stands_first_with_unread_and_words() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello", "Is my bicycle ready?"]).await;
    let ben = app.conversation(number, BEN, &["Good morning"]).await;
    app.sql(&format!("UPDATE conversations SET last_message_at = now() - interval '1 minute' WHERE id = '{ana}'"));

    let page = app.bob(get("/inbox")).await;

    assert_eq!(ids(&page.html, "conversation_"), [ben.to_string(), ana.to_string()]);
    page.shows("Ana Alves").shows("Is my bicycle ready?").shows("Ben Brandt").hides("Globex");
    page.shows(r#"<span class="visually-hidden">Unread: </span>2"#);
}

#[actix_web::test]
async fn each_queue_has_its_own_and_counts_them() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 6);
    let all: Vec<String> =
        app.texts("SELECT id::text AS text FROM conversations ORDER BY last_message_at DESC, id DESC");
    let assign = |at: usize, email: &str| app.assign(all[at].parse().unwrap(), email);
    assign(0, "bob@acme.test");
    assign(1, "eve@acme.test");
    assign(2, "bob@acme.test");
    app.sql(&format!("UPDATE conversations SET status = 'resolved' WHERE id IN ('{}', '{}')", all[2], all[3]));
    let queue = async |name: &str| {
        let listed = ids(&app.bob(get(&format!("/inbox?queue={name}"))).await.html, "conversation_");
        listed.iter().map(|id| all.iter().position(|known| known == id).unwrap()).collect::<Vec<_>>()
    };

    assert_eq!(queue("open").await, [0, 4, 5]);
    assert_eq!(queue("mine").await, [0]);
    assert_eq!(queue("unassigned").await, [4, 5]);
    assert_eq!(queue("resolved").await, [2, 3]);
    assert_eq!(queue("all").await, [0, 2, 3, 4, 5]);
    assert_eq!(queue("nonsense").await.len(), 3, "an unknown queue is the open one");

    let counts = |html: &str| {
        let counts =
            html.split(r#"<span class="count">"#).skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
        counts.take(3).collect::<Vec<_>>()
    };
    assert_eq!(counts(&app.bob(get("/inbox")).await.html), ["3", "1", "2"]);
    assert_eq!(counts(&app.max(get("/inbox")).await.html), ["4", "2"], "a manager sees all and has none");
    assert_eq!(ids(&app.max(get("/inbox?queue=all")).await.html, "conversation_").len(), 6);
}

#[actix_web::test]
async fn counts_end_at_99() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 120);

    app.bob(get("/inbox")).await.shows(r#"<span class="count">99+</span>"#).hides(">120<");
}

#[actix_web::test]
async fn pages_have_no_gaps_and_no_repeats_while_messages_come() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 75);
    let all: Vec<String> =
        app.texts("SELECT id::text AS text FROM conversations ORDER BY last_message_at DESC, id DESC");

    let mut page = app.bob(get("/inbox")).await;
    let mut seen = ids(&page.html, "conversation_");
    for phone in 0..3 {
        app.hears(number, said(&format!("4477009000{phone}"), "somebody new")).await;
        let Some(next) = next_page(&page.html, "conversation_more") else { break };
        page = app.bob(get(&next).htmx("conversation_more")).await;
        page.hides("<html").hides("somebody new");
        seen.extend(ids(&page.html, "conversation_"));
    }

    assert_eq!(seen, all);
    assert_eq!(next_page(&page.html, "conversation_more"), None, "the last page says so");
}

#[actix_web::test]
async fn a_row_that_moves_up_takes_none_with_it() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 40);
    let all: HashSet<String> = app.texts("SELECT id::text AS text FROM conversations").into_iter().collect();
    let page = app.bob(get("/inbox")).await;

    app.hears(number, said("90000000040", "the oldest one writes again")).await;
    let next = app.bob(get(&next_page(&page.html, "conversation_more").unwrap()).htmx("conversation_more")).await;
    let top = app.bob(get("/inbox").htmx("conversation_list")).await;

    let seen = [&page.html, &next.html, &top.html].into_iter().flat_map(|html| ids(html, "conversation_"));
    assert_eq!(seen.collect::<HashSet<_>>(), all);
}

#[actix_web::test]
async fn a_list_that_was_scrolled_down_is_shown_again_as_long() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 70);
    let rows = async |rows: &str| {
        let part = app.bob(get(&format!("/inbox?rows={rows}")).htmx("conversation_list")).await;
        ids(&part.html, "conversation_").len()
    };

    assert_eq!((rows("60").await, rows("1").await, rows("100000").await), (60, 30, 70));
}

#[actix_web::test]
async fn a_cursor_that_cannot_be_read_begins_at_the_beginning() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;

    for query in ["after=nonsense", "after=", "before=%00", "from=AAAA", "after=_____________________________________"]
    {
        assert_eq!(app.bob(get(&format!("/inbox?{query}"))).await.shows("Ana Alves").status, 200, "{query}");
    }
    assert_eq!(app.bob(get("/inbox?rows=many")).await.status, 400);
}

#[actix_web::test]
async fn search_finds_by_name_and_by_number_as_people_type_them() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    app.conversation(number, BEN, &["Hello"]).await;
    let find = async |words: &str| app.bob(get(&format!("/inbox?q={words}"))).await;

    for words in ["ana", "ALV", "a%20Al", "912345", "%2B351%20912%20345", "%20ana%20"] {
        find(words).await.shows(r#"conversation-name">Ana Alves"#).hides(r#"conversation-name">Ben"#);
    }
    find("nobody").await.shows("Nothing found").shows("“nobody”");
    for wild in ["%25", "_", "%5C", "a%25a", "%00"] {
        let page = find(wild).await;
        assert_eq!(page.status, 200, "{wild}");
        assert!(wild == "%00" || !page.has(r#"conversation-name">Ana"#), "{wild} is no joker");
    }
    app.carol(get("/inbox?q=ana")).await.hides("Ana Alves");
    let part = app.bob(get("/inbox?q=ana").htmx("conversation_list")).await;
    part.shows("Ana Alves").hides("Ben Brandt").hides("<html").shows(r#"id="conversation_queues" hx-swap-oob"#);
}

#[actix_web::test]
async fn whoever_may_not_see_numbers_cannot_ask_for_them() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;

    app.olga(get("/inbox?q=ana&queue=all")).await.shows("Ana Alves");
    app.olga(get("/inbox?q=912345&queue=all")).await.hides("Ana Alves").shows("Nothing found");
}

#[actix_web::test]
async fn search_stays_within_the_queue_and_the_readers_scope() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello"]).await;
    app.assign(ana, "eve@acme.test");

    app.bob(get("/inbox?q=ana")).await.hides("Ana Alves");
    app.eve(get("/inbox?q=ana&queue=mine")).await.shows("Ana Alves");
    app.eve(get("/inbox?q=ana&queue=resolved")).await.hides("Ana Alves").shows("Nothing found");
    app.olga(get("/inbox?q=ana")).await.shows("Ana Alves");
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_the_list() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    many_conversations(&app, number, 2);
    let count = async || {
        app.bob(get("/inbox")).await;
        queries::take(app.url());
        assert_eq!(app.bob(get("/inbox")).await.status, 200);
        queries::take(app.url())
    };
    let few = count().await;
    many_more(&app, number);

    let many = count().await;

    assert_eq!(few.len(), many.len(), "{few:#?} and {many:#?}");
    assert!(many.len() <= 12, "{many:#?}");
}

fn many_more(app: &TestApp, number: switchboard::numbers::model::NumberId) {
    app.sql("DELETE FROM conversations");
    app.sql("DELETE FROM customers");
    many_conversations(app, number, 100);
}

#[actix_web::test]
async fn a_conversation_that_waits_says_for_how_long() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(get("/inbox")).await.hides("Waiting for an answer");

    app.sql(&format!("UPDATE conversations SET waiting_since = now() - interval '65 minutes' WHERE id = '{ana}'"));
    app.bob(get("/inbox")).await.shows("1 h 5 min").shows("waiting tone-bad");

    app.bob(post(&format!("/conversations/{ana}/resolution"))).await;
    app.bob(get("/inbox?queue=resolved")).await.hides("1 h 5 min");
}
