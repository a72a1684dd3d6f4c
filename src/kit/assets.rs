//! What the browser gets besides pages: in the binary, named after its content, compressed when it was built.
//!
//! Templates name an asset by its constant (`crate::kit::assets::APP_CSS`), so a missing one does not compile.

use actix_web::http::header;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};

pub struct Asset {
    pub name: &'static str,
    pub media_type: &'static str,
    raw: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// GET /assets/{name}. The name changes with the content, so a browser asks for each only once.
pub async fn serve(name: Path<String>, req: HttpRequest) -> HttpResponse {
    let Ok(at) = ALL.binary_search_by(|asset| asset.name.cmp(name.as_str())) else {
        return HttpResponse::NotFound().finish();
    };
    let asset = &ALL[at];
    let (encoding, body) = asset.best_for(&req);
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "Accept-Encoding"))
        // Said explicitly, it also keeps the compressing middleware off the body.
        .insert_header((header::CONTENT_ENCODING, encoding));
    answer.body(Bytes::from_static(body))
}

impl Asset {
    /// The smallest form that the browser accepts. Fonts do not shrink and go out as they are.
    fn best_for(&self, req: &HttpRequest) -> (&'static str, &'static [u8]) {
        let forms = [("br", self.brotli), ("gzip", self.gzip)];
        let fits = |(name, body): &(&str, &[u8])| body.len() < self.raw.len() && accepts(req, name);
        forms.into_iter().find(fits).unwrap_or(("identity", self.raw))
    }
}

fn accepts(req: &HttpRequest, encoding: &str) -> bool {
    let mut values = req.headers().get_all(header::ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|offer| takes(offer, encoding)))
}

/// `br;q=0` names an encoding in order to refuse it.
fn takes(offer: &str, encoding: &str) -> bool {
    let mut parts = offer.split(';').map(str::trim);
    let refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
    parts.next() == Some(encoding) && !parts.any(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[actix_web::test]
    async fn a_browser_gets_the_smallest_form_it_accepts() {
        for (accepted, sent) in [("gzip, br", "br"), ("gzip;q=0.8, br;q=0", "gzip"), ("", "identity")] {
            let req = TestRequest::default().insert_header((header::ACCEPT_ENCODING, accepted)).to_http_request();
            let name = APP_CSS.trim_start_matches("/assets/").to_owned();
            let answer = serve(Path::from(name), req).await;
            assert_eq!(answer.headers().get(header::CONTENT_ENCODING).unwrap(), sent, "{accepted}");
        }
    }

    #[actix_web::test]
    async fn an_unknown_name_is_not_found() {
        let answer =
            serve(Path::from("app-000000000000.css".to_owned()), TestRequest::default().to_http_request()).await;
        assert_eq!(answer.status(), 404);
    }

    /// The build finds icons in templates only, where templates/ui/icon.html lists those that code names.
    #[test]
    fn every_icon_that_code_names_is_in_the_sprite() {
        let sprite = String::from_utf8(ALL.iter().find(|asset| asset.name.starts_with("icons-")).unwrap().raw.to_vec());
        let sprite = sprite.unwrap();
        for file in files("src".as_ref()) {
            let text = std::fs::read_to_string(&file).unwrap();
            for name in text.split("icon: \"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(sprite.contains(&format!("id=\"{name}\"")), "{name} in {}", file.display());
            }
        }
    }

    fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }
}
