//! A signed-in browser without a screen: cookies, the forms' token, and the stream of live events.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, Response};
use uuid::Uuid;

use super::house::{MAX, PASSWORD};

/// Nothing may hang for longer; what is slower than this does not answer at all.
const HANG: Duration = Duration::from_secs(20);

// The house's own client is shared by the process; each test has a runtime of its own.
#[allow(clippy::disallowed_types)]
pub type Caller = reqwest::Client;

pub fn caller() -> Caller {
    switchboard::kit::http::install_tls();
    Caller::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[derive(Clone)]
pub struct Browser {
    caller: Caller,
    base: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    token: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub location: Option<String>,
    pub body: String,
    pub took: Duration,
}

/// One frame of the event stream.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Frame {
    pub event: String,
    pub data: String,
}

pub struct Line {
    response: Response,
    text: String,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self { caller: caller(), base: base.into(), cookies: Arc::default(), token: String::new() }
    }

    /// Signed in as Max, who sees every conversation.
    pub async fn signed_in(base: &str) -> Self {
        let browser = Self::new(base).learn("/login").await;
        let answer = browser.post("/login", &[("email", MAX), ("password", PASSWORD), ("next", "")]).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser.learn("/inbox").await
    }

    /// The same browser at another process.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.into(), ..self.clone() }
    }

    /// Takes the token of a page's forms.
    pub async fn learn(self, path: &str) -> Self {
        let page = self.get(path).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        Self { token: field(&page.body, "csrf_token"), ..self }
    }

    pub async fn get(&self, path: &str) -> reqwest::Result<Answer> {
        self.send(self.caller.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Answer> {
        let request = self.caller.post(format!("{}{path}", self.base)).body(self.form(fields));
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    fn form(&self, fields: &[(&str, &str)]) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields).append_pair("csrf_token", &self.token).finish()
    }

    /// Queues a message under an id of ours, as the inbox's form does.
    pub async fn write(&self, conversation: Uuid, id: Uuid, body: &str) -> reqwest::Result<Answer> {
        let fields = [("message_id", id.to_string()), ("body", body.to_owned())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(&format!("/conversations/{conversation}/messages"), &fields).await
    }

    async fn send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let begun = Instant::now();
        let response = request.header("cookie", self.cookie()).timeout(HANG).send().await?;
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.into(), value.into());
        }
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (retry_after, location) = (header("retry-after"), header("location"));
        let status = response.status().as_u16();
        Ok(Answer { status, retry_after, location, body: response.text().await?, took: begun.elapsed() })
    }

    pub fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Opens the stream of live events.
    pub async fn listen(&self) -> Line {
        let request = self.caller.get(format!("{}/events", self.base)).header("cookie", self.cookie());
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Line { response, text: String::new() }
    }
}

impl Line {
    /// The next frame that says something; None at the end of the stream.
    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            while let Some((frame, rest)) = self.text.split_once("\n\n") {
                let frame = read(frame);
                self.text = rest.to_owned();
                if !frame.event.is_empty() {
                    return Some(frame);
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Listens until a frame fits; false when the stream ends before.
    pub async fn hear(&mut self, seconds: u64, fits: impl Fn(&Frame) -> bool) -> bool {
        let hear = async {
            while let Some(frame) = self.next().await {
                if fits(&frame) {
                    return true;
                }
            }
            false
        };
        tokio::time::timeout(Duration::from_secs(seconds), hear).await.expect("a frame that fits")
    }
}

fn read(text: &str) -> Frame {
    let mut frame = Frame::default();
    for line in text.lines() {
        match line.split_once(": ") {
            Some(("event", value)) => frame.event = value.into(),
            Some(("data", value)) => frame.data = value.into(),
            _ => {}
        }
    }
    frame
}

/// The value of a hidden field.
pub fn field(page: &str, name: &str) -> String {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}
