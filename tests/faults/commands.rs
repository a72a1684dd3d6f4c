//! The commands of an operator, and what they say when something is missing or wrong.

use std::process::Output;

use switchboard::demo::simulator::Engine;

use super::support::browser::{Browser, caller};
use super::support::desk::{Plan, run};
use super::support::house::{House, SECRET_KEY, WAHA_KEY};

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn both(output: &Output) -> String {
    format!("{}{}", out(output), String::from_utf8_lossy(&output.stderr))
}

/// Runs a command off the runtime, which has a simulator to serve meanwhile.
async fn ask(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let work = move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        run(&arguments, &variables)
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_doctor_says_what_works_and_what_does_not() {
    let house = House::open(Engine::Gows, 1).await;
    let (waha, files) = (format!("http://{}", house.waha), house.folder.join("files").display().to_string());
    let healthy = [
        ("DATABASE_URL", house.url()),
        ("SWITCHBOARD_SECRET_KEY", SECRET_KEY),
        ("SWITCHBOARD_DATA_DIR", &files),
        ("WAHA_URL", &waha),
        ("WAHA_API_KEY", WAHA_KEY),
    ];
    let output = ask(&["check"], &healthy).await;
    assert!(output.status.success() && !out(&output).contains("FAIL"), "{}", both(&output));
    for what in ["secret key", "database", "migrations", "WhatsApp gateway: WAHA 20", "files"] {
        assert!(out(&output).contains(&format!("ok    {what}")), "{what}: {}", both(&output));
    }

    let mut wrong = healthy;
    (wrong[1].1, wrong[4].1) = ("abc", "another-key");
    let output = ask(&["check"], &wrong).await;
    assert_eq!(output.status.code(), Some(1), "{}", both(&output));
    assert!(out(&output).contains("FAIL  secret key") && out(&output).contains("FAIL  WhatsApp gateway"));
    assert!(!both(&output).contains("another-key") && !both(&output).contains("abc\""), "{}", both(&output));

    house.stop_waha().await;
    house.stop_database();
    let output = ask(&["check"], &healthy).await;
    assert_eq!(output.status.code(), Some(1), "{}", both(&output));
    assert!(out(&output).contains("FAIL  database") || out(&output).contains("FAIL  migrations"), "{}", both(&output));
    assert!(out(&output).contains("FAIL  WhatsApp gateway") && out(&output).contains("ok    files"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn migrations_go_forth_and_back() {
    let house = House::open(Engine::Gows, 0).await;
    house.cluster.lock().unwrap().as_ref().unwrap().create_database_if_missing("fresh").unwrap();
    let url = house.cluster.lock().unwrap().as_ref().unwrap().url("fresh");
    let database = [("DATABASE_URL", url.as_str())];

    let forth = ask(&["migrate"], &database).await;
    assert!(forth.status.success(), "{}", both(&forth));
    let count: usize = out(&forth).split_whitespace().find_map(|word| word.parse().ok()).unwrap();
    assert!(count >= 10, "{}", out(&forth));
    let again = ask(&["migrate"], &database).await;
    assert_eq!(out(&again), "Ran 0 migrations.\n", "{}", both(&again));
    let back = ask(&["migrate", "--revert", &count.to_string()], &database).await;
    assert!(back.status.success(), "{}", both(&back));
    let forth = ask(&["migrate"], &database).await;
    assert_eq!(out(&forth), format!("Ran {count} migrations.\n"), "{}", both(&forth));
    let one_back = ask(&["migrate", "--revert", "1"], &database).await;
    assert!(one_back.status.success(), "{}", both(&one_back));

    // A desk does not take what it does not know for its own.
    let files = house.folder.join("files").display().to_string();
    let variables = [database[0], ("SWITCHBOARD_SECRET_KEY", SECRET_KEY), ("SWITCHBOARD_DATA_DIR", files.as_str())];
    let check = ask(&["check"], &variables).await;
    assert!(out(&check).contains("FAIL  migrations: 1 are missing: run `switchboard migrate`"), "{}", both(&check));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_administrators_link_works_once() {
    const WORDS: &str = "violet harbour lantern";
    let house = House::open(Engine::Gows, 0).await;
    let plan = Plan::new(&house);
    let desk = plan.start().await;
    let variables = [
        ("DATABASE_URL", house.url()),
        ("SWITCHBOARD_SECRET_KEY", SECRET_KEY),
        ("SWITCHBOARD_PUBLIC_URL", desk.url.as_str()),
    ];
    let output = ask(&["admin", "create", "--email", "Pat@Example.org"], &variables).await;
    assert!(output.status.success(), "{}", both(&output));
    let link = out(&output);
    let path = link.trim().strip_prefix(&desk.url).unwrap_or_else(|| panic!("{link}")).to_owned();
    assert_eq!(link.lines().count(), 1, "{link}");
    assert!(!both(&output).to_lowercase().contains("password"), "{}", both(&output));

    let browser = Browser::new(&desk.url).learn(&path).await;
    let answer = browser.post(&path, &[("password", WORDS)]).await.unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    let health = browser.get("/platform/health").await.unwrap();
    assert_eq!(health.status, 200, "{}", health.body);
    assert_eq!(Browser::new(&desk.url).get(&path).await.unwrap().status, 404, "the link works twice");

    let again = Browser::new(&desk.url).learn("/login").await;
    let fields = [("email", "pat@example.org"), ("password", WORDS), ("next", "")];
    assert_eq!(again.post("/login", &fields).await.unwrap().status, 303);
    assert!(!desk.log().contains(path.trim_start_matches("/welcome/")), "the link is in the log");
    let other = caller().get(format!("{}{path}x", desk.url)).send().await.unwrap();
    assert_eq!(other.status().as_u16(), 404);
}

/// What a start with one setting wrong says.
async fn refused(name: &str, value: &str) -> String {
    let mut variables =
        vec![("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"), ("SWITCHBOARD_SECRET_KEY", SECRET_KEY)];
    variables.retain(|(known, _)| *known != name);
    if !value.is_empty() {
        variables.push((name, value));
    }
    let output = ask(&["serve"], &variables).await;
    assert!(!output.status.success(), "it started with {name}={value}");
    let text = both(&output);
    assert!(text.contains(name), "{name}={value} is not named: {text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bad_setting_stops_the_start_with_its_name_and_reason() {
    assert!(refused("SWITCHBOARD_SECRET_KEY", "").await.contains("openssl rand -hex 32"));
    assert!(refused("SWITCHBOARD_SECRET_KEY", "0123").await.contains("64 hexadecimal digits"));
    let shown = refused("SWITCHBOARD_SECRET_KEY", "a secret that is no key").await;
    assert!(shown.contains("hexadecimal") && !shown.contains("a secret"), "{shown}");
    refused("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none").await;
    refused("DATABASE_URL", "mysql://nobody@127.0.0.1:1/none").await;
    for (name, value) in [
        ("DATABASE_MAX_CONNECTIONS", "0"),
        ("DATABASE_MIN_CONNECTIONS", "many"),
        ("SWITCHBOARD_BIND", "everywhere"),
        ("SWITCHBOARD_PUBLIC_URL", "no address"),
        ("SWITCHBOARD_PUBLIC_URL", "ftp://desk.example.org"),
        ("SWITCHBOARD_TRUSTED_PROXIES", "10.0.0.0/8, some"),
        ("METRICS_BIND", "9090"),
        ("WAHA_URL", "waha:3000"),
        ("WAHA_URL", "http://169.254.169.254"),
        ("SWITCHBOARD_WEBHOOK_URL", "desk"),
        ("SWITCHBOARD_SEND_GAP_MS", "-1"),
        ("SWITCHBOARD_SETTLE_SECONDS", "0"),
        ("SWITCHBOARD_STORAGE_URL", "s3://nowhere"),
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "=!="),
    ] {
        refused(name, value).await;
    }
}
