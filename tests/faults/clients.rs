//! Clients that crawl, never finish, send too much, or vanish: none of them costs more than a moment.

use std::time::Duration;

use switchboard::demo::simulator::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::support::browser::{Browser, caller};
use super::support::desk::{Desk, PATIENCE, Plan};
use super::support::house::{House, free_port};
use super::support::{tell, until};

/// A crawling client must have been given up on by then.
const GIVEN_UP: u64 = 30;

/// Sends `head`, then one byte a second of `rest` again and again; what is answered before the connection ends.
async fn crawl(desk: &Desk, head: &str, rest: &[u8]) -> String {
    let stream = TcpStream::connect(desk.address()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    writer.write_all(head.as_bytes()).await.unwrap();
    let rest = rest.to_owned();
    let sender = tokio::spawn(async move {
        for byte in rest.iter().cycle() {
            if writer.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(GIVEN_UP), reader.read_to_end(&mut answer)).await;
    sender.abort();
    assert!(ended.is_ok(), "still open after {GIVEN_UP} s: {head:?}: {}", String::from_utf8_lossy(&answer));
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn crawling_clients_are_given_up_on() {
    let house = House::open(Engine::Gows, 1).await;
    let desk = Plan::new(&house).start().await;
    let webhook = format!("/webhooks/waha/{}", house.numbers[0].1);
    let post = |path: &str, kind: &str| {
        format!("POST {path} HTTP/1.1\r\nhost: desk\r\ncontent-type: {kind}\r\ncontent-length: 5000\r\n\r\n")
    };
    let (login, event) = (post("/login", "application/x-www-form-urlencoded"), post(&webhook, "application/json"));
    let unread = "GET /healthz HTTP/1.1\r\nhost: desk\r\ncontent-length: 5000\r\n\r\n";
    let chunked = "POST /login HTTP/1.1\r\nhost: desk\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                   transfer-encoding: chunked\r\n\r\n";
    let head = "GET /login HTTP/1.1\r\nhost: desk\r\nx-endless: ";

    let (login, event, chunked, head, unread) = tokio::join!(
        crawl(&desk, &login, b"a"),
        crawl(&desk, &event, b" "),
        crawl(&desk, chunked, b"1\r\na\r\n"),
        crawl(&desk, head, b"a"),
        crawl(&desk, unread, b"a"),
    );

    assert!(login.starts_with("HTTP/1.1 400") && event.starts_with("HTTP/1.1 400"), "{login}\n{event}");
    assert!(chunked.starts_with("HTTP/1.1 400"), "{chunked}");
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    assert!(unread.starts_with("HTTP/1.1 200"), "{unread}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn too_much_is_refused() {
    let house = House::open(Engine::Gows, 1).await;
    let desk = Plan::new(&house).start().await;
    let url = format!("{}/webhooks/waha/{}", desk.url, house.numbers[0].1);
    let largest = 5 * 1024 * 1024;
    let post = |bytes: usize| caller().post(&url).body(vec![b' '; bytes]).send();

    assert_eq!(post(largest + 1).await.unwrap().status().as_u16(), 413);
    assert_eq!(post(largest).await.unwrap().status().as_u16(), 401, "as large as it may be, but unsigned");

    let mut endless = TcpStream::connect(desk.address()).await.unwrap();
    let head = format!("GET /login HTTP/1.1\r\nhost: desk\r\nx-long: {}", "a".repeat(1024 * 1024));
    let _ = endless.write_all(head.as_bytes()).await; // it may be cut off in the middle
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(GIVEN_UP), endless.read_to_end(&mut answer)).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(ended.is_ok() && (answer.is_empty() || answer.starts_with("HTTP/1.1 4")), "{answer}");
}

/// A gauge at `/metrics`.
async fn gauge(metrics: &str, name: &str) -> Option<f64> {
    let text = caller().get(metrics).send().await.unwrap().text().await.unwrap();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn streams_of_vanished_browsers_are_reaped() {
    const MANY: usize = 300;
    let house = House::open(Engine::Gows, 1).await;
    let port = free_port();
    let desk = Plan::new(&house).with("METRICS_BIND", &format!("127.0.0.1:{port}")).start().await;
    let metrics = format!("http://127.0.0.1:{port}/metrics");
    let browser = Browser::signed_in(&desk.url).await;

    let request = format!("GET /events HTTP/1.1\r\nhost: desk\r\ncookie: {}\r\n\r\n", browser.cookie());
    let mut lines = Vec::new();
    for _ in 0..MANY {
        let mut line = TcpStream::connect(desk.address()).await.unwrap();
        line.write_all(request.as_bytes()).await.unwrap();
        lines.push(line);
    }
    let open = || async { gauge(&metrics, "event_streams").await == Some(MANY as f64) };
    until("all streams are open", PATIENCE, open).await;
    drop(lines);

    let none = || async { gauge(&metrics, "event_streams").await == Some(0.0) };
    tell("until the streams of vanished browsers were gone", until("no stream", PATIENCE, none).await);
    assert_eq!(browser.get("/inbox").await.unwrap().status, 200);
}
