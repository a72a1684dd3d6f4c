//! A person at a browser: goes, clicks, types, and waits until something is to be seen.

use super::desk::Desk;
use super::wire::{Cdp, Log};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Far longer than anything takes; a loaded machine is no reason to fail.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(40);

pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';

pub struct Browser {
    pub client: Client,
    desk: String,
}

/// How a browser is to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kind {
    pub has_no_script: bool,
}

impl Browser {
    pub async fn open(desk: &Desk, kind: Kind) -> Self {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities(kind)).connect(&desk.driver.url).await.unwrap();
        desk.browsers.borrow_mut().push(client.clone());
        let browser = Self { client, desk: desk.url.clone() };
        browser.size(1440, 900).await;
        // Several windows cannot all have the focus of one desktop, but here each is somebody's own.
        browser.cdp("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await;
        browser
    }

    /// Signed in with one of the demo's accounts.
    pub async fn sign_in(&self, email: &str) {
        self.goto("/login").await;
        self.fill("#field_email", email).await;
        self.fill("#field_password", "demo-switchboard").await;
        self.click(".btn-primary").await;
        self.sees("#rail").await;
    }

    /// A path of the desk, or a whole address.
    pub async fn goto(&self, to: &str) {
        let url = if to.starts_with('/') { format!("{}{to}", self.desk) } else { to.to_owned() };
        self.client.goto(&url).await.unwrap();
    }

    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits for the first element that is shown.
    pub async fn sees(&self, css: &str) -> Element {
        let begun = Instant::now();
        loop {
            if let Ok(element) = self.client.find(Locator::Css(css)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return element;
            }
            self.wait(begun, || format!("{css} to be seen")).await;
        }
    }

    /// Waits until an element of that selector says `text`.
    pub async fn reads(&self, css: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility() && \
                      (e.innerText.includes(arguments[1]) || e.textContent.trim() === arguments[1]))";
        self.until_with(script, vec![json!(css), json!(text)], || format!("{css} to read “{text}”")).await;
    }

    /// Waits until nothing of that selector is shown.
    pub async fn misses(&self, css: &str) {
        let script = "return ![...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility())";
        self.until_with(script, vec![json!(css)], || format!("{css} to be gone")).await;
    }

    /// Waits until the expression, in JavaScript, is true.
    pub async fn until(&self, condition: &str) {
        self.until_with(&format!("return !!({condition})"), vec![], || condition.to_owned()).await;
    }

    async fn until_with(&self, script: &str, arguments: Vec<Value>, what: impl Fn() -> String) {
        let begun = Instant::now();
        // While a page is being left, the script may fail.
        while !matches!(self.client.execute(script, arguments.clone()).await, Ok(Value::Bool(true))) {
            self.wait(begun, &what).await;
        }
    }

    /// One look of a waiting person; fails with what is on the screen when patience ends.
    async fn wait(&self, begun: Instant, what: impl Fn() -> String) {
        if begun.elapsed() > PATIENCE {
            let shot = self.screenshot("failed").await;
            let body = self.evaluate("document.body?.innerText").await;
            panic!("waited for {} at {}; see {}\n{body}", what(), self.path().await, shot.display());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }

    /// Waits until fonts and pictures are there and no request or transition is under way.
    pub async fn settles(&self) {
        self.until(
            "document.fonts.status === 'loaded' && !document.querySelector('.htmx-request, .htmx-settling') && \
             [...document.images].every(image => image.complete) && \
             document.getAnimations().every(one => one.playState !== 'running' || one.effect.getTiming().iterations > 1)",
        )
        .await;
    }

    pub async fn evaluate(&self, expression: &str) -> Value {
        self.client.execute(&format!("return ({expression})"), vec![]).await.unwrap()
    }

    pub async fn text(&self, css: &str) -> String {
        self.sees(css).await.text().await.unwrap()
    }

    /// The element may be swapped between the look and the click, so it is tried again.
    pub async fn click(&self, css: &str) {
        let begun = Instant::now();
        while self.sees(css).await.click().await.is_err() {
            self.wait(begun, || format!("{css} to be clicked")).await;
        }
    }

    pub async fn hover(&self, css: &str) {
        let script = "const { x, y } = document.querySelector(arguments[0]).getBoundingClientRect(); return [x, y]";
        self.until(&format!("document.querySelector(\"{css}\")")).await;
        let place = self.client.execute(script, vec![json!(css)]).await.unwrap();
        let at = |axis: usize| place[axis].as_f64().unwrap() + 8.0;
        self.cdp("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": at(0), "y": at(1)})).await;
    }

    /// Clicks the first element of that selector that says `text`.
    pub async fn click_on(&self, css: &str, text: &str) {
        self.reads(css, text).await;
        let script =
            "[...document.querySelectorAll(arguments[0])].find(e => e.innerText.includes(arguments[1])).click()";
        self.client.execute(script, vec![json!(css), json!(text)]).await.unwrap();
    }

    /// The field may be swapped while somebody types, so it is tried again.
    pub async fn fill(&self, css: &str, text: &str) {
        let begun = Instant::now();
        while self.type_into(css, text).await.is_err() {
            self.wait(begun, || format!("{css} to be filled")).await;
        }
    }

    async fn type_into(&self, css: &str, text: &str) -> Result<(), CmdError> {
        let field = self.sees(css).await;
        field.clear().await?;
        field.send_keys(text).await
    }

    /// Presses keys one after the other, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let strokes =
            |keys: KeyActions, key| keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        let actions = keys.chars().fold(KeyActions::new("keyboard".into()), strokes);
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Waits until the focus is on an element of that selector.
    pub async fn focuses(&self, css: &str) {
        let script = "return !!document.activeElement?.matches(arguments[0])";
        self.until_with(script, vec![json!(css)], || format!("the focus on {css}")).await;
    }

    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// The size of the page itself; below 768 px it is a phone.
    pub async fn size(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 768});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// As the operating system says it: "light" or "dark".
    pub async fn colours(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.cdp("Emulation.setEmulatedMedia", features).await;
    }

    pub async fn cdp(&self, command: &'static str, parameters: Value) {
        self.client.issue_cmd(Cdp { command, parameters }).await.unwrap();
    }

    /// Written to target/screenshots.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, self.client.screenshot().await.unwrap()).unwrap();
        path
    }
}

/// What the browser said in its console since the last look: errors of scripts, and what the policy refused.
pub async fn complaints(client: &Client) -> Vec<String> {
    let entries = client.issue_cmd(Log).await.unwrap();
    let entries = entries.as_array().cloned().unwrap_or_default();
    let is_bad = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
    entries.iter().filter(is_bad).map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
}

fn capabilities(kind: Kind) -> Capabilities {
    let mut arguments = vec![
        "--headless=new",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--lang=en",
        // As with a mouse: without one, threads open without the focus in the composer.
        "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
        "--window-size=1440,1000",
    ];
    // Chromium's own sandbox does not work for root.
    if std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0) {
        arguments.push("--no-sandbox");
    }
    let script = if kind.has_no_script { 2 } else { 1 };
    let wanted = json!({
        "goog:chromeOptions": {
            "args": arguments,
            "prefs": {"profile.managed_default_content_settings.javascript": script},
        },
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    wanted.as_object().cloned().unwrap()
}
