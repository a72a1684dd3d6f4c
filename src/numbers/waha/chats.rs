//! History and people: chats, their messages, who has WhatsApp, who is behind a `@lid`.

use super::chat_id::ChatId;
use super::client::Waha;
use super::error::{Error, Result};
use super::json;
use super::message::{WaMessage, chat};
use serde_json::{Value, json};

/// One line of the gateway's own chat list.
#[derive(Debug, Clone)]
pub struct ChatSummary {
    pub id: ChatId,
    pub name: Option<String>,
    pub picture: Option<String>,
    pub last_message: Option<WaMessage>,
}

/// Which of a chat's messages to fetch, newest first unless told otherwise.
#[derive(Debug, Clone, Default)]
pub struct MessagePage {
    pub limit: u32,
    pub offset: u32,
    pub oldest_first: bool,
    /// Unix seconds, inclusive.
    pub since: Option<i64>,
    pub until: Option<i64>,
    pub from_me: Option<bool>,
    /// Makes the gateway fetch the files too, which takes long.
    pub download_media: bool,
}

impl Waha {
    /// The address to write to, which need not be made from the phone (Brazil's ninth digit). None: not on WhatsApp.
    pub async fn check_exists(&self, session: &str, phone: &str) -> Result<Option<ChatId>> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let query = [("phone", digits.as_str()), ("session", session)];
        let answer = self.get(&["api", "contacts", "check-exists"]).query(&query).json().await?;
        match json::flag(&answer["numberExists"]) {
            Some(true) => Ok(chat(&answer["chatId"]).or_else(|| ChatId::of_phone(&digits).ok())),
            Some(false) => Ok(None),
            None => Err(Error::Unknown("the answer does not say whether the number exists".into())),
        }
    }

    /// The phone number behind a hidden id, in digits.
    pub async fn lid_to_phone(&self, session: &str, lid: &ChatId) -> Result<Option<String>> {
        let answer = found(self.get(&["api", session, "lids", lid.as_str()]).json().await)?;
        Ok(chat(&answer["pn"]).and_then(|chat| chat.phone().map(str::to_owned)))
    }

    pub async fn phone_to_lid(&self, session: &str, phone: &str) -> Result<Option<ChatId>> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let answer = found(self.get(&["api", session, "lids", "pn", &digits]).json().await)?;
        Ok(chat(&answer["lid"]).filter(ChatId::is_lid))
    }

    /// The gateway's chats, last active first. NOWEB refuses this without its store.
    pub async fn chats_overview(&self, session: &str, limit: u32, offset: u32) -> Result<Vec<ChatSummary>> {
        let (limit, offset) = (limit.to_string(), offset.to_string());
        let query = [("limit", limit.as_str()), ("offset", offset.as_str())];
        let answer = self.get(&["api", session, "chats", "overview"]).query(&query).json().await?;
        Ok(list(&answer)?.iter().filter_map(ChatSummary::parse).collect())
    }

    /// One page of a chat's messages, or of all chats' where `chat_id` is None (NOWEB and GOWS only).
    pub async fn chat_messages(
        &self,
        session: &str,
        chat_id: Option<&ChatId>,
        page: &MessagePage,
    ) -> Result<Vec<WaMessage>> {
        let chat_id = chat_id.map_or("all", ChatId::as_str);
        let patience = if page.download_media { self.patience().media } else { self.patience().usual };
        let query = page.query();
        let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let call = self.get(&["api", session, "chats", chat_id, "messages"]).query(&query).within(patience);
        Ok(list(&call.json().await?)?.iter().filter_map(WaMessage::parse).collect())
    }

    /// One message by its full or bare id: how a send whose answer was lost is looked up.
    pub async fn message(&self, session: &str, chat_id: &ChatId, id: &str) -> Result<Option<WaMessage>> {
        let call = self.get(&["api", session, "chats", chat_id.as_str(), "messages", id]);
        let answer = found(call.query(&[("downloadMedia", "false")]).json().await)?;
        Ok(WaMessage::parse(&answer))
    }

    pub async fn reject_call(&self, session: &str, from: &ChatId, call_id: &str) -> Result<()> {
        let body = json!({"from": from.as_str(), "id": call_id});
        self.post(&["api", session, "calls", "reject"]).body(&body).json().await.map(drop)
    }
}

impl MessagePage {
    fn query(&self) -> Vec<(&'static str, String)> {
        let order = if self.oldest_first { "asc" } else { "desc" };
        let mut query = vec![
            ("limit", self.limit.to_string()),
            ("offset", self.offset.to_string()),
            ("sortBy", "timestamp".to_owned()),
            ("sortOrder", order.to_owned()),
            ("downloadMedia", self.download_media.to_string()),
        ];
        query.extend(self.since.map(|at| ("filter.timestamp.gte", at.to_string())));
        query.extend(self.until.map(|at| ("filter.timestamp.lte", at.to_string())));
        query.extend(self.from_me.map(|from_me| ("filter.fromMe", from_me.to_string())));
        query
    }
}

impl ChatSummary {
    fn parse(summary: &Value) -> Option<Self> {
        Some(Self {
            id: chat(&summary["id"])?,
            name: json::text(&summary["name"]),
            picture: json::text(&summary["picture"]),
            last_message: WaMessage::parse(&summary["lastMessage"]),
        })
    }
}

/// A 404 says that there is none.
fn found(answer: Result<Value>) -> Result<Value> {
    match answer {
        Err(Error::Refused { status: 404, .. }) => Ok(Value::Null),
        other => other,
    }
}

fn list(answer: &Value) -> Result<&[Value]> {
    answer.as_array().map(Vec::as_slice).ok_or_else(|| Error::Unknown("the answer is no list".into()))
}
