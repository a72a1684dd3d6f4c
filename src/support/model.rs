//! Grants of support access, and the visits under them. What the platform does begins as its role, inside
//! `PlatformDb::administer`, and is written into the tenant's own log.

use crate::kit::access::SignedIn;
use crate::kit::audit::{self, Entry};
use crate::kit::db::step_down;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::sessions::{self, Client, New};
use crate::kit::tenant::TenantId;
use crate::schema::{support_grants, support_visits};
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

ids! {
    /// One grant of support access.
    GrantId,
    /// A platform administrator's browser inside a tenant.
    VisitId,
}

pg_enum! {
    /// What ended a grant.
    End over SupportEnd { Tenant = "tenant", Platform = "platform", Time = "time" }
}

/// The kind of live event that says that a grant was given, used or ended.
pub const CHANGED: &str = "support";

/// Grants on the page.
const SHOWN: i64 = 50;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_grants)]
pub struct Grant {
    pub id: GrantId,
    pub granted_by: Option<UserId>,
    pub reason: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<End>,
}

impl Grant {
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none() && self.expires_at > Utc::now()
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = support_visits)]
pub struct Visit {
    pub grant_id: GrantId,
    pub session_id: Uuid,
    pub visitor: String,
    pub entered_at: DateTime<Utc>,
    /// Moves on by the minute while pages are asked for.
    pub seen_at: DateTime<Utc>,
    pub left_at: Option<DateTime<Utc>>,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    support_grants::table.filter(support_grants::tenant_id.eq(tenant))
}

#[auto_type]
fn visits_of(tenant: TenantId) -> _ {
    support_visits::table.filter(support_visits::tenant_id.eq(tenant))
}

/// Newest first, each with its visits.
pub fn list(conn: &mut PgConnection, tenant: TenantId) -> Result<(Vec<Grant>, Vec<Visit>)> {
    let grants: Vec<Grant> =
        of(tenant).order(support_grants::id.desc()).limit(SHOWN).select(Grant::as_select()).load(conn)?;
    let shown: Vec<GrantId> = grants.iter().map(|grant| grant.id).collect();
    let visits = visits_of(tenant)
        .filter(support_visits::grant_id.eq_any(shown))
        .order(support_visits::id.desc())
        .limit(SHOWN * 10)
        .select(Visit::as_select())
        .load(conn)?;
    Ok((grants, visits))
}

/// The grant that stands now; for the platform and for the tenant alike.
pub fn open(conn: &mut PgConnection, tenant: TenantId) -> Result<Option<Grant>> {
    let standing = of(tenant).filter(support_grants::ended_at.is_null().and(support_grants::expires_at.gt(Utc::now())));
    Ok(standing.select(Grant::as_select()).first(conn).optional()?)
}

/// Lets the platform's administrators in for `hours`.
///
/// # Errors
/// `Refused` while another grant stands.
pub fn grant(conn: &mut PgConnection, tenant: TenantId, by: UserId, hours: i64, reason: &str) -> Result<GrantId> {
    let over = of(tenant).filter(support_grants::ended_at.is_null().and(support_grants::expires_at.le(Utc::now())));
    diesel::update(over)
        .set((
            support_grants::ended_at.eq(support_grants::expires_at.nullable()),
            support_grants::ended_by.eq(End::Time),
        ))
        .execute(conn)?;
    let (id, expires_at) = (GrantId::new(), Utc::now() + Duration::hours(hours));
    let row = (
        support_grants::tenant_id.eq(tenant),
        support_grants::id.eq(id),
        support_grants::granted_by.eq(by),
        support_grants::reason.eq(reason),
        support_grants::expires_at.eq(expires_at),
    );
    diesel::insert_into(support_grants::table).values(row).execute(conn).map_err(|error| match error.into() {
        Error::Taken(_) => Error::Refused("Support access is granted already. End that first.".into()),
        error => error,
    })?;
    let entry = Entry::new("granted", "support_grants", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "reason": reason, "expires_at": expires_at })))?;
    live::announce(conn, tenant, CHANGED, id.get())?;
    Ok(id)
}

