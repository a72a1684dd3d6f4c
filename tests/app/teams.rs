//! Settings → Teams: what its pages show and refuse.

use super::support::{TestApp, Who, form, get, post};
use switchboard::teams::members;
use switchboard::users::model::UserId;

const HERE: &str = "/settings/teams";

fn id_of(app: &TestApp, who: Who) -> String {
    app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{}'", who.email()))
}

/// Makes a team of these and tells where its page is.
async fn team(app: &TestApp, name: &str, people: &[Who], lead: Option<Who>) -> String {
    let answer = app.ada(form(HERE, &[("name", name)]).fields(&fields(app, people, lead))).await;
    assert_eq!((answer.status, answer.location()), (303, HERE), "{answer:?}");
    app.text(&format!("SELECT '{HERE}/' || id AS text FROM teams WHERE name = '{name}' AND deleted_at IS NULL"))
}

fn fields(app: &TestApp, people: &[Who], lead: Option<Who>) -> Vec<(&'static str, &'static str)> {
    let leak = |text: String| -> &'static str { text.leak() };
    let ticked = people.iter().map(|who| (leak(format!("member.{}", id_of(app, *who))), "on"));
    ticked.chain([("lead", leak(lead.map(|who| id_of(app, who)).unwrap_or_default()))]).collect()
}

/// "Bob lead, Eve" and so on.
fn members_of(app: &TestApp, name: &str) -> String {
    let sql = format!(
        "SELECT COALESCE(string_agg(first_name || CASE WHEN is_lead THEN ' lead' ELSE '' END, ', ' ORDER BY first_name), '') AS text \
         FROM team_members JOIN users ON users.id = user_id JOIN teams ON teams.id = team_id WHERE teams.name = '{name}'"
    );
    app.text(&sql)
}

