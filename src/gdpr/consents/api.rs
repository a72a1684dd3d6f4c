//! `/api/v1/customers/{customer}/consents`, the ledger, and `…/consent-states`, what counts now.

use super::form::ConsentForm;
use super::model::{self, Basis, Channel, Consent, ConsentId, Filter, NO_EVIDENCE, Purpose, Standing, State};
use crate::customers::changes;
use crate::customers::model::CustomerId;
use crate::customers::reads::{self, First, Reads};
use crate::kit::access::{Client, EditCustomers, Permission, ViewCustomers};
use crate::kit::error::{Error, Result};
use crate::kit::json::{Json, List, Params, Slice, refused};
use crate::kit::page;
use crate::kit::problem::Problem;
use crate::messages::model::MessageId;
use crate::users::model::UserId;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Something that a customer said about a purpose and a channel; it never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct ConsentShown {
    #[schema(value_type = Uuid)]
    id: ConsentId,
    purpose: Purpose,
    channel: Channel,
    state: State,
    lawful_basis: Basis,
    /// Where it was said.
    #[schema(example = "web form")]
    source: String,
    /// How we know. Addresses in it are masked for callers without `customers:read_addresses`.
    evidence: Option<String>,
    /// The message that proves it.
    #[schema(value_type = Option<Uuid>)]
    message: Option<MessageId>,
    /// The user who wrote it down.
    #[schema(value_type = Option<Uuid>)]
    recorded_by: Option<UserId>,
    /// When it was said.
    occurred_at: DateTime<Utc>,
    /// When it was written down.
    created_at: DateTime<Utc>,
}

impl ConsentShown {
    fn of<P: Permission>(client: &Client<P>, consent: Consent) -> Self {
        Self {
            id: consent.id,
            purpose: consent.purpose,
            channel: consent.channel,
            state: consent.state,
            lawful_basis: consent.lawful_basis,
            source: client.words(&consent.source),
            evidence: consent.evidence.map(|text| client.words(&text)),
            message: consent.message_id,
            recorded_by: consent.user_id,
            occurred_at: consent.occurred_at,
            created_at: consent.created_at,
        }
    }
}

/// What counts now for a purpose and a channel: the newest word.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentState {
    purpose: Purpose,
    channel: Channel,
    state: State,
    /// Since when.
    occurred_at: DateTime<Utc>,
}

/// Something that was said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewConsent {
    /// `service`, `marketing`, `research` or `profiling`.
    #[schema(example = "marketing")]
    purpose: String,
    /// `whatsapp`, `email`, `sms`, `push` or `phone`.
    #[schema(example = "email")]
    channel: String,
    /// `given` or `withdrawn`.
    #[schema(example = "given")]
    state: String,
    /// Article 6(1) of the GDPR: `consent`, `contract`, `legal_obligation`, `vital_interests`, `public_task` or
    /// `legitimate_interests`.
    #[schema(example = "consent")]
    lawful_basis: String,
    /// Where it was said.
    #[schema(example = "web form", max_length = 50)]
    source: String,
    /// How we know, such as the words of the form.
    #[schema(max_length = 2000)]
    evidence: Option<String>,
    /// A message of a conversation with this customer that proves it.
    #[schema(value_type = Option<Uuid>)]
    message: Option<String>,
    /// When it was said, between 2000 and now; without it: now.
    occurred_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsentSearch {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    limit: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// `service`, `marketing`, `research` or `profiling`.
    purpose: Option<String>,
    /// `whatsapp`, `email`, `sms`, `push` or `phone`.
    channel: Option<String>,
    /// `given` or `withdrawn`.
    state: Option<String>,
}

impl ConsentSearch {
    fn filter(&self, customer: CustomerId) -> Result<Filter> {
        Ok(Filter {
            customer: Some(customer),
            purpose: known("purpose", self.purpose.as_deref(), Purpose::of_word)?,
            channel: known("channel", self.channel.as_deref(), Channel::of_word)?,
            state: known("state", self.state.as_deref(), State::of_word)?,
        })
    }
}

