//! Two records of one person: found, joined, and taken apart again.

use crate::support::with_desk;
use switchboard::customers::data::Typed;

fn typed(first_name: &str, email: &str) -> Typed {
    let text = str::to_owned;
    Typed { first_name: text(first_name), last_name: text("Alves"), email: text(email), ..Typed::default() }
}

#[actix_web::test]
async fn a_pair_is_found_joined_and_taken_apart_again() {
    with_desk(async |desk| {
        let kept = desk.customer(typed("Ana", "ana.alves@gmail.com")).await;
        desk.customer(typed("Anna", "anaalves+shop@gmail.com")).await;
        let manager = desk.signed_in("manager@acme.test").await;
        manager.goto("/customers/duplicates").await;
        manager.click_on("#duplicate_scan .btn", "Look now").await;
        // The page finds out by itself when the look is over.
        manager.reads(".pair-reasons", "Same mailbox").await;
        manager.click_on(".pair .btn", "Compare and join").await;
        manager.reads("h1", "Join two records").await;
        manager.click("input[name='field.first_name'][value='right']").await;
        manager.click_on(".join-foot .btn", "Join records").await;

        manager.reads(".toast-card", "Merged.").await;
        assert!(manager.path().await.starts_with(&format!("{kept}/merges?done=")));
        manager.reads("#customer_merges .line", "Joined by").await;
        manager.click_on(".toast-card .btn", "Undo").await;

        manager.reads(".notice", "Taken apart.").await;
        manager.misses(".toast-card").await;
        manager.reads("#customer_merges .pill", "Apart").await;
        manager.goto("/customers/duplicates").await;
        manager.reads("#duplicate_pairs", "No duplicates").await;
    })
    .await;
}
