//! Programs that ask with a token.

use super::app::TestApp;
use super::cast::{self, Who};
use super::http::{Answer, Ask};

impl TestApp {
    /// A token of theirs for all that their role may do.
    pub fn token(&self, who: Who) -> String {
        let mut known = self.tokens.lock().unwrap();
        if let Some((_, token)) = known.iter().find(|(other, _)| *other == who) {
            return token.clone();
        }
        let token = self.token_for(who, &who.role().permissions().collect::<Vec<_>>());
        known.push((who, token.clone()));
        token
    }

    /// A token of theirs for just that.
    pub fn token_for(&self, who: Who, scopes: &[&str]) -> String {
        cast::api_token(&mut self.owner.lock().unwrap(), who, scopes)
    }

    /// A program of theirs.
    pub async fn program(&self, who: Who, ask: Ask) -> Answer {
        self.anybody(ask.bearer(&self.token(who))).await
    }
}
