//! Every screen with made-up data, to look at: `cargo run --example gallery`, then http://127.0.0.1:8090/.
//!
//! Nothing here reaches a database. `/screen?theme=dark` shows it dark.

use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{Bytes, Query, ServiceConfig, get, post, put, resource};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::StreamExt;
use serde::Deserialize;
use switchboard::kit::assets;
use switchboard::kit::error::Result;
use switchboard::kit::html::{self, Frame, Htmx, Screen, Theme};
use switchboard::numbers::screens::Step;

mod frame;
mod inbox;
mod numbers;
mod overview;
mod sign_in;
mod thread;

/// As strict as the program's own, so that what would break there breaks here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Deserialize)]
struct Look {
    theme: Option<String>,
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = ("127.0.0.1", 8090);
    println!("http://{}:{}/", address.0, address.1);
    let app = || {
        let policy = DefaultHeaders::new().add(("content-security-policy", POLICY));
        let app = App::new().wrap(from_fn(html::render_errors)).wrap(policy);
        app.configure(screens)
    };
    HttpServer::new(app).workers(1).bind(address)?.run().await
}

fn screens(cfg: &mut ServiceConfig) {
    cfg.route("/assets/{name}", get().to(assets::serve));
    bare(cfg, "/login", sign_in::login);
    bare(cfg, "/login/rejected", sign_in::rejected);
    framed(cfg, "/", overview::dashboard);
    framed(cfg, "/quiet", overview::quiet);
    framed(cfg, "/platform", overview::platform);
    framed(cfg, "/platform/health", overview::health);
    framed(cfg, "/settings/numbers", numbers::index);
    framed(cfg, "/settings/numbers/none", numbers::none);
    framed(cfg, "/settings/numbers/new", numbers::new);
    framed(cfg, "/settings/numbers/rejected", numbers::rejected);
    framed(cfg, "/settings/numbers/2/pairing", || numbers::pairing(Step::Scan { qr_href: "/qr.svg".into() }));
    framed(cfg, "/pairing/starting", || numbers::pairing(Step::Starting));
    framed(cfg, "/pairing/code", || numbers::pairing(Step::Code { code: "K7QX-M2PA".into() }));
    framed(cfg, "/pairing/working", || numbers::pairing(Step::Working { phone: "+351 210 555 011".into() }));
    framed(cfg, "/pairing/failed", || {
        numbers::pairing(Step::Failed { text: "No phone scanned a code in time.".into() })
    });
    cfg.route(
        "/settings/numbers/health",
        get().to(|| async { html::show_fragment(&Frame::default(), &numbers::health()) }),
    );
    cfg.route("/events", get().to(events));
    framed(cfg, "/conversations/1/messages", inbox::open);
    cfg.route("/conversations/1/draft", put().to(HttpResponse::NoContent));
    cfg.route("/qr.svg", get().to(qr));
    framed(cfg, "/inbox", inbox::list);
    framed(cfg, "/inbox/1", inbox::open);
    framed(cfg, "/inbox/waiting", inbox::waiting);
    framed(cfg, "/inbox/done", inbox::done);
    framed(cfg, "/inbox/unpaired", inbox::unpaired);
}

/// A screen inside the frame of somebody signed in.
fn framed<S: Screen + 'static>(cfg: &mut ServiceConfig, path: &str, screen: fn() -> S) {
    let show = move |req: HttpRequest, look: Query<Look>| async move {
        html::show(&frame::agent(look.theme()), &Htmx::of(&req), &screen())
    };
    cfg.service(resource(path).route(get().to(show)).route(post().to(show)));
}

/// A screen for strangers.
fn bare<S: Screen + 'static>(cfg: &mut ServiceConfig, path: &str, screen: fn() -> S) {
    cfg.service(resource(path).route(get().to(move |req: HttpRequest| async move {
        let answer: Result<HttpResponse> = html::show(&Frame::default(), &Htmx::of(&req), &screen());
        answer
    })));
}

/// As the real thing: now and then something changed in the open conversation.
async fn events() -> HttpResponse {
    let ticks = tokio_stream::wrappers::IntervalStream::new(tokio::time::interval(std::time::Duration::from_secs(3)));
    let event = Bytes::from_static(b"event: live\ndata: {\"kind\":\"conversation\",\"id\":\"1\"}\n\n");
    let body = ticks.map(move |_| Ok::<_, actix_web::Error>(event.clone()));
    HttpResponse::Ok().content_type("text/event-stream").streaming(body)
}

async fn qr() -> HttpResponse {
    let code = qrcode::QrCode::new("2@made-up").expect("the text is short");
    let svg = code.render::<qrcode::render::svg::Color>().quiet_zone(false).build();
    HttpResponse::Ok().content_type("image/svg+xml").body(svg)
}

impl Look {
    fn theme(&self) -> Theme {
        match self.theme.as_deref() {
            Some("dark") => Theme::Dark,
            Some("light") => Theme::Light,
            _ => Theme::System,
        }
    }
}
