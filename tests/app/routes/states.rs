//! Whoever does not count is nobody, on every route and in every role: shut out, gone, expired, ended, or between the
//! factors.

use super::table::{Line, TABLE};
use super::{Acme, routes};
use crate::support::{TestApp, Who};

/// What becomes of somebody who was signed in. Personal tokens have no session, so that of a session is nothing to them.
const STATES: [(&str, &str); 8] = [
    ("deactivated", "UPDATE users SET is_active = false"),
    ("deleted", "UPDATE users SET deleted_at = now()"),
    ("session ended", "UPDATE user_sessions SET is_revoked = true"),
    ("session expired", "UPDATE user_sessions SET expires_at = now() - interval '1 second'"),
    ("second factor pending", "UPDATE user_sessions SET is_pending = true"),
    (
        "second factor required and missing",
        "UPDATE tenants SET settings = '{\"second_factor_roles\": \
         [\"PLATFORM_ADMIN\", \"TENANT_ADMIN\", \"MANAGER\", \"AGENT\", \"AUDITOR\"]}'",
    ),
    ("tenant deactivated", "UPDATE tenants SET status = 'inactive'"),
    ("tenant deleted", "UPDATE tenants SET deleted_at = now()"),
];

const UNDO: &[&str] = &[
    "UPDATE users SET is_active = true, deleted_at = NULL",
    "UPDATE user_sessions SET is_revoked = false, is_pending = false, expires_at = now() + interval '1 hour'",
    "UPDATE tenants SET settings = '{}', status = 'active', deleted_at = NULL",
];

const WHO: [Who; 5] = [Who::Ada, Who::Max, Who::Bob, Who::Olga, Who::Pat];

/// Pages for those between the factors, and those that lead there.
fn is_for_pending(line: &Line) -> bool {
    line.path == "/login" || line.path.starts_with("/login/factor")
}

/// A few states each, so that they run side by side.
macro_rules! nobody_in {
    ($($name:ident: $states:expr;)+) => {$(
        #[actix_web::test]
        async fn $name() {
            nobody_everywhere(&STATES[$states]).await;
        }
    )+};
}

nobody_in! {
    whoever_was_shut_out_is_nobody_everywhere: 0..2;
    whoever_has_no_session_left_is_nobody_everywhere: 2..4;
    whoever_is_between_the_factors_is_nobody_everywhere: 4..6;
    whoever_has_no_tenant_left_is_nobody_everywhere: 6..8;
}

async fn nobody_everywhere(states: &[(&str, &str)]) {
    let acme = Acme::new().await;
    let mut wrong = Vec::new();

    for who in WHO {
        acme.app.signed_in(who);
    }
    for (nth, (state, sql)) in states.iter().enumerate() {
        acme.app.sql(sql);
        acme.app.parts.sessions.forget();
        for (who, line) in WHO.iter().flat_map(|who| TABLE.iter().map(move |line| (*who, line))) {
            let status = acme.status(Some(who), line, acme.ask(line).from([198, 51, 100, nth as u8])).await;
            let is_untouched = line.is_api() && (sql.contains("user_sessions") || sql.contains("second_factor"));
            if status != line.answers[0] && !is_for_pending(line) && !is_untouched {
                wrong.push(format!("{state}: {} {} for {who:?}: {status}", line.method, line.path));
            }
        }
        for sql in UNDO {
            acme.app.sql(sql);
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
    acme.reset();
}

#[actix_web::test]
async fn an_invited_account_has_no_way_in_but_its_link() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET password_hash = NULL, is_verified = false WHERE email = 'bob@acme.test'");
    let browser = crate::sign_in::Browser::new(&app);

    for password in [crate::support::cast::PASSWORD, "NULL", " "] {
        assert_eq!(browser.sign_in("bob@acme.test", password).await.status, 401, "{password}");
    }
    assert!(routes(&app).await.len() > 50);
}
