//! `/gdpr/accesses` and `/customers/{customer}/accesses`.

use super::form::Look;
use super::model::Filter;
use super::reading::{self, Found};
use super::view;
use crate::customers::model::CustomerId;
use crate::gdpr::cases::people;
use crate::gdpr::customers::model as customers;
use crate::kit::access::{Access, ViewPrivacy};
use crate::kit::error::Result;
use crate::tenants::settings;
use crate::users::people as everybody;
use actix_web::HttpResponse;
use actix_web::web::{Path, Query};

pub async fn index(access: Access<ViewPrivacy>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (filter, after, words) = (look.filter(access.who().time_zone), look.after(), look.customer.trim().to_owned());
    let read = access.run(move |conn, tenant| {
        let people = everybody::ever(conn, tenant)?;
        let filter = match filter {
            Ok(filter) => filter,
            Err(why) => return Ok((people, Found::default(), Some(why.to_owned()))),
        };
        let customer = match words.is_empty() {
            true => None,
            false => {
                let region = settings::find(conn, tenant)?.region();
                let Some(found) = people::named(conn, tenant, &words, region)? else {
                    let why = "No customer has this phone number, address or id.".to_owned();
                    return Ok((people, Found::default(), Some(why)));
                };
                Some(found)
            }
        };
        let found = reading::page(conn, tenant, &Filter { customer, ..filter }, after)?;
        Ok((people, found, None))
    });
    let (people, found, problem) = read.await?;
    access.show(&view::index(&access, &look, &people, &found, problem))
}

/// GET /customers/{customer}/accesses
pub async fn show(access: Access<ViewPrivacy>, id: Path<CustomerId>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let (id, after) = (*id, look.after());
    let read = access.run(move |conn, tenant| {
        let known = customers::find(conn, tenant, id)?;
        let filter = Filter { customer: Some(id), ..Filter::default() };
        Ok((known, reading::page(conn, tenant, &filter, after)?))
    });
    let (known, found) = read.await?;
    access.show(&view::show(&access, &known, &look.after, &found))
}
