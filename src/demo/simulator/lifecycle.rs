//! A session's life: starting, QR codes that run out, the scan, connection losses, the end.

use std::sync::Arc;
use std::time::Duration;

use super::events;
use super::gateway::Gateway;
use super::ids;
use super::state::{Link, Me, Session, Status};
use super::world::World;

/// STARTING, then WORKING with a living link, FAILED with a dead one, else QR codes. Nothing happens if it runs.
pub fn start(gateway: &Arc<Gateway>, name: &str) {
    let begun = gateway.change_session(name, |session| {
        (!session.is_running()).then(|| {
            session.enter(Status::Starting, true);
            begin(session)
        })
    });
    if let Some(Some(generation)) = begun {
        go_on(gateway, name, generation);
    }
}

pub fn stop(gateway: &Arc<Gateway>, name: &str) {
    let has_stopped = gateway.change_session(name, |session| {
        let was_running = session.is_running();
        if was_running {
            session.enter(Status::Stopped, false);
            begin(session);
        }
        was_running
    });
    if has_stopped == Some(true) {
        events::tell_status(gateway, name);
    }
}

/// Unlinks the phone and forgets what belonged to it; the configuration stays.
pub fn forget_link(gateway: &Arc<Gateway>, name: &str) {
    gateway.change_session(name, |session| {
        session.link = Link::None;
        session.me = None;
        session.timelock = None;
        session.held.clear();
        session.chats.clear();
        session.reindex();
    });
}

/// A phone scans the code. `me` is set at once, while the status still says STARTING.
pub fn scan(gateway: &Arc<Gateway>, name: &str, phone: Option<&str>, display: Option<&str>) -> Result<Me, String> {
    let (me, generation) = gateway.change(|world| {
        let number = phone.map(ids::digits).filter(|digits| !digits.is_empty()).unwrap_or_else(|| free_number(world));
        let session = world.sessions.get_mut(name).ok_or("There is no such session.")?;
        if session.status != Status::ScanQrCode {
            return Err(format!("Session '{name}' shows no QR code: it is {}.", session.status.name()));
        }
        let me = account(&number, display.unwrap_or("Front desk"));
        session.me = Some(me.clone());
        session.link = Link::Alive;
        session.enter(Status::Starting, false);
        Ok((me, begin(session)))
    })?;
    go_on(gateway, name, generation);
    Ok(me)
}

/// The connection drops for a moment: STARTING, then WORKING again.
pub fn drop_connection(gateway: &Arc<Gateway>, name: &str) {
    let generation = gateway.change_session(name, |session| {
        (session.status == Status::Working).then(|| {
            session.enter(Status::Starting, false);
            begin(session)
        })
    });
    if let Some(Some(generation)) = generation {
        go_on(gateway, name, generation);
    }
}

/// Somebody removes the linked device on the phone itself: FAILED, and every new start fails until a logout.
pub fn unlink(gateway: &Arc<Gateway>, name: &str) {
    let is_known = gateway.change_session(name, |session| {
        session.link = Link::Dead;
        session.enter(Status::Failed, false);
        begin(session);
    });
    if is_known.is_some() {
        events::tell_status(gateway, name);
    }
}

/// From here on earlier tasks of this session know that their time has passed.
fn begin(session: &mut Session) -> u64 {
    session.generation += 1;
    session.qr = None;
    session.code = None;
    session.generation
}

fn go_on(gateway: &Arc<Gateway>, name: &str, generation: u64) {
    events::tell_status(gateway, name);
    let (house, name) = (gateway.clone(), name.to_owned());
    gateway.spawn(async move { live(&house, &name, generation).await });
}

async fn live(gateway: &Arc<Gateway>, name: &str, generation: u64) {
    tokio::time::sleep(gateway.timing.starting).await;
    let Some(link) = gateway.read(|world| world.sessions.get(name).map(|session| session.link)) else {
        return;
    };
    match link {
        Link::Alive => begin_to_work(gateway, name, generation),
        Link::Dead => {
            step(gateway, name, generation, |session| session.enter(Status::Failed, false));
        }
        Link::None => show_codes(gateway, name, generation).await,
    }
}

/// Each new code is told as SCAN_QR_CODE again; after the last the session has failed.
async fn show_codes(gateway: &Arc<Gateway>, name: &str, generation: u64) {
    for turn in 0..gateway.timing.qr_codes {
        let is_shown = step(gateway, name, generation, |session| {
            session.qr = Some(ids::qr_value());
            session.enter(Status::ScanQrCode, false);
        });
        if !is_shown {
            return;
        }
        let life = if turn == 0 { gateway.timing.first_qr } else { gateway.timing.next_qr };
        tokio::time::sleep(life).await;
    }
    step(gateway, name, generation, |session| {
        session.qr = None;
        session.enter(Status::Failed, false);
    });
}

/// What came while the session was away is told as soon as it works.
fn begin_to_work(gateway: &Arc<Gateway>, name: &str, generation: u64) {
    let mut held = Vec::new();
    let works = step(gateway, name, generation, |session| {
        held = std::mem::take(&mut session.held);
        session.enter(Status::Working, false);
    });
    if works {
        held.iter().for_each(|id| events::tell_message(gateway, name, id));
    }
}

/// Takes one step and tells it, unless the session has begun anew meanwhile.
fn step(gateway: &Arc<Gateway>, name: &str, generation: u64, act: impl FnOnce(&mut Session)) -> bool {
    let is_current = gateway.change(|world| match world.sessions.get_mut(name) {
        Some(session) if session.generation == generation => {
            act(session);
            true
        }
        _ => false,
    });
    if is_current {
        events::tell_status(gateway, name);
    }
    is_current
}

fn account(number: &str, name: &str) -> Me {
    Me {
        id: format!("{number}@c.us"),
        push_name: name.to_owned(),
        lid: format!("9{number}@lid"),
        jid: format!("{number}:1@s.whatsapp.net"),
    }
}

/// The first of the numbers kept for fiction (+1 202 555 0100 and on) that no session uses.
fn free_number(world: &World) -> String {
    let is_used = |number: &String| {
        let id = format!("{number}@c.us");
        world.sessions.values().any(|session| session.me.as_ref().is_some_and(|me| me.id == id))
    };
    let mut numbers = (100_u32..).map(|tail| format!("1202555{tail:04}"));
    numbers.find(|number| !is_used(number)).unwrap_or_default()
}

/// At the simulator's own start: what ran before runs again.
pub fn revive(gateway: &Arc<Gateway>) {
    let running = gateway.change(|world| {
        let running: Vec<_> = world.sessions.values_mut().filter(|session| session.is_running()).collect();
        let names = running.into_iter().map(|session| {
            session.status = Status::Stopped;
            session.name.clone()
        });
        names.collect::<Vec<_>>()
    });
    running.iter().for_each(|name| start(gateway, name));
}

/// The pause in which WAHA takes an engine down.
pub async fn settle(gateway: &Gateway) {
    let pause: Duration = gateway.timing.stopping;
    tokio::time::sleep(pause).await;
}
