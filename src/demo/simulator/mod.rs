//! A stand-in for WAHA, with the people who write to it: for the demo, the tests and the benchmarks.
//!
//! It keeps its own state and knows nothing of the rest of the house. `routes` lists its addresses; `lifecycle`,
//! `delivery` and `customer` are what happens behind them; `events` and `webhooks` tell the outside; `engine` has the
//! shapes that WAHA's engines answer in; `faults` and `control` let a test make it fail.

mod calling;
mod changes;
mod config;
mod contacts;
mod control;
mod customer;
mod delivery;
mod engine;
mod events;
mod faults;
mod files;
mod gateway;
mod history;
mod ids;
mod letters;
mod lifecycle;
mod pairing;
mod persistence;
mod phones;
mod png;
mod posts;
mod refusals;
mod routes;
mod sending;
mod server;
mod sessions;
mod state;
mod talk;
mod timing;
mod webhooks;
mod world;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use anyhow::Context;

use gateway::Gateway;
use world::World;

pub use state::Engine;
pub use timing::Timing;

/// How a simulator is to run. The default listens on a free port, asks for no key and keeps nothing.
#[derive(Debug, Clone)]
pub struct Options {
    pub bind: SocketAddr,
    pub api_key: Option<String>,
    pub engine: Engine,
    /// Where sessions, chats and people survive a restart.
    pub state_file: Option<PathBuf>,
    pub timing: Timing,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            api_key: None,
            engine: Engine::default(),
            state_file: None,
            timing: Timing::default(),
        }
    }
}

/// A simulator at work. Several can run in one process.
pub struct Running {
    /// Without a slash at the end.
    pub url: String,
    gateway: Arc<Gateway>,
    server: ServerHandle,
    state_file: Option<PathBuf>,
}

/// Listens and serves until [`Running::stop`]. Sessions that ran when the state file was written run again.
pub async fn start(options: Options) -> anyhow::Result<Running> {
    let listener = TcpListener::bind(options.bind).with_context(|| format!("cannot listen on {}", options.bind))?;
    let url = format!("http://{}", listener.local_addr()?);
    let kept = options.state_file.as_deref().map(persistence::load).transpose()?.flatten();
    let mut world = kept.unwrap_or_else(|| World::new(options.engine));
    world.settings.engine = options.engine;
    let gateway = Gateway::new(world, options.timing, options.api_key, url.clone())?;
    lifecycle::revive(&gateway);
    if let Some(path) = &options.state_file {
        persistence::keep(&gateway, path.clone());
    }
    let server = serve(gateway.clone(), listener)?;
    Ok(Running { url, gateway, server, state_file: options.state_file })
}

fn serve(gateway: Arc<Gateway>, listener: TcpListener) -> anyhow::Result<ServerHandle> {
    let house = web::Data::from(gateway);
    let server = HttpServer::new(move || App::new().app_data(house.clone()).configure(routes::configure))
        .on_connect(faults::remember_connection)
        .workers(2)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

impl Running {
    /// Holds a phone before the session's QR code; the phone's number is made up where none is given.
    pub fn scan(&self, session: &str, phone: Option<&str>) -> Result<(), String> {
        lifecycle::scan(&self.gateway, session, phone, None).map(drop)
    }

    /// Somebody with a phone, who can write to the sessions.
    pub fn add_person(&self, phone: &str, name: &str) {
        self.gateway.change(|world| {
            world.person(phone, Some(name));
        });
    }

    /// Ends at once: open connections break, retries are forgotten, the state is saved.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.server.stop(false).await;
        self.gateway.abort_tasks();
        match &self.state_file {
            Some(path) => persistence::save(&self.gateway, path),
            None => Ok(()),
        }
    }
}
