//! `/api/v1/customers`.

pub mod addresses;
mod shapes;

use super::form::CustomerForm;
use crate::customers::attributes::{self, Definition};
use crate::customers::changes::{self, Record};
use crate::customers::filter::{Filter, Standing};
use crate::customers::listing::{self, Order, Sort};
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::customers::note::Opened;
use crate::customers::reads::{self, Reads};
use crate::customers::states;
use crate::kit::access::{Client, DeleteCustomers, EditCustomers, Permission, ViewAddresses, ViewCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Errors;
use crate::kit::json::{Json, List, Params, Slice, answers, refused};
use crate::kit::page::{self, TextCursor};
use crate::kit::problem::Problem;
use crate::kit::vault::Vault;
use crate::labels::model::LabelId;
use crate::tenants::settings;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use shapes::{Customer, CustomerChange, NewCustomer};
use utoipa::IntoParams;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerSearch {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Part of a name, a phone number in any notation, an address, a company, or a word of the note.
    q: Option<String>,
    /// `regular`, `unregistered`, `new` or `anonymous`.
    r#type: Option<String>,
    /// `active`, `suspended`, `archived` or `deleted`; without it everybody who was not deleted.
    state: Option<String>,
    /// The id of a label.
    #[param(value_type = Option<uuid::Uuid>)]
    label: Option<String>,
}

impl CustomerSearch {
    fn filter(&self, by_address: bool, vault: &Vault) -> Result<Filter> {
        let wanted = self.r#type.as_deref().map(CustomerType::of_word);
        let state = self.state.as_deref().map(CustomerState::of_word);
        let label = self.label.as_deref().map(str::parse::<LabelId>).transpose();
        if wanted == Some(None) {
            return Err(refused("type", "There is no such type."));
        }
        if matches!(state, Some(None | Some(CustomerState::Erased))) {
            return Err(refused("state", "There is no such state."));
        }
        let label = label.map_err(|_| refused("label", "This is no id of a label."))?;
        let words = self.q.as_deref().unwrap_or_default();
        if words.chars().count() > 200 {
            return Err(refused("q", "A search has at most 200 characters."));
        }
        let filter = Filter {
            by_address,
            customer_type: wanted.flatten(),
            standing: state.flatten().map_or(Standing::Present, Standing::In),
            labels: label.into_iter().collect(),
            ..Filter::default()
        };
        Ok(filter.looking_for(words, vault))
    }
}

/// Lists customers, oldest first.
#[utoipa::path(
    get, path = "/api/v1/customers", tag = "customers", operation_id = "listCustomers", params(CustomerSearch),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<Customer>))
)]
pub async fn index(
    client: Client<ViewCustomers>,
    Params(search): Params<CustomerSearch>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let Slice { size, after } = Slice::of(search.limit.as_deref(), search.cursor.as_deref(), TextCursor::parse)?;
    let filter = search.filter(client.may::<ViewAddresses>(), &vault)?;
    let order = Order { sort: Sort::Created, is_descending: false };
    let page = client.run(move |conn, tenant| {
        let (rows, has_more) = page::cut(listing::page(conn, tenant, &filter, order, after, size)?, size);
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        let records = changes::several(conn, tenant, &ids)?;
        let places = rows.iter().map(|row| row.place(order.sort));
        let known: Vec<(Record, TextCursor)> = records.into_iter().zip(places).collect();
        Ok((known, has_more))
    });
    let sees_all = client.may::<ViewAddresses>();
    let place = |row: &(Record, TextCursor)| row.1.clone();
    client.show(&List::of(page.await?, place, |(record, _)| Customer::of(record, None, sees_all)))
}

/// Makes a customer.
#[utoipa::path(
    post, path = "/api/v1/customers", tag = "customers", operation_id = "createCustomer", request_body = NewCustomer,
    security(("bearer" = ["customers:write"])),
    responses((status = 201, body = Customer), (status = 409, response = answers::Conflict))
)]
pub async fn create(
    client: Client<EditCustomers>,
    body: Json<NewCustomer>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (form, by) = (body.0.form(), UserId::from(client.caller().user));
    let made = client.run(move |conn, tenant| {
        let definitions = attributes::definitions(conn, tenant)?;
        let data = valid(form, settings::find(conn, tenant)?.region(), &definitions)?;
        let id = changes::create(conn, tenant, &vault, &data, "api", Some(by))?;
        let record = changes::find(conn, tenant, id)?;
        Ok((Opened::of(&vault, &record)?, record))
    });
    let (opened, record) = made.await.map_err(taken)?;
    let at = format!("/api/v1/customers/{}", record.id);
    client.created(&at, &Customer::of(record, Some(&opened), client.may::<ViewAddresses>()))
}

