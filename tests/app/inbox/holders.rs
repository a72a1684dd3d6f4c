//! Who has a conversation: taken, given to somebody or to a team, and who sees it then.

use crate::support::talk::ANA;
use crate::support::{Answer, TestApp, Who, form, get};
use switchboard::conversations::model::ConversationId;

impl TestApp {
    /// One of Acme's teams, with these members.
    pub async fn team(&self, name: &str, members: &[Who]) -> String {
        let boxes: Vec<String> = members.iter().map(|who| format!("member.{}", self.user(*who))).collect();
        let mut fields: Vec<(&str, &str)> = boxes.iter().map(|name| (name.as_str(), "on")).collect();
        fields.push(("name", name));
        self.ada(form("/settings/teams", &fields)).await;
        self.text(&format!("SELECT id::text AS text FROM teams WHERE name = '{name}'"))
    }

    /// `who` says that `to` shall have it, having seen that nobody did.
    async fn gives(&self, who: Who, id: ConversationId, to: &str) -> Answer {
        self.ask(who, form(&format!("/conversations/{id}/owner"), &[("to", to), ("seen", "")])).await
    }

    fn owner(&self) -> String {
        self.text(
            "SELECT COALESCE((SELECT first_name FROM users u WHERE u.id = assignee_id), '') AS text FROM conversations",
        )
    }

    async fn ana(&self) -> ConversationId {
        let number = self.number("Workshop").await;
        self.conversation(number, ANA, &["Hello"]).await
    }
}

#[actix_web::test]
async fn whoever_takes_a_conversation_has_it_and_the_thread_says_so() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Unassigned");

    let answer = app.gives(Who::Bob, id, &app.user(Who::Bob)).await;

    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}").as_str()));
    assert_eq!(app.owner(), "Bob");
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Bob Baker took this").shows("Owner: Bob Baker");
    app.bob(get("/inbox?queue=mine")).await.shows("Ana Alves");
    assert!(app.audited().contains(&"assigned conversations".to_owned()));
    app.take_jobs();
}

#[actix_web::test]
async fn of_two_who_take_it_at_once_one_has_it_and_the_other_is_told_who() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    for who in [Who::Bob, Who::Eve] {
        app.ask(who, get(&format!("/inbox/{id}"))).await;
    }
    let (bob, eve) = (app.user(Who::Bob), app.user(Who::Eve));

    let (one, two) = tokio::join!(app.gives(Who::Bob, id, &bob), app.gives(Who::Eve, id, &eve));

    let (winner, loser) = if one.status == 303 { ("Bob", two) } else { ("Eve", one) };
    assert_eq!(loser.shows(&format!("{winner} ")).shows("has this conversation now.").status, 422);
    assert_eq!(app.owner(), winner);
    assert_eq!(app.count("FROM conversation_activities"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn a_second_click_changes_nothing_and_is_no_mistake() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    let bob = app.user(Who::Bob);

    assert_eq!(app.gives(Who::Bob, id, &bob).await.status, 303);
    assert_eq!(app.gives(Who::Bob, id, &bob).await.status, 303);

    assert_eq!(app.count("FROM conversation_activities"), 1);
}

#[actix_web::test]
async fn who_cannot_answer_customers_is_given_none() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    app.sql("UPDATE users SET is_active = false WHERE email = 'max@acme.test'");
    let menu = app.bob(get(&format!("/conversations/{id}/owner"))).await;
    menu.shows("Eve Evans").shows("Ada Arnold").hides("Olga Orlow").hides("Max Moser").hides("Carol");

    for (who, status) in [(Who::Olga, 422), (Who::Max, 422), (Who::Carol, 404), (Who::Pat, 404)] {
        assert_eq!(app.gives(Who::Bob, id, &app.user(who)).await.status, status, "{who:?}");
    }
    assert_eq!(app.gives(Who::Bob, id, "nonsense").await.status, 400);

    assert_eq!((app.owner().as_str(), app.count("FROM conversation_activities")), ("", 0));
}

#[actix_web::test]
async fn what_a_team_has_is_seen_by_its_members_only_and_by_those_who_see_all() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    let team = app.team("Service", &[Who::Eve]).await;

    let given = app.bob(form(&format!("/conversations/{id}/team"), &[("to", &team), ("seen", "")])).await;

    assert_eq!((given.status, given.location()), (303, "/inbox"), "it is out of Bob's sight");
    assert_eq!(app.bob(get(&format!("/inbox/{id}"))).await.status, 404);
    app.bob(get("/inbox")).await.hides("Ana Alves").hides(r#"<span class="count">1"#);
    for who in [Who::Eve, Who::Max, Who::Ada, Who::Olga] {
        app.ask(who, get(&format!("/inbox/{id}"))).await.shows("Bob Baker gave this to the team Service");
        app.ask(who, get("/inbox")).await.shows("Ana Alves").shows(r#"<span class="count">1"#);
    }
    app.eve(get("/inbox?queue=unassigned")).await.shows("Ana Alves");
    assert_eq!(app.ask(Who::Carol, get(&format!("/inbox/{id}"))).await.status, 404);

    app.gives(Who::Eve, id, &app.user(Who::Max)).await;
    app.eve(get(&format!("/inbox/{id}"))).await.shows("Eve Evans assigned this to Max Moser");
    app.eve(get("/inbox")).await.shows("Ana Alves");
    app.eve(get("/inbox?queue=unassigned")).await.hides("Ana Alves");
    app.take_jobs();
}

#[actix_web::test]
async fn another_tenants_and_a_deleted_team_are_given_nothing() {
    let app = TestApp::new().await;
    let id = app.ana().await;
    let team = app.team("Service", &[]).await;
    app.ada(crate::support::post(&format!("/settings/teams/{team}/deletion"))).await;
    app.ask(Who::Carol, form("/settings/teams", &[("name", "Globex")])).await;
    let theirs = app.text("SELECT id::text AS text FROM teams WHERE name = 'Globex'");

    for (to, status) in [(&team, 422), (&theirs, 404)] {
        assert_eq!(app.bob(form(&format!("/conversations/{id}/team"), &[("to", to)])).await.status, status);
    }
    assert_eq!(app.count("FROM conversations WHERE team_id IS NOT NULL"), 0);
}
