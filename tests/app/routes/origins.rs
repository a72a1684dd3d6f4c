//! Where an unsafe request comes from, as the browser says it: another site's is refused with the right token, too.

use super::table::{Line, TABLE};
use super::{Acme, is_unsafe};
use crate::sign_in::Browser;
use crate::support::cast::PASSWORD;
use crate::support::{TestApp, Who, form, get, post};

/// (header, its value)
const ELSEWHERE: &[(&str, &str)] = &[
    ("origin", "https://evil.test"),
    ("origin", "null"),
    ("origin", ""),
    ("origin", "http://desk.test.evil.test"),
    ("origin", "http://desk.test:8080"),
    ("origin", "https://desk.test"),
    ("origin", "file://"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("sec-fetch-site", "unheard-of"),
];

#[actix_web::test]
async fn with_the_right_token_from_another_site_nothing_changes() {
    let acme = Acme::new().await;
    acme.reset();
    let before = acme.checksum();

    // Programs bring no cookie that another site could use; who owes a factor is none of the cast.
    let others = ["/webhooks/", "/login/factor", "/api/"];
    let asks_for_one = |line: &&Line| !others.iter().any(|other| line.path.starts_with(other));

    for line in TABLE.iter().filter(|line| is_unsafe(line)).filter(asks_for_one) {
        for (name, value) in ELSEWHERE {
            let status = acme.status(Some(Who::Ada), line, acme.ask(line).header(name, value)).await;
            assert_eq!(status, 403, "{} {} with {name}: {value}", line.method, line.path);
        }
    }

    assert_eq!(acme.checksum(), before);
}

#[actix_web::test]
async fn our_public_address_and_the_one_asked_at_are_ours() {
    let app = TestApp::new().await;
    let theme = || form("/account/theme", &[("theme", "dark")]);
    let status = async |ask| app.bob(ask).await.status;

    assert_eq!(status(theme()).await, 303, "a browser that says nothing");
    assert_eq!(status(theme().header("origin", "http://desk.test")).await, 303, "the public address");
    let by_ip = theme().header("host", "127.0.0.1:8080").header("origin", "http://127.0.0.1:8080");
    assert_eq!(status(by_ip.header("sec-fetch-site", "same-origin")).await, 303);
    let by_name = theme().header("host", "Localhost:80").header("origin", "http://localhost");
    assert_eq!(status(by_name).await, 303, "the same by another spelling");
    assert_eq!(status(theme().header("host", "localhost").header("origin", "http://localhost:81")).await, 403);
    let twice = theme().header("origin", "http://desk.test").header("origin", "https://evil.test");
    assert_eq!(status(twice).await, 403);
}

#[actix_web::test]
async fn behind_tls_the_same_host_without_it_is_another_site() {
    let mut app = TestApp::new().await;
    app.change(|parts| parts.is_https = true);
    let page = app.anybody(get("/login")).await;
    let visitor = page.cookie("switchboard_visitor").unwrap();
    let sign_in = |origin: &str| {
        let ask =
            form("/login", &[("email", "bob@acme.test"), ("password", PASSWORD)]).header("host", "desk.acme.test");
        ask.header("origin", origin).cookie(visitor.clone()).token(&page.field("csrf_token"))
    };

    assert_eq!(app.anybody(sign_in("http://desk.acme.test")).await.status, 403);
    assert_eq!(app.anybody(sign_in("https://desk.acme.test")).await.status, 303);
}

#[actix_web::test]
async fn a_safe_request_may_come_from_anywhere() {
    let app = TestApp::new().await;

    let link = get("/inbox").header("origin", "https://mail.test").header("sec-fetch-site", "cross-site");

    assert_eq!(app.bob(link).await.status, 200);
}

#[actix_web::test]
async fn sign_in_leads_to_paths_of_ours_only() {
    let app = TestApp::new().await;

    for (next, to) in [
        ("/inbox?queue=open", "/inbox?queue=open"),
        ("https://evil.test", "/"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("/%5c/\t/evil.test", "/"),
        ("/\u{fc}", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
    ] {
        let browser = Browser::new(&app);
        browser.ask(get("/login")).await;
        let fields = [("email", "bob@acme.test"), ("password", PASSWORD), ("next", next)];
        let answer = browser.ask(form("/login", &fields)).await;
        assert_eq!((answer.status, answer.location()), (303, to), "{next:?}");
        browser.ask(get("/")).await;
        assert_eq!(browser.ask(post("/logout")).await.status, 303);
    }
}
