//! The WhatsApp gateway WAHA: typed calls, and its webhooks read leniently.
//!
//! Every engine behind it answers a little differently and every new version knows a word more, so nothing that it sends
//! is taken for granted: unknown states, events and fields are kept as they came. What is exact is [`SendError`]: it says
//! whether a message may be sent again.

mod chat_id;
mod chats;
mod client;
mod error;
mod event;
mod json;
mod kind;
mod media;
mod message;
mod message_id;
mod messages;
mod pairing;
mod poll;
mod server;
mod session;
mod sessions;
mod signature;
mod words;

pub use chat_id::{BadChatId, ChatId, ChatKind};
pub use chats::{ChatSummary, MessagePage};
pub use client::{BadGateway, Patience, Waha};
pub use error::{Error, Result, SendError};
pub use event::{Call, CallStep, Edited, Envelope, Event, MessageAck, Reaction, Revoked, StatusChange};
pub use kind::Kind;
pub use media::Download;
pub use message::{Location, Media, Quoted, WaMessage};
pub use message_id::MessageId;
pub use messages::{Attachment, File, Sent, Source, Text};
pub use server::Version;
pub use session::{Me, Noweb, Retries, RetryPolicy, SessionConfig, SessionInfo, Timelock};
pub use signature::signature_matches;
pub use words::{Ack, Engine, SessionStatus};
