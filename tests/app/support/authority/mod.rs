//! Microsoft's part: a real server with discovery, sign-in, tokens and keys, that keeps the rules of OAuth 2.0 strictly
//! and lies when it is told to.

mod mint;
mod server;

pub use mint::Lie;

use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use mint::Key;
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use switchboard::kit::secret::Secret;
use switchboard::microsoft::{Microsoft, Registration};
use uuid::Uuid;

pub const CLIENT_ID: &str = "11111111-2222-4333-8444-555555555555";
const CLIENT_SECRET: &str = "a-client-secret-of-the-tests";
/// The directory of everybody here.
pub const DIRECTORY: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Somebody with an account at Microsoft.
#[derive(Debug, Clone)]
pub struct Person {
    pub oid: Uuid,
    pub email: String,
}

impl Person {
    /// The same name is always the same person.
    pub fn new(email: &str) -> Self {
        let mut bytes = [0; 16];
        for (at, byte) in email.bytes().enumerate() {
            bytes[at % 16] ^= byte.rotate_left(u32::try_from(at / 16).unwrap());
        }
        Self { oid: Uuid::from_bytes(bytes), email: email.to_owned() }
    }
}

/// What somebody agreed to, until its code is redeemed and its tokens are refreshed.
#[derive(Debug, Clone)]
struct Grant {
    person: Person,
    nonce: String,
    challenge: String,
    redirect: String,
    scope: String,
    /// Of the refresh tokens that follow each other.
    family: Uuid,
}

struct State {
    base: String,
    /// Where the browser may be sent back to.
    redirect: String,
    keys: Vec<Key>,
    codes: HashMap<String, Grant>,
    refreshes: HashMap<String, Grant>,
    spent: HashMap<String, Uuid>,
    /// Who sits at the browser.
    person: Person,
    lie: Lie,
    /// Seconds.
    life: u64,
    /// What was asked of it, by the last part of the path; and the addresses of sign-ins.
    asked: HashMap<&'static str, usize>,
    last: HashMap<String, String>,
}

/// Ends when the test does, with its runtime.
#[derive(Clone)]
pub struct Authority(Arc<Mutex<State>>);

impl Authority {
    /// For a desk that browsers reach at `public_url`.
    pub fn start(public_url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = State {
            base: format!("http://{}", listener.local_addr().unwrap()),
            redirect: format!("{public_url}/login/microsoft/callback"),
            keys: vec![Key::new("first")],
            codes: HashMap::new(),
            refreshes: HashMap::new(),
            spent: HashMap::new(),
            person: Person::new("bob@acme.test"),
            lie: Lie::None,
            life: 3600,
            asked: HashMap::new(),
            last: HashMap::new(),
        };
        let authority = Self(Arc::new(Mutex::new(state)));
        let data = Data::new(authority.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/common/v2.0/.well-known/openid-configuration", web::get().to(server::discovery))
                .route("/common/oauth2/v2.0/authorize", web::get().to(server::authorize))
                .route("/common/oauth2/v2.0/token", web::post().to(server::token))
                .route("/common/discovery/v2.0/keys", web::get().to(server::keys))
        });
        let server = server.workers(1).disable_signals().shutdown_timeout(0).listen(listener).unwrap();
        actix_web::rt::spawn(server.run());
        authority
    }

    /// How the desk is told of it. An answer may take `patience`.
    pub fn registration(&self, patience: Duration) -> Registration {
        let state = self.state();
        Registration {
            client_id: CLIENT_ID.into(),
            client_secret: Secret::new(CLIENT_SECRET.into()),
            authority: format!("{}/common", state.base).parse().unwrap(),
            public_url: state.redirect.trim_end_matches("/login/microsoft/callback").to_owned(),
            patience,
        }
    }

    pub fn microsoft(&self) -> Microsoft {
        Microsoft::new(self.registration(Duration::from_secs(10)))
    }

    /// Somebody else sits down.
    pub fn person(&self, email: &str) {
        self.state().person = Person::new(email);
    }

    pub fn tell(&self, lie: Lie) {
        self.state().lie = lie;
    }

    /// Tokens last for so many seconds from now on.
    pub fn life(&self, seconds: u64) {
        self.state().life = seconds;
    }

    /// From now on it signs with another key; the one before is forgotten.
    pub fn change_key(&self) {
        let key = Key::new(&Uuid::new_v4().to_string());
        self.state().keys = vec![key];
    }

    /// How often that part was asked: "discovery", "authorize", "token", "keys".
    pub fn asked(&self, part: &'static str) -> usize {
        self.state().asked.get(part).copied().unwrap_or_default()
    }

    /// A parameter of the last sign-in.
    pub fn parameter(&self, name: &str) -> String {
        self.state().last.get(name).cloned().unwrap_or_default()
    }

    /// Everything that is secret here: codes and tokens, with the client's secret.
    pub fn secrets(&self) -> Vec<String> {
        let state = self.state();
        let tokens = state.codes.keys().chain(state.refreshes.keys()).chain(state.spent.keys()).cloned();
        tokens.chain([CLIENT_SECRET.to_owned()]).collect()
    }

    /// As the browser that was sent there: the path that it comes back to.
    pub async fn visit(&self, address: &str) -> String {
        let answer = switchboard::kit::http::client().get(address).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 302, "{}", answer.text().await.unwrap_or_default());
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        let at = back.find("/login/microsoft/callback").unwrap();
        back[at..].to_owned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}
