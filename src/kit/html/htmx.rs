//! What htmx says about a request, and the redirects it understands.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

#[derive(Debug, Clone, Default)]
pub struct Htmx {
    asks: bool,
    target: Option<String>,
}

impl Htmx {
    pub fn of(req: &HttpRequest) -> Self {
        let get = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
        // Going back in history wants the whole page, whatever else the headers say.
        let asks = get("hx-request").is_some() && get("hx-history-restore-request").is_none();
        Self { asks, target: get("hx-target").filter(|_| asks).map(str::to_owned) }
    }

    pub fn asks(&self) -> bool {
        self.asks
    }

    /// The id of the element that the answer goes into.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// After a form: to another screen. htmx fetches it into `#screen` and sets the address.
    pub fn redirect(&self, to: &str) -> HttpResponse {
        let location = json!({ "path": to, "target": "#screen" }).to_string();
        match self.asks {
            true => HttpResponse::NoContent().insert_header(("HX-Location", location)).finish(),
            false => see_other(to),
        }
    }

    /// Into or out of the signed-in frame: the browser loads the page anew.
    pub fn leave(&self, to: &str) -> HttpResponse {
        match self.asks {
            true => HttpResponse::NoContent().insert_header(("HX-Redirect", to)).finish(),
            false => see_other(to),
        }
    }
}

fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn htmx(headers: &[(&'static str, &str)]) -> Htmx {
        let req = headers.iter().fold(TestRequest::default(), |req, header| req.insert_header(*header));
        Htmx::of(&req.to_http_request())
    }

    #[test]
    fn a_restored_page_is_asked_for_whole() {
        let htmx = htmx(&[("hx-request", "true"), ("hx-target", "screen"), ("hx-history-restore-request", "true")]);
        assert!(!htmx.asks() && htmx.target().is_none());
    }

    #[test]
    fn a_redirect_speaks_the_callers_language() {
        let page = htmx(&[]).redirect("/inbox");
        let swap = htmx(&[("hx-request", "true")]).redirect("/inbox");

        assert_eq!((page.status().as_u16(), header(&page, "location")), (303, "/inbox"));
        assert_eq!(header(&swap, "hx-location"), r##"{"path":"/inbox","target":"#screen"}"##);
    }

    fn header<'a>(answer: &'a HttpResponse, name: &str) -> &'a str {
        answer.headers().get(name).unwrap().to_str().unwrap()
    }
}
