//! The one door to PostgreSQL: a fair queue, a pool, and one transaction per unit of work that knows its tenant.
//!
//! [`Db`] works inside one tenant as the role `switchboard_app`; [`PlatformDb`] spans tenants as `switchboard_platform`,
//! whose policies cover only the tables that sign-in, webhook routing, job dispatch and the platform pages need.

pub use super::actor::Actor;

use super::error::{Error, Result};
use super::tenant::TenantId;
use actix_web::web;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
#[allow(clippy::disallowed_types)]
use diesel::r2d2::Pool;
use diesel::r2d2::{ConnectionManager, CustomizeConnection};
use diesel::{Connection, PgConnection, RunQueryDsl};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How long a unit of work waits for its turn before the caller is told 503.
const ACQUIRE: Duration = Duration::from_secs(30);
/// How long a turn waits for a live connection: longer than one connect attempt, so a wait beyond it means "away".
const CONNECT: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(30);

/// What every connection starts with: the powerless role, and limits after which the server gives up on us. Each
/// statement is planned once per connection: planning the inbox's list took three times as long as reading it. So the
/// enum values that partial indexes name are written into statements as literals.
const SESSION: &str = "SET ROLE switchboard_app; SET plan_cache_mode = force_generic_plan; \
                       SET statement_timeout = '15s'; SET lock_timeout = '5s'; \
                       SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = 'warning'";

#[derive(Clone)]
#[allow(clippy::disallowed_types)]
pub struct Db {
    pool: Pool<ConnectionManager<PgConnection>>,
    turns: Arc<Semaphore>,
    acquire: Duration,
}

impl Db {
    /// Opens the pool: `max` connections, `min` of them kept idle.
    #[allow(clippy::disallowed_types)]
    pub fn connect(url: &str, max: u32, min: u32) -> anyhow::Result<Self> {
        let pool = Pool::builder()
            .max_size(max)
            .min_idle(Some(min.min(max)))
            .idle_timeout(Some(IDLE))
            .connection_timeout(CONNECT)
            .test_on_check_out(false) // a round trip per request; a dead connection shows itself at BEGIN
            .error_handler(Box::new(LogOnce))
            .connection_customizer(Box::new(Session))
            .build(ConnectionManager::new(with_connect_timeout(url)))?;
        Ok(Self { pool, turns: Arc::new(Semaphore::new(max as usize)), acquire: ACQUIRE })
    }

    /// The same pool with another patience, so that a test need not wait half a minute for its 503.
    pub fn with_patience(self, acquire: Duration) -> Self {
        Self { acquire, ..self }
    }

    /// Runs `work` off the event loop in one transaction that sees only `tenant`'s rows.
    pub async fn tenant<T, F>(&self, tenant: TenantId, actor: Actor, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        let begin = format!("BEGIN; SET LOCAL app.tenant_id = '{tenant}'{}", actor.settings());
        self.transaction(begin, move |conn| work(conn, tenant)).await
    }

    /// The door that spans tenants. Callers are listed in tests/architecture.rs.
    pub fn platform(&self) -> PlatformDb {
        PlatformDb { db: self.clone(), actor: Actor::default() }
    }

    /// (connections open, connections idle, turns free)
    pub fn gauge(&self) -> (u32, u32, usize) {
        let state = self.pool.state();
        (state.connections, state.idle_connections, self.turns.available_permits())
    }

