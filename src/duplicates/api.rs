//! `/api/v1/customers/{customer}/duplicates`; what is joined of them is in [`merges`].

pub mod merges;

use super::candidates::{self, Candidate};
use crate::customers::changes::{self, Record};
use crate::customers::model::{CustomerId, CustomerType};
use crate::kit::access::{Client, Permission, ViewAddresses, ViewCustomers};
use crate::kit::error::Result;
use crate::kit::json::List;
use crate::kit::masks;
use crate::kit::words;
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who may be the same person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Duplicate {
    customer: DuplicateCustomer,
    /// 0 to 100; from 90 on it is all but certain.
    #[schema(minimum = 0, maximum = 100, example = 95)]
    score: i16,
    /// What speaks for it, the strongest first: `whatsapp`, `phone`, `email`, `external_id`, `name_company`,
    /// `name_domain` or `name`.
    #[schema(example = json!(["phone", "name"]))]
    reasons: Vec<&'static str>,
}

/// As much of a customer as tells them from others. Callers without `customers:read_addresses` see no address and no
/// number whole.
#[derive(Debug, Serialize, ToSchema)]
struct DuplicateCustomer {
    #[schema(value_type = Uuid)]
    id: CustomerId,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    /// Digits with country code.
    #[schema(example = "351912345678")]
    phone: Option<String>,
    email: Option<String>,
    company: Option<String>,
    external_id: Option<String>,
    #[serde(rename = "type")]
    customer_type: CustomerType,
}

impl DuplicateCustomer {
    fn of<P: Permission>(client: &Client<P>, record: Record) -> Self {
        let sees = client.may::<ViewAddresses>();
        let masked = |value, mask| masks::unless(sees, value, mask);
        let words_of = |value| masks::unless(sees, value, masks::masked_text);
        Self {
            id: record.id,
            first_name: words_of(record.first_name),
            last_name: words_of(record.last_name),
            display_name: words_of(record.display_name),
            phone: masked(record.phone, words::masked_phone),
            email: masked(record.email, words::masked_email),
            company: words_of(record.company),
            external_id: words_of(record.external_id),
            customer_type: record.customer_type,
        }
    }
}

/// Lists who may be the same person as a customer: at most ten, the likeliest first.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}/duplicates", tag = "merges", operation_id = "listDuplicates",
    params(("customer" = Uuid, Path, description = "The customer's id")),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<Duplicate>))
)]
pub async fn index(client: Client<ViewCustomers>, id: Path<CustomerId>) -> Result<HttpResponse> {
    let id = *id;
    let found = client.run(move |conn, tenant| {
        let candidates = candidates::of(conn, tenant, id)?;
        let ids: Vec<CustomerId> = candidates.iter().map(|candidate| candidate.id).collect();
        Ok((candidates, changes::several(conn, tenant, &ids)?))
    });
    let (candidates, mut people) = found.await?;
    let shown = candidates.into_iter().filter_map(|Candidate { id, score, reasons }| {
        let at = people.iter().position(|record| record.id == id)?;
        let customer = DuplicateCustomer::of(&client, people.swap_remove(at));
        Some(Duplicate { customer, score, reasons: reasons.into_iter().map(|reason| reason.word()).collect() })
    });
    client.show(&List { data: shown.collect(), next_cursor: None })
}
