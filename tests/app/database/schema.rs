//! What Diesel takes the tables for is what they are.

use super::texts;
use crate::support::database::migrated;
use std::fs;

const COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || CASE is_nullable WHEN 'YES' THEN 'Nullable<' || kind || '>' ELSE kind END
        || COALESCE(' ' || character_maximum_length, '') AS text
    FROM information_schema.columns,
        LATERAL (SELECT replace(initcap(replace(udt_name, '_', ' ')), ' ', '') AS element) AS named,
        LATERAL (SELECT CASE data_type WHEN 'ARRAY' THEN 'Array<Nullable<' || element || '>>' ELSE element END AS kind) AS typed
    WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
    ORDER BY table_name, ordinal_position";

#[test]
fn schema_rs_matches_the_migrations() {
    let database = migrated();
    let source = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/src/lib.rs")).unwrap();

    let written = written(&source);

    let there = texts(&database, COLUMNS);
    assert!(there.len() > 150);
    let missing: Vec<_> = there.iter().filter(|column| !written.contains(column)).collect();
    let idle: Vec<_> = written.iter().filter(|column| !there.contains(column)).collect();
    assert!(missing.is_empty() && idle.is_empty(), "run `diesel print-schema`: missing {missing:#?}, idle {idle:#?}");
    assert_eq!(written, there, "in the tables' own order");
}

/// "table.column Type length" of each column in the `table!` blocks, by table.
fn written(source: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for block in source.split("diesel::table! {").skip(1) {
        let block = block.split("\n}\n").next().unwrap();
        let (mut table, mut length) = (String::new(), String::new());
        for line in block.lines().map(str::trim) {
            match line.split_once(" -> ") {
                Some((column, kind)) => {
                    let kind = kind.trim_end_matches(',');
                    found.push(format!("{table}.{column} {kind}{length}"));
                    length.clear();
                }
                None if line.ends_with(") {") => table = line.split(' ').next().unwrap().to_owned(),
                None => {
                    if let Some(max) = line.strip_prefix("#[max_length = ") {
                        length = format!(" {}", max.trim_end_matches(']'));
                    }
                }
            }
        }
    }
    found
}
