//! Telling users: rows that count up until they are read.

use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::notifications;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use uuid::Uuid;

ids! {
    /// Something that a user is told of.
    NotificationId,
}

/// The kind of live event that says what a user is told changed; its subject is the user.
pub const CHANGED: &str = "notification";

pg_enum! {
    /// What it is about; the words are those of the users' preferences.
    Kind over NotificationKind {
        NewMessage = "new_message",
        Mention = "mention",
        Assignment = "assignment",
        NumberTrouble = "number_trouble",
        MissedCall = "missed_call",
        TaskDone = "task_done",
    }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    notifications::table.filter(notifications::tenant_id.eq(tenant))
}

/// Whom something is told.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    Users(&'a [UserId]),
    /// Everybody who is active and has one of these roles, by their words.
    Roles(&'a [&'a str]),
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
}

/// The whole of it is one statement: active users, who want to be told in the desk itself, get a row, or the one that they
/// have not read yet counts up.
const TELL: &str = "
    INSERT INTO notifications AS known (tenant_id, id, user_id, kind, subject_id)
    SELECT u.tenant_id, gen_random_uuid(), u.id, $2::notification_kind, $3 FROM users AS u
    WHERE u.tenant_id = $1 AND u.is_active AND u.deleted_at IS NULL
      AND (u.id = ANY($4) OR u.role::text = ANY($5))
      AND COALESCE(u.preferences #>> ARRAY['notifications', $2, 'in_app'],
                   (u.preferences #> ARRAY['notifications', $2] IS NULL)::text) = 'true'
    ORDER BY u.id
    ON CONFLICT (tenant_id, user_id, kind, subject_id) WHERE read_at IS NULL
    DO UPDATE SET count = known.count + 1, updated_at = now()
    RETURNING user_id";

/// Tells users of `kind` about a row. Whoever has not read the last of the kind about it finds that one counted up.
pub fn notify(conn: &mut PgConnection, tenant: TenantId, to: To<'_>, kind: Kind, about: Uuid) -> Result<()> {
    let (users, roles): (Vec<Uuid>, Vec<&str>) = match to {
        To::Users(users) => (users.iter().map(|user| user.get()).collect(), Vec::new()),
        To::Roles(roles) => (Vec::new(), roles.to_vec()),
    };
    if users.is_empty() && roles.is_empty() {
        return Ok(());
    }
    let told: Vec<Told> = diesel::sql_query(TELL)
        .bind::<SqlUuid, _>(tenant)
        .bind::<Text, _>(kind.word())
        .bind::<SqlUuid, _>(about)
        .bind::<Array<SqlUuid>, _>(users)
        .bind::<Array<Text>, _>(roles)
        .load(conn)?;
    told.iter().try_for_each(|told| live::announce(conn, tenant, CHANGED, told.user_id))
}

/// Everybody has done with it: a call was returned, a number works again.
pub fn settle(conn: &mut PgConnection, tenant: TenantId, kind: Kind, about: Uuid) -> Result<()> {
    let unread = of(tenant)
        .filter(notifications::subject_id.eq(about).and(notifications::kind.eq(kind)))
        .filter(notifications::read_at.is_null());
    let users = diesel::update(unread).set(notifications::read_at.eq(Utc::now())).returning(notifications::user_id);
    let users: Vec<UserId> = users.load(conn)?;
    users.iter().try_for_each(|user| live::announce(conn, tenant, CHANGED, user.get()))
}

/// A user has looked at what it is about.
pub fn looked(conn: &mut PgConnection, tenant: TenantId, user: UserId, about: Uuid) -> Result<()> {
    mark(conn, tenant, user, Some(about), None)
}

/// A user has read one of theirs, or with None all of them.
pub fn read(conn: &mut PgConnection, tenant: TenantId, user: UserId, id: Option<NotificationId>) -> Result<()> {
    mark(conn, tenant, user, None, id)
}

fn mark(
    conn: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    about: Option<Uuid>,
    id: Option<NotificationId>,
) -> Result<()> {
    let mut unread = diesel::update(of(tenant).filter(notifications::user_id.eq(user)))
        .filter(notifications::read_at.is_null())
        .set(notifications::read_at.eq(Utc::now()))
        .into_boxed::<diesel::pg::Pg>();
    if let Some(about) = about {
        unread = unread.filter(notifications::subject_id.eq(about));
    }
    if let Some(id) = id {
        unread = unread.filter(notifications::id.eq(id));
    }
    match unread.execute(conn)? {
        0 => Ok(()),
        _ => live::announce(conn, tenant, CHANGED, user.get()),
    }
}

/// Removes what was last told before that. How many.
pub fn purge(conn: &mut PgConnection, tenant: TenantId, before: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::delete(of(tenant).filter(notifications::updated_at.lt(before))).execute(conn)?)
}