fn known<T>(name: &str, word: Option<&str>, of_word: fn(&str) -> Option<T>) -> Result<Option<T>> {
    word.map(|word| of_word(word).ok_or_else(|| refused(name, &format!("There is no such {name}.")))).transpose()
}

/// Lists what a customer said about consent, as it was written down, newest first.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}/consents", tag = "consents", operation_id = "listConsents",
    params(("customer" = Uuid, Path, description = "The customer's id"), ConsentSearch),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<ConsentShown>))
)]
pub async fn index(
    client: Client<ViewCustomers>,
    id: Path<CustomerId>,
    Params(search): Params<ConsentSearch>,
    seen: Data<Reads>,
) -> Result<HttpResponse> {
    let parse = |text: &str| text.parse::<ConsentId>().ok();
    let Slice { size, after } = Slice::of(search.limit.as_deref(), search.cursor.as_deref(), parse)?;
    let (id, filter) = (*id, search.filter(*id)?);
    let first = seen.first(client.caller().user, id);
    let is_first = first.is_some();
    let rows = client.run(move |conn, tenant| {
        reads::looked(conn, tenant, id, is_first)?;
        Ok(page::cut(model::page(conn, tenant, filter, after, size + 1)?, size))
    });
    let rows = rows.await?;
    first.into_iter().for_each(First::keep);
    client.show(&List::of(rows, |row| row.id, |row| ConsentShown::of(&client, row)))
}

/// Lists what counts now for a customer: the newest word on each purpose and channel that there is one on.
#[utoipa::path(
    get, path = "/api/v1/customers/{customer}/consent-states", tag = "consents", operation_id = "listConsentStates",
    params(("customer" = Uuid, Path, description = "The customer's id")),
    security(("bearer" = ["customers:read"])), responses((status = 200, body = List<ConsentState>))
)]
pub async fn states(client: Client<ViewCustomers>, id: Path<CustomerId>, seen: Data<Reads>) -> Result<HttpResponse> {
    let id = *id;
    let first = seen.first(client.caller().user, id);
    let is_first = first.is_some();
    let rows = client.run(move |conn, tenant| {
        reads::looked(conn, tenant, id, is_first)?;
        model::standing(conn, tenant, id)
    });
    let rows = rows.await?;
    first.into_iter().for_each(First::keep);
    let shown =
        |Standing { purpose, channel, state, occurred_at }| ConsentState { purpose, channel, state, occurred_at };
    // There are no more of them than purposes times channels.
    client.show(&List { data: rows.into_iter().map(shown).collect(), next_cursor: None })
}

/// Writes down that a customer agreed to something or took it back; what was said before stays.
#[utoipa::path(
    post, path = "/api/v1/customers/{customer}/consents", tag = "consents", operation_id = "addConsent",
    request_body = NewConsent, params(("customer" = Uuid, Path, description = "The customer's id")),
    security(("bearer" = ["customers:write"])), responses((status = 201, body = ConsentShown))
)]
pub async fn create(
    client: Client<EditCustomers>,
    id: Path<CustomerId>,
    body: Json<NewConsent>,
) -> Result<HttpResponse> {
    let (id, by, new) = (*id, UserId::from(client.caller().user), body.0);
    let form = ConsentForm {
        purpose: new.purpose,
        channel: new.channel,
        state: new.state,
        lawful_basis: new.lawful_basis,
        source: new.source,
        evidence: new.evidence.unwrap_or_default(),
        message: new.message.unwrap_or_default(),
        ..ConsentForm::default()
    };
    let added = client.run(move |conn, tenant| {
        changes::find(conn, tenant, id)?;
        let data = form.validate_at(new.occurred_at, Utc::now());
        let data = data.map_err(|form| Error::from(Problem::of_form(&form.errors)))?;
        let consent = model::record(conn, tenant, id, &data, Some(by))?;
        model::find(conn, tenant, consent)
    });
    let consent = added.await.map_err(|error| match error {
        Error::Refused(why) if why == NO_EVIDENCE => Problem::refused("#/message", why).into(),
        error => error,
    })?;
    client.created(&format!("/api/v1/customers/{id}/consents"), &ConsentShown::of(&client, consent))
}
