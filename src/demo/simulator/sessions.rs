//! `/api/sessions`: what exists, its configuration, and the buttons start, stop, restart, logout.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::{Value, json};

use super::config;
use super::gateway::Gateway;
use super::ids;
use super::lifecycle;
use super::refusals::Refusal;
use super::state::{Engine, Session, Status};

type House = Data<Gateway>;

#[derive(Deserialize)]
pub struct Listing {
    all: Option<String>,
}

/// Without `all=true` the stopped ones are missing.
pub async fn index(gateway: House, listing: Query<Listing>) -> impl Responder {
    let all = listing.all.as_deref() == Some("true");
    let list = gateway.read(|world| {
        let shown = world.sessions.values().filter(|session| all || session.is_running());
        shown.map(describe).collect::<Vec<_>>()
    });
    HttpResponse::Ok().json(list)
}

/// `start` is honoured only when it is sent: documents and source of WAHA disagree about its default.
pub async fn create(gateway: House, body: Json<Value>) -> Result<HttpResponse, Refusal> {
    let name = match body.get("name").and_then(Value::as_str) {
        Some(name) => config::check_name(name)?.to_owned(),
        None => format!("session_{}", ids::ulid()),
    };
    let wanted = config::check(body.get("config"))?;
    let starts = body.get("start").and_then(Value::as_bool).unwrap_or(false);
    let is_new = gateway.change(|world| {
        let is_new = !world.sessions.contains_key(&name);
        if is_new {
            world.sessions.insert(name.clone(), Session::new(name.clone(), wanted));
        }
        is_new
    });
    if !is_new {
        return Err(Refusal::unprocessable(&format!("Session '{name}' already exists. Use PUT to update it.")));
    }
    let house = gateway.into_inner();
    if starts {
        lifecycle::start(&house, &name);
    }
    Ok(HttpResponse::Created().json(detail(&house, &name)?))
}

pub async fn show(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(detail(&gateway, &name)?))
}

/// Replaces the whole configuration; a running session is stopped and started.
pub async fn update(gateway: House, name: Path<String>, body: Json<Value>) -> Result<HttpResponse, Refusal> {
    let wanted = config::check(body.get("config"))?;
    let house = gateway.into_inner();
    let was_running = house.change_session(&name, |session| {
        session.config = wanted;
        session.is_running()
    });
    if was_running.ok_or_else(Refusal::session_not_found)? {
        start_anew(&house, &name).await;
    }
    Ok(HttpResponse::Ok().json(detail(&house, &name)?))
}

/// Also for a name that nobody knows: 200 and an empty body.
pub async fn delete(gateway: House, name: Path<String>) -> impl Responder {
    let house = gateway.into_inner();
    lifecycle::stop(&house, &name);
    house.change(|world| world.sessions.remove(name.as_str()));
    HttpResponse::Ok().finish()
}

pub async fn start(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let house = gateway.into_inner();
    known(&house, &name)?;
    lifecycle::start(&house, &name);
    Ok(HttpResponse::Created().json(detail(&house, &name)?))
}

pub async fn stop(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let house = gateway.into_inner();
    known(&house, &name)?;
    lifecycle::stop(&house, &name);
    lifecycle::settle(&house).await;
    Ok(HttpResponse::Created().json(detail(&house, &name)?))
}

pub async fn restart(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let house = gateway.into_inner();
    known(&house, &name)?;
    start_anew(&house, &name).await;
    Ok(HttpResponse::Created().json(detail(&house, &name)?))
}

/// Keeps the configuration; starts again, with a new QR code, if it was running.
pub async fn logout(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let house = gateway.into_inner();
    let was_running = known(&house, &name)?;
    lifecycle::stop(&house, &name);
    lifecycle::forget_link(&house, &name);
    lifecycle::settle(&house).await;
    if was_running {
        lifecycle::start(&house, &name);
    }
    Ok(HttpResponse::Created().json(detail(&house, &name)?))
}

/// Running but not paired: 200 and nothing at all, not even `null`.
pub async fn me(gateway: House, name: Path<String>) -> Result<HttpResponse, Refusal> {
    let found = gateway.read(|world| {
        let session = world.sessions.get(name.as_str()).filter(|session| session.is_running())?;
        Some((session.me.clone(), session.timelock))
    });
    let (me, timelock) = found.ok_or_else(|| Refusal::not_running(&name))?;
    let Some(me) = me else {
        return Ok(HttpResponse::Ok().finish());
    };
    let mut shown = json!(me);
    if let Some(until) = timelock {
        shown["reachoutTimelock"] = json!({"isActive": true, "timeEnforcementEnds": until});
    }
    Ok(HttpResponse::Ok().json(shown))
}

async fn start_anew(gateway: &Arc<Gateway>, name: &str) {
    lifecycle::stop(gateway, name);
    lifecycle::settle(gateway).await;
    lifecycle::start(gateway, name);
}

/// Whether the session runs; 404 when there is none.
fn known(gateway: &Gateway, name: &str) -> Result<bool, Refusal> {
    let running = gateway.read(|world| world.sessions.get(name).map(Session::is_running));
    running.ok_or_else(Refusal::session_not_found)
}

fn describe(session: &Session) -> Value {
    let is_working = session.status == Status::Working;
    json!({
        "name": session.name, "status": session.status.name(), "config": session.config, "me": session.me,
        "presence": is_working.then_some("online"), "timestamps": {"activity": session.activity},
        "assignedWorker": "",
    })
}

/// One session, with the word on its engine that lists leave out.
fn detail(gateway: &Gateway, name: &str) -> Result<Value, Refusal> {
    gateway.read(|world| {
        let session = world.sessions.get(name).ok_or_else(Refusal::session_not_found)?;
        let mut shown = describe(session);
        shown["engine"] = engine_of(world.settings.engine, session);
        Ok(shown)
    })
}

fn engine_of(engine: Engine, session: &Session) -> Value {
    let is_connected = session.status == Status::Working;
    match engine {
        _ if !session.is_running() => json!({}),
        Engine::Noweb => json!({"engine": "NOWEB"}),
        Engine::Gows => json!({
            "engine": "GOWS", "grpc": {"client": "READY", "stream": "READY"},
            "gows": {"found": true, "connected": is_connected},
        }),
        Engine::Webjs => json!({
            "engine": "WEBJS", "WWebVersion": "2.3000.1", "state": is_connected.then_some("CONNECTED"),
        }),
    }
}
