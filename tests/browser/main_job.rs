//! The main job, from the QR code to the blue ticks, with nobody pressing reload.

use crate::support::{Browser, Desk, ENTER, with_desk};

#[actix_web::test]
async fn a_number_is_paired_and_a_customer_gets_an_answer() {
    with_desk(async |desk| {
        let phones = desk.browser().await;
        pair_a_number(desk, &phones).await;
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.sees("[data-row]").await;

        write(&phones, "Is my bike ready?").await;
        agent.reads(".conversation.is-unread .conversation-preview", "Is my bike ready?").await;

        agent.click_on("[data-row]", "Is my bike ready?").await;
        agent.reads("#thread_messages .bubble", "Is my bike ready?").await;
        agent.focuses("#composer_text").await;
        agent.press(&format!("It is, come by until six{ENTER}")).await;
        phones.reads("#thread .bubble, #thread .row", "It is, come by until six").await;
        agent.sees("#thread_messages .is-out .tick[title='Delivered']").await;
        phones.click("#read").await;
        agent.sees("#thread_messages .is-out:last-of-type .tick-read").await;

        agent.click("[data-resolve]").await;
        agent.reads("#conversation_header [data-key=s]", "Resolved").await;
        write(&phones, "Thank you!").await;
        agent.reads("#conversation_header [data-key=s]", "Open").await;
        agent.reads("#thread_messages .bubble", "Thank you!").await;
    })
    .await;
}

/// An administrator's part, with the number's phone in hand. Leaves the phones at a customer's chat with it.
async fn pair_a_number(desk: &Desk, phones: &Browser) {
    let admin = desk.signed_in("admin@acme.test").await;
    admin.goto("/settings/numbers").await;
    admin.click(".page-head .btn-primary").await;
    admin.fill("#field_name", "Showroom").await;
    admin.fill("#field_external_session_id", "acme-showroom").await;
    admin.click(".form-foot .btn-primary").await;
    admin.sees("#pairing img.qr").await;
    admin.until("document.querySelector('img.qr').naturalWidth > 0").await;

    phones.goto(&desk.phones).await;
    phones.click("form[action='/phones/scans'] button").await;
    admin.reads("#pairing h2", "Showroom is connected").await;
    phones.goto(&format!("{}/?number=acme-showroom&customer=34600123456", desk.phones)).await;
}

/// As the customer whose phone is shown.
async fn write(phones: &Browser, text: &str) {
    phones.fill("#text", text).await;
    phones.click("#send").await;
    phones.reads("#thread", text).await;
}
