//! Counts the statements that reach a database, so that a list which asks once per row is found out.

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, Once};

/// By the database's address: tests of one process do not see each other's.
static SEEN: LazyLock<Mutex<HashMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);

/// Every connection that is opened from now on is listened to.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_default_instrumentation(|| Some(Box::new(Ear(String::new())))).unwrap());
}

/// The statements since the last call, but for those in which the pool makes a fresh connection ready and that one learns
/// what types there are.
pub fn take(url: &str) -> Vec<String> {
    let mut seen = SEEN.lock().unwrap().remove(base(url)).unwrap_or_default();
    let is_fresh =
        |text: &str| text.contains("\"pg_type\"") || text.starts_with("SET ") && !text.starts_with("SET LOCAL");
    seen.retain(|statement| !is_fresh(statement));
    seen
}

/// One connection's, which knows where it leads.
struct Ear(String);

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.0 = base(url).to_owned(),
            InstrumentationEvent::StartQuery { query, .. } => {
                SEEN.lock().unwrap().entry(self.0.clone()).or_default().push(query.to_string());
            }
            _ => {}
        }
    }
}

fn base(url: &str) -> &str {
    url.split("connect_timeout=").next().unwrap_or(url).trim_end_matches(['?', '&'])
}
