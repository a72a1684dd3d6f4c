//! How many customers there are of each type, kept as they come and change.

use super::filter::Standing;
use super::model::{CustomerState, CustomerType};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::customer_counts;
use diesel::dsl::{auto_type, sum};
use diesel::prelude::*;

/// More rows than this are added up by the job.
const MANY: i64 = 50;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    customer_counts::table.filter(customer_counts::tenant_id.eq(tenant))
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_sum_customer_counts() -> diesel::sql_types::BigInt;
}

/// Customers by type and state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(Vec<(CustomerType, CustomerState, i64)>);

impl Counts {
    /// Of that type, or of all, who stand there.
    pub fn of(&self, standing: Standing, customer_type: Option<CustomerType>) -> i64 {
        let stands = |state| match standing {
            Standing::In(wanted) => state == wanted,
            Standing::Any => true,
            Standing::Present => !matches!(state, CustomerState::Deleted | CustomerState::Erased),
        };
        let fitting = self.0.iter().filter(|(is, state, _)| stands(*state) && customer_type.is_none_or(|of| of == *is));
        fitting.map(|(.., count)| count).sum()
    }
}

pub fn counts(conn: &mut PgConnection, tenant: TenantId) -> Result<Counts> {
    let rows = of(tenant)
        .group_by((customer_counts::customer_type, customer_counts::state))
        .select((
            customer_counts::customer_type,
            customer_counts::state,
            sum(customer_counts::amount).assume_not_null(),
        ))
        .load(conn)?;
    Ok(Counts(rows))
}

/// Adds the rows up where there are many. Nothing is counted that was not.
pub fn sum_up(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let rows: i64 = of(tenant).count().get_result(conn)?;
    if rows > MANY {
        diesel::select(switchboard_sum_customer_counts()).get_result::<i64>(conn)?;
    }
    Ok(())
}
