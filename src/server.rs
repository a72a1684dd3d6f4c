//! A running process: web, worker or both, from start to a clean stop.

use crate::app::{self, Parts};
use crate::config::Role;
use crate::kit::jobs::Running as Jobs;
use crate::numbers::jobs::reconcile_all;
use crate::worker;
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Seconds that open requests may take to finish when we stop.
const DRAIN: u64 = 2;
/// The head of a request must have come by then.
const HEAD: Duration = Duration::from_secs(5);
/// Idle connections are kept for the next request.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

const NO_JOBS: &str = "the job runner cannot start: has `switchboard migrate` been run on this database?";

pub struct Process {
    parts: Parts,
    web: Option<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
    jobs: Option<Jobs>,
}

impl Process {
    /// Begins to answer on `listener` (without one it only works) and, where the role says so, to run jobs. `url` must
    /// name the owner of the tables.
    pub async fn start(parts: Parts, role: Role, listener: Option<TcpListener>, url: &str) -> anyhow::Result<Self> {
        let jobs = match role.is_worker() {
            true => {
                reconcile_all(&parts.db.platform()).await?;
                Some(worker::runner(url, &parts)?.start().await.context(NO_JOBS)?)
            }
            false => None,
        };
        let web = listener.map(|listener| serve(&parts, listener)).transpose()?;
        Ok(Self { parts, web, jobs })
    }

    /// Stops in the order that loses nothing: browsers are told to come back, requests finish, jobs are given back.
    pub async fn stop(self) {
        self.parts.hub.stop();
        if let Some((handle, task)) = self.web {
            handle.stop(true).await;
            let _ = task.await;
        }
        if let Some(jobs) = self.jobs {
            jobs.stop().await;
        }
    }
}

fn serve(parts: &Parts, listener: TcpListener) -> anyhow::Result<(ServerHandle, JoinHandle<std::io::Result<()>>)> {
    let parts = parts.clone();
    let server = HttpServer::new(move || app::build(parts.clone()))
        .client_request_timeout(HEAD)
        .keep_alive(KEEP_ALIVE)
        .tcp_nodelay(true) // a compressed page goes out in pieces, and its end must not wait for an acknowledgement
        .shutdown_timeout(DRAIN)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    Ok((handle, tokio::spawn(server)))
}

static METRICS: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok().map(|()| handle)
});

/// Serves `/metrics` on an address of its own, for Prometheus.
pub fn serve_metrics(parts: &Parts, bind: SocketAddr) -> anyhow::Result<()> {
    LazyLock::force(&METRICS);
    let db = parts.db.clone();
    let server = HttpServer::new(move || {
        let db = db.clone();
        App::new().route(
            "/metrics",
            web::get().to(move || {
                let (open, idle, turns) = db.gauge();
                metrics::gauge!("database_connections").set(f64::from(open));
                metrics::gauge!("database_connections_idle").set(f64::from(idle));
                metrics::gauge!("database_turns_free").set(turns as f64);
                let text = METRICS.as_ref().map(PrometheusHandle::render).unwrap_or_default();
                async move { HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text) }
            }),
        )
    });
    let server = server.workers(1).disable_signals().bind(bind).with_context(|| format!("METRICS_BIND {bind}"))?;
    tokio::spawn(server.run());
    Ok(())
}

/// Resolves on Ctrl-C or SIGTERM.
pub async fn stop_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
