//! The whole program in process, on a database of its own.

use super::cast::{self, SignedIn, Who};
use super::cluster::Database;
use super::database::with_cast;
use super::desk::{Desk, answer, desk};
use super::http::{Answer, Ask};
use super::queries;
use actix_web::HttpServer;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::test::TestRequest;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use switchboard::app::{self, Parts};
use switchboard::demo::simulator::{self, Engine, Timing};
use switchboard::kit::db::Db;
use switchboard::kit::error::Result;
use switchboard::kit::live::Hub;
use switchboard::kit::secret::Secret;
use switchboard::kit::storage::Storage;
use switchboard::kit::tenant::TenantId;
use switchboard::kit::vault::{Vault, random_token};
use switchboard::messages::jobs::Pace;
use switchboard::numbers::gateway::Gateways;
use switchboard::numbers::waha::Patience;
use switchboard::worker;
use tokio::sync::OnceCell;
use uuid::Uuid;

pub use super::waiting::PATIENCE;

pub struct TestApp {
    /// To be changed by [`TestApp::change`] only: the desk is put together of them once.
    pub parts: Parts,
    pub acme: Uuid,
    pub globex: Uuid,
    /// What the desk seals with.
    pub secret_key: Secret<String>,
    pub simulator: Option<simulator::Running>,
    pub(super) owner: Mutex<PgConnection>,
    signed_in: Mutex<Vec<(Who, SignedIn)>>,
    pub(super) tokens: Mutex<Vec<(Who, String)>>,
    desk: OnceCell<Desk>,
    media: PathBuf,
    // Last, so that it goes when nobody uses it any more.
    database: Database,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
pub(super) struct Count {
    #[diesel(sql_type = BigInt)]
    pub(super) count: i64,
}

impl TestApp {
    /// Without a gateway.
    pub async fn new() -> Self {
        Self::start(None, "http://desk.test", 4)
    }

    /// With so many database connections.
    pub async fn with_connections(max: u32) -> Self {
        Self::start(None, "http://desk.test", max)
    }

    /// With the WAHA simulator as the gateway, whose webhooks reach this program.
    pub async fn with_gateway() -> Self {
        let key = random_token();
        let options = simulator::Options {
            api_key: Some(key.expose().clone()),
            engine: Engine::Gows,
            timing: Timing::quick(),
            ..simulator::Options::default()
        };
        let simulator = simulator::start(options).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut app = Self::start(Some((simulator.url.clone(), key)), &address, 4);
        app.simulator = Some(simulator);
        app.serve(listener);
        app
    }

    fn start(gateway: Option<(String, Secret<String>)>, address: &str, connections: u32) -> Self {
        queries::listen();
        let database = with_cast();
        let url = database.url();
        let secret_key = random_token();
        let vault = Vault::new(&secret_key).unwrap();
        let (default_url, default_key) = gateway.unzip();
        let webhook_base = address.to_owned();
        let patience = Patience::default();
        let gateways = Gateways { default_url, default_key, webhook_base, vault: vault.clone(), patience };
        let media = std::env::temp_dir().join(format!("switchboard-test-{}", Uuid::now_v7().simple()));
        let storage = Storage::open(&format!("file://{}", media.display())).unwrap();
        let db = connected(url, connections).with_patience(Duration::from_secs(5));
        let quick = Duration::from_millis(1);
        let pace = Pace { gap: quick, backoff: quick, look: quick, settled: quick };
        let parts = Parts { pace, ..Parts::new(db, Hub::start(url), vault, gateways, storage) };
        let mut owner = PgConnection::establish(url).unwrap();
        let tenant = |owner: &mut PgConnection, slug: &str| {
            lines(owner, &format!("SELECT id::text AS text FROM tenants WHERE slug = '{slug}'"))[0].parse().unwrap()
        };
        let (acme, globex) = (tenant(&mut owner, "acme"), tenant(&mut owner, "globex"));
        let (owner, signed_in) = (Mutex::new(owner), Mutex::default());
        Self {
            parts,
            acme,
            globex,
            secret_key,
            simulator: None,
            owner,
            signed_in,
            tokens: Mutex::default(),
            desk: OnceCell::new(),
            media,
            database,
        }
    }

    /// The desk that is asked from now on has other parts.
    pub fn change(&mut self, change: impl FnOnce(&mut Parts)) {
        change(&mut self.parts);
        self.desk = OnceCell::new();
    }

    /// On a real socket too, for those who cannot ask in process.
    pub fn serve(&self, listener: TcpListener) {
        let parts = self.parts.clone();
        let server = HttpServer::new(move || app::build(parts.clone())).workers(1).disable_signals();
        actix_web::rt::spawn(server.listen(listener).unwrap().run());
    }

