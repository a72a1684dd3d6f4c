//! One password may fit accounts in several organisations: then it is asked which. Strangers never see that list.

use super::{begin, client};
use crate::kit::access::Public;
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::vault::{Vault, place};
use crate::sign_in::form::{ChoiceForm, LoginForm};
use crate::sign_in::screens::{Choose, Organisation};
use crate::tenants::brief as tenants;
use crate::users::model::{Account, UserId};
use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long somebody may think about it.
const LASTS: Duration = Duration::minutes(5);

/// What was proven, carried by the page and sealed for the browser that proved it.
#[derive(Serialize, Deserialize)]
struct Proven {
    accounts: Vec<(Uuid, UserId)>,
    until: DateTime<Utc>,
    stays: bool,
    next: String,
}

pub(super) async fn ask(
    public: &Public,
    vault: &Vault,
    accounts: &[Account],
    form: &LoginForm,
) -> Result<HttpResponse> {
    let accounts: Vec<(Uuid, UserId)> = accounts.iter().map(|account| (account.tenant_id, account.id)).collect();
    let ids: Vec<Uuid> = accounts.iter().map(|(tenant, _)| *tenant).collect();
    let named = public.db.run(move |conn| tenants::of_ids(conn, &ids)).await?;
    let proven = Proven { accounts, until: Utc::now() + LASTS, stays: form.stays(), next: form.next.clone() };
    let choice = hex::encode(vault.seal(&sealed_for(public), &serde_json::to_vec(&proven)?));
    let options =
        named.into_iter().map(|tenant| Organisation { id: tenant.id.to_string(), name: tenant.name }).collect();
    public.show(&Choose { choice, options })
}

/// POST /login/tenant
pub async fn create(
    public: Public,
    form: Form<ChoiceForm>,
    vault: Data<Vault>,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let sealed = hex::decode(&form.0.choice).map_err(|_| Error::Stale)?;
    let opened = vault.open(&sealed_for(&public), &sealed).map_err(|_| Error::Stale)?;
    let proven: Proven = serde_json::from_slice(opened.expose())?;
    if proven.until < Utc::now() {
        return Err(Error::Stale);
    }
    let chosen = proven.accounts.iter().find(|(tenant, _)| tenant.to_string() == form.0.tenant);
    let (tenant_id, id) = *chosen.ok_or_else(|| Error::Invalid("Choose one of the organisations.".into()))?;
    let account = Account { tenant_id, id, password_hash: None };
    begin(&public, account, &client(&req, &public, proven.stays), &proven.next, &session, &req).await
}

fn sealed_for(public: &Public) -> String {
    place("sign_in.choice", public.visitor())
}
