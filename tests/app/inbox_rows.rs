//! Rows as tests wish them.

use super::support::TestApp;

/// Its customer has been waiting for so many minutes.
pub fn waiting(app: &TestApp, conversation: impl std::fmt::Display, minutes: u32) {
    app.sql(&format!(
        "UPDATE conversations SET waiting_since = now() - interval '{minutes} minutes' WHERE id = '{conversation}'"
    ));
}
