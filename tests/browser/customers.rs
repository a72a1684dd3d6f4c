//! A customer is edited over the page, and pages that change by themselves leave alone what is their reader's.

use crate::accessibility::{assert_none, look};
use crate::support::{Browser, Desk, ESCAPE, with_desk};
use switchboard::customers::data::Typed;
use switchboard::customers::model::{CustomerId, CustomerState};
use switchboard::customers::states;

async fn ana(desk: &Desk) -> String {
    desk.customer(Typed { first_name: "Ana".into(), email: "ana@example.org".into(), ..Typed::default() }).await
}

/// More than one page of a timeline holds.
async fn moved_often(desk: &Desk, page: &str) {
    let id: CustomerId = page.trim_start_matches("/customers/").parse().unwrap();
    desk.at_acme(move |conn, tenant| {
        for step in 0..60 {
            let state = if step % 2 == 0 { CustomerState::Archived } else { CustomerState::Active };
            states::go(conn, tenant, id, state, Some(&format!("Step {step}.")), None)?;
        }
        Ok(())
    })
    .await;
}

async fn value(browser: &Browser, css: &str, value: &str) {
    browser.until(&format!("document.querySelector('{css}').value === '{value}'")).await;
}

#[actix_web::test]
async fn a_customer_of_the_list_is_edited_by_keys_alone() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        ana(desk).await;
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/customers?q=ana%40example.org").await;
        agent.sees("[data-row]").await;
        agent.press("j").await;
        agent.focuses("[data-row]").await;
        agent.press("e").await;
        agent.reads("#drawer h1", "Edit Ana").await;
        agent.focuses("#drawer input").await;

        // What is wrong is said in place, and what was typed stays.
        agent.fill("#drawer [name='phone']", "12").await;
        agent.press("\u{e007}").await;
        agent.reads("#drawer .field-error", "phone number").await;
        value(&agent, "#drawer [name=\"phone\"]", "12").await;
        agent.focuses("#drawer [name='phone']").await;

        // Leaving asks, and staying keeps.
        agent.press(&ESCAPE.to_string()).await;
        agent.reads("#drawer_unsaved h2", "Discard what you changed?").await;
        agent.press(&ESCAPE.to_string()).await;
        agent.misses("#drawer_unsaved").await;
        value(&agent, "#drawer [name=\"phone\"]", "12").await;

        agent.fill("#drawer [name='phone']", "+351 912 345 670").await;
        agent.click_on("#drawer .btn-primary", "Save").await;
        agent.misses("#drawer").await;
        agent.reads(".toast-card", "Saved.").await;
        agent.reads("#customer_list td", "+351 912 345 670").await;
        agent.focuses("[data-row]").await;
        assert_eq!(agent.path().await, "/customers?q=ana%40example.org");
    })
    .await;
}

#[actix_web::test]
async fn the_drawer_holds_the_focus_and_closes_when_nothing_was_changed() {
    with_desk(async |desk| {
        let page = ana(desk).await;
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto(&page).await;
        agent.press("e").await;
        agent.reads("#drawer h1", "Edit Ana").await;
        for _ in 0..40 {
            agent.press("\u{e004}").await;
            // Beyond the last field is the browser's own frame, never the page behind.
            let inside = "!document.activeElement || document.activeElement === document.body \
                          || !!document.activeElement.closest('#drawer')";
            assert_eq!(agent.evaluate(inside).await, serde_json::json!(true));
        }
        agent.press(&ESCAPE.to_string()).await;
        agent.misses("#drawer").await;

        // Dropped on purpose.
        agent.press("e").await;
        agent.fill("#drawer [name='company']", "Nowhere").await;
        agent.click("#drawer [aria-label='Close']").await;
        agent.click_on("#drawer_unsaved .btn", "Discard").await;
        agent.misses("#drawer").await;
        agent.press("e").await;
        value(&agent, "#drawer [name=\"company\"]", "").await;
        assert_eq!(agent.path().await, page);
    })
    .await;
}

#[actix_web::test]
async fn a_page_that_changes_keeps_what_was_typed_opened_and_found() {
    with_desk(async |desk| {
        let page = ana(desk).await;
        moved_often(desk, &page).await;
        let (agent, colleague) = (desk.signed_in("agent@acme.test").await, desk.signed_in("agent2@acme.test").await);
        agent.goto(&page).await;
        agent.click_on("#timeline_older .btn", "Older").await;
        agent.reads(".timeline-head", "Became a customer here").await;
        agent.reads("#customer_duplicates", "No other record looks").await;
        agent.fill("#field_address", "work@exam").await;
        agent.fill("#field_reason", "Because").await;

        for name in ["Anna", "Annabel"] {
            colleague.goto(&page).await;
            colleague.press("e").await;
            colleague.fill("#drawer [name='first_name']", name).await;
            colleague.click_on("#drawer .btn-primary", "Save").await;
            colleague.reads("h1", name).await;
            agent.reads("#customer h1", name).await;
        }

        value(&agent, "#field_address", "work@exam").await;
        value(&agent, "#field_reason", "Because").await;
        agent.reads(".timeline-head", "Became a customer here").await;
        agent.reads("#customer_duplicates", "No other record looks").await;
        // Each happening once, from the newest to the first.
        let bodies = "(all => all.length - new Set(all).size)([...document.querySelectorAll('.timeline-body')]\
                      .map(body => body.innerText).filter(text => text.startsWith('Step')))";
        assert_eq!(agent.evaluate(bodies).await, serde_json::json!(0));
        let steps =
            "[...document.querySelectorAll('.timeline-body')].filter(body => body.innerText.startsWith('Step')).length";
        assert_eq!(agent.evaluate(steps).await, serde_json::json!(60));
    })
    .await;
}

#[actix_web::test]
async fn the_panel_beside_a_thread_leads_to_the_form_and_shows_what_was_saved() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on(".conversation", "Lucía Romero").await;
        agent.reads("#customer_panel .btn", "Edit").await;
        agent.settles().await;
        agent.click_on("#customer_panel .btn", "Edit").await;
        agent.fill("#drawer [name='first_name']", "Lucía").await;
        agent.fill("#drawer [name='last_name']", "Romero Díaz").await;
        agent.click_on("#drawer .btn-primary", "Save").await;

        agent.misses("#drawer").await;
        agent.reads("#customer_panel h2", "Lucía Romero Díaz").await;
        agent.reads("#conversation_header", "Lucía Romero Díaz").await;
        agent.reads("#conversation_list", "Lucía Romero Díaz").await;
        agent.click("#customer_panel h2 a").await;
        agent.reads("#customer h1", "Lucía Romero Díaz").await;
    })
    .await;
}

#[actix_web::test]
async fn the_drawer_is_plain_to_everybody() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let (page, mut findings) = (ana(desk).await, Vec::new());
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto(&page).await;
        agent.press("e").await;
        agent.reads("#drawer h1", "Edit Ana").await;
        look(&agent, "customer-drawer", &mut findings).await;
        agent.fill("#drawer [name='email']", "ana@").await;
        agent.evaluate("document.querySelector('#drawer form').noValidate = true").await;
        agent.click_on("#drawer .btn-primary", "Save").await;
        agent.sees("#drawer .field-error").await;
        look(&agent, "customer-drawer-refused", &mut findings).await;
        assert_none(&findings);
    })
    .await;
}
