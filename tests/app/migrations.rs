//! The migrations as somebody runs them who owns the database and nothing else.

use crate::support::cluster::{Template, fresh_database};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use switchboard::kit::db::Db;
use switchboard::migrations;

/// The roles that the migrations would make if they might, and an ordinary user who has been given them.
const PREPARED: &str = "
    DO $$ BEGIN CREATE ROLE switchboard_app NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    DO $$ BEGIN CREATE ROLE switchboard_platform NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    DO $$ BEGIN CREATE ROLE switchboard_search NOLOGIN BYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    DO $$ BEGIN CREATE ROLE ordinary_owner LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    GRANT switchboard_app, switchboard_platform, switchboard_search TO ordinary_owner;
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO ordinary_owner', current_database()); END $$;";

#[actix_web::test]
async fn an_ordinary_owner_can_migrate_and_the_platform_sees_that_nothing_is_missing() {
    let empty = Template { name: "empty", hash: "1".into(), fill: |_: &str| Ok(()) };
    let database = fresh_database(&empty);
    PgConnection::establish(database.url()).unwrap().batch_execute(PREPARED).unwrap();
    let url = database.url().replacen("//switchboard@", "//ordinary_owner@", 1);

    let done = migrations::run(&url).await.unwrap();

    let db = Db::connect(&url, 1, 1).unwrap();
    assert!(done >= 10);
    assert_eq!(db.platform().run(migrations::pending).await.unwrap(), 0);
}
