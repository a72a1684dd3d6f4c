//! Finding duplicates among the customers of [`crate::customers`]: of one at once, and of all at night.

use crate::customers::Crowd;
use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use anyhow::ensure;
use diesel::prelude::*;
use std::time::{Duration, Instant};
use switchboard::customers::model::CustomerId;
use switchboard::duplicates::{candidates, jobs};
use switchboard::kit::db::Db;
use switchboard::schema::{customers, duplicate_scans, tenants};
use tokio::time::sleep;
use uuid::Uuid;

/// Customers whose candidates are looked up, spread over the largest tenant.
const LOOKED_AT: i64 = 200;
const PATIENCE: Duration = Duration::from_secs(1800);

pub async fn run(ground: &Ground, crowd: &Crowd, report: &mut Report) -> anyhow::Result<()> {
    let places = tenants_of(ground)?;
    let db = Db::connect(&ground.url(), 2, 1)?;
    of_one(ground, &db, places[0], crowd, report).await?;
    of_all(ground, &db, &places, report).await
}

/// The crowd's tenants, the largest first.
fn tenants_of(ground: &Ground) -> anyhow::Result<Vec<Uuid>> {
    let mut conn = ground.connect()?;
    let these = tenants::table.filter(tenants::slug.like("crm-%")).order(tenants::id);
    Ok(these.select(tenants::id).load(&mut conn)?)
}

async fn of_one(ground: &Ground, db: &Db, tenant: Uuid, crowd: &Crowd, report: &mut Report) -> anyhow::Result<()> {
    let mut conn = ground.connect()?;
    let all = customers::table.filter(customers::tenant_id.eq(tenant).and(customers::deleted_at.is_null()));
    let all: Vec<CustomerId> = all.order(customers::id).select(customers::id).load(&mut conn)?;
    let step = usize::try_from(crowd.largest as i64 / LOOKED_AT)?.max(1);
    let (mut times, mut found) = (Vec::new(), 0);
    for id in all.into_iter().step_by(step) {
        let begun = Instant::now();
        let candidates = db.platform().enter(tenant, move |conn, tenant| candidates::of(conn, tenant, id)).await?;
        times.push(begun.elapsed());
        found += candidates.len();
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    report.add("candidates of one customer: half within", at(0.5), "ms", Mark::None);
    report.add("candidates of one customer: 99 of 100 within", at(0.99), "ms", Mark::AtMost(50.0));
    report.add("candidates of one customer: found", found as f64 / times.len() as f64, "each", Mark::None);
    Ok(())
}

/// What the night's job asks for, until a worker has looked through every tenant.
async fn of_all(ground: &Ground, db: &Db, places: &[Uuid], report: &mut Report) -> anyhow::Result<()> {
    for place in places {
        db.platform().enter(*place, |conn, tenant| jobs::scan(conn, tenant, None)).await?;
    }
    let worker = Desk::start(ground, "all", &[]).await?;
    let (begun, mut conn) = (Instant::now(), ground.connect()?);
    loop {
        let over = duplicate_scans::table.filter(duplicate_scans::ended_at.is_not_null());
        let over: i64 = over.count().get_result(&mut conn)?;
        if over == i64::try_from(places.len())? {
            break;
        }
        ensure!(begun.elapsed() < PATIENCE, "{over} scans ended");
        sleep(Duration::from_millis(200)).await;
    }
    report.add("all customers, as every night", begun.elapsed().as_secs_f64(), "s", Mark::AtMost(600.0));
    let found: Vec<i64> = duplicate_scans::table.select(duplicate_scans::found).load(&mut conn)?;
    report.add("pairs found", found.iter().sum::<i64>() as f64, "", Mark::None);
    worker.stop().await
}
