//! Statements that run with every message are planned once per connection.

use crate::support::TestApp;
use crate::support::talk::ANA;
use diesel::prelude::*;
use switchboard::kit::db::Db;
use switchboard::kit::prepared::update_prepared;
use switchboard::schema::conversations;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

#[actix_web::test]
async fn an_update_is_prepared_once_and_says_how_many_rows_it_changed() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;

    let platform = Db::connect(app.url(), 1, 1).unwrap().platform();
    let counted = platform.enter(app.acme, |conn, tenant| {
        for title in ["One", "Two", "Three"] {
            let rows = conversations::table.filter(conversations::tenant_id.eq(tenant));
            assert_eq!(update_prepared(conn, rows, conversations::title.eq(title), None)?, 1);
        }
        let of_updates = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE \"conversations\"%'";
        Ok(diesel::sql_query(of_updates).get_result::<Counted>(conn)?.count)
    });

    assert_eq!(counted.await.unwrap(), 1);
    assert_eq!(app.text("SELECT title AS text FROM conversations"), "Three");
}
