//! Taking customers out as files.

use super::{TestApp, Who, crowd, five, form, get, id_of, label, people, stick};
use crate::support::Answer;

async fn export(app: &TestApp, who: Who, format: &str, query: &str) -> Answer {
    app.ask(who, form("/customers/exports", &[("format", format), ("query", query)])).await
}

/// The lines of a CSV without its mark.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.html.trim_start_matches('\u{FEFF}').lines().map(|line| line.trim_end().to_owned()).collect()
}

#[actix_web::test]
async fn the_list_comes_out_as_csv_with_its_filter_order_and_columns() {
    let app = TestApp::new().await;
    five(&app);
    let vip = label(&app, "VIP");
    stick(&app, &vip, "Ana");
    app.max(form("/customers/columns", &[("column.phone", "on"), ("column.labels", "on"), ("column.company", "on")]))
        .await;

    let answer = export(&app, Who::Max, "csv", "type=regular&sort=name:desc").await;

    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"customers-"), "{answer:?}");
    assert_eq!(
        (answer.header("content-type"), answer.header("cache-control")),
        ("text/csv; charset=utf-8", "no-store")
    );
    let lines = lines(&answer);
    assert_eq!(lines[0], "id,first_name,last_name,whatsapp_name,type,phone,company,labels");
    assert_eq!(lines[1], format!("{},José,García,,regular,'+34 600 11 12 22,,", id_of(&app, "José")));
    assert_eq!(lines[2], format!("{},Ana,Müller,,regular,'+49 1511 2345678,Rad GmbH,VIP", id_of(&app, "Ana")));
    assert_eq!(lines.len(), 3);
    assert!(app.audited().contains(&"exported customers".to_owned()));
}

#[actix_web::test]
async fn no_cell_is_a_formula() {
    let app = TestApp::new().await;
    people(&app, &[("=1+1", "@SUM(A1)", "", "", "-2", "unregistered"), ("+1", "\tx", "", "", "", "unregistered")]);

    let text = lines(&export(&app, Who::Ada, "csv", "").await).join("\n");

    for cell in ["'=1+1", "'@SUM(A1)", "'-2", "'+1", "'\tx"] {
        assert!(text.contains(&format!(",{cell}")), "{cell}: {text}");
    }
}

#[actix_web::test]
async fn a_workbook_has_the_same_rows() {
    let app = TestApp::new().await;
    five(&app);

    let answer = export(&app, Who::Ada, "xlsx", "").await;

    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").contains(".xlsx"));
    assert!(answer.html.starts_with("PK"), "a zip archive");
}

#[actix_web::test]
async fn only_the_ticked_ones_come_out_where_some_are() {
    let app = TestApp::new().await;
    five(&app);
    let pick = format!("pick.{}", id_of(&app, "Zoe"));

    let answer = app.ada(form("/customers/exports", &[("format", "csv"), ("query", ""), (&pick, "on")])).await;
    assert_eq!(lines(&answer).len(), 2);
    assert!(answer.has("Zoe"));
    let all = app.ada(form("/customers/exports", &[("format", "csv"), ("everyone", "on"), (&pick, "on")])).await;
    assert_eq!(lines(&all).len(), 6);
}

#[actix_web::test]
async fn whose_data_is_restricted_is_left_out() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET restricted_at = now() WHERE first_name = 'Ana'");

    let text = lines(&export(&app, Who::Ada, "csv", "").await);

    assert_eq!(text.len(), 5);
    assert!(!text.join("\n").contains("Ana"));
}

#[actix_web::test]
async fn those_who_may_not_take_customers_out_are_refused() {
    let app = TestApp::new().await;
    five(&app);

    assert_eq!(export(&app, Who::Bob, "csv", "").await.status, 403);
    assert_eq!(export(&app, Who::Olga, "csv", "").await.status, 403);
    assert_eq!(app.anybody(form("/customers/exports", &[("format", "csv")])).await.status, 303);
    assert_eq!(lines(&export(&app, Who::Carol, "csv", "").await).len(), 1, "the head alone");
    assert_eq!(export(&app, Who::Ada, "pdf", "").await.status, 400);
    assert_eq!(export(&app, Who::Ada, "csv", "from=never").await.status, 400);
    assert!(!app.audited().contains(&"exported customers".to_owned()));
}

#[actix_web::test]
async fn many_are_written_in_the_background_and_offered_for_a_day() {
    let app = TestApp::new().await;
    crowd(&app, 5100);
    five(&app);

    for format in ["csv", "xlsx"] {
        let asked = export(&app, Who::Max, format, "q=crowd").await;
        assert!(asked.status == 303 && asked.location().starts_with("/tasks/"), "{asked:?}");
        let task = asked.location().to_owned();
        app.max(get(&task)).await.shows("Export of 5,100 customers");
        app.run_jobs().await;

        app.max(get(&task)).await.shows("The file is ready.");
        let file = app.max(get(&format!("{task}/file"))).await;
        assert_eq!(file.status, 200);
        match format {
            "csv" => {
                let lines = lines(&file);
                let ids: std::collections::HashSet<&str> =
                    lines.iter().map(|line| line.split(',').next().unwrap()).collect();
                assert_eq!((lines.len(), ids.len()), (5101, 5101), "each once, and the head");
            }
            _ => assert!(file.html.starts_with("PK")),
        }
        assert_eq!(app.eve(get(&format!("{task}/file"))).await.status, 404);
        assert_eq!(app.carol(get(&format!("{task}/file"))).await.status, 404);
    }
    let done = "FROM background_tasks WHERE state = 'completed' AND done = 5100 AND result->>'exported' = '5100' \
                AND file_expires_at BETWEEN now() + interval '23 hours' AND now() + interval '24 hours'";
    assert_eq!(app.count(done), 2);
}

#[actix_web::test]
async fn an_export_that_was_stopped_leaves_no_file() {
    let app = TestApp::new().await;
    crowd(&app, 5100);
    let task = export(&app, Who::Max, "csv", "").await.location().to_owned();

    app.max(crate::support::post(&format!("{task}/cancellation"))).await;
    app.run_jobs().await;

    assert_eq!(app.max(get(&format!("{task}/file"))).await.status, 404);
    assert_eq!(app.count("FROM background_tasks WHERE state = 'cancelled' AND file IS NULL"), 1);
}