#[actix_web::test]
async fn a_team_is_made_with_its_members_and_lead() {
    let app = TestApp::new().await;
    app.ada(get(HERE)).await.shows("No teams yet");

    let url = team(&app, "Service", &[Who::Bob, Who::Eve], Some(Who::Eve)).await;

    assert_eq!(members_of(&app, "Service"), "Bob, Eve lead");
    app.ada(get(HERE)).await.shows("Service").shows("2 members").shows("led by Eve Evans");
    let page = app.ada(get(&url)).await;
    page.shows(&format!(r#"name="member.{}" value="on" checked"#, id_of(&app, Who::Bob)));
    page.shows(&format!(r#"name="lead" value="{}" checked"#, id_of(&app, Who::Eve)));
    page.shows(&format!(r#"name="member.{}" value="on">"#, id_of(&app, Who::Max)));
    assert_eq!(app.audited(), ["created teams"]);
    let after = app.text("SELECT after::text AS text FROM audit_entries WHERE action = 'created' AND entity = 'teams'");
    assert!(after.contains("Bob Baker") && after.contains(r#""lead": "Eve Evans""#), "{after}");
}

#[actix_web::test]
async fn the_lead_is_a_member_also_when_the_box_was_forgotten() {
    let app = TestApp::new().await;

    team(&app, "Service", &[Who::Bob], Some(Who::Max)).await;

    assert_eq!(members_of(&app, "Service"), "Bob, Max lead");
}

#[actix_web::test]
async fn an_edit_changes_members_lead_and_name() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob, Who::Eve], Some(Who::Eve)).await;

    let fields = fields(&app, &[Who::Bob, Who::Max], Some(Who::Bob));
    let answer = app.ada(form(&url, &[("name", "Sales"), ("description", "Offers and prices")]).fields(&fields)).await;

    assert_eq!((answer.status, answer.location()), (303, HERE));
    assert_eq!(members_of(&app, "Sales"), "Bob lead, Max");
    app.ada(get(HERE)).await.shows("Offers and prices");
    let entry = app.text("SELECT before || ' / ' || after AS text FROM (SELECT before::text, after::text FROM audit_entries WHERE action = 'changed') AS entry");
    assert!(
        entry.contains("Eve Evans") && entry.contains("Max Moser") && entry.contains(r#""name": "Service""#),
        "{entry}"
    );
}

#[actix_web::test]
async fn an_edit_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob], Some(Who::Bob)).await;

    app.ada(form(&url, &[("name", " Service ")]).fields(&fields(&app, &[Who::Bob], Some(Who::Bob)))).await;

    assert_eq!(app.audited(), ["created teams"]);
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed_and_ticked() {
    let app = TestApp::new().await;
    let bob = id_of(&app, Who::Bob);

    let long = "x".repeat(101);
    for (name, words) in [("", "Enter a name"), (&*long, "At most 100 characters."), ("a\nb", "one line of text")] {
        let ask =
            form(HERE, &[("name", name), ("description", "Offers")]).fields(&fields(&app, &[Who::Bob], Some(Who::Bob)));
        let answer = app.ada(ask).await;
        assert_eq!(answer.shows(words).status, 422, "{name}");
        answer.shows(r#"value="Offers""#).shows(&format!(r#"name="member.{bob}" value="on" checked"#));
        answer.shows(&format!(r#"name="lead" value="{bob}" checked"#));
    }

    assert_eq!((app.count("FROM teams"), app.count("FROM team_members")), (0, 0));
}

#[actix_web::test]
async fn nobody_from_elsewhere_becomes_a_member() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob], None).await;
    app.sql("UPDATE users SET deleted_at = now() WHERE first_name = 'Max'");

    for strangers in
        [fields(&app, &[Who::Carol], None), fields(&app, &[], Some(Who::Carol)), fields(&app, &[Who::Max], None)]
    {
        let answer = app.ada(form(&url, &[("name", "Service")]).fields(&strangers)).await;
        assert_eq!(answer.shows("Somebody you chose is not here any more.").status, 422);
    }
    for nonsense in [("member.x", "on"), ("lead", "x"), ("lead", "\0")] {
        let answer = app.ada(form(&url, &[("name", "Service"), nonsense])).await;
        assert_eq!(answer.status, 422, "{nonsense:?}");
    }

    assert_eq!(members_of(&app, "Service"), "Bob");
}

#[actix_web::test]
async fn a_name_is_taken_once_however_it_is_written() {
    let app = TestApp::new().await;
    team(&app, "Service", &[], None).await;
    let sales = team(&app, "Sales", &[], None).await;

    let new = app.ada(form(HERE, &[("name", "SERVICE")])).await;
    let renamed = app.ada(form(&sales, &[("name", "service")])).await;

    assert_eq!(new.shows("Another team has this name.").status, 422);
    assert_eq!(renamed.shows("Another team has this name.").status, 422);
    assert_eq!(app.carol(form(HERE, &[("name", "Service")])).await.status, 303, "Globex has its own");
}

#[actix_web::test]
async fn a_deleted_team_can_be_restored_unless_its_name_is_taken() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob], Some(Who::Bob)).await;

    for _ in 0..2 {
        let answer = app.ada(post(&format!("{url}/deletion"))).await;
        assert_eq!((answer.status, answer.location()), (303, HERE));
    }
    app.ada(get(HERE)).await.hides(">Service<");
    app.ada(get("/settings/teams?state=deleted")).await.shows("Service").shows("1 member");
    app.ada(get(&url)).await.shows("This team was deleted").shows("Bob Baker").hides("Save");
    assert_eq!(app.ada(form(&url, &[("name", "Other")])).await.shows("was deleted").status, 422);

    let other = team(&app, "service", &[], None).await;
    let refused = app.ada(post(&format!("{url}/restoration"))).await;
    assert_eq!(refused.shows("Another team is called Service by now.").status, 422);
    app.ada(post(&format!("{other}/deletion"))).await;
    for _ in 0..2 {
        assert_eq!(app.ada(post(&format!("{url}/restoration"))).await.location(), url);
    }
    assert_eq!(members_of(&app, "Service"), "Bob lead");
    let trace = ["created teams", "deleted teams", "created teams", "deleted teams", "restored teams"];
    assert_eq!(app.audited(), trace);
}

#[actix_web::test]
async fn a_deleted_user_leaves_the_team_and_is_in_it_again_when_restored() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob, Who::Eve], Some(Who::Bob)).await;
    let bob = format!("/settings/users/{}", id_of(&app, Who::Bob));
    app.ada(post(&format!("{bob}/deletion"))).await;
    app.ada(get(HERE)).await.shows("1 member").hides("led by");

    app.ada(form(&url, &[("name", "Service")]).fields(&fields(&app, &[Who::Eve], Some(Who::Eve)))).await;
    app.ada(post(&format!("{bob}/restoration"))).await;

    assert_eq!(members_of(&app, "Service"), "Bob, Eve lead");
}

