//! Up, down to nothing, and up again.

use super::texts;
use crate::support::database::empty;
use std::fs;
use switchboard::migrations;

const SCHEMA: &str = "
    SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' ||
           COALESCE(column_default, '') AS text FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
           FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || roles::text || ' ' || COALESCE(qual, '')
           FROM pg_policies
    UNION ALL SELECT 'function ' || oid::regprocedure || ' ' || md5(COALESCE(pg_get_function_sqlbody(oid), prosrc)) || ' ' || COALESCE(proacl::text, '') FROM pg_proc
           WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'switchboard%'
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
    UNION ALL SELECT 'grant ' || grantee || ' ' || table_name || ' ' || privilege_type
           FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee LIKE 'switchboard_%'
    ORDER BY 1";

#[tokio::test]
async fn every_migration_can_be_taken_back_and_made_again() {
    let database = empty();
    let url = database.url().to_owned();
    let count = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
    assert_eq!(migrations::run(&url).await.unwrap(), count);
    let made = texts(&database, SCHEMA);
    assert!(made.len() > 200, "only {} things were made", made.len());

    let back = url.clone();
    tokio::task::spawn_blocking(move || migrations::revert(&back, count)).await.unwrap().unwrap();
    let left: Vec<_> =
        texts(&database, SCHEMA).into_iter().filter(|line| !line.contains("__diesel_schema_migrations")).collect();
    assert_eq!(left, super::nothing());

    assert_eq!(migrations::run(&url).await.unwrap(), count);
    assert_eq!(texts(&database, SCHEMA), made);
}

#[tokio::test]
async fn running_them_twice_and_at_once_is_running_them() {
    let database = empty();

    let (one, two) = tokio::join!(migrations::run(database.url()), migrations::run(database.url()));

    let count = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
    assert_eq!(one.unwrap() + two.unwrap(), count);
    assert_eq!(migrations::run(database.url()).await.unwrap(), 0);
}

#[test]
fn each_is_named_after_its_day_and_what_it_does_and_has_a_way_back() {
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (time, words) = name.split_once('_').unwrap();
        assert!(time.len() == 17 && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'), "{name}");
        assert!(words.contains('_'), "{name} says verb and object");
        let down = fs::read_to_string(path.join("down.sql")).unwrap();
        assert!(down.contains("DROP") || down.contains("ALTER") || down.contains("DELETE"), "{name} has no way back");
    }
}
