//! Customers who are there already.

use super::{check, count, import, page, people, read};
use crate::support::TestApp;

const FIRST: &str = "id,first,last,phone,email,note,since,level\n\
                     a1,Ana,Silva,0151 23456789,ana@example.org,Likes tea,2020-01-31,secret\n\
                     b2,Ben,Braun,0151 23456780,,,,\n";
const COLUMNS: [&str; 8] =
    ["external_id", "first_name", "last_name", "phone", "email", "note", "attribute:since", "attribute:level"];

async fn with_people() -> TestApp {
    let app = TestApp::new().await;
    for (key, kind, sensitive) in [("since", "date", false), ("level", "text", true)] {
        app.sql(&format!(
            "INSERT INTO attribute_definitions (tenant_id, id, key, name, kind, is_sensitive) \
             VALUES ('{}', gen_random_uuid(), '{key}', '{key}', '{kind}', {sensitive})",
            app.acme
        ));
    }
    import(&app, FIRST, &COLUMNS, &[]).await;
    app
}

#[actix_web::test]
async fn a_file_that_says_nothing_new_changes_nothing() {
    let app = with_people().await;
    let before = app.texts("SELECT md5(customers::text) AS text FROM customers ORDER BY id");

    for by in ["phone", "external_id"] {
        let again = format!("{FIRST}\n"); // other bytes, or it would be the same file
        let file = if by == "phone" { again } else { format!("{again}\n") };
        import(&app, file, &COLUMNS, &[("mode", "upsert"), ("match_by", by)]).await;
        assert_eq!((count(&app, "unchanged"), count(&app, "updated"), count(&app, "created")), (2, 0, 0), "by {by}");
    }

    assert_eq!(app.texts("SELECT md5(customers::text) AS text FROM customers ORDER BY id"), before);
}

#[actix_web::test]
async fn rows_update_whom_they_name_and_make_the_others() {
    let app = with_people().await;
    let file = "id,first,last,phone,email,note,since,level\n\
                a1,Anna,,0151 99999999,,,,\n\
                c3,Cleo,Costa,0151 23456781,,,,\n";

    import(&app, file, &COLUMNS, &[("mode", "upsert"), ("match_by", "external_id")]).await;

    assert_eq!((count(&app, "updated"), count(&app, "created")), (1, 1));
    assert_eq!(
        people(&app),
        ["Ben Braun 4915123456780", "Cleo Costa 4915123456781", "Anna Silva 4915199999999 ana@example.org"],
        "empty cells leave what there is"
    );
    let known = "SELECT kind || ' ' || value AS text FROM customer_identities WHERE deleted_at IS NULL AND is_primary \
                 AND customer_id = (SELECT id FROM customers WHERE external_id = 'a1') ORDER BY 1";
    assert_eq!(app.texts(known), ["email ana@example.org", "phone 4915199999999"]);
    let kept = "SELECT concat_ws(' ', attributes ->> 'since', (sealed_note IS NOT NULL)::text, (sealed_attributes IS NOT NULL)::text) \
                AS text FROM customers WHERE external_id = 'a1'";
    assert_eq!(app.text(kept), "2020-01-31 true true", "note and sealed values are kept");
}

#[actix_web::test]
async fn empty_cells_take_values_out_when_that_is_wished() {
    let app = with_people().await;
    let file = "phone,last,note\n0151 23456789,,\n";

    let more = [("mode", "update"), ("empty", "clear")];
    import(&app, file, &["phone", "last_name", "note"], &more).await;

    assert_eq!(people(&app)[1], "Ana 4915123456789 ana@example.org");
    assert_eq!(app.count("FROM customers WHERE external_id = 'a1' AND sealed_note IS NULL AND note_words = '{}'"), 1);
}

#[actix_web::test]
async fn whoever_is_not_there_or_somebody_else_is_told() {
    let app = with_people().await;
    let file = "id,phone\nz9,0151 11111111\na1,0151 23456780\n";
    let here = read(&app, file).await;

    check(&app, &here, &["external_id", "phone"], &[("mode", "update"), ("match_by", "external_id")]).await;

    assert_eq!((count(&app, "would_update"), count(&app, "faulty")), (0, 2));
    let rows = page(&app, &format!("{here}/rows")).await;
    rows.shows("There is no such customer.").shows("Another customer has this phone already.");
}

#[actix_web::test]
async fn labels_and_consents_are_added_once() {
    let app = with_people().await;
    app.sql(&format!("INSERT INTO labels (tenant_id, id, name) VALUES ('{}', gen_random_uuid(), 'VIP')", app.acme));
    let columns = ["phone", "labels", "consent:marketing:whatsapp"];

    for (file, counts) in [
        ("phone,tags,ok\n0151 23456789,vip,yes\n", (1, 0)),
        ("phone,tags,ok\n0151 23456789,VIP,Yes\n", (0, 1)),
        ("phone,tags,ok\n0151 23456789,VIP,no\n", (1, 0)),
    ] {
        import(&app, file, &columns, &[("mode", "update")]).await;
        assert_eq!((count(&app, "updated"), count(&app, "unchanged")), counts, "{file}");
    }

    assert_eq!(app.count("FROM customer_labels"), 1);
    assert_eq!(app.texts("SELECT state::text AS text FROM consents ORDER BY id"), ["given", "withdrawn"]);
}

#[actix_web::test]
async fn a_restricted_customer_is_left_alone() {
    let app = with_people().await;
    app.sql("UPDATE customers SET restricted_at = now() WHERE external_id = 'a1'");
    let here = read(&app, "phone,first\n0151 23456789,Anna\n").await;

    check(&app, &here, &["phone", "first_name"], &[("mode", "update")]).await;

    page(&app, &format!("{here}/rows")).await.shows("restricted");
    assert_eq!(app.max(crate::support::post(&format!("{here}/run"))).await.status, 303);
    app.run_jobs().await;
    assert_eq!(app.count("FROM customers WHERE first_name = 'Anna'"), 0);
}
