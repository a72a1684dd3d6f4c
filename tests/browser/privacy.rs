//! The GDPR desk: from a request to the file with everything held.

use crate::support::with_desk;
use serde_json::json;

/// A customer of the demo, by phone.
const LUCIA: &str = "+34 600 123 456";

#[actix_web::test]
async fn a_request_for_access_ends_in_a_file_that_can_be_fetched() {
    with_desk(async |desk| {
        desk.tolerate("status of 422");
        let ada = desk.signed_in("admin@acme.test").await;
        ada.goto("/gdpr").await;
        ada.click_on("a.btn", "New request").await;
        ada.sees("#field_requester").await;

        // A mistake first: nobody has this number, and what was typed stays.
        ada.click("input[value=access]").await;
        ada.fill("#field_requester", "Lucía, by letter").await;
        ada.fill("#field_customer", "+49 170 5550103").await;
        ada.click_on("button", "Open the request").await;
        ada.reads(".field-error", "No customer has this phone number").await;
        ada.until("document.getElementById('field_requester').value === 'Lucía, by letter'").await;
        ada.evaluate("document.getElementById('field_customer').value = ''").await;
        ada.fill("#field_customer", LUCIA).await;
        ada.click_on("button", "Open the request").await;

        ada.reads("h1", "Access").await;
        ada.reads(".page-head", "Due in").await;
        ada.click_on("button", "Make the file").await;
        // The page keeps itself up to date.
        ada.reads(".package-card", "Ready").await;
        let fetch = "(async () => { const answer = await fetch(document.querySelector('a[download]').href); \
                     const bytes = new Uint8Array(await answer.arrayBuffer()); \
                     document.body.dataset.fetched = answer.status + ' ' + String.fromCharCode(bytes[0], bytes[1]); })()";
        ada.evaluate(fetch).await;
        ada.until("document.body.dataset.fetched === '200 PK'").await;
        ada.click_on("summary", "Done").await;
        ada.fill("#field_outcome", "Handed over").await;
        ada.click_on("button", "Close as done").await;

        ada.reads(".page-head", "Done").await;
        ada.reads(".case-history", "fetched the file").await;
        ada.reads(".case-history", "Handed over").await;
        let path = ada.path().await;
        assert!(path.starts_with("/gdpr/requests/"), "{path}");
        let errors = ada.evaluate("document.querySelectorAll('.toast').length").await;
        assert_eq!(errors, json!(0));
    })
    .await;
}
