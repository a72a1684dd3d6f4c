//! The four addresses of the authority.

use super::mint::{Lie, id_token};
use super::{Authority, CLIENT_ID, CLIENT_SECRET, Grant, State};
use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Query};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::time::Duration;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

type Fields = HashMap<String, String>;

pub async fn discovery(authority: Data<Authority>) -> HttpResponse {
    let mut state = authority.state();
    *state.asked.entry("discovery").or_default() += 1;
    let base = &state.base;
    HttpResponse::Ok().json(json!({
        "issuer": format!("{base}/{{tenantid}}/v2.0"),
        "authorization_endpoint": format!("{base}/common/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/common/oauth2/v2.0/token"),
        "jwks_uri": format!("{base}/common/discovery/v2.0/keys"),
    }))
}

pub async fn keys(authority: Data<Authority>) -> HttpResponse {
    let mut state = authority.state();
    *state.asked.entry("keys").or_default() += 1;
    let odd = json!({ "kty": "EC", "kid": "a-key-of-another-kind", "crv": "P-256" });
    let keys = state.keys.iter().map(|key| key.jwk(&state.base, state.lie)).chain([odd]);
    HttpResponse::Ok().json(json!({ "keys": keys.collect::<Vec<Value>>() }))
}

/// Whoever sits there agrees at once, unless told otherwise.
pub async fn authorize(authority: Data<Authority>, Query(fields): Query<Fields>) -> HttpResponse {
    let mut state = authority.state();
    *state.asked.entry("authorize").or_default() += 1;
    let is = |name: &str, value: &str| fields.get(name).is_some_and(|given| given == value);
    let is_whole = is("client_id", CLIENT_ID)
        && is("redirect_uri", &state.redirect)
        && is("response_type", "code")
        && is("code_challenge_method", "S256")
        && ["state", "nonce", "code_challenge", "scope"].iter().all(|name| fields.contains_key(*name));
    if !is_whole {
        return HttpResponse::BadRequest().body(format!("This request is not whole: {fields:?}"));
    }
    state.last.clone_from(&fields);
    let escaped = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let outcome = match state.lie {
        Lie::Denied => "error=access_denied&error_description=The+user+said+no".to_owned(),
        Lie::ServerError => "error=server_error".to_owned(),
        _ => format!("code={}", code(&mut state, &fields)),
    };
    let to = format!("{}?{outcome}&state={}", fields["redirect_uri"], escaped(&fields["state"]));
    HttpResponse::Found().insert_header(("location", to)).finish()
}

fn code(state: &mut State, fields: &Fields) -> String {
    let grant = Grant {
        person: state.person.clone(),
        nonce: fields["nonce"].clone(),
        challenge: fields["code_challenge"].clone(),
        redirect: fields["redirect_uri"].clone(),
        scope: fields["scope"].clone(),
        family: Uuid::new_v4(),
    };
    let code = format!("code-{}", Uuid::new_v4().simple());
    state.codes.insert(code.clone(), grant);
    code
}

pub async fn token(authority: Data<Authority>, Form(fields): Form<Fields>) -> HttpResponse {
    let lie = {
        let mut state = authority.state();
        *state.asked.entry("token").or_default() += 1;
        state.lie
    };
    match lie {
        Lie::Slow => tokio::time::sleep(Duration::from_secs(3)).await,
        Lie::Failing => return HttpResponse::BadGateway().body("<html>"),
        Lie::Busy => return refusal("temporarily_unavailable"),
        Lie::NotJson => {
            drop(granted(&mut authority.state(), &fields));
            return HttpResponse::Ok().content_type("application/json").body("{\"access_token\": ");
        }
        Lie::Huge => {
            drop(granted(&mut authority.state(), &fields));
            return HttpResponse::Ok().content_type("application/json").body(vec![b' '; 8 * 1024 * 1024]);
        }
        _ => {}
    }
    let mut state = authority.state();
    match granted(&mut state, &fields) {
        Ok(grant) => HttpResponse::Ok().json(tokens(&mut state, grant)),
        Err(word) => refusal(word),
    }
}

fn refusal(word: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": word, "error_description": "AADSTS0: a sentence of theirs" }))
}

/// The grant behind a code or a refresh token, which counts once.
fn granted(state: &mut State, fields: &Fields) -> Result<Grant, &'static str> {
    let given = |name: &str| fields.get(name).map_or("", String::as_str);
    let is_client = given("client_id") == CLIENT_ID && given("client_secret") == CLIENT_SECRET;
    if !is_client || state.lie == Lie::BadClient {
        return Err("invalid_client");
    }
    match given("grant_type") {
        "authorization_code" => {
            let grant = state.codes.remove(given("code")).ok_or("invalid_grant")?;
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier")));
            let fits = challenge == grant.challenge && given("redirect_uri") == grant.redirect;
            if fits { Ok(grant) } else { Err("invalid_grant") }
        }
        "refresh_token" => {
            let token = given("refresh_token");
            if let Some(family) = state.spent.get(token).copied() {
                // Somebody has a copy: nobody may go on.
                state.refreshes.retain(|_, grant| grant.family != family);
                return Err("invalid_grant");
            }
            let grant = state.refreshes.remove(token).ok_or("invalid_grant")?;
            state.spent.insert(token.to_owned(), grant.family);
            Ok(grant)
        }
        _ => Err("unsupported_grant_type"),
    }
}

fn tokens(state: &mut State, grant: Grant) -> Value {
    let mut answer = json!({
        "token_type": "Bearer", "expires_in": state.life, "scope": grant.scope,
        "access_token": format!("access-{}", Uuid::new_v4().simple()),
    });
    if state.lie != Lie::NoIdToken {
        answer["id_token"] = json!(id_token(&state.base, &state.keys[0], &grant, state.lie));
    }
    if grant.scope.split(' ').any(|scope| scope == "offline_access") {
        let refresh = format!("refresh-{}", Uuid::new_v4().simple());
        answer["refresh_token"] = json!(refresh);
        state.refreshes.insert(refresh, grant);
    }
    answer
}
