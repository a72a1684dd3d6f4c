//! Making wishes true: what we want of a number is compared with what its gateway says, and put right.

use super::gateway::{Gateways, engine, report};
use super::model::{self, Number, NumberId, Wish};
use super::reports::{self, Told};
use super::waha::{self, SessionInfo, SessionStatus, Waha};
use crate::kit::db::PlatformDb;
use crate::kit::error::Result;
use crate::kit::jobs::{Context, Job, Options, Outcome, PlatformJob, enqueue_with};
use crate::kit::tenant::TenantId;
use chrono::Utc;
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Compares and puts right, once. Asked for after each wish, when the desk starts, and every minute.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reconcile {
    pub number: NumberId,
}

/// Jobs of one number run one after the other: WAHA locks the session anyway.
fn one_at_a_time(number: NumberId, key: &str) -> Options {
    Options { key: Some(format!("{key}:{number}")), queue: Some(format!("session:{number}")), ..Options::default() }
}

/// Asks for a number to be put right.
pub fn reconcile(conn: &mut PgConnection, tenant: TenantId, number: NumberId) -> Result<()> {
    enqueue_with(conn, tenant, &Reconcile { number }, one_at_a_time(number, "reconcile"))
}

impl Job for Reconcile {
    const NAME: &'static str = "numbers:reconcile";
    const ATTEMPTS: i16 = 3;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.number;
        let Some(number) = find(context, tenant, id).await? else { return Ok(Outcome::Done) };
        let gateways = context.get::<Gateways>()?;
        let asked = Told::Asked(Utc::now());
        let outcome = match gateways.of(&number) {
            Ok(waha) => put_right(&gateways, &waha, &number).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match outcome {
            Ok(Some(session)) => {
                context.run(tenant, move |conn, tenant| heard(conn, tenant, id, &session, asked)).await?
            }
            Ok(None) => {}
            // The next minute tries again; until then the page says why.
            Err(error) => context.run(tenant, move |conn, tenant| reports::complain(conn, tenant, id, &error)).await?,
        }
        Ok(Outcome::Done)
    }
}

