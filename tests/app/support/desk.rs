//! The desk as a test asks it, in process.

use super::contract;
use super::http::Answer;
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, init_service, try_call_service};
use futures_util::future::LocalBoxFuture;
use std::rc::Rc;
use switchboard::app::{self, Parts};

/// What answers requests. It takes longer to put together than most requests take.
pub type Desk = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, ServiceResponse<BoxBody>>>;

pub async fn desk(parts: &Parts) -> Desk {
    let service = Rc::new(init_service(app::build(parts.clone())).await);
    Box::new(move |req| {
        let service = service.clone();
        Box::pin(async move {
            match try_call_service(&*service, req.to_request()).await {
                Ok(response) => response.map_into_boxed_body(),
                // A middleware's own refusal, which the server turns into an answer, too.
                Err(error) => {
                    let request = TestRequest::default().to_http_request();
                    ServiceResponse::new(request, error.error_response().map_into_boxed_body())
                }
            }
        })
    })
}

pub async fn answer(response: ServiceResponse<BoxBody>) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    let (method, pattern) = (response.request().method().clone(), response.request().match_pattern());
    let body = to_bytes(response.into_body()).await.expect("a body");
    if let Some(pattern) = pattern.filter(|pattern| pattern.starts_with("/api/")) {
        contract::check(&method, &pattern, status, &headers, &body);
    }
    Answer::new(status, headers, &body)
}
