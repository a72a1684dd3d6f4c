//! A failed request, told in the form the caller can use: page, toast, problem+json or plain text.

use super::{Area, Frame, Htmx, Rendered, Screen, html_response, whole};
use crate::kit::error::{Error, Result};
use crate::kit::problem::{BLANK, Problem};
use crate::kit::rate::LIMITED;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use serde_json::{Map, Value, json};
use url::Url;
use url::form_urlencoded::byte_serialize;

const HX_RETARGET: HeaderName = HeaderName::from_static("hx-retarget");
const HX_RESWAP: HeaderName = HeaderName::from_static("hx-reswap");

/// The page for a person who came by a link.
#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    status: StatusCode,
    headline: &'static str,
    message: String,
    request_id: String,
    is_signed_in: bool,
}

/// Added to what is on the screen, which stays as it was.
#[derive(Template)]
#[template(path = "errors/toast.html")]
struct Toast<'a> {
    message: &'a str,
    request_id: &'a str,
}

impl Screen for ErrorPage {
    fn title(&self) -> String {
        self.headline.into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}

/// Answers a failed request in the form the caller can use.
pub async fn render_errors(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let res = next.call(req).await?.map_into_boxed_body();
    let answer = match (res.response().error(), unsaid(&res)) {
        (Some(error), _) => answer_to(res.request(), error),
        (None, Some(error)) => Some(answer_as(res.request(), &error)),
        (None, None) => None,
    };
    let Some(answer) = answer else { return Ok(res) };
    let mut answer = answer?;
    if let Some(allowed) = res.headers().get(ALLOW) {
        answer.headers_mut().insert(ALLOW, allowed.clone());
    }
    Ok(res.into_response(answer))
}

/// What stands behind an answer that others made without our words: the limiter's, and the router's to programs.
fn unsaid(res: &ServiceResponse<BoxBody>) -> Option<Error> {
    // The limiter rounds a moment down to nothing.
    let wait =
        || res.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(1).max(1);
    match res.status() {
        StatusCode::TOO_MANY_REQUESTS if res.headers().contains_key(LIMITED) => Some(Error::TooMany(wait())),
        StatusCode::METHOD_NOT_ALLOWED if res.request().path().starts_with("/api/") => {
            Some(Problem::new(res.status(), BLANK, "This address does not take this method.").into())
        }
        _ => None,
    }
}

/// None: an error that is none of ours and carries its own answer.
fn answer_to(req: &HttpRequest, error: &actix_web::Error) -> Option<Result<HttpResponse>> {
    Some(answer_as(req, error.as_error::<Error>()?))
}

fn answer_as(req: &HttpRequest, error: &Error) -> Result<HttpResponse> {
    if let Error::Unexpected(cause) = error {
        tracing::error!(cause = %format!("{cause:#}"), path = req.path(), "a request failed");
    }
    let mut answer = match Caller::of(req) {
        Caller::Webhook => Ok(error.error_response()),
        Caller::Program => Ok(problem(req, error)),
        Caller::Htmx(htmx) => toast(req, &htmx, error),
        Caller::Person => page(req, error),
    };
    if let (Ok(answer), Some(seconds)) = (&mut answer, error.retry_after()) {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

enum Caller {
    Webhook,
    Program,
    Htmx(Htmx),
    Person,
}

impl Caller {
    fn of(req: &HttpRequest) -> Self {
        let accepts = req.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let htmx = Htmx::of(req);
        match req.path() {
            path if path.starts_with("/webhooks/") => Self::Webhook,
            path if path.starts_with("/api/") => Self::Program,
            _ if accepts.starts_with("application/json") => Self::Program,
            _ if htmx.asks() => Self::Htmx(htmx),
            _ => Self::Person,
        }
    }
}

/// RFC 9457.
fn problem(req: &HttpRequest, error: &Error) -> HttpResponse {
    let status = error.status_code();
    let (kind, members) = match error {
        Error::Problem(problem) => (problem.kind, problem.members.clone()),
        _ => (BLANK, Map::new()),
    };
    let mut body = json!({
        "type": kind,
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": error.to_string(),
        "request_id": Frame::of(req).request_id,
    });
    body.as_object_mut().into_iter().for_each(|body| body.extend(members.clone()));
    let mut answer = HttpResponse::build(status);
    answer.content_type("application/problem+json").insert_header((CACHE_CONTROL, "no-store"));
    if let Some(challenge) = challenge(status, kind, &members).filter(|_| req.path().starts_with("/api/")) {
        answer.insert_header((WWW_AUTHENTICATE, challenge));
    }
    answer.json(body)
}

/// RFC 6750: what a program has to show, or what its token lacks.
fn challenge(status: StatusCode, kind: &str, members: &Map<String, Value>) -> Option<String> {
    let permission = members.get("permission").and_then(Value::as_str);
    match (status, permission) {
        (StatusCode::UNAUTHORIZED, _) if kind == "invalid_token" => {
            Some(r#"Bearer realm="switchboard", error="invalid_token""#.into())
        }
        (StatusCode::UNAUTHORIZED, _) => Some(r#"Bearer realm="switchboard""#.into()),
        (StatusCode::FORBIDDEN, Some(name)) => {
            Some(format!(r#"Bearer realm="switchboard", error="insufficient_scope", scope="{name}""#))
        }
        _ => None,
    }
}

fn toast(req: &HttpRequest, htmx: &Htmx, error: &Error) -> Result<HttpResponse> {
    if matches!(error, Error::SignedOut) {
        let mut answer = htmx.leave(&sign_in_and_return(req));
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(answer);
    }
    let frame = Frame::of(req);
    let html = Toast { message: &error.to_string(), request_id: &frame.request_id }.render()?;
    let mut answer = html_response(error.status_code(), html);
    answer.headers_mut().insert(HX_RETARGET, HeaderValue::from_static("#toasts"));
    answer.headers_mut().insert(HX_RESWAP, HeaderValue::from_static("beforeend"));
    Ok(answer)
}

fn page(req: &HttpRequest, error: &Error) -> Result<HttpResponse> {
    let htmx = Htmx::default();
    if matches!(error, Error::SignedOut) {
        return Ok(htmx.leave(&sign_in_and_return(req)));
    }
    let frame = Frame::of(req);
    let screen = ErrorPage {
        status: error.status_code(),
        headline: headline(error),
        message: error.to_string(),
        request_id: frame.request_id.clone(),
        is_signed_in: frame.user.is_some(),
    };
    let html = whole(&frame, &htmx, &screen.title(), screen.area(), Rendered(screen.render()?))?;
    Ok(html_response(error.status_code(), html))
}

fn headline(error: &Error) -> &'static str {
    match error {
        Error::NotFound => "Nothing here",
        Error::Forbidden => "Not for your role",
        Error::Busy | Error::Crossed => "One moment, please",
        Error::TooMany(_) => "Too many tries",
        Error::TooLarge => "Too large",
        Error::Unexpected(_) => "That went wrong",
        _ => "That did not work",
    }
}

/// Where to sign in, and where to go on afterwards: the page in the browser's address bar, never a fragment of it.
fn sign_in_and_return(req: &HttpRequest) -> String {
    let current =
        req.headers().get("hx-current-url").and_then(|url| url.to_str().ok()).and_then(|url| url.parse().ok());
    let next = match current {
        Some(url) => path_and_query(&url),
        None if req.method() == Method::GET => req.uri().to_string(),
        None => "/".into(),
    };
    format!("/login?next={}", byte_serialize(next.as_bytes()).collect::<String>())
}

fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, web};

    /// What the caller gets for `error`: status, the header named, body.
    async fn answer(error: fn() -> Error, req: TestRequest, header: &str) -> (u16, String, String) {
        let fail = move || async move { Err::<HttpResponse, _>(error()) };
        let app = init_service(App::new().wrap(from_fn(render_errors)).default_service(web::to(fail))).await;
        let res = call_service(&app, req.to_request()).await;
        let header = res.headers().get(header).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = res.status().as_u16();
        (status, header, String::from_utf8(read_body(res).await.to_vec()).unwrap())
    }

    fn at(path: &str) -> TestRequest {
        TestRequest::get().uri(path)
    }

    #[actix_web::test]
    async fn each_caller_is_told_in_its_own_way() {
        let (status, _, page) = answer(|| Error::NotFound, at("/inbox"), "vary").await;
        assert!(status == 404 && page.contains("<html") && page.contains("Nothing here"));

        let (status, target, toast) =
            answer(|| Error::NotFound, at("/inbox").insert_header(("hx-request", "true")), "hx-retarget").await;
        assert!(status == 404 && target == "#toasts" && !toast.contains("<html"));

        let (status, kind, _) = answer(|| Error::NotFound, at("/api/v1/customers"), "content-type").await;
        assert_eq!((status, kind.as_str()), (404, "application/problem+json"));

        let (status, kind, _) = answer(|| Error::NotFound, at("/webhooks/waha/1"), "content-type").await;
        assert_eq!((status, kind.as_str()), (404, "text/plain; charset=utf-8"));
    }

    #[actix_web::test]
    async fn a_stranger_is_sent_to_sign_in_and_back() {
        let (status, location, _) = answer(|| Error::SignedOut, at("/inbox?queue=all"), "location").await;
        assert_eq!((status, location.as_str()), (303, "/login?next=%2Finbox%3Fqueue%3Dall"));

        let fragment = at("/settings/numbers/health").insert_header(("hx-request", "true"));
        let fragment = fragment.insert_header(("hx-current-url", "http://desk.test/inbox"));
        let (status, location, _) = answer(|| Error::SignedOut, fragment, "hx-redirect").await;
        assert_eq!((status, location.as_str()), (401, "/login?next=%2Finbox"));

        assert_eq!(answer(|| Error::SignedOut, at("/api/v1/users"), "location").await.0, 401);
    }

    #[actix_web::test]
    async fn a_busy_desk_says_when_to_come_back() {
        assert_eq!(answer(|| Error::Busy, at("/"), "retry-after").await.1, "2");
    }
}
