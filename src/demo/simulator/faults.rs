//! Faults on demand: what a test or a curious developer asks the simulator to do wrong.

use std::os::fd::AsFd;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use rand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::gateway::Gateway;
use super::refusals::Refusal;
use super::state::Status;

/// Without `path`, the calls that send a message.
const SENDS: &[&str] = &["/api/sendText", "/api/sendImage", "/api/sendFile", "/api/sendVoice", "/api/sendVideo"];

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The calls that answers' faults apply to, by the beginning of their path; none means message sends.
    pub path: Option<String>,
    /// Every answer comes this much later, after its effect.
    pub slow_ms: u64,
    /// So many next calls answer 500 or 422, without any effect.
    pub next_500: u32,
    pub next_422: u32,
    /// So many next calls take effect, then the connection ends without an answer.
    pub lost_answers: u32,
    /// Each webhook is posted this many times more.
    pub duplicate_webhooks: u32,
    /// Each post waits a random time up to this, so that later events overtake earlier ones.
    pub reorder_webhooks_ms: u64,
    /// So many posts of a hundred never happen.
    pub drop_webhooks_percent: u32,
}

/// What becomes of one post of an event.
#[derive(Debug, PartialEq)]
pub enum Post {
    After(Duration),
    Never,
}

/// What becomes of one call.
enum Call {
    Refused(StatusCode),
    Taken { wait: Duration, is_lost: bool },
}

impl Faults {
    pub fn plan_post(&mut self) -> Vec<Post> {
        let mut rng = rand::rng();
        let copies = 1 + self.duplicate_webhooks;
        let mut plan = |_| match rng.random_range(0..100) < self.drop_webhooks_percent {
            true => Post::Never,
            false => Post::After(Duration::from_millis(rng.random_range(0..=self.reorder_webhooks_ms))),
        };
        (0..copies).map(&mut plan).collect()
    }

    fn plan_call(&mut self, method: &Method, path: &str) -> Call {
        let concerned = match &self.path {
            Some(prefix) => path.starts_with(prefix.as_str()),
            None => method == Method::POST && SENDS.contains(&path),
        };
        if !concerned {
            return Call::Taken { wait: Duration::ZERO, is_lost: false };
        }
        if take(&mut self.next_500) {
            return Call::Refused(StatusCode::INTERNAL_SERVER_ERROR);
        }
        if take(&mut self.next_422) {
            return Call::Refused(StatusCode::UNPROCESSABLE_ENTITY);
        }
        Call::Taken { wait: Duration::from_millis(self.slow_ms), is_lost: take(&mut self.lost_answers) }
    }
}

fn take(count: &mut u32) -> bool {
    let is_left = *count > 0;
    *count = count.saturating_sub(1);
    is_left
}

/// Keeps a second handle on each connection, so that a lost answer can end it.
pub fn remember_connection(connection: &dyn std::any::Any, kept: &mut Extensions) {
    let stream = connection.downcast_ref::<actix_web::rt::net::TcpStream>();
    if let Some(handle) = stream.and_then(|stream| stream.as_fd().try_clone_to_owned().ok()) {
        kept.insert(std::net::TcpStream::from(handle));
    }
}

pub async fn misbehave(
    gateway: web::Data<Gateway>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match gateway.faults(|faults| faults.plan_call(request.method(), request.path())) {
        Call::Refused(status) => {
            let answer = refusal(&gateway, &request, status);
            Ok(request.into_response(answer))
        }
        Call::Taken { wait, is_lost } => {
            let answer = next.call(request).await?;
            tokio::time::sleep(wait).await;
            if is_lost && let Some(connection) = answer.request().conn_data::<std::net::TcpStream>() {
                // It may have ended already, which is what is wanted.
                let _ = connection.shutdown(std::net::Shutdown::Both);
            }
            Ok(answer)
        }
    }
}

fn refusal(gateway: &Gateway, request: &ServiceRequest, status: StatusCode) -> HttpResponse {
    let refusal = match status {
        StatusCode::UNPROCESSABLE_ENTITY => Refusal::not_ready("default", Some(Status::Starting), Status::Working),
        _ => Refusal::engine(gateway.engine(), request.request(), &Value::Null, "Connection Closed"),
    };
    refusal.error_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_posts_are_dropped_and_duplicates_doubled() {
        let mut faults = Faults { drop_webhooks_percent: 100, ..Faults::default() };
        assert_eq!(faults.plan_post(), [Post::Never]);
        faults = Faults { duplicate_webhooks: 2, ..Faults::default() };
        assert_eq!(faults.plan_post().len(), 3);
    }
}
