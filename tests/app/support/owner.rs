//! Statements as the owner of the tables.

use super::Who;
use super::app::{Count, TestApp, lines};
use diesel::prelude::*;

impl TestApp {
    /// Does as the owner what no role may.
    pub fn sql(&self, sql: &str) -> usize {
        let mut owner = self.owner.lock().unwrap();
        diesel::sql_query(sql).execute(&mut *owner).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The same for what the database may refuse: with its words.
    pub fn try_sql(&self, sql: &str) -> Result<usize, String> {
        let mut owner = self.owner.lock().unwrap();
        diesel::sql_query(sql).execute(&mut *owner).map_err(|error| error.to_string())
    }

    /// The rows of a query whose one column is called `text`.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        lines(&mut self.owner.lock().unwrap(), sql)
    }

    /// The id of somebody's account.
    pub fn user(&self, who: Who) -> String {
        self.text(&format!("SELECT id::text AS text FROM users WHERE email = '{}'", who.email()))
    }

    /// The one row of a query whose one column is called `text`.
    pub fn text(&self, sql: &str) -> String {
        let mut texts = self.texts(sql);
        assert_eq!(texts.len(), 1, "{sql}");
        texts.remove(0)
    }

    /// How many rows `FROM …` has.
    pub fn count(&self, from: &str) -> i64 {
        let sql = format!("SELECT count(*) AS count {from}");
        let mut owner = self.owner.lock().unwrap();
        let counted = diesel::sql_query(&sql).get_result::<Count>(&mut *owner);
        counted.unwrap_or_else(|error| panic!("{sql}: {error}")).count
    }
}
