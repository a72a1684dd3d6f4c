//! `/gdpr/holds`

use super::view::{self, Found, HERE};
use crate::customers::holds::{self, HoldId};
use crate::gdpr::cases::people;
use crate::gdpr::customers::form::ReasonForm;
use crate::kit::access::{Access, EditPrivacy, Permission, ViewPrivacy};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::page;
use crate::users::model as users;
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use chrono::Utc;
use serde::Deserialize;

/// Holds of one page.
const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// `over`: those that stand no longer.
    state: String,
    after: String,
}

pub async fn index(access: Access<ViewPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (are_over, after) = (look.state == "over", look.after.parse().ok());
    let found = access.run(move |conn, tenant| {
        let (holds, has_more) = page::cut(holds::page(conn, tenant, are_over, after, PAGE + 1)?, PAGE);
        let customers: Vec<_> = holds.iter().map(|hold| hold.customer_id).collect();
        let by: Vec<_> = holds.iter().flat_map(|hold| [hold.placed_by, hold.ended_by]).flatten().collect();
        let customers = people::several(conn, tenant, &customers)?;
        Ok(Found { customers, users: users::names(conn, tenant, &by)?, holds, has_more })
    });
    access.show(&view::index(&access, are_over, &look.after, &found.await?))
}

/// GET /gdpr/holds/{hold}/release
pub async fn ask(access: Access<EditPrivacy>, id: Path<HoldId>) -> Result<HttpResponse> {
    let found = one(&access, *id).await?;
    access.show(&view::release(&access, &found, ReasonForm::default()))
}

/// POST /gdpr/holds/{hold}/release
pub async fn release(access: Access<EditPrivacy>, id: Path<HoldId>, form: Form<ReasonForm>) -> Result<HttpResponse> {
    let (id, by) = (*id, access.who().user.into());
    let today = Utc::now().with_timezone(&access.who().time_zone).date_naive();
    let reason = match form.0.validate(today) {
        Ok((reason, _)) => reason,
        Err(form) => {
            let found = one(&access, id).await?;
            return access.show(&view::release(&access, &found, form));
        }
    };
    access.run(move |conn, tenant| holds::release(conn, tenant, id, &reason, by)).await?;
    access.go(HERE)
}

async fn one<P: Permission>(access: &Access<P>, id: HoldId) -> Result<Found> {
    let found = access.run(move |conn, tenant| {
        let hold = holds::find(conn, tenant, id)?;
        let customers = people::several(conn, tenant, &[hold.customer_id])?;
        let by: Vec<_> = hold.placed_by.into_iter().chain(hold.ended_by).collect();
        Ok(Found { customers, users: users::names(conn, tenant, &by)?, holds: vec![hold], has_more: false })
    });
    found.await
}
