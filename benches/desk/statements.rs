//! What a page asks of PostgreSQL, read from the server's log.

use crate::ground::Ground;
use anyhow::Context;
use diesel::connection::SimpleConnection;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;
use tokio::time::sleep;

/// One round trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// With the parameters' values in it; several when they travelled together.
    pub sql: String,
    /// Prepared before, so that it was neither parsed nor perhaps planned anew.
    pub is_prepared: bool,
}

/// While it lives the server logs every statement.
pub struct Listening<'a> {
    ground: &'a Ground,
}

impl<'a> Listening<'a> {
    pub async fn begin(ground: &'a Ground) -> anyhow::Result<Self> {
        let conn = &mut ground.connect()?;
        conn.batch_execute("ALTER SYSTEM SET log_min_duration_statement = 0")?;
        conn.batch_execute("SELECT pg_reload_conf()")?;
        sleep(Duration::from_millis(500)).await;
        Ok(Self { ground })
    }

    /// The statements of whatever `page` does, but for those that look its session up: they come every few seconds.
    pub async fn hear<F>(&self, page: impl FnOnce() -> F) -> anyhow::Result<Vec<Statement>>
    where
        F: Future<Output = anyhow::Result<()>>,
    {
        let mut log = File::open(self.ground.log()).context("the server's log")?;
        log.seek(SeekFrom::End(0))?;
        page().await?;
        sleep(Duration::from_millis(30)).await; // the last line may come after the answer
        let mut lines = Vec::new();
        log.read_to_end(&mut lines)?;
        let mut heard = statements(&String::from_utf8_lossy(&lines));
        while let Some(begin) = heard.iter().position(|statement| statement.sql.contains("switchboard_platform")) {
            let commit = heard[begin..].iter().position(|statement| statement.sql == "COMMIT");
            heard.drain(begin..=begin + commit.unwrap_or(0));
        }
        Ok(heard)
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let quiet = |conn: &mut diesel::PgConnection| {
            conn.batch_execute("ALTER SYSTEM RESET log_min_duration_statement")?;
            conn.batch_execute("SELECT pg_reload_conf()")
        };
        if let Ok(mut conn) = self.ground.connect() {
            let _ = quiet(&mut conn);
        }
    }
}

/// Out of lines like `… LOG:  duration: 0.03 ms  execute NAME: SQL` and `… DETAIL:  parameters: $1 = 'x'`. Statements
/// without parameters say `statement: SQL`; the time to parse and bind has lines of its own, which are left out.
fn statements(log: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    for line in log.lines() {
        if let Some((_, parameters)) = line.split_once("DETAIL:  parameters: ") {
            if let Some(last) = found.last_mut() {
                last.sql = with_values(&last.sql, &values(parameters));
            }
        } else if let Some((_, sql)) = line.split_once(" ms  statement: ") {
            found.push(Statement { sql: sql.to_owned(), is_prepared: false });
        } else if let Some((_, execute)) = line.split_once(" ms  execute ")
            && let Some((name, sql)) = execute.split_once(": ")
        {
            found.push(Statement { sql: sql.to_owned(), is_prepared: name != "<unnamed>" });
        }
    }
    found
}

/// `$1 = 'it''s', $2 = NULL` as SQL literals.
fn values(parameters: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = parameters;
    while let Some((_, value)) = rest.split_once(" = ") {
        let end = if value.starts_with('\'') { quoted(value) } else { value.find(',').unwrap_or(value.len()) };
        values.push(value[..end].to_owned());
        rest = &value[end..];
    }
    values
}

/// Where the literal at the start of `text` ends.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn with_values(sql: &str, values: &[String]) -> String {
    let mut sql = sql.to_owned();
    // From the last: $1 is also the beginning of $10.
    for (nth, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", nth + 1), value);
    }
    sql
}
