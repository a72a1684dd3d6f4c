//! A signed-in user with the pages they look at.

use crate::ground::Ground;
use crate::http::{Answer, Connection};
use anyhow::{Context, ensure};
use diesel::prelude::*;
use std::net::SocketAddr;
use switchboard::demo::load::PASSWORD;
use switchboard::schema::{conversations, tenants, users};
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

/// What browsers say over plain HTTP.
pub const AS_BROWSER: &str = "Accept-Encoding: gzip, deflate, br, zstd\r\n";

#[derive(Debug, Clone)]
pub struct Visitor {
    cookie: String,
    /// For forms; htmx sends it as a header.
    token: String,
    pub threads: Vec<Uuid>,
}

impl Visitor {
    /// Signs in by the form, as a person does.
    pub async fn sign_in(address: SocketAddr, email: &str) -> anyhow::Result<Self> {
        Self::sign_in_from(address, email, "").await
    }

    /// The same with further headers, each with the end of its line.
    pub async fn sign_in_from(address: SocketAddr, email: &str, headers: &str) -> anyhow::Result<Self> {
        let mut connection = Connection::open(address).await?;
        let page = format!("GET /login HTTP/1.1\r\nHost: desk\r\n{headers}\r\n");
        let page = connection.ask(page.as_bytes()).await?;
        let (visitor, token) = (cookies(&page), token(&page)?);
        let form: Vec<String> = [("email", email), ("password", PASSWORD), ("csrf_token", &token)]
            .map(|(name, value)| format!("{name}={}", byte_serialize(value.as_bytes()).collect::<String>()))
            .into();
        let form = form.join("&");
        let request = format!(
            "POST /login HTTP/1.1\r\nHost: desk\r\nCookie: {visitor}\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        let answer = connection.ask(request.as_bytes()).await?;
        ensure!(answer.status == 303, "{email} cannot sign in: {}", answer.head);
        let mut visitor = Self { cookie: cookies(&answer), token: String::new(), threads: Vec::new() };
        let page = visitor.get("/inbox", "");
        visitor.token = self::token(&connection.ask(&page).await?)?;
        Ok(visitor)
    }

    /// The request for a page; each of `headers` ends its line.
    pub fn get(&self, path: &str, headers: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nHost: desk\r\nCookie: {}\r\n{headers}\r\n", self.cookie).into_bytes()
    }

    /// The request that writes into a conversation.
    pub fn write(&self, conversation: Uuid, text: &str) -> Vec<u8> {
        let form = format!("body={}", byte_serialize(text.as_bytes()).collect::<String>());
        format!(
            "POST /conversations/{conversation}/messages HTTP/1.1\r\nHost: desk\r\nCookie: {}\r\nX-CSRF-Token: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.cookie,
            self.token,
            form.len()
        )
        .into_bytes()
    }
}

/// The first `count` agents of the largest tenant, each with `threads` conversations that they may see, from the whole
/// tenant.
pub async fn agents(ground: &Ground, address: SocketAddr, count: i64, threads: i64) -> anyhow::Result<Vec<Visitor>> {
    let mut conn = ground.connect()?;
    let slug = format!("load-{}-1", ground.load.seed);
    let tenant: Uuid = tenants::table.filter(tenants::slug.eq(slug)).select(tenants::id).first(&mut conn)?;
    let agents: Vec<(Uuid, String)> = users::table
        .filter(users::tenant_id.eq(tenant).and(users::email.like("agent%")))
        .order(users::email)
        .limit(count)
        .select((users::id, users::email))
        .load(&mut conn)?;
    let mut visitors = Vec::new();
    for (id, email) in agents {
        let mut visitor = Visitor::sign_in(address, &email).await?;
        let visible = conversations::assignee_id.is_null().or(conversations::assignee_id.eq(id).assume_not_null());
        visitor.threads = conversations::table
            .filter(conversations::tenant_id.eq(tenant).and(conversations::last_message_at.is_not_null()))
            .filter(visible)
            // Ids begin with the time: their last digits are as good as random.
            .order(diesel::dsl::sql::<diesel::sql_types::Text>("right(conversations.id::text, 8)"))
            .limit(threads)
            .select(conversations::id)
            .load(&mut conn)?;
        visitors.push(visitor);
    }
    Ok(visitors)
}

/// The addresses of so many agents of all tenants.
pub fn somebody(ground: &Ground, count: i64) -> anyhow::Result<Vec<String>> {
    let agents = users::table.filter(users::email.like("agent%")).order((users::email, users::id)).limit(count);
    Ok(agents.select(users::email).load(&mut ground.connect()?)?)
}

fn cookies(answer: &Answer<'_>) -> String {
    let pairs = answer.headers("set-cookie").filter_map(|cookie| cookie.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

fn token(page: &Answer<'_>) -> anyhow::Result<String> {
    let html = String::from_utf8_lossy(page.body);
    let marks = [r#"name="csrf_token" value=""#, r#"name="csrf-token" content=""#];
    let after = marks.iter().find_map(|mark| html.split_once(mark)).context("a page without a token")?.1;
    Ok(after.split('"').next().unwrap_or_default().to_owned())
}
