//! Asking faster than one by one: the program is put together once for all requests.

use super::TestApp;
use super::http::{Answer, Ask};
use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::test::{call_service, init_service};
use switchboard::app;

impl TestApp {
    /// Asks again and again, until it is too often.
    pub async fn knock(&self, ask: impl Fn() -> Ask) -> Answer {
        let service = init_service(app::build(self.parts.clone())).await;
        for _ in 0..5_000 {
            let response = call_service(&service, ask().build(None).to_request()).await.map_into_boxed_body();
            let (status, headers) = (response.status(), response.headers().clone());
            if status == StatusCode::TOO_MANY_REQUESTS {
                return Answer::new(status, headers, &to_bytes(response.into_body()).await.expect("a body"));
            }
        }
        panic!("never too often");
    }
}
