//! The running simulator: its world behind one lock, the tasks it has started, and the bell that rings at each change.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::faults::Faults;
use super::refusals::Refusal;
use super::state::{Engine, Session, Status};
use super::timing::Timing;
use super::webhooks::Postman;
use super::world::World;

pub const VERSION: &str = "2026.7.1";

pub struct Gateway {
    world: Mutex<World>,
    faults: Mutex<Faults>,
    /// Media files that can be fetched now, and since when.
    files: Mutex<HashMap<String, Instant>>,
    tasks: Mutex<JoinSet<()>>,
    runtime: Handle,
    changes: watch::Sender<u64>,
    pub postman: Postman,
    pub timing: Timing,
    pub api_key: Option<String>,
    pub url: String,
    pub started: chrono::DateTime<chrono::Utc>,
}

impl Gateway {
    /// Belongs to the runtime that calls this: what it starts lives there, not on the web server's threads.
    pub fn new(world: World, timing: Timing, api_key: Option<String>, url: String) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            world: Mutex::new(world),
            faults: Mutex::default(),
            files: Mutex::default(),
            tasks: Mutex::default(),
            runtime: Handle::current(),
            changes: watch::Sender::new(0),
            postman: Postman::new()?,
            timing,
            api_key,
            url,
            started: chrono::Utc::now(),
        }))
    }

    /// Looks at the world.
    pub fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&lock(&self.world))
    }

    /// Changes the world and tells everybody who waits for a change.
    pub fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let result = act(&mut lock(&self.world));
        self.changes.send_modify(|count| *count += 1);
        result
    }

    /// Changes one session; none when it does not exist.
    pub fn change_session<T>(&self, name: &str, act: impl FnOnce(&mut Session) -> T) -> Option<T> {
        self.change(|world| world.sessions.get_mut(name).map(act))
    }

    pub fn faults<T>(&self, act: impl FnOnce(&mut Faults) -> T) -> T {
        act(&mut lock(&self.faults))
    }

    pub fn files<T>(&self, act: impl FnOnce(&mut HashMap<String, Instant>) -> T) -> T {
        act(&mut lock(&self.files))
    }

    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub fn engine(&self) -> Engine {
        self.read(|world| world.settings.engine)
    }

    /// Runs in the background until done, or until the simulator stops.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn_on(task, &self.runtime);
    }

    pub fn abort_tasks(&self) {
        lock(&self.tasks).abort_all();
    }

    /// Waits until the session has the wanted status, as WAHA does: 5 seconds when it is stopped or unknown, else 10.
    pub async fn expect(&self, name: &str, wanted: Status) -> Result<(), Refusal> {
        let mut bell = self.watch();
        let begun = Instant::now();
        loop {
            let status = self.read(|world| world.sessions.get(name).map(|session| session.status));
            if status == Some(wanted) {
                return Ok(());
            }
            let left = self.patience(status).saturating_sub(begun.elapsed());
            if left.is_zero() || tokio::time::timeout(left, bell.changed()).await.is_err() {
                return Err(Refusal::not_ready(name, status, wanted));
            }
        }
    }

    fn patience(&self, status: Option<Status>) -> Duration {
        match status {
            None | Some(Status::Stopped) => self.timing.stopped_wait,
            Some(_) => self.timing.other_wait,
        }
    }

    /// `{version, engine, …}` as every webhook and /api/server/version show it.
    pub fn environment(&self) -> Value {
        environment(self.engine())
    }
}

pub fn environment(engine: Engine) -> Value {
    let browser = (engine == Engine::Webjs).then_some("/usr/bin/chromium");
    json!({
        "version": VERSION, "engine": engine.name(), "tier": "CORE", "browser": browser,
        "platform": "linux/x64", "worker": {"id": null},
    })
}

/// A panic while the lock was held leaves plain data behind; the simulator goes on with it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
