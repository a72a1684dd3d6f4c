//! Calls that customers make on the page: they ring, are taken on the desk's phone or declined, and end.

use std::sync::Arc;

use super::contacts;
use super::events;
use super::gateway::Gateway;
use super::ids;
use super::state::Status;

/// A call that is going on between somebody and a number.
#[derive(Debug, Clone)]
pub struct Ringing {
    pub id: String,
    /// Of the customer.
    pub phone: String,
    pub from: String,
    pub is_video: bool,
    pub is_taken: bool,
}

/// The customer calls the number.
pub fn ring(gateway: &Arc<Gateway>, session: &str, phone: &str, is_video: bool) -> Result<(), String> {
    let ringing = gateway.change(|world| {
        let works = world.sessions.get(session).is_some_and(|session| session.status == Status::Working);
        if !works || world.calls.contains_key(session) {
            return None;
        }
        let person = world.person(phone, None);
        let from = if person.hidden { person.lid.clone() } else { format!("{}@c.us", person.phone) };
        let (id, phone) = (ids::message_id(false), person.phone.clone());
        let ringing = Ringing { id, phone, from, is_video, is_taken: false };
        world.calls.insert(session.to_owned(), ringing.clone());
        Some(ringing)
    });
    let ringing = ringing.ok_or("This number cannot be called now.")?;
    events::tell(gateway, session, "call.received", &payload(&ringing));
    Ok(())
}

/// Somebody takes it on the desk's phone.
pub fn take(gateway: &Arc<Gateway>, session: &str) -> Result<(), String> {
    let taken = gateway.change(|world| {
        let ringing = world.calls.get_mut(session).filter(|ringing| !ringing.is_taken)?;
        ringing.is_taken = true;
        Some(ringing.clone())
    });
    let ringing = taken.ok_or("Nothing rings.")?;
    events::tell(gateway, session, "call.accepted", &payload(&ringing));
    Ok(())
}

/// Either side ends it, or declines it while it rings.
pub fn end(gateway: &Arc<Gateway>, session: &str) -> Result<(), String> {
    let ringing = gateway.change(|world| world.calls.remove(session)).ok_or("Nothing rings.")?;
    events::tell(gateway, session, "call.rejected", &payload(&ringing));
    Ok(())
}

/// The customer lets it ring in vain: WhatsApp tells nothing of that.
pub fn give_up(gateway: &Arc<Gateway>, session: &str) -> Result<(), String> {
    gateway.change(|world| world.calls.remove(session)).map(drop).ok_or_else(|| "Nothing rings.".into())
}

fn payload(ringing: &Ringing) -> serde_json::Value {
    contacts::call(&ringing.id, &ringing.from, ringing.is_video)
}
