//! `import`: rows a second of each step of an import, and the memory that a file of 200 MB takes.

use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use anyhow::{Context, ensure};
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::{Duration, Instant};
use switchboard::imports::choices::{Choices, Field, Mode, Target};
use switchboard::imports::format::Sniffer;
use switchboard::imports::jobs;
use switchboard::imports::model::{self, Counts, ImportId, ImportState};
use switchboard::imports::steps::{self, Step};
use switchboard::kit::db::Db;
use switchboard::kit::storage::Storage;
use switchboard::schema::{tenants, users};
use switchboard::users::model::UserId;
use tokio::io::AsyncWriteExt;
use tokio::time::sleep;
use uuid::Uuid;

/// Until an idle desk has made its connections.
const SETTLING: Duration = Duration::from_secs(8);
const ROWS: usize = 300_000;
/// Bytes of the large file.
const LARGE: usize = 200_000_000;
/// How long the large file's rows are taken over.
const WHILE: Duration = Duration::from_secs(20);

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::start(ground, "all", &[]).await?;
    sleep(SETTLING).await;
    let (idle, _) = desk.memory()?;
    let office = Office::open(ground)?;
    let import = office.bring(&people(ROWS, usize::MAX, 0)).await?;
    for (step, mark) in [
        (Step::Reading, Mark::None),
        (Step::Checking, Mark::AtLeast(10_000.0)),
        (Step::Running, Mark::AtLeast(10_000.0)),
    ] {
        let (begun, cpu, server) = (Instant::now(), desk.cpu()?, ground.cpu()?);
        office.begin(import, step).await?;
        let counts = office.until_over(import, Duration::from_secs(600)).await?;
        let seconds = begun.elapsed().as_secs_f64();
        report.add(format!("{step:?}: rows"), ROWS as f64 / seconds, "/s", mark);
        let of = |time: Duration| time.as_secs_f64() / ROWS as f64 * 1e6;
        report.add(format!("{step:?}: CPU of the desk"), of(desk.cpu()? - cpu), "µs/row", Mark::None);
        report.add(format!("{step:?}: CPU of PostgreSQL"), of(ground.cpu()? - server), "µs/row", Mark::None);
        ensure!(counts.faulty + counts.refused == 0, "{counts:?}");
    }
    let large = office.bring(&people(usize::MAX, LARGE, ROWS)).await?;
    for step in [Step::Reading, Step::Checking] {
        office.begin(large, step).await?;
        office.until_over(large, Duration::from_secs(1200)).await?;
    }
    office.begin(large, Step::Running).await?;
    sleep(WHILE).await;
    let (_, most) = desk.memory()?;
    report.add("idle", idle, "MiB", Mark::None);
    report.add("most over idle, with a file of 200 MB", most - idle, "MiB", Mark::AtMost(100.0));
    desk.stop().await
}

/// So many rows, or so many bytes, of people whose numbers begin at `from`.
fn people(rows: usize, bytes: usize, from: usize) -> String {
    let mut text = String::from("First name;Last name;Phone;Email;Company\n");
    for row in (from..).take(rows) {
        let number = 15_120_000_000_u64 + row as u64;
        let _ = writeln!(
            text,
            "Anna{row};Schneider {};+49{number};anna.{row}@example.org;Company {}",
            row % 9973,
            row % 997
        );
        if text.len() >= bytes {
            break;
        }
    }
    text
}

/// What a handler does, without a browser.
struct Office {
    db: Db,
    storage: Storage,
    tenant: Uuid,
    by: UserId,
}

impl Office {
    fn open(ground: &Ground) -> anyhow::Result<Self> {
        let mut conn = ground.connect()?;
        let slug = format!("load-{}-1", ground.load.seed);
        let tenant: Uuid = tenants::table.filter(tenants::slug.eq(slug)).select(tenants::id).first(&mut conn)?;
        let by =
            users::table.filter(users::tenant_id.eq(tenant)).order(users::id).select(users::id).first(&mut conn)?;
        let storage = Storage::open(&format!("file://{}", ground.folder.join("media").display()))?;
        Ok(Self { db: Db::connect(&ground.url(), 2, 1)?, storage, tenant, by })
    }

    async fn bring(&self, text: &str) -> anyhow::Result<ImportId> {
        let mut sniffer = Sniffer::default();
        sniffer.look(&text.as_bytes()[..4096]);
        let format = sniffer.format().map_err(anyhow::Error::msg)?;
        let (by, bytes, hash) = (self.by, text.len() as u64, Sha256::digest(text).to_vec());
        let platform = self.db.platform();
        let begun = platform.enter(self.tenant, move |conn, tenant| {
            let id = model::begin(conn, tenant, "people.csv", by)?;
            model::received(conn, tenant, id, bytes, &hash, &format)?;
            Ok((id, model::storage_name(tenant, id)))
        });
        let (id, file) = begun.await?;
        let mut writer = self.storage.writer(&file);
        writer.write_all(text.as_bytes()).await?;
        writer.shutdown().await?;
        Ok(id)
    }

    async fn begin(&self, id: ImportId, step: Step) -> anyhow::Result<()> {
        let by = self.by;
        let platform = self.db.platform();
        let begun = platform.enter(self.tenant, move |conn, tenant| {
            if step == Step::Checking {
                let fields = [Field::FirstName, Field::LastName, Field::Phone, Field::Email, Field::Company];
                let columns = fields.map(Target::Field).to_vec();
                model::choose(conn, tenant, id, &Choices { columns, mode: Mode::Upsert, ..Choices::default() })?;
            }
            steps::begin(conn, tenant, id, step, by)?;
            jobs::go(conn, tenant, id)
        });
        Ok(begun.await?)
    }

    async fn until_over(&self, id: ImportId, patience: Duration) -> anyhow::Result<Counts> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            let import =
                self.db.platform().enter(self.tenant, move |conn, tenant| model::find(conn, tenant, id)).await?;
            ensure!(import.state != ImportState::Failed, "{:?}", import.error_message);
            if !import.is_busy() {
                return Ok(import.counts());
            }
            sleep(Duration::from_millis(50)).await;
        }
        None.context("an import that does not end")
    }
}