#[actix_web::test]
async fn two_edits_at_once_leave_one_lead() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob, Who::Eve], None).await;
    let ask = |lead| form(&url, &[("name", "Service")]).fields(&fields(&app, &[Who::Bob, Who::Eve], Some(lead)));

    let (one, two) = futures_util::join!(app.ada(ask(Who::Bob)), app.ada(ask(Who::Eve)));

    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(app.count("FROM team_members WHERE is_lead"), 1);
}

#[actix_web::test]
async fn managers_and_auditors_read_agents_and_strangers_do_not() {
    let app = TestApp::new().await;
    let url = team(&app, "Service", &[Who::Bob], Some(Who::Bob)).await;

    for page in [app.max(get(&url)).await, app.olga(get(&url)).await] {
        page.shows("Bob Baker").shows(">Lead<").hides("checkbox").hides("Eve Evans").hides("Save");
    }
    app.max(get(HERE)).await.shows("Service").hides("New team").hides("Deleted");
    for ask in [form(&url, &[("name", "Mine")]), form(HERE, &[("name", "Mine")]), post(&format!("{url}/deletion"))] {
        assert_eq!(app.max(ask.clone()).await.status, 403);
        assert_eq!(app.bob(ask).await.status, 403);
    }
    assert_eq!(app.bob(get(HERE)).await.status, 403);
    app.carol(get(HERE)).await.hides(">Service<");
    app.carol(get("/settings/teams?state=deleted")).await.hides(">Service<");
    assert_eq!(app.carol(get(&url)).await.status, 404);
    assert_eq!(app.carol(form(&url, &[("name", "Mine")])).await.status, 404);
    assert_eq!(app.carol(post(&format!("{url}/restoration"))).await.status, 404);
    assert_eq!(app.text("SELECT name AS text FROM teams"), "Service");
}

#[actix_web::test]
async fn a_user_has_the_teams_that_are_in_use() {
    let app = TestApp::new().await;
    team(&app, "Service", &[Who::Bob], None).await;
    let gone = team(&app, "Sales", &[Who::Bob, Who::Eve], None).await;
    app.ada(post(&format!("{gone}/deletion"))).await;
    let teams = async |who| {
        let user: UserId = id_of(&app, who).parse().unwrap();
        app.within(move |conn, tenant| members::of_user(conn, tenant, user)).await.len()
    };

    assert_eq!((teams(Who::Bob).await, teams(Who::Eve).await, teams(Who::Carol).await), (1, 0, 0));
}

#[actix_web::test]
async fn there_are_no_more_teams_than_the_list_shows() {
    let app = TestApp::new().await;
    app.sql("INSERT INTO teams (tenant_id, id, name) SELECT id, gen_random_uuid(), 'Team ' || n FROM tenants, generate_series(1, 200) AS n WHERE slug = 'acme'");

    let answer = app.ada(form(HERE, &[("name", "One more")])).await;

    assert_eq!(answer.shows("There are 200 teams already").status, 422);
    answer.shows(r#"value="One more""#);
}
