//! `/api/v1/auth/…`: from address and password to tokens, to the next tokens, and out again.

use super::form::{Credentials, RefreshToken, Tokens};
use super::model::{self, Exchange, Grant, Origin, Post};
use crate::kit::access::Anonymous;
use crate::kit::error::{Error, Result};
use crate::kit::json::{Json, answers};
use crate::kit::mail::Mailer;
use crate::kit::problem::Problem;
use crate::kit::public_url::PublicUrl;
use crate::kit::secret::Secret;
use crate::kit::sessions::{self, Proof};
use crate::kit::tokens::{ACCESS, Callers, Claims, Kind, hash};
use crate::kit::vault::Vault;
use crate::security::factors;
use crate::sign_in::model as sign_in;
use crate::tenants::brief as tenants;
use crate::users::model::{self as users, Account};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde_json::json;
use uuid::Uuid;

/// Signs a program in.
///
/// As at the sign-in page, the answer takes as long and says the same whether or not there is such an account.
#[utoipa::path(
    post, path = "/api/v1/auth/token", tag = "auth", operation_id = "createTokens", security(()), request_body = Credentials,
    responses(
        (status = 200, body = Tokens, description = "Signed in"),
        (status = 401, response = answers::SignInFailed),
        (status = 409, response = answers::SeveralTenants),
        (status = 429, response = answers::TooMany),
    )
)]
pub async fn create(
    client: Anonymous,
    body: Json<Credentials>,
    vault: Data<Vault>,
    callers: Data<Callers>,
) -> Result<HttpResponse> {
    let Credentials { email, password, code, tenant } = body.0.validate()?;
    let fitting = sign_in::check(&client.db, client.address, email, Secret::new(password)).await?;
    let Some(account) = choose(&client, fitting, tenant).await? else {
        let words = "Email address or password do not fit.";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "invalid_credentials", words).into());
    };
    prove(&client, &account, code, vault).await?;
    let (tenant, user, origin) = (account.tenant_id, account.id, origin(&client));
    client.db.run(move |conn| users::signed_in(conn, &account)).await?;
    let begin = move |conn: &mut _, tenant| model::begin(conn, tenant, user, &origin);
    let grant = client.db_as(user.get()).enter(tenant, begin).await?;
    show(&client, &callers, &grant)
}

/// The one account that is meant.
///
/// # Errors
/// 409 with their tenants when it could be several: told only to who knows the password of each.
async fn choose(client: &Anonymous, mut fitting: Vec<Account>, tenant: Option<String>) -> Result<Option<Account>> {
    if fitting.len() < 2 && tenant.is_none() {
        return Ok(fitting.pop());
    }
    let ids: Vec<Uuid> = fitting.iter().map(|account| account.tenant_id).collect();
    let tenants = client.db.run(move |conn| tenants::of_ids(conn, &ids)).await?;
    if let Some(wanted) = tenant {
        let is_it = |tenant: &&tenants::Brief| tenant.slug == wanted || tenant.id.to_string() == wanted.to_lowercase();
        let Some(meant) = tenants.iter().find(is_it).map(|tenant| tenant.id.get()) else { return Ok(None) };
        return Ok(fitting.into_iter().find(|account| account.tenant_id == meant));
    }
    let list: Vec<_> =
        tenants.iter().map(|tenant| json!({ "id": tenant.id, "slug": tenant.slug, "name": tenant.name })).collect();
    let words = "Address and password fit in several organisations: send the one you mean as `tenant`.";
    Err(Problem::new(StatusCode::CONFLICT, "several_tenants", words).with("tenants", list).into())
}

