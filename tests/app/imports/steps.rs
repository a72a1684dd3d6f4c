//! From a file to customers, step by step.

use super::{bring, check, count, import, page, people, read, run, state, upload};
use crate::support::{TestApp, Who, form, get, post};
use diesel::PgConnection;
use switchboard::imports::running;
use switchboard::kit::tenant::TenantId;

const FILE: &str = "Vorname;Nachname;Telefon;E-Mail;Labels;Newsletter\n\
                    Ana;Silva;0151 23456789;Ana@Example.org;VIP;ja\n\
                    Bernd;Müller;+49 1512 3456780;;;\n\
                    Cleo;;;cleo@example.org;VIP;nein\n";
const COLUMNS: [&str; 6] = ["first_name", "last_name", "phone", "email", "labels", "consent:marketing:email"];

fn label(app: &TestApp, name: &str) -> String {
    app.sql(&format!("INSERT INTO labels (tenant_id, id, name) VALUES ('{}', gen_random_uuid(), '{name}')", app.acme));
    app.text(&format!("SELECT id::text AS text FROM labels WHERE name = '{name}'"))
}

#[actix_web::test]
async fn a_file_becomes_customers() {
    let app = TestApp::new().await;
    let all = label(&app, "Autumn");
    label(&app, "VIP");

    let here = read(&app, FILE).await;
    let columns = page(&app, &here).await;
    columns.shows("What are the columns?").shows("people.csv").shows("3 rows, CSV, semicolon, Unicode (UTF-8)");
    for word in COLUMNS {
        columns.shows(&format!("<option value=\"{word}\" selected>"));
    }
    check(&app, &here, &COLUMNS, &[("label", &all)]).await;
    page(&app, &here).await.shows("Import 3 customers").shows("nothing changed yet");
    assert_eq!(app.count("FROM customers"), 0, "a check changes nothing");
    run(&app, &here).await;

    page(&app, &here).await.shows("Done").hides("Import 3 customers");
    assert_eq!(
        people(&app),
        ["Bernd Müller 4915123456780", "Ana Silva 4915123456789 ana@example.org", "Cleo cleo@example.org"]
    );
    let told = |sql: &str| app.texts(sql).join(", ");
    assert_eq!(
        told("SELECT DISTINCT source || ' ' || kind AS text FROM customer_identities ORDER BY 1"),
        "import email, import phone"
    );
    assert_eq!(told("SELECT DISTINCT reason AS text FROM customer_state_changes"), "Import of people.csv");
    let labelled = "SELECT labels.name || ' ' || count(*) AS text FROM customer_labels \
                    JOIN labels ON labels.id = label_id GROUP BY labels.name ORDER BY 1";
    assert_eq!(told(labelled), "Autumn 3, VIP 2");
    let consents = "SELECT state || ' ' || source || ' ' || evidence AS text FROM consents ORDER BY evidence";
    assert_eq!(told(consents), "given import Row 2 of people.csv, withdrawn import Row 4 of people.csv");
    assert!(app.audited().contains(&"imported customer_imports".to_owned()));
    assert_eq!(app.count("FROM import_rows WHERE state = 'created' AND customer_id IS NOT NULL"), 3);
    assert_eq!(
        app.text("SELECT (file IS NULL)::text AS text FROM customer_imports"),
        "true",
        "the file is thrown away"
    );
}

#[actix_web::test]
async fn what_was_chosen_is_remembered_for_files_with_the_same_heading() {
    let app = TestApp::new().await;
    let odd = "Wer;Was\nAna;0151 23456789\n";
    import(&app, odd, &["company", "phone"], &[("mode", "upsert")]).await;

    let here = read(&app, "wer;WAS\nBen;0151 23456780\n").await;

    let columns = page(&app, &here).await;
    columns.shows("<option value=\"company\" selected>").shows("<option value=\"upsert\" selected>");
}

#[actix_web::test]
async fn columns_that_make_no_sense_come_back_as_they_were_chosen() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    let fields =
        [("column.0", "phone"), ("column.1", "phone"), ("mode", "upsert"), ("match_by", "email"), ("region", "XX")];

    let answer = app.max(form(&format!("{here}/columns"), &fields)).await;

    assert_eq!(answer.status, 422);
    answer.shows("There is no such country").shows("value=\"XX\"").shows("<option value=\"phone\" selected>");
    let fields =
        [("column.0", "phone"), ("column.1", "phone"), ("mode", "upsert"), ("match_by", "email"), ("region", "")];
    let answer = app.max(form(&format!("{here}/columns"), &fields)).await;
    answer.shows("Column 1 is that already").shows("found by their email, but no column holds it");
    assert_eq!(state(&app), "mapping");
}

