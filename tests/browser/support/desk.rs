//! The whole desk in this process: a database of its own, the simulator with the demo's people, web and worker.

use super::authority::Authority;
use super::cluster::{Database, Template, fresh_database};
use super::driver::Driver;
use diesel::PgConnection;
use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;
use switchboard::app::Parts;
use switchboard::config::Role;
use switchboard::customers::{self, data::Typed};
use switchboard::demo::data;
use switchboard::demo::simulator::{self, Engine, Running, Timing};
use switchboard::kit::access::Role as UserRole;
use switchboard::kit::db::Db;
use switchboard::kit::error::Result;
use switchboard::kit::live::Hub;
use switchboard::kit::secret::Secret;
use switchboard::kit::storage::Storage;
use switchboard::kit::tenant::TenantId;
use switchboard::kit::vault::Vault;
use switchboard::messages::jobs::Pace;
use switchboard::migrations;
use switchboard::numbers::gateway::Gateways;
use switchboard::numbers::waha::Patience;
use switchboard::server::Process;
use switchboard::tenants::model as tenants;
use switchboard::users::model::{self as users, UserData};

const KEY: &str = "a-key-that-nobody-guesses";
const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

pub struct Desk {
    pub url: String,
    /// The virtual phones.
    pub phones: String,
    pub driver: Driver,
    pub microsoft: Option<Authority>,
    /// Every browser that was opened, with what it may complain about.
    pub(super) browsers: RefCell<Vec<fantoccini::Client>>,
    pub(super) tolerated: RefCell<Vec<&'static str>>,
    address: SocketAddr,
    process: RefCell<Option<Process>>,
    simulator: Running,
    files: PathBuf,
    database: Database,
}

impl Desk {
    /// With the demo's accounts and stories, and its number paired.
    pub async fn open() -> Self {
        Self::open_as("127.0.0.1", false).await
    }

    pub async fn open_with_microsoft() -> Self {
        Self::open_as("127.0.0.1", true).await
    }

    /// At a name and no number, as passkeys want it.
    pub async fn open_with_name() -> Self {
        Self::open_as("localhost", false).await
    }

    async fn open_as(host: &str, has_microsoft: bool) -> Self {
        let database = tokio::task::spawn_blocking(database).await.unwrap();
        let options = simulator::Options {
            api_key: Some(KEY.into()),
            engine: Engine::Gows,
            timing: timing(),
            ..simulator::Options::default()
        };
        let simulator = simulator::start(options).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Self {
            url: format!("http://{host}:{}", address.port()),
            phones: simulator.url.clone(),
            driver: Driver::start(),
            microsoft: has_microsoft.then(|| Authority::start(&format!("http://{address}"))),
            browsers: RefCell::default(),
            tolerated: RefCell::default(),
            process: RefCell::default(),
            files: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(uuid::Uuid::now_v7().to_string()),
            address,
            simulator,
            database,
        };
        let parts = desk.parts();
        let number = data::seed(&parts.db, &parts.vault).await.unwrap();
        desk.serve(parts.clone(), listener).await;
        data::pair(&parts.db, &desk.simulator, number).await;
        desk
    }

    /// As when the process is stopped by a signal.
    pub async fn stop(&self) {
        let process = self.process.take().expect("it runs");
        process.stop().await;
    }

    /// Again, at the same address.
    pub async fn start(&self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.serve(self.parts(), listener).await;
    }

    async fn serve(&self, parts: Parts, listener: TcpListener) {
        let process = Process::start(parts, Role::All, Some(listener), self.database.url()).await.unwrap();
        self.process.replace(Some(process));
    }

    /// Somebody new at Acme, who has no password yet: the path of their invitation.
    pub async fn invite(&self, email: &str) -> String {
        let db = self.parts().db.platform();
        let acme = db.run(|conn| tenants::by_slug(conn, "acme")).await.unwrap().expect("the demo's tenant");
        let data = UserData {
            email: email.to_owned(),
            first_name: "Nina".into(),
            last_name: "New".into(),
            role: UserRole::Agent,
            password_hash: None,
        };
        let invite = move |conn: &mut PgConnection, tenant| {
            let user = users::create(conn, tenant, &data)?;
            users::invite(conn, tenant, user)
        };
        format!("/welcome/{}", db.enter(acme.get(), invite).await.unwrap().expose())
    }

    /// One of Acme's, made by hand: the path of their page.
    pub async fn customer(&self, typed: Typed) -> String {
        let vault = self.parts().vault;
        let made = self.at_acme(move |conn, tenant| {
            let data = customers::data::read(&typed, None, &[]).expect("a valid record");
            customers::changes::create(conn, tenant, &vault, &data, "form", None)
        });
        format!("/customers/{}", made.await)
    }

    /// What nobody at a browser does.
    pub async fn at_acme<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    ) -> T {
        let db = self.parts().db.platform();
        let acme = db.run(|conn| tenants::by_slug(conn, "acme")).await.unwrap().expect("the demo's tenant");
        db.enter(acme.get(), work).await.unwrap()
    }

    fn parts(&self) -> Parts {
        let vault = Vault::new(&Secret::new(SECRET.into())).unwrap();
        let gateways = Gateways {
            default_url: Some(self.phones.clone()),
            default_key: Some(Secret::new(KEY.into())),
            webhook_base: self.url.clone(),
            vault: vault.clone(),
            patience: Patience::default(),
        };
        let url = self.database.url();
        let storage = Storage::open(&format!("file://{}", self.files.display())).unwrap();
        let parts = Parts::new(Db::connect(url, 8, 2).unwrap(), Hub::start(url), vault, gateways, storage);
        let pace = Pace { gap: Duration::from_millis(20), backoff: Duration::from_millis(20), ..Pace::default() };
        let microsoft = self.microsoft.as_ref().map(Authority::microsoft).unwrap_or_default();
        Parts { pace, demo_accounts: data::accounts(), microsoft, ..parts }
    }

    pub(super) async fn close(self) {
        if self.process.borrow().is_some() {
            self.stop().await;
        }
        self.simulator.stop().await.unwrap();
        let _ = std::fs::remove_dir_all(&self.files);
    }
}

/// Quick, but with every state on the screen for long enough to be seen.
fn timing() -> Timing {
    let ms = Duration::from_millis;
    Timing { server_ack: ms(100), device_ack: ms(100), read_ack: ms(100), retry_factor: 0.1, ..Timing::quick() }
}

fn database() -> Database {
    let fill = |url: &str| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(migrations::run(url)).map(drop)
    };
    fresh_database(&Template { name: "browser", hash: version(), fill })
}

/// Of the migrations.
fn version() -> String {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap() {
        paths.push(folder.unwrap().path().join("up.sql"));
    }
    paths.sort();
    let mut hasher = DefaultHasher::new();
    for path in paths {
        (path.file_name(), std::fs::read(&path).unwrap_or_default()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
