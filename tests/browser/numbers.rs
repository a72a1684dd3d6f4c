//! Numbers, and the account's own choices, with everything the browser improves.

use crate::support::with_desk;

#[actix_web::test]
async fn errors_stand_beside_their_fields_and_typed_text_stays() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let admin = desk.signed_in("admin@acme.test").await;
        admin.goto("/settings/numbers/new").await;
        admin.fill("#field_name", "Showroom").await;
        admin.fill("#field_external_session_id", "show room!").await;
        admin.click(".form-foot .btn-primary").await;
        admin.reads("#about_external_session_id .field-error", "Use letters, digits").await;
        assert_eq!(admin.evaluate("document.getElementById('field_name').value").await, "Showroom");
        assert_eq!(admin.evaluate("document.getElementById('field_external_session_id').value").await, "show room!");

        admin.fill("#field_external_session_id", "acme-workshop").await;
        admin.click(".form-foot .btn-primary").await;
        admin.reads("#about_external_session_id .field-error", "Another number").await;
        admin.fill("#field_external_session_id", "acme-showroom").await;
        admin.click(".form-foot .btn-primary").await;
        admin.sees("#pairing img.qr").await;
    })
    .await;
}

#[actix_web::test]
async fn a_code_is_the_alternative_to_the_camera() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let admin = desk.signed_in("admin@acme.test").await;
        admin.goto("/settings/numbers/new").await;
        admin.fill("#field_name", "Showroom").await;
        admin.fill("#field_external_session_id", "acme-showroom").await;
        admin.click(".form-foot .btn-primary").await;
        admin.sees("#pairing img.qr").await;
        admin.click(".form-more summary").await;
        admin.fill("#field_phone", "12").await;
        admin.click(".code-form .btn").await;
        admin.reads("#about_phone .field-error", "country code").await;
        admin.fill("#field_phone", "+351 912 345 678").await;
        admin.click(".code-form .btn").await;
        let code = admin.text("#pairing .code").await;

        let phones = desk.browser().await;
        phones.goto(&desk.phones).await;
        phones.fill("#code_acme-showroom", &code).await;
        phones.click("form[action='/phones/pairing-codes'] .button").await;
        admin.reads("#pairing h2", "Showroom is connected").await;
    })
    .await;
}

#[actix_web::test]
async fn a_number_is_stopped_by_name_and_started_again() {
    with_desk(async |desk| {
        let admin = desk.signed_in("admin@acme.test").await;
        admin.goto("/settings/numbers").await;
        admin.click(".number-foot .menu summary").await;
        admin.click_on(".menu-item", "Stop").await;
        admin.reads("dialog h2", "Stop Workshop?").await;
        admin.click("dialog[open] .btn-danger").await;
        admin.reads(".number-card .state", "Stopped").await;
        admin.click_on(".number-foot .btn", "Start").await;
        admin.reads(".number-card .state", "Working").await;
    })
    .await;
}

#[actix_web::test]
async fn the_theme_is_chosen_and_stays() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.colours("light").await;
        agent.goto("/inbox").await;
        agent.until("document.documentElement.dataset.bsTheme === 'light'").await;
        agent.colours("dark").await;
        agent.until("document.documentElement.dataset.bsTheme === 'dark'").await;

        agent.click(".rail-account summary").await;
        agent.click(".theme-choice [value=light]").await;
        agent.until("document.documentElement.dataset.bsTheme === 'light'").await;
        agent.sees(".theme-choice [value=light][aria-pressed=true]").await;
        assert_eq!(agent.path().await, "/inbox");
        agent.reload().await;
        agent.until("document.documentElement.dataset.bsTheme === 'light'").await;
    })
    .await;
}
