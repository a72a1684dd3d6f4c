//! `/api/v1/customers/{customer}/merges`.

use crate::customers::attributes::{self, Definition};
use crate::customers::changes;
use crate::customers::model::CustomerId;
use crate::duplicates::choice::{Choice, FIELDS, NoteChoice, Side};
use crate::duplicates::merging::{self, Order};
use crate::duplicates::model::{self, Merge, MergeId};
use crate::duplicates::splitting;
use crate::kit::access::{Client, MergeCustomers, ViewCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Errors;
use crate::kit::json::{Json, List, Paging, Params, Slice, refused};
use crate::kit::page;
use crate::kit::problem::Problem;
use crate::kit::vault::Vault;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Two records that became one.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerMerge {
    #[schema(value_type = Uuid)]
    id: MergeId,
    /// The customer who stayed.
    #[schema(value_type = Uuid)]
    kept: CustomerId,
    /// The one who became part of that.
    #[schema(value_type = Uuid)]
    joined: CustomerId,
    /// `form`, `api` or `whatsapp`.
    #[schema(example = "api")]
    source: String,
    /// The user; null: the desk itself.
    #[schema(value_type = Option<Uuid>)]
    joined_by: Option<UserId>,
    joined_at: DateTime<Utc>,
    #[schema(value_type = Option<Uuid>)]
    separated_by: Option<UserId>,
    /// When they were taken apart again.
    separated_at: Option<DateTime<Utc>>,
}

impl From<Merge> for CustomerMerge {
    fn from(merge: Merge) -> Self {
        Self {
            id: merge.id,
            kept: merge.kept_id,
            joined: merge.lost_id,
            source: merge.source,
            joined_by: merge.merged_by,
            joined_at: merge.created_at,
            separated_by: merge.split_by,
            separated_at: merge.split_at,
        }
    }
}

/// Whose value is taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Whose {
    /// The customer's whom the address names.
    This,
    /// The other one's.
    Other,
}

/// Which of two notes stay.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Notes {
    This,
    Other,
    /// One below the other.
    #[default]
    Both,
}

impl From<Whose> for Side {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::This => Self::Kept,
            Whose::Other => Self::Lost,
        }
    }
}

/// Another customer who is to become part of the one whom the address names.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewMerge {
    /// Their id.
    #[schema(value_type = Uuid)]
    other: Option<CustomerId>,
    /// Whose value is taken, by field: `first_name`, `last_name`, `display_name`, `phone`, `email`, `company`, `type`,
    /// `locale`, `time_zone` or `external_id`. Without a choice it is this customer's, or the other's where this one has
    /// none.
    #[schema(value_type = BTreeMap<String, Whose>, example = json!({ "phone": "other", "email": "this" }))]
    fields: BTreeMap<String, Whose>,
    /// The same for the organisation's own fields, by key.
    #[schema(value_type = BTreeMap<String, Whose>)]
    attributes: BTreeMap<String, Whose>,
    note: Notes,
}

impl NewMerge {
    fn choice(&self, definitions: &[Definition]) -> Result<Choice> {
        let column = |name: &str| if name == "type" { "customer_type".to_owned() } else { name.to_owned() };
        let mut errors = Errors::default();
        for name in self.fields.keys().filter(|name| *name == "customer_type" || !FIELDS.contains(&&*column(name))) {
            errors.add(&format!("fields/{name}"), "There is no such field that could be chosen.");
        }
        for key in self.attributes.keys().filter(|key| definitions.iter().all(|known| known.key != **key)) {
            errors.add(&format!("attributes/{key}"), "There is no such field.");
        }
        if !errors.is_empty() {
            return Err(Problem::of_form(&errors).into());
        }
        Ok(Choice {
            fields: self.fields.iter().map(|(name, whose)| (column(name), Side::from(*whose))).collect(),
            attributes: self.attributes.iter().map(|(key, whose)| (key.clone(), Side::from(*whose))).collect(),
            note: match self.note {
                Notes::This => NoteChoice::Kept,
                Notes::Other => NoteChoice::Lost,
                Notes::Both => NoteChoice::Both,
            },
        })
    }
}

/// Lists what was joined into a customer, or the customer into, newest first; also what was taken apart again.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}/merges", tag = "merges", operation_id = "listMerges",
    params(("customer" = Uuid, Path, description = "The customer's id"), Paging),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<CustomerMerge>))
)]
pub async fn index(
    client: Client<ViewCustomers>,
    id: Path<CustomerId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse> {
    let parse = |text: &str| text.parse::<MergeId>().ok();
    let Slice { size, after } = Slice::of(paging.limit.as_deref(), paging.cursor.as_deref(), parse)?;
    let id = *id;
    let found = client.run(move |conn, tenant| {
        changes::find(conn, tenant, id)?;
        Ok(page::cut(model::of_customer(conn, tenant, id, after, size + 1)?, size))
    });
    client.show(&List::of(found.await?, |merge| merge.id, CustomerMerge::from))
}

/// Joins another customer into this one; everything that was the other's becomes this one's, until they are separated.
#[utoipa::path(
    post, path = "/api/v1/customers/{customer}/merges", tag = "merges", operation_id = "createMerge",
    request_body = NewMerge, params(("customer" = Uuid, Path, description = "The id of the customer who stays")),
    security(("bearer" = ["customers:merge"])), responses((status = 201, body = CustomerMerge))
)]
pub async fn create(
    client: Client<MergeCustomers>,
    id: Path<CustomerId>,
    body: Json<NewMerge>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (kept, new, by) = (*id, body.0, UserId::from(client.caller().user));
    let made = client.run(move |conn, tenant| {
        changes::find(conn, tenant, kept)?;
        let lost = new.other.ok_or_else(|| refused("other", "Say who is to be joined."))?;
        if lost == kept {
            return Err(refused("other", "These are one and the same record."));
        }
        changes::find(conn, tenant, lost).map_err(|error| match error {
            Error::NotFound => refused("other", "There is no such customer."),
            error => error,
        })?;
        let choice = new.choice(&attributes::definitions(conn, tenant)?)?;
        let order = Order { kept, lost, choice, source: "api", by: Some(by) };
        let merge = merging::merge(conn, tenant, &vault, &order)?;
        model::find(conn, tenant, merge)
    });
    let merge = made.await.map_err(|error| client.masked(error))?;
    client.created(&format!("/api/v1/customers/{kept}/merges"), &CustomerMerge::from(merge))
}

/// Takes two apart who were joined: what was moved goes back, and what was changed since stays with the one who was kept.
#[utoipa::path(
    post, path = "/api/v1/customers/{customer}/merges/{merge}/separation", tag = "merges",
    operation_id = "separateMerge",
    params(
        ("customer" = Uuid, Path, description = "The id of either customer"),
        ("merge" = Uuid, Path, description = "The merge's id"),
    ),
    security(("bearer" = ["customers:merge"])),
    responses((status = 200, body = CustomerMerge))
)]
pub async fn separate(
    client: Client<MergeCustomers>,
    path: Path<(CustomerId, MergeId)>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let ((customer, id), by) = (*path, UserId::from(client.caller().user));
    let apart = client.run(move |conn, tenant| {
        let merge = model::find(conn, tenant, id)?;
        if ![merge.kept_id, merge.lost_id].contains(&customer) {
            return Err(Error::NotFound);
        }
        splitting::split(conn, tenant, &vault, id, Some(by))?;
        model::find(conn, tenant, id)
    });
    let merge = apart.await.map_err(|error| client.masked(error))?;
    client.show(&CustomerMerge::from(merge))
}
