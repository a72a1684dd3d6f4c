//! The description of `/api/v1` for programs: every operation, with what can go wrong at each.

use crate::kit::json::answers;
use crate::{
    account, api_clients, calls, customer_desk, customer_list, duplicates, gdpr, imports, security, teams, tenants,
    users,
};
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use std::sync::LazyLock;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{Modify, OpenApi};

const ABOUT: &str = "Everything here is JSON in UTF-8, but for files. A request carries a token as \
    `Authorization: Bearer …`: a personal token from the account page, or an access token from `/api/v1/auth/token`. Cookies \
    count for nothing here.\n\n\
    An operation names the permission that it needs as the scope of its security. A token never does more than its user's \
    role may.\n\n\
    Lists take `limit` (1 to 100) and `cursor`; a page's `next_cursor` leads to the next one and is null on the last. \
    Failures are problems as RFC 9457 has them.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Switchboard", version = "1", description = ABOUT, license(name = "AGPL-3.0-only", identifier = "AGPL-3.0-only")),
    servers((url = "/", description = "This desk")),
    paths(
        api_clients::api::create, api_clients::api::refresh, api_clients::api::revoke,
        account::api::show,
        users::api::index, users::api::create, users::api::show, users::api::update, users::api::delete,
        teams::api::index, teams::api::create, teams::api::show, teams::api::update, teams::api::delete,
        customer_desk::api::index, customer_desk::api::create, customer_desk::api::show, customer_desk::api::update,
        customer_desk::api::delete,
        customer_desk::api::addresses::index, customer_desk::api::addresses::create, customer_desk::api::addresses::delete,
        gdpr::consents::api::index, gdpr::consents::api::create, gdpr::consents::api::states,
        duplicates::api::index, duplicates::api::merges::index, duplicates::api::merges::create,
        duplicates::api::merges::separate,
        imports::api::index, imports::api::create, imports::api::show, imports::api::update, imports::api::delete,
        imports::api::steps::check, imports::api::steps::run, imports::api::steps::cancel, imports::api::steps::undo,
        imports::api::rows::index, imports::api::rows::report,
        calls::api::index, calls::api::create, calls::api::show, calls::api::update, calls::api::delete,
        customer_list::api::create, customer_list::api::show, customer_list::api::file,
        tenants::api::index, tenants::api::show,
        security::api::index, security::api::delete,
        description,
    ),
    components(
        schemas(answers::ProblemBody),
        responses(
            answers::BadRequest, answers::Unauthorized, answers::Forbidden, answers::NotFound, answers::Conflict,
            answers::TooLarge, answers::UnsupportedMediaType, answers::InvalidValues, answers::TooMany,
            answers::FileKnown, answers::FileTooLarge, answers::NoFile,
            answers::Unexpected, answers::Busy, answers::SignInFailed, answers::SeveralTenants, answers::RefreshFailed,
        )
    ),
    tags(
        (name = "auth", description = "Signing programs in and out"),
        (name = "account", description = "Who asks"),
        (name = "users", description = "People with an account"),
        (name = "teams", description = "Groups of users"),
        (name = "customers", description = "People outside, and their addresses"),
        (name = "calls", description = "Voice and video calls: told by WhatsApp, or written down"),
        (name = "consents", description = "What customers agreed to, over which channel"),
        (name = "merges", description = "Customers who may be one person, and who were joined"),
        (name = "imports", description = "Customers from files"),
        (name = "exports", description = "Customers as files"),
        (name = "tenants", description = "Organisations"),
        (name = "sessions", description = "Browsers and programs that are signed in"),
        (name = "description", description = "This document"),
    ),
    modifiers(&Bearer, &Failures),
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let words = "A personal token (`swb_…`) or an access token (a JWT of 15 minutes).";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(words)).build();
        api.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// What can happen at every operation of a kind is said once, here.
struct Failures;

impl Modify for Failures {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut api.paths.paths {
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            operations.into_iter().flatten().for_each(|operation| add_failures(path, operation));
        }
    }
}

fn add_failures(path: &str, operation: &mut Operation) {
    let is_open =
        operation.security.as_ref().is_none_or(|security| security.iter().any(|needed| *needed == Default::default()));
    let has_body = operation.request_body.is_some();
    let failures = [
        ("400", "BadRequest", has_body),
        ("401", "Unauthorized", !is_open),
        ("403", "Forbidden", !is_open),
        ("404", "NotFound", path.contains('{')),
        ("413", "TooLarge", has_body),
        ("415", "UnsupportedMediaType", has_body),
        ("422", "InvalidValues", has_body || operation.parameters.is_some()),
        ("500", "Unexpected", true),
        ("503", "Busy", true),
    ];
    for (status, name, _) in failures.into_iter().filter(|(.., applies)| *applies) {
        let reference = || RefOr::Ref(Ref::from_response_name(name));
        operation.responses.responses.entry(status.to_owned()).or_insert_with(reference);
    }
}

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "description", operation_id = "showDescription", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub async fn description() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "no-cache")).body(text())
}

/// As JSON, made once.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| Description::openapi().to_json().expect("the description is made of texts and lists"));
    &TEXT
}
