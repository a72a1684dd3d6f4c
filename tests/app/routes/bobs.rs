//! Rows of Bob's that routes name.

use crate::support::talk::ANA;
use crate::support::{TestApp, Who};

/// A call that Bob wrote down: a customer called, and nobody answered.
pub fn call(app: &TestApp) -> String {
    app.sql(&format!(
        "INSERT INTO calls (tenant_id, id, direction, status, customer_id, receiver_id, started_at, ended_at, created_by) \
         SELECT users.tenant_id, gen_random_uuid(), 'inbound', 'failed', customers.id, users.id, now(), now(), users.id \
         FROM users, customers WHERE users.email = '{}' AND customers.phone = '{ANA}'",
        Who::Bob.email()
    ));
    app.text("SELECT id::text AS text FROM calls")
}

/// That Bob was named in a note.
pub fn notification(app: &TestApp) -> String {
    app.sql(&format!(
        "INSERT INTO notifications (tenant_id, id, user_id, kind, subject_id) \
         SELECT tenant_id, gen_random_uuid(), users.id, 'mention', conversations.id FROM users JOIN conversations USING (tenant_id) \
         WHERE email = '{}' ORDER BY conversations.id LIMIT 1",
        Who::Bob.email()
    ));
    app.text("SELECT id::text AS text FROM notifications WHERE kind = 'mention'")
}