/// Shows a customer with the note and all fields.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}", tag = "customers", operation_id = "showCustomer",
    params(("customer" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = Customer))
)]
pub async fn show(
    client: Client<ViewCustomers>,
    id: Path<CustomerId>,
    seen: Data<Reads>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (id, user, seen) = (*id, client.caller().user, seen.get_ref().clone());
    let found = client.run(move |conn, tenant| {
        let record = changes::find(conn, tenant, id)?;
        let first = seen.first(user, id);
        if first.is_some() {
            reads::note(conn, tenant, id)?;
        }
        Ok((Opened::of(&vault, &record)?, record, first))
    });
    let (opened, record, first) = found.await?;
    if let Some(first) = first {
        first.keep();
    }
    client.show(&Customer::of(record, Some(&opened), client.may::<ViewAddresses>()))
}

/// Changes a customer's record or state.
#[utoipa::path(
    patch, path = "/api/v1/customers/{customer}", tag = "customers", operation_id = "updateCustomer",
    request_body = CustomerChange, params(("customer" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["customers:write"])),
    responses((status = 200, body = Customer), (status = 409, response = answers::Conflict))
)]
pub async fn update(
    client: Client<EditCustomers>,
    id: Path<CustomerId>,
    body: Json<CustomerChange>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let (id, change, by) = (*id, body.0, UserId::from(client.caller().user));
    let may_delete = client.may::<DeleteCustomers>();
    let changed = client.run(move |conn, tenant| {
        let record = changes::find(conn, tenant, id)?;
        if let Some(state) = change.state()? {
            if !may_delete && (record.deleted_at.is_some() || state == CustomerState::Deleted) {
                return Err(Error::Forbidden);
            }
            states::go(conn, tenant, id, state, change.reason.as_deref(), Some(by))?;
        }
        if change.touches_record() {
            let form = change.apply(CustomerForm::of(&record, &Opened::of(&vault, &record)?));
            let definitions = attributes::definitions(conn, tenant)?;
            let data = valid(form, settings::find(conn, tenant)?.region(), &definitions)?;
            changes::edit(conn, tenant, &vault, id, &data, None)?;
        }
        let record = changes::find(conn, tenant, id)?;
        Ok((Opened::of(&vault, &record)?, record))
    });
    let (opened, record) = changed.await.map_err(taken)?;
    client.show(&Customer::of(record, Some(&opened), client.may::<ViewAddresses>()))
}

/// Deletes a customer; the record can be restored.
#[utoipa::path(
    delete, path = "/api/v1/customers/{customer}", tag = "customers", operation_id = "deleteCustomer",
    params(("customer" = uuid::Uuid, Path, description = "Their id")),
    security(("bearer" = ["customers:delete"])), responses((status = 204, description = "It is deleted"))
)]
pub async fn delete(client: Client<DeleteCustomers>, id: Path<CustomerId>) -> Result<HttpResponse> {
    let (id, by) = (*id, UserId::from(client.caller().user));
    client.run(move |conn, tenant| states::go(conn, tenant, id, CustomerState::Deleted, None, Some(by))).await?;
    client.done()
}

fn valid(
    form: CustomerForm,
    region: Option<crate::kit::phone::Region>,
    definitions: &[Definition],
) -> Result<crate::customers::data::CustomerData> {
    form.validate(region, definitions).map_err(|form| pointed(&form.errors).into())
}

/// Fields of the tenant's own stand in an object of their own.
fn pointed(errors: &Errors) -> Problem {
    let mut moved = Errors::default();
    errors.iter().for_each(|(field, why)| moved.add(&field.replacen("attributes.", "attributes/", 1), why));
    Problem::of_form(&moved)
}

fn taken(error: Error) -> Error {
    let Error::Taken(index) = error else { return error };
    let (pointer, what) = match index.as_str() {
        "customers_phone_taken" => ("#/phone", "Another customer has this phone number."),
        "customers_email_taken" => ("#/email", "Another customer has this email address."),
        "customers_external_id_taken" => ("#/external_id", "Another customer has this id."),
        _ => ("#", "Another customer is known by this phone number or email address."),
    };
    Problem::refused(pointer, what).into()
}

/// Whether this caller may see addresses.
fn sees<P: Permission>(client: &Client<P>) -> bool {
    client.may::<ViewAddresses>()
}
