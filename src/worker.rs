//! The jobs that a process runs, and when those run that nobody asks for.

use crate::api_clients::jobs::PurgeTokens;
use crate::app::Parts;
use crate::audit::jobs as audit;
use crate::bulk_changes::jobs::{MakeChange, UndoChange};
use crate::calls::jobs::{CloseCall, DeclineCall};
use crate::conversations::jobs::Wake;
use crate::customer_exports::jobs::WriteExport;
use crate::customer_list::jobs::SumCounts;
use crate::duplicates::jobs::{FindDuplicates, FindEverywhere, JoinProven};
use crate::gdpr::erasures::jobs::Erase;
use crate::gdpr::packages::jobs::Package;
use crate::gdpr::retention::jobs::{Retain, RetainAll};
use crate::imports::jobs as imports;
use crate::kit::jobs::Runner;
use crate::kit::mail;
use crate::messages::jobs::{
    COUNT_EVERY, CountDays, Deliver, FetchMedia, LearnGroup, LearnPhone, PurgeAttachments, SWEEP_EVERY, SendSeen,
    Settle, Sweep,
};
use crate::notifications::jobs as notifications;
use crate::numbers::jobs::{Carry, EVERY, Reconcile, ReconcileAll};
use crate::security::jobs as security;
use crate::tasks::jobs::PurgeFiles;
use crate::webhooks::jobs::{Process, Purge};
use std::sync::Arc;

/// `url` must name the owner of the tables.
pub fn runner(url: &str, parts: &Parts) -> anyhow::Result<Runner> {
    let runner = registered(url, parts)
        .every(EVERY, &ReconcileAll {})?
        .every(SWEEP_EVERY, &Sweep {})?
        .every(COUNT_EVERY, &CountDays {})?
        .every(COUNT_EVERY, &SumCounts {})?
        .every(security::RENEW_EVERY, &security::RenewSeals {})?
        .cron("17 3 * * *", &Purge {})?
        .cron("27 3 * * *", &security::Purge {})?
        .cron("37 3 * * *", &audit::Purge {})?
        .cron("47 3 * * *", &PurgeTokens {})?
        .cron("57 3 * * *", &PurgeAttachments {})?
        .cron("53 3 * * *", &notifications::Purge {})?
        .cron("7 4 * * *", &imports::Purge {})?
        .cron("7 * * * *", &PurgeFiles {})?
        .cron("27 4 * * *", &RetainAll {})?
        .cron("7 2 * * *", &FindEverywhere {})?;
    Ok(runner)
}

/// Every job and nothing that runs by the clock: what tests want.
pub fn registered(url: &str, parts: &Parts) -> Runner {
    Runner::new(url, parts.db.clone())
        .with(Arc::new(parts.gateways.clone()))
        .with(Arc::new(parts.storage.clone()))
        .with(Arc::new(parts.vault.clone()))
        .with(Arc::new(parts.pace))
        .with(Arc::new(parts.mailer.clone()))
        .with(Arc::new(parts.public_url.clone()))
        .with(Arc::new(parts.vault.clone()))
        .job::<Reconcile>()
        .job::<Carry>()
        .job::<Deliver>()
        .job::<Settle>()
        .job::<SendSeen>()
        .job::<FetchMedia>()
        .job::<LearnGroup>()
        .job::<LearnPhone>()
        .job::<MakeChange>()
        .job::<UndoChange>()
        .job::<WriteExport>()
        .job::<CloseCall>()
        .job::<DeclineCall>()
        .job::<Process>()
        .job::<imports::Step>()
        .job::<FindDuplicates>()
        .job::<JoinProven>()
        .job::<Erase>()
        .job::<Package>()
        .job::<Retain>()
        .job::<Wake>()
        .job::<mail::Send>()
}
