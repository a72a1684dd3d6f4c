//! Gateways of a few lines: one that answers as told, and some that misbehave below HTTP.

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use switchboard::kit::http::Breaker;
use switchboard::kit::secret::Secret;
use switchboard::numbers::waha::{Patience, Waha};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

pub const KEY: &str = "key-of-the-test";

/// A request as the gateway saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub key: Option<String>,
    pub agent: Option<String>,
    pub body: Value,
}

pub struct Stub {
    pub base: String,
    pub seen: Arc<Mutex<Vec<Seen>>>,
}

impl Stub {
    /// Answers every request with what `answer` makes of it: a status and a body.
    pub async fn new(answer: impl Fn(&Seen) -> (u16, Value) + Clone + Send + 'static) -> Self {
        Self::raw(move |seen| {
            let (status, body) = answer(seen);
            HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body)
        })
        .await
    }

    /// The same with the whole response in hand.
    pub async fn raw(answer: impl Fn(&Seen) -> HttpResponse + Clone + Send + 'static) -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let kept = seen.clone();
        let server = HttpServer::new(move || {
            let (kept, answer) = (kept.clone(), answer.clone());
            App::new().default_service(web::to(move |request: HttpRequest, body: web::Bytes| {
                let seen = Seen::new(&request, &body);
                let response = answer(&seen);
                kept.lock().unwrap().push(seen);
                async move { response }
            }))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { base, seen }
    }

    pub fn waha(&self) -> Waha {
        waha(&self.base)
    }

    /// The only request that came.
    pub fn only(&self) -> Seen {
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Seen {
    fn new(request: &HttpRequest, body: &[u8]) -> Self {
        let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Self {
            method: request.method().to_string(),
            target: request.uri().to_string(),
            key: header("x-api-key"),
            agent: header("user-agent"),
            body: serde_json::from_slice(body).unwrap_or_default(),
        }
    }
}

/// A client with little patience and a breaker of its own.
pub fn waha(base: &str) -> Waha {
    let short = Duration::from_millis(400);
    let waha = Waha::new(base, Some(Secret::new(KEY.into()))).unwrap();
    waha.with_patience(Patience { usual: short, locked: short, media: short })
        .with_breaker(Breaker::new(3, Duration::from_millis(100)))
}

/// Reads one request per connection, writes `answer` and then closes, or holds the line if there is nothing to write.
pub async fn wire(answer: &'static [u8], hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            actix_web::rt::spawn(async move {
                read_request(&mut line).await;
                let _ = line.write_all(answer).await;
                if hold {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                }
            });
        }
    });
    base
}

/// An address where nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// An address whose queue of waiting callers is full, so that the next one's call is never taken.
pub struct Full {
    pub base: String,
    _listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

pub async fn full() -> Full {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(line) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(line.unwrap());
    }
    Full { base: format!("http://{address}"), _listener: listener, _waiting: waiting }
}

/// Up to the end of a JSON body, or of the head where there is none.
async fn read_request(line: &mut TcpStream) {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = line.read(&mut chunk).await.unwrap_or(0);
        request.extend_from_slice(&chunk[..read]);
        let head_only = request.starts_with(b"GET") && request.ends_with(b"\r\n\r\n");
        if read == 0 || head_only || request.ends_with(b"}") {
            return;
        }
    }
}
