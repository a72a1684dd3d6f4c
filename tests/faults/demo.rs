//! The demo ends without a trace, however it ends, and finds its data again.

use std::path::Path;
use std::time::Duration;

use super::support::browser::{Browser, field};
use super::support::desk::{Desk, PATIENCE, Plan, lives};
use super::support::house::{folder, free_port, postmaster};
use super::support::{tell, until};

/// A demo at `port`, once it is ready.
async fn demo(folder: &Path, port: u16) -> Desk {
    let data = folder.join("data").display().to_string();
    Plan::other(folder, port, &["demo", "--port", &port.to_string(), "--data-dir", &data]).start().await
}

/// Signed in as one of the demo's people.
async fn signed_in(desk: &Desk) -> Browser {
    let browser = Browser::new(&desk.url).learn("/login").await;
    let fields = [("email", "manager@acme.test"), ("password", "demo-switchboard"), ("next", "")];
    assert_eq!(browser.post("/login", &fields).await.unwrap().status, 303);
    browser.learn("/inbox").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stopped_demo_leaves_nothing_running_and_finds_its_data() {
    let (folder, port) = (folder(), free_port());
    let mut desk = demo(&folder, port).await;
    let server = postmaster(&folder.join("data")).unwrap();
    assert!(lives(server));
    let browser = signed_in(&desk).await;
    assert_eq!(browser.post("/account/theme", &[("theme", "dark")]).await.unwrap().status, 303);

    let (status, took) = desk.stop().await;
    tell("stopping the demo", took);
    assert!(status.success() && took < Duration::from_secs(10), "{status} after {took:?}\n{}", desk.log());
    assert!(!lives(server), "PostgreSQL was left running");

    let mut desk = demo(&folder, port).await;
    let page = browser.at(&desk.url).get("/inbox").await.unwrap();
    assert_eq!(page.status, 200, "the session was lost");
    assert!(page.body.contains("data-bs-theme=\"dark\""), "what was chosen was lost: {}", page.body);
    assert!(!field(&page.body, "csrf_token").is_empty());
    for (path, shown) in [
        ("/customers?q=lindqvist", "Nordlys Studio"),
        ("/customers/duplicates", "Similar name, same company"),
        ("/customers/imports", "spring-fair.csv"),
    ] {
        let page = browser.at(&desk.url).get(path).await.unwrap();
        assert!(page.body.contains(shown), "{path}: {}", page.body);
    }
    assert!(desk.stop().await.0.success());
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_demo_takes_its_database_along_and_starts_again() {
    let (folder, port) = (folder(), free_port());
    for _ in 0..2 {
        let desk = demo(&folder, port).await;
        let server = postmaster(&folder.join("data")).unwrap();
        signed_in(&desk).await;
        desk.kill();
        let gone = until("PostgreSQL ends with it", PATIENCE, || async { !lives(server) }).await;
        tell("from the kill until PostgreSQL had ended", gone);
    }
    assert!(demo(&folder, port).await.stop().await.0.success());
    std::fs::remove_dir_all(folder).unwrap();
}
