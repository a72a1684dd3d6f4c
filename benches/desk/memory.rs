//! `memory`: resident memory of an idle desk, and at its highest while 32 visitors read.

use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use crate::inbox;
use std::time::Duration;
use tokio::time::sleep;

/// Until an idle desk has made its connections and looked after its numbers once.
const SETTLING: Duration = Duration::from_secs(10);
const LOAD: Duration = Duration::from_secs(15);

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::start(ground, "all", &[]).await?;
    sleep(SETTLING).await;
    let (idle, _) = desk.memory()?;
    report.add("idle", idle, "MiB", Mark::AtMost(60.0));
    inbox::read(ground, &desk, LOAD).await?;
    let (afterwards, most) = desk.memory()?;
    report.add("at most, while 32 visitors read the inbox", most, "MiB", Mark::AtMost(150.0));
    report.add("after that", afterwards, "MiB", Mark::None);
    desk.stop().await
}
