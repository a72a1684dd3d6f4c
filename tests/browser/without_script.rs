//! Every form works where no script runs.

use crate::support::{Kind, with_desk};

#[actix_web::test]
async fn an_agent_works_without_script() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let agent = desk.browser_of(Kind { has_no_script: true }).await;
        agent.sign_in("agent@acme.test").await;
        agent.click(".rail-item[href='/inbox']").await;
        agent.click("li:first-child > [data-row]").await;
        let name = agent.text("#conversation_header h2").await;
        assert_eq!(name, "Lucía Romero");

        agent.click(".composer-send").await;
        agent.reads(".composer .field-error", "Write something first.").await;
        agent.fill("#composer_text", "Yes, four are free").await;
        agent.click(".composer-send").await;
        agent.reads("#thread_messages .is-out", "Yes, four are free").await;
        agent.click("[data-resolve]").await;
        agent.reads("#conversation_header .pill", "Resolved").await;
        agent.click("#conversation_header form .btn").await;
        agent.reads("#conversation_header .pill", "Open").await;

        agent.fill("[data-search]", "Mara\u{e007}").await;
        agent.reads("li:only-child .conversation-name", "Mara Lindqvist").await;
        agent.click(".rail-account summary").await;
        agent.click("form[action='/logout'] button").await;
        agent.sees("#field_email").await;
    })
    .await;
}

#[actix_web::test]
async fn an_administrator_adds_a_number_without_script() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let admin = desk.browser_of(Kind { has_no_script: true }).await;
        admin.sign_in("admin@acme.test").await;
        admin.goto("/settings/numbers/new").await;
        admin.fill("#field_name", "Showroom").await;
        admin.fill("#field_external_session_id", "show room!").await;
        admin.click(".form-foot .btn-primary").await;
        admin.reads("#about_external_session_id .field-error", "Use letters, digits").await;
        admin.fill("#field_external_session_id", "acme-showroom").await;
        admin.click(".form-foot .btn-primary").await;
        admin.reads("h1", "Connect Showroom").await;
    })
    .await;
}
