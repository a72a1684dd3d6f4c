//! Sessions: what WAHA calls a number's connection.

use super::client::Waha;
use super::error::{Error, Result};
use super::session::{Me, SessionConfig, SessionInfo};
use serde_json::{Value, json};

impl Waha {
    /// Creates the session; `start` is always said, because WAHA's documentation and source disagree on its default.
    pub async fn create_session(&self, name: &str, start: bool, config: &SessionConfig) -> Result<SessionInfo> {
        let body = json!({"name": name, "start": start, "config": config.to_json()});
        session(&self.post(&["api", "sessions"]).body(&body).within(self.patience().locked).json().await?)
    }

    pub async fn session(&self, name: &str) -> Result<SessionInfo> {
        session(&self.get(&["api", "sessions", name]).json().await?)
    }

    /// All of them, the stopped ones too.
    pub async fn sessions(&self) -> Result<Vec<SessionInfo>> {
        let answer = self.get(&["api", "sessions"]).query(&[("all", "true")]).json().await?;
        let sessions = answer.as_array().ok_or_else(|| Error::Unknown("the answer is no list".into()))?;
        Ok(sessions.iter().filter_map(SessionInfo::parse).collect())
    }

    /// Replaces the whole configuration; a running session is restarted by that.
    pub async fn update_session(&self, name: &str, config: &SessionConfig) -> Result<SessionInfo> {
        let body = json!({"config": config.to_json()});
        session(&self.put(&["api", "sessions", name]).body(&body).within(self.patience().locked).json().await?)
    }

    /// Older gateways answer 422 where it runs already, which is what was wanted.
    pub async fn start_session(&self, name: &str) -> Result<()> {
        match self.steer(name, "start").await {
            Err(Error::Refused { status: 422, message, .. }) if message.contains("already started") => Ok(()),
            outcome => outcome,
        }
    }

    pub async fn stop_session(&self, name: &str) -> Result<()> {
        self.steer(name, "stop").await
    }

    pub async fn restart_session(&self, name: &str) -> Result<()> {
        self.steer(name, "restart").await
    }

    /// Unpairs the phone, keeps the configuration, and starts again if it was running.
    pub async fn logout_session(&self, name: &str) -> Result<()> {
        self.steer(name, "logout").await
    }

    /// Stops, unpairs and forgets it; also fine where there is none of that name.
    pub async fn delete_session(&self, name: &str) -> Result<()> {
        self.delete(&["api", "sessions", name]).within(self.patience().locked).json().await.map(drop)
    }

    /// The paired account; None while unpaired or not running.
    pub async fn me(&self, name: &str) -> Result<Option<Me>> {
        match self.get(&["api", "sessions", name, "me"]).json().await {
            Ok(me) => Ok(Me::parse(&me)),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn steer(&self, name: &str, verb: &str) -> Result<()> {
        let call = self.post(&["api", "sessions", name, verb]).body(&json!({}));
        call.within(self.patience().locked).json().await.map(drop)
    }
}

fn session(answer: &Value) -> Result<SessionInfo> {
    SessionInfo::parse(answer).ok_or_else(|| Error::Unknown("the answer is no session".into()))
}
