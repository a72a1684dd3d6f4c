//! Sending, and what is done to messages that exist. A send ends in one of five ways; see [`SendError`].

use super::chat_id::ChatId;
use super::client::Waha;
use super::error::{Error, Result, SendError};
use super::json as read;
use super::message_id::MessageId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The gateway accepted the message under this name.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: MessageId,
    pub raw: Value,
}

#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    pub chat_id: &'a ChatId,
    pub text: &'a str,
    /// Full id of the message to quote.
    pub reply_to: Option<&'a str>,
    /// A name from [`Waha::new_message_id`], by which a lost answer can be looked up.
    pub id: Option<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    pub chat_id: &'a ChatId,
    pub file: File<'a>,
    /// Voice messages have none.
    pub caption: Option<&'a str>,
    pub reply_to: Option<&'a str>,
}

#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    pub mimetype: &'a str,
    pub filename: Option<&'a str>,
    pub source: Source<'a>,
}

#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// Travels in the request; WAHA takes bodies up to 50 MB.
    Bytes(&'a [u8]),
    /// Fetched by the gateway.
    Url(&'a str),
}

impl Waha {
    pub async fn send_text(&self, session: &str, text: &Text<'_>) -> Result<Sent, SendError> {
        let mut body = json!({"session": session, "chatId": text.chat_id.as_str(), "text": text.text});
        insert(&mut body, "reply_to", text.reply_to);
        insert(&mut body, "id", text.id);
        self.send("sendText", text.chat_id, &body, self.patience().usual).await
    }

    pub async fn send_image(&self, session: &str, image: &Attachment<'_>) -> Result<Sent, SendError> {
        self.send_file_as("sendImage", session, image, &json!({})).await
    }

    pub async fn send_file(&self, session: &str, file: &Attachment<'_>) -> Result<Sent, SendError> {
        self.send_file_as("sendFile", session, file, &json!({})).await
    }

    /// Phones play only Opus as a voice message; the gateway converts what is something else.
    pub async fn send_voice(&self, session: &str, voice: &Attachment<'_>) -> Result<Sent, SendError> {
        let options = json!({"convert": !voice.file.mimetype.contains("opus")});
        self.send_file_as("sendVoice", session, &voice.named("voice-message.ogg"), &options).await
    }

    pub async fn send_video(&self, session: &str, video: &Attachment<'_>) -> Result<Sent, SendError> {
        let options = json!({"convert": !video.file.mimetype.starts_with("video/mp4"), "asNote": false});
        self.send_file_as("sendVideo", session, &video.named("video.mp4"), &options).await
    }

    /// A name for a message to come. None where the gateway or its engine cannot make one.
    pub async fn new_message_id(&self, session: &str) -> Result<Option<String>> {
        match self.get(&["api", session, "new-message-id"]).json().await {
            Ok(answer) => Ok(read::id(&answer["id"])),
            Err(error) if error.is_unsupported() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Marks the chat as read, up to a week back.
    pub async fn send_seen(&self, session: &str, chat_id: &ChatId) -> Result<()> {
        self.about_chat("sendSeen", session, chat_id).await
    }

    pub async fn start_typing(&self, session: &str, chat_id: &ChatId) -> Result<()> {
        self.about_chat("startTyping", session, chat_id).await
    }

    pub async fn stop_typing(&self, session: &str, chat_id: &ChatId) -> Result<()> {
        self.about_chat("stopTyping", session, chat_id).await
    }

    /// An empty emoji takes the reaction back.
    pub async fn react(&self, session: &str, message: &MessageId, emoji: &str) -> Result<()> {
        let body = json!({"session": session, "messageId": message.as_str(), "reaction": emoji});
        self.put(&["api", "reaction"]).body(&body).json().await.map(drop)
    }

    pub async fn edit_text(&self, session: &str, message: &MessageId, text: &str) -> Result<()> {
        let path = ["api", session, "chats", message.chat().as_str(), "messages", message.as_str()];
        self.put(&path).body(&json!({"text": text})).json().await.map(drop)
    }

    /// Deletes it for everyone.
    pub async fn delete_message(&self, session: &str, message: &MessageId) -> Result<()> {
        let path = ["api", session, "chats", message.chat().as_str(), "messages", message.as_str()];
        self.delete(&path).json().await.map(drop)
    }

    async fn send_file_as(
        &self,
        call: &str,
        session: &str,
        attachment: &Attachment<'_>,
        options: &Value,
    ) -> Result<Sent, SendError> {
        let mut body = options.clone();
        body["session"] = session.into();
        body["chatId"] = attachment.chat_id.as_str().into();
        body["file"] = attachment.file.to_json();
        insert(&mut body, "caption", attachment.caption.filter(|_| call != "sendVoice"));
        insert(&mut body, "reply_to", attachment.reply_to);
        self.send(call, attachment.chat_id, &body, self.patience().media).await
    }

    async fn send(
        &self,
        call: &str,
        chat_id: &ChatId,
        body: &Value,
        patience: std::time::Duration,
    ) -> Result<Sent, SendError> {
        let raw = self.post(&["api", call]).body(body).within(patience).json().await?;
        match MessageId::of_answer(&raw, chat_id) {
            Some(id) => Ok(Sent { id, raw }),
            None => Err(SendError::Unknown("the answer does not name the message".into())),
        }
    }

    async fn about_chat(&self, call: &str, session: &str, chat_id: &ChatId) -> Result<(), Error> {
        let body = json!({"session": session, "chatId": chat_id.as_str()});
        self.post(&["api", call]).body(&body).json().await.map(drop)
    }
}

impl Attachment<'_> {
    /// Some calls insist on a file name.
    fn named(&self, otherwise: &'static str) -> Self {
        Self { file: File { filename: self.file.filename.or(Some(otherwise)), ..self.file }, ..*self }
    }
}

impl File<'_> {
    fn to_json(self) -> Value {
        let mut file = json!({"mimetype": self.mimetype});
        insert(&mut file, "filename", self.filename);
        match self.source {
            Source::Bytes(bytes) => file["data"] = STANDARD.encode(bytes).into(),
            Source::Url(url) => file["url"] = url.into(),
        }
        file
    }
}

/// WAHA takes a missing field for "none"; some engines stumble over an explicit null.
fn insert(body: &mut Value, field: &str, value: Option<&str>) {
    if let Some(value) = value {
        body[field] = value.into();
    }
}
