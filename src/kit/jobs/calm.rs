//! The runner's door to the database, which takes a breath after each failure: graphile_worker tries again at once, and
//! a database that is away would cost a core and a log full of errors.

use graphile_worker::tokio_postgres::TokioPostgresDatabase;
use graphile_worker::{DatabaseDriver, DbError, DbExecutor, DbParams, DbRow, DbTransaction, NotificationStream};
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

const BREATH: Duration = Duration::from_millis(500);

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbError>> + Send + 'a>>;

#[derive(Debug)]
pub(super) struct Calm(pub(super) TokioPostgresDatabase);

fn calmly<'a, T: Send + 'a>(asked: Answer<'a, T>) -> Answer<'a, T> {
    Box::pin(async move {
        let answer = asked.await;
        if answer.is_err() {
            tokio::time::sleep(BREATH).await;
        }
        answer
    })
}

impl DbExecutor for Calm {
    fn execute<'a>(&'a self, sql: &'a str, params: DbParams) -> Answer<'a, u64> {
        calmly(DbExecutor::execute(&self.0, sql, params))
    }

    fn fetch_all<'a>(&'a self, sql: &'a str, params: DbParams) -> Answer<'a, Vec<DbRow>> {
        calmly(DbExecutor::fetch_all(&self.0, sql, params))
    }
}

impl DatabaseDriver for Calm {
    fn as_any(&self) -> &dyn Any {
        self.0.as_any()
    }

    fn begin(&self) -> Answer<'_, DbTransaction> {
        calmly(self.0.begin())
    }

    fn listen<'a>(&'a self, channel: &'a str) -> Answer<'a, Option<NotificationStream>> {
        calmly(self.0.listen(channel))
    }
}
