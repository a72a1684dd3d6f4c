//! Processor time of everything that takes part. Unlike the clock it says little of what else the machine does.

use crate::desk::Desk;
use crate::ground::Ground;
use crate::process::cpu_of;
use std::time::Duration;

/// Of the desk, of PostgreSQL, and of the visitors, who are us.
pub struct Cost {
    pub desk: Duration,
    pub postgres: Duration,
    pub visitors: Duration,
}

impl Cost {
    /// What was spent before.
    pub fn begin(ground: &Ground, desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self { desk: desk.cpu()?, postgres: ground.cpu()?, visitors: cpu_of(std::process::id())? })
    }

    /// What was spent since.
    pub fn end(self, ground: &Ground, desk: &Desk) -> anyhow::Result<Self> {
        let now = Self::begin(ground, desk)?;
        Ok(Self {
            desk: now.desk - self.desk,
            postgres: now.postgres - self.postgres,
            visitors: now.visitors - self.visitors,
        })
    }
}
