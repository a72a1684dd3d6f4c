//! What every answer says to browsers and caches.

use super::table::TABLE;
use super::{Acme, Ask};
use crate::support::{TestApp, Who, get};
use actix_web::http::header::HeaderMap;

async fn headers(acme: &Acme, who: Option<Who>, ask: Ask) -> HeaderMap {
    let signed_in = who.map(|who| acme.app.signed_in(who));
    let req = match &signed_in {
        Some(signed_in) => ask.cookie(signed_in.cookie.clone()).build(Some(&signed_in.csrf)),
        None => ask.build(None),
    };
    acme.app.open(req).await.headers().clone()
}

#[actix_web::test]
async fn every_answer_forbids_foreign_scripts_frames_and_guessing() {
    let acme = Acme::new().await;

    for line in TABLE {
        for who in [None, Some(Who::Ada), Some(Who::Pat)] {
            acme.reset();
            let headers = headers(&acme, who, acme.ask(line)).await;
            let is = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            let policy = is("content-security-policy");
            let route = format!("{} {} for {who:?}: {policy}", line.method, line.path);
            assert!(policy.contains("default-src 'none'"), "{route}");
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{route}");
            assert_eq!(
                (is("x-content-type-options"), is("x-frame-options")),
                ("nosniff".into(), "DENY".into()),
                "{route}"
            );
            assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action '"), "{route}");
            assert_eq!(is("referrer-policy"), "same-origin", "{route}");
            for power in ["camera=()", "microphone=()", "geolocation=()", "payment=()"] {
                assert!(is("permissions-policy").contains(power), "{route}");
            }
            assert_eq!(is("strict-transport-security"), "", "{route}: there is no TLS");
            assert_eq!(is("x-request-id").len(), 36, "{route}");
        }
    }
}

#[actix_web::test]
async fn a_page_of_somebodys_is_kept_by_no_cache() {
    let acme = Acme::new().await;
    let public = ["/assets/{name}", "/healthz", "/readyz", "/messages/{message}/media", "/api/v1/openapi.json"];

    for line in TABLE.iter().filter(|line| line.method == "GET" && !public.contains(&line.path)) {
        let headers = headers(&acme, Some(Who::Ada), acme.ask(line)).await;
        let cache = headers.get("cache-control").map_or("", |value| value.to_str().unwrap());
        assert!(cache.contains("no-store"), "{}: {cache:?}", line.path);
    }
    acme.reset();
}

#[actix_web::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    let mut app = TestApp::new().await;
    app.change(|parts| parts.is_https = true);

    let page = app.anybody(get("/login")).await;

    assert!(page.header("strict-transport-security").starts_with("max-age=63072000"));
}

#[actix_web::test]
async fn no_answer_repeats_what_a_request_says_of_its_host() {
    let acme = Acme::new().await;

    for line in TABLE.iter().filter(|line| line.path != "/events") {
        for who in [None, Some(Who::Ada), Some(Who::Pat)] {
            acme.reset();
            let ask = acme.ask(line).header("host", "evil.test").header("x-forwarded-host", "evil.test");
            let ask = ask.header("forwarded", "host=evil.test").header("x-forwarded-proto", "https");
            let answer = match who {
                Some(who) => acme.app.ask(who, ask).await,
                None => acme.app.anybody(ask).await,
            };
            let headers = format!("{:?}", answer.headers);
            let told = answer.has("evil.test") || headers.contains("evil.test");
            assert!(!told, "{} {} for {who:?}: {answer:?}", line.method, line.path);
        }
    }
    acme.reset();
}

#[actix_web::test]
async fn assets_are_kept_for_ever_and_have_the_right_kind() {
    let app = TestApp::new().await;
    let page = app.anybody(get("/login")).await;
    let links = page.html.split('"').filter(|part| part.starts_with("/assets/"));
    let mut count = 0;

    for link in links.map(|link| link.split('#').next().unwrap()) {
        let asset = app.anybody(get(link)).await;
        assert_eq!(asset.status, 200, "{link}");
        assert!(asset.header("cache-control").contains("immutable"), "{link}");
        assert_eq!(asset.header("set-cookie"), "", "{link}");
        count += 1;
    }

    assert!(count >= 5, "{count} assets");
    assert_eq!(app.anybody(get("/assets/nothing.css")).await.status, 404);
    assert_eq!(app.anybody(get("/assets/..%2f..%2fCargo.toml")).await.status, 404);
}

#[actix_web::test]
async fn only_sign_in_gives_cookies_to_visitors() {
    let acme = Acme::new().await;

    for line in TABLE.iter().filter(|line| !line.path.starts_with("/login") && !line.path.starts_with("/welcome")) {
        acme.reset();
        let headers = headers(&acme, None, acme.ask(line)).await;
        assert!(!headers.contains_key("set-cookie"), "{} {}", line.method, line.path);
    }
}
