//! Filters, orders and the queues of teams.

use super::{ids, many_conversations, next_page};
use crate::support::{TestApp, Who, form, get, queries};

/// So many conversations; their ids, the newest first.
async fn some(app: &TestApp, count: usize) -> Vec<String> {
    let number = app.number("Workshop").await;
    many_conversations(app, number, count);
    app.texts("SELECT id::text AS text FROM conversations ORDER BY last_message_at DESC, id DESC")
}

/// Which of `all` the list shows at this address.
async fn shown(app: &TestApp, who: Who, query: &str, all: &[String]) -> Vec<usize> {
    let page = app.ask(who, get(&format!("/inbox?{query}"))).await;
    assert_eq!(page.status, 200, "{query}");
    let at = |id: &String| all.iter().position(|known| known == id).unwrap();
    ids(&page.html, "conversation_").iter().map(at).collect()
}

#[actix_web::test]
async fn filters_narrow_the_list_alone_and_together() {
    let app = TestApp::new().await;
    let all = some(&app, 6).await;
    let (bob, team) = (app.user(Who::Bob), app.team("Service", &[Who::Bob]).await);
    app.ada(form("/settings/labels", &[("name", "VIP")])).await;
    let label = app.text("SELECT id::text AS text FROM labels");
    let set = |at: usize, what: &str| app.sql(&format!("UPDATE conversations SET {what} WHERE id = '{}'", all[at]));
    set(0, &format!("assignee_id = '{bob}', priority = 'high'"));
    set(1, &format!("assignee_id = '{bob}', team_id = '{team}'"));
    set(2, &format!("team_id = '{team}', priority = 'high', waiting_since = now() - interval '2 hours'"));
    set(3, "waiting_since = NULL");
    for at in [1, 2] {
        app.bob(form(&format!("/conversations/{}/labels", all[at]), &[("add", &label)])).await;
    }
    app.bob(get(&format!("/inbox/{}", all[5]))).await;
    let number = app.text("SELECT id::text AS text FROM waha_sessions");

    for (query, expected) in [
        ("owner=me".to_owned(), vec![0, 1]),
        (format!("owner={bob}"), vec![0, 1]),
        ("owner=nobody".into(), vec![2, 3, 4, 5]),
        (format!("team={team}"), vec![1, 2]),
        (format!("label={label}"), vec![1, 2]),
        ("priority=high".into(), vec![0, 2]),
        ("waiting=60".into(), vec![2]),
        ("unread=on".into(), vec![0, 1, 2, 3, 4]),
        (format!("number={number}"), vec![0, 1, 2, 3, 4, 5]),
        (format!("team={team}&priority=high&label={label}&unread=on&waiting=15"), vec![2]),
        (format!("queue=mine&team={team}"), vec![1]),
        (format!("queue=resolved&team={team}"), vec![]),
        // What cannot be read narrows nothing.
        ("team=x&priority=y&waiting=z&owner=%00&sort=q".into(), vec![0, 1, 2, 3, 4, 5]),
    ] {
        assert_eq!(shown(&app, Who::Bob, &query, &all).await, expected, "{query}");
    }
    let page = app.bob(get(&format!("/inbox?team={team}&priority=high"))).await;
    page.shows(&format!("/inbox/{}?team={team}&#38;priority=high", all[2])).shows(r#"<option value="high" selected>"#);
    app.take_jobs();
}

#[actix_web::test]
async fn every_order_has_pages_without_gaps_and_repeats() {
    let app = TestApp::new().await;
    let all = some(&app, 75).await;
    app.sql(
        "UPDATE conversations AS c SET priority = CASE n % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'none' ELSE 'urgent' END::conversation_priority, \
             waiting_since = CASE WHEN n % 4 > 0 THEN now() - n / 2 * interval '1 minute' END \
         FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM conversations) AS numbered WHERE c.id = numbered.id",
    );
    for (sort, order) in [
        ("newest", "last_message_at DESC, id DESC"),
        ("waiting", "waiting_since NULLS LAST, id"),
        ("priority", "priority DESC, last_message_at DESC, id DESC"),
    ] {
        let expected = app.texts(&format!("SELECT id::text AS text FROM conversations ORDER BY {order}"));
        let mut page = app.bob(get(&format!("/inbox?sort={sort}"))).await;
        let mut seen = ids(&page.html, "conversation_");
        while let Some(next) = next_page(&page.html, "conversation_more") {
            page = app.bob(get(&next).htmx("conversation_more")).await;
            seen.extend(ids(&page.html, "conversation_"));
        }
        assert_eq!(seen.len(), all.len(), "{sort}");
        assert_eq!(seen, expected, "{sort}");
    }
}

#[actix_web::test]
async fn agents_have_a_queue_for_each_of_their_teams_and_managers_for_all() {
    let app = TestApp::new().await;
    let all = some(&app, 5).await;
    let (service, sales) = (app.team("Service", &[Who::Bob]).await, app.team("Sales", &[Who::Eve]).await);
    for (at, team) in [(0, &service), (1, &service), (2, &sales)] {
        app.sql(&format!("UPDATE conversations SET team_id = '{team}' WHERE id = '{}'", all[at]));
    }

    let bobs = app.bob(get("/inbox")).await;
    bobs.shows(&format!("/inbox?team={service}")).hides(&format!("href=\"/inbox?team={sales}"));
    assert_eq!(shown(&app, Who::Bob, &format!("team={service}"), &all).await, [0, 1]);
    assert_eq!(shown(&app, Who::Bob, &format!("team={sales}"), &all).await, Vec::<usize>::new());
    let max = app.max(get(&format!("/inbox?team={sales}"))).await;
    max.shows(&format!("/inbox?team={service}")).shows("Conversations: Sales");
    let counted = |html: &str, team: &str| {
        let (_, rest) = html.split_once(&format!("href=\"/inbox?team={team}\"")).unwrap();
        let (_, rest) = rest.split_once(r#"<span class="count">"#).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!((counted(&max.html, &service), counted(&max.html, &sales)), ("2".into(), "1".into()));
    assert_eq!(counted(&bobs.html, &service), "2");
}

#[actix_web::test]
async fn rows_say_who_has_them_how_urgent_they_are_and_until_when_they_rest() {
    let app = TestApp::new().await;
    let all = some(&app, 1).await;
    let (id, team) = (&all[0], app.team("Service", &[Who::Bob]).await);
    for name in ["Alpha", "Beta", "Gamma", "Delta"] {
        app.ada(form("/settings/labels", &[("name", name)])).await;
    }
    for label in app.texts("SELECT id::text AS text FROM labels") {
        app.bob(form(&format!("/conversations/{id}/labels"), &[("add", &label)])).await;
    }
    app.bob(form(&format!("/conversations/{id}/owner"), &[("to", &app.user(Who::Bob))])).await;
    app.bob(form(&format!("/conversations/{id}/team"), &[("to", &team)])).await;
    app.bob(form(&format!("/conversations/{id}/priority"), &[("to", "urgent")])).await;
    app.bob(form(&format!("/conversations/{id}/snooze"), &[("until", "tomorrow")])).await;

    let part = app.bob(get("/inbox?queue=snoozed").htmx("conversation_list")).await;

    part.shows("Owner: Bob Baker").shows("Team: Service").shows("Priority: Urgent").shows("09:00");
    part.shows("Alpha").shows("Beta").shows("Delta").hides("Gamma").shows("+1");
    app.take_jobs();
}

#[actix_web::test]
async fn what_rows_name_costs_as_many_statements_for_one_as_for_many() {
    let app = TestApp::new().await;
    let all = some(&app, 40).await;
    let (bob, team) = (app.user(Who::Bob), app.team("Service", &[Who::Bob]).await);
    app.ada(form("/settings/labels", &[("name", "VIP")])).await;
    let dress = |count: usize| {
        let ids = all[..count].iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
        app.sql(&format!("UPDATE conversations SET assignee_id = '{bob}', team_id = '{team}' WHERE id IN ({ids})"));
        app.sql(&format!(
            "INSERT INTO conversation_labels (tenant_id, conversation_id, label_id) SELECT c.tenant_id, c.id, l.id \
             FROM conversations c, labels l WHERE c.id IN ({ids}) ON CONFLICT DO NOTHING"
        ));
    };
    let count = async || {
        app.bob(get("/inbox")).await;
        queries::take(app.url());
        app.bob(get("/inbox")).await;
        queries::take(app.url()).len()
    };
    dress(1);
    let few = count().await;
    dress(40);

    assert_eq!(count().await, few);
    assert!(few <= 18, "{few}");
}