#[actix_web::test]
async fn a_file_needs_the_sessions_token_and_the_right_to_import() {
    let app = TestApp::new().await;
    let (max, bob) = (app.signed_in(Who::Max).csrf, app.signed_in(Who::Bob).csrf);

    assert_eq!(app.max(upload("people.csv", FILE.as_bytes(), "")).await.status, 403);
    assert_eq!(app.max(upload("people.csv", FILE.as_bytes(), &bob)).await.status, 403);
    assert_eq!(app.bob(upload("people.csv", FILE.as_bytes(), &bob)).await.status, 403);
    assert_eq!(app.max(upload("people.csv", FILE.as_bytes(), &max)).await.status, 303);

    assert_eq!(app.count("FROM customer_imports"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn the_same_file_twice_within_a_day_is_told() {
    let app = TestApp::new().await;
    let here = import(&app, FILE.replace("VIP", ""), &COLUMNS, &[]).await;

    let again = bring(&app, "copy.csv", FILE.replace("VIP", "").as_bytes()).await;

    assert_eq!(again.status, 422);
    again.shows("This file is here already: it was brought as people.csv");
    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 1);
    assert_eq!(app.count("FROM customers"), 3);
    app.max(post(&format!("{here}/deletion"))).await;
    assert_eq!(bring(&app, "copy.csv", FILE.replace("VIP", "").as_bytes()).await.status, 303, "the first is gone");
    app.take_jobs();
}

#[actix_web::test]
async fn two_imports_of_the_same_people_at_once_make_them_once() {
    let app = TestApp::new().await;
    let one = read(&app, "phone\n0151 23456789\n0151 23456780\n").await;
    check(&app, &one, &["phone"], &[]).await;
    let other = read(&app, "phone\n0151 23456789\n0151 23456781\n").await;
    check(&app, &other, &["phone"], &[]).await;
    for here in [&one, &other] {
        assert_eq!(app.max(post(&format!("{here}/run"))).await.status, 303);
    }

    app.run_jobs().await;

    assert_eq!(people(&app), ["4915123456780", "4915123456781", "4915123456789"]);
    let refused = app.text("SELECT problems::text AS text FROM import_rows WHERE state = 'refused'");
    assert!(refused.contains("A customer has this phone already."), "{refused}");
}

#[actix_web::test]
async fn an_import_can_be_stopped_and_goes_on_later() {
    let app = TestApp::new().await;
    let rows: String = (0..2500).map(|row| format!("+49151{:08}\n", 20_000_000 + row)).collect();
    let here = read(&app, format!("phone\n{rows}")).await;
    check(&app, &here, &["phone"], &[]).await;
    app.max(post(&format!("{here}/run"))).await;
    let (id, vault) = (here.rsplit('/').next().unwrap().parse().unwrap(), app.parts.vault.clone());
    let advance = move |conn: &mut PgConnection, tenant: TenantId| {
        let ahead = running::look_ahead(conn, tenant, id, None)?;
        running::advance(conn, tenant, &vault, id, ahead)
    };
    app.within(advance).await;

    app.max(post(&format!("{here}/cancellation"))).await;
    app.run_jobs().await;

    assert_eq!((state(&app).as_str(), app.count("FROM customers")), ("cancelled", 1000));
    page(&app, &here).await.shows("Stopped. What was imported until then stays.").shows("Go on with");
    run(&app, &here).await;
    assert_eq!((state(&app).as_str(), app.count("FROM customers"), count(&app, "created")), ("completed", 2500, 2500));
}

#[actix_web::test]
async fn a_step_that_does_not_follow_is_refused() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;

    for step in ["run", "undoing", "cancellation"] {
        assert_eq!(app.max(post(&format!("{here}/{step}"))).await.status, 422, "{step}");
    }
    check(&app, &here, &["first_name", "last_name", "phone", "email", "ignore", "ignore"], &[]).await;
    run(&app, &here).await;
    for step in ["run", "check", "reading"] {
        assert_eq!(app.max(post(&format!("{here}/{step}"))).await.status, 422, "{step}");
    }
    assert_eq!(app.max(get(&format!("{here}/columns"))).await.status, 422);
    assert_eq!(count(&app, "created"), 3);
}
