//! UPDATEs that run with every message. Diesel has its own ones parsed and planned anew each time, because their text
//! differs with every value that is left out; the few forms of these are kept prepared like all other statements.

use super::live::Announcement;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AsChangeset, AstPass, IntoUpdateTarget, QueryFragment, QueryId};
use diesel::{QueryResult, QuerySource, RunQueryDsl, Table};

struct Update<Rows, Where, Changes> {
    rows: Rows,
    narrowed: Where,
    changes: Changes,
    said: Option<Announcement>,
}

/// What `diesel::update(target).set(changes).execute(conn)` does; returns how many rows were changed. With `said` each
/// row's change is announced by the statement itself.
pub fn update_prepared<T, C>(
    conn: &mut PgConnection,
    target: T,
    changes: C,
    said: Option<Announcement>,
) -> QueryResult<usize>
where
    T: IntoUpdateTarget<Table: Table + QuerySource<FromClause: QueryFragment<Pg>>, WhereClause: QueryFragment<Pg>>,
    C: AsChangeset<Target = T::Table, Changeset: QueryFragment<Pg>>,
{
    let target = target.into_update_target();
    let rows = target.table.from_clause();
    Update { rows, narrowed: target.where_clause, changes: changes.as_changeset(), said }.execute(conn)
}

impl<Rows, Where, Changes> RunQueryDsl<PgConnection> for Update<Rows, Where, Changes> {}

/// The text differs with the values that are left out, so it names the statement.
impl<Rows, Where, Changes> QueryId for Update<Rows, Where, Changes> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Rows, Where, Changes> QueryFragment<Pg> for Update<Rows, Where, Changes>
where
    Rows: QueryFragment<Pg>,
    Where: QueryFragment<Pg>,
    Changes: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.rows.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.changes.walk_ast(out.reborrow())?;
        self.narrowed.walk_ast(out.reborrow())?;
        if let Some(said) = &self.said {
            out.push_sql(" RETURNING ");
            said.walk_ast(out)?;
        }
        Ok(())
    }
}
