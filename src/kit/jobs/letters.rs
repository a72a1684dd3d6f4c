//! Jobs that used up their attempts, and how full the queue is. For the platform's role.

use crate::kit::error::{Error, Result};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// A dead job. Its error is one plain line, without credentials or query strings of URLs.
#[derive(Debug, Clone, QueryableByName)]
pub struct Letter {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub job: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub tenant: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_error: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub failed_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Counts {
    /// Ready to run and not yet running.
    #[diesel(sql_type = BigInt)]
    pub due: i64,
    /// Waiting for their time.
    #[diesel(sql_type = BigInt)]
    pub later: i64,
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// How long the oldest due job has been waiting.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub oldest_seconds: Option<i64>,
}

/// The newest dead jobs, at most `most`.
pub fn letters(conn: &mut PgConnection, most: i32) -> Result<Vec<Letter>> {
    Ok(diesel::sql_query("SELECT * FROM switchboard_job_letters($1)").bind::<Integer, _>(most).load(conn)?)
}

pub fn counts(conn: &mut PgConnection) -> Result<Counts> {
    Ok(diesel::sql_query("SELECT * FROM switchboard_job_counts()").get_result(conn)?)
}

/// Gives a dead job all its attempts again, from now.
pub fn retry(conn: &mut PgConnection, id: i64) -> Result<()> {
    found(diesel::select(retry_letter(id)).get_result(conn)?)
}

pub fn discard(conn: &mut PgConnection, id: i64) -> Result<()> {
    found(diesel::select(discard_letter(id)).get_result(conn)?)
}

diesel::define_sql_function! {
    #[sql_name = "switchboard_retry_letter"]
    fn retry_letter(id: BigInt) -> Bool;
}

diesel::define_sql_function! {
    #[sql_name = "switchboard_discard_letter"]
    fn discard_letter(id: BigInt) -> Bool;
}

fn found(found: bool) -> Result<()> {
    if found { Ok(()) } else { Err(Error::NotFound) }
}
