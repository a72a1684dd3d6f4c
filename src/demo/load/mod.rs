//! `switchboard seed`: as much data as a large installation has, for measuring. Tenants, customers, conversations and
//! messages that fit together, written by COPY; the same seed gives the same rows, but for salts and webhook keys.

mod customers;
mod dice;
mod messages;
mod plan;
mod tenants;
mod threads;
mod words;

use crate::kit::secret::Secret;
use crate::kit::vault::Vault;
use crate::schema;
use crate::users::password;
use anyhow::{Context, ensure};
use customers::Person;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use messages::{Setting, Slot};
use plan::Tenant;
use threads::Thread;

/// The password of every user of the load.
pub const PASSWORD: &str = "demo-switchboard";
/// Rows per COPY.
const BATCH: usize = 10_000;
const TABLES: [&str; 9] = [
    "tenants",
    "users",
    "waha_sessions",
    "customers",
    "customer_counts",
    "customer_identities",
    "conversations",
    "conversation_readers",
    "messages",
];

/// How much. Each customer has one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub tenants: u64,
    pub customers: u64,
    pub messages: u64,
    pub seed: u64,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub tenants: usize,
    pub users: usize,
    pub numbers: usize,
    pub customers: usize,
    pub identities: usize,
    pub conversations: usize,
    pub messages: usize,
    /// The largest tenant's accounts, to sign in with [`PASSWORD`].
    pub administrator: String,
    pub agent: String,
}

/// Writes `load` into the migrated database at `url`, all or nothing, beside what is there. `url` is the owner's; the
/// numbers' webhook keys are sealed with `vault`.
///
/// # Errors
/// When the load asks for something impossible, or was written before.
pub fn fill(url: &str, vault: &Vault, load: &Load) -> anyhow::Result<Summary> {
    ensure!((1..=1_000).contains(&load.tenants), "a load has 1 to 1,000 tenants");
    ensure!(
        (load.tenants..=50_000_000).contains(&load.customers),
        "each tenant needs a customer; 50 million are the most"
    );
    ensure!(load.messages <= 1_000_000_000, "a load has at most 1,000 million messages");
    let mut conn = PgConnection::establish(url).context("cannot connect to the database")?;
    let tenants = plan::tenants(load);
    let summary = conn.transaction(|conn| -> anyhow::Result<Summary> {
        let is_bound = is_bound_by_policies(conn)?;
        if is_bound {
            force_policies(conn, false)?;
        }
        let summary = write(conn, vault, load, &tenants)?;
        if is_bound {
            force_policies(conn, true)?;
        }
        Ok(summary)
    })?;
    // Plans need statistics, and index-only scans the visibility map; left to autovacuum both would come some day.
    conn.batch_execute(&format!("VACUUM (ANALYZE) {}", TABLES.join(", ")))?;
    Ok(summary)
}

fn write(conn: &mut PgConnection, vault: &Vault, load: &Load, tenants: &[Tenant]) -> anyhow::Result<Summary> {
    let hash = password::hash(&Secret::new(PASSWORD.to_owned()))?;
    let rows = tenants.iter().map(tenants::row);
    let written =
        in_batches(rows, |batch| diesel::copy_from(schema::tenants::table).from_insertable(batch).execute(conn));
    let written = written.context("this load is there already; choose another seed")?;
    let users = tenants.iter().flat_map(|tenant| tenants::users(load.seed, tenant, &hash));
    let numbers = tenants.iter().flat_map(|tenant| tenants::numbers(tenant, vault));
    let mut summary = Summary {
        tenants: written,
        users: in_batches(users, |batch| diesel::copy_from(schema::users::table).from_insertable(batch).execute(conn))?,
        numbers: in_batches(numbers, |batch| {
            diesel::copy_from(schema::waha_sessions::table).from_insertable(batch).execute(conn)
        })?,
        administrator: tenants::email(&tenants[0], "admin"),
        agent: tenants::email(&tenants[0], "agent1"),
        ..Summary::default()
    };
    let counts = plan::message_counts(load);
    let threads = || {
        let customers = tenants.iter().flat_map(|tenant| tenant.customers.clone().map(move |index| (tenant, index)));
        customers.map(|(tenant, index)| (tenant, Thread::of(load.seed, tenant, index, counts[index as usize])))
    };
    write_people(conn, load.seed, threads, &mut summary)?;
    write_conversations(conn, load.seed, threads, &mut summary)?;
    summary.messages = write_messages(conn, load, tenants, threads())?;
    Ok(summary)
}