/// Ends a grant before its time, and every visit under it with the next request; ending twice is ending once.
///
/// # Errors
/// `NotFound` for another tenant's.
pub fn end(conn: &mut PgConnection, tenant: TenantId, id: GrantId, by: End) -> Result<()> {
    let known: Grant = of(tenant).filter(support_grants::id.eq(id)).select(Grant::as_select()).first(conn)?;
    let now = Utc::now();
    let standing = support_grants::ended_at.is_null().and(support_grants::expires_at.gt(now));
    let ended = diesel::update(of(tenant).filter(support_grants::id.eq(id)).filter(standing))
        .set((support_grants::ended_at.eq(now), support_grants::ended_by.eq(by), support_grants::updated_at.eq(now)))
        .execute(conn)?;
    if ended == 0 {
        return Ok(());
    }
    if by == End::Platform {
        step_down(conn)?;
    }
    let inside: Vec<Uuid> = diesel::update(visits_of(tenant))
        .filter(support_visits::grant_id.eq(id).and(support_visits::left_at.is_null()))
        .set((support_visits::left_at.eq(now), support_visits::updated_at.eq(now)))
        .returning(support_visits::session_id)
        .get_results(conn)?;
    for session in inside {
        // Streams of the visit end; the session itself goes on, outside.
        live::announce(conn, tenant, live::SESSION_ENDED, session)?;
    }
    let entry = Entry::new("ended", "support_grants", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "expires_at": known.expires_at })).after(json!({ "by": by })))?;
    live::announce(conn, tenant, CHANGED, id.get())
}

/// Ends the grant that stands, if one does, as the platform.
pub fn end_open(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    match open(conn, tenant)? {
        Some(grant) => end(conn, tenant, grant.id, End::Platform),
        None => Ok(()),
    }
}

/// A platform administrator goes in: a new session, which reads as an auditor of the tenant does.
///
/// # Errors
/// `Refused` where no grant stands.
pub fn enter(conn: &mut PgConnection, tenant: TenantId, who: &SignedIn) -> Result<(New, Client)> {
    let standing = of(tenant)
        .filter(support_grants::ended_at.is_null().and(support_grants::expires_at.gt(Utc::now())))
        .select(Grant::as_select())
        .for_share()
        .first(conn);
    let grant: Grant = standing.optional()?.ok_or_else(|| {
        Error::Refused("There is no support access now. An administrator of the organisation can grant it.".into())
    })?;
    let (new, client) = sessions::visiting(conn, who, tenant, grant.id.get())?;
    diesel::insert_into(support_visits::table)
        .values((
            support_visits::tenant_id.eq(tenant),
            support_visits::id.eq(VisitId::new()),
            support_visits::grant_id.eq(grant.id),
            support_visits::session_id.eq(new.session()),
            support_visits::visitor.eq(who.name()),
        ))
        .execute(conn)?;
    step_down(conn)?;
    let entry = Entry::new("entered", "support_grants", grant.id.get());
    audit::record(conn, tenant, &entry.after(json!({ "visitor": who.name(), "expires_at": grant.expires_at })))?;
    live::announce(conn, tenant, CHANGED, grant.id.get())?;
    Ok((new, client))
}

/// Goes out again: a new session, as the platform's own.
pub fn leave(conn: &mut PgConnection, tenant: TenantId, who: &SignedIn, grant: GrantId) -> Result<(New, Client)> {
    let renewed = sessions::returning(conn, who)?;
    step_down(conn)?;
    let inside = support_visits::session_id.eq(who.session).and(support_visits::left_at.is_null());
    diesel::update(visits_of(tenant))
        .filter(inside)
        .set((support_visits::left_at.eq(Utc::now()), support_visits::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = Entry::new("left", "support_grants", grant.get());
    audit::record(conn, tenant, &entry.after(json!({ "visitor": who.name() })))?;
    live::announce(conn, tenant, CHANGED, grant.get())?;
    Ok(renewed)
}
