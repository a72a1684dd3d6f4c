//! A house to run desks in: a durable cluster, a tenant with numbers, a WhatsApp simulator.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use diesel::prelude::*;
use switchboard::demo::simulator::{self, Engine, Options, Running, Timing};
use switchboard::kit::access::Role;
use switchboard::kit::db::Db;
use switchboard::kit::embedded::{Cluster, Durability};
use switchboard::kit::secret::Secret;
use switchboard::kit::vault::Vault;
use switchboard::migrations;
use switchboard::numbers::model::{self as numbers, EngineName, NumberData};
use switchboard::tenants::model::{self as tenants, TenantData};
use switchboard::users::model::{self as users, UserData};
use switchboard::users::password;
use uuid::Uuid;

pub const SECRET_KEY: &str = "4242424242424242424242424242424242424242424242424242424242424242";
pub const WAHA_KEY: &str = "a-key-that-nobody-guesses";
pub const MAX: &str = "max@acme.test";
pub const PASSWORD: &str = "correct horse battery";

pub struct House {
    pub folder: PathBuf,
    pub cluster: Mutex<Option<Cluster>>,
    pub simulator: Mutex<Option<Running>>,
    pub waha: SocketAddr,
    pub engine: Engine,
    /// The numbers' names at the gateway, and their ids.
    pub numbers: Vec<(String, Uuid)>,
    database: String,
}

impl House {
    /// With so many numbers, none of them paired; no desk runs yet.
    pub async fn open(engine: Engine, numbers: usize) -> Self {
        let folder = folder();
        let cluster = Cluster::start(&folder, Durability::Full).unwrap();
        cluster.create_database_if_missing("desk").unwrap();
        let database = cluster.url("desk");
        migrations::run(&database).await.unwrap();
        let numbers = seed(&database, engine, numbers).await;
        let waha = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let house = Self {
            cluster: Mutex::new(Some(cluster)),
            simulator: Mutex::default(),
            waha,
            engine,
            numbers,
            database,
            folder,
        };
        house.start_waha().await;
        house
    }

    pub fn url(&self) -> &str {
        &self.database
    }

    /// Where it was, with what it knew.
    pub async fn start_waha(&self) {
        let options = Options {
            bind: self.waha,
            api_key: Some(WAHA_KEY.into()),
            engine: self.engine,
            state_file: Some(self.folder.join("simulator.json")),
            timing: Timing::quick(),
        };
        let running = simulator::start(options).await.unwrap();
        *self.simulator.lock().unwrap() = Some(running);
    }

    pub async fn stop_waha(&self) {
        let running = self.simulator.lock().unwrap().take();
        running.unwrap().stop().await.unwrap();
    }

    pub fn stop_database(&self) {
        self.cluster.lock().unwrap().take().unwrap().stop().unwrap();
    }

    pub fn start_database(&self) {
        *self.cluster.lock().unwrap() = Some(Cluster::start(&self.folder, Durability::Full).unwrap());
    }

    /// The number of PostgreSQL's first process.
    pub fn postmaster(&self) -> u32 {
        self.postmaster_if_any().unwrap()
    }

    pub fn postmaster_if_any(&self) -> Option<u32> {
        postmaster(&self.folder)
    }

    /// A connection of the owner, who sees every row.
    pub fn sql(&self) -> PgConnection {
        PgConnection::establish(&self.database).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.cluster.lock().unwrap().take());
        // What a failed test leaves is looked at; the next one clears it up.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// An empty folder of this test alone, in the target directory.
pub fn folder() -> PathBuf {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults");
    let folder = parent.join(Uuid::now_v7().simple().to_string());
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The server that runs the cluster of a data directory, by its own file.
pub fn postmaster(data_dir: &Path) -> Option<u32> {
    let file = fs::read_to_string(data_dir.join("pg/data/postmaster.pid")).ok()?;
    file.lines().next()?.trim().parse().ok()
}

/// Below the ports that the system gives to outgoing connections, so that it is still free after a restart.
pub fn free_port() -> u16 {
    loop {
        let port = rand::random_range(20_000..32_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

async fn seed(url: &str, engine: Engine, count: usize) -> Vec<(String, Uuid)> {
    let db = Db::connect(url, 1, 1).unwrap().platform();
    let acme = TenantData { name: "Acme".into(), slug: "acme".into(), time_zone: "Europe/Berlin".into() };
    let tenant = db.run(move |conn| tenants::create(conn, &acme)).await.unwrap().get();
    let make = move |conn: &mut PgConnection, tenant| {
        let max = UserData {
            email: MAX.into(),
            first_name: "Max".into(),
            last_name: "Moser".into(),
            role: Role::Manager,
            password_hash: Some(password::hash(&Secret::new(PASSWORD.to_owned()))?),
        };
        users::create(conn, tenant, &max)?;
        let vault = Vault::new(&Secret::new(SECRET_KEY.to_owned()))?;
        let number = |place| {
            let name = format!("shop-{place}");
            let data = NumberData {
                name: name.clone(),
                external_session_id: name.clone(),
                engine: name_of(engine),
                waha_url: None,
                waha_api_key: None,
            };
            numbers::create(conn, tenant, &vault, &data).map(|id| (name, id.get()))
        };
        (1..=count).map(number).collect()
    };
    db.enter(tenant, make).await.unwrap()
}

fn name_of(engine: Engine) -> EngineName {
    match engine {
        Engine::Gows => EngineName::Gows,
        Engine::Noweb => EngineName::Noweb,
        Engine::Webjs => EngineName::Webjs,
    }
}
