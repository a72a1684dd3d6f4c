//! Entries can be neither changed nor deleted, but for those whose time is up.

use super::entry;
use crate::support::{TestApp, form, get};
use chrono::{TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use switchboard::audit::jobs::Purge;
use switchboard::audit::retention;
use switchboard::kit::db::Actor;
use switchboard::kit::jobs::{Options, Runner, enqueue_platform};

/// A connection that works as this role, inside Acme.
fn working_as(app: &TestApp, role: &str) -> PgConnection {
    let mut conn = PgConnection::establish(app.url()).unwrap();
    conn.batch_execute(&format!("SET ROLE {role}; SET app.tenant_id = '{}'", app.acme)).unwrap();
    conn
}

#[actix_web::test]
async fn no_role_of_the_program_can_change_or_delete_entries() {
    let app = TestApp::new().await;
    let before = app.text("SELECT md5(string_agg(entry::text, '' ORDER BY id)) AS text FROM audit_entries AS entry");

    for role in ["switchboard_app", "switchboard_platform", "switchboard_search"] {
        let mut conn = working_as(&app, role);
        for sql in
            ["UPDATE audit_entries SET action = 'nothing'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
        {
            let refused = diesel::sql_query(sql).execute(&mut conn).unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{role}: {sql}: {refused}");
        }
    }

    let after = app.text("SELECT md5(string_agg(entry::text, '' ORDER BY id)) AS text FROM audit_entries AS entry");
    assert_eq!(after, before);
}

#[actix_web::test]
async fn only_the_platform_may_have_old_entries_purged_and_only_as_the_tenant_wants() {
    let app = TestApp::new().await;
    let purge = format!("SELECT switchboard_purge_audit('{}', gen_random_uuid(), 10)", app.acme);
    for role in ["switchboard_app", "switchboard_search"] {
        let refused = diesel::sql_query(&purge).execute(&mut working_as(&app, role)).unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{role}: {refused}");
    }
    entry(&app, None, "tested", "users", Utc::now() - TimeDelta::days(4000));
    let mut platform = working_as(&app, "switchboard_platform");

    diesel::sql_query(&purge).execute(&mut platform).unwrap();
    assert_eq!(app.count("FROM audit_entries WHERE action = 'tested'"), 1, "kept for ever");

    app.sql("UPDATE tenants SET settings = '{\"audit_retention_days\": 29}' WHERE slug = 'acme'");
    let refused = diesel::sql_query(&purge).execute(&mut platform).unwrap_err().to_string();
    assert!(refused.contains("30 days at least"), "{refused}");
    assert_eq!(app.count("FROM audit_entries WHERE action = 'tested'"), 1);
}

#[actix_web::test]
async fn a_purge_takes_what_is_too_old_of_one_tenant_and_says_how_many() {
    let app = TestApp::new().await;
    let days = |days| Utc::now() - TimeDelta::days(days);
    for age in [800, 500, 366, 364, 1] {
        entry(&app, None, "tested", "users", days(age));
    }
    app.sql(
        "INSERT INTO audit_entries (tenant_id, id, action, entity, created_at) \
         SELECT tenants.id, audit_entries.id, action, entity, audit_entries.created_at \
         FROM audit_entries, tenants WHERE action = 'tested' AND slug = 'globex'",
    );
    app.within(|conn, tenant| retention::keep(conn, tenant, Some(365))).await;
    let acme = app.acme;

    let door = app.parts.db.platform().acting(Actor::job());
    let purged = door.run(move |conn| retention::purge(conn, acme)).await.unwrap();
    let again = door.run(move |conn| retention::purge(conn, acme)).await.unwrap();

    assert_eq!((purged, again), (3, 0));
    let left = "FROM audit_entries JOIN tenants ON tenants.id = tenant_id WHERE action = 'tested' AND slug";
    assert_eq!((app.count(&format!("{left} = 'acme'")), app.count(&format!("{left} = 'globex'"))), (2, 5));
    let told = "SELECT actor_kind || ' ' || (after ->> 'count') || ' ' || (after ->> 'kept_days') AS text \
                FROM audit_entries WHERE action = 'purged'";
    assert_eq!(app.texts(told), ["job 3 365"]);
    app.ada(get("/audit")).await.shows("<strong>A job</strong> removed 3 entries whose time was up");
}

#[actix_web::test]
async fn one_tenants_bad_setting_keeps_no_other_from_its_nightly_purge() {
    let app = TestApp::new().await;
    entry(&app, None, "tested", "users", Utc::now() - TimeDelta::days(400));
    app.sql(
        "INSERT INTO audit_entries (tenant_id, id, action, entity, created_at) \
         SELECT tenants.id, audit_entries.id, action, entity, audit_entries.created_at \
         FROM audit_entries, tenants WHERE action = 'tested' AND slug = 'globex'",
    );
    app.sql("UPDATE tenants SET settings = '{\"audit_retention_days\": 5}' WHERE slug = 'acme'");
    app.sql(
        "UPDATE tenants SET settings = '{\"audit_retention_days\": 90}', status = 'inactive' WHERE slug = 'globex'",
    );

    let night = |conn: &mut PgConnection| enqueue_platform(conn, &Purge {}, Options::default());
    app.parts.db.platform().run(night).await.unwrap();
    Runner::new(app.url(), app.parts.db.clone()).platform_job::<Purge>().run_due().await.unwrap();

    let left = "FROM audit_entries JOIN tenants ON tenants.id = tenant_id WHERE action = 'tested' AND slug";
    assert_eq!((app.count(&format!("{left} = 'acme'")), app.count(&format!("{left} = 'globex'"))), (1, 0));
    assert_eq!(app.take_jobs(), ["audit:purge"], "it tries again, and says so");
}

#[actix_web::test]
async fn an_owner_who_is_no_superuser_can_purge_too() {
    let app = TestApp::new().await;
    entry(&app, None, "tested", "users", Utc::now() - TimeDelta::days(400));
    app.within(|conn, tenant| retention::keep(conn, tenant, Some(365))).await;
    let owner = format!("owner_{}", uuid::Uuid::now_v7().simple());
    app.sql(&format!("CREATE ROLE {owner} NOLOGIN"));
    app.sql(&format!("GRANT switchboard_app TO {owner}"));
    for thing in ["TABLE audit_entries", "TABLE tenants", "FUNCTION switchboard_purge_audit(uuid, uuid, integer)"] {
        app.sql(&format!("GRANT CREATE ON SCHEMA public TO {owner}"));
        app.sql(&format!("ALTER {thing} OWNER TO {owner}"));
    }
    let acme = app.acme;

    let purged = app.parts.db.platform().run(move |conn| retention::purge(conn, acme)).await;

    assert_eq!(purged.unwrap(), 1);
    assert_eq!(app.count("FROM audit_entries WHERE action = 'tested'"), 0);
    for sql in ["REASSIGN OWNED BY {} TO CURRENT_USER", "DROP OWNED BY {}", "DROP ROLE {}"] {
        app.sql(&sql.replace("{}", &owner));
    }
}

#[actix_web::test]
async fn an_administrator_chooses_how_long_and_that_is_an_entry() {
    let app = TestApp::new().await;

    let answer = app.ada(form("/audit/retention", &[("days", "730")])).await;

    assert_eq!((answer.status, answer.location()), (303, "/audit"));
    let page = app.ada(get("/audit")).await;
    page.shows("Kept for 2 years").shows(r#"<option value="730" selected>2 years</option>"#);
    page.shows("<strong>Ada Arnold</strong> changed the organisation").shows("audit retention days");
    app.ada(form("/audit/retention", &[("days", "730")])).await;
    assert_eq!(app.count("FROM audit_entries WHERE entity = 'tenants'"), 1, "the same once more is no change");
    app.ada(form("/audit/retention", &[("days", "for_ever")])).await;
    app.olga(get("/audit")).await.shows("Kept for ever");
    app.carol(get("/audit")).await.shows("Kept for ever").hides("Ada Arnold");
}

#[actix_web::test]
async fn only_offered_times_are_kept_and_only_administrators_choose() {
    let app = TestApp::new().await;

    for days in ["", "1", "29", "-1", "4294967296", "for ever", "730 "] {
        let answer = app.ada(form("/audit/retention", &[("days", days)])).await;
        assert_eq!(answer.status, 422, "{days}");
        answer.shows("Choose one of these times.");
    }
    assert_eq!(app.olga(form("/audit/retention", &[("days", "90")])).await.status, 403);
    assert_eq!(app.max(form("/audit/retention", &[("days", "90")])).await.status, 403);
    let nobody = app.anybody(form("/audit/retention", &[("days", "90")])).await;
    assert!(nobody.location().starts_with("/login"));

    assert_eq!(app.count("FROM tenants WHERE settings ? 'audit_retention_days'"), 0);
}
