//! Sessions, secrets and rules as pages show them.

use super::factors::State;
use super::passkeys::model::Passkey;
use super::screens::passkeys::PasskeyLine;
use super::screens::{Factor, RoleBox, SessionLine, SetUpCard};
use super::sessions::UserSession;
use crate::kit::access::{Role, SignedIn};
use crate::kit::agent;
use crate::kit::error::{Error, Result};
use crate::kit::words;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::Utc;
use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::Totp;

/// `user` is empty among one's own; its end is asked for below `list`, by those who may.
pub fn session(who: &SignedIn, session: &UserSession, user: String, list: Option<&str>) -> SessionLine {
    let when = |at| words::when(at, who.time_zone, Utc::now());
    SessionLine {
        id: session.id.to_string(),
        user,
        browser: match session.is_api_client() {
            true => format!("Program: {}", session.user_agent.as_deref().unwrap_or("without a name")),
            false => agent::words(session.user_agent.as_deref()),
        },
        address: session.ip_address.clone().unwrap_or_else(|| "unknown address".into()),
        signed_in: when(session.created_at),
        last_seen: when(session.last_seen_at),
        is_this: session.id.get() == who.session,
        is_pending: session.is_pending,
        end: list.map(|list| format!("{list}/{}/end", session.id)),
    }
}

pub fn factor(who: &SignedIn, state: State, is_required: bool) -> Factor {
    Factor {
        since: state.since.map(|since| words::when(since, who.time_zone, Utc::now())),
        has_app: state.has_app,
        passkeys: state.passkeys,
        codes_left: state.codes_left,
        is_required,
        proof_error: None,
    }
}

pub fn passkey(who: &SignedIn, passkey: &Passkey) -> PasskeyLine {
    let when = |at| words::when(at, who.time_zone, Utc::now());
    PasskeyLine {
        href: format!("/account/passkeys/{}", passkey.id),
        name: passkey.name.clone(),
        since: when(passkey.created_at),
        last_used: passkey.last_used_at.map(when),
    }
}

/// The secret as a picture and as text.
pub fn set_up(totp: &Totp, action: &'static str, next: String) -> Result<SetUpCard> {
    let url = totp.to_url().map_err(|cause| Error::unexpected(anyhow::anyhow!("TOTP: {cause}")))?;
    let code = QrCode::new(url).map_err(Error::unexpected)?;
    let svg = code.render::<svg::Color>().min_dimensions(200, 200).quiet_zone(true).build();
    let secret = totp.secret().to_base32();
    let groups: Vec<String> = secret.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into()).collect();
    Ok(SetUpCard {
        qr: format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg)),
        secret: groups.join(" "),
        action,
        next,
        code_error: None,
    })
}

/// One box per role of an organisation.
pub fn roles(ticked: &[Role]) -> Vec<RoleBox> {
    let roles = [
        ("tenant_admin", Role::TenantAdmin),
        ("manager", Role::Manager),
        ("agent", Role::Agent),
        ("auditor", Role::Auditor),
    ];
    roles.map(|(name, role)| RoleBox { name, label: role.label(), is_ticked: ticked.contains(&role) }).into()
}