fn write_people<'a, I>(
    conn: &mut PgConnection,
    seed: u64,
    threads: impl Fn() -> I,
    summary: &mut Summary,
) -> QueryResult<()>
where
    I: Iterator<Item = (&'a Tenant, Thread)>,
{
    let people = || threads().map(|(tenant, thread)| (tenant, Person::of(seed, thread.index, thread.started_at())));
    let customers = people().map(|(tenant, person)| customers::row(tenant, person));
    summary.customers = in_batches(customers, |batch| {
        diesel::copy_from(schema::customers::table).from_insertable(batch).execute(conn)
    })?;
    let identities = people().flat_map(|(tenant, person)| customers::identities(tenant, person));
    summary.identities = in_batches(identities, |batch| {
        diesel::copy_from(schema::customer_identities::table).from_insertable(batch).execute(conn)
    })?;
    Ok(())
}

fn write_conversations<'a, I>(
    conn: &mut PgConnection,
    seed: u64,
    threads: impl Fn() -> I,
    summary: &mut Summary,
) -> QueryResult<()>
where
    I: Iterator<Item = (&'a Tenant, Thread)>,
{
    let rows = threads().map(|(tenant, thread)| {
        let person = Person::of(seed, thread.index, thread.started_at());
        threads::row(seed, tenant, &thread, &person)
    });
    summary.conversations =
        in_batches(rows, |batch| diesel::copy_from(schema::conversations::table).from_insertable(batch).execute(conn))?;
    let readers = threads().filter_map(|(tenant, thread)| threads::reader(seed, tenant, &thread));
    in_batches(readers, |batch| {
        diesel::copy_from(schema::conversation_readers::table).from_insertable(batch).execute(conn)
    })?;
    Ok(())
}

fn write_messages<'a>(
    conn: &mut PgConnection,
    load: &Load,
    tenants: &[Tenant],
    threads: impl Iterator<Item = (&'a Tenant, Thread)>,
) -> QueryResult<usize> {
    let mut slots = Vec::with_capacity(load.messages as usize);
    let mut settings = Vec::with_capacity(load.customers as usize);
    for (_, thread) in threads {
        slots.extend(Slot::of(&thread));
        settings.push(Setting::of(load.seed, &thread));
    }
    slots.sort_unstable();
    let rows = slots.iter().map(|slot| {
        let tenant = tenants.partition_point(|tenant| tenant.customers.end <= slot.customer());
        messages::row(load.seed, &tenants[tenant], &settings[slot.customer() as usize], *slot)
    });
    in_batches(rows, |batch| diesel::copy_from(schema::messages::table).from_insertable(batch).execute(conn))
}

fn in_batches<R>(
    mut rows: impl Iterator<Item = R>,
    mut copy: impl FnMut(Vec<R>) -> QueryResult<usize>,
) -> QueryResult<usize> {
    let mut written = 0;
    loop {
        let batch: Vec<R> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(written);
        }
        written += copy(batch)?;
    }
}

/// Whether row level security holds for whoever we are: an owner that is no superuser.
fn is_bound_by_policies(conn: &mut PgConnection) -> QueryResult<bool> {
    let bound = "SELECT 1 FROM pg_roles WHERE rolname = current_user AND NOT rolsuper AND NOT rolbypassrls";
    Ok(diesel::sql_query(bound).execute(conn)? > 0)
}

/// COPY refuses to write where policies apply. Within our transaction they do not apply to the owner; nobody else sees
/// that, and everybody else waits for it.
fn force_policies(conn: &mut PgConnection, force: bool) -> QueryResult<()> {
    let word = if force { "" } else { "NO " };
    let statements = TABLES.map(|table| format!("ALTER TABLE {table} {word}FORCE ROW LEVEL SECURITY"));
    conn.batch_execute(&statements.join("; "))
}