    /// r2d2 hands connections over unfairly and each of its waiters holds a blocking thread (measured: p99 of 156 ms
    /// and more), so work queues here, in order, before it takes a thread.
    async fn transaction<T, F>(&self, begin: String, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let turn = tokio::time::timeout(self.acquire, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Busy)?.map_err(Error::unexpected)?;
        let pool = self.pool.clone();
        web::block(move || {
            let _turn = turn;
            let mut conn = pool.get()?;
            in_transaction(&mut conn, &begin, work)
        })
        .await
        .map_err(Error::unexpected)?
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn hashtextextended(text: diesel::sql_types::Text, seed: diesel::sql_types::BigInt) -> diesel::sql_types::BigInt;
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// Takes turns with other transactions over something that may have no row yet, until this transaction ends.
/// Whoever needs several takes them in sorted order.
pub fn take_turns(conn: &mut PgConnection, over: &str) -> Result<()> {
    diesel::select(turn(over)).execute(conn)?;
    Ok(())
}

/// The same as part of another statement, such as what it returns.
#[diesel::dsl::auto_type]
pub fn turn<'a>(over: &'a str) -> _ {
    pg_advisory_xact_lock(hashtextextended(over, 0_i64))
}

/// Runs `work` once more, up to three times in all, when it met another transaction in a deadlock. What it had done until
/// then is undone, and nothing else of this transaction.
pub fn again<T>(conn: &mut PgConnection, work: impl Fn(&mut PgConnection) -> Result<T>) -> Result<T> {
    for _ in 0..2 {
        match conn.transaction(&work) {
            Err(Error::Crossed) => tracing::info!("met another transaction in a deadlock; trying again"),
            done => return done,
        }
    }
    conn.transaction(work)
}

/// Has this connection plan all its statements anew. The checks of foreign keys are planned once per connection as well:
/// planned while a table was empty, they read the whole tenant for each row, which a bulk load then does a million times.
pub fn plan_anew(conn: &mut PgConnection) -> Result<()> {
    conn.batch_execute("DISCARD PLANS")?;
    Ok(())
}

/// Works across tenants, on just the tables that the role `switchboard_platform` may see.
#[derive(Clone)]
pub struct PlatformDb {
    db: Db,
    actor: Actor,
}

impl PlatformDb {
    /// The same door for somebody else than the desk itself.
    pub fn acting(self, actor: Actor) -> Self {
        Self { actor, ..self }
    }

    /// Runs `work` in one transaction as `switchboard_platform`.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T> + Send + 'static,
    {
        let begin = format!("BEGIN; SET LOCAL ROLE switchboard_platform{}", self.actor.settings());
        self.db.transaction(begin, work).await
    }

    /// Enters one tenant that a platform look-up has named: a webhook's, a session's at sign-in, the demo's.
    pub async fn enter<T, F>(&self, tenant: Uuid, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        self.db.tenant(TenantId::known(tenant), self.actor, work).await
    }

    /// Changes something about one tenant: begins as the platform, for what the tenant itself may not change, and goes
    /// on as the tenant after [`step_down`], with the entry in its log in the same transaction.
    pub async fn administer<T, F>(&self, tenant: Uuid, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        let settings = self.actor.settings();
        let begin =
            format!("BEGIN; SET LOCAL app.tenant_id = '{tenant}'{settings}; SET LOCAL ROLE switchboard_platform");
        self.db.transaction(begin, move |conn| work(conn, TenantId::known(tenant))).await
    }
}

/// From here on the transaction of [`PlatformDb::administer`] may do what the tenant's own may, and no more.
pub fn step_down(conn: &mut PgConnection) -> Result<()> {
    conn.batch_execute("SET LOCAL ROLE switchboard_app")?;
    Ok(())
}

fn in_transaction<T>(
    conn: &mut PgConnection,
    begin: &str,
    work: impl FnOnce(&mut PgConnection) -> Result<T>,
) -> Result<T> {
    AnsiTransactionManager::begin_transaction_sql(conn, begin)?;
    match work(conn) {
        Ok(value) => AnsiTransactionManager::commit_transaction(conn).map(|()| value).map_err(Error::from),
        Err(error) => {
            // A rollback that fails leaves the connection broken; the pool drops those.
            let _ = AnsiTransactionManager::rollback_transaction(conn);
            Err(error)
        }
    }
}

fn with_connect_timeout(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    format!("{url}{}connect_timeout=2", if url.contains('?') { '&' } else { '?' })
}

#[derive(Debug)]
struct Session;

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Session {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(SESSION).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// r2d2 reports each failed connect; the text may hold the URL's host but never its password.
#[derive(Debug)]
struct LogOnce;

impl diesel::r2d2::HandleError<diesel::r2d2::Error> for LogOnce {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        tracing::warn!(error = %error.to_string().lines().next().unwrap_or_default(), "cannot connect to PostgreSQL");
    }
}
