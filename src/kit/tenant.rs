//! The boundary that no data crosses, as a type.

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types;
use diesel::{AsExpression, FromSqlRow};
use uuid::Uuid;

/// Whoever holds one may work on that tenant's rows. Its field is private to the kit, which fills it in three places:
/// `access` from a checked session, `jobs` from a job's own row, `db` where the platform enters a tenant by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = sql_types::Uuid)]
pub struct TenantId(Uuid);

impl TenantId {
    pub(super) fn known(id: Uuid) -> Self {
        Self(id)
    }

    pub fn get(self) -> Uuid {
        self.0
    }
}

impl std::fmt::Display for TenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ToSql<sql_types::Uuid, Pg> for TenantId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Uuid as ToSql<sql_types::Uuid, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<sql_types::Uuid, Pg> for TenantId {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<sql_types::Uuid, Pg>>::from_sql(bytes).map(Self)
    }
}

crate::pg_enum! {
    /// An inactive tenant's users are signed out.
    TenantStatus over TenantStatus {
        Active = "active",
        Inactive = "inactive",
    }
}
