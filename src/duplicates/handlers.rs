//! Customers → Duplicates, and what was joined into a customer.

use super::beside::{self, Both};
use super::choice::Choice;
use super::form::{Just, Look, MergeForm};
use super::merging::{self, Order};
use super::model::{self, MergeId};
use super::pairs;
use super::reasons::Reason;
use super::view::{self, Looked};
use super::{candidates, jobs, scan, splitting};
use crate::customers::changes;
use crate::customers::model::CustomerId;
use crate::kit::access::{Access, MergeCustomers, Permission, ViewCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::page::{TextCursor, cut};
use crate::kit::vault::Vault;
use crate::users::model as users;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};

pub async fn index(access: Access<ViewCustomers>, Query(look): Query<Look>) -> Result<HttpResponse> {
    let asked = look.clone();
    let found = access.run(move |conn, tenant| {
        let after = TextCursor::parse(&asked.after);
        let rows = pairs::page(conn, tenant, asked.state(), Reason::of_word(&asked.reason), after.as_ref())?;
        let (pairs, has_more) = cut(rows, pairs::PAGE);
        let ids: Vec<CustomerId> = pairs.iter().flat_map(|pair| [pair.left_id, pair.right_id]).collect();
        let deciders: Vec<_> = pairs.iter().filter_map(|pair| pair.decided_by).collect();
        let names = users::names(conn, tenant, &deciders)?;
        let people = changes::several(conn, tenant, &ids)?;
        Ok(Looked { pairs, has_more, people, names, scan: scan::latest(conn, tenant)? })
    });
    access.show(&view::index(&access, &look, &found.await?))
}

pub async fn create_scan(access: Access<MergeCustomers>) -> Result<HttpResponse> {
    let by = access.who().user.into();
    access.run(move |conn, tenant| jobs::scan(conn, tenant, Some(by))).await?;
    access.go(view::HERE)
}

pub async fn of_customer(access: Access<ViewCustomers>, id: Path<CustomerId>) -> Result<HttpResponse> {
    show_candidates(&access, *id).await
}

async fn show_candidates<P: Permission>(access: &Access<P>, id: CustomerId) -> Result<HttpResponse> {
    let found = access.run(move |conn, tenant| {
        let candidates = candidates::of(conn, tenant, id)?;
        let ids: Vec<CustomerId> = candidates.iter().map(|candidate| candidate.id).collect();
        Ok((changes::find(conn, tenant, id)?, changes::several(conn, tenant, &ids)?, candidates))
    });
    let (customer, people, candidates) = found.await?;
    access.show(&view::of_customer(access, &customer, &candidates, &people))
}

pub async fn dismiss(access: Access<MergeCustomers>, ids: Path<(CustomerId, CustomerId)>) -> Result<HttpResponse> {
    let ((one, other), by) = (*ids, access.who().user.into());
    access.run(move |conn, tenant| pairs::dismiss(conn, tenant, one, other, Some(by))).await?;
    match access.target() {
        // The card of suggestions on the customer's page, which stays.
        Some("customer_duplicates") => show_candidates(&access, one).await,
        _ => access.go(view::HERE),
    }
}

pub async fn restore(access: Access<MergeCustomers>, ids: Path<(CustomerId, CustomerId)>) -> Result<HttpResponse> {
    let (one, other) = *ids;
    access.run(move |conn, tenant| pairs::offer_again(conn, tenant, one, other)).await?;
    access.go(&format!("{}?state=dismissed", view::HERE))
}

async fn both<P: Permission>(
    access: &Access<P>,
    vault: &Data<Vault>,
    (left, right): (CustomerId, CustomerId),
) -> Result<Both> {
    let vault = vault.clone();
    access.run(move |conn, tenant| beside::both(conn, tenant, &vault, left, right)).await
}

pub async fn new(
    access: Access<ViewCustomers>,
    vault: Data<Vault>,
    ids: Path<(CustomerId, CustomerId)>,
) -> Result<HttpResponse> {
    let both = both(&access, &vault, *ids).await?;
    access.show(&view::merge(&access, &both, &MergeForm::default()))
}

pub async fn create(
    access: Access<MergeCustomers>,
    vault: Data<Vault>,
    ids: Path<(CustomerId, CustomerId)>,
    form: Form<MergeForm>,
) -> Result<HttpResponse> {
    let ((left, right), typed) = (*ids, form.0.clone());
    let rejected = match form.0.validate() {
        Ok(data) => {
            let (kept, lost) = if data.keeps_left { (left, right) } else { (right, left) };
            match join(&access, &vault, kept, lost, data.choice).await {
                Ok(merge) => return access.go(&format!("/customers/{kept}/merges?done={merge}")),
                Err(Error::Refused(why)) => typed.wrong("", why),
                Err(error) => return Err(error),
            }
        }
        Err(form) => form,
    };
    let both = both(&access, &vault, (left, right)).await?;
    access.show(&view::merge(&access, &both, &rejected))
}

async fn join(
    access: &Access<MergeCustomers>,
    vault: &Data<Vault>,
    kept: CustomerId,
    lost: CustomerId,
    choice: Choice,
) -> Result<MergeId> {
    let (vault, by) = (vault.clone(), Some(access.who().user.into()));
    let order = Order { kept, lost, choice, source: "form", by };
    access.run(move |conn, tenant| merging::merge(conn, tenant, &vault, &order)).await
}

pub async fn merges(
    access: Access<ViewCustomers>,
    id: Path<CustomerId>,
    Query(just): Query<Just>,
) -> Result<HttpResponse> {
    let id = *id;
    let found = access.run(move |conn, tenant| {
        let customer = changes::find(conn, tenant, id)?;
        let merges = model::of_customer(conn, tenant, id, None, model::SHOWN)?;
        let others: Vec<CustomerId> = merges.iter().flat_map(|merge| [merge.kept_id, merge.lost_id]).collect();
        let deciders: Vec<_> = merges.iter().flat_map(|merge| [merge.merged_by, merge.split_by]).flatten().collect();
        let (people, names) = (changes::several(conn, tenant, &others)?, users::names(conn, tenant, &deciders)?);
        Ok((customer, merges, people, names))
    });
    let (customer, merges, people, names) = found.await?;
    access.show(&view::merges(&access, &just, &customer, &merges, &people, &names))
}

pub async fn split(access: Access<MergeCustomers>, vault: Data<Vault>, id: Path<MergeId>) -> Result<HttpResponse> {
    let (id, by) = (*id, Some(access.who().user.into()));
    let merge = access.run(move |conn, tenant| splitting::split(conn, tenant, &vault, id, by)).await?;
    access.go(&format!("/customers/{}/merges?apart={id}", merge.kept_id))
}
