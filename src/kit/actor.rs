//! Who acts: said once, when a transaction begins. The audit entries written in it read it from there.

use crate::pg_enum;
use std::net::IpAddr;
use uuid::Uuid;

pg_enum! {
    /// As what somebody or something acts. Support is a platform administrator whom the tenant has let in, an API token
    /// a user's program, and the desk itself a command, the demo, or the request of somebody who has not signed in.
    ActorKind over ActorKind {
        User = "user",
        Support = "support",
        Job = "job",
        ApiToken = "api_token",
        Webhook = "webhook",
        Desk = "desk",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    kind: ActorKind,
    user: Option<Uuid>,
    /// What the user acts through: a token, a grant.
    via: Option<Uuid>,
    ip: Option<IpAddr>,
    request: Option<Uuid>,
}

impl Actor {
    /// A signed-in user, from an address, by a request.
    pub fn user(user: Uuid, ip: Option<IpAddr>, request: Option<Uuid>) -> Self {
        Self { kind: ActorKind::User, user: Some(user), ..Self::visitor(ip, request) }
    }

    /// Somebody who has not proved who they are.
    pub fn visitor(ip: Option<IpAddr>, request: Option<Uuid>) -> Self {
        Self { ip, request, ..Self::default() }
    }

    /// Another program that tells us something.
    pub fn webhook(ip: Option<IpAddr>, request: Option<Uuid>) -> Self {
        Self { kind: ActorKind::Webhook, ..Self::visitor(ip, request) }
    }

    pub fn job() -> Self {
        Self { kind: ActorKind::Job, ..Self::default() }
    }

    /// The same user by a program that holds this token of theirs.
    pub fn through_token(self, token: Uuid) -> Self {
        Self { kind: ActorKind::ApiToken, via: Some(token), ..self }
    }

    /// The same user, of the platform, in a tenant that has granted this access.
    pub fn in_support(self, grant: Uuid) -> Self {
        Self { kind: ActorKind::Support, via: Some(grant), ..self }
    }

    /// Settings that ride along with BEGIN: "user,ip,request,kind,via". Only values we format ourselves, never text from
    /// outside.
    pub(super) fn settings(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let text = |value: Option<String>| value.unwrap_or_default();
        let id = |id: Option<Uuid>| text(id.map(|id| id.to_string()));
        let ip = text(self.ip.map(|ip| ip.to_string()));
        let (kind, request) = (self.kind.word(), id(self.request));
        format!("; SET LOCAL app.actor = '{},{ip},{request},{kind},{}'", id(self.user), id(self.via))
    }
}

impl Default for Actor {
    /// The desk itself.
    fn default() -> Self {
        Self { kind: ActorKind::Desk, user: None, via: None, ip: None, request: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_itself_says_nothing_and_others_say_who_they_are() {
        assert_eq!(Actor::default().settings(), "");
        assert_eq!(Actor::job().settings(), "; SET LOCAL app.actor = ',,,job,'");
        let (user, token) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let actor = Actor::user(user, "2001:db8::1".parse().ok(), None).through_token(token);
        assert_eq!(actor.settings(), format!("; SET LOCAL app.actor = '{user},2001:db8::1,,api_token,{token}'"));
    }
}