/// Asks for the second factor where the account owes one.
///
/// # Errors
/// 401 until a code fits; 429 after too many that do not.
async fn prove(client: &Anonymous, account: &Account, code: Option<String>, vault: Data<Vault>) -> Result<()> {
    let (tenant, user) = (account.tenant_id, account.id);
    let new = client.db.run(move |conn| sessions::new(conn, tenant, user.get(), Proof::FirstFactor)).await?;
    if !new.is_pending() {
        return Ok(());
    }
    let refused = |kind, words: &str| Err(Problem::new(StatusCode::UNAUTHORIZED, kind, words).into());
    let Some(code) = code.filter(|code| !code.is_empty()) else {
        let words = "Send a code of the authenticator app, or a recovery code, as `code`. Who has no second factor yet sets \
                     one up at the sign-in page.";
        return refused("second_factor_required", words);
    };
    let fits = move |conn: &mut _, tenant| factors::fits(conn, tenant, user, &vault, &code);
    match client.db_as(user.get()).enter(tenant, fits).await? {
        true => Ok(()),
        false => refused("second_factor_wrong", "This code does not fit, or was used already. Wait for the next one."),
    }
}

/// Exchanges a refresh token for the next pair of tokens.
///
/// A refresh token is good for one exchange. One that comes again later than a few seconds was copied: the client is then
/// signed out, and its user is told.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "auth", operation_id = "refreshTokens", security(()), request_body = RefreshToken,
    responses(
        (status = 200, body = Tokens, description = "The next pair"),
        (status = 401, response = answers::RefreshFailed),
        (status = 429, response = answers::TooMany),
    )
)]
pub async fn refresh(
    client: Anonymous,
    body: Json<RefreshToken>,
    callers: Data<Callers>,
    mailer: Data<Mailer>,
    url: Data<PublicUrl>,
) -> Result<HttpResponse> {
    let token = body.0.validate()?;
    let refused = |kind, words: &str| Error::from(Problem::new(StatusCode::UNAUTHORIZED, kind, words));
    let over = || refused("invalid_refresh_token", "This refresh token does not count (any more). Please sign in.");
    let hash = hash(&token);
    let tenant = match Kind::Refresh.is_well_formed(&token) {
        true => client.db.run(move |conn| model::route(conn, &hash)).await?,
        false => None,
    };
    let Some(tenant) = tenant else { return Err(over()) };
    let (origin, post) = (origin(&client), Post { mailer: mailer.get_ref().clone(), url: url.get_ref().clone() });
    let exchange = move |conn: &mut _, tenant| model::exchange(conn, tenant, &hash, &origin, &post);
    match client.db.enter(tenant, exchange).await? {
        Exchange::Granted(grant) => show(&client, &callers, &grant),
        Exchange::Repeated => {
            let words = "This refresh token was exchanged a moment ago. Use the tokens of that answer.";
            Err(refused("refresh_token_spent", words))
        }
        Exchange::Reused => {
            callers.forget();
            let words =
                "This refresh token was exchanged before. Somebody may have a copy, so the client is signed out.";
            Err(refused("refresh_token_reused", words))
        }
        Exchange::Over => Err(over()),
    }
}

/// Signs a program out: neither its refresh token nor its access tokens count from now on.
///
/// Answers the same for a token that nobody has.
#[utoipa::path(
    post, path = "/api/v1/auth/revoke", tag = "auth", operation_id = "revokeTokens", security(()), request_body = RefreshToken,
    responses((status = 204, description = "Signed out"), (status = 429, response = answers::TooMany))
)]
pub async fn revoke(client: Anonymous, body: Json<RefreshToken>, callers: Data<Callers>) -> Result<HttpResponse> {
    let hash = hash(&body.0.validate()?);
    let Some(tenant) = client.db.run(move |conn| model::route(conn, &hash)).await? else { return client.done() };
    match client.db.enter(tenant, move |conn, tenant| model::end(conn, tenant, &hash)).await {
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    callers.forget();
    client.done()
}

fn origin(client: &Anonymous) -> Origin {
    Origin { ip: client.address.map(|address| address.to_string()), agent: client.agent.clone() }
}

fn show(client: &Anonymous, callers: &Callers, grant: &Grant) -> Result<HttpResponse> {
    let claims = Claims::new(grant.tenant, grant.user.get(), grant.session.get(), grant.jti, grant.scope.clone());
    client.show(&Tokens {
        access_token: callers.signer().sign(&claims)?,
        token_type: "Bearer",
        expires_in: ACCESS.num_seconds(),
        refresh_token: grant.refresh_token.expose().clone(),
        scope: grant.scope.clone(),
    })
}
