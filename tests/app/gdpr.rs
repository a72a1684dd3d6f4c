//! The GDPR desk.

mod api;
mod cases;
mod columns;
mod consents;
mod erasure;
mod holds;
mod masking;
mod package;
mod retention;
mod traces;

use crate::support::TestApp;
use chrono::{Days, Utc};

/// The id of the customer with this phone.
pub fn customer(app: &TestApp, phone: &str) -> String {
    app.text(&format!("SELECT id::text AS text FROM customers WHERE phone = '{phone}'"))
}

/// Today less so many days, as a form sends it.
pub fn days_ago(days: u64) -> String {
    (Utc::now().date_naive() - Days::new(days)).to_string()
}

/// The last part of where a form leads.
pub fn id_of(location: &str) -> String {
    location.rsplit('/').next().unwrap().to_owned()
}

/// Jobs and what they make due, until nothing is.
pub async fn work(app: &TestApp) {
    for _ in 0..60 {
        app.pass_time();
        app.run_jobs().await;
        if app.text("SELECT count(*)::text AS text FROM graphile_worker._private_jobs") == "0" {
            return;
        }
    }
    panic!("the jobs do not end: {:?}", app.take_jobs());
}
