//! The same people everywhere: five at Acme, a stranger at Globex, and one who looks after the platform.

use actix_web::cookie::{Cookie, CookieJar, Key};
use diesel::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Text, Uuid as SqlUuid};
use sha2::{Digest, Sha256};
use switchboard::kit::access::Role;
use switchboard::kit::db::Db;
use switchboard::kit::secret::Secret;
use switchboard::kit::tokens::Kind;
use switchboard::kit::vault::Vault;
use switchboard::tenants::model::{self as tenants, PLATFORM, TenantData};
use switchboard::users::model::{self as users, UserData};
use switchboard::users::password;
use uuid::Uuid;

/// Everybody's.
pub const PASSWORD: &str = "correct horse battery staple";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Ada,
    Max,
    Bob,
    Eve,
    Olga,
    /// At Globex.
    Carol,
    Pat,
}

impl Who {
    pub const ALL: [Self; 7] = [Self::Ada, Self::Max, Self::Bob, Self::Eve, Self::Olga, Self::Carol, Self::Pat];

    pub fn email(self) -> &'static str {
        match self {
            Self::Ada => "ada@acme.test",
            Self::Max => "max@acme.test",
            Self::Bob => "bob@acme.test",
            Self::Eve => "eve@acme.test",
            Self::Olga => "olga@acme.test",
            Self::Carol => "carol@globex.test",
            Self::Pat => "pat@switchboard.test",
        }
    }

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Ada => ("Ada", "Arnold"),
            Self::Max => ("Max", "Moser"),
            Self::Bob => ("Bob", "Baker"),
            Self::Eve => ("Eve", "Evans"),
            Self::Olga => ("Olga", "Orlow"),
            Self::Carol => ("Carol", "Costa"),
            Self::Pat => ("Pat", "Petrov"),
        }
    }

    pub fn role(self) -> Role {
        match self {
            Self::Ada | Self::Carol => Role::TenantAdmin,
            Self::Max => Role::Manager,
            Self::Bob | Self::Eve => Role::Agent,
            Self::Olga => Role::Auditor,
            Self::Pat => Role::PlatformAdmin,
        }
    }
}

/// Makes the tenants and everybody's account; one hash serves all, since hashing is slow on purpose.
pub async fn fill(url: &str) -> anyhow::Result<()> {
    let db = Db::connect(url, 2, 1)?;
    let acme = tenant(&db, "Acme Bikes", "acme").await?;
    let globex = tenant(&db, "Globex Travel", "globex").await?;
    let hash = password::hash(&Secret::new(PASSWORD.to_owned()))?;
    for who in Who::ALL {
        let home = match who {
            Who::Carol => globex,
            Who::Pat => PLATFORM,
            _ => acme,
        };
        let data = UserData {
            email: who.email().into(),
            first_name: who.name().0.into(),
            last_name: who.name().1.into(),
            role: who.role(),
            password_hash: Some(hash.clone()),
        };
        db.platform().enter(home, move |conn, tenant| users::create(conn, tenant, &data)).await?;
    }
    Ok(())
}

async fn tenant(db: &Db, name: &str, slug: &str) -> anyhow::Result<Uuid> {
    let data = TenantData { name: name.into(), slug: slug.into(), time_zone: "Europe/Berlin".into() };
    Ok(db.platform().run(move |conn| tenants::create(conn, &data)).await?.get())
}

/// Somebody's signed-in browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: Uuid,
    pub cookie: Cookie<'static>,
    pub csrf: String,
}

/// A session as signing in would make it, without the half second that seven passwords take. tests/app/sign_in.rs shows
/// that signing in does make it.
pub fn sign_in(owner: &mut PgConnection, vault: &Vault, who: Who) -> SignedIn {
    let (session, key) = (Uuid::now_v7(), format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
    let sql = "INSERT INTO user_sessions (tenant_id, id, user_id, token_hash, expires_at) \
               SELECT tenant_id, $1, id, $2, now() + interval '12 hours' FROM users WHERE email = $3";
    let hash = Sha256::digest(key.as_bytes()).to_vec();
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(session).bind::<Binary, _>(hash);
    assert_eq!(query.bind::<Text, _>(who.email()).execute(owner).unwrap(), 1);
    let mut jar = CookieJar::new();
    let signing = Key::derive_from(vault.token("cookie", "session").as_bytes());
    jar.signed_mut(&signing).add(Cookie::new("switchboard", key));
    let cookie = jar.get("switchboard").unwrap().clone();
    SignedIn { session, cookie, csrf: vault.token("csrf", &session.to_string()) }
}

/// A personal token of theirs that carries `scopes`, as its form would make it.
pub fn api_token(owner: &mut PgConnection, who: Who, scopes: &[&str]) -> String {
    let token = Kind::Personal.mint().expose().clone();
    let sql = "INSERT INTO api_tokens (tenant_id, id, user_id, name, token_hash, hint, scopes, expires_at) \
               SELECT tenant_id, $1, id, 'Test', $2, 'test', $3, now() + interval '1 day' FROM users WHERE email = $4";
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(Uuid::now_v7());
    let query = query.bind::<Binary, _>(Sha256::digest(token.as_bytes()).to_vec()).bind::<Array<Text>, _>(scopes);
    assert_eq!(query.bind::<Text, _>(who.email()).execute(owner).unwrap(), 1);
    token
}
