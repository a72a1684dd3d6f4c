//! `start`: from running `serve` on a migrated database to the first 200 from /readyz.

use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;

const TIMES: usize = 7;

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let mut taken = Vec::new();
    for _ in 0..TIMES {
        let desk = Desk::start(ground, "all", &[]).await?;
        taken.push(desk.ready_after.as_secs_f64());
        desk.stop().await?;
    }
    taken.sort_by(f64::total_cmp);
    report.add("start, half of the times within", taken[TIMES / 2], "s", Mark::AtMost(1.0));
    report.add("start, slowest", taken[TIMES - 1], "s", Mark::None);
    Ok(())
}