async fn find(context: &Context, tenant: TenantId, id: NumberId) -> Result<Option<Number>> {
    let found = context.run(tenant, move |conn, tenant| model::find(conn, tenant, id)).await;
    match found {
        Err(crate::kit::error::Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

fn heard(conn: &mut PgConnection, tenant: TenantId, id: NumberId, session: &SessionInfo, told: Told) -> Result<()> {
    reports::report(conn, tenant, id, &report(&session.status, session.me.as_ref(), told))?;
    match session.engine.as_ref().and_then(engine) {
        Some(engine) => reports::runs_on(conn, tenant, id, engine),
        None => Ok(()),
    }
}

/// The session as it is after the last step taken; None where we wanted none and there is none.
async fn put_right(gateways: &Gateways, waha: &Waha, number: &Number) -> Result<Option<SessionInfo>> {
    let name = &number.external_session_id;
    let session = match waha.session(name).await {
        Ok(session) => session,
        Err(error) if error.refused_with() == Some(404) => return create(gateways, waha, number).await,
        Err(error) => return Err(error.into()),
    };
    if !gateways.is_ours(number, &session) {
        return adopt(gateways, waha, number, session).await;
    }
    if !session.webhook_urls.contains(&gateways.webhook_url(number.id)) {
        waha.update_session(name, &gateways.config(number)?).await?;
    }
    match (number.wanted, &session.status) {
        (Wish::Run, SessionStatus::Stopped) => waha.start_session(name).await?,
        (Wish::Stop, status) if *status != SessionStatus::Stopped => waha.stop_session(name).await?,
        _ => return Ok(Some(session)),
    }
    Ok(Some(waha.session(name).await?))
}

async fn create(gateways: &Gateways, waha: &Waha, number: &Number) -> Result<Option<SessionInfo>> {
    let start = number.wanted == Wish::Run;
    Ok(Some(waha.create_session(&number.external_session_id, start, &gateways.config(number)?).await?))
}

/// A session that bears our name and no number's mark (WAHA Core ships with one called "default") may be taken over;
/// one that another desk's or tenant's number uses may not.
async fn adopt(gateways: &Gateways, waha: &Waha, number: &Number, session: SessionInfo) -> Result<Option<SessionInfo>> {
    let name = &number.external_session_id;
    let is_unused = session.webhook_urls.is_empty() && session.metadata.is_empty();
    if !is_unused {
        let message = format!(
            "The gateway already has a session called {name} that belongs to something else. Choose another name."
        );
        return Err(crate::kit::error::Error::Refused(message));
    }
    waha.update_session(name, &gateways.config(number)?).await?;
    match number.wanted {
        Wish::Run => waha.start_session(name).await?,
        Wish::Stop => waha.stop_session(name).await?,
    }
    Ok(Some(waha.session(name).await?))
}

/// What a person asks of a session besides running and stopping.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Order {
    Restart,
    LogOut,
    /// The number is gone from our pages; this clears up behind it.
    Delete,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Carry {
    pub number: NumberId,
    pub order: Order,
}

/// Asks for an order to be carried out.
pub fn carry(conn: &mut PgConnection, tenant: TenantId, number: NumberId, order: Order) -> Result<()> {
    enqueue_with(conn, tenant, &Carry { number, order }, one_at_a_time(number, "order"))
}

impl Job for Carry {
    const NAME: &'static str = "numbers:carry_out";
    const ATTEMPTS: i16 = 5;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let (id, order) = (self.number, self.order);
        let number = context.run(tenant, move |conn, tenant| match order {
            Order::Delete => model::find_deleted(conn, tenant, id),
            _ => model::find(conn, tenant, id),
        });
        let number = match number.await {
            Err(crate::kit::error::Error::NotFound) => return Ok(Outcome::Done),
            number => number?,
        };
        let gateways = context.get::<Gateways>()?;
        let waha = gateways.of(&number)?;
        match carry_out(&gateways, &waha, &number, order).await {
            Ok(()) => {}
            Err(error) if context.is_last_attempt() => {
                let text = error.to_string();
                context.run(tenant, move |conn, tenant| reports::complain(conn, tenant, id, &text)).await?;
            }
            Err(error) => return Err(error.into()),
        }
        context.run(tenant, move |conn, tenant| reconcile(conn, tenant, id)).await?;
        Ok(Outcome::Done)
    }
}

async fn carry_out(gateways: &Gateways, waha: &Waha, number: &Number, order: Order) -> waha::Result<()> {
    let name = &number.external_session_id;
    match order {
        Order::Restart => waha.restart_session(name).await,
        Order::LogOut => waha.logout_session(name).await,
        Order::Delete => match waha.session(name).await {
            // Deleting is by name: never somebody else's session.
            Ok(session) if gateways.is_ours(number, &session) => waha.delete_session(name).await,
            Ok(_) => Ok(()),
            Err(error) if error.refused_with() == Some(404) => Ok(()),
            Err(error) => Err(error),
        },
    }
}

/// How often every number is looked at.
pub const EVERY: Duration = Duration::from_secs(60);

/// Asks for every number of every tenant to be put right.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReconcileAll {}

impl PlatformJob for ReconcileAll {
    const NAME: &'static str = "numbers:reconcile_all";

    async fn run(self, context: &Context) -> Result<Outcome> {
        reconcile_all(&context.platform()).await?;
        Ok(Outcome::Done)
    }
}

/// Asks for every number to be put right; also when the desk starts, since much may have happened meanwhile.
pub async fn reconcile_all(db: &PlatformDb) -> Result<()> {
    for (tenant, number) in db.run(model::everywhere).await? {
        db.enter(tenant, move |conn, tenant| reconcile(conn, tenant, number)).await?;
    }
    Ok(())
}
