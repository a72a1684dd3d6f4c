//! A screen becomes a whole page, or only the part htmx asked for.

mod drawer;
mod errors;
mod frame;
mod htmx;
mod parts;

pub use drawer::{DRAWER, show_kept};
pub use errors::render_errors;
pub use frame::{Area, Frame, FrameUser, NavItem, RequestId, Theme};
pub use htmx::Htmx;
pub use parts::{Avatar, Choice, Fact, Meter, Pill, Section, SectionGroup, Sections, Stat, Tone, When};

use super::error::Result;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, VARY};
use askama::filters::HtmlSafe;
use askama::{Template, Values};
use std::any::Any;
use std::fmt::{self, Display, Formatter};

/// The inner part of a page. Its blocks are named after the elements htmx swaps.
pub trait Screen: Template {
    fn title(&self) -> String;

    /// Which item of the rail is the current one.
    fn area(&self) -> Area;

    /// The block for element `id`, if this screen has one. `values` go to `render_with_values`.
    fn part(&self, _id: &str, _values: &dyn Values) -> Option<askama::Result<String>> {
        None
    }

    fn status(&self) -> StatusCode {
        StatusCode::OK
    }
}

/// Of a form's page: 422 where it comes back with what is wrong.
pub fn status_of_form(is_rejected: bool) -> StatusCode {
    if is_rejected { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// What every template may ask for without a field of its own: templates/ui/form.html asks for the csrf token.
struct PageValues<'a> {
    frame: &'a Frame,
}

impl Values for PageValues<'_> {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "csrf_token").then_some(&self.frame.csrf as &dyn Any)
    }
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Page<'a> {
    title: &'a str,
    area: Area,
    frame: &'a Frame,
    body: Rendered,
}

/// What htmx gets for `#screen`: the same without head and frame, but with the rail, whose current item moves.
#[derive(Template)]
#[template(path = "partial.html")]
struct Partial<'a> {
    title: &'a str,
    area: Area,
    frame: &'a Frame,
    body: Rendered,
}

/// A template's output, which is not escaped a second time.
struct Rendered(String);

impl Display for Rendered {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Rendered {}

/// The whole page; for htmx the block named like its target, or everything inside `#screen`.
pub fn show(frame: &Frame, htmx: &Htmx, screen: &impl Screen) -> Result<HttpResponse> {
    let values = frame.values();
    let part = htmx.target().and_then(|id| screen.part(id, &values));
    let html = match part {
        Some(part) => part?,
        None => {
            let body = Rendered(screen.render_with_values(&values)?);
            whole(frame, htmx, &screen.title(), screen.area(), body)?
        }
    };
    Ok(html_response(screen.status(), html))
}

/// A fragment that stands alone, such as the numbers' health in the rail.
pub fn show_fragment(frame: &Frame, fragment: &impl Template) -> Result<HttpResponse> {
    Ok(html_response(StatusCode::OK, fragment.render_with_values(&frame.values())?))
}

impl Frame {
    fn values(&self) -> PageValues<'_> {
        PageValues { frame: self }
    }
}

fn whole(frame: &Frame, htmx: &Htmx, title: &str, area: Area, body: Rendered) -> askama::Result<String> {
    match htmx.asks() {
        true => Partial { title, area, frame, body }.render_with_values(&frame.values()),
        false => Page { title, area, frame, body }.render_with_values(&frame.values()),
    }
}

fn html_response(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((VARY, "HX-Request, HX-Target"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    #[derive(Template)]
    #[template(
        source = r#"{% import "ui/form.html" as f %}<h1>Hi</h1>{% block row %}{{ f::csrf() }}{{ name }}{% endblock %}"#,
        ext = "html",
        blocks = ["row"]
    )]
    struct Greeting {
        name: &'static str,
    }

    impl Screen for Greeting {
        fn title(&self) -> String {
            "<Hi>".into()
        }

        fn area(&self) -> Area {
            Area::Inbox
        }

        fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
            (id == "row").then(|| self.as_row().render_with_values(values))
        }
    }

    async fn shown(headers: &[(&'static str, &'static str)]) -> String {
        let req = headers.iter().fold(TestRequest::default(), |req, header| req.insert_header(*header));
        let frame = Frame { csrf: "t0k".into(), ..Frame::default() };
        let answer = show(&frame, &Htmx::of(&req.to_http_request()), &Greeting { name: "<Ada>" }).unwrap();
        String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn a_browser_gets_the_whole_page_and_htmx_the_part_it_names() {
        let page = shown(&[]).await;
        assert!(page.contains("<html") && page.contains("<h1>Hi</h1>") && page.contains("&#60;Hi&#62; · Switchboard"));

        let screen = shown(&[("hx-request", "true"), ("hx-target", "screen")]).await;
        assert!(!screen.contains("<html") && screen.contains("<title>") && screen.contains("<h1>Hi</h1>"));

        let row = shown(&[("hx-request", "true"), ("hx-target", "row")]).await;
        assert_eq!(row, r#"<input type="hidden" name="csrf_token" value="t0k">&#60;Ada&#62;"#);
    }
}
