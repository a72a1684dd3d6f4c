//! Two transactions that want the same rows in another order.

use crate::support::TestApp;
use diesel::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use switchboard::kit::db::again;
use switchboard::kit::tenant::TenantId;
use switchboard::schema::users;

#[actix_web::test]
async fn what_meets_another_in_a_deadlock_is_done_once_more() {
    let app = TestApp::with_connections(4).await;
    let both = Arc::new(Barrier::new(2));
    let tries = Arc::new(AtomicUsize::new(0));
    let rename = |emails: [&'static str; 2]| {
        let (both, tries) = (both.clone(), tries.clone());
        let is_first = AtomicUsize::new(0);
        app.within(move |conn: &mut PgConnection, tenant: TenantId| {
            again(conn, |conn| {
                tries.fetch_add(1, Ordering::SeqCst);
                let of = |email| users::table.filter(users::tenant_id.eq(tenant).and(users::email.eq(email)));
                diesel::update(of(emails[0])).set(users::last_name.eq(emails[0])).execute(conn)?;
                if is_first.fetch_add(1, Ordering::SeqCst) == 0 {
                    both.wait();
                }
                diesel::update(of(emails[1])).set(users::first_name.eq(emails[0])).execute(conn)?;
                Ok(())
            })
        })
    };

    let (bob, max) = ("bob@acme.test", "max@acme.test");
    futures_util::join!(rename([bob, max]), rename([max, bob]));

    assert_eq!(tries.load(Ordering::SeqCst), 3, "one of the two is tried twice");
    assert_eq!(app.count("FROM users WHERE first_name LIKE '%@%' AND last_name LIKE '%@%'"), 2);
}