    /// As the owner of the tables.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// The folder that the storage is.
    pub fn media(&self) -> &std::path::Path {
        &self.media
    }

    pub async fn ada(&self, ask: Ask) -> Answer {
        self.ask(Who::Ada, ask).await
    }

    pub async fn max(&self, ask: Ask) -> Answer {
        self.ask(Who::Max, ask).await
    }

    pub async fn bob(&self, ask: Ask) -> Answer {
        self.ask(Who::Bob, ask).await
    }

    pub async fn eve(&self, ask: Ask) -> Answer {
        self.ask(Who::Eve, ask).await
    }

    pub async fn olga(&self, ask: Ask) -> Answer {
        self.ask(Who::Olga, ask).await
    }

    pub async fn carol(&self, ask: Ask) -> Answer {
        self.ask(Who::Carol, ask).await
    }

    pub async fn pat(&self, ask: Ask) -> Answer {
        self.ask(Who::Pat, ask).await
    }

    pub async fn ask(&self, who: Who, ask: Ask) -> Answer {
        let signed_in = self.signed_in(who);
        self.send(ask.cookie(signed_in.cookie).build(Some(&signed_in.csrf))).await
    }

    /// Somebody who is not signed in.
    pub async fn anybody(&self, ask: Ask) -> Answer {
        self.send(ask.build(None)).await
    }

    pub fn signed_in(&self, who: Who) -> SignedIn {
        let mut known = self.signed_in.lock().unwrap();
        if let Some((_, signed_in)) = known.iter().find(|(other, _)| *other == who) {
            return signed_in.clone();
        }
        let signed_in = cast::sign_in(&mut self.owner.lock().unwrap(), &self.parts.vault, who);
        known.push((who, signed_in.clone()));
        signed_in
    }

    pub async fn send(&self, req: TestRequest) -> Answer {
        answer(self.open(req).await).await
    }

    /// Another process on the same database: what it keeps in mind is its own.
    pub fn another_process(&self) -> Parts {
        let (db, hub) = (self.parts.db.clone(), Hub::start(self.url()));
        let (vault, gateways) = (self.parts.vault.clone(), self.parts.gateways.clone());
        Parts::new(db, hub, vault, gateways, self.parts.storage.clone())
    }

    pub async fn send_to(parts: &Parts, req: TestRequest) -> Answer {
        answer(desk(parts).await(req).await).await
    }

    /// With the body still to come, for streams.
    pub async fn open(&self, req: TestRequest) -> ServiceResponse<BoxBody> {
        self.desk.get_or_init(|| desk(&self.parts)).await(req).await
    }

    /// In Acme, as the desk itself.
    pub async fn within<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    ) -> T {
        self.parts.db.platform().enter(self.acme, work).await.unwrap()
    }

    /// Everything that is due, and what that makes due.
    pub async fn run_jobs(&self) {
        worker::registered(self.url(), &self.parts).run_due().await.unwrap();
    }

    /// Lets jobs that wait for their time be due.
    pub fn pass_time(&self) {
        self.sql("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 second'");
    }

    /// The names of the waiting jobs, in order; takes them out of the queue.
    pub fn take_jobs(&self) -> Vec<String> {
        let sql = "WITH gone AS (DELETE FROM graphile_worker._private_jobs RETURNING task_id) \
                   SELECT task.identifier AS text FROM gone \
                   JOIN graphile_worker._private_tasks AS task ON task.id = gone.task_id ORDER BY 1";
        self.texts(sql)
    }

    /// What was written down about Acme since the cast came, as "action entity".
    pub fn audited(&self) -> Vec<String> {
        let sql = "SELECT action || ' ' || entity AS text FROM audit_entries \
                   WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'acme') AND action || entity <> 'createdusers' \
                   ORDER BY id";
        self.texts(sql)
    }
}

pub(super) fn lines(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    let found = diesel::sql_query(sql).load::<Line>(conn);
    found.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter().map(|line| line.text).collect()
}

impl Drop for TestApp {
    /// A job that nobody asked for is a mistake, so whoever expects some takes or runs them. A gateway's events come
    /// when they come, and so do their jobs.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.media);
        if !std::thread::panicking() && self.simulator.is_none() {
            let left = self.take_jobs();
            assert!(left.is_empty(), "these jobs are left in the queue, unasked: {left:?}");
        }
    }
}

/// On a busy machine the program's own patience with a new connection can be too short for a test.
fn connected(url: &str, connections: u32) -> Db {
    let tries = || (0..5).find_map(|_| Db::connect(url, connections, 1).ok());
    tries().unwrap_or_else(|| Db::connect(url, connections, 1).unwrap())
}
